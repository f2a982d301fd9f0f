/** Nothing is silently wrong: one digit changed in a proven statement, and it is proven no more or reads the same. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { at, type Cell, changeDigit, paper, type PaperLine, to } from "./paper.testing.ts";
import { readStatements } from "./read.ts";
import type { Statement, TextDocument } from "./types.ts";

const STYLES = [
  "two columns",
  "signed",
  "marked",
  "newest first",
  "day end",
  "no balance",
  "no opening",
  "pages",
] as const;
type Style = (typeof STYLES)[number];

interface Entry {
  day: number;
  delta: bigint;
}

interface Sample {
  style: Style;
  opening: bigint;
  entries: Entry[];
}

const entry = fc.record({
  day: fc.integer({ min: 0, max: 3 }),
  delta: fc.bigInt({ min: -999_999n, max: 999_999n }).filter((delta) => delta !== 0n),
});
const sample: fc.Arbitrary<Sample> = fc.record({
  style: fc.constantFrom(...STYLES),
  opening: fc.bigInt({ min: 1_000n, max: 9_999_999n }),
  entries: fc.array(entry, { minLength: 3, maxLength: 12 }),
});

function money(minor: bigint): string {
  const digits = (minor < 0n ? -minor : minor).toString().padStart(3, "0");
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${minor < 0n ? "-" : ""}${whole}.${digits.slice(-2)}`;
}

const abs = (value: bigint): bigint => (value < 0n ? -value : value);

function amountCells(delta: bigint, style: Style): Cell[] {
  if (style === "signed" || style === "newest first" || style === "no balance")
    return [to(460, money(delta))];
  if (style === "marked") return [to(460, `${money(abs(delta))} ${delta < 0n ? "DR" : "CR"}`)];
  return [to(delta < 0n ? 380 : 460, money(abs(delta)))];
}

function draw({ style, opening, entries }: Sample): TextDocument {
  const single = ["signed", "newest first", "no balance", "marked"].includes(style);
  const titles = single ? [to(460, "Amount")] : [to(380, "Debit"), to(460, "Credit")];
  const header = [
    at(40, "Date"),
    at(110, "Description"),
    ...titles,
    ...(style === "no balance" ? [] : [to(550, "Balance")]),
  ];
  const lines: PaperLine[] = [];
  let balance = opening;
  let day = 0;
  const days = entries.map((one) => (day += one.day));
  entries.forEach(({ delta }, index) => {
    balance += delta;
    const last = days[index + 1] !== days[index];
    const shown = style === "no balance" || (style === "day end" && !last) ? [] : [to(550, money(balance))];
    const date = Temporal.PlainDate.from("2024-01-03")
      .add({ days: days[index] ?? 0 })
      .toString();
    lines.push([
      at(40, date),
      at(110, `Payment ${String.fromCharCode(65 + index)}`),
      ...amountCells(delta, style),
      ...shown,
    ]);
  });
  if (style === "newest first") lines.reverse();
  const sum = (pick: (delta: bigint) => boolean): bigint =>
    entries.reduce((total, { delta }) => (pick(delta) ? total + abs(delta) : total), 0n);
  const out = sum((delta) => delta < 0n);
  const into = sum((delta) => delta > 0n);
  const facts: PaperLine[] =
    style === "no opening"
      ? [[at(40, `Total debits: ${money(out)}`)], [at(40, `Total credits: ${money(into)}`)]]
      : [[at(40, `Opening balance: ${money(opening)}`)], [at(40, `Closing balance: ${money(balance)}`)]];
  const cut = style === "pages" ? lines.length >> 1 : lines.length;
  const rest = lines.slice(cut);
  return paper(
    [...facts, 20, header, ...lines.slice(0, cut)],
    ...(rest.length > 0 ? [[header, ...rest]] : []),
  );
}

function reading(statements: readonly Statement[]): string {
  const rows = statements.flatMap(({ transactions }) =>
    transactions.map((row) => `${row.date.toString()} ${row.direction} ${row.amount} ${row.balance}`),
  );
  return rows.join("\n");
}

const isMoney = (text: string): boolean => /^-?[\d,]*\.\d\d$/.test(text);

function change(document: TextDocument, which: number, place: number, by: number): void {
  const words = document.pages.flatMap((page) => page.words).filter((word) => isMoney(word.text));
  const word = words[which % words.length];
  assert.ok(word);
  changeDigit(word, place, by);
}

test("statements of every style are proven as they were made", () => {
  fc.assert(
    fc.property(sample, (made) => {
      const [statement, other] = readStatements(draw(made));
      assert.equal(other, undefined);
      assert.equal(statement?.verification.status, "proven", made.style);
      assert.deepEqual(
        statement.transactions.map((row) => (row.direction === "debit" ? -row.amount : row.amount)),
        made.entries.map(({ delta }) => delta),
      );
    }),
    { numRuns: 300, seed: 1 },
  );
});

test("800 changed digits: none is silently wrong", () => {
  let changed = 0;
  fc.assert(
    fc.property(sample, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 9 }), (made, which, place, by) => {
      const document = draw(made);
      const before = reading(readStatements(document));
      change(document, which, place, by);
      changed += 1;
      const after = readStatements(document);
      if (reading(after) === before) return;
      assert.ok(
        !after.every(({ verification }) => verification.status === "proven") || after.length === 0,
        made.style,
      );
    }),
    { numRuns: 800, seed: 2 },
  );
  assert.equal(changed, 800);
});

const scrap = fc.oneof(
  fc.constantFrom(
    "Date",
    "Balance",
    "Debit",
    "Credit",
    "Amount",
    "Description",
    "Total",
    "Opening balance",
    "CR",
    "-",
    "(",
    ")",
    "1",
    "234,56",
    "€",
  ),
  fc.constantFrom(
    "02/01/2024",
    "31/04/2024",
    "29 Feb",
    "2 Jan",
    "Jan",
    "0.00",
    "1,234.56",
    "12,34",
    "99999999999999999999.99",
    "07.10",
    "2567",
  ),
  fc.string({ maxLength: 12 }),
);

test("no page makes the reader throw", () => {
  const cell = fc
    .tuple(fc.integer({ min: -50, max: 700 }), fc.boolean(), scrap)
    .map(([x, right, text]) => ({ x, right, text }));
  const line = fc.oneof(fc.integer({ min: -20, max: 40 }), fc.array(cell, { maxLength: 7 }));
  fc.assert(
    fc.property(fc.array(fc.array(line, { maxLength: 25 }), { maxLength: 3 }), (pages) => {
      for (const { transactions, verification } of readStatements(paper(...pages))) {
        assert.ok(transactions.length > 0);
        if (verification.status === "proven") assert.ok(transactions.every((row) => row.proof !== "none"));
      }
    }),
    { numRuns: 500, seed: 3 },
  );
});
