/** The inside of a worker thread: files come in, extractions go out, one at a time. */

import { parentPort, workerData } from "node:worker_threads";
import { extractFile } from "./extract-file.ts";
import type { ReadStatements } from "./extract-file.ts";
import { createPdfium } from "./pdfium.ts";
import { toWire } from "./wire.ts";
import type { WireExtraction } from "./wire.ts";

/** What a worker is started with. */
export interface WorkerStart {
  /** PDFium, compiled. */
  module: WebAssembly.Module;
}

export interface FileTask {
  bytes: Uint8Array;
  password: string | null;
  maxPages: number;
  /** Whether to send `page` messages. */
  progress: boolean;
}

export type WorkerMessage =
  | { kind: "ready" }
  | { kind: "page"; done: number; total: number }
  | { kind: "done"; extraction: WireExtraction; retire: boolean };

function isStart(data: unknown): data is WorkerStart {
  return data instanceof Object && "module" in data && data.module instanceof WebAssembly.Module;
}

/** Runs a worker thread that `pool.ts` started; `read` turns words into statements. */
export async function serve(read: ReadStatements): Promise<void> {
  const port = parentPort;
  const start: unknown = workerData;
  if (port === null || !isStart(start)) throw new Error("this file runs as a worker of the pool");
  const send = (message: WorkerMessage): void => {
    port.postMessage(message);
  };
  const pdfium = await createPdfium(start.module);
  port.on("message", (task: FileTask) => {
    const { bytes, password, maxPages, progress } = task;
    const onPage = (done: number, total: number): void => {
      send({ kind: "page", done, total });
    };
    const options = progress ? { password, maxPages, onPage } : { password, maxPages };
    const { extraction, retire } = extractFile(pdfium, bytes, options, read);
    send({ kind: "done", extraction: toWire(extraction), retire });
  });
  send({ kind: "ready" });
}
