import type { Line, Word } from "./types.ts";
import { type Role, roleOf } from "./vocabulary.ts";

/** A header phrase and the column it names. */
export interface Heading {
  role: Role | null;
  text: string;
  x0: number;
  x1: number;
}

export interface Header {
  headings: Heading[];
  /** False for a grid (`Date Amount Date Amount`) or a list of rates: it ends the table above and has no transactions. */
  table: boolean;
  /** Bottom of its last line, and that line's index among the page's lines. */
  y1: number;
  last: number;
  first: number;
}

/** Words further apart than this share of their height belong to different columns; a space takes about 0.28. */
const PHRASE_GAP = 0.62;
/** Headers of three lines are common on Indian and Singaporean statements, of four not seen. */
const MOST_LINES = 3;
const MONEY: readonly Role[] = ["debit", "credit", "amount", "balance", "mark"];

/** Words as runs that stand close together. */
export function phrases(words: readonly Word[], spread = PHRASE_GAP): Word[][] {
  const runs: Word[][] = [];
  for (const word of words) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run === undefined || last === undefined || word.x0 - last.x1 > spread * (last.y1 - last.y0))
      runs.push([word]);
    else run.push(word);
  }
  return runs;
}

/**
 * The header that starts at a line, over one to three lines, or null.
 * @param plain whether a line (by index) may belong to a header: it holds no amount and no date
 */
export function headerAt(
  lines: readonly Line[],
  at: number,
  plain: (index: number) => boolean,
): Header | null {
  const first = lines[at];
  if (first === undefined || !plain(at)) return null;
  let headings = headingsOf(first);
  let best = known(headings) > 0 ? { headings, last: at, score: known(headings) } : null;
  if (best === null && !couldBeTop(headings)) return null;
  for (let i = at + 1; i < lines.length && i < at + MOST_LINES && plain(i); i += 1) {
    const [above, line] = [lines[i - 1], lines[i]];
    if (above === undefined || line === undefined || line.y0 - above.y1 > 0.9 * (above.y1 - above.y0)) break;
    headings = stack(headings, headingsOf(line));
    const score = known(headings);
    if (best === null || score > best.score) best = { headings, last: i, score };
  }
  if (best === null || !isTable(best.headings)) return null;
  return {
    headings: best.headings,
    table: !isGrid(best.headings) && !isList(best.headings),
    first: at,
    last: best.last,
    y1: lines[best.last]?.y1 ?? first.y1,
  };
}

function headingsOf(line: Line): Heading[] {
  return phrases(line.words).map((run) => {
    const text = run.map((word) => word.text).join(" ");
    return { text, role: roleOf(text), x0: run[0]?.x0 ?? 0, x1: run.at(-1)?.x1 ?? 0 };
  });
}

/** Prose has few, long phrases; the top line of a header has several short ones. */
function couldBeTop(headings: readonly Heading[]): boolean {
  return headings.length > 1 && headings.every((heading) => heading.text.length <= 24);
}

/** Lays a second line under the first: phrases that overlap from left to right are one heading. */
function stack(above: readonly Heading[], below: readonly Heading[]): Heading[] {
  const headings = above.map((heading) => ({ ...heading }));
  for (const lower of below) {
    const upper = headings.find(
      (heading) => Math.min(heading.x1, lower.x1) - Math.max(heading.x0, lower.x0) > 0,
    );
    if (upper === undefined) headings.push({ ...lower });
    else {
      upper.text = `${upper.text} ${lower.text}`;
      upper.role = roleOf(upper.text);
      upper.x0 = Math.min(upper.x0, lower.x0);
      upper.x1 = Math.max(upper.x1, lower.x1);
    }
  }
  return headings.sort((a, b) => a.x0 - b.x0);
}

/** Columns named, each role once; what is not known counts against a reading a little. */
function known(headings: readonly Heading[]): number {
  const roles = new Set(headings.map((heading) => heading.role));
  roles.delete(null);
  roles.delete("other");
  return roles.size - headings.filter((heading) => heading.role === null).length / 10;
}

/** `Balance Type | Annual Percentage Rate` is no table of transactions: it has no date. */
function isTable(headings: readonly Heading[]): boolean {
  const roles = new Set(headings.map((heading) => heading.role));
  const money = MONEY.filter((role) => roles.has(role)).length;
  const dated = roles.has("date") || roles.has("valueDate");
  if (headings.length < 3 || money === 0) return false;
  return dated || (roles.has("description") && money >= 2);
}

/** `Effective Date | Balance from | Rate`: every column is known, and none says what moved. */
function isList(headings: readonly Heading[]): boolean {
  const roles = new Set(headings.map((heading) => heading.role));
  const money = MONEY.filter((role) => roles.has(role)).length;
  return money === 1 && roles.has("balance") && !roles.has("description") && !roles.has(null);
}

/** `DAILY ENDING BALANCE: Date Amount Date Amount Date Amount`. */
function isGrid(headings: readonly Heading[]): boolean {
  const count = (...roles: Role[]): number =>
    headings.filter((heading) => heading.role !== null && roles.includes(heading.role)).length;
  return count("date") > 1 && count("amount", "balance") > 1 && count("description") === 0;
}
