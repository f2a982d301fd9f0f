/**
 * A number split in two, or two put together as one, wherever that happens: a statement is repaired, or it is proven
 * no more. What counts as proven reads as it was made.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openPdf } from "../../../src/statement/pdf/open.ts";
import { compilePdfium, createPdfium } from "../../../src/statement/pdf/pdfium.ts";
import { readStatements } from "../../../src/statement/read.ts";
import type { Statement, TextDocument, Transaction, Word } from "../../../src/statement/types.ts";
import { statement } from "../catalogue.ts";
import { createRandom, type Random } from "../random.ts";

const CASES = ["canara-one-page", "baroda-carry-totals", "barclays-day-end", "deutsche-german", "chase-card"];
/** Measured 5 ms each. */
const CHANGES = 80;

const pdfium = await createPdfium(await compilePdfium());

function open(bytes: Uint8Array): TextDocument {
  const opened = openPdf(pdfium, bytes, { password: null, maxPages: 500 });
  assert.ok(opened.ok);
  return opened.document;
}

const MONEY = /^\D?\d[\d.,]*[.,]\d\d\D*$/;

interface Place {
  words: Word[];
  at: number;
}

/** Every amount and balance, by its place among the words of its page. */
function amountsOf(document: TextDocument): Place[] {
  return document.pages.flatMap(({ words }) =>
    words.flatMap((word, at) => (MONEY.test(word.text) ? [{ words, at }] : [])),
  );
}

/** Puts a gap of up to a letter into a number; its right end stays where it is. */
function split({ words, at }: Place, random: Random): void {
  const word = words[at];
  assert.ok(word);
  const cut = random.int(1, word.text.length - 1);
  const width = (word.x1 - word.x0) / word.text.length;
  const gap = (word.y1 - word.y0) * random.pick([0.2, 0.4, 0.55, 0.8]);
  const left: Word = { ...word, text: word.text.slice(0, cut), x0: word.x0 - gap };
  left.x1 = left.x0 + width * cut;
  const right: Word = { ...word, text: word.text.slice(cut), x0: word.x0 + width * cut };
  words.splice(at, 1, left, right);
}

/** Takes the gap out from between a number and the word behind it, or before it. */
function merge({ words, at }: Place, random: Random): void {
  const first = random.chance(0.5) ? at : at - 1;
  const [left, right] = [words[first], words[first + 1]];
  if (left === undefined || right === undefined || right.x0 < left.x1) return;
  words.splice(first, 2, { ...left, text: left.text + right.text, x1: right.x1 });
}

const valueOf = ({ date, direction, amount, balance }: Transaction): string =>
  `${date.toString()} ${direction} ${amount} ${balance}`;

function check(after: readonly Statement[], made: readonly string[], about: string): void {
  const known = new Set(made);
  for (const { verification, transactions } of after) {
    if (verification.status === "broken") continue;
    for (const row of transactions)
      assert.ok(row.proof === "none" || known.has(valueOf(row)), `${about}: ${valueOf(row)} is ${row.proof}`);
    if (verification.status === "proven") assert.deepEqual(transactions.map(valueOf), made, about);
  }
}

for (const [name, change] of [
  ["split", split],
  ["merged", merge],
] as const) {
  test(`numbers that are ${name}: none is silently wrong`, async () => {
    const random = createRandom(name.length);
    let repaired = 0;
    for (const each of CASES) {
      const document = open((await statement(each)).bytes);
      const made = readStatements(document).flatMap(({ transactions }) => transactions.map(valueOf));
      const places = amountsOf(document);
      for (let i = 0; i < CHANGES; i += 1) {
        const place = random.pick(places);
        const before = place.words.slice();
        const line = place.words.slice(Math.max(0, place.at - 4), place.at + 3).map(({ text }) => text);
        change(place, random);
        const after = readStatements(document);
        check(after, made, `${each}: ${line.join(" ")}`);
        if (after.every(({ verification: { status } }) => status === "proven")) repaired += 1;
        place.words.splice(0, place.words.length, ...before);
      }
    }
    // A gap of more than half a height is taken for one between columns; what is merged is lost.
    if (name === "split") assert.ok(repaired > 0.5 * CHANGES * CASES.length, `${repaired} repaired`);
  });
}
