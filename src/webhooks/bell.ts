/**
 * Waking dispatchers of other processes. A NOTIFY only wakes: what is missed is found by the sweep within a second.
 * Never inside the recording transaction; rings are gathered for a moment and sent as one.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { Client, Pool } from "pg";
import type { Log } from "../platform/telemetry.ts";
import type { Lane } from "../store/events.ts";

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
  stop(): Promise<void>;
}

/** Keeps one connection listening and opens another where it breaks. Every new connection looks everywhere once. */
export function listen(pool: Pool, log: Log, heard: (lanes: Lane[] | null) => void): Listener {
  const stopping = new AbortController();
  const ended = keepListening(pool, log, heard, stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

async function keepListening(
  pool: Pool,
  log: Log,
  heard: (lanes: Lane[] | null) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const client = await pool.connect();
      const broken = brokenOrStopped(client, signal);
      client.on("notification", ({ payload }) => heard(readRing(payload ?? "")));
      try {
        await client.query(`listen ${CHANNEL}`);
        heard(null);
        await broken;
      } finally {
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
