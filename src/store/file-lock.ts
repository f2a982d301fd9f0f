import { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";

/**
 * Locks between processes that the kernel drops when the holder dies, however it dies.
 * Node has no flock; SQLite's own file locks (fcntl, LockFileEx) are the portable way to one that
 * comes with Node. The file stays empty: only its locks are used.
 */
export interface FileLock {
  release(): void;
}

const SQLITE_BUSY = 5;

/** Takes the lock at once or answers undefined. `shared` holders exclude `exclusive` ones and nobody else. */
export function tryLock(path: string, mode: "shared" | "exclusive"): FileLock | undefined {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    if (mode === "exclusive") {
      database.exec("begin exclusive");
    } else {
      // A deferred transaction takes its shared lock with its first read.
      database.exec("begin");
      database.prepare("select count(*) from sqlite_master").get();
    }
  } catch (error) {
    database.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
  return { release: () => database.close() };
}

/** Waits for the lock; looks every 10 ms. Throws after `timeoutMs`. */
export async function lock(
  path: string,
  mode: "shared" | "exclusive",
  timeoutMs = 120_000,
): Promise<FileLock> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const held = tryLock(path, mode);
    if (held !== undefined) return held;
    if (performance.now() > deadline) throw new Error(`${path} stayed locked for ${timeoutMs} ms`);
    await pause(10);
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY;
}
