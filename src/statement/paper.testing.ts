/** Pages for tests, set in a type whose letters are all 4.5 points wide, and what is read from them in short. */
import assert from "node:assert/strict";
import { readStatements } from "./read.ts";
import type { DocumentMetadata, Page, Statement, TextDocument, Word } from "./types.ts";

export interface Cell {
  text: string;
  /** Left edge, or right edge where `right` is true. */
  x: number;
  right: boolean;
}

/** A line of cells, or points to leave empty. */
export type PaperLine = readonly Cell[] | number;

const LETTER = 4.5;
const HEIGHT = 9;
const STEP = 11;

export const at = (x: number, text: string): Cell => ({ text, x, right: false });
/** Ends at `x`. */
export const to = (x: number, text: string): Cell => ({ text, x, right: true });

export const NO_METADATA: DocumentMetadata = {
  producer: null,
  creator: null,
  author: null,
  title: null,
  createdAt: null,
  modifiedAt: null,
};

export function page(number: number, lines: readonly PaperLine[], top = 60): Page {
  const words: Word[] = [];
  let y = top;
  for (const line of lines) {
    if (typeof line === "number") y += line;
    else {
      for (const cell of line) words.push(...wordsOf(cell, y));
      y += STEP;
    }
  }
  return { number, width: 600, height: 840, words };
}

function wordsOf(cell: Cell, y: number): Word[] {
  const spaces = cell.text.split(" ").length - 1;
  let x = cell.right ? cell.x - (cell.text.length - spaces / 2) * LETTER : cell.x;
  const words: Word[] = [];
  for (const text of cell.text.split(" ")) {
    const x1 = x + text.length * LETTER;
    if (text !== "") words.push({ text, x0: x, y0: y, x1, y1: y + HEIGHT });
    x = x1 + LETTER / 2;
  }
  return words;
}

/** Adds 1 to 9 to one of a word's digits, without carry. */
export function changeDigit(word: Word, place: number, by: number): void {
  const digits = [...word.text.matchAll(/\d/g)];
  const digit = digits[place % digits.length];
  assert.ok(digit);
  const changed = (Number(digit[0]) + by) % 10;
  word.text = word.text.slice(0, digit.index) + String(changed) + word.text.slice(digit.index + 1);
}

/** A document of one page per list of lines. */
export function paper(...pages: (readonly PaperLine[])[]): TextDocument {
  return { pages: pages.map((lines, index) => page(index + 1, lines)), metadata: NO_METADATA };
}

export const HEADER = [
  at(40, "Date"),
  at(110, "Description"),
  to(380, "Debit"),
  to(460, "Credit"),
  to(550, "Balance"),
];
export const PERIOD: PaperLine[] = [
  [at(40, "Period: 01/01/2024 to 31/01/2024")],
  [at(40, "Opening Balance: 100.00")],
  20,
];

/** The same with a closing balance: without one no chain is proven. */
export const closedWith = (closing: string): PaperLine[] => [
  ...PERIOD.slice(0, -1),
  [at(40, `Closing Balance: ${closing}`)],
  20,
];

/** The one statement of a document. */
export function only(document: TextDocument): Statement {
  const statements = readStatements(document);
  assert.equal(statements.length, 1);
  const [statement] = statements;
  assert.ok(statement);
  return statement;
}

/** `02 -30.00 =70.00 Rent`: day, signed amount, balance, narration. */
export function shown({ transactions }: Statement): string[] {
  return transactions.map(({ date, direction, amount, balance, description }) => {
    const sign = direction === "debit" ? "-" : "+";
    const after = balance === null ? "" : ` =${decimal(balance)}`;
    return `${date.toString().slice(5)} ${sign}${decimal(amount)}${after} ${description}`.trim();
  });
}

function decimal(minor: bigint): string {
  const digits = (minor < 0n ? -minor : minor).toString().padStart(3, "0");
  return `${minor < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
