/** Where a document says whose account it is, for when, and with which balances. */

import type { DateOrder } from "../dates.ts";
import type { Line, Statement, Word } from "../types.ts";
import { balanceWord } from "../vocabulary.ts";
import { amountIn, around, dateInLine, textInLine } from "./find.ts";
import type { FactName, PageLayout, PlacedFact } from "./types.ts";

/** A fact of a statement, and the index of its page. */
type Found = [statement: number, place: { page: number; fact: Omit<PlacedFact, "statement"> }];

/** Nobody says first in the middle of a statement whose it is. */
const FIRST_PAGES = 3;
const LAST_PAGES = 2;

type Search = (line: Line) => readonly Word[] | null;

/**
 * Each fact once, in the first place that says it within the statement's pages. A balance that is printed in a row is
 * looked for outside of rows, and beside its label where there is one.
 */
export function placeFacts(
  lines: readonly (readonly Line[])[],
  statements: readonly Statement[],
  layouts: readonly PageLayout[],
  order: DateOrder,
): Found[] {
  return statements.flatMap((statement, index) => {
    const { from, to } = statement.pages;
    const isNear = (number: number): boolean =>
      number >= from && number <= to && (number < from + FIRST_PAGES || number > to - LAST_PAGES);
    const pages = lines.flatMap((page, at) => (isNear(at + 1) ? [{ at, lines: page }] : []));
    return searches(statement, order).flatMap(([name, search, label]): Found[] => {
      const all = pages.flatMap(({ at, lines: page }) =>
        page.flatMap((line) => {
          const isRow = layouts[at]?.rows.some(({ y0, y1 }) => line.y0 < y1 - 1 && line.y1 > y0 + 1) === true;
          const words = label !== null && isRow ? null : search(line);
          return words === null ? [] : [{ at, line, words, isLabelled: label === labelOf(line) }];
        }),
      );
      const best = all.find(({ isLabelled }) => isLabelled) ?? (label === "closing" ? all.at(-1) : all[0]);
      const box = around(best?.words ?? []);
      return best === undefined || box === null ? [] : [[index, { page: best.at, fact: { ...box, name } }]];
    });
  });
}

type Label = "opening" | "closing" | null;

function labelOf({ text }: Line): Label {
  const word = balanceWord(text);
  if (word === "carried") return "closing";
  return word === "total" ? null : word;
}

function searches(
  { identity, period, openingBalance, closingBalance }: Statement,
  order: DateOrder,
): [FactName, Search, Label][] {
  const found: [FactName, Search, Label][] = [];
  const number = identity.accountNumber ?? identity.iban;
  const { name } = identity;
  if (number !== null) found.push(["account number", (line) => textInLine(line, number), null]);
  if (name !== null) found.push(["holder", (line) => textInLine(line, name), null]);
  if (period !== null) {
    const both: Search = (line) => {
      const ends = [dateInLine(line, period.from, order), dateInLine(line, period.to, order)];
      return ends[0] && ends[1] ? ends.flatMap((words) => words ?? []) : null;
    };
    found.push(["period", both, null]);
  }
  if (openingBalance !== null) {
    found.push(["opening balance", (line) => amountIn(line, openingBalance, "left"), "opening"]);
  }
  if (closingBalance !== null) {
    found.push(["closing balance", (line) => amountIn(line, closingBalance, "left"), "closing"]);
  }
  return found;
}
