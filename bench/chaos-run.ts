/**
 * Kills of workers and of PostgreSQL, and steps of the workers' clocks, at random moments while events are recorded
 * and delivered to receivers that fail. Afterwards the receivers' ledger is compared with the database.
 */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { DatabaseError } from "pg";
import { recordEvent } from "../src/events/outbox.ts";
import { createLedger, deliveryKey, seeded, type LedgerKeeper } from "./chaos-ledger.ts";
import { createBenchWorld, createEndpoints, type BenchWorld } from "./delivery-world.ts";
import { startRawServer } from "./raw-server.ts";

export interface ChaosOptions {
  seed: number;
  endpoints: number;
  /** Of all endpoints together; a multiple of endpoints × `PER_RESOURCE`. */
  deliveries: number;
  workers: number;
  workerKills: number;
  postgresKills: number;
  clockSteps: number;
  say?: (line: string) => void;
}

export interface ChaosReport {
  deliveries: number;
  arrivals: number;
  lost: number;
  duplicated: number;
  /** At most: what was leased when something was killed, and never more than the killed could have in flight. */
  inFlightAtKills: number;
  disordered: string[];
  /** Answered 2xx, but the database says otherwise, or the other way round, or twice. */
  differences: string[];
  seconds: number;
}

/** Events of one resource: the length of its chain. */
const PER_RESOURCE = 10;
const LEASE_MS = 3000;
const IN_FLIGHT = 64;
const FAIL_SHARE = 0.1;
/** Endpoints of one environment: each event goes to all of them. */
const FAN_OUT = 5;
const CLOCK_STEP_MS = 3_600_000;

type Chaos = { world: BenchWorld; ledger: LedgerKeeper; options: ChaosOptions; random: () => number };

export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const started = performance.now();
  const ledger = createLedger();
  const random = seeded(options.seed);
  const server = await startRawServer(answerOf(ledger, seeded(options.seed + 1)));
  const world = await createBenchWorld(0, "");
  const chaos = { world, ledger, options, random };
  const pool = startWorkers(chaos);
  try {
    const hook = `http://127.0.0.1:${server.port}/`;
    const endpoints = await createEndpoints(world.database, options.endpoints, FAN_OUT, hook);
    const envIds = [...new Set(endpoints.map(({ envId }) => envId))];
    await pool.fill();
    const recording = recordAll(world, envIds, options.deliveries / options.endpoints);
    const inFlightAtKills = await wreck(chaos, pool);
    await recording;
    await untilDelivered(chaos);
    const differences = await surely(() => compare(world, ledger));
    return {
      deliveries: options.deliveries,
      arrivals: ledger.arrivals,
      lost: options.deliveries - ledger.delivered.size,
      duplicated: ledger.repeated,
      inFlightAtKills,
      disordered: ledger.disordered,
      differences,
      seconds: Math.round((performance.now() - started) / 1000),
    };
  } finally {
    await pool.end();
    server.close();
    await world.drop();
  }
}

/** Of ten failures eight are answered 500, one is cut and one is never answered. */
function answerOf(ledger: LedgerKeeper, random: () => number) {
  return ({ path, body }: { path: string; body: string }): number | "never" | "cut" => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- recorded below
    const { resource, n } = JSON.parse(body) as { resource: string; n: number };
    let status: number | "never" | "cut" = 200;
    if (random() < FAIL_SHARE) {
      const kind = random();
      status = kind < 0.1 ? "never" : kind < 0.2 ? "cut" : 500;
    }
    ledger.note({ endpoint: Number(path.slice(1)), resource, n, status });
    return status;
  };
}

/** Each resource's events one after the other, a resource of each environment at a time. */
async function recordAll(world: BenchWorld, envIds: number[], perEnvironment: number): Promise<void> {
  const one = async (envId: number) => {
    for (let n = 1; n <= PER_RESOURCE; n++) {
      for (let resource = 0; resource < perEnvironment / PER_RESOURCE; resource++)
        await recordSurely(world, envId, `session:${envId}-${resource}`, n);
    }
  };
  await Promise.all(envIds.map(one));
}

/** A commit whose answer was lost is tried again: the key makes it one event. */
async function recordSurely(world: BenchWorld, envId: number, resource: string, n: number): Promise<void> {
  await surely(() =>
    recordEvent(world.database.kysely, {
      envId,
      key: `${resource} ${n}`,
      type: "ENRICHMENT_NOTIFICATION",
      resource,
      subject: null,
      retention: 30,
      at: Temporal.Now.instant(),
      bodies: () => ({ session: { resource, n } }),
    }),
  );
}

/** Again while PostgreSQL is away. */
async function surely<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isAway(error)) throw error;
      await pause(50);
    }
  }
}

/** PostgreSQL was killed, or starts: classes 08 and 57, and what a cut socket says. */
function isAway(error: unknown): boolean {
  if (error instanceof DatabaseError) return /^(08|57)/.test(error.code ?? "");
  return error instanceof Error && /terminated|ECONN|ENOENT|EPIPE|timeout|closed/i.test(error.message);
}

interface Workers {
  /** Starts what is missing, with clocks that are wrong. */
  fill(): Promise<void>;
  killOne(): Promise<void>;
  /** Of one worker's clock. */
  step(): void;
  end(): Promise<void>;
}

function startWorkers({ world, options, random }: Chaos): Workers {
  const alive: ChildProcess[] = [];
  const starting = new Set<Promise<void>>();
  const anyStep = () => Math.round((random() * 2 - 1) * CLOCK_STEP_MS);

  async function start(): Promise<void> {
    const args = [JSON.stringify(world.connection), LEASE_MS, IN_FLIGHT, anyStep()].map(String);
    const child = fork(join(import.meta.dirname, "chaos-worker.ts"), args, {
      stdio: ["ignore", 2, "pipe", "ipc"],
    });
    // One that starts while PostgreSQL is away ends; the next is started in its place.
    child.stderr?.resume();
    await Promise.race([once(child, "message"), once(child, "exit")]);
    if (child.exitCode === null && child.signalCode === null) alive.push(child);
  }

  return {
    async fill() {
      while (alive.length < options.workers) await start();
    },
    async killOne() {
      const [child] = alive.splice(Math.floor(random() * alive.length), 1);
      if (!child) return;
      child.kill("SIGKILL");
      await once(child, "exit");
      const replaced = start().finally(() => starting.delete(replaced));
      starting.add(replaced);
      if (alive.length === 0) await replaced;
    },
    step() {
      alive[Math.floor(random() * alive.length)]?.send({ step: anyStep() });
    },
    async end() {
      await Promise.all(starting);
      for (const child of alive) child.kill("SIGKILL");
    },
  };
}

type Blow = "worker" | "postgres" | "clock";

/** At random shares of the deliveries. Answers what was in flight at the kills. */
async function wreck(chaos: Chaos, workers: Workers): Promise<number> {
  const { options, ledger, random, world } = chaos;
  const { workerKills, postgresKills, clockSteps, deliveries } = options;
  const blows: { at: number; blow: Blow }[] = [
    ...Array.from({ length: workerKills }, () => ({ at: random(), blow: "worker" as const })),
    ...Array.from({ length: postgresKills }, () => ({ at: random(), blow: "postgres" as const })),
    ...Array.from({ length: clockSteps }, () => ({ at: random(), blow: "clock" as const })),
  ].toSorted((a, b) => a.at - b.at);
  let inFlight = 0;
  for (const { at, blow } of blows) {
    while (ledger.delivered.size < at * deliveries) await pause(5);
    if (blow === "clock") {
      workers.step();
      continue;
    }
    const most = blow === "worker" ? IN_FLIGHT : IN_FLIGHT * options.workers;
    inFlight += Math.min(most, await leased(world));
    if (blow === "worker") {
      await workers.killOne();
      await workers.fill();
    } else {
      process.kill(world.postgres.pid(), "SIGKILL");
    }
    options.say?.(
      `${ledger.delivered.size} delivered: killed ${blow === "worker" ? "a worker" : "PostgreSQL"}`,
    );
  }
  return inFlight;
}

/** The most there can be where PostgreSQL is away just now. */
async function leased({ database }: BenchWorld): Promise<number> {
  try {
    const { rows } = await database.pool.query<{ leased: number }>(
      "select count(*)::int as leased from queue where lease_until > now()",
    );
    return rows[0]?.leased ?? 0;
  } catch (error) {
    if (!isAway(error)) throw error;
    return Number.POSITIVE_INFINITY;
  }
}

async function untilDelivered({ world, ledger, options }: Chaos): Promise<void> {
  let last = { arrivals: -1, at: performance.now() };
  for (;;) {
    const { rowCount } = await surely(() => world.database.pool.query("select from queue limit 1"));
    if (rowCount === 0) return;
    if (ledger.arrivals > last.arrivals) last = { arrivals: ledger.arrivals, at: performance.now() };
    // Twice the longest that a lease and a retry can take: what has not moved since is lost.
    if (performance.now() - last.at > 4 * LEASE_MS)
      return options.say?.(`nothing has arrived for ${4 * LEASE_MS} ms`);
    await pause(20);
  }
}

/** Each delivery that was answered 2xx is marked once, and nothing else is; nothing waits. */
async function compare({ database }: BenchWorld, ledger: LedgerKeeper): Promise<string[]> {
  const { rows } = await database.pool.query<{
    endpoint: number;
    resource: string;
    n: number;
    times: number;
  }>(`
    select substring(e.url from '[0-9]+$')::int as endpoint, a.resource,
      (convert_from(b.body, 'UTF8')::json ->> 'n')::int as n, count(*)::int as times
    from attempts a join event_bodies b using (env_id, event_id)
      join webhook_endpoints e on e.env_id = a.env_id and e.id = a.endpoint_id
    where a.outcome = 'delivered' group by 1, 2, 3`);
  const differences: string[] = [];
  const marked = new Set<string>();
  for (const row of rows) {
    const key = deliveryKey(row);
    marked.add(key);
    if (row.times !== 1) differences.push(`${key} was marked ${row.times} times`);
    if (!ledger.delivered.has(key)) differences.push(`${key} was marked, the receiver does not know it`);
  }
  for (const key of ledger.delivered) if (!marked.has(key)) differences.push(`${key} was not marked`);
  const { rows: left } = await database.pool.query<{ left: string }>(
    "select 'queued: ' || resource as left from queue union all select 'waits: ' || resource from queue_next",
  );
  return [...differences, ...left.map((row) => row.left)];
}
