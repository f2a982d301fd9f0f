/** Statements with something wrong in their making, for this room's tests. All data invented. */

import { extractFile } from "../pdf/extract-file.ts";
import { compilePdfium, createPdfium } from "../pdf/pdfium.ts";
import type { Pdfium } from "../pdf/pdfium.ts";
import { makePdf, put } from "../pdf/testing.ts";
import { readStatements } from "../read.ts";
import type { MetadataFinding } from "./types.ts";

export interface Cell {
  page: number;
  row: number;
  column: "date" | "text" | "debit" | "credit" | "balance";
}

export interface Forgery {
  info?: PDFKit.DocumentInfo;
  pages?: number;
  rows?: number;
  /** Draws a cell another way; true where it did. */
  cell?: (doc: PDFKit.PDFDocument, cell: Cell, text: string, right: number, y: number) => boolean;
  /** The page's font. */
  font?: (page: number) => string;
}

const RIGHTS = { debit: 360, credit: 440, balance: 540 };
const money = (minor: number): string => (minor / 100).toFixed(2).replaceAll(/\B(?=(?:\d{3})+(?!\d))/g, ",");

export const MADE = new Date("2024-03-01T06:00:00Z");
const HONEST: PDFKit.DocumentInfo = {
  Producer: "iText 2.1.7 by 1T3XT",
  Creator: "Example core banking",
  CreationDate: MADE,
};

/** `text` with its right end at `right`. */
export function putRight(doc: PDFKit.PDFDocument, text: string, right: number, y: number): void {
  put(doc, text, right - doc.widthOfString(text), y);
}

/** An invented account in February 2024: one row after the other, debits and credits in turn. */
export async function statementPdf(forgery: Forgery = {}): Promise<Uint8Array> {
  const { pages = 1, rows = 8, cell = () => false, font = () => "Helvetica" } = forgery;
  const draw = (doc: PDFKit.PDFDocument): void => {
    let balance = 100_000;
    for (let page = 0; page < pages; page += 1) {
      if (page > 0) doc.addPage();
      doc.font(font(page)).fontSize(10);
      if (page === 0) drawHead(doc);
      putRow(doc, ["Date", "Description", "Debit", "Credit", "Balance"], 130);
      for (let row = 0; row < rows; row += 1) {
        const at = page * rows + row;
        const delta = at % 3 === 1 ? 123_400 + at * 1_711 : -(4_050 + at * 37);
        balance += delta;
        const y = 150 + row * 16;
        const day = Math.min(28, 1 + Math.floor((at * 28) / (pages * rows)));
        const texts = {
          date: `${String(day).padStart(2, "0")}/02/2024`,
          text: `Invented payment ${at}`,
          debit: delta < 0 ? money(-delta) : "",
          credit: delta > 0 ? money(delta) : "",
          balance: money(balance),
        };
        for (const column of ["date", "text", "debit", "credit", "balance"] as const) {
          const text = texts[column];
          if (text === "" || cell(doc, { page, row, column }, text, column === "date" || column === "text" ? 0 : RIGHTS[column], y)) continue; // prettier-ignore
          if (column === "date" || column === "text") put(doc, text, column === "date" ? 50 : 130, y);
          else putRight(doc, text, RIGHTS[column], y);
        }
      }
    }
  };
  return makePdf(draw, { info: { ...HONEST, ...forgery.info } });
}

function drawHead(doc: PDFKit.PDFDocument): void {
  put(doc, "EXAMPLE SAVINGS BANK", 50, 40);
  put(doc, "Account Number: 00112233445566   Currency: EUR", 50, 60);
  put(doc, "Statement Period: 01/02/2024 to 29/02/2024", 50, 75);
  put(doc, "Opening Balance: 1,000.00", 50, 90);
}

function putRow(doc: PDFKit.PDFDocument, texts: string[], y: number): void {
  const [date = "", text = "", debit = "", credit = "", balance = ""] = texts;
  put(doc, date, 50, y);
  put(doc, text, 130, y);
  putRight(doc, debit, RIGHTS.debit, y);
  putRight(doc, credit, RIGHTS.credit, y);
  putRight(doc, balance, RIGHTS.balance, y);
}

/** A version behind the file's own: objects as written, their numbers, and the entries of its trailer. */
export function withUpdate(
  bytes: Uint8Array,
  objects: [number: number, text: string][],
  trailer = "",
): Uint8Array {
  const before = Buffer.from(bytes).toString("latin1");
  const previous = Array.from(before.matchAll(/startxref\s+(\d+)/g)).at(-1)?.[1] ?? "0";
  const root = /\/Root (\d+ \d+ R)/.exec(before)?.[1] ?? "1 0 R";
  const size = /\/Size (\d+)/.exec(before)?.[1] ?? "1";
  let text = before.endsWith("\n") ? before : `${before}\n`;
  const entries = objects.map(([number, body]) => {
    const entry = `${number} 1\n${String(text.length).padStart(10, "0")} 00000 n \n`;
    text += `${number} 0 obj\n${body}\nendobj\n`;
    return entry;
  });
  const start = text.length;
  text += `xref\n${entries.join("")}trailer\n<< /Size ${size} /Root ${root} /Prev ${previous} ${trailer} >>\n`;
  text += `startxref\n${start}\n%%EOF\n`;
  return new Uint8Array(Buffer.from(text, "latin1"));
}

/** Number and text of the file's first object that `pattern` matches. */
export function objectLike(bytes: Uint8Array, pattern: RegExp): [number, string] {
  const text = Buffer.from(bytes).toString("latin1");
  for (const [, number, body = ""] of text.matchAll(/(\d+) 0 obj\n([\s\S]*?)\nendobj/g)) {
    if (pattern.test(body)) return [Number(number), body];
  }
  throw new Error(`no object like ${pattern}`);
}

export const pageStream = (content: string): string =>
  `<< /Length ${content.length} >>\nstream\n${content}\nendstream`;

let pdfium: Promise<Pdfium> | null = null;

export async function findingsIn(bytes: Uint8Array): Promise<MetadataFinding[]> {
  pdfium ??= compilePdfium().then(createPdfium);
  const options = { password: null, maxPages: 50 };
  const { extraction } = extractFile(await pdfium, bytes, options, readStatements);
  if (!extraction.ok) throw new Error(extraction.error.code);
  if (extraction.statements[0]?.transactions.length === undefined) throw new Error("no rows");
  return extraction.findings ?? [];
}

/** `accuses author_fraud producer_is_editor`, in their order. */
export const outline = (findings: readonly MetadataFinding[]): string[] =>
  findings.map(({ weight, type, reason }) => `${weight} ${type} ${reason}`);
