import assert from "node:assert/strict";
import { test } from "node:test";
import { toLines } from "./lines.ts";
import type { Word } from "./types.ts";

function word(text: string, x0: number, y0: number, width = text.length * 5, height = 10): Word {
  return { text, x0, y0, x1: x0 + width, y1: y0 + height };
}

function texts(words: Word[]): string[] {
  return toLines({ number: 3, width: 600, height: 800, words }).map((line) => line.text);
}

test("words on one base line form a line, read left to right", () => {
  assert.deepEqual(texts([word("b", 50, 11), word("a", 10, 10), word("c", 10, 25)]), ["a b", "c"]);
});

test("a flat hyphen belongs to the line around it", () => {
  assert.deepEqual(
    texts([word("a", 10, 10), { text: "-", x0: 30, y0: 15, x1: 33, y1: 16 }, word("b", 50, 10)]),
    ["a - b"],
  );
});

test("watermark letters across the table stay apart", () => {
  assert.deepEqual(texts([word("42.00", 10, 20), word("A", 60, -5, 40, 50), word("Paynow", 120, 20)]), [
    "A",
    "42.00 Paynow",
  ]);
});

test("bold faked by printing twice is one word", () => {
  assert.deepEqual(texts([word("Total", 10, 10), word("Total", 10.4, 10), word("Total", 80, 10)]), [
    "Total Total",
  ]);
});

test("lines say where they stand", () => {
  const [first, second] = toLines({
    number: 3,
    width: 600,
    height: 800,
    words: [word("a", 1, 1), word("b", 1, 30)],
  });
  assert.deepEqual([first?.page, first?.line, second?.line, second?.y0, second?.y1], [3, 1, 2, 30, 40]);
});
