/** The whole way of one file inside one thread: bytes → words → statements. */

import type { Extraction, ExtractionError, TextDocument, Statement } from "../types.ts";
import { isPlausible } from "../exact.ts";
import { checkMetadata } from "../fraud/check.ts";
import { readHistory } from "./history.ts";
import { openPdf, refuse, unreadable } from "./open.ts";
import type { Opened, OpenOptions } from "./open.ts";
import type { Pdfium } from "./pdfium.ts";

/** An instance that holds more is dropped after the file: its memory never shrinks. A normal file needs 20. */
const KEEP_BYTES = 64 * 2 ** 20;

export type ReadStatements = (document: TextDocument) => Statement[];

export interface FileResult {
  extraction: Extraction;
  /** The instance is broken or has grown large: drop it. */
  retire: boolean;
  /** What was read, where a PDF gave statements. */
  document?: TextDocument;
}

/** Above this share of characters that a font does not name, what cannot be proven is not to be shown. */
const FEW_UNMAPPED = 0.02;
const HOLDS: ReadonlySet<string> = new Set(["proven", "partly", "rounding"]);

/** Within what an account holds; more is a misprint or made up, and would not fit where amounts are kept. */
function hasPlausibleMoney({
  openingBalance,
  closingBalance,
  transactions,
  verification,
}: Statement): boolean {
  const money = [openingBalance, closingBalance];
  for (const { amount, balance } of transactions) money.push(amount, balance);
  for (const { expected, printed } of verification.breaks) money.push(expected, printed);
  for (const { printed, computed } of verification.totals) money.push(printed, computed);
  return money.every((minor) => minor === null || isPlausible(minor));
}

/** Why the statements read are none: no table, amounts past belief, or in a font that does not say what it shows. */
function refusalOf(statements: readonly Statement[], unmapped: number): ExtractionError | null {
  const holds = statements.some(({ verification }) => HOLDS.has(verification.status));
  if (!holds && unmapped > FEW_UNMAPPED) return unreadable().error;
  if (!statements.every(hasPlausibleMoney))
    return refuse("table", "UNPARSABLE", "An amount is larger than any account holds").error;
  if (statements.length > 0) return null;
  return refuse("table", "STATEMENT_NO_TRANSACTIONS", "No table of transactions was found").error;
}

/** PDFium gave up: a trap, an allocation refused, the stack exhausted, or a C++ jump that nobody catches. */
export function isDeath(error: unknown): boolean {
  return (
    error instanceof WebAssembly.RuntimeError || error instanceof RangeError || !(error instanceof Error)
  );
}

const outOfLimits = (): Opened =>
  refuse("limits", "EXTRACTION_FAILED", "The file needs more memory than it may have, or is made to fail");

function openWithin(pdfium: Pdfium, bytes: Uint8Array, options: OpenOptions): Opened & { died?: true } {
  try {
    const opened = openPdf(pdfium, bytes, options);
    return pdfium.memoryRefused() ? { ...outOfLimits(), died: true } : opened;
  } catch (error) {
    if (!isDeath(error)) throw error;
    return { ...outOfLimits(), died: true };
  }
}

/**
 * Never throws for what the file contains; a fault of this program passes through. `read` turns words into
 * statements.
 */
export function extractFile(
  pdfium: Pdfium,
  bytes: Uint8Array,
  options: OpenOptions,
  read: ReadStatements,
): FileResult {
  const opened = openWithin(pdfium, bytes, options);
  const retire = opened.died === true || pdfium.heldBytes() > KEEP_BYTES;
  if (!opened.ok) {
    const { error, pageCount, metadata } = opened;
    return { extraction: { ok: false, error, pageCount, metadata }, retire };
  }
  const { document, pageCount, unmapped } = opened;
  const { metadata } = document;
  const statements = read(document);
  const error = refusalOf(statements, unmapped);
  if (error !== null) return { extraction: { ok: false, error, pageCount, metadata }, retire };
  const findings = checkMetadata(document, statements, readHistory(bytes));
  return { extraction: { ok: true, statements, pageCount, metadata, findings }, retire, document };
}
