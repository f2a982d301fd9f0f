/** A thin hand on pdfkit: text that never wraps or breaks a page by itself. */
// Its types name only the default export.
import PdfKit from "pdfkit";
import type { Column, Layout } from "./types.ts";

export interface Canvas {
  doc: PDFKit.PDFDocument;
  /** Where the next thing goes, in points from the top. */
  y: number;
}

export const MARGIN = 30;
/** Kept free at the foot of each page for the footer and its page number. */
const FOOT = 54;

/** Where the table must end. */
export function bottomOf(layout: Layout): number {
  return layout.page[1] - FOOT;
}

export function lineHeight(layout: Layout): number {
  return layout.size * 1.22;
}

export function openDocument(
  layout: Layout,
  made: Temporal.PlainDate,
  password?: string,
): PDFKit.PDFDocument {
  const doc = new PdfKit({
    size: [...layout.page],
    margin: 0,
    bufferPages: true,
    // pdfkit encrypts 1.4 with RC4, which takes no random bytes: the same spec gives the same bytes.
    pdfVersion: "1.4",
    info: {
      Title: "Account statement",
      Producer: "statement generator",
      Creator: "statement generator",
      CreationDate: new Date(`${made.toString()}T06:00:00Z`),
    },
    ...(password === undefined ? {} : { userPassword: password, ownerPassword: `${password}-owner` }),
  });
  doc.font(layout.font).fontSize(layout.size);
  return doc;
}

/** Where pdfkit keeps the document's tree of pages. */
interface Rooted {
  ["_root"]: { data: { Pages: { data: { Kids: unknown[]; Count: number } } } };
}

/** Takes pages (1-based) out of the document's tree; pdfkit has no call for it. */
export function losePages(doc: PDFKit.PDFDocument, lost: readonly number[]): void {
  const rooted = doc as PDFKit.PDFDocument & Rooted;
  const { data: tree } = rooted["_root"].data.Pages;
  tree.Kids = tree.Kids.filter((_, i) => !lost.includes(i + 1));
  tree.Count = tree.Kids.length;
}

export function put(doc: PDFKit.PDFDocument, text: string, x: number, y: number): void {
  if (text !== "") doc.text(text, x, y, { lineBreak: false });
}

export function putRight(doc: PDFKit.PDFDocument, text: string, x1: number, y: number): void {
  put(doc, text, x1 - doc.widthOfString(text), y);
}

export function putCell(doc: PDFKit.PDFDocument, text: string, column: Column, y: number): void {
  const width = doc.widthOfString(text);
  if (width > column.x1 - column.x0 + 0.5) {
    throw new Error(`"${text}" is ${width.toFixed(1)} wide, column ${column.key} is not`);
  }
  if (column.align === "right") putRight(doc, text, column.x1, y);
  else if (column.align === "center") put(doc, text, (column.x0 + column.x1 - width) / 2, y);
  else put(doc, text, column.x0, y);
}

/** Lines no wider than `width`, broken at spaces only, so that joining them by a space gives the text back. */
export function wrap(doc: PDFKit.PDFDocument, text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    const longer = last === undefined ? word : `${last} ${word}`;
    if (doc.widthOfString(longer) <= width) lines[Math.max(0, lines.length - 1)] = longer;
    else lines.push(word);
    if (doc.widthOfString(word) > width) throw new Error(`"${word}" does not fit in ${width} points`);
  }
  return lines;
}

/** Lines as full as they get, broken also in the middle of a word; a space at a break ends the line unseen. */
export function wrapAnywhere(doc: PDFKit.PDFDocument, text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const letter of text) {
    if (doc.widthOfString(line + letter) > width && letter !== " ") {
      lines.push(line.trimEnd());
      line = "";
    }
    if (line !== "" || letter !== " ") line += letter;
  }
  return line.trim() === "" ? lines : [...lines, line.trimEnd()];
}

export function withStyle(
  doc: PDFKit.PDFDocument,
  layout: Layout,
  style: { bold?: boolean; size?: number; colour?: string },
  draw: () => void,
): void {
  const bold = layout.font === "Times-Roman" ? "Times-Bold" : `${layout.font}-Bold`;
  doc.font(style.bold === true ? bold : layout.font).fontSize(style.size ?? layout.size);
  doc.fillColor(style.colour ?? "black");
  draw();
  doc.font(layout.font).fontSize(layout.size).fillColor("black");
}
