/**
 * Nothing is silently wrong: one digit of an amount, a balance, a total or a count changed in a generated statement,
 * and it is proven no more. What still counts as proven of its rows reads as it was made.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { toLines } from "../../src/statement/lines.ts";
import { changeDigit } from "../../src/statement/paper.testing.ts";
import { openPdf } from "../../src/statement/pdf/open.ts";
import { compilePdfium, createPdfium } from "../../src/statement/pdf/pdfium.ts";
import { readStatements } from "../../src/statement/read.ts";
import type { Line, Statement, TextDocument, Transaction, Word } from "../../src/statement/types.ts";
import { sweep } from "./catalogue.ts";
import { generate } from "./generate.ts";
import { mixed } from "./mixed.ts";
import { createRandom } from "./random.ts";
import type { Truth } from "./types.ts";

/** About 120 statements a seed; measured 3 ms a mutant on an idle machine. `SWEEP_SEEDS=20` runs more. */
const SEEDS = Array.from({ length: Number(process.env["SWEEP_SEEDS"] ?? 2) }, (_, i) => i + 1);
const MUTANTS_EACH = 10;
/** Layouts drawn by lot for each seed. */
const MIXED = 24;

const pdfium = await createPdfium(await compilePdfium());

function open(bytes: Uint8Array, password: string | null): TextDocument {
  const opened = openPdf(pdfium, bytes, { password, maxPages: 500 });
  assert.ok(opened.ok);
  return opened.document;
}

interface Target {
  word: Word;
  line: Line;
}

/** Two decimals, one, or grouped digits with as many as the currency has: yen, dinars. */
const MONEY = /^\D*(?:\d[\d.,]*[.,]\d\d|\d+,\d|\d{1,3}(?:[.,']\d{3})+(?:[.,]\d{1,3})?)\D*$/;

/** Titles of tables that repeat what the rows say, and of which no row is made. */
const AFTER = /^(?:DAILY ENDING BALANCE|YOUR SPENDING BY KIND|INTEREST RATES)$/;

/** Digits of every amount, balance and total that the truth knows. What may be borrowed is none of them. */
function knownNumbers({ statements }: Truth): Set<string> {
  return new Set(
    statements.flatMap(({ transactions, opening_balance, closing_balance, verification }) =>
      [
        opening_balance,
        closing_balance,
        ...transactions.flatMap(({ amount, balance }) => [amount, balance]),
        ...verification.totals.map(({ printed }) => printed),
      ].flatMap((text) => formsOf(text?.replaceAll(/\D/g, "") ?? "")),
    ),
  );
}

/** As printed; with one decimal; and what stands behind the space of `12 345,67`. */
function formsOf(digits: string): string[] {
  if (digits === "") return [];
  const forms = digits.endsWith("0") ? [digits, digits.slice(0, -1)] : [digits];
  return digits.length > 5 ? [...forms, digits.slice(-5)] : forms;
}

/** `USD 38.69` beside the booked amount is what was paid abroad, and of no account here. */
function isForeign(before: string | undefined, { statements }: Truth): boolean {
  return /^[A-Z]{3}$/.test(before ?? "") && statements.every(({ currency }) => currency !== before);
}

/** Every printed amount and balance, and the counts of the summary. */
function targetsOf(document: TextDocument, truth: Truth): Target[] {
  const totals = truth.statements.flatMap(({ verification }) => verification.totals);
  const counts = new Set(totals.filter(({ kind }) => kind.endsWith("count")).map(({ printed }) => printed));
  const numbers = knownNumbers(truth);
  const lines = document.pages.flatMap((page) => toLines(page));
  const end = lines.findIndex(({ text }) => AFTER.test(text));
  return lines.slice(0, end < 0 ? lines.length : end).flatMap((line) => {
    const money = line.words.filter(
      ({ text }, i) =>
        MONEY.test(text) &&
        numbers.has(text.replaceAll(/\D/g, "")) &&
        !isForeign(line.words[i - 1]?.text, truth),
    );
    const isSummary = money.length >= 3 || /\bcount\b/i.test(line.text);
    const counted = isSummary ? line.words.filter((word) => counts.has(word.text)) : [];
    return [...money, ...counted].map((word) => ({ word, line }));
  });
}

const valueOf = ({ date, direction, amount, balance }: Transaction): string =>
  `${date.toString()} ${direction} ${amount} ${balance}`;

function check(after: readonly Statement[], made: ReadonlySet<string>, line: Line, about: string): void {
  const isAllProven = after.length > 0 && after.every(({ verification: { status } }) => status === "proven");
  assert.ok(!isAllProven, about);
  for (const { verification, transactions } of after) {
    // What is broken is refused as a whole.
    if (verification.status === "broken") continue;
    for (const row of transactions) {
      if (row.proof === "none") continue;
      assert.ok(
        made.has(valueOf(row)),
        `${about}: ${verification.status}, yet ${valueOf(row)} is ${row.proof}`,
      );
      const isChanged = row.page === line.page && row.line === line.line;
      assert.ok(!isChanged || verification.status !== "partly", `${about}: the changed row is ${row.proof}`);
    }
  }
}

test("changed digits in generated statements: none is silently wrong", async () => {
  let mutants = 0;
  for (const seed of SEEDS) {
    for (const spec of [...sweep(seed), ...mixed(seed, MIXED)].filter(
      ({ misprint }) => misprint === undefined,
    )) {
      const { bytes, truth } = await generate(spec);
      const document = open(bytes, truth.password);
      const made = new Set(readStatements(document).flatMap((each) => each.transactions.map(valueOf)));
      const targets = targetsOf(document, truth);
      const random = createRandom(seed);
      for (let i = 0; i < MUTANTS_EACH; i += 1) {
        const { word, line } = random.pick(targets);
        const printed = word.text;
        changeDigit(word, random.int(0, 99), random.int(1, 9));
        check(
          readStatements(document),
          made,
          line,
          `${spec.name}: ${printed} as ${word.text} in ${line.text}`,
        );
        word.text = printed;
        mutants += 1;
      }
    }
  }
  assert.ok(mutants >= 2_000, `${mutants} mutants`);
});
