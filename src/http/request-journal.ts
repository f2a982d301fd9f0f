/**
 * Keeps what programs asked for people to look through. Rows are gathered for a second and written in one statement,
 * beside the requests: a database that is slow or away costs rows here, never an answer. Of successful reads at most 20 a
 * second and environment are kept, so that a thousand pollers do not drown what matters.
 */
import type { FastifyRequest } from "fastify";
import type { Kysely } from "kysely";
import type { Clock } from "../platform/clock.ts";
import type { Log } from "../platform/telemetry.ts";
import { insertRequests, type NewRequest } from "../store/request-log.ts";
import type { Schema } from "../store/schema.ts";

/** What is looked at of a request. */
export type Noted = Pick<FastifyRequest, "caller" | "method" | "id" | "outcome" | "params"> & {
  routeOptions: { url?: string | undefined };
};

export interface RequestJournal {
  /** At the end of a request. One without a key, and a person's at the console, leave nothing. */
  note(request: Noted, answer: { status: number; ms: number }): void;
  /** Writes what is still gathered. */
  close(): Promise<void>;
}

const EVERY_MS = 1000;
const MOST_GATHERED = 2000;
const MOST_READS = 20;

export function createRequestJournal(db: Kysely<Schema>, clock: Clock, log: Log): RequestJournal {
  let gathered: NewRequest[] = [];
  let reads = new Map<number, number>();
  let writing: Promise<void> = Promise.resolve();

  const write = async (rows: readonly NewRequest[]): Promise<void> => {
    try {
      await insertRequests(db, rows);
    } catch (err) {
      log.warn({ err, rows: rows.length }, "the request log could not be written");
    }
  };
  const flush = (): Promise<void> => {
    const rows = gathered;
    gathered = [];
    reads = new Map();
    if (rows.length > 0) writing = writing.then(() => write(rows));
    return writing;
  };
  const timer = setInterval(() => void flush(), EVERY_MS);
  timer.unref();

  /** False where this environment has had its share of the second. */
  const isWorth = (envId: number, method: string, status: number): boolean => {
    if (method !== "GET" || status >= 400) return true;
    const count = (reads.get(envId) ?? 0) + 1;
    reads.set(envId, count);
    return count <= MOST_READS;
  };

  return {
    note(request, { status, ms }) {
      const { caller, method, id, outcome } = request;
      if (!caller || caller.person) return;
      if (gathered.length >= MOST_GATHERED || !isWorth(caller.env.id, method, status)) return;
      gathered.push({
        env_id: caller.env.id,
        at: clock(),
        req_id: id,
        method,
        route: request.routeOptions.url ?? "unknown",
        target: targetOf(request.params),
        status,
        total_us: Math.round(ms * 1000),
        outcome,
        key_id: caller.keyId,
      });
    },
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}

const ID = /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z]{2,8}_[0-9A-Za-z]{16,32})$/;

/** Only what looks like an id: anything else may be a name. */
function targetOf(params: unknown): string | null {
  if (typeof params !== "object" || params === null) return null;
  const id: unknown = Object.values(params).find((value) => typeof value === "string" && ID.test(value));
  return typeof id === "string" ? id : null;
}
