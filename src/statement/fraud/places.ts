/** Figures of a page by column, and the transaction that a figure belongs to. */

import { toLines } from "../lines.ts";
import { abs } from "../money.ts";
import type { Direction, Figure, Line, Page, Statement, Transaction } from "../types.ts";

/** Right edges this close, in points, are one column's. */
const SAME_EDGE = 3;

/** Visible figures of a page that end at one right edge, from left to right, each column from the top. */
export function columnsOfPage(page: Page): Figure[][] {
  const figures = page.paint?.figures.filter((figure) => !figure.hidden) ?? [];
  const columns: Figure[][] = [];
  for (const figure of figures.toSorted((a, b) => a.x1 - b.x1)) {
    const column = columns.at(-1);
    if (column !== undefined && figure.x1 - (column.at(-1)?.x1 ?? 0) <= SAME_EDGE) column.push(figure);
    else columns.push([figure]);
  }
  return columns.map((column) => column.toSorted((a, b) => a.base - b.base));
}

/** Where a figure stands in what was read. */
export interface Place {
  statement: number;
  row: number;
  cell: "amount" | "balance";
  direction: Direction;
}

/** Null where the figure is not the amount or balance of a transaction on its line. */
export type Locate = (page: Page, figure: Figure) => Place | null;

interface OnPage {
  statement: number;
  row: number;
  transaction: Transaction;
}

/** Lines are made again only for pages that something is asked about. */
export function createLocator(statements: readonly Statement[]): Locate {
  const byPage = new Map<number, OnPage[]>();
  statements.forEach(({ transactions }, statement) => {
    transactions.forEach((transaction, row) => {
      const list = byPage.get(transaction.page) ?? [];
      list.push({ statement, row, transaction });
      byPage.set(transaction.page, list);
    });
  });
  const linesOf = new Map<number, Line[]>();
  return (page, figure) => {
    let lines = linesOf.get(page.number);
    if (lines === undefined) {
      lines = toLines(page);
      linesOf.set(page.number, lines);
    }
    for (const { statement, row, transaction } of byPage.get(page.number) ?? []) {
      const line = lines[transaction.line - 1];
      if (line === undefined || !standsOn(figure, line)) continue;
      const cell = cellOf(figure, transaction);
      if (cell !== null) return { statement, row, cell, direction: transaction.direction };
    }
    return null;
  };
}

function standsOn(figure: Figure, line: Line): boolean {
  const middle = (figure.y0 + figure.y1) / 2;
  const slack = (figure.y1 - figure.y0) / 4;
  return middle > line.y0 - slack && middle < line.y1 + slack;
}

export function digitsOf(text: string): string {
  return text.replaceAll(/\D/g, "").replace(/^0+(?=\d)/, "");
}

function cellOf(figure: Figure, { amount, balance }: Transaction): Place["cell"] | null {
  const digits = digitsOf(figure.text);
  if (isPrintedAs(digits, amount)) return "amount";
  return balance !== null && isPrintedAs(digits, balance) ? "balance" : null;
}

/** `1,234` and `1,234.5` are 123450 minor units less printed zeros. */
function isPrintedAs(digits: string, minor: bigint): boolean {
  const whole = abs(minor).toString();
  return [digits, `${digits}0`, `${digits}00`].includes(whole);
}
