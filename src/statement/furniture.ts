import type { Line } from "./types.ts";

/** Page heads and feet stand at one height, to within this many points. */
const SAME_HEIGHT = 4;
/** Share of the pages on which a line must stand, and of the page's height that heads and feet take. */
const SHARE = 0.4;
const EDGE = 0.2;

/** Only page numbers differ from page to page: `REF 811097026` in two last rows of a page is narration. */
const COUNTS = /\b(?:page|seite|pagina|página|blad|hal|folio|of|von|van)\b|^\s*\d+\s*\/\s*\d+\s*$|[第页頁]/i;

/** Lines that stand at the same height on several pages with the same text: heads, feet, page numbers. */
export function findFurniture(pages: readonly { lines: readonly Line[]; height: number }[]): Set<Line> {
  const seen = new Map<string, Line[]>();
  // Narrations repeat too (`OTHER` below every second row): a page foot stands on most pages.
  const least = Math.max(2, SHARE * pages.length);
  if (pages.length < 2) return new Set();
  for (const { lines, height } of pages) {
    for (const line of lines) {
      if (line.y0 > EDGE * height && line.y1 < (1 - EDGE) * height) continue;
      const key = `${Math.round(line.y0 / SAME_HEIGHT)} ${COUNTS.test(line.text) ? line.text.replace(/\d+/g, "0") : line.text}`;
      const same = seen.get(key);
      if (same === undefined) seen.set(key, [line]);
      else same.push(line);
    }
  }
  return new Set([...seen.values()].filter((lines) => lines.length >= least).flat());
}
