/**
 * `npm run -s bench:progress`: GET progress at 500 requests/s for 10 s, open loop, against the real server as a child
 * process over its embedded database. A request's time runs from when it was due, not from when this client came to
 * send it, so that a server that falls behind cannot hide it. Client and server share the machine's cores.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Pool } from "undici";
import { statement } from "../test/statements/catalogue.ts";

const OFFERED = 500;
const SECONDS = 10;
const WARM_UP_SECONDS = 2;
const CONNECTIONS = 32;
const STATEMENTS = ["hdfc-3-months", "icici-serial", "axis-wrapped"];
const V1 = "/bank-connect/v1";

const keys = { apiKey: randomBytes(20).toString("hex"), serverHash: randomBytes(20).toString("hex") };
const headers = { "x-api-key": keys.apiKey, "server-hash": keys.serverHash };

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

async function main(): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), "bankbell-bench-"));
  const port = await freePort();
  const server = serve(dataDir, port);
  const url = `http://127.0.0.1:${port}`;
  try {
    await untilReady(url, server);
    const path = `${V1}/session_data/${await seed(url)}/progress/`;
    await offer(url, path, WARM_UP_SECONDS);
    const { times, errors, elapsed } = await offer(url, path, SECONDS);
    report(times, errors, elapsed, server.pid);
  } finally {
    await stop(server);
    await rm(dataDir, { recursive: true, force: true });
  }
}

function serve(dataDir: string, port: number): ChildProcess {
  return spawn(process.execPath, [join(import.meta.dirname, "..", "src", "main.ts"), "serve"], {
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      PORT: String(port),
      BANKBELL_DATA_DIR: dataDir,
      BANKBELL_API_KEY: keys.apiKey,
      BANKBELL_SERVER_HASH: keys.serverHash,
      BANKBELL_LOG_LEVEL: "error",
    },
  });
}

async function untilReady(url: string, server: ChildProcess): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline) {
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`);
    try {
      if ((await fetch(`${url}/readyz`)).status === 200) return;
    } catch {
      // Not listening yet.
    }
    await pause(50);
  }
  throw new Error("the server did not become ready");
}

/** A processed session with statements of three banks; answers its id. */
async function seed(url: string): Promise<string> {
  const created = await call(`${url}${V1}/session/`, {
    json: { link_id: "bench", accept_anything: true, from_date: "01/01/2020", to_date: "01/01/2030" },
  });
  const id = String(created.body["session_id"]);
  for (const name of STATEMENTS) {
    const { bytes } = await statement(name);
    const form = new FormData();
    form.append("session_id", id);
    form.append("upload_type", "PDF");
    form.append("file", new Blob([new Uint8Array(bytes)]), `${name}.pdf`);
    await call(`${url}${V1}/statement/upload_session/`, { form });
  }
  const base = `${url}${V1}/session_data/${id}`;
  await call(`${base}/initiate_processing/`, { method: "POST" });
  for (;;) {
    const { body } = await call(`${base}/progress/`, {});
    if (body["session_progress"] === "completed") return id;
    await pause(50);
  }
}

async function call(
  url: string,
  wish: { method?: string; json?: unknown; form?: FormData },
): Promise<Answer> {
  const body = wish.form ?? (wish.json === undefined ? undefined : JSON.stringify(wish.json));
  const response = await fetch(url, {
    method: wish.method ?? (body === undefined ? "GET" : "POST"),
    headers: wish.json === undefined ? headers : { ...headers, "content-type": "application/json" },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${new URL(url).pathname}: ${response.status} ${text}`);
  return { status: response.status, body: JSON.parse(text) as Record<string, unknown> };
}

/** Times in milliseconds from when each request was due. */
async function offer(url: string, path: string, seconds: number) {
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

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const ended = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGTERM");
  await ended;
}

await main();
