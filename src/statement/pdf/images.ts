/** Tells a scan from a page that merely has no text. */

import type { PdfiumExports } from "./pdfium.ts";

const PATH = 2;
const IMAGE = 3;
const FORM = 5;
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
