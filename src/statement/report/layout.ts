/**
 * Finds on the pages what was read from them, to be shown to a person. It looks for the values again where each
 * transaction says that it stands, and so shows the result, not the way to it: a cell that cannot be found is left
 * out, never guessed.
 */

import { detectDateOrder } from "../dates.ts";
import type { DateOrder } from "../dates.ts";
import { toLines } from "../lines.ts";
import type { Line, Page, Statement, TextDocument, Transaction, Word } from "../types.ts";
import { placeFacts } from "./facts.ts";
import { amountIn, around, dateInLine, textInLine } from "./find.ts";
import type { Box, CellRole, PageLayout, PlacedCell, PlacedColumn, PlacedRow } from "./types.ts";

/** A narration of more lines above or below its row is cut short in the picture. */
const MOST_LINES = 6;
/** Right edges of one column, in points. */
const SAME_EDGE = 4;
/** Lines of one row stand closer, in their height. */
const MAX_GAP = 1.2;
/** A table's head stands this close above its first row, in points, in so many lines. */
const HEAD_GAP = 14;
const HEAD_LINES = 2;
const LABEL_ROOM = 13;
/** So long a piece of a narration that was put together otherwise than it is printed stands there by no accident. */
const SURE_LENGTH = 4;

/** One layout for each page of the document. */
export function layOut(document: TextDocument, statements: readonly Statement[]): PageLayout[] {
  const lines = document.pages.map((page) => toLines(page));
  const order = detectDateOrder(lines.flatMap((page) => page.map((line) => line.text)));
  const layouts = document.pages.map((page, index): PageLayout => {
    const rows = rowsOnPage(page, lines[index] ?? [], statements, order);
    const { number, width, height } = page;
    return { number, width, height, rows, columns: columnsOf(rows, lines[index] ?? []), facts: [] };
  });
  for (const [statement, { page, fact }] of placeFacts(lines, statements, layouts, order)) {
    layouts[page]?.facts.push({ ...fact, statement });
  }
  return layouts;
}

function rowsOnPage(
  page: Page,
  lines: readonly Line[],
  statements: readonly Statement[],
  order: DateOrder,
): PlacedRow[] {
  const here = statements.flatMap(({ transactions }, statement) =>
    transactions.flatMap((transaction, row) =>
      transaction.page === page.number ? [{ statement, row, transaction }] : [],
    ),
  );
  // Lines that are given out: those of the rows, and what a row took already.
  const anchors = new Set(here.map(({ transaction }) => transaction.line));
  return here.flatMap(({ statement, row, transaction }) => {
    const placed = placeRow(transaction, lines, anchors, order);
    return placed === null ? [] : [{ statement, row, ...placed }];
  });
}

function placeRow(
  transaction: Transaction,
  lines: readonly Line[],
  anchors: Set<number>,
  order: DateOrder,
): Omit<PlacedRow, "statement" | "row"> | null {
  const anchor = lines[transaction.line - 1];
  if (anchor === undefined) return null;
  const own = [
    ...neighbours(transaction, lines, anchors, -1).toReversed(),
    anchor,
    ...neighbours(transaction, lines, anchors, 1),
  ];
  const cells = placeCells(transaction, anchor, own, order);
  const box = around(own.flatMap((line) => line.words));
  return box === null ? null : { ...box, cells };
}

const folded = (text: string): string => text.replaceAll(/\s+/g, "").toLowerCase();

const gapBetween = (a: Line, b: Line): number => Math.max(a.y0 - b.y1, b.y0 - a.y1);

/** Lines above (-1) or below (1) whose words all stand in the narration or reference, up to the next row. */
function neighbours(
  { line, description, reference }: Transaction,
  lines: readonly Line[],
  anchors: Set<number>,
  step: 1 | -1,
): Line[] {
  const said = folded(`${description} ${reference ?? ""}`);
  const found: Line[] = [];
  for (let at = line + step; found.length < MOST_LINES; at += step) {
    const next = lines[at - 1];
    if (next === undefined || anchors.has(at)) break;
    const last = found.at(-1) ?? lines[line - 1];
    if (last === undefined || gapBetween(last, next) > MAX_GAP * (next.y1 - next.y0)) break;
    if (!next.words.every((word) => said.includes(folded(word.text)))) break;
    found.push(next);
    anchors.add(at);
  }
  return found;
}

function placeCells(
  { date, valueDate, amount, balance, direction, description, reference }: Transaction,
  anchor: Line,
  lines: readonly Line[],
  order: DateOrder,
): PlacedCell[] {
  const cells: PlacedCell[] = [];
  const taken = new Set<Box>();
  const add = (role: CellRole, words: readonly Box[] | null): void => {
    const box = around(words ?? []);
    if (words === null || box === null) return;
    for (const word of words) taken.add(word);
    cells.push({ ...box, role });
  };
  const free = (line: Line = anchor): Line => ({
    ...line,
    words: line.words.filter((word) => !taken.has(word)),
  });
  const first = (search: (line: Line) => readonly Box[] | null): readonly Box[] | null =>
    lines.map((line) => search(free(line))).find((words) => words !== null) ?? null;
  add(
    "date",
    first((line) => dateInLine(line, date, order)),
  );
  if (valueDate !== null)
    add(
      "value date",
      first((line) => dateInLine(line, valueDate, order)),
    );
  if (reference !== null)
    add(
      "reference",
      first((line) => textInLine(line, reference)),
    );
  // Balances stand behind amounts nearly everywhere; where the two are alike that tells them apart.
  if (balance !== null) add("balance", amountIn(free(), balance, "right"));
  add(direction, amountIn(free(), amount, "right"));
  const said = folded(description);
  const tokens = new Set(description.toLowerCase().split(" "));
  // A serial number is not told by its digits standing somewhere in the narration.
  const isSaid = ({ text }: Word): boolean =>
    tokens.has(text.toLowerCase()) || (text.length >= SURE_LENGTH && said.includes(folded(text)));
  add(
    "narration",
    lines.flatMap((line) => line.words.filter((word) => !taken.has(word) && isSaid(word))),
  );
  return cells;
}

/** From the head of the table to its last row, and on which side there is room for a label. */
function heightOf(
  rows: readonly PlacedRow[],
  lines: readonly Line[],
): Pick<PlacedColumn, "y0" | "y1" | "labelled"> {
  let y0 = Math.min(...rows.map((row) => row.y0));
  const y1 = Math.max(...rows.map((row) => row.y1));
  const above = lines.filter((line) => line.y1 <= y0 + 1).slice(-HEAD_LINES);
  for (const line of above.toReversed()) {
    if (y0 - line.y1 > HEAD_GAP || /\d/.test(line.text)) break;
    y0 = Math.min(y0, line.y0);
  }
  const isFree = !lines.some((line) => line.y1 > y0 - LABEL_ROOM && line.y1 <= y0 + 1);
  return { y0, y1, labelled: isFree ? "above" : "below" };
}

/** Where the cells of each role stand on a page. One column of both directions is an amount column. */
function columnsOf(rows: readonly PlacedRow[], lines: readonly Line[]): PlacedColumn[] {
  const cells = rows.flatMap((row) => row.cells);
  const edgeOf = (role: CellRole): number | null => {
    const edges = cells.filter((cell) => cell.role === role).map((cell) => cell.x1).sort((a, b) => a - b); // prettier-ignore
    return edges[edges.length >> 1] ?? null;
  };
  const [debit, credit] = [edgeOf("debit"), edgeOf("credit")];
  const shared = debit !== null && credit !== null && Math.abs(debit - credit) <= SAME_EDGE;
  const roleOf = (role: CellRole): CellRole =>
    shared && (role === "debit" || role === "credit") ? "amount" : role;
  const groups = Map.groupBy(cells, (cell) => roleOf(cell.role));
  return [...groups].flatMap(([role, group]) => {
    const box = around(group);
    return box === null ? [] : [{ ...box, ...heightOf(rows, lines), role }];
  });
}
