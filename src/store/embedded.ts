import { spawn, type ChildProcess } from "node:child_process";
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Client, DatabaseError, type PoolConfig } from "pg";
import { findBinaries, program } from "./embedded-binaries.ts";
import {
  CLUSTER,
  LOG_FILE,
  childEnvironment,
  clusterVersion,
  disownPidFile,
  initialise,
  isPostmasterOf,
  orphansOf,
  readPostmaster,
  socketFolder,
} from "./embedded-cluster.ts";
import { command, own, planLaunch, type Identity, type Launch } from "./embedded-root.ts";
import { lock, tryLock, type FileLock } from "./file-lock.ts";
import type { Log } from "./log.ts";

/**
 * A PostgreSQL of our own below the data folder:
 *   postgres/        the cluster
 *   postgres.log     what it says (and postgres.log.1)
 *   postgres.start   lock: held while somebody starts or stops it
 *   postgres.users   lock: shared by every process that uses it; the last one may stop it
 * It runs detached, so it outlives a killed server and is adopted by the next one.
 */
export interface EmbeddedPostgres {
  socketDir: string;
  /** For `pg`: folder of the socket, user and database. */
  connection: PoolConfig;
  /** True where it was running already. */
  adopted: boolean;
  pid(): number;
  /** Stops it, unless another process still uses it. Call last: connections are cut. A second call waits for the first. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Made when missing; ours alone. */
  dataDir: string;
  log: Log;
  /** Server settings on top of ours, such as `fsync: "off"` in tests. */
  settings?: Record<string, string>;
  /** Who we are; tests pretend. */
  identity?: Identity;
}

interface Running {
  pid: number;
  socketDir: string;
}

/** A full checkpoint of a small server takes well under this; then it is cut and recovers at its next start. */
const STOP_TIMEOUT_MS = 60_000;
const LOG_MAX_BYTES = 10_000_000;
/** Between looks at a server that should run. */
const WATCH_MS = 1000;

/**
 * Made for one small server. Durability is PostgreSQL's own default: full.
 * `terse` and the two silenced settings keep statements' values, and with them personal data, out of the log.
 */
const SETTINGS: Record<string, string> = {
  listen_addresses: "",
  unix_socket_permissions: "0700",
  shared_buffers: "96MB",
  max_connections: "100",
  // Nobody replicates from an embedded server: less to write, no sender processes.
  wal_level: "minimal",
  max_wal_senders: "0",
  max_wal_size: "512MB",
  // Parallel plans need /dev/shm, of which a container has 64 MB, and more cores than we count on.
  max_parallel_workers_per_gather: "0",
  jit: "off",
  // The queue's rows live for seconds; a minute between looks lets its index swell.
  autovacuum_naptime: "15s",
  timezone: "UTC",
  log_timezone: "UTC",
  log_line_prefix: "%m [%p] ",
  log_error_verbosity: "terse",
  log_min_error_statement: "panic",
};

/**
 * Starts the database of a data folder, or adopts it where it runs already.
 * Throws where there is no PostgreSQL for this machine, where the folder belongs to somebody else, and where
 * another major version made the cluster.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const { log } = options;
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  const dataDir = realpathSync(options.dataDir);
  const launch = planLaunch(dataDir, CLUSTER, findBinaries(), options.identity);
  if (launch.home !== dataDir) {
    log.warn(
      { dataDir, home: launch.home },
      "the database's user cannot reach the data folder; using another",
    );
  }
  const settings = { ...SETTINGS, ...options.settings };
  const locks = { start: join(dataDir, "postgres.start"), users: join(dataDir, "postgres.users") };

  const start = await lock(locks.start, "exclusive");
  let running: Running & { adopted: boolean };
  let user: FileLock;
  try {
    running = await startOrAdopt(launch, settings, log);
    user = await lock(locks.users, "shared");
  } finally {
    start.release();
  }
  const watch = keepRunning(launch, settings, locks.start, running, log);
  const stop = async (): Promise<void> => {
    watch.end();
    const stopping = await lock(locks.start, "exclusive");
    try {
      user.release();
      const last = tryLock(locks.users, "exclusive");
      if (last === undefined) {
        log.info({ pid: running.pid }, "the database stays: another process uses it");
        return;
      }
      last.release();
      const cluster = join(launch.home, CLUSTER);
      // Another user of it may have started it again since.
      await stopPostmaster(readPostmaster(cluster)?.pid ?? running.pid, cluster, log);
      rmSync(running.socketDir, { recursive: true, force: true });
    } finally {
      stopping.release();
    }
  };
  let stopped: Promise<void> | undefined;
  return {
    socketDir: running.socketDir,
    connection: { host: running.socketDir, port: 5432, user: "postgres", database: "postgres" },
    adopted: running.adopted,
    pid: () => running.pid,
    stop: () => (stopped ??= stop()),
  };
}

/** Under the start lock. */
async function startOrAdopt(
  launch: Launch,
  settings: Record<string, string>,
  log: Log,
): Promise<Running & { adopted: boolean }> {
  const cluster = join(launch.home, CLUSTER);
  const began = performance.now();
  const version = clusterVersion(cluster);
  if (version === undefined) {
    await initialise(launch);
    log.info({ ms: Math.round(performance.now() - began) }, "database initialised");
  } else if (version !== launch.binaries.version.split(".")[0]) {
    throw new Error(
      `${cluster} was made by PostgreSQL ${version}, this program brings ${launch.binaries.version}. ` +
        "Take a backup with the program that made it and restore it into an empty data folder.",
    );
  } else {
    const found = readPostmaster(cluster);
    if (found !== undefined && isPostmasterOf(found.pid, cluster)) {
      const lives = (): boolean => isPostmasterOf(found.pid, cluster);
      if (await becomesReady(found.pid, lives, cluster, log)) {
        log.info({ pid: found.pid, ms: Math.round(performance.now() - began) }, "database adopted");
        return {
          pid: found.pid,
          socketDir: readPostmaster(cluster)?.socketDir ?? found.socketDir,
          adopted: true,
        };
      }
      await stopPostmaster(found.pid, cluster, log);
    }
    if (readPostmaster(cluster) !== undefined) disownPidFile(cluster);
  }
  const running = await startPostmaster(launch, settings, log);
  log.info({ pid: running.pid, ms: Math.round(performance.now() - began) }, "database started");
  return { ...running, adopted: false };
}

async function startPostmaster(launch: Launch, settings: Record<string, string>, log: Log): Promise<Running> {
  const { runAs, home, binaries } = launch;
  const cluster = join(home, CLUSTER);
  own(runAs, cluster);
  const socketDir = socketFolder(cluster, runAs);
  const all = { ...settings, unix_socket_directories: socketDir };
  const args = ["-D", cluster, ...Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
  const [file, words, options] = command(runAs, program(binaries, "postgres"), args);

  for (let attempt = 1; ; attempt++) {
    const logFile = openLog(join(home, LOG_FILE));
    const child = spawn(file, words, {
      ...options,
      cwd: "/",
      detached: true,
      env: childEnvironment(),
      stdio: ["ignore", logFile.fd, logFile.fd],
    });
    closeSync(logFile.fd);
    const pid = await startedPid(child);
    // Not by its command line: that is empty for the moment in which unshare becomes postgres.
    const lives = (): boolean => child.exitCode === null && child.signalCode === null;
    if (await becomesReady(pid, lives, cluster, log)) {
      child.unref();
      return { pid, socketDir };
    }
    const said = readFileSync(logFile.path).subarray(logFile.bytes).toString();
    // Backends of a killed postmaster hold its shared memory until they notice, or until they are told.
    if (!said.includes("shared memory block") || attempt === 100) {
      throw new Error(`PostgreSQL did not start: ${said.trim().split("\n").slice(-5).join(" | ")}`);
    }
    for (const orphan of orphansOf(cluster)) signal(orphan, "SIGQUIT");
    await pause(50);
  }
}

/** Resolves true once the postmaster answers queries, false once it is gone or does not answer on its socket. */
async function becomesReady(pid: number, lives: () => boolean, cluster: string, log: Log): Promise<boolean> {
  const began = performance.now();
  let nextNote = 10_000;
  for (;;) {
    const now = readPostmaster(cluster);
    if (now?.pid === pid && now.ready) return answers(now.socketDir);
    if (!lives()) return false;
    if (performance.now() - began > nextNote) {
      log.warn({ pid, seconds: nextNote / 1000 }, "the database is still recovering");
      nextNote += 10_000;
    }
    await pause(3);
  }
}

/** False where the socket is gone, as after a tmp cleaner; the file says ready all the same. */
async function answers(socketDir: string): Promise<boolean> {
  const client = new Client({
    host: socketDir,
    user: "postgres",
    database: "postgres",
    connectionTimeoutMillis: 10_000,
  });
  // It says what connect() and end() reject with; without a listener it would end the process.
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.end();
    return true;
  } catch (error) {
    // A full or just stopping server still answers: with an error that has an SQLSTATE.
    return error instanceof DatabaseError;
  }
}

async function stopPostmaster(pid: number, cluster: string, log: Log): Promise<void> {
  const began = performance.now();
  if (!isPostmasterOf(pid, cluster)) return;
  // SIGINT is PostgreSQL's fast shutdown: cut the sessions, write everything, go.
  signal(pid, "SIGINT");
  let cut = false;
  while (isPostmasterOf(pid, cluster)) {
    if (!cut && performance.now() - began > STOP_TIMEOUT_MS) {
      log.warn({ pid }, "the database did not stop in time; cutting it, it recovers at its next start");
      signal(pid, "SIGQUIT");
      cut = true;
    }
    await pause(3);
  }
  log.info({ pid, ms: Math.round(performance.now() - began) }, "database stopped");
}

/** Starts the database again when it dies under a living server; connections find it at the same place. */
function keepRunning(
  launch: Launch,
  settings: Record<string, string>,
  startLock: string,
  running: Running,
  log: Log,
): { end(): void } {
  const cluster = join(launch.home, CLUSTER);
  let busy = false;
  let ended = false;
  const look = async (): Promise<void> => {
    if (busy || isPostmasterOf(running.pid, cluster)) return;
    busy = true;
    const start = await lock(startLock, "exclusive");
    try {
      if (ended) return;
      log.warn({ pid: running.pid }, "the database died; starting it again");
      Object.assign(running, await startOrAdopt(launch, settings, log));
    } finally {
      start.release();
      busy = false;
    }
  };
  const timer = setInterval(() => {
    look().catch((error: unknown) => log.error({ err: error }, "the database could not be started again"));
  }, WATCH_MS);
  timer.unref();
  return {
    end: () => {
      ended = true;
      clearInterval(timer);
    },
  };
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

function startedPid(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("spawn", () => resolve(child.pid ?? -1));
  });
}

function openLog(path: string): { fd: number; path: string; bytes: number } {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > LOG_MAX_BYTES) renameSync(path, `${path}.1`);
  return { fd: openSync(path, "a", 0o600), path, bytes: statSync(path).size };
}
