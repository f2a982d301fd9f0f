/**
 * PDFium as WebAssembly: compiled once, instantiated per worker, its memory capped.
 *
 * The raw exports are called, not the package's wrappers: this build wraps every call in `ccall`, which looks
 * the function up and checks it each time; a page of 3,000 glyphs makes 9,000 calls.
 */

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { init } from "@embedpdf/pdfium";
import { limitMemory } from "./memory-limit.ts";

/** The most that one instance may ever hold; an untrusted file that asks for more fails. */
export const PDFIUM_MEMORY_BYTES = 384 * 2 ** 20;

/** Pointers and handles are offsets into `memory`; 0 is failure. Names and order as in PDFium's public headers. */
export interface PdfiumExports {
  memory: WebAssembly.Memory;
  malloc(bytes: number): number;
  free(pointer: number): void;
  FPDF_InitLibrary(): void;
  FPDF_LoadMemDocument(data: number, length: number, password: number): number;
  FPDF_CloseDocument(document: number): void;
  FPDF_GetLastError(): number;
  FPDF_GetPageCount(document: number): number;
  FPDF_GetMetaText(document: number, tag: number, buffer: number, length: number): number;
  FPDF_LoadPage(document: number, index: number): number;
  FPDF_ClosePage(page: number): void;
  FPDF_GetPageBoundingBox(page: number, rect: number): number;
  FPDFPage_GetRotation(page: number): number;
  FPDFPage_CountObjects(page: number): number;
  FPDFPage_GetObject(page: number, index: number): number;
  FPDFPageObj_GetType(object: number): number;
  FPDFFormObj_CountObjects(form: number): number;
  FPDFFormObj_GetObject(form: number, index: number): number;
  FPDFText_LoadPage(page: number): number;
  FPDFText_ClosePage(text: number): void;
  FPDFText_CountChars(text: number): number;
  FPDFText_GetUnicode(text: number, index: number): number;
  FPDFText_IsGenerated(text: number, index: number): number;
  FPDFText_IsHyphen(text: number, index: number): number;
  FPDFText_HasUnicodeMapError(text: number, index: number): number;
  FPDFText_GetTextObject(text: number, index: number): number;
  FPDFText_GetMatrix(text: number, index: number, matrix: number): number;
  FPDFText_GetFontSize(text: number, index: number): number;
  FPDFText_GetCharOrigin(text: number, index: number, x: number, y: number): number;
  FPDFText_GetCharBox(text: number, index: number, l: number, r: number, b: number, t: number): number;
  FPDFText_GetLooseCharBox(text: number, index: number, rect: number): number;
  FPDFPageObj_CountMarks(object: number): number;
  FPDFPageObj_GetMark(object: number, index: number): number;
  FPDFPageObj_RemoveMark(object: number, mark: number): number;
  FPDFPageObjMark_GetParamValueType(mark: number, key: number): number;
  FPDFPageObj_GetBounds(object: number, l: number, b: number, r: number, t: number): number;
  FPDFPageObj_GetMatrix(object: number, matrix: number): number;
  FPDFPageObj_GetFillColor(object: number, r: number, g: number, b: number, a: number): number;
  FPDFPageObj_GetClipPath(object: number): number;
  FPDFClipPath_CountPaths(clip: number): number;
  FPDFClipPath_CountPathSegments(clip: number, path: number): number;
  FPDFClipPath_GetPathSegment(clip: number, path: number, segment: number): number;
  FPDFPathSegment_GetPoint(segment: number, x: number, y: number): number;
  FPDFPath_CountSegments(path: number): number;
  FPDFPath_GetDrawMode(path: number, fill: number, stroke: number): number;
  FPDFTextObj_GetTextRenderMode(object: number): number;
  FPDFTextObj_GetFont(object: number): number;
  FPDFFont_GetBaseFontName(font: number, buffer: number, length: number): number;
  FPDFFont_GetAscent(font: number, size: number, ascent: number): number;
  FPDFFont_GetDescent(font: number, size: number, descent: number): number;
  FPDFFont_GetGlyphWidth(font: number, glyph: number, size: number, width: number): number;
  FPDF_GetPageWidthF(page: number): number;
  FPDF_GetPageHeightF(page: number): number;
  FPDFBitmap_CreateEx(width: number, height: number, format: number, scan: number, stride: number): number;
  FPDFBitmap_FillRect(
    bitmap: number,
    x: number,
    y: number,
    width: number,
    height: number,
    colour: number,
  ): number;
  FPDFBitmap_GetBuffer(bitmap: number): number;
  FPDFBitmap_GetStride(bitmap: number): number;
  FPDFBitmap_Destroy(bitmap: number): void;
  FPDF_RenderPageBitmap(
    bitmap: number,
    page: number,
    x: number,
    y: number,
    width: number,
    height: number,
    turn: number,
    flags: number,
  ): void;
}

/** Every function above; an upgrade of the package that drops one is found at the start. */
const FUNCTIONS: readonly (keyof PdfiumExports)[] = [
  "malloc",
  "free",
  "FPDF_InitLibrary",
  "FPDF_LoadMemDocument",
  "FPDF_CloseDocument",
  "FPDF_GetLastError",
  "FPDF_GetPageCount",
  "FPDF_GetMetaText",
  "FPDF_LoadPage",
  "FPDF_ClosePage",
  "FPDF_GetPageBoundingBox",
  "FPDFPage_GetRotation",
  "FPDFPage_CountObjects",
  "FPDFPage_GetObject",
  "FPDFPageObj_GetType",
  "FPDFFormObj_CountObjects",
  "FPDFFormObj_GetObject",
  "FPDFText_LoadPage",
  "FPDFText_ClosePage",
  "FPDFText_CountChars",
  "FPDFText_GetUnicode",
  "FPDFText_IsGenerated",
  "FPDFText_IsHyphen",
  "FPDFText_HasUnicodeMapError",
  "FPDFText_GetTextObject",
  "FPDFText_GetMatrix",
  "FPDFText_GetFontSize",
  "FPDFText_GetCharOrigin",
  "FPDFText_GetCharBox",
  "FPDFText_GetLooseCharBox",
  "FPDFPageObj_CountMarks",
  "FPDFPageObj_GetMark",
  "FPDFPageObj_RemoveMark",
  "FPDFPageObjMark_GetParamValueType",
  "FPDFPageObj_GetBounds",
  "FPDFPageObj_GetMatrix",
  "FPDFPageObj_GetFillColor",
  "FPDFPageObj_GetClipPath",
  "FPDFClipPath_CountPaths",
  "FPDFClipPath_CountPathSegments",
  "FPDFClipPath_GetPathSegment",
  "FPDFPathSegment_GetPoint",
  "FPDFPath_CountSegments",
  "FPDFPath_GetDrawMode",
  "FPDFTextObj_GetTextRenderMode",
  "FPDFTextObj_GetFont",
  "FPDFFont_GetBaseFontName",
  "FPDFFont_GetAscent",
  "FPDFFont_GetDescent",
  "FPDFFont_GetGlyphWidth",
  "FPDF_GetPageWidthF",
  "FPDF_GetPageHeightF",
  "FPDFBitmap_CreateEx",
  "FPDFBitmap_FillRect",
  "FPDFBitmap_GetBuffer",
  "FPDFBitmap_GetStride",
  "FPDFBitmap_Destroy",
  "FPDF_RenderPageBitmap",
];

export interface Pdfium {
  x: PdfiumExports;
  /** Bytes that the instance holds now; WebAssembly memory never shrinks. */
  heldBytes(): number;
  /** Whether an allocation was ever refused: what was read since then may silently lack parts. */
  memoryRefused(): boolean;
}

/** 45 ms here; do it once and hand the module to the workers (it is cloneable). */
export async function compilePdfium(maxBytes: number = PDFIUM_MEMORY_BYTES): Promise<WebAssembly.Module> {
  const path = fileURLToPath(import.meta.resolve("@embedpdf/pdfium/pdfium.wasm"));
  return WebAssembly.compile(limitMemory(await readFile(path), maxBytes));
}

/**
 * Emscripten's growth function answers a failed `memory.grow` with false. PDFium survives some refusals by
 * leaving content out, which would be a silent loss: so every refusal is remembered.
 */
function watchGrowth(imports: WebAssembly.Imports, onRefused: () => void): void {
  const env = imports["env"];
  const resize = env?.["emscripten_resize_heap"];
  if (env === undefined || typeof resize !== "function") throw new Error("PDFium's growth import is missing");
  env["emscripten_resize_heap"] = (bytes: number): unknown => {
    const grown: unknown = resize(bytes);
    if (grown !== true) onRefused();
    return grown;
  };
}

/**
 * A fresh instance with the library initialised. After a call into it throws (out of memory, a trap) the
 * instance is in an undefined state: drop it.
 */
export async function createPdfium(module: WebAssembly.Module): Promise<Pdfium> {
  let refused = false;
  let instance: WebAssembly.Instance | null = null;
  const overrides = {
    print: () => {},
    printErr: () => {},
    instantiateWasm(
      imports: WebAssembly.Imports,
      receive: (instance: WebAssembly.Instance) => void,
    ): unknown {
      watchGrowth(imports, () => {
        refused = true;
      });
      instance = new WebAssembly.Instance(module, imports);
      receive(instance);
      return instance.exports;
    },
  };
  await init(overrides);
  const x = exportsOf(instance);
  x.FPDF_InitLibrary();
  return { x, heldBytes: () => x.memory.buffer.byteLength, memoryRefused: () => refused };
}

function hasFunctions(exports: object): exports is PdfiumExports {
  return FUNCTIONS.every((name) => name in exports) && "memory" in exports;
}

function exportsOf(instance: WebAssembly.Instance | null): PdfiumExports {
  const exports = instance?.exports;
  if (exports === undefined || !hasFunctions(exports)) throw new Error("PDFium lacks a function we call");
  return exports;
}
