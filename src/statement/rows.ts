import { type PrintedDate, readDate } from "./dates.ts";
import { withoutFurniture } from "./furniture.ts";
import type { Amount } from "./money.ts";
import { type Breaks, learnBreaks, narrationOf } from "./narration.ts";
import { type Draft, giveLines, type Habit } from "./sharing.ts";
import type { Region } from "./table.ts";
import { markOf, type TableLine, type TableStyle } from "./tableline.ts";
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
  /** Its columns are the file's own, not found by where numbers stand: the header's words are believed. */
  exact?: boolean;
}

/** All rows of the document's tables, in printed order. */
export function readRows(
  regions: readonly Region[],
  furniture: ReadonlySet<object>,
  style: TableStyle,
): Row[] {
  const drafts: Draft[] = [];
  const habit: Habit = { above: 0, below: 0, headed: true, step: Infinity, gaps: 0, pending: [] };
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
  const breaks = learnBreaks(drafts);
  const rows = drafts.map((draft) => close(draft, regions[draft.region], breaks));
  const behind = rowsBehind(rows, regions);
  return behind.size === 0 ? rows : rows.filter((row) => !behind.has(row));
}

/** Rows without a date below a closing balance, with no dated row below them up to the next header: another table's. */
function rowsBehind(rows: readonly Row[], regions: readonly Region[]): Set<Row> {
  const behind = new Set<Row>();
  let open: Row[] = [];
  let isClosed = false;
  let region = -1;
  for (const row of rows) {
    if (row.region !== region && regions[row.region]?.headed === true) {
      for (const one of open) behind.add(one);
      [isClosed, open] = [false, []];
    }
    region = row.region;
    if (row.word === "closing" || row.word === "carried") isClosed = true;
    else if (row.ownDate || row.word !== null) {
      // Dated rows go on below: what stood between is of the table.
      [isClosed, open] = [false, []];
    } else if (isClosed) open.push(row);
  }
  for (const one of open) behind.add(one);
  return behind;
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
  const height = above.y1 - above.y0;
  if (line.date !== null || line.texts.length > 0 || line.y0 - above.y1 > 0.8 * height) return false;
  return [...line.cells.keys()].every((id) => !above.cells.has(id));
}

/**
 * A date torn over two lines is put together (`29/02/2` and `024 05:05:51`, `28 Dec` and `2019`, `01/01/20` and `24`); a
 * row without one takes that of the row above.
 */
function giveDate(draft: Draft, carried: PrintedDate | null, style: TableStyle): void {
  const pieces = draft.lines.map((line) => line.dateText).filter((text) => text !== "");
  const whole = pieces.length > 1 ? wholeDate(pieces, style) : null;
  if (whole !== null && (draft.date === null || whole.form === "full")) {
    draft.date = whole;
    draft.ownDate = true;
  }
  draft.date ??= carried;
}

function wholeDate(pieces: readonly string[], { dateOrder }: TableStyle): PrintedDate | null {
  const glued = pieces.join("");
  // `01/01/25` above `01:30:00` is no date of the year 2501.
  const date = TIME.test(pieces[1] ?? "") ? null : readDate(glued, dateOrder);
  if (date?.end === glued.length) return date;
  const spaced = pieces.join(" ");
  const apart = readDate(spaced, dateOrder);
  return apart?.end === spaced.length ? apart : null;
}

const TIME = /^\d{1,2}[:.h]\d\d/;

function close(draft: Draft, region: Region | undefined, breaks: Breaks): Row {
  const { anchor, lines } = draft;
  const description = narrationOf(lines, draft.region, region, breaks);
  giveMarks(anchor.cells, lines);
  const reference = lines.map((line) => line.reference).filter((text) => text !== "").join(" "); // prettier-ignore
  return {
    date: draft.date,
    ownDate: draft.ownDate,
    valueDate: lines.find((line) => line.valueDate !== null)?.valueDate ?? null,
    description,
    reference: reference === "" ? null : reference,
    cells: anchor.cells,
    mark:
      markOf(lines.map((line) => line.markText).join("")) ??
      lines.find((line) => line.mark !== null)?.mark ??
      null,
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

/** `Cr` on the line below its number. */
function giveMarks(cells: Map<string, Amount>, lines: readonly TableLine[]): void {
  for (const { marksBelow } of lines) {
    for (const [id, mark] of marksBelow) {
      const amount = cells.get(id);
      if (amount !== undefined && amount.mark === null) cells.set(id, { ...amount, mark });
    }
  }
}
