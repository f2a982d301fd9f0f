/**
 * `npm run -s bench:peers -- [jobs]`: the same signed posts to the same sink through BullMQ on Redis, through
 * graphile-worker, and through our engine, in one run, twice in turn; the better of two counts. Default 100,000.
 * Jobs are recorded beforehand. The peers keep neither order nor history; Redis runs without persistence,
 * graphile-worker on the same kind of PostgreSQL as ours. Needs `redis-server` (Debian: apt-get install redis-server);
 * the peers' own packages are installed into bench/peers. Last line: JSON, ratios ours ÷ theirs.
 */
import { fork, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { createBenchWorld } from "./delivery-world.ts";
import { startSink, type Sink } from "./sink-process.ts";

const jobs = Number(process.argv[2] ?? 100_000);
const ENDPOINTS = 100;
const PEERS = join(import.meta.dirname, "peers");

function install(): void {
  if (existsSync(join(PEERS, "node_modules", "bullmq"))) return;
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"], {
    cwd: PEERS,
    stdio: "inherit",
  });
  if (status !== 0) throw new Error("npm ci in bench/peers failed.");
}

async function startRedis(dir: string): Promise<{ socket: string; process: ChildProcess }> {
  const socket = join(dir, "redis.sock");
  const args = ["--port", "0", "--unixsocket", socket, "--save", "", "--appendonly", "no", "--dir", dir];
  const server = spawn("redis-server", args, { stdio: "ignore" });
  await once(server, "spawn");
  while (!existsSync(socket)) {
    if (server.exitCode !== null) throw new Error(`redis-server ended with ${server.exitCode}.`);
    await pause(20);
  }
  return { socket, process: server };
}

/** Jobs per second from the start of its worker until nothing is left. */
async function peer(script: string, sink: Sink, connection: string): Promise<number> {
  await sink.reset();
  const child = fork(join(PEERS, script), [sink.origin, String(jobs), connection], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const ended = once(child, "exit");
  const said = async () => {
    const first = await Promise.race([once(child, "message"), ended.then(() => null)]);
    if (first === null) throw new Error(`${script} ended early.`);
  };
  await said();
  const start = performance.now();
  child.send("go");
  await said();
  const perSecond = jobs / ((performance.now() - start) / 1000);
  const { seen } = await sink.reach(jobs);
  if (seen !== jobs) throw new Error(`${script}: ${seen} of ${jobs} arrived`);
  child.kill("SIGKILL");
  await ended;
  return perSecond;
}

async function ours(world: Awaited<ReturnType<typeof createBenchWorld>>, sink: Sink): Promise<number> {
  await sink.reset();
  await world.recordMany(jobs);
  const start = performance.now();
  const dispatcher = await world.dispatcher();
  await sink.reach(jobs);
  await world.untilEmpty();
  const perSecond = jobs / ((performance.now() - start) / 1000);
  await dispatcher.stop();
  return perSecond;
}

async function main(): Promise<void> {
  install();
  const dir = await mkdtemp(join(tmpdir(), "bankbell-peers-"));
  const sink = await startSink();
  const redis = await startRedis(dir);
  const world = await createBenchWorld(ENDPOINTS, `${sink.origin}/hook`);
  await world.database.pool.query("create database peers");
  const graphile = JSON.stringify({ ...world.connection, database: "peers" });
  const runs: [string, () => Promise<number>][] = [
    ["bullmq", () => peer("bullmq.mjs", sink, redis.socket)],
    ["graphile", () => peer("graphile.mjs", sink, graphile)],
    ["bankbell", () => ours(world, sink)],
  ];
  try {
    const best = new Map<string, number>();
    for (const [name, run] of [...runs, ...runs]) {
      const perSecond = Math.round(await run());
      best.set(name, Math.max(best.get(name) ?? 0, perSecond));
      console.log(`${name}: ${perSecond}/s (load ${loadavg()[0]?.toFixed(1)})`);
    }
    const of = (name: string) => best.get(name) ?? 0;
    const ratio = (name: string) => Number((of("bankbell") / of(name)).toFixed(2));
    console.log(
      JSON.stringify({
        jobs,
        bullmq_per_s: of("bullmq"),
        graphile_per_s: of("graphile"),
        bankbell_per_s: of("bankbell"),
        ratio_bullmq: ratio("bullmq"),
        ratio_graphile: ratio("graphile"),
      }),
    );
  } finally {
    redis.process.kill();
    sink.stop();
    await world.drop();
    await rm(dir, { recursive: true, force: true });
  }
}

await main();
