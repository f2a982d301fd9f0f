/**
 * Deliveries per second: `node bench/deliveries.ts [events] [endpoints]`, default 20,000 over 100.
 *
 * raw         the same number of signed posts with undici against the same sink, no database
 * delivered   events recorded beforehand, then delivered and marked (as the peers are measured)
 * end to end  one commit per event, delivered at the same time; at 500/s offered for the latency, from before the
 *             commit to arrival
 *
 * The sink is a process of its own. PostgreSQL is the embedded one with default durability. Last line: JSON.
 */
import { fork, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Pool } from "undici";
import { recordEvent } from "../src/events/outbox.ts";
import { sealKey } from "../src/platform/crypto.ts";
import { newId } from "../src/platform/ids.ts";
import { createOutgoing } from "../src/platform/outgoing.ts";
import { createLog, createMetrics } from "../src/platform/telemetry.ts";
import { openDatabase, type Database } from "../src/store/connect.ts";
import { startEmbedded } from "../src/store/embedded.ts";
import { setContractEndpoint } from "../src/store/endpoints.ts";
import { createEnvironment, loadEnvironment } from "../src/store/environments.ts";
import { silentLog } from "../src/store/log.ts";
import { migrate } from "../src/store/migrate.ts";
import { createDispatcher, type Dispatcher } from "../src/webhooks/dispatcher.ts";
import { sign, signingKey } from "../src/webhooks/signing.ts";

const [events = 20_000, endpoints = 100] = process.argv.slice(2).map(Number);
/** About the size of an enrichment notification of one account. */
const BODY = { session_id: "", note: "x".repeat(400) };
const MASTER = sealKey(Buffer.alloc(32, 7));
const RECORDERS = 16;
const LATENCY_EVENTS = 2000;
const LATENCY_PER_SECOND = 500;

interface SinkReport {
  seen: number;
  duplicated: number;
  /** Milliseconds from `sent_at` in the body, where it has one. */
  latencies: number[];
}

interface Sink {
  url: string;
  /** Counts anew. */
  reset(): Promise<void>;
  /** Resolves when so many different ids have come. */
  reach(count: number): Promise<SinkReport>;
  stop(): void;
}

async function startSink(): Promise<Sink> {
  const child: ChildProcess = fork(join(import.meta.dirname, "sink.ts"));
  const answer = async (message: object): Promise<unknown> => {
    child.send(message);
    const [reply] = (await once(child, "message")) as [unknown];
    return reply;
  };
  const [{ port }] = (await once(child, "message")) as [{ port: number }];
  return {
    url: `http://127.0.0.1:${port}/hook`,
    reset: async () => void (await answer({ reset: true })),
    reach: async (count) => (await answer({ reach: count })) as SinkReport,
    stop: () => child.kill(),
  };
}

async function rawPerSecond(sink: Sink): Promise<number> {
  await sink.reset();
  const pool = new Pool(new URL(sink.url).origin, { connections: 128, pipelining: 1 });
  const key = signingKey(`whsec_${randomBytes(24).toString("base64")}`);
  const body = Buffer.from(JSON.stringify(BODY));
  const start = performance.now();
  let next = 0;
  const post = async () => {
    while (next++ < events) {
      const headers = {
        "content-type": "application/json",
        ...sign([key], newId("evt"), Temporal.Now.instant(), body),
      };
      const answered = await pool.request({ path: "/hook", method: "POST", headers, body });
      await answered.body.dump();
    }
  };
  await Promise.all(Array.from({ length: 128 }, post));
  await sink.reach(events);
  const seconds = (performance.now() - start) / 1000;
  await pool.close();
  return events / seconds;
}

async function createEnvironments(database: Database, url: string): Promise<number[]> {
  const now = Temporal.Now.instant();
  const ids: number[] = [];
  for (let n = 0; n < endpoints; n++) {
    const envId = await createEnvironment(
      database.kysely,
      MASTER,
      {
        organisation: `Bench ${n}`,
        mode: "sandbox",
        credentials: { apiKey: newId("key"), serverHash: newId("hash") },
        webhookSecret: `whsec_${randomBytes(24).toString("base64")}`,
      },
      now,
    );
    const env = await loadEnvironment(database.kysely, MASTER, envId);
    if (!env) throw new Error("the environment is gone");
    await setContractEndpoint(database.kysely, env, "session", { url, mode: 1, now });
    ids.push(envId);
  }
  return ids;
}

let recorded = 0;

/** One commit. Every resource is another one. */
function recordOne(database: Database, envIds: number[], body: object) {
  const n = recorded++;
  return recordEvent(database.kysely, {
    envId: envIds[n % envIds.length] ?? 0,
    key: `bench:${n}`,
    type: "ENRICHMENT_NOTIFICATION",
    resource: `session:${n}`,
    subject: null,
    retention: 30,
    at: Temporal.Now.instant(),
    bodies: () => ({ session: body }),
  });
}

async function recordMany(
  database: Database,
  envIds: number[],
  dispatcher: Dispatcher | null,
): Promise<number> {
  const start = performance.now();
  let left = events;
  const recorder = async () => {
    while (left-- > 0) {
      const { lanes } = await recordOne(database, envIds, BODY);
      dispatcher?.wake(lanes);
    }
  };
  await Promise.all(Array.from({ length: RECORDERS }, recorder));
  return events / ((performance.now() - start) / 1000);
}

async function latencies(database: Database, envIds: number[], dispatcher: Dispatcher): Promise<void> {
  const start = performance.now();
  const running: Promise<void>[] = [];
  for (let n = 0; n < LATENCY_EVENTS; n++) {
    const wait = start + (n * 1000) / LATENCY_PER_SECOND - performance.now();
    if (wait > 0) await pause(wait);
    running.push(
      recordOne(database, envIds, { ...BODY, sent_at: performance.timeOrigin + performance.now() }).then(
        ({ lanes }) => dispatcher.wake(lanes),
      ),
    );
  }
  await Promise.all(running);
}

const quantile = (sorted: number[], share: number) => sorted[Math.floor(sorted.length * share)] ?? 0;
const round = (value: number, digits = 0) => Number(value.toFixed(digits));

async function statements(database: Database): Promise<Map<string, number>> {
  const { rows } = await database.pool.query<{ relname: string; writes: bigint }>(
    "select relname, n_tup_ins + n_tup_upd + n_tup_del as writes from pg_stat_user_tables where relname in ('queue', 'queue_next')",
  );
  return new Map(rows.map(({ relname, writes }) => [relname, Number(writes)]));
}

async function main(): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), "bankbell-bench-"));
  const postgres = await startEmbedded({ dataDir, log: silentLog });
  const { connection } = postgres;
  const database = await openDatabase({ connection, name: "bench", size: RECORDERS, log: silentLog });
  const sink = await startSink();
  const outgoing = createOutgoing({ allowNetworks: ["127.0.0.0/8"] });
  try {
    await migrate(database.pool);
    await database.pool.query("select make_day_partitions(30, current_date - 1, 33)");
    const envIds = await createEnvironments(database, sink.url);
    const engine = {
      connection,
      master: MASTER,
      outgoing,
      clock: Temporal.Now.instant,
      log: createLog("silent"),
    };
    await rawPerSecond(sink);
    const raw = await rawPerSecond(sink);
    console.log(`raw: ${round(raw)} posts/s`);

    await sink.reset();
    console.log(`recorded beforehand: ${round(await recordMany(database, envIds, null))} events/s`);
    const first = createDispatcher({ ...engine, metrics: createMetrics() });
    const start = performance.now();
    await first.start();
    const delivered = await sink.reach(events);
    await untilEmpty(database);
    const deliveredPerSecond = events / ((performance.now() - start) / 1000);
    console.log(`delivered: ${round(deliveredPerSecond)} events/s`);
    await first.stop();

    await sink.reset();
    const second = createDispatcher({ ...engine, metrics: createMetrics() });
    await second.start();
    const begun = performance.now();
    await recordMany(database, envIds, second);
    const ended = await sink.reach(events);
    const endToEnd = events / ((performance.now() - begun) / 1000);
    console.log(`end to end: ${round(endToEnd)} events/s`);
    await untilEmpty(database);

    await sink.reset();
    await latencies(database, envIds, second);
    const timed = await sink.reach(LATENCY_EVENTS);
    await untilEmpty(database);
    await second.stop();
    const sorted = timed.latencies.toSorted((a, b) => a - b);
    console.log(`writes to the queue: ${JSON.stringify(Object.fromEntries(await statements(database)))}`);
    const parts = [delivered, ended, timed];
    console.log(
      JSON.stringify({
        raw_per_s: round(raw),
        delivered_per_s: round(deliveredPerSecond),
        ratio: round(deliveredPerSecond / raw, 3),
        end_to_end_per_s: round(endToEnd),
        p50_ms: round(quantile(sorted, 0.5), 2),
        p99_ms: round(quantile(sorted, 0.99), 2),
        lost: 2 * events + LATENCY_EVENTS - parts.reduce((sum, { seen }) => sum + seen, 0),
        duplicated: parts.reduce((sum, { duplicated }) => sum + duplicated, 0),
      }),
    );
  } finally {
    sink.stop();
    await outgoing.close();
    await database.close();
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function untilEmpty(database: Database): Promise<void> {
  for (;;) {
    const { rowCount } = await database.pool.query("select from queue limit 1");
    if (rowCount === 0) return;
    await pause(10);
  }
}

await main();
