/** Makes PDFs for this folder's tests. All data invented. */

import { pipeline } from "node:stream/promises";
import { createDeflate } from "node:zlib";
import Pdf from "pdfkit";

export type Draw = (doc: PDFKit.PDFDocument) => void;

/** A4, no margins, 10-point Helvetica; `draw` paints it. */
export async function makePdf(draw: Draw, options: PDFKit.PDFDocumentOptions = {}): Promise<Uint8Array> {
  const doc = new Pdf({ size: "A4", margin: 0, ...options });
  const chunks: Buffer[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  doc.on("data", (chunk: Buffer) => chunks.push(chunk));
  doc.on("end", () => resolve());
  doc.on("error", reject);
  doc.font("Helvetica").fontSize(10);
  draw(doc);
  doc.end();
  await promise;
  return new Uint8Array(Buffer.concat(chunks));
}

/** `text` with its left end at x and its base line at y from the top. */
export function put(doc: PDFKit.PDFDocument, text: string, x: number, y: number): void {
  doc.text(text, x, y, { lineBreak: false, baseline: "alphabetic" });
}

/** A PDF from objects as written by hand: number 1 is the catalogue. Streams are given whole. */
export function rawPdf(objects: (string | Buffer)[]): Uint8Array {
  const parts: Buffer[] = [Buffer.from("%PDF-1.7\n")];
  const offsets: number[] = [];
  let at = parts[0]?.length ?? 0;
  const push = (part: Buffer): void => {
    parts.push(part);
    at += part.length;
  };
  for (const [index, object] of objects.entries()) {
    offsets.push(at);
    push(Buffer.from(`${index + 1} 0 obj\n`));
    push(typeof object === "string" ? Buffer.from(object, "latin1") : object);
    push(Buffer.from("\nendobj\n"));
  }
  const start = at;
  const rows = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  const size = objects.length + 1;
  push(Buffer.from(`xref\n0 ${size}\n0000000000 65535 f \n${rows}`));
  push(Buffer.from(`trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`));
  return new Uint8Array(Buffer.concat(parts));
}

export function stream(dictionary: string, data: Buffer): Buffer {
  const head = Buffer.from(`<< ${dictionary} /Length ${data.length} >>\nstream\n`);
  return Buffer.concat([head, data, Buffer.from("\nendstream")]);
}

/** One page with Helvetica as /F1 whose content is `content`. */
export function onePage(content: Buffer, page = "", resources = ""): Uint8Array {
  return rawPdf([
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] ${page} /Contents 4 0 R
        /Resources << /Font << /F1 5 0 R >> ${resources} >> >>`,
    content,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
  ]);
}

/**
 * Flate data of `block` repeated `count` times, deflated `layers` times over. Made piece by piece: the memory
 * that a test measures must not be its own.
 */
export async function bombStream(block: Buffer, count: number, layers: number): Promise<Buffer> {
  let source: Iterable<Buffer> = Array.from<Buffer>({ length: count }).fill(block);
  let data = Buffer.alloc(0);
  for (let layer = 0; layer < layers; layer += 1) {
    const chunks: Buffer[] = [];
    await pipeline(source, createDeflate({ level: 9 }), async (deflated: AsyncIterable<Buffer>) => {
      for await (const chunk of deflated) chunks.push(chunk);
    });
    data = Buffer.concat(chunks);
    source = [data];
  }
  return stream(`/Filter [${"/FlateDecode ".repeat(layers)}]`, data);
}
