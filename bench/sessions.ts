/**
 * `npm run -s bench:sessions [SESSIONS] [CLIENTS]`: 1,000 sessions with one statement of 5 pages each, by 20 clients at
 * once, on the real server as a child process over its embedded database: created, uploaded, processed, polled, the
 * webhooks received. None may be lost or double, and no request may take more than 2 s. Clients, receiver, server and
 * PostgreSQL share the machine's cores. Last line: JSON. Exit code 1 where a target is missed.
 */
import { loadavg } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { startChildServer, type ChildServer } from "../src/child-server.ts";
import { connectTo } from "../test/main-path-setup.ts";
import { residentMb, watchResident } from "./resident.ts";
import { compare, type Comparison } from "./sessions-compare.ts";
import { playSessions, type Call, type Played } from "./sessions-play.ts";

const SESSIONS = Number(process.argv[2] ?? 1000);
const CLIENTS = Number(process.argv[3] ?? 20);
const MOST_MS = 2000;
const PATIENCE_MS = 60_000;
/** Extraction threads end after 10 s without work. */
const REST_MS = 30_000;

async function main(): Promise<void> {
  const server = await startChildServer();
  try {
    const start = await residentMb(pidOf(server));
    const memory = watchResident(pidOf(server));
    const load = loadavg()[0] ?? 0;
    const played = await playSessions(server, {
      sessions: SESSIONS,
      clients: CLIENTS,
      patienceMs: PATIENCE_MS,
    });
    const samples = await memory.stop();
    const database = await connectTo(server);
    const verdict = await compare(database, played);
    await database.end();
    await pause(REST_MS);
    print(`${SESSIONS} sessions by ${CLIENTS} clients, load of the machine before ${load.toFixed(1)}`);
    printCalls(played.calls);
    printMemory(start, samples, await residentMb(pidOf(server)));
    printVerdict(verdict);
    report(played, verdict, start, samples);
  } finally {
    await server.stop();
  }
}

function pidOf({ process: child }: ChildServer): number {
  if (child.pid === undefined) throw new Error("The server did not start.");
  return child.pid;
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);

function printCalls(calls: readonly Call[]): void {
  print(`${"call".padEnd(22)}${["count", "p50 ms", "p99 ms", "slowest"].map((h) => h.padStart(9)).join("")}`);
  for (const [name, group] of Map.groupBy(calls, (call) => call.name)) {
    const times = group.map(({ ms }) => ms).sort((a, b) => a - b);
    const at = (share: number) => Math.round(times[Math.ceil(times.length * share) - 1] ?? 0);
    const cells = [times.length, at(0.5), at(0.99), at(1)].map((cell) => String(cell).padStart(9));
    print(`${name.padEnd(22)}${cells.join("")}`);
  }
}

/** Steady: the later quarters are not above the earlier ones. */
function printMemory(start: number, samples: readonly number[], rest: number): void {
  const quarter = Math.ceil(samples.length / 4);
  const quarters = [0, 1, 2, 3].map((n) => {
    const part = samples.slice(n * quarter, (n + 1) * quarter);
    return Math.round(part.reduce((sum, mb) => sum + mb, 0) / Math.max(1, part.length));
  });
  print(
    `server: ${start} MB at the start, ${quarters.join(", ")} MB on average by quarter of the run, ` +
      `${Math.max(...samples)} at its peak, ${samples.at(-1)} at the end, ${rest} after ${REST_MS / 1000} s of rest`,
  );
}

function printVerdict(verdict: Comparison): void {
  for (const [kind, lines] of Object.entries(verdict))
    for (const line of (lines as string[]).slice(0, 10)) print(`${kind}: ${line}`);
}

function report({ sessions, calls, seconds }: Played, verdict: Comparison, start: number, samples: number[]) {
  const slowest = Math.round(Math.max(...calls.map(({ ms }) => ms)));
  const line = {
    sessions: sessions.length,
    per_s: Math.round((sessions.length / seconds) * 10) / 10,
    slowest_ms: slowest,
    lost: verdict.lost.length + SESSIONS - sessions.length,
    double: verdict.double.length,
    wrong: verdict.wrong.length,
    rss_start_mb: start,
    rss_peak_mb: Math.max(...samples),
    rss_end_mb: samples.at(-1),
  };
  print(JSON.stringify(line));
  if (line.lost + line.double + line.wrong > 0 || slowest > MOST_MS) process.exitCode = 1;
}

await main();
