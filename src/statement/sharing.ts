/** Which row a line without numbers belongs to: the one above it or the one below. */
import type { PrintedDate } from "./dates.ts";
import { extent } from "./stacks.ts";
import type { Region } from "./table.ts";
import type { TableLine } from "./tableline.ts";
import { balanceWord } from "./vocabulary.ts";

/** A row under construction: the line that holds its numbers, and its other lines. */
export interface Draft {
  anchor: TableLine;
  lines: TableLine[];
  date: PrintedDate | null;
  ownDate: boolean;
  region: number;
}

/** Where this document's narrations stand, learned where gaps tell. */
export interface Habit {
  above: number;
  below: number;
  /** Whether a header bounds the present region above. */
  headed: boolean;
  /** Points from the top of one line of the table to the next where they stand closest. */
  step: number;
  /** How often a gap told which lines are whose. */
  gaps: number;
  /** Lines at the foot of a page with which the first row of the next page begins. */
  pending: TableLine[];
}

/** Between rows lies at least this much more than between the lines of a row. */
const WIDER = 1.15;
/** Lines further apart than this many heights do not belong to one row. */
const FAR = 2.4;
/** Where all rows have one line, their step is no line's: lines of one narration are set no further apart, in heights. */
const LOOSE = 1.6;
/** Share of a line's height within which the next one overlaps it. */
const OVERLAPPING = 0.9;

/** Shares out the lines without numbers among the rows above and below them. */
export function giveLines(
  lines: readonly TableLine[],
  drafts: readonly Draft[],
  before: Draft | null,
  region: Region,
  habit: Habit,
): void {
  const owners = new Map(drafts.flatMap((draft) => draft.lines.map((line) => [line, draft] as const)));
  const pending = takePending(habit, region);
  let above: Draft | null = null;
  let between: TableLine[] = [];
  const narrative = lines.filter((line) => owners.has(line) || isNarrative(line, region));
  const lastRow = narrative.findLastIndex((line) => owners.has(line));
  habit.step = Math.min(habit.step, closest(narrative.slice(0, lastRow + 1)));
  for (const line of narrative) {
    const owner = owners.get(line);
    if (owner === undefined) {
      between.push(line);
      continue;
    }
    if (above === null && isLed(pending, owner, habit)) lead([...pending, ...between], owner);
    else if (owner !== above) share(between, above ?? before, owner, above === null, habit);
    between = [];
    above = owner;
  }
  if (above !== null) trail(between, above, habit);
}

function takePending(habit: Habit, { page }: Region): TableLine[] {
  const { pending } = habit;
  habit.pending = [];
  return pending[0]?.line.page === page - 1 ? pending : [];
}

/** Where no row has begun above its numbers yet, only a row without words of its own can have begun on the page before. */
function isLed(pending: readonly TableLine[], { anchor }: Draft, habit: Habit): boolean {
  return pending.length > 0 && (2 * habit.above > habit.below || anchor.texts.length === 0);
}

/** What began at the foot of one page goes on to the row at the head of the next. */
function lead(lines: readonly TableLine[], lower: Draft): void {
  lower.lines.unshift(...lines);
  claimDate(lower, lines);
}

/** The least step between lines that do not overlap: between two of a narration may stand numbers, half a step lower. */
function closest(lines: readonly TableLine[]): number {
  let least = Infinity;
  lines.forEach((line, index) => {
    for (const above of [lines[index - 1], lines[index - 2]]) {
      if (above === undefined || line.y0 - above.y0 <= OVERLAPPING * (above.y1 - above.y0)) continue;
      least = Math.min(least, line.y0 - above.y0);
      break;
    }
  });
  return least;
}

/**
 * A line that can belong to a row: it has a date, or its text starts where narrations do. `Closing Balance: 3,100.50`
 * below a table is a fact of the statement, wherever it starts.
 */
function isNarrative(line: TableLine, region: Region): boolean {
  const [text] = line.texts;
  if (isBalance(line.line.text) || (text !== undefined && isBalance(text.text))) return false;
  // `1,105.33 10,405.70 21`: values under the labels of a head.
  if (!/\p{L}/u.test(line.line.text) && (line.line.text.match(DECIMALS)?.length ?? 0) > 1) return false;
  if (line.dateText !== "" || line.mark !== null || line.marksBelow.size > 0 || line.markText !== "")
    return true;
  if (text === undefined) return line.reference !== "";
  const columns = region.columns.filter((column) => column.kind === "text");
  if (columns.length === 0) return true;
  return line.texts.every((part) => columns.some((column) => column.id === part.column));
}

const DECIMALS = /\d[.,]\d\d(?!\d)/g;

function isBalance(text: string): boolean {
  const word = balanceWord(text);
  return word !== null && word !== "total";
}

/**
 * Lines between two rows go to the upper one down to the widest gap, the rest to the lower one. Where all gaps are
 * alike, they stand where narrations stand elsewhere in the document; a date belongs to the numbers below it.
 * @param fresh the upper row stands on an earlier page: how far below it the lines stand cannot be told
 */
function share(
  lines: readonly TableLine[],
  upper: Draft | null,
  lower: Draft,
  fresh: boolean,
  habit: Habit,
): void {
  if (lines.length === 0) return;
  const cut = upper === null ? cutAtTop(lines, lower, habit) : cutAt(lines, fresh ? null : upper, lower, habit); // prettier-ignore
  const [first, last] = [lines.slice(0, cut), lines.slice(cut)];
  if (upper !== null) follow(upper, first, fresh);
  let edge = lower.anchor;
  for (const line of last.toReversed()) {
    if (edge.y0 - line.y1 > FAR * (edge.y1 - edge.y0)) break;
    lower.lines.unshift(line);
    edge = line;
  }
  claimDate(lower, last);
}

/** Lines below the last row of a page: its own as far as they follow closely, then those of the next page's first row. */
function trail(lines: readonly TableLine[], upper: Draft, habit: Habit): void {
  if (lines.length === 0) return;
  const isTight = habit.above > habit.below && habit.gaps === 0;
  const cut = isTight ? 0 : cutAtEnd(lines, upper, habit);
  if (cut > 0 && habit.gaps === 0) habit.below += 1;
  follow(upper, lines.slice(0, cut), false);
  const rest = lines.slice(cut);
  if (isBlock(rest, lines[cut - 1] ?? upper.lines.at(-1), habit)) habit.pending = rest;
}

/** Lines of text that follow one another closely, not far below a row. */
function isBlock(lines: readonly TableLine[], above: TableLine | undefined, { step }: Habit): boolean {
  return lines.every((line, index) => {
    const before = index === 0 ? above : lines[index - 1];
    const most = index === 0 ? FAR * (line.y1 - line.y0) : WIDER * step;
    return line.texts.length > 0 && before !== undefined && line.y0 - before.y0 <= most;
  });
}

/** Lines below a row are its own as long as they follow closely; a date among them is that of a row without one. */
function follow(upper: Draft, lines: readonly TableLine[], fresh: boolean): void {
  let edge = fresh ? null : (upper.lines.at(-1) ?? null);
  for (const line of lines) {
    if (edge !== null && line.y0 - edge.y1 > FAR * (line.y1 - line.y0)) break;
    upper.lines.push(line);
    edge = line;
  }
  if (!fresh) claimDate(upper, lines);
}

function claimDate(draft: Draft, lines: readonly TableLine[]): void {
  if (draft.date !== null) return;
  const dated = lines.find((line) => line.date !== null);
  if (dated === undefined) return;
  draft.date = dated.date;
  draft.ownDate = true;
}

/** Above the first row stand the lines of that row, unless they may be headings that we could not read. */
function cutAtTop(lines: readonly TableLine[], lower: Draft, habit: Habit): number {
  const last = lines.at(-1);
  const { y0, y1 } = lower.anchor;
  if (habit.headed && last !== undefined && y0 - last.y0 <= 1.5 * (y1 - y0)) habit.above += 1;
  return habit.headed || habit.above > habit.below ? 0 : lines.length;
}

/** Below the last row a wider step than between the lines of the table leads to what stands under it. */
function cutAtEnd(lines: readonly TableLine[], upper: Draft, { step }: Habit): number {
  let above = upper.lines.at(-1);
  for (const [index, line] of lines.entries()) {
    const most = Math.min(WIDER * step, LOOSE * (line.y1 - line.y0));
    if (above !== undefined && line.y0 - above.y0 > most) return index;
    above = line;
  }
  return lines.length;
}

/** Set in the middle of its row, a number stands half a line below one line and half a line above the next. */
function overlaps(upper: TableLine | undefined, lower: TableLine | undefined): boolean {
  if (upper === undefined || lower === undefined) return false;
  return lower.y0 - upper.y0 <= OVERLAPPING * (upper.y1 - upper.y0);
}

/**
 * How many of the lines belong to the upper row.
 * @param upper null where it stands on an earlier page
 */
function cutAt(lines: readonly TableLine[], upper: Draft | null, lower: Draft, habit: Habit): number {
  const dated = lines.findIndex((line) => line.date !== null);
  const forLower = lower.date === null && dated >= 0;
  const tops = [upper?.lines.at(-1), ...lines, lower.lines[0]].map((line) => line?.y0);
  const steps: number[] = [];
  for (let i = 1; i < tops.length; i += 1) {
    const [from, to] = [tops[i - 1], tops[i]];
    steps.push(from === undefined || to === undefined ? -Infinity : to - from);
  }
  const real = steps.filter((step) => step > 0);
  // Numbers set in the middle of a row stand half a step below its line: steps count from a whole one on.
  const [narrowest, widest] = extent(real);
  const least = upper === null ? habit.step : Math.max(narrowest, Math.min(habit.step, widest));
  const isTelling = widest >= WIDER * least;
  const cut = steps.indexOf(widest);
  // The lower row's date stands among the lines: the cut is above it, and higher where a gap says so.
  if (forLower && upper?.date !== null) return isTelling ? Math.min(cut, dated) : dated;
  if (!isTelling) {
    if (forLower) return dated;
    // Where rows stand apart, what follows closely on the head of a page belongs to the row below it.
    const isBegun = overlaps(lines.at(-1), lower.lines[0]);
    if (upper === null && (habit.gaps > 0 || isBegun)) return 0;
    if (isBegun) return lines.length - 1;
    return habit.above > habit.below ? 0 : lines.length;
  }
  habit.gaps += 1;
  if (cut > 0) habit.below += 1;
  if (cut < lines.length) habit.above += 1;
  return cut;
}
