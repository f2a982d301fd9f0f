import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { program } from "./embedded-binaries.ts";
import { command, own, type Launch, type RunAs } from "./embedded-root.ts";

/** The folder of the data folder that is PostgreSQL's own, and everything that is beside it. */
export const CLUSTER = "postgres";
export const LOG_FILE = "postgres.log";

/** What postmaster.pid says: its line 1, 5 and 8. */
export interface Postmaster {
  pid: number;
  socketDir: string;
  ready: boolean;
}

/** A Unix socket's path has room for 107 bytes on Linux and 103 on macOS. */
const SOCKET_PATH_MAX = 103;
const SOCKET_NAME = ".s.PGSQL.5432";

/** No process has this id: Linux ends at 4,194,304. */
const NOBODYS_PID = 2_147_483_646;

export function readPostmaster(cluster: string): Postmaster | undefined {
  let text: string;
  try {
    text = readFileSync(join(cluster, "postmaster.pid"), "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  const lines = text.split("\n");
  return {
    pid: Math.abs(Number(lines[0])),
    socketDir: lines[4] ?? "",
    ready: (lines[7] ?? "").startsWith("ready"),
  };
}

/**
 * Whether the process `pid` is a postmaster that runs this cluster: a number in postmaster.pid proves
 * nothing, another process may have it by now. Its command line does (`-D <cluster>`, as we start it),
 * and everybody may read that, also where the process belongs to another user. A zombie's is empty.
 */
export function isPostmasterOf(pid: number, cluster: string): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 1) return false;
  if (process.platform === "linux") {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
      return words[words.indexOf("-D") + 1] === cluster;
    } catch (error) {
      // ESRCH where the process ends while we read.
      if (isMissing(error)) return false;
      throw error;
    }
  }
  const { stdout } = spawnSync("ps", ["-ww", "-o", "command=", "-p", String(pid)], { encoding: "utf8" });
  return (stdout ?? "").includes(`-D ${cluster} `);
}

/**
 * Makes the pid file of a dead postmaster harmless. PostgreSQL refuses to start while *some* process
 * has that number; it also keeps the shared memory's key there, by which it sees backends that
 * outlived their postmaster. So only the number is replaced.
 */
export function disownPidFile(cluster: string): void {
  const file = join(cluster, "postmaster.pid");
  const rest = readFileSync(file, "utf8").split("\n").slice(1);
  writeFileSync(file, [NOBODYS_PID, ...rest].join("\n"));
}

/** Backends that outlived their postmaster: they work in the cluster's folder. Linux only; else none. */
export function orphansOf(cluster: string): number[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => worksIn(pid, cluster));
}

/**
 * Makes a cluster under a name of its own and renames it when it is whole, so that an initdb that was
 * killed half way leaves only rubbish, which is cleared here. The caller holds the start lock.
 */
export async function initialise(launch: Launch): Promise<void> {
  const { home, runAs, binaries } = launch;
  for (const name of readdirSync(home)) {
    if (name.startsWith(`${CLUSTER}.new-`)) rmSync(join(home, name), { recursive: true, force: true });
  }
  const unfinished = mkdtempSync(join(home, `${CLUSTER}.new-`));
  own(runAs, unfinished);
  const [file, args, options] = command(runAs, program(binaries, "initdb"), [
    `--pgdata=${unfinished}`,
    "--username=postgres",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    // The socket lies in a folder that only its owner may enter: that is the lock on the door.
    "--auth-local=trust",
    "--auth-host=reject",
    "--no-instructions",
  ]);
  const child = spawn(file, args, {
    ...options,
    cwd: "/",
    env: childEnvironment(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stdout?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code !== 0) {
    rmSync(unfinished, { recursive: true, force: true });
    throw new Error(`initdb failed (${code}): ${said.trim().split("\n").slice(-5).join(" | ")}`);
  }
  renameSync(unfinished, join(home, CLUSTER));
}

/**
 * A private folder for the socket whose path is short, however long the data folder's is. The same
 * cluster gets the same folder, so that connections find a restarted server where the old one was.
 */
export function socketFolder(cluster: string, runAs: RunAs): string {
  const hash = createHash("sha256").update(cluster).digest("hex").slice(0, 16);
  const base = fits(join(tmpdir(), `bankbell-${hash}-123456`)) ? tmpdir() : "/tmp";
  const folder = join(base, `bankbell-${hash}`);
  const uid = runAs.kind === "user" ? runAs.uid : process.getuid?.();
  try {
    mkdirSync(folder, { mode: 0o700 });
    if (runAs.kind === "user") chownSync(folder, runAs.uid, runAs.gid);
    return folder;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  const found = lstatSync(folder);
  const ours = found.isDirectory() && (uid === undefined || found.uid === uid) && (found.mode & 0o077) === 0;
  if (ours) {
    // The caller knows that no postmaster lives; a lock file with a pid that is in use again would stop it.
    rmSync(join(folder, SOCKET_NAME), { force: true });
    rmSync(join(folder, `${SOCKET_NAME}.lock`), { force: true });
    return folder;
  }
  // Somebody else made it first (or it was left by another user's run): take one that nobody can foresee.
  const own = mkdtempSync(`${folder}-`);
  chmodSync(own, 0o700);
  if (runAs.kind === "user") chownSync(own, runAs.uid, runAs.gid);
  return own;
}

/** The version of PostgreSQL that made the cluster ("18"), or undefined where there is none yet. */
export function clusterVersion(cluster: string): string | undefined {
  const file = join(cluster, "PG_VERSION");
  return existsSync(file) ? readFileSync(file, "utf8").trim() : undefined;
}

export function childEnvironment(): NodeJS.ProcessEnv {
  const { PATH, SystemRoot, TMPDIR } = process.env;
  return { PATH, SystemRoot, TMPDIR, LC_ALL: "C", TZ: "UTC" };
}

function worksIn(pid: number, folder: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === folder;
  } catch {
    // Gone by now, or another user's, whose folder we may not ask for.
    return false;
  }
}

function fits(folder: string): boolean {
  return Buffer.byteLength(join(folder, SOCKET_NAME)) <= SOCKET_PATH_MAX;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ESRCH");
}
