/** Turns a page's glyphs so that its text stands upright, and leaves out what stands askew or off the page. */

import type { Glyphs } from "./glyph-arrays.ts";

/** The visible part of the page in its own space (points, y upwards): the crop box. */
export interface PageBox {
  left: number;
  bottom: number;
  right: number;
  top: number;
}

/**
 * The quarter turns that most glyphs share. On a tie the page's own /Rotate decides: a page that is shown
 * turned clockwise by `rotation` quarters has upright text that runs `rotation` quarters counter-clockwise.
 */
export function mainTurn(glyphs: Glyphs, rotation: number): number {
  const counts = [0, 0, 0, 0];
  for (let at = 0; at < glyphs.count; at += 1) {
    const turn = glyphs.turn[at] ?? 0;
    const count = counts[turn];
    if (count !== undefined) counts[turn] = count + 1;
  }
  const most = Math.max(...counts);
  return counts[rotation] === most ? rotation : counts.indexOf(most);
}

/**
 * In place: page space becomes upright space with the origin top left, base lines included. Returns the
 * upright page's size in points.
 */
export function standUpright(glyphs: Glyphs, box: PageBox, turn: number): { width: number; height: number } {
  const sideways = turn === 1 || turn === 3;
  const width = sideways ? box.top - box.bottom : box.right - box.left;
  const height = sideways ? box.right - box.left : box.top - box.bottom;
  const { code, x0, y0, x1, y1, base, size, run, font, inkless, spaced } = glyphs;
  let kept = 0;
  // A space before a glyph that is left out still stands before the next one.
  let space = 0;
  for (let at = 0; at < glyphs.count; at += 1) {
    space |= spaced[at] ?? 0;
    if (glyphs.turn[at] !== turn) continue;
    const l = x0[at] ?? 0;
    const b = y0[at] ?? 0;
    const r = x1[at] ?? 0;
    const t = y1[at] ?? 0;
    const line = base[at] ?? 0;
    let nx0 = l - box.left;
    let nx1 = r - box.left;
    let ny0 = box.top - t;
    let ny1 = box.top - b;
    let nbase = box.top - line;
    if (turn === 1) {
      [nx0, nx1, ny0, ny1] = [b - box.bottom, t - box.bottom, l - box.left, r - box.left];
      nbase = line - box.left;
    } else if (turn === 2) {
      [nx0, nx1, ny0, ny1] = [box.right - r, box.right - l, b - box.bottom, t - box.bottom];
      nbase = line - box.bottom;
    } else if (turn === 3) {
      [nx0, nx1, ny0, ny1] = [box.top - t, box.top - b, box.right - r, box.right - l];
      nbase = box.right - line;
    }
    // Also drops coordinates that are no numbers: every comparison with NaN is false.
    if (!(nx1 > 0 && nx0 < width && ny1 > 0 && ny0 < height)) continue;
    x0[kept] = nx0;
    y0[kept] = ny0;
    x1[kept] = nx1;
    y1[kept] = ny1;
    base[kept] = nbase;
    code[kept] = code[at] ?? 0;
    size[kept] = size[at] ?? 0;
    run[kept] = run[at] ?? 0;
    font[kept] = font[at] ?? 0;
    inkless[kept] = inkless[at] ?? 0;
    spaced[kept] = space;
    space = 0;
    kept += 1;
  }
  glyphs.count = kept;
  return { width, height };
}
