/** A server of one's own: a child process with an empty database in a temporary folder. For the demo, benches and tests. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { createBankbellClient, type BankbellClient } from "../sdk/index.ts";
import { newKeys, type FirstKeys } from "./first-start.ts";

export interface ChildServer {
  url: string;
  keys: FirstKeys;
  client: BankbellClient;
  dataDir: string;
  process: ChildProcess;
  /** What it printed for people. */
  printed(): string;
  /** SIGTERM, then the end of the process; its folder goes too unless it is kept. */
  stop(options?: { keepData?: boolean }): Promise<void>;
}

export interface ChildServerOptions {
  /** Settings on top of ours. */
  env?: Record<string, string>;
  /** After `serve`, such as `["--roles", "http"]`: http must be among them. */
  args?: readonly string[];
  /** Gets what it logs; without one it goes to our stderr. */
  onLog?: (text: string) => void;
  /** Of an earlier one, to start again on its data. */
  again?: Pick<ChildServer, "url" | "keys" | "dataDir">;
}

const MAIN = join(import.meta.dirname, "main.ts");
const START_MS = 60_000;

/** Resolves when it is ready. Throws where it ends before that. */
export async function startChildServer(options: ChildServerOptions = {}): Promise<ChildServer> {
  const keys = options.again?.keys ?? newKeys({ apiKey: null, serverHash: null, webhookSecret: null });
  const dataDir = options.again?.dataDir ?? (await mkdtemp(join(tmpdir(), "bankbell-own-")));
  const url = options.again?.url ?? `http://localhost:${await freePort()}`;
  const command = ["--max-semi-space-size=4", MAIN, "serve", ...(options.args ?? [])];
  const child = spawn(process.execPath, command, {
    stdio: ["ignore", "pipe", options.onLog ? "pipe" : "inherit"],
    // Not of our process group: Ctrl-C is ours, and we stop it and clear up behind it.
    detached: true,
    env: { ...plainEnvironment(), ...settings(new URL(url).port, dataDir, keys), ...options.env },
  });
  let printed = "";
  child.stdout?.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => options.onLog?.(chunk.toString()));
  const server: ChildServer = {
    url,
    keys,
    client: createBankbellClient({ baseUrl: url, ...keys }),
    dataDir,
    process: child,
    printed: () => printed,
    async stop({ keepData = false } = {}) {
      await endOf(child);
      // An interrupted first start may leave initdb writing for a moment.
      if (!keepData) await rm(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    },
  };
  try {
    await untilReady(url, child);
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Of our environment only what a program needs to run: our settings are for our server. */
function plainEnvironment(): Record<string, string | undefined> {
  const { PATH, HOME, TMPDIR, LANG, TZ, NODE_COMPILE_CACHE, MALLOC_ARENA_MAX } = process.env;
  return { PATH, HOME, TMPDIR, LANG, TZ, NODE_COMPILE_CACHE, MALLOC_ARENA_MAX };
}

function settings(port: string, dataDir: string, keys: FirstKeys): Record<string, string> {
  return {
    PORT: port,
    BANKBELL_DATA_DIR: dataDir,
    BANKBELL_API_KEY: keys.apiKey,
    BANKBELL_SERVER_HASH: keys.serverHash,
    BANKBELL_WEBHOOK_SECRET: keys.webhookSecret,
    BANKBELL_LOG_LEVEL: "error",
    BANKBELL_ORION: "off",
  };
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (typeof address !== "object" || !address) throw new Error("There is no free port.");
  return address.port;
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + START_MS;
  while (performance.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode} while it started.`);
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await pause(50);
  }
  throw new Error(`The server is not ready after ${START_MS / 1000} s.`);
}

async function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}
