/**
 * Claims due deliveries, sends them, settles the results in batches. One claim and one settle are under way at a
 * time: what gathers meanwhile is the next batch, so batches grow with the load and a lone event waits for nobody.
 * A place in flight is held until its result is settled: what a crash can repeat is what was in flight.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { PoolConfig } from "pg";
import type { Clock } from "../platform/clock.ts";
import type { SealKey } from "../platform/crypto.ts";
import type { Outgoing } from "../platform/outgoing.ts";
import { singleFlight, type SingleFlight } from "../platform/single-flight.ts";
import type { Log, Metrics } from "../platform/telemetry.ts";
import { openDatabase, type Database } from "../store/connect.ts";
import type { Lane } from "../store/events.ts";
import { claim, dueLanes, PINNED_PLANS, release, type Claimed } from "../store/queue.ts";
import { listen, type Listener } from "./bell.ts";
import { createChores, standAmong } from "./chores.ts";
import { createEndpointBook, type EndpointBook } from "./endpoint-book.ts";
import { createFlights, type Flights } from "./flights.ts";
import { createHealth, type Health } from "./health.ts";
import { showLag } from "./lag.ts";
import { DELIVERIES, stopEndpoint } from "./pausing.ts";
import { createLanes, type Lanes } from "./lanes.ts";

export interface DispatcherOptions {
  /** It opens its own connections: their plans are pinned. */
  connection: PoolConfig;
  /** Opens the environments' data keys. */
  master: SealKey;
  outgoing: Outgoing;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  /** How long a claim holds; well above the longest attempt, which is 30 s. */
  leaseMs?: number;
  sweepMs?: number;
  /** From an automatic pause to the first try with one event, and between tries. */
  probeMs?: number;
  /** Requests at once that are not slow: what one process may repeat after a crash. */
  quick?: number;
  /** Requests at once in all. */
  all?: number;
  /** From 0 to 1, for the jitter. */
  random?: () => number;
}

export interface Dispatcher {
  /** Resolves when it listens and sweeps. Throws where the database does not answer. */
  start(): Promise<void>;
  /** After a commit that recorded events; without lanes it looks everywhere. */
  wake(lanes?: readonly Lane[]): void;
  /** Takes nothing new, finishes what is in flight within `graceMs`, and gives the rest back. */
  stop(options?: { graceMs?: number }): Promise<void>;
}

const LEASE_MS = 60_000;
const SWEEP_MS = 1000;
const PROBE_MS = 3_600_000;
/** Who is slow by now, and whose rate lets it go on. */
const TICK_MS = 100;
/** 256 left the processors waiting for the next claim: 10,700 deliveries/s, 512 13,400, 1,024 14,900; a crash may repeat as many. */
const QUICK = 1024;
const ALL = 4096;
const LANES_PER_CLAIM = 128;
/** Within the 10 s that containers are given to stop; what is under way then is sent again by whoever comes next. */
const STOP_GRACE_MS = 8000;
/**
 * With so many in flight a claim or settle of few waits a moment for company: each costs PostgreSQL 0.6 ms and 40 µs
 * per row (2,080 became 2,900 events/s end to end on two busy cores). With fewer in flight nobody waits.
 */
const BUSY = 16;
const FEW = 32;
const GATHER_MS = 3;
/** One claims, one settles, one sweeps, one listens; a disable or a look at an endpoint now and then. */
const CONNECTIONS = 6;

/** To whoever reads the endpoint's status. */
const UNREADABLE = "Its secrets or headers cannot be opened: set them again, or rotate its secret.";

interface Engine {
  options: DispatcherOptions;
  leaseMs: number;
  database: Database;
  book: EndpointBook;
  lanes: Lanes;
  flights: Flights;
  health: Health;
  chores: SingleFlight;
  listener: Listener;
  /** Heads in the last claim. */
  lastClaimed: number;
  company(): Promise<void>;
}

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { log, leaseMs = LEASE_MS, sweepMs = SWEEP_MS, probeMs = PROBE_MS } = options;
  let engine: Engine | null = null;
  let timers: NodeJS.Timeout[] = [];
  let stopping = false;
  const again = () => !stopping;

  const claims = singleFlight(
    async () => {
      if (!engine || stopping) return;
      if (engine.lastClaimed < FEW) await engine.company();
      engine.lastClaimed = await claimOnce(engine);
      if (engine.lastClaimed > 0) claims.kick();
    },
    (error) => log.warn({ err: error }, "claiming deliveries failed"),
    again,
  );
  const sweep = singleFlight(
    async () => {
      if (!engine || stopping) return;
      await sweepOnce(engine);
      claims.kick();
    },
    (error) => log.warn({ err: error }, "sweeping the queue failed"),
    again,
  );
  function wake(lanes?: readonly Lane[]): void {
    if (!engine || stopping) return;
    if (!lanes) return sweep.kick();
    if (lanes.length === 0) return;
    for (const lane of lanes) engine.lanes.mark(lane, false);
    claims.kick();
  }

  return {
    wake,
    async start() {
      const made = await openEngine(options, { leaseMs, probeMs, roomFreed: () => claims.kick(), wake });
      const { lanes, flights, chores } = made;
      engine = made;
      const tick = () => {
        flights.slowDown();
        if (lanes.limited) claims.kick();
      };
      timers = [
        setInterval(() => sweep.kick(), sweepMs),
        setInterval(() => chores.kick(), sweepMs),
        setInterval(tick, TICK_MS),
      ];
      sweep.kick();
      chores.kick();
    },
    async stop({ graceMs = STOP_GRACE_MS } = {}) {
      if (!engine || stopping) return;
      stopping = true;
      for (const timer of timers) clearInterval(timer);
      await Promise.all([claims.idle(), sweep.idle(), engine.chores.idle(), engine.listener.stop()]);
      await engine.flights.finish(graceMs);
      await engine.health.idle();
      await engine.database.close();
      engine = null;
    },
  };
}

interface EngineHooks {
  leaseMs: number;
  probeMs: number;
  roomFreed: () => void;
  wake: (lanes?: readonly Lane[]) => void;
}

async function openEngine(options: DispatcherOptions, hooks: EngineHooks): Promise<Engine> {
  const {
    connection,
    outgoing,
    clock,
    log,
    metrics,
    quick = QUICK,
    all = ALL,
    random = Math.random,
  } = options;
  const { leaseMs, probeMs, roomFreed, wake } = hooks;
  const database = await openDatabase({
    connection: { ...connection, options: [connection.options, PINNED_PLANS].filter(Boolean).join(" ") },
    name: "bankbell deliveries",
    size: CONNECTIONS,
    log,
  });
  const lanes = createLanes({ quick, all, lanesPerClaim: LANES_PER_CLAIM });
  const book = createEndpointBook(database.kysely, options.master, async (endpoint) => {
    log.error(
      { err: endpoint.error, endpoint: endpoint.publicId },
      "an endpoint cannot be read and was paused",
    );
    const change = { status: "paused", reason: UNREADABLE, actor: DELIVERIES, now: clock() } as const;
    wake(await stopEndpoint(database.kysely, endpoint, change));
  });
  const health = createHealth({ database, clock, log, probeMs, wake });
  const company = async () => {
    if (lanes.inFlight >= BUSY) await pause(GATHER_MS);
  };
  const flights = createFlights({
    database,
    book,
    lanes,
    outgoing,
    clock,
    log,
    metrics,
    random,
    leaseMs,
    health,
    roomFreed,
    company,
  });
  const listener = listen(database.pool, log, (rung) => wake(rung ?? undefined));
  const backend = () => listener.backend;
  try {
    await standAmong({ database, lanes, backend });
  } catch (error) {
    await listener.stop();
    await database.close();
    throw error;
  }
  const tools = { database, clock, log, metrics, leaseMs, probeMs, lanes, flights, health, backend, wake };
  const chores = createChores(tools);
  return {
    options,
    leaseMs,
    database,
    book,
    lanes,
    flights,
    health,
    chores,
    listener,
    company,
    lastClaimed: 0,
  };
}

/** How many were claimed. Where any were, more may be due. */
async function claimOnce({ lanes, database, flights, leaseMs }: Engine): Promise<number> {
  const asks = lanes.asks();
  if (asks.length === 0) return 0;
  const leasedAt = performance.now();
  let claimed: Claimed[];
  try {
    claimed = await claim(database.pool, asks, leaseMs);
  } catch (error) {
    for (const ask of asks) lanes.mark(ask, ask.retry);
    throw error;
  }
  const got = new Map<string, number>();
  for (const head of claimed) {
    const key = laneKey(head, head.attempt > 0);
    got.set(key, (got.get(key) ?? 0) + 1);
  }
  for (const ask of asks) {
    if (got.get(laneKey(ask, ask.retry)) === ask.room) lanes.mark(ask, ask.retry);
  }
  try {
    await flights.start(claimed, leasedAt);
  } catch (error) {
    // Nothing of it was sent: an endpoint's secrets could not be read.
    await release(database.pool, claimed);
    throw error;
  }
  return claimed.length;
}

const laneKey = ({ endpointId }: Lane, retry: boolean) => `${endpointId} ${retry}`;

async function sweepOnce({ database, lanes, options }: Engine): Promise<void> {
  const due = await dueLanes(database.pool);
  for (const lane of due) lanes.mark(lane, lane.retry, lane.version);
  showLag(options.metrics, due);
}
