/** Cells as lines of words, so that what reads the facts around a page's table also reads those around a grid's. */
import type { Line, Word } from "./types.ts";

/** A type whose letters are all 4.5 points wide; the gaps tell words, cells and columns apart as on a page. */
const LETTER = 4.5;
const SPACE = 2.25;
const HEIGHT = 9;
const STEP = 11;
const COLUMN_GAP = 30;

/** Left edges of columns that are as wide as their widest text. */
export function columnEdges(rows: readonly (readonly string[])[]): number[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((text, index) => {
      widths[index] = Math.max(widths[index] ?? 0, text.length * LETTER);
    });
  }
  const edges: number[] = [];
  let x = COLUMN_GAP;
  for (let index = 0; index < widths.length; index += 1) {
    edges.push(x);
    x += (widths[index] ?? 0) + COLUMN_GAP;
  }
  return edges;
}

/**
 * One row of a grid as one line.
 * @param line 1-based row; an empty row between two leaves a gap, as on a page
 * @param edges left edges of the columns, of `columnEdges`
 */
export function toLine(
  cells: readonly string[],
  page: number,
  line: number,
  edges: readonly number[] = columnEdges([cells]),
): Line {
  const y0 = STEP * line;
  const words: Word[] = [];
  cells.forEach((cell, index) => {
    let x0 = edges[index] ?? 0;
    for (const text of cell.split(" ")) {
      const x1 = x0 + text.length * LETTER;
      if (text !== "") words.push({ text, x0, y0, x1, y1: y0 + HEIGHT });
      x0 = x1 + SPACE;
    }
  });
  return { page, line, y0, y1: y0 + HEIGHT, words, text: words.map(({ text }) => text).join(" ") };
}
