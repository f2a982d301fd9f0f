/**
 * Whether an environment's feed has grown: one small query per environment with open streams, however many there are.
 * It only wakes; what has happened each stream reads for itself, from its own place.
 */
import type { Kysely } from "kysely";
import { feedEnd, feedNews, type FeedPosition } from "../../store/event-feed.ts";
import type { Log } from "../../platform/telemetry.ts";
import type { Schema } from "../../store/schema.ts";

export interface News {
  /** Calls back whenever the environment's feed has grown; answers how to stop. */
  subscribe(envId: number, wake: () => void): () => void;
  stop(): void;
}

/** What an event waits at most, beside its transaction's commit. */
const LOOK_MS = 250;

export function watchNews(db: Kysely<Schema>, log: Log): News {
  const watched = new Map<number, { wakes: Set<() => void>; stop: () => void }>();

  function watch(envId: number, wakes: Set<() => void>): () => void {
    let seen: FeedPosition | null = null;
    let timer: NodeJS.Timeout | null = null;
    let isOver = false;
    const look = async () => {
      try {
        // What came between a stream's first read and the first look is news, too.
        const news = seen === null ? await feedEnd(db) : await feedNews(db, envId, seen);
        if (news) {
          seen = news;
          for (const wake of wakes) wake();
        }
      } catch (error) {
        // The database may be away for a moment; the streams go on when it is back.
        log.warn({ err: error }, "looking for news of the event feed failed");
      }
      if (!isOver) timer = setTimeout(() => void look(), LOOK_MS);
    };
    void look();
    return () => {
      isOver = true;
      if (timer) clearTimeout(timer);
    };
  }

  return {
    subscribe(envId, wake) {
      const known = watched.get(envId);
      const wakes = known?.wakes ?? new Set();
      wakes.add(wake);
      if (!known) watched.set(envId, { wakes, stop: watch(envId, wakes) });
      return () => {
        wakes.delete(wake);
        const entry = watched.get(envId);
        if (wakes.size > 0 || entry?.wakes !== wakes) return;
        entry.stop();
        watched.delete(envId);
      };
    },
    stop() {
      for (const { stop } of watched.values()) stop();
      watched.clear();
    },
  };
}
