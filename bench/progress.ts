/**
 * `npm run -s bench:progress`: GET progress at 500 requests/s for 10 s, open loop, against the real server as a child
 * process over its embedded database. A request's time runs from when it was due, not from when this client came to
 * send it, so that a server that falls behind cannot hide it. Client and server share the machine's cores.
 */
import { setTimeout as pause } from "node:timers/promises";
import { Pool } from "undici";
import type { BankbellClient } from "../sdk/index.ts";
import { startChildServer } from "../src/child-server.ts";
import { statement } from "../test/statements/catalogue.ts";

const OFFERED = 500;
const SECONDS = 10;
const WARM_UP_SECONDS = 2;
const CONNECTIONS = 32;
const STATEMENTS = ["hdfc-3-months", "icici-serial", "axis-wrapped"];

async function main(): Promise<void> {
  const server = await startChildServer();
  try {
    const sessionId = await seed(server.client);
    const headers = { "x-api-key": server.keys.apiKey, "server-hash": server.keys.serverHash };
    const target = { url: server.url, path: `/bank-connect/v1/session_data/${sessionId}/progress/`, headers };
    await offer(target, WARM_UP_SECONDS);
    const { times, errors, elapsed } = await offer(target, SECONDS);
    report(times, errors, elapsed, server.process.pid);
  } finally {
    await server.stop();
  }
}

/** A processed session with statements of three banks; answers its id. */
async function seed(client: BankbellClient): Promise<string> {
  const range = { from_date: "01/01/2020", to_date: "01/01/2026" };
  const { session_id } = await client.createSession({ link_id: "bench", accept_anything: true, ...range });
  for (const name of STATEMENTS) {
    const { bytes } = await statement(name);
    await client.upload({ session_id, file: bytes, file_name: `${name}.pdf` });
  }
  await client.initiateProcessing(session_id);
  await client.waitUntilReady(session_id, { everyMs: 50 });
  return session_id;
}

interface Target {
  url: string;
  path: string;
  headers: Record<string, string>;
}

/** Times in milliseconds from when each request was due. */
async function offer({ url, path, headers }: Target, seconds: number) {
  const pool = new Pool(url, { connections: CONNECTIONS, pipelining: 1 });
  const total = OFFERED * seconds;
  const times: number[] = [];
  let errors = 0;
  const start = performance.now();
  const one = async (due: number) => {
    try {
      const { statusCode, body } = await pool.request({ path, method: "GET", headers });
      await body.dump();
      if (statusCode !== 200) errors++;
    } catch {
      errors++;
    }
    times.push(performance.now() - due);
  };
  const sent: Promise<void>[] = [];
  while (sent.length < total) {
    const due = start + (sent.length * 1000) / OFFERED;
    const early = due - performance.now();
    if (early > 0) await pause(early);
    else sent.push(one(due));
  }
  await Promise.all(sent);
  const elapsed = (performance.now() - start) / 1000;
  await pool.close();
  return { times, errors, elapsed };
}

function report(times: number[], errors: number, elapsed: number, pid: number | undefined): void {
  const ordered = times.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round((ordered[Math.ceil(ordered.length * share) - 1] ?? 0) * 100) / 100;
  const achieved = Math.round((times.length / elapsed) * 10) / 10;
  process.stdout.write(
    `GET progress, ${OFFERED} requests/s for ${SECONDS} s, server ${pid ?? "?"}: ` +
      `p50 ${at(0.5)} ms, p90 ${at(0.9)} ms, p99 ${at(0.99)} ms, slowest ${at(1)} ms\n`,
  );
  const line = {
    offered_per_s: OFFERED,
    achieved_per_s: achieved,
    p50_ms: at(0.5),
    p99_ms: at(0.99),
    errors,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

await main();
