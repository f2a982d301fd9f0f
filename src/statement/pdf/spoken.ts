/**
 * Replacement text (/ActualText, ISO 32000-1, 14.9.4) says what a screen reader should say in place of what is painted.
 * PDFium gives it for the glyphs, all of it where the first piece of the painted text stands. We read what is painted:
 * that is what people see, and where they see it.
 */

import { FORM, TEXT } from "./images.ts";
import type { PdfiumExports } from "./pdfium.ts";

export const ACTUAL_TEXT = "ActualText\0";
/** More objects than this are left as they are. */
const MAX_OBJECTS = 200_000;
const MAX_DEPTH = 8;

/** The mark of an object that bears replacement text, or 0. `key` points to `ACTUAL_TEXT` in the instance's memory. */
function spokenMark(x: PdfiumExports, object: number, key: number): number {
  const count = x.FPDFPageObj_CountMarks(object);
  for (let at = 0; at < count; at += 1) {
    const mark = x.FPDFPageObj_GetMark(object, at);
    if (mark !== 0 && x.FPDFPageObjMark_GetParamValueType(mark, key) !== 0) return mark;
  }
  return 0;
}

export function isSpoken(x: PdfiumExports, object: number, key: number): boolean {
  return spokenMark(x, object, key) !== 0;
}

/** Takes the replacement text off all texts of a loaded page; its text must be loaded anew. */
export function silence(x: PdfiumExports, page: number, key: number): void {
  const count = Math.min(x.FPDFPage_CountObjects(page), MAX_OBJECTS);
  for (let at = 0; at < count; at += 1) silenceObject(x, x.FPDFPage_GetObject(page, at), key, 0);
}

function silenceObject(x: PdfiumExports, object: number, key: number, depth: number): void {
  const type = x.FPDFPageObj_GetType(object);
  if (type === FORM && depth < MAX_DEPTH) {
    const count = Math.min(x.FPDFFormObj_CountObjects(object), MAX_OBJECTS);
    for (let at = 0; at < count; at += 1)
      silenceObject(x, x.FPDFFormObj_GetObject(object, at), key, depth + 1);
  }
  if (type !== TEXT && type !== FORM) return;
  let mark = spokenMark(x, object, key);
  while (mark !== 0 && x.FPDFPageObj_RemoveMark(object, mark) !== 0) mark = spokenMark(x, object, key);
}
