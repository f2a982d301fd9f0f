/**
 * Debian's PostgreSQL 15 in a temporary folder, on a socket: the oldest server that we support, and the
 * only one here with pg_dump. As root it runs as another user, like the embedded one.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { PoolConfig } from "pg";
import { readPostmaster } from "../src/store/embedded-cluster.ts";
import { command, own, planLaunch } from "../src/store/embedded-root.ts";

const ROOT = "/usr/lib/postgresql/15";
const START_TIMEOUT_MS = 30_000;

export interface Postgres15 {
  connection: PoolConfig;
  url: string;
  /** Runs one of its programs (pg_dump) against it and answers what that printed. */
  client(name: string, args: string[]): string;
  stop(): Promise<void>;
}

export function hasPostgres15(): boolean {
  return existsSync(join(ROOT, "bin", "postgres"));
}

/** Where it is missing: says so; the exit code is 0 on a developer's machine and 1 in CI, which installs it. */
export function whereToGetIt(): 0 | 1 {
  process.stdout.write(`skipped: PostgreSQL 15 is not in ${ROOT} (Debian: apt-get install postgresql-15)\n`);
  return process.env["CI"] === undefined ? 0 : 1;
}

export async function startPostgres15(): Promise<Postgres15> {
  const home = mkdtempSync(join(tmpdir(), "bankbell-15-"));
  const { runAs } = planLaunch(home, "data", { root: ROOT, version: "15" });
  own(runAs, home);
  const data = join(home, "data");
  const launch = (name: string, args: string[]) => command(runAs, join(ROOT, "bin", name), args);

  const [initdb, initArgs, initOptions] = launch("initdb", [
    `--pgdata=${data}`,
    "--username=postgres",
    "--auth=trust",
    "--encoding=UTF8",
    "--locale=C",
    "--no-sync",
  ]);
  const made = spawnSync(initdb, initArgs, { ...initOptions, cwd: "/", encoding: "utf8" });
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);

  const settings = [
    "listen_addresses=",
    `unix_socket_directories=${home}`,
    "fsync=off",
    "max_connections=200",
  ];
  const [postgres, args, options] = launch("postgres", ["-D", data, ...settings.flatMap((it) => ["-c", it])]);
  const child = spawn(postgres, args, { ...options, cwd: "/", stdio: "ignore" });
  const exited = new Promise<void>((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", () => resolve());
  });
  const began = performance.now();
  while (readPostmaster(data)?.ready !== true) {
    if (child.exitCode !== null || performance.now() - began > START_TIMEOUT_MS) {
      throw new Error("PostgreSQL 15 did not start");
    }
    await pause(10);
  }
  return {
    connection: { host: home, port: 5432, user: "postgres", database: "postgres" },
    url: `postgresql://postgres@${encodeURIComponent(home)}/postgres`,
    client: (name, clientArgs) => {
      const file = join(ROOT, "bin", name);
      const all = ["--host", home, "--username", "postgres", ...clientArgs];
      const { status, stdout, stderr } = spawnSync(file, all, {
        encoding: "utf8",
        maxBuffer: 64 * 1024 * 1024,
      });
      if (status !== 0) throw new Error(`${name} failed: ${stderr}`);
      return stdout;
    },
    stop: async () => {
      child.kill("SIGINT");
      await exited;
      rmSync(home, { recursive: true, force: true });
    },
  };
}
