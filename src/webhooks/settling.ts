/**
 * Results on their way into the database, in batches. One that is not taken is offered again until its lease ends
 * (a recorder holds the row just now), then it is stale: another worker has the delivery.
 */
import { setTimeout as pause } from "node:timers/promises";
import { DatabaseError } from "pg";
import { singleFlight } from "../platform/single-flight.ts";
import type { Log, Metrics } from "../platform/telemetry.ts";
import { recordStale } from "../store/attempts.ts";
import { release, type Claimed, type Queryable } from "../store/queue.ts";
import { load, settle, type Settled, type Settlement, type Successor } from "../store/settle.ts";

export interface SettlerOptions<R extends Result> {
  db: Queryable;
  leaseMs: number;
  log: Log;
  metrics: Metrics;
  /** Written, or stale: their places are free. */
  landed(results: readonly R[]): void;
  /** Waits a moment for a fuller batch where much is under way. */
  company(): Promise<void>;
  /** The next of the chains, leased at `leasedAt`. */
  successors(claimed: Claimed[], leasedAt: number): Promise<void>;
}

export interface Result {
  settlement: Settlement;
  /** performance.now() */
  leasedAt: number;
}

export interface Settler<R extends Result> {
  offer(result: R): void;
  /** Writes what there is; what is refused now is given up. */
  finish(): Promise<void>;
}

const BATCH = 256;
const FEW = 32;
const OFFER_AGAIN_MS = 50;

export function createSettler<R extends Result>(options: SettlerOptions<R>): Settler<R> {
  const { db, leaseMs, log } = options;
  let results: R[] = [];
  let finishing = false;

  const settles = singleFlight(
    async () => {
      if (results.length < FEW && !finishing) await options.company();
      const batch = results.slice(0, BATCH);
      if (batch.length === 0) return;
      const leasedAt = performance.now();
      const settled = await settleSafely(
        db,
        batch.map(({ settlement }) => settlement),
        leaseMs,
        log,
      );
      // Only now: where settling throws, all of it is offered again.
      results = results.slice(batch.length);
      if (results.length > 0) settles.kick();
      const written = new Set(settled.map(({ index }) => index));
      const refused = batch.filter((_, index) => !written.has(index));
      if (refused.length > 0) void offerAgain(refused);
      try {
        // Before places are given back: a successor stands in its predecessor's place, nobody overtakes it.
        const next = settled.map(({ successor }) => successor).filter((successor) => successor !== null);
        if (next.length > 0) await hand(options, next, leasedAt);
      } finally {
        options.landed(batch.filter((_, index) => written.has(index)));
      }
    },
    (error) => log.warn({ err: error }, "settling deliveries failed"),
    () => !finishing,
  );

  async function offerAgain(refused: readonly R[]): Promise<void> {
    for (const result of refused) {
      if (performance.now() - result.leasedAt <= leaseMs) continue;
      options.landed([result]);
      await tellStale(options, result);
    }
    const early = refused.filter(({ leasedAt }) => performance.now() - leasedAt <= leaseMs);
    if (early.length === 0 || finishing) return;
    await pause(OFFER_AGAIN_MS);
    results.push(...early);
    settles.kick();
  }

  return {
    offer(result) {
      results.push(result);
      settles.kick();
    },
    async finish() {
      finishing = true;
      if (results.length > 0) settles.kick();
      await settles.idle();
    },
  };
}

/** Loads and gives on; where that fails their leases go back, which would keep them for a minute. */
async function hand(
  { db, successors }: Pick<SettlerOptions<Result>, "db" | "successors">,
  next: readonly Successor[],
  leasedAt: number,
): Promise<void> {
  try {
    await successors(await load(db, next), leasedAt);
  } catch (error) {
    await release(db, next);
    throw error;
  }
}

type Teller = Pick<SettlerOptions<Result>, "db" | "log" | "metrics">;

async function tellStale({ db, log, metrics }: Teller, { settlement }: Result): Promise<void> {
  const { claimed, history } = settlement;
  metrics.attempts.inc({ outcome: "stale" });
  log.warn({ delivery: claimed.publicId, endpoint_id: claimed.endpointId }, "a result came after its lease");
  try {
    if (history) await recordStale(db, claimed, history);
  } catch (error) {
    log.warn({ err: error }, "a stale result could not be recorded");
  }
}

/** SQLSTATE classes that speak of the server, not of a row: the same batch may pass in a moment. */
const PASSING: ReadonlySet<string> = new Set(["08", "40", "53", "55", "57", "58"]);

/**
 * A row that PostgreSQL will not have (a poison) must not hold the others for ever: the batch is halved until it
 * stands alone, then it is written without what the receiver sent. Throws where the server is away.
 */
export async function settleSafely(
  db: Queryable,
  batch: readonly Settlement[],
  leaseMs: number,
  log: Log,
): Promise<Settled[]> {
  try {
    return await settle(db, batch, leaseMs);
  } catch (error) {
    if (!(error instanceof DatabaseError) || PASSING.has((error.code ?? "").slice(0, 2))) throw error;
    const [only] = batch;
    if (batch.length > 1 || !only) return settleHalves(db, batch, leaseMs, log);
    log.error({ err: error, delivery: only.claimed.publicId }, "a result cannot be written as it is");
    if (!only.history || !mayShrink(only)) return [];
    const history = { ...only.history, responseHeaders: null, responseBody: Buffer.alloc(0) };
    return settleSafely(db, [{ ...only, history }], leaseMs, log);
  }
}

const mayShrink = ({ history }: Settlement) =>
  history !== null && (history.responseHeaders !== null || history.responseBody.length > 0);

async function settleHalves(
  db: Queryable,
  batch: readonly Settlement[],
  leaseMs: number,
  log: Log,
): Promise<Settled[]> {
  const middle = batch.length >> 1;
  const left = await settleSafely(db, batch.slice(0, middle), leaseMs, log);
  const right = await settleSafely(db, batch.slice(middle), leaseMs, log);
  for (const one of right) one.index += middle;
  return [...left, ...right];
}
