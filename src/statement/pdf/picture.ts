/** Pictures of a document's pages, for people. */

import type { Pdfium } from "./pdfium.ts";
import { loadDocument } from "./open.ts";
import { toPng } from "./png.ts";

/** Dots per point: 108 to the inch, enough to read eight-point text. */
const SCALE = 1.5;
/** A page may claim to be as large as a house. */
const MAX_DOTS = 2200;
/** So many pages are drawn; a report of more would be too large to open. */
export const MAX_PICTURES = 120;
/** PDFium's FPDFBitmap_BGRx and FPDF_ANNOT. */
const BGRX = 3;
const ANNOTATIONS = 1;
const WHITE = 0xffffffff;

export interface Picture {
  /** Of the page as it stands upright, in points. */
  width: number;
  height: number;
  png: Buffer;
}

/**
 * Draws the pages of a file that can be opened; none where it cannot. `turns` says by how many quarter turns
 * clockwise each page is to be turned from how the file shows it. Throws where the memory of the instance ends.
 */
export function drawPages(
  pdfium: Pdfium,
  bytes: Uint8Array,
  password: string | null,
  turns: readonly number[],
): (Picture | null)[] {
  const { document, close } = loadDocument(pdfium, bytes, password);
  const count = document === 0 ? 0 : Math.min(pdfium.x.FPDF_GetPageCount(document), MAX_PICTURES);
  const pictures = Array.from({ length: count }, (_, index) =>
    drawPage(pdfium, document, index, turns[index] ?? 0),
  );
  close();
  return pictures;
}

/** Null where the page cannot be drawn. */
function drawPage({ x }: Pdfium, document: number, index: number, turn: number): Picture | null {
  const page = x.FPDF_LoadPage(document, index);
  if (page === 0) return null;
  const shown = [x.FPDF_GetPageWidthF(page), x.FPDF_GetPageHeightF(page)] as const;
  const [width, height] = turn % 2 === 0 ? shown : [shown[1], shown[0]];
  const scale = Math.min(SCALE, MAX_DOTS / Math.max(width, height));
  const columns = Math.max(1, Math.round(width * scale));
  const rows = Math.max(1, Math.round(height * scale));
  const bitmap = width >= 1 && height >= 1 ? x.FPDFBitmap_CreateEx(columns, rows, BGRX, 0, 0) : 0;
  let png: Buffer | null = null;
  if (bitmap !== 0) {
    x.FPDFBitmap_FillRect(bitmap, 0, 0, columns, rows, WHITE);
    x.FPDF_RenderPageBitmap(bitmap, page, 0, 0, columns, rows, turn, ANNOTATIONS);
    const stride = x.FPDFBitmap_GetStride(bitmap);
    const pixels = new Uint8Array(x.memory.buffer, x.FPDFBitmap_GetBuffer(bitmap), stride * rows);
    png = toPng(pixels, columns, rows, stride);
    x.FPDFBitmap_Destroy(bitmap);
  }
  x.FPDF_ClosePage(page);
  return png === null ? null : { width, height, png };
}
