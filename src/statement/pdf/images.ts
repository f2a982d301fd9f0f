/** Tells a scan from a page that merely has no text. */

import type { PdfiumExports } from "./pdfium.ts";

/** PDFium's FPDF_PAGEOBJ_ numbers. */
export const TEXT = 1;
export const PATH = 2;
export const IMAGE = 3;
export const SHADING = 4;
export const FORM = 5;
/** Enough to tell; a vector drawing may hold a million objects. */
const MAX_OBJECTS = 2000;
const MAX_DEPTH = 4;

export interface Ink {
  image: boolean;
  /** Lines and shapes: text turned into outlines looks like this. */
  path: boolean;
}

function look(x: PdfiumExports, object: number, depth: number, ink: Ink): void {
  const type = x.FPDFPageObj_GetType(object);
  if (type === IMAGE) ink.image = true;
  else if (type === PATH) ink.path = true;
  else if (type === FORM && depth < MAX_DEPTH) {
    const count = Math.min(x.FPDFFormObj_CountObjects(object), MAX_OBJECTS);
    for (let at = 0; at < count && !ink.image; at += 1) {
      look(x, x.FPDFFormObj_GetObject(object, at), depth + 1, ink);
    }
  }
}

/** What inks a loaded page besides text. */
export function pageInk(x: PdfiumExports, page: number): Ink {
  const ink: Ink = { image: false, path: false };
  const count = Math.min(x.FPDFPage_CountObjects(page), MAX_OBJECTS);
  for (let at = 0; at < count && !ink.image; at += 1) look(x, x.FPDFPage_GetObject(page, at), 0, ink);
  return ink;
}

/**
 * Share of a loaded page that its pictures cover, where the page itself or a form on it paints them; pictures on top
 * of one another count twice. `scratch` is 16 bytes of the instance's memory.
 */
export function imageShare(x: PdfiumExports, page: number, scratch: number): number {
  const area = (): number => {
    const [a = 0, b = 0, c = 0, d = 0] = new Float32Array(x.memory.buffer, scratch, 4);
    return Math.abs((c - a) * (d - b));
  };
  let covered = 0;
  const count = Math.min(x.FPDFPage_CountObjects(page), MAX_OBJECTS);
  for (let at = 0; at < count; at += 1) {
    const object = x.FPDFPage_GetObject(page, at);
    const ink: Ink = { image: false, path: false };
    look(x, object, 0, ink);
    if (ink.image && x.FPDFPageObj_GetBounds(object, scratch, scratch + 4, scratch + 8, scratch + 12) !== 0)
      covered += area();
  }
  const whole = x.FPDF_GetPageBoundingBox(page, scratch) === 0 ? 0 : area();
  return whole === 0 ? 0 : covered / whole;
}
