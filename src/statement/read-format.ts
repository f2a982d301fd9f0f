/** Files that are no PDF, to an extraction. */
import { readCamt } from "./camt.ts";
import { readCsv } from "./csv.ts";
import type { Format } from "./format.ts";
import { readGrids } from "./grid.ts";
import { NO_METADATA } from "./ledger.ts";
import { readMt940 } from "./mt940.ts";
import { readOfx } from "./ofx.ts";
import { readWorkbook } from "./spreadsheet.ts";
import type { DocumentMetadata, Extraction, ExtractionError, Statement } from "./types.ts";
import { Damaged, TooLarge, Unreadable } from "./unreadable.ts";

export type OtherFormat = Exclude<Format, { kind: "pdf" | "unknown" }>;

interface ReadFile {
  statements: Statement[];
  /** Sheets of a workbook; a text file is one page. */
  pageCount: number;
  metadata: DocumentMetadata;
}

/** Never rejects for what the file contains; a fault of this program passes through. */
export async function readFormat(
  format: OtherFormat,
  bytes: Uint8Array,
  maxPages: number,
): Promise<Extraction> {
  try {
    const file = await read(format, bytes, maxPages);
    if ("code" in file) return refused(file);
    const { statements, pageCount, metadata } = file;
    if (statements.length > 0) return { ok: true, statements, pageCount, metadata };
    const message = "No table of transactions was found";
    return {
      ...refused({ stage: "table", code: "STATEMENT_NO_TRANSACTIONS", message }),
      pageCount,
      metadata,
    };
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === null) throw error;
    return refused(refusal);
  }
}

const refused = (error: ExtractionError): Extract<Extraction, { ok: false }> => ({
  ok: false,
  error,
  pageCount: null,
  metadata: null,
});

async function read(
  format: OtherFormat,
  bytes: Uint8Array,
  maxPages: number,
): Promise<ReadFile | ExtractionError> {
  switch (format.kind) {
    case "zip":
      return readZip(bytes, maxPages);
    case "ole":
      return unsupported(format.encrypted ? LOCKED : OLD, format.encrypted);
    case "markup":
      return unsupported("The file is a page or a message of a kind that is not read", false);
    case "ofx":
      return text(readOfx(format.text));
    case "mt940":
      return text(readMt940(format.text));
    case "camt":
      return text(readCamt(format.text));
    case "csv":
      return text(readGrids([readCsv(format.text, format.delimiter)], NO_METADATA));
  }
}

const OLD = "The file is of an old Office format; save the workbook as XLSX";
const LOCKED = "The workbook is protected by a password; save it without one";

const text = (statements: Statement[]): ReadFile => ({ statements, pageCount: 1, metadata: NO_METADATA });

/** A workbook's password opens nothing here: asking for one (`PASSWORD_INCORRECT`) would lead nowhere. */
function unsupported(message: string, security: boolean): ExtractionError {
  const error: ExtractionError = { stage: "open", code: "STATEMENT_UNSUPPORTED_FORMAT", message };
  return security ? { ...error, reason: "security" } : error;
}

async function readZip(bytes: Uint8Array, maxPages: number): Promise<ReadFile | ExtractionError> {
  const workbook = await readWorkbook(bytes);
  if (workbook === null) return unsupported("The archive holds no workbook", false);
  const { grids, metadata } = workbook;
  const pageCount = grids.length;
  if (pageCount > maxPages) {
    const message = `The workbook has ${pageCount} sheets, at most ${maxPages} are read`;
    return { stage: "open", code: "STATEMENT_TOO_MANY_PAGES", message };
  }
  return { statements: readGrids(grids, metadata), pageCount, metadata };
}

/** Null for what is no fault of the file. */
function refusalOf(error: unknown): ExtractionError | null {
  if (error instanceof Unreadable) return { stage: "table", code: "UNPARSABLE", message: error.message };
  if (error instanceof TooLarge)
    return { stage: "limits", code: "EXTRACTION_FAILED", message: error.message };
  if (!(error instanceof Damaged)) return null;
  return { stage: "open", code: "STATEMENT_UNSUPPORTED_FORMAT", message: error.message, reason: "corrupt" };
}
