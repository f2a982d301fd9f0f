/** The inside of a worker thread: files come in, extractions go out, one at a time. */

import { parentPort, workerData } from "node:worker_threads";
import { extractFile, isDeath } from "./extract-file.ts";
import type { FileResult, ReadStatements } from "./extract-file.ts";
import { formatOf } from "../format.ts";
import { readFormat } from "../read-format.ts";
import type { Sheet } from "../report/types.ts";
import type { OpenOptions } from "./open.ts";
import { createPdfium } from "./pdfium.ts";
import { makeSheets } from "./sheets.ts";
import type { Pdfium } from "./pdfium.ts";
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
  /** Whether to send pictures of a PDF's pages and what stands where on them. */
  sheets: boolean;
}

export type WorkerMessage =
  | { kind: "ready" }
  | { kind: "page"; done: number; total: number }
  | { kind: "sheets"; sheets: Sheet[] }
  | { kind: "done"; extraction: WireExtraction; retire: boolean };

function isStart(data: unknown): data is WorkerStart {
  return data instanceof Object && "module" in data && data.module instanceof WebAssembly.Module;
}

/** A thread that has read a larger file of cells may hold its memory for long: drop it. */
const LARGE_BYTES = 4 * 2 ** 20;

/** Bytes of no known format are tried as a PDF, which says what is wrong with them. */
async function extract(
  pdfium: Pdfium,
  bytes: Uint8Array,
  options: OpenOptions,
  read: ReadStatements,
): Promise<FileResult> {
  const format = formatOf(bytes);
  if (format.kind === "pdf" || format.kind === "unknown") return extractFile(pdfium, bytes, options, read);
  const extraction = await readFormat(format, bytes, options.maxPages);
  return { extraction, retire: bytes.length > LARGE_BYTES };
}

const isPdf = (bytes: Uint8Array): boolean => {
  const { kind } = formatOf(bytes);
  return kind === "pdf" || kind === "unknown";
};

/** Null where PDFium gave up while it drew; what was read before still counts. */
function drawWithin(...args: Parameters<typeof makeSheets>): Sheet[] | null {
  try {
    return makeSheets(...args);
  } catch (error) {
    if (!isDeath(error)) throw error;
    return null;
  }
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
  const answer = async ({ bytes, password, maxPages, progress, sheets }: FileTask): Promise<void> => {
    const onPage = (done: number, total: number): void => {
      send({ kind: "page", done, total });
    };
    const options = progress ? { password, maxPages, onPage } : { password, maxPages };
    const { extraction, retire, document } = await extract(pdfium, bytes, options, read);
    if (!sheets || !isPdf(bytes)) {
      send({ kind: "done", extraction: toWire(extraction), retire });
      return;
    }
    const statements = extraction.ok ? extraction.statements : [];
    const drawn = drawWithin(
      pdfium,
      bytes,
      password,
      document === undefined ? null : { document, statements },
    );
    if (drawn !== null) send({ kind: "sheets", sheets: drawn });
    send({ kind: "done", extraction: toWire(extraction), retire: retire || drawn === null });
  };
  port.on("message", (task: FileTask) => {
    // What it throws is a fault of this program, and ends the thread.
    void answer(task);
  });
  send({ kind: "ready" });
}
