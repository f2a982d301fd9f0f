/**
 * `npm run -s bench:deliveries -- [events] [endpoints] [--variants] [--phases raw,delivered,end,latency]`
 * Deliveries per second; 200,000 events over 100 endpoints unless told otherwise.
 *
 * raw         the same number of signed posts with undici against the same sink, no database; before and after
 * delivered   events recorded beforehand, then delivered and marked (as the peers are measured)
 * end to end  one commit per event, delivered at the same time
 * latency     at 500/s offered: from the commit, and from before it, to arrival
 * --variants  delivered again, beside a plain run: while one old snapshot is held open, and with a million rows
 *             (`--dead N`) waiting for 1,000 endpoints that never answer
 *
 * --server-times  where PostgreSQL spends its time (pg_stat_statements)
 *
 * The sink is a process of its own, its limit is measured first. PostgreSQL is the embedded one with default
 * durability. Dispatcher and recorders share this process, as they do in a server. Last line: JSON.
 */
import { loadavg } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Pool } from "undici";
import { newId } from "../src/platform/ids.ts";
import { sign, signingKey } from "../src/webhooks/signing.ts";
import { cpuSince, type CpuUse } from "./cpu.ts";
import {
  addDeadRows,
  BODY,
  countStatements,
  createBenchWorld,
  newSecret,
  SERVER_TIMES,
  serverTimes,
  type BenchWorld,
} from "./delivery-world.ts";
import { sinkLimit, startSink, type Sink, type SinkReport } from "./sink-process.ts";

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    variants: { type: "boolean", default: false },
    dead: { type: "string", default: "1000000" },
    "server-times": { type: "boolean", default: false },
    phases: { type: "string", default: "raw,delivered,end,latency" },
  },
});
const [events = 200_000, endpoints = 100] = positionals.map(Number);
const phases = new Set(flags.phases.split(","));
const LATENCY_EVENTS = 5000;
const LATENCY_PER_SECOND = 500;
const RAW_CONNECTIONS = 128;

const counted = countStatements();
const total = { expected: 0, seen: 0, duplicated: 0 };

function add(expected: number, { seen, duplicated }: SinkReport): void {
  total.expected += expected;
  total.seen += seen;
  total.duplicated += duplicated;
}

const round = (value: number, digits = 0) => Number(value.toFixed(digits));

function say(what: string, perSecond: number, more = ""): void {
  console.log(`${what}: ${round(perSecond)}/s${more} (load ${round(loadavg()[0] ?? 0, 1)})`);
}

async function rawPerSecond(sink: Sink, posts: number): Promise<number> {
  await sink.reset();
  const pool = new Pool(sink.origin, { connections: RAW_CONNECTIONS, pipelining: 1 });
  const key = signingKey(newSecret());
  const body = Buffer.from(JSON.stringify(BODY));
  const start = performance.now();
  let next = 0;
  const post = async () => {
    while (next++ < posts) {
      const headers = {
        "content-type": "application/json",
        ...sign([key], newId("evt"), Temporal.Now.instant(), body),
      };
      const answered = await pool.request({ path: "/hook", method: "POST", headers, body });
      await answered.body.dump();
    }
  };
  await Promise.all(Array.from({ length: RAW_CONNECTIONS }, post));
  await sink.reach(posts);
  const seconds = (performance.now() - start) / 1000;
  await pool.close();
  return posts / seconds;
}

async function sayRaw(sink: Sink): Promise<number> {
  const perSecond = round(await rawPerSecond(sink, events));
  say("raw posts", perSecond);
  return perSecond;
}

/** Statements per delivery and the names of those that were sent most; processor time per delivery. */
function cost(deliveries: number, { own, postgres }: CpuUse): string {
  const counts = [...counted.since()].toSorted(([, a], [, b]) => b - a);
  const all = counts.reduce((sum, [, count]) => sum + count, 0);
  const most = counts.slice(0, 4).map(([name, count]) => `${count} ${name}`);
  return (
    `; ${round(all / deliveries, 3)} statements per delivery (${most.join(", ")})` +
    `; CPU per delivery: ${own} µs here, ${postgres} µs PostgreSQL`
  );
}

async function deliveredPerSecond(world: BenchWorld, sink: Sink, what = "delivered"): Promise<number> {
  await sink.reset();
  let cpu = cpuSince(world.postgres.pid());
  counted.since();
  const recorded = await world.recordMany(events);
  say("  recorded beforehand", recorded, cost(events, cpu(events)));
  cpu = cpuSince(world.postgres.pid());
  const start = performance.now();
  const dispatcher = await world.dispatcher();
  const report = await sink.reach(events);
  const shape = cost(events, cpu(events));
  await world.untilEmpty();
  const perSecond = events / ((performance.now() - start) / 1000);
  say(what, perSecond, shape);
  if (flags["server-times"]) console.log(await serverTimes(world));
  await dispatcher.stop({ graceMs: 1000 });
  add(events, report);
  return perSecond;
}

async function endToEndPerSecond(world: BenchWorld, sink: Sink): Promise<number> {
  await sink.reset();
  const dispatcher = await world.dispatcher();
  counted.since();
  const cpu = cpuSince(world.postgres.pid());
  const start = performance.now();
  await world.recordMany(events, ({ lanes }) => dispatcher.wake(lanes));
  const report = await sink.reach(events);
  const shape = cost(events, cpu(events));
  await world.untilEmpty();
  const perSecond = events / ((performance.now() - start) / 1000);
  say("end to end", perSecond, shape);
  if (flags["server-times"]) console.log(await serverTimes(world));
  await dispatcher.stop();
  add(events, report);
  return perSecond;
}

interface Latency {
  p50: number;
  p99: number;
}

const EPOCH = performance.timeOrigin;

async function latency(world: BenchWorld, sink: Sink): Promise<Latency> {
  await sink.reset();
  const dispatcher = await world.dispatcher();
  const offered = new Map<string, { before: number; committed: number }>();
  const one = async () => {
    const before = EPOCH + performance.now();
    const { publicId, lanes } = await world.record();
    offered.set(publicId ?? "", { before, committed: EPOCH + performance.now() });
    dispatcher.wake(lanes);
  };
  const start = performance.now();
  const running: Promise<void>[] = [];
  for (let n = 0; n < LATENCY_EVENTS; n++) {
    const wait = start + (n * 1000) / LATENCY_PER_SECOND - performance.now();
    if (wait > 0) await pause(wait);
    running.push(one());
  }
  await Promise.all(running);
  add(LATENCY_EVENTS, await sink.reach(LATENCY_EVENTS));
  const { arrivals } = await sink.report();
  await world.untilEmpty();
  await dispatcher.stop();
  const since = (from: "before" | "committed") =>
    quantiles(arrivals.map(([id, at]) => at - (offered.get(id)?.[from] ?? 0)));
  const [after, whole] = [since("committed"), since("before")];
  say(
    "latency at",
    LATENCY_PER_SECOND,
    `: from the commit p50 ${after.p50} p99 ${after.p99} ms; from before it p50 ${whole.p50} p99 ${whole.p99} ms`,
  );
  return after;
}

function quantiles(values: number[]): Latency {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => round(sorted[Math.floor(sorted.length * share)] ?? 0, 2);
  return { p50: at(0.5), p99: at(0.99) };
}

/** Each beside a plain run of the same minute: other people's load moves both. */
async function variants(world: BenchWorld, sink: Sink): Promise<Record<string, number>> {
  const plain = await deliveredPerSecond(world, sink, "variant: plain");
  const holder = await world.database.pool.connect();
  await holder.query("set idle_in_transaction_session_timeout = 0");
  await holder.query("begin isolation level repeatable read");
  await holder.query("select txid_current()");
  const held = await deliveredPerSecond(world, sink, "variant: one old snapshot held open");
  await holder.query("rollback");
  holder.release();
  await world.database.pool.query("vacuum queue");
  const again = await deliveredPerSecond(world, sink, "variant: plain again");
  await addDeadRows(world, Number(flags.dead), `${sink.origin}/hang`);
  const dead = await deliveredPerSecond(world, sink, `variant: ${flags.dead} rows for dead endpoints`);
  const reference = (plain + again) / 2;
  return { snapshot_ratio: round(held / reference, 2), dead_ratio: round(dead / reference, 2) };
}

async function main(): Promise<void> {
  const sink = await startSink();
  const settings = flags["server-times"] ? SERVER_TIMES : {};
  const world = await createBenchWorld(endpoints, `${sink.origin}/hook`, settings);
  const result: Record<string, number> = {};
  try {
    if (phases.has("raw")) {
      say("sink's limit, bare sockets", await sinkLimit(sink, 100_000));
      await rawPerSecond(sink, Math.min(events, 20_000));
      result["raw_per_s"] = await sayRaw(sink);
    }
    if (phases.has("delivered")) {
      const delivered = await deliveredPerSecond(world, sink);
      result["delivered_per_s"] = round(delivered);
      if (result["raw_per_s"] !== undefined) {
        // Other people's load changes within a minute: the limit is taken before and after.
        result["raw_per_s"] = round((result["raw_per_s"] + (await sayRaw(sink))) / 2);
        result["ratio"] = round(delivered / result["raw_per_s"], 3);
      }
    }
    if (phases.has("end")) result["end_to_end_per_s"] = round(await endToEndPerSecond(world, sink));
    if (phases.has("latency")) {
      const { p50, p99 } = await latency(world, sink);
      Object.assign(result, { p50_ms: p50, p99_ms: p99 });
    }
    if (flags.variants) Object.assign(result, await variants(world, sink));
    const { expected, seen, duplicated } = total;
    console.log(JSON.stringify({ ...result, lost: expected - seen, duplicated }));
  } finally {
    sink.stop();
    await world.drop();
  }
}

await main();
