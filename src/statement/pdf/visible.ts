/**
 * What of a page's text can be seen. Labels for screen readers, rows that a clip hides and watermarks stand in the
 * file like any other text; read as rows they would spoil the table.
 */

import { imageShare, IMAGE, PATH, FORM, SHADING } from "./images.ts";
import type { PdfiumExports } from "./pdfium.ts";

/** `ghost` is painted by no ink at all, as the recognised text behind the picture of a scan is. */
export type Sight = "seen" | "ghost" | "hidden";

/** Text render modes of ISO 32000-1, table 106. */
const OUTLINES = 1;
const INVISIBLE = 3;
const ONLY_CLIPS = 7;
/** Lightest of 255 that tells from paper. */
const WHITE = 250;
/** Large text as light as this is a watermark. */
const PALE = 200;
const LARGE = 18;
/** By so much of 255 must what lies behind a text be darker for the text to be seen. */
const CONTRAST = 40;
/** More shapes than this are not searched for what lies behind a white text. */
const MAX_OBJECTS = 2000;
const MAX_DEPTH = 4;
/** Points by which a clip may miss a text that it still shows. */
const EDGE = 0.5;
/** A clip of more pieces than this is taken for one that shows everything. */
const MAX_SEGMENTS = 24;

interface Box {
  left: number;
  bottom: number;
  right: number;
  top: number;
}

/** Something painted, and how light it is. */
interface Ground extends Box {
  light: number;
}

type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];
const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];

/** A loaded page, and 24 bytes of scratch memory in its instance. */
export interface Sighting {
  x: PdfiumExports;
  page: number;
  scratch: number;
  /** A view of the scratch memory; detached (length 0) when the instance's memory grew. */
  u32: Uint32Array;
  /** What is painted on the paper besides text; found when first asked for. Null where there is too much of it. */
  grounds: Ground[] | null | undefined;
}

/** Where a text starts in page space, its em in points, and its quarter turns counter-clockwise. */
interface Start {
  baseX: number;
  baseY: number;
  size: number;
  turn: number;
}

export function sightOf(sighting: Sighting, object: number, start: Start): Sight {
  const { x } = sighting;
  const mode = x.FPDFTextObj_GetTextRenderMode(object);
  if (mode === INVISIBLE || mode === ONLY_CLIPS) return "ghost";
  const light = mode === OUTLINES ? 0 : lightness(sighting, object);
  const limit = start.size >= LARGE ? PALE : WHITE;
  if (light >= limit && !isOnDark(sighting, light, start)) return "hidden";
  return isClippedAway(sighting, object) ? "hidden" : "seen";
}

/** The darkest part of a fill over white paper: 0 to 255; 0 where it is no plain colour. */
function lightness(sighting: Sighting, object: number): number {
  const { x, scratch } = sighting;
  const known = x.FPDFPageObj_GetFillColor(object, scratch, scratch + 4, scratch + 8, scratch + 12);
  if (known === 0) return 0;
  // Asked of every text: a view of its own for each takes longer than the question.
  if (sighting.u32.length === 0) sighting.u32 = new Uint32Array(x.memory.buffer, scratch, 4);
  const { u32 } = sighting;
  const darkest = Math.min(u32[0] ?? 0, u32[1] ?? 0, u32[2] ?? 0);
  return 255 - ((255 - darkest) * (u32[3] ?? 0)) / 255;
}

function boundsOf({ x, scratch }: Sighting, object: number): Box | null {
  if (x.FPDFPageObj_GetBounds(object, scratch, scratch + 4, scratch + 8, scratch + 12) === 0) return null;
  const [left = 0, bottom = 0, right = 0, top = 0] = new Float32Array(x.memory.buffer, scratch, 4);
  return { left, bottom, right, top };
}

/** Both boxes are in the space of what the object stands in. A text that is partly seen is read whole. */
function isClippedAway(sighting: Sighting, object: number): boolean {
  const { x, scratch } = sighting;
  const clip = x.FPDFPageObj_GetClipPath(object);
  const count = clip === 0 ? 0 : x.FPDFClipPath_CountPaths(clip);
  if (count <= 0) return false;
  const text = boundsOf(sighting, object);
  if (text === null || text.right <= text.left || text.top <= text.bottom) return false;
  for (let path = 0; path < count; path += 1) {
    const segments = x.FPDFClipPath_CountPathSegments(clip, path);
    if (segments <= 0 || segments > MAX_SEGMENTS) continue;
    const shown: Box = { left: Infinity, bottom: Infinity, right: -Infinity, top: -Infinity };
    for (let at = 0; at < segments; at += 1) {
      x.FPDFPathSegment_GetPoint(x.FPDFClipPath_GetPathSegment(clip, path, at), scratch, scratch + 4);
      const [px = 0, py = 0] = new Float32Array(x.memory.buffer, scratch, 2);
      grow(shown, px, py);
    }
    if (text.right < shown.left - EDGE || text.left > shown.right + EDGE) return true;
    if (text.top < shown.bottom - EDGE || text.bottom > shown.top + EDGE) return true;
  }
  return false;
}

function grow(box: Box, px: number, py: number): void {
  box.left = Math.min(box.left, px);
  box.right = Math.max(box.right, px);
  box.bottom = Math.min(box.bottom, py);
  box.top = Math.max(box.top, py);
}

/** Places within the first letter of a text, in ems: no thin line, upright or level, passes through all of them. */
const WITHIN: readonly (readonly [right: number, up: number])[] = [
  [0.15, 0.1],
  [0.3, 0.3],
  [0.45, 0.5],
];

/** Whether something much darker lies behind where a text starts: a filled shape or strips of it, a picture, a shading. */
function isOnDark(sighting: Sighting, light: number, { baseX, baseY, size, turn }: Start): boolean {
  if (sighting.grounds === undefined) sighting.grounds = groundsOf(sighting);
  const dark = sighting.grounds?.filter((ground) => ground.light < light - CONTRAST);
  if (dark === undefined) return true;
  // Along the text (cos, sin); up is that turned left by a quarter.
  const cos = turn === 0 ? 1 : turn === 2 ? -1 : 0;
  const sin = turn === 1 ? 1 : turn === 3 ? -1 : 0;
  return WITHIN.every(([right, up]) => {
    const px = baseX + (right * cos - up * sin) * size;
    const py = baseY + (right * sin + up * cos) * size;
    return dark.some(
      (ground) => px >= ground.left && px <= ground.right && py >= ground.bottom && py <= ground.top,
    );
  });
}

function groundsOf(sighting: Sighting): Ground[] | null {
  const { x, page } = sighting;
  const grounds: Ground[] = [];
  const count = x.FPDFPage_CountObjects(page);
  if (count > MAX_OBJECTS) return null;
  for (let at = 0; at < count; at += 1)
    addGround(sighting, x.FPDFPage_GetObject(page, at), IDENTITY, 0, grounds);
  return grounds.length > MAX_OBJECTS ? null : grounds;
}

function addGround(
  sighting: Sighting,
  object: number,
  matrix: Matrix,
  depth: number,
  grounds: Ground[],
): void {
  const { x, scratch } = sighting;
  if (x.FPDFPageObj_GetType(object) !== FORM) {
    const light = lightnessOfGround(sighting, object);
    const box = light < WHITE ? boundsOf(sighting, object) : null;
    if (box !== null) grounds.push({ ...moved(box, matrix), light });
    return;
  }
  if (depth >= MAX_DEPTH || grounds.length > MAX_OBJECTS) return;
  x.FPDFPageObj_GetMatrix(object, scratch);
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = new Float32Array(x.memory.buffer, scratch, 6);
  const inner = multiply([a, b, c, d, e, f], matrix);
  const count = Math.min(x.FPDFFormObj_CountObjects(object), MAX_OBJECTS);
  for (let at = 0; at < count; at += 1)
    addGround(sighting, x.FPDFFormObj_GetObject(object, at), inner, depth + 1, grounds);
}

/** 255 for what is no ground. The frame of a table has nothing behind its texts, one thick line may. */
function lightnessOfGround(sighting: Sighting, object: number): number {
  const { x, scratch } = sighting;
  const type = x.FPDFPageObj_GetType(object);
  if (type === IMAGE || type === SHADING) return 0;
  if (type !== PATH || x.FPDFPath_GetDrawMode(object, scratch, scratch + 4) === 0) return 255;
  const [fill = 0] = new Int32Array(x.memory.buffer, scratch, 1);
  if (fill === 0) return x.FPDFPath_CountSegments(object) <= 2 ? 0 : 255;
  return lightness(sighting, object);
}

/** First `inner`, then `outer`. */
function multiply(inner: Matrix, outer: Matrix): Matrix {
  const [a, b, c, d, e, f] = inner;
  const [A, B, C, D, E, F] = outer;
  return [a * A + b * C, a * B + b * D, c * A + d * C, c * B + d * D, e * A + f * C + E, e * B + f * D + F];
}

function moved({ left, bottom, right, top }: Box, [a, b, c, d, e, f]: Matrix): Box {
  const box: Box = { left: Infinity, bottom: Infinity, right: -Infinity, top: -Infinity };
  for (const px of [left, right])
    for (const py of [bottom, top]) grow(box, a * px + c * py + e, b * px + d * py + f);
  return box;
}

/** Share of the page that pictures must cover for its ghosts to be the recognised text of a scan. */
const SCAN = 0.5;

/** Whether ghosts say what a picture shows: they outnumber what is painted, and pictures cover the page. */
export function isScan({ x, page, scratch }: Sighting, ghosts: number, seen: number): boolean {
  return ghosts > seen && imageShare(x, page, scratch) >= SCAN;
}
