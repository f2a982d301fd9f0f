/**
 * Waking dispatchers of other processes. A NOTIFY only wakes: what is missed is found by the sweep within a second.
 * Never inside the recording transaction; rings are gathered for a moment and sent as one.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { Client, Pool } from "pg";
import type { Log } from "../platform/telemetry.ts";
import type { Lane } from "../store/events.ts";
import type { Queryable } from "../store/queue.ts";

const CHANNEL = "bankbell_deliveries";
const GATHER_MS = 5;
/** NOTIFY carries less than 8,000 bytes; a lane takes about 10. */
const MOST_LANES = 300;
const RECONNECT_MS = 1000;

export interface Bell {
  /** After the commit. Without lanes: look everywhere. */
  ring(lanes?: readonly Lane[]): void;
  /** Sends what is gathered. */
  close(): Promise<void>;
}

/** For a process that records events and runs no dispatcher. */
export function createBell(pool: Pick<Pool, "query">, log: Log): Bell {
  let gathered: Lane[] | null = null;
  let everywhere = false;
  let sending: Promise<void> = Promise.resolve();

  async function send(): Promise<void> {
    await pause(GATHER_MS);
    const lanes = [...new Map((gathered ?? []).map((lane) => [lane.endpointId, lane])).values()];
    const payload = everywhere || lanes.length > MOST_LANES ? "" : lanes.map(written).join(" ");
    gathered = null;
    everywhere = false;
    try {
      await pool.query("select pg_notify($1, $2)", [CHANNEL, payload]);
    } catch (error) {
      log.warn({ err: error }, "the bell did not ring; the sweep finds what waits");
    }
  }

  return {
    ring(lanes) {
      if (lanes && lanes.length === 0) return;
      everywhere ||= lanes === undefined;
      if (gathered === null) {
        gathered = [];
        sending = send();
      }
      if (lanes) gathered.push(...lanes);
    },
    close: () => sending,
  };
}

const written = ({ envId, endpointId }: Lane) => `${envId}:${endpointId}`;

/** Null: look everywhere. */
export function readRing(payload: string): Lane[] | null {
  const lanes = payload.split(" ").map((text) => {
    const [envId, endpointId] = text.split(":").map(Number);
    return envId && endpointId ? { envId, endpointId } : null;
  });
  return lanes.every((lane) => lane !== null) ? lanes : null;
}

export interface Listener {
  /** The backend of its connection, which holds this process's lock; null while there is none. */
  readonly backend: number | null;
  stop(): Promise<void>;
}

/**
 * Whoever listens holds a lock of its own on the same connection: it goes with the process, whatever kills it, so that
 * counting the locks counts those that are alive.
 */
const LIVE_LOCKS = 0xbe11;

export interface Count {
  live: number;
  rank: number;
  /** Epoch milliseconds of the database's clock: the only one that all dispatchers share. */
  databaseMs: number;
}

/** How many dispatchers there are in this database, and which of them the backend is; it counts itself in any case. */
export async function countDispatchers(db: Queryable, backend: number | null): Promise<Count> {
  const { rows } = await db.query<Count & { mine: boolean }>({
    name: "count_dispatchers",
    text: `select count(*)::int as live, (count(*) filter (where objid::bigint < $2))::int as rank,
        coalesce(bool_or(objid::bigint = $2), false) as mine,
        extract(epoch from now())::float8 * 1000 as "databaseMs"
      from pg_locks where locktype = 'advisory' and classid = $1 and objsubid = 2 and granted
        and database = (select oid from pg_database where datname = current_database())`,
    values: [LIVE_LOCKS, backend ?? 0],
  });
  const [row] = rows;
  if (!row) throw new Error("A count has no row.");
  const { live, rank, mine, databaseMs } = row;
  return { live: mine ? live : live + 1, rank, databaseMs };
}

/** Keeps one connection listening and opens another where it breaks. Every new connection looks everywhere once. */
export function listen(pool: Pool, log: Log, heard: (lanes: Lane[] | null) => void): Listener {
  const stopping = new AbortController();
  let backend: number | null = null;
  const connected = (pid: number | null) => (backend = pid);
  const ended = keepListening(pool, log, { heard, connected }, stopping.signal);
  return {
    get backend() {
      return backend;
    },
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

async function keepListening(
  pool: Pool,
  log: Log,
  { heard, connected }: { heard: (lanes: Lane[] | null) => void; connected: (pid: number | null) => void },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const client = await pool.connect();
      const broken = brokenOrStopped(client, signal);
      client.on("notification", ({ payload }) => heard(readRing(payload ?? "")));
      try {
        await client.query(`listen ${CHANNEL}`);
        const { rows } = await client.query<{ pid: number }>(
          "select pg_backend_pid() as pid, pg_advisory_lock($1, pg_backend_pid())",
          [LIVE_LOCKS],
        );
        connected(rows[0]?.pid ?? null);
        heard(null);
        await broken;
      } finally {
        connected(null);
        // Ended, not returned: nobody else wants what it hears.
        client.release(true);
      }
    } catch (error) {
      if (signal.aborted) return;
      log.warn({ err: error }, "the bell's connection broke");
      await pause(RECONNECT_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

function brokenOrStopped(client: Client, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  client.once("error", reject);
  client.once("end", () => reject(new Error("The connection ended.")));
  signal.addEventListener("abort", () => resolve(), { once: true });
  if (signal.aborted) resolve();
  // Where LISTEN itself fails first, nobody waits for this one.
  promise.catch(() => undefined);
  return promise;
}
