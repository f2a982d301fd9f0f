/** What a dispatcher sees to once a second beside its lanes. Each is done alone: one that fails holds up no other. */
import type { Clock } from "../platform/clock.ts";
import { singleFlight, type SingleFlight } from "../platform/single-flight.ts";
import type { Log, Metrics } from "../platform/telemetry.ts";
import type { Database } from "../store/connect.ts";
import { takeProbes } from "../store/endpoint-health.ts";
import type { Lane } from "../store/events.ts";
import { claimProbe, queueDepth } from "../store/queue.ts";
import { pullIn } from "../store/queue-clock.ts";
import { moveAside } from "../store/queue-order.ts";
import { announceExhausted } from "./announce.ts";
import { countDispatchers } from "./bell.ts";
import type { Flights } from "./flights.ts";
import type { Health } from "./health.ts";
import type { Lanes } from "./lanes.ts";

export interface ChoreOptions {
  database: Pick<Database, "kysely" | "pool">;
  clock: Clock;
  log: Log;
  metrics: Pick<Metrics, "queueDepth">;
  leaseMs: number;
  probeMs: number;
  lanes: Pick<Lanes, "stand">;
  flights: Pick<Flights, "start">;
  health: Pick<Health, "refresh">;
  backend(): number | null;
  wake(lanes: readonly Lane[]): void;
}

const MINUTE_MS = 60_000;
/** Counting the queue costs more than a sweep. */
const DEPTH_EVERY_MS = 15_000;
/** It reads the whole queue: 12 ms for 100,000 rows. A step that is noticed does not wait for it. */
const PULL_EVERY_MS = 60_000;
/** So much less than ours may the database's clock have moved; a slow answer looks like a step and does no harm. */
const STEP_MS = 2000;

export function createChores(options: ChoreOptions): SingleFlight {
  const { log, database } = options;
  let measureAt = 0;
  let pullAt = 0;
  const steppedBack = createStepWatch();
  const chores: Readonly<Record<string, () => Promise<void>>> = {
    "counting dispatchers": async () => {
      if (steppedBack(await standAmong(options), performance.now())) pullAt = 0;
    },
    "pulling in what is from before a step of the clock": async () => {
      if (performance.now() < pullAt) return;
      const isMore = await pullIn(database.kysely, options.leaseMs);
      pullAt = isMore ? 0 : performance.now() + PULL_EVERY_MS;
    },
    "reading failing endpoints": () => options.health.refresh(),
    "ending holds": async () => options.wake(await moveAside(database.kysely)),
    "telling of exhausted deliveries": async () => options.wake(await announceExhausted(database.kysely)),
    "probing paused endpoints": () => probe(options),
    "measuring the queue": async () => {
      if (performance.now() < measureAt) return;
      measureAt = performance.now() + DEPTH_EVERY_MS;
      options.metrics.queueDepth.set(await queueDepth(database.kysely));
    },
  };
  return singleFlight(
    async () => {
      for (const [what, chore] of Object.entries(chores)) {
        try {
          await chore();
        } catch (error) {
          log.warn(
            { err: error, chore: what },
            "a chore of the deliveries failed; it is tried again in a moment",
          );
        }
      }
    },
    (error) => log.warn({ err: error }, "the chores of the deliveries failed"),
    () => false,
  );
}

/**
 * Also before the first claim: a second process must not start with the whole of every cap. The minute is the database's:
 * by clocks of their own two processes could both have the odd place of a cap, or neither. Answers the database's time.
 */
export async function standAmong({
  database,
  backend,
  lanes,
}: Pick<ChoreOptions, "database" | "backend" | "lanes">): Promise<number> {
  const { live, rank, databaseMs } = await countDispatchers(database.pool, backend());
  lanes.stand({ live, rank, turn: Math.floor(databaseMs / MINUTE_MS) });
  return databaseMs;
}

/** Told both clocks again and again, ours one that only grows: whether the database's has stepped back in between. */
export function createStepWatch(): (databaseMs: number, ourMs: number) => boolean {
  let ahead = -Infinity;
  return (databaseMs, ourMs) => {
    const before = ahead;
    ahead = databaseMs - ourMs;
    return ahead < before - STEP_MS;
  };
}

/** Paused endpoints whose hour is over, one event each. */
async function probe({ database, clock, probeMs, leaseMs, flights }: ChoreOptions): Promise<void> {
  const now = clock();
  for (const lane of await takeProbes(database.kysely, now, now.add({ milliseconds: probeMs }))) {
    const leasedAt = performance.now();
    const claimed = await claimProbe(database.pool, lane, leaseMs);
    if (claimed) await flights.start([claimed], leasedAt, "probe");
  }
}
