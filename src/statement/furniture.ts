import { keyOf, SAME_HEIGHT } from "./page-head.ts";
import type { Region } from "./table.ts";
import type { TableLine } from "./tableline.ts";
import type { Line } from "./types.ts";

/** Share of the pages on which a line must stand, and of the page's height that heads and feet take. */
const SHARE = 0.4;
const EDGE = 0.2;

/** Lines that stand at the same height on several pages with the same text: heads, feet, page numbers. */
export function findFurniture(pages: readonly { lines: readonly Line[]; height: number }[]): Set<Line> {
  const seen = new Map<string, Line[]>();
  // Narrations repeat too (`OTHER` below every second row): a page foot stands on most pages.
  const least = Math.max(2, SHARE * pages.length);
  if (pages.length < 2) return new Set();
  for (const { lines, height } of pages) {
    for (const line of lines) {
      if (line.y0 > EDGE * height && line.y1 < (1 - EDGE) * height) continue;
      const key = `${Math.round(line.y0 / SAME_HEIGHT)} ${keyOf(line)}`;
      const same = seen.get(key);
      if (same === undefined) seen.set(key, [line]);
      else same.push(line);
    }
  }
  return new Set([...seen.values()].filter((lines) => lines.length >= least).flat());
}

/** A narration is set at most this share of a line's height below the line that it continues. */
const CLOSE = 0.6;

/**
 * `LOHANI` may end the last narration of two pages at one height. What continues a line of the table, close below it
 * and flush with one of its texts, is no foot; a foot's second line continues the first, which is none of the table's.
 */
export function withoutFurniture({ lines, headed }: Region, furniture: ReadonlySet<object>): TableLine[] {
  const kept: TableLine[] = [];
  // Between two rows of a page stands neither its head nor its foot.
  const first = lines.findIndex(({ cells }) => cells.size > 0);
  const last = lines.findLastIndex(({ cells }) => cells.size > 0);
  // Numbers set in the middle of a row stand between two lines of its narration.
  let above: TableLine[] = [];
  lines.forEach((line, index) => {
    const isFoot =
      (index < first || index > last) &&
      furniture.has(line.line) &&
      !(index === 0 ? headed : above.some((one) => continues(one, line)));
    above = isFoot ? [] : [...above.slice(-1), line];
    if (!isFoot) kept.push(line);
  });
  return kept;
}

function continues(above: TableLine, { line, texts, dateText, marksBelow, markText }: TableLine): boolean {
  if (line.y0 - above.line.y1 > CLOSE * (line.y1 - line.y0)) return false;
  // `Cr` below a number, the rest of a date below its start.
  if (marksBelow.size > 0 || markText !== "" || (dateText !== "" && above.dateText !== "")) return true;
  const start = line.words[0]?.x0 ?? 0;
  return texts.length > 0 && above.line.words.some((word) => Math.abs(word.x0 - start) <= 1);
}
