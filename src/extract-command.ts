/** `bankbell extract`: the server's extraction on files of this machine, without a server. */

import { readFile, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { createProgress } from "./extract-progress.ts";
import type { Progress } from "./extract-progress.ts";
import { csvHeader, csvRows, outcomeError, toRecords } from "./extract-records.ts";
import type { FileOutcome } from "./extract-records.ts";
import { failureLine, statementTable } from "./extract-table.ts";
import type { TableStyle } from "./extract-table.ts";
import type { Sheet } from "./statement/report/types.ts";
import { findingsOf } from "./statement/fraud/check.ts";
import { createExtractor } from "./statement/pdf/pool.ts";
import type { Extractor } from "./statement/pdf/pool.ts";

export interface ExtractOutput {
  write(text: string): boolean;
  isTTY?: boolean;
  columns?: number;
}

export interface ExtractIo {
  stdout: ExtractOutput;
  stderr: ExtractOutput;
  env?: NodeJS.ProcessEnv;
  /** Relative paths are relative to it. */
  cwd?: string;
}

type Format = "table" | "json" | "csv";

interface Request {
  files: string[];
  format: Format;
  password: string | null;
  /** Where the report goes; null for none. */
  report: string | null;
}

const USAGE = `Usage: bankbell extract FILE… [--password P] [--format table|json|csv] [--report out.html]

Reads bank statements (PDF, XLSX, CSV, OFX, MT940, CAMT.053) and prints their transactions, each with how it
was proven.

  --password P   for encrypted files; other users of this machine can see it there,
                 the variable BANKBELL_PDF_PASSWORD they cannot
  --format F     table (default), json (one object per statement), csv (one line per transaction)
  --report OUT   also writes one HTML page that shows what was read of FILE, where it stands on each page of
                 a PDF, and why it is believed; for one file

Exit code: 0 every file was read, 1 a file failed, 2 wrong usage.
`;

/** Far above the server's limits: here it is the user's own time and machine. */
const MAX_PAGES = 5000;
const TIMEOUT_MS = 300_000;

const isFormat = (text: string): text is Format => ["table", "json", "csv"].includes(text);

/** The request, or what is wrong with the arguments. */
function parseRequest(argv: string[], env: NodeJS.ProcessEnv): Request | "help" | { wrong: string } {
  const options = {
    password: { type: "string" },
    format: { type: "string", default: "table" },
    report: { type: "string" },
    help: { type: "boolean", short: "h", default: false },
  } as const;
  try {
    const { values, positionals: files } = parseArgs({ args: argv, options, allowPositionals: true });
    if (values.help) return "help";
    if (files.length === 0) return { wrong: "No file is named." };
    const { format } = values;
    if (!isFormat(format)) return { wrong: `There is no format ${JSON.stringify(format)}.` };
    const report = values.report ?? null;
    if (report !== null && files.length > 1) return { wrong: "A report shows one file." };
    return { files, format, report, password: values.password ?? env["BANKBELL_PDF_PASSWORD"] ?? null };
  } catch (error) {
    // parseArgs names the argument that it does not know.
    if (error instanceof TypeError) return { wrong: error.message };
    throw error;
  }
}

const FILE_FAULTS: Record<string, string> = {
  ENOENT: "There is no such file",
  EISDIR: "It is a folder",
  EACCES: "It may not be read",
};

/** A file's answer, and its pages where a report is wanted. */
interface FileRead {
  outcome: FileOutcome;
  sheets: Sheet[];
}

async function readOne(
  extractor: Extractor,
  file: string,
  request: Request,
  io: ExtractIo,
  progress: Progress,
): Promise<FileRead> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(resolve(io.cwd ?? ".", file));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    progress.fileDone(file);
    return { outcome: { file, unreadable: FILE_FAULTS[code] ?? `It cannot be read (${code})` }, sheets: [] };
  }
  const options = { password: request.password, maxPages: MAX_PAGES, timeoutMs: TIMEOUT_MS };
  const onPage = (done: number, total: number): void => progress.page(file, done, total);
  let sheets: Sheet[] = [];
  const onSheets = (drawn: Sheet[]): void => {
    sheets = drawn;
  };
  const hooks = { transfer: true, onPage, ...(request.report === null ? {} : { onSheets }) };
  const extraction = await extractor.extract(bytes, options, hooks);
  progress.fileDone(file);
  return { outcome: { file, extraction }, sheets };
}

/** Whether it could be written. It holds personal data: nobody else on this machine may read it. */
async function writeReport({ outcome, sheets }: FileRead, path: string, io: ExtractIo): Promise<boolean> {
  // The fault was printed; there is nothing to show.
  if ("unreadable" in outcome) return false;
  const { reportPage } = await import("./extract-report.ts");
  try {
    const page = reportPage(outcome.file, outcome.extraction, sheets);
    await writeFile(resolve(io.cwd ?? ".", path), page, { mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    io.stderr.write(`The report cannot be written to ${path} (${String(error.code)})\n`);
    return false;
  }
  io.stderr.write(`Report: ${path}\n`);
  return true;
}

/** Prints outcomes as they come, in the order of the files. */
interface Printer {
  outcome(outcome: FileOutcome): void;
  end(): void;
}

function tablePrinter(io: ExtractIo): Printer {
  const colour = (output: ExtractOutput): boolean => output.isTTY === true && !io.env?.["NO_COLOR"];
  const style: TableStyle = {
    colour: colour(io.stdout),
    width: io.stdout.isTTY === true ? (io.stdout.columns ?? 100) : null,
  };
  let first = true;
  return {
    outcome(outcome) {
      const error = outcomeError(outcome);
      if (error !== null) io.stderr.write(failureLine(outcome.file, error, colour(io.stderr)));
      if ("unreadable" in outcome || !outcome.extraction.ok) return;
      const { statements, findings = [] } = outcome.extraction;
      for (const [index, statement] of statements.entries()) {
        const table = statementTable(outcome.file, statement, style, findingsOf(findings, index));
        io.stdout.write((first ? "" : "\n") + table);
        first = false;
      }
    },
    end() {},
  };
}

function csvPrinter(io: ExtractIo): Printer {
  io.stdout.write(csvHeader());
  return {
    outcome(outcome) {
      const error = outcomeError(outcome);
      if (error !== null) io.stderr.write(failureLine(outcome.file, error, false));
      for (const record of toRecords(outcome)) io.stdout.write(csvRows(record));
    },
    end() {},
  };
}

/** An array that is written piece by piece: thousands of files need not fit into memory. */
function jsonPrinter(io: ExtractIo): Printer {
  let before = "[\n";
  return {
    outcome(outcome) {
      for (const record of toRecords(outcome)) {
        io.stdout.write(before + JSON.stringify(record, null, 2));
        before = ",\n";
      }
    },
    end() {
      io.stdout.write("\n]\n");
    },
  };
}

const PRINTERS = { table: tablePrinter, csv: csvPrinter, json: jsonPrinter };

/** Whether every file was read. */
async function extractAll(request: Request, io: ExtractIo, progress: Progress): Promise<boolean> {
  const { files } = request;
  const workers = Math.min(files.length, availableParallelism());
  const extractor = createExtractor({ workers });
  const printer = PRINTERS[request.format](io);
  let allRead = true;
  let reported = true;
  try {
    const running: Promise<FileRead>[] = [];
    // One file more than there are workers is on its way, so that none of them waits for the disk.
    for (let at = 0; at < files.length + workers; at += 1) {
      const file = files[at];
      if (file !== undefined) running.push(readOne(extractor, file, request, io, progress));
      const next = at < workers ? undefined : running.shift();
      if (next === undefined) continue;
      const read = await next;
      progress.clear();
      allRead &&= outcomeError(read.outcome) === null;
      printer.outcome(read.outcome);
      if (request.report !== null) reported = await writeReport(read, request.report, io);
    }
    printer.end();
  } finally {
    progress.clear();
    await extractor.close();
  }
  return allRead && reported;
}

/** 0 every file was read, 1 one failed, 2 wrong usage. */
export async function runExtract(argv: string[], io: ExtractIo): Promise<0 | 1 | 2> {
  const request = parseRequest(argv, io.env ?? {});
  if (request === "help") {
    io.stdout.write(USAGE);
    return 0;
  }
  if ("wrong" in request) {
    io.stderr.write(`${request.wrong}\n\n${USAGE}`);
    return 2;
  }
  const terminal = io.stderr.isTTY === true;
  const progress = createProgress(request.files.length, (text) => {
    if (terminal) io.stderr.write(text);
  });
  return (await extractAll(request, io, progress)) ? 0 : 1;
}
