/**
 * Worker threads that extract files, so that a hostile file costs its own answer and nothing else.
 *
 * A worker that passes its time, crashes, runs out of memory, or has grown large is ended and replaced by a
 * fresh one when there is work. Workers start on demand and end when idle.
 */

import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Sheet } from "../report/types.ts";
import type { Extraction, ExtractionOptions } from "../types.ts";
import { refuse } from "./open.ts";
import { compilePdfium } from "./pdfium.ts";
import { fromWire } from "./wire.ts";
import type { FileTask, WorkerMessage, WorkerStart } from "./serve.ts";

export interface ExtractorOptions {
  /** Threads at most; default one per core, at most 4 (each may hold 384 MiB + 256 MiB while it works). */
  workers?: number;
  /** Files that may wait; one more is refused at once. */
  maxQueue?: number;
  /** After so long without work a thread ends. */
  idleMs?: number;
  /** Told of faults of this program inside a worker (never of what a file contains). */
  onFault?: (error: Error) => void;
  /** The worker's entry, for tests. */
  entry?: URL;
}

export interface ExtractHooks {
  /** After each page, 1-based. */
  onPage?: (done: number, total: number) => void;
  /** Pictures of a PDF's pages with what stands where on them, before the answer; never for a file that ended its worker. */
  onSheets?: (sheets: Sheet[]) => void;
  /** The caller gives the bytes away: they are moved to the worker, not copied, and are empty afterwards. */
  transfer?: boolean;
}

export interface Extractor {
  /** Never rejects for what a file contains. Rejects after `close()`. */
  extract(bytes: Uint8Array, options: ExtractionOptions, hooks?: ExtractHooks): Promise<Extraction>;
  /** Threads that exist now. */
  threads(): number;
  /** Ends all workers; files under way are answered with `EXTRACTION_FAILED`. */
  close(): Promise<void>;
}

interface Job {
  bytes: Uint8Array;
  options: ExtractionOptions;
  hooks: ExtractHooks;
  settle(extraction: Extraction): void;
  reject(error: unknown): void;
}

interface Lane {
  worker: Worker;
  ready: boolean;
  job: Job | null;
  /** The running file's deadline, or the idle lane's end. */
  timer: NodeJS.Timeout | undefined;
}

interface Pool {
  limits: { workers: number; maxQueue: number; idleMs: number };
  entry: URL;
  onFault: (error: Error) => void;
  lanes: Set<Lane>;
  queue: Job[];
  module: Promise<WebAssembly.Module> | null;
  closed: boolean;
}

const DEFAULT_QUEUE = 256;
const DEFAULT_IDLE_MS = 10_000;
/** A worker starts in 60 ms here; a busy machine gets far longer before the start counts as failed. */
const START_MS = 30_000;
/** JavaScript memory of one worker: 500 dense pages take 100. WebAssembly memory is capped in the module. */
const HEAP_MB = 256;

const failed = (message: string): Extraction => {
  const { error } = refuse("limits", "EXTRACTION_FAILED", message);
  return { ok: false, error, pageCount: null, metadata: null };
};

function settle(lane: Lane, extraction: Extraction): void {
  const { job } = lane;
  lane.job = null;
  clearTimeout(lane.timer);
  job?.settle(extraction);
}

/** Ends a lane for good; its file, if any, gets `extraction`. */
function endLane(pool: Pool, lane: Lane, extraction: Extraction): void {
  if (!pool.lanes.delete(lane)) return;
  settle(lane, extraction);
  void lane.worker.terminate();
  if (pool.queue.length > 0) void work(pool);
}

function armDeadline(pool: Pool, lane: Lane, ms: number): void {
  clearTimeout(lane.timer);
  lane.timer = setTimeout(() => {
    endLane(pool, lane, failed(`The file took longer than ${lane.job?.options.timeoutMs ?? ms} ms`));
  }, ms);
}

function rest(pool: Pool, lane: Lane): void {
  lane.worker.unref();
  lane.timer = setTimeout(() => {
    endLane(pool, lane, failed("The worker was idle"));
    // The compiled module holds 20 MB and is compiled again in 25 ms.
    if (pool.lanes.size === 0) pool.module = null;
  }, pool.limits.idleMs);
  lane.timer.unref();
}

function give(pool: Pool, lane: Lane, job: Job): void {
  lane.job = job;
  lane.worker.ref();
  // Until the worker has started, its start is what is timed; the file's own time begins with `ready`.
  armDeadline(pool, lane, lane.ready ? job.options.timeoutMs : START_MS);
  const { password, maxPages } = job.options;
  const bytes = movable(job.bytes, job.hooks.transfer === true);
  const { onPage, onSheets } = job.hooks;
  const task: FileTask = {
    bytes,
    password,
    maxPages,
    progress: onPage !== undefined,
    sheets: onSheets !== undefined,
  };
  lane.worker.postMessage(task, [bytes.buffer]);
}

/**
 * Bytes with a buffer of their own that can be moved to a thread. A clone of a view would carry its whole
 * buffer along, and a small Buffer is a slice of one that Node shares.
 */
function movable(bytes: Uint8Array, given: boolean): Uint8Array<ArrayBuffer> {
  const { buffer } = bytes;
  if (given && buffer instanceof ArrayBuffer && bytes.byteLength === buffer.byteLength) {
    return new Uint8Array(buffer);
  }
  return new Uint8Array(bytes);
}

function hear(pool: Pool, lane: Lane, message: WorkerMessage): void {
  switch (message.kind) {
    case "ready":
      lane.ready = true;
      if (lane.job !== null) armDeadline(pool, lane, lane.job.options.timeoutMs);
      return;
    case "page":
      lane.job?.hooks.onPage?.(message.done, message.total);
      return;
    case "sheets":
      lane.job?.hooks.onSheets?.(message.sheets);
      return;
    case "done": {
      const extraction = fromWire(message.extraction);
      if (message.retire) {
        endLane(pool, lane, extraction);
        return;
      }
      settle(lane, extraction);
      const next = pool.queue.shift();
      if (next === undefined) rest(pool, lane);
      else give(pool, lane, next);
    }
  }
}

function startLane(pool: Pool, module: WebAssembly.Module): Lane {
  const start: WorkerStart = { module };
  const worker = new Worker(pool.entry, {
    workerData: start,
    // The thread that meets untrusted bytes sees no secrets.
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: 32 },
  });
  const lane: Lane = { worker, ready: false, job: null, timer: undefined };
  pool.lanes.add(lane);
  worker.on("message", (message: WorkerMessage) => {
    if (pool.lanes.has(lane)) hear(pool, lane, message);
  });
  worker.on("error", (error) => {
    const known = error instanceof Error ? error : new Error("a worker threw a value that is no error");
    if (!("code" in known && known.code === "ERR_WORKER_OUT_OF_MEMORY")) pool.onFault(known);
    endLane(pool, lane, failed("The worker failed on this file"));
  });
  worker.on("exit", () => {
    endLane(pool, lane, failed("The worker ended on this file"));
  });
  return lane;
}

/** Gives waiting files to idle lanes, then to new ones while there is room. */
function pump(pool: Pool, module: WebAssembly.Module): void {
  for (const lane of pool.lanes) {
    if (lane.job !== null) continue;
    const job = pool.queue.shift();
    if (job === undefined) return;
    give(pool, lane, job);
  }
  while (pool.lanes.size < pool.limits.workers) {
    const job = pool.queue.shift();
    if (job === undefined) return;
    give(pool, startLane(pool, module), job);
  }
}

/** PDFium is compiled for the first file; if that fails, the installation is broken and every file is told. */
async function work(pool: Pool): Promise<void> {
  try {
    pool.module ??= compilePdfium();
    pump(pool, await pool.module);
  } catch (error) {
    pool.module = null;
    for (const job of pool.queue.splice(0)) job.reject(error);
  }
}

function submit(
  pool: Pool,
  bytes: Uint8Array,
  options: ExtractionOptions,
  hooks: ExtractHooks,
): Promise<Extraction> {
  if (pool.closed) return Promise.reject(new Error("the extractor is closed"));
  if (pool.queue.length >= pool.limits.maxQueue) {
    return Promise.resolve(failed("Too many files are waiting"));
  }
  const { promise, resolve, reject } = Promise.withResolvers<Extraction>();
  pool.queue.push({ bytes, options, hooks, settle: resolve, reject });
  void work(pool);
  return promise;
}

async function close(pool: Pool): Promise<void> {
  pool.closed = true;
  const closing = failed("The extractor was closed");
  for (const job of pool.queue.splice(0)) job.settle(closing);
  const workers = [...pool.lanes].map((lane) => {
    pool.lanes.delete(lane);
    settle(lane, closing);
    return lane.worker.terminate();
  });
  await Promise.all(workers);
}

/** Nothing starts before the first file. */
export function createExtractor(options: ExtractorOptions = {}): Extractor {
  const pool: Pool = {
    limits: {
      workers: options.workers ?? Math.min(4, availableParallelism()),
      maxQueue: options.maxQueue ?? DEFAULT_QUEUE,
      idleMs: options.idleMs ?? DEFAULT_IDLE_MS,
    },
    entry: options.entry ?? new URL("worker.ts", import.meta.url),
    onFault: options.onFault ?? (() => {}),
    lanes: new Set(),
    queue: [],
    module: null,
    closed: false,
  };
  return {
    extract: (bytes, extraction, hooks = {}) => submit(pool, bytes, extraction, hooks),
    threads: () => pool.lanes.size,
    close: () => close(pool),
  };
}
