/**
 * Runs of failures, and the pauses that they lead to. Attempts are noted as they end and written in batches: a success of
 * an endpoint that does not fail writes nothing. What a crash swallows are a few failures of a count.
 */
import type { Clock } from "../platform/clock.ts";
import { singleFlight } from "../platform/single-flight.ts";
import type { Log } from "../platform/telemetry.ts";
import type { Database } from "../store/connect.ts";
import { failingEndpoints, tally, type Run, type Tally } from "../store/endpoint-health.ts";
import { findEndpoint } from "../store/endpoint-rows.ts";
import type { Lane } from "../store/events.ts";
import { inTransaction } from "../store/transaction.ts";
import type { Receiver } from "./endpoint-book.ts";
import { changeStatus, DELIVERIES } from "./pausing.ts";

export interface HealthOptions {
  database: Pick<Database, "kysely" | "pool">;
  clock: Clock;
  log: Log;
  /** From a pause to the first try, and between tries. */
  probeMs: number;
  /** After a commit that recorded events or enabled an endpoint. */
  wake(lanes: readonly Lane[]): void;
}

export interface Health {
  /** An attempt has ended, begun at `at`. */
  note(receiver: Receiver, succeeded: boolean, at: Temporal.Instant): void;
  /** Whose next success must be written: other processes count too. */
  refresh(): Promise<void>;
  /** A probe has succeeded. */
  resume(receiver: Receiver): Promise<void>;
  idle(): Promise<void>;
}

export function createHealth(options: HealthOptions): Health {
  const { database, clock, log } = options;
  let failing: ReadonlySet<number> = new Set();
  let noted = new Map<number, Tally & { receiver: Receiver }>();

  const flush = singleFlight(
    async () => {
      const batch = [...noted.values()];
      noted = new Map();
      if (batch.length === 0) return;
      const runs = await tally(database.pool, batch);
      failing = new Set([...failing, ...runs.map(({ endpointId }) => endpointId)]);
      const receivers = new Map(batch.map(({ receiver }) => [receiver.endpointId, receiver]));
      for (const run of runs) {
        const receiver = receivers.get(run.endpointId);
        if (receiver && isTooLong(run, receiver, clock())) await pause(receiver, run);
      }
    },
    (error) => log.warn({ err: error }, "counting failures failed"),
    () => false,
  );

  async function setStatus(receiver: Receiver, status: "paused" | "enabled", reason: string | null) {
    const now = clock();
    const changed = await inTransaction(database.kysely, async ({ trx }) => {
      const row = await findEndpoint(trx, receiver.envId, receiver.publicId, { lock: true });
      // Somebody else was first, or has disabled it meanwhile.
      if (!row || row.status !== (status === "paused" ? "enabled" : "paused")) return null;
      // A row changed since then has another receiver: the run speaks of the old one.
      if (status === "paused" && row.version !== receiver.version) return null;
      const probe = status === "paused" ? now.add({ milliseconds: options.probeMs }) : null;
      return changeStatus(trx, row, {
        status,
        reason,
        actor: DELIVERIES,
        now,
        retention: receiver.retention,
        probe,
      });
    });
    if (!changed) return;
    log.warn({ endpoint: receiver.publicId, status, reason }, "an endpoint's status changed");
    options.wake(changed.lanes);
  }

  const pause = (receiver: Receiver, { failures }: Run) =>
    setStatus(receiver, "paused", `${failures} attempts in a row failed.`);

  return {
    note(receiver, succeeded, at) {
      const known = noted.get(receiver.endpointId);
      if (succeeded && !known && !failing.has(receiver.endpointId)) return;
      const { envId, endpointId } = receiver;
      const fresh = { envId, endpointId, succeeded, failures: succeeded ? 0 : 1, since: at, receiver };
      if (succeeded || !known) noted.set(endpointId, fresh);
      else {
        if (known.failures === 0) known.since = at;
        known.failures++;
        known.receiver = receiver;
      }
      flush.kick();
    },
    async refresh() {
      failing = new Set(await failingEndpoints(database.kysely));
    },
    resume: (receiver) => setStatus(receiver, "enabled", null),
    idle: () => flush.idle(),
  };
}

function isTooLong(run: Run, { pauseAfter, pauseSpanSeconds }: Receiver, now: Temporal.Instant): boolean {
  if (pauseAfter === null || run.failures < pauseAfter) return false;
  return now.epochMilliseconds - run.since.epochMilliseconds >= pauseSpanSeconds * 1000;
}
