import { useEffect, useEffectEvent, useState } from "react";
import { openFeed } from "../api/feed.ts";
import type { Environment } from "../api/client.ts";

/** Many events at once are one look. */
const GATHER_MS = 500;
const AGAIN_MS = 5000;

/**
 * Calls back when the environment has new events, and whenever the stream has begun, since something may have come before.
 * A page that nobody sees holds no stream: browsers open six connections to a server.
 * @returns whether the stream is open; while it is not, the list asks for itself.
 */
export function useFeed(environment: Environment, isWanted: boolean, onNews: () => void): boolean {
  const [isOpen, setOpen] = useState(false);
  const tell = useEffectEvent(onNews);
  const isSeen = useSeen();
  useEffect(() => {
    if (!isWanted || !isSeen) return undefined;
    const leaving = new AbortController();
    const timers = { gather: 0, again: 0 };
    const news = () => {
      timers.gather ||= window.setTimeout(() => {
        timers.gather = 0;
        tell();
      }, GATHER_MS);
    };
    const listen = async () => {
      await openFeed(environment, leaving.signal, {
        onOpen: () => {
          setOpen(true);
          news();
        },
        onNews: news,
      });
      if (leaving.signal.aborted) return;
      setOpen(false);
      timers.again = window.setTimeout(() => void listen(), AGAIN_MS);
    };
    void listen();
    return () => {
      leaving.abort();
      window.clearTimeout(timers.gather);
      window.clearTimeout(timers.again);
      setOpen(false);
    };
  }, [environment, isWanted, isSeen]);
  return isOpen;
}

function useSeen(): boolean {
  const [isSeen, setSeen] = useState(!document.hidden);
  useEffect(() => {
    const look = () => setSeen(!document.hidden);
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, []);
  return isSeen;
}
