/** What a dispatcher sees to once a second beside its lanes. Each is done alone: one that fails holds up no other. */
import type { Clock } from "../platform/clock.ts";
import { singleFlight, type SingleFlight } from "../platform/single-flight.ts";
import type { Log, Metrics } from "../platform/telemetry.ts";
import type { Database } from "../store/connect.ts";
import { takeProbes } from "../store/endpoint-health.ts";
import type { Lane } from "../store/events.ts";
import { claimProbe, queueDepth } from "../store/queue.ts";
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

export function createChores(options: ChoreOptions): SingleFlight {
  const { log, database } = options;
  let measureAt = 0;
  const chores: Readonly<Record<string, () => Promise<void>>> = {
    "counting dispatchers": () => standAmong(options),
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

/** Also before the first claim: a second process must not start with the whole of every cap. */
export async function standAmong({
  database,
  backend,
  lanes,
  clock,
}: Pick<ChoreOptions, "database" | "backend" | "lanes" | "clock">): Promise<void> {
  const { live, rank } = await countDispatchers(database.pool, backend());
  lanes.stand({ live, rank, turn: Math.floor(clock().epochMilliseconds / MINUTE_MS) });
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
