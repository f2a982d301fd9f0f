import { type PrintedDate, readDate } from "./dates.ts";
import { withoutFurniture } from "./furniture.ts";
import type { Amount } from "./money.ts";
import { extent } from "./stacks.ts";
import type { Region } from "./table.ts";
import type { TableLine, TableStyle } from "./tableline.ts";
import type { Line } from "./types.ts";
import { balanceWord, type BalanceWord } from "./vocabulary.ts";

/** One row of the table as printed, before anyone says what its columns mean. */
export interface Row {
  date: PrintedDate | null;
  /** False where the date stands only on an earlier row of the day. */
  ownDate: boolean;
  valueDate: PrintedDate | null;
  description: string;
  reference: string | null;
  cells: Map<string, Amount>;
  mark: "dr" | "cr" | null;
  /** What the title of its table says of it. */
  side: "dr" | "cr" | null;
  /** A cell that should hold a number holds something else. */
  unreadable: boolean;
  /** The row's text begins like that of an opening, closing or total row. */
  word: BalanceWord | null;
  page: number;
  line: number;
  /** Index of the region it stands in. */
  region: number;
  /** The lines that it takes. */
  lines: Line[];
}

/** A row under construction: the line that holds its numbers, and its other lines. */
interface Draft {
  anchor: TableLine;
  lines: TableLine[];
  date: PrintedDate | null;
  ownDate: boolean;
  region: number;
}

/** Between rows lies at least this much more than between the lines of a row. */
const WIDER = 1.15;
/** Lines further apart than this many heights do not belong to one row. */
const FAR = 2.4;

/** All rows of the document's tables, in printed order. */
export function readRows(
  regions: readonly Region[],
  furniture: ReadonlySet<object>,
  style: TableStyle,
): Row[] {
  const drafts: Draft[] = [];
  const habit: Habit = { above: 0, below: 0, headed: true };
  let carried: PrintedDate | null = null;
  regions.forEach((region, index) => {
    const lines = withoutFurniture(region, furniture);
    habit.headed = region.headed;
    const here = draftsOf(lines, index);
    giveLines(lines, here, drafts.at(-1) ?? null, region, habit);
    for (const draft of here) {
      giveDate(draft, carried, style);
      carried = draft.date ?? carried;
    }
    for (const draft of here) drafts.push(draft);
  });
  return drafts.map((draft) => close(draft, regions[draft.region]));
}

/** Every line with numbers starts a row, unless it only adds a column to the row above (a balance one line below). */
function draftsOf(lines: readonly TableLine[], region: number): Draft[] {
  const drafts: Draft[] = [];
  for (const line of lines) {
    if (line.cells.size === 0) continue;
    const last = drafts.at(-1);
    if (last !== undefined && adds(last.anchor, line)) {
      for (const [id, amount] of line.cells) last.anchor.cells.set(id, amount);
      last.lines.push(line);
    } else drafts.push({ anchor: line, lines: [line], date: line.date, ownDate: line.date !== null, region });
  }
  return drafts;
}

function adds(above: TableLine, line: TableLine): boolean {
  const height = above.line.y1 - above.line.y0;
  if (line.date !== null || line.texts.length > 0 || line.line.y0 - above.line.y1 > 0.8 * height)
    return false;
  return [...line.cells.keys()].every((id) => !above.cells.has(id));
}

/** Shares out the lines without numbers among the rows above and below them. */
function giveLines(
  lines: readonly TableLine[],
  drafts: readonly Draft[],
  before: Draft | null,
  region: Region,
  habit: Habit,
): void {
  const owners = new Map(drafts.flatMap((draft) => draft.lines.map((line) => [line, draft] as const)));
  let above: Draft | null = null;
  let between: TableLine[] = [];
  const narrative = lines.filter((line) => owners.has(line) || isNarrative(line, region));
  for (const line of narrative) {
    const owner = owners.get(line);
    if (owner === undefined) {
      between.push(line);
      continue;
    }
    if (owner !== above) share(between, above ?? before, owner, above === null, habit);
    between = [];
    above = owner;
  }
  if (above !== null) share(between, above, null, false, habit);
}

/**
 * A line that can belong to a row: it has a date, or its text starts where narrations do. `Closing Balance: 3,100.50`
 * below a table is a fact of the statement, wherever it starts.
 */
function isNarrative(line: TableLine, region: Region): boolean {
  const [text] = line.texts;
  if (isBalance(line.line.text) || (text !== undefined && isBalance(text.text))) return false;
  if (line.date !== null || line.dateText !== "" || line.mark !== null) return true;
  if (text === undefined) return line.reference !== "";
  const columns = region.columns.filter((column) => column.kind === "text");
  if (columns.length === 0) return true;
  return line.texts.every((part) => columns.some((column) => column.id === part.column));
}

function isBalance(text: string): boolean {
  const word = balanceWord(text);
  return word === "opening" || word === "closing";
}

/** Where this document's narrations stand, learned where gaps tell. */
interface Habit {
  above: number;
  below: number;
  /** Whether a header bounds the present region above. */
  headed: boolean;
}

/**
 * Lines between two rows go to the upper one down to the widest gap, the rest to the lower one. Where all gaps are
 * alike, they stand where narrations stand elsewhere in the document; a date belongs to the numbers below it.
 * @param fresh the upper row stands on an earlier page: how far below it the lines stand cannot be told
 */
function share(
  lines: readonly TableLine[],
  upper: Draft | null,
  lower: Draft | null,
  fresh: boolean,
  habit: Habit,
): void {
  if (lines.length === 0) return;
  const cut = upper === null ? cutAtTop(lines, habit) : cutAt(lines, fresh ? null : upper, lower, habit);
  const [first, last] = [lines.slice(0, cut), lines.slice(cut)];
  if (upper !== null) follow(upper, first, fresh);
  if (lower === null) return;
  let edge = lower.anchor.line;
  for (const line of last.toReversed()) {
    if (edge.y0 - line.line.y1 > FAR * (edge.y1 - edge.y0)) break;
    lower.lines.unshift(line);
    edge = line.line;
  }
  claimDate(lower, last);
}

/** Lines below a row are its own as long as they follow closely; a date among them is that of a row without one. */
function follow(upper: Draft, lines: readonly TableLine[], fresh: boolean): void {
  let edge = fresh ? null : (upper.lines.at(-1)?.line ?? null);
  for (const line of lines) {
    if (edge !== null && line.line.y0 - edge.y1 > FAR * (line.line.y1 - line.line.y0)) break;
    upper.lines.push(line);
    edge = line.line;
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
function cutAtTop(lines: readonly TableLine[], habit: Habit): number {
  return habit.headed || habit.above > habit.below ? 0 : lines.length;
}

/** How many of the lines belong to the upper row. */
function cutAt(lines: readonly TableLine[], upper: Draft | null, lower: Draft | null, habit: Habit): number {
  if (lower === null) return lines.length;
  const dated = lines.findIndex((line) => line.date !== null);
  const forLower = lower.date === null && dated >= 0;
  if (forLower && upper?.date !== null) return dated;
  const tops = [upper?.lines.at(-1), ...lines, lower.lines[0]].map((line) => line?.line.y0);
  const steps: number[] = [];
  for (let i = 1; i < tops.length; i += 1) {
    const [from, to] = [tops[i - 1], tops[i]];
    steps.push(from === undefined || to === undefined ? Number.NaN : to - from);
  }
  const real = steps.filter((step) => !Number.isNaN(step));
  const [narrowest, widest] = extent(real);
  if (widest < WIDER * narrowest) {
    if (forLower) return dated;
    return habit.above > habit.below ? 0 : lines.length;
  }
  const cut = steps.indexOf(widest);
  if (cut > 0) habit.below += 1;
  if (cut < lines.length) habit.above += 1;
  return cut;
}

/** A date torn over two lines is put together; a row without one takes that of the row above. */
function giveDate(draft: Draft, carried: PrintedDate | null, style: TableStyle): void {
  const pieces = draft.lines.map((line) => line.dateText).filter((text) => text !== "");
  if (draft.date === null && pieces.length > 1) {
    const whole = readDate(pieces.join(""), style.dateOrder) ?? readDate(pieces.join(" "), style.dateOrder);
    draft.date = whole;
    draft.ownDate = whole !== null;
  }
  // `28 Dec` with `2019` below it.
  const year = /^((?:19|20)\d\d)\b/.exec(pieces[0] ?? "")?.[1];
  if (draft.date !== null && draft.date.year === null && year !== undefined) {
    draft.date = { ...draft.date, year: Number(year), form: "full" };
  }
  draft.date ??= carried;
}

function close(draft: Draft, region: Region | undefined): Row {
  const { anchor, lines } = draft;
  const description = narrationOf(lines, region);
  const reference = lines.map((line) => line.reference).filter((text) => text !== "").join(" "); // prettier-ignore
  return {
    date: draft.date,
    ownDate: draft.ownDate,
    valueDate: lines.find((line) => line.valueDate !== null)?.valueDate ?? null,
    description,
    reference: reference === "" ? null : reference,
    cells: anchor.cells,
    mark: lines.find((line) => line.mark !== null)?.mark ?? null,
    side: region?.side ?? null,
    unreadable:
      lines.some((line) => line.unreadable && line.cells.size > 0) ||
      (!draft.ownDate && anchor.dateText !== ""),
    word: balanceWord(description),
    page: anchor.line.page,
    line: anchor.line.line,
    region: draft.region,
    lines: lines.map((line) => line.line),
  };
}

/** Column by column, each from top to bottom. */
function narrationOf(lines: readonly TableLine[], region: Region | undefined): string {
  const parts = new Map<string, string>();
  const first = region?.columns.find((column) => column.kind === "text")?.id ?? "";
  for (const line of lines) {
    for (const { column, text } of line.texts) {
      const id = column === "" ? first : column;
      const before = parts.get(id);
      parts.set(id, before === undefined ? text : `${before} ${text}`);
    }
  }
  if (parts.size <= 1) return parts.values().next().value ?? "";
  const order = region?.columns.map((column) => column.id) ?? [];
  return [...parts].sort(([a], [b]) => order.indexOf(a) - order.indexOf(b)).map(([, text]) => text).join(" "); // prettier-ignore
}
