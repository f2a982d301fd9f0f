/** Heads that are printed on every page. */
import type { Line } from "./types.ts";

/** Page heads and feet stand at one height, to within this many points. */
export const SAME_HEIGHT = 4;

/** Two narrations of two lines may stand first on two pages and read alike; heads are longer. */
const SHORTEST = 3;

/**
 * How many lines from the top are those of another page: a head that is printed on every page, its balances included.
 * @param others so many lines may differ
 */
export function commonHead(before: readonly Line[], page: readonly Line[], others = 0): number {
  let count = 0;
  let left = others;
  for (const [index, line] of page.entries()) {
    const other = before[index];
    if (other === undefined || Math.abs(other.y0 - line.y0) > SAME_HEIGHT) break;
    if (other.text === line.text || keyOf(other) === keyOf(line)) count = index + 1;
    else if ((left -= 1) < 0) break;
  }
  return count < SHORTEST ? 0 : count;
}

const PAGE = /(\b(?:page|seite|pagina|página|blad|hal|folio)\b\D{0,12}|第\s*)\d+(?:\s*\/\s*\d+)?/gi;
const COUNT = /\d+\s*(?:of|von|van)\s*\d+|^\s*\d+\s*\/\s*\d+\s*$/gi;

/** The text without its page numbers. `PART OF THE ORDER REF 811097026` in two last rows of a page is narration. */
export function keyOf({ text }: Line): string {
  return /\d/.test(text) ? text.replace(PAGE, "$10").replace(COUNT, "0") : text;
}
