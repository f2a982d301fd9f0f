import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { classesOf, compile, scan } from "./automaton.ts";

function found(patterns: readonly string[], text: string): string[] {
  const hits: string[] = [];
  scan(compile(patterns), text, (pattern, end) => hits.push(`${patterns[pattern]}@${end}`));
  return hits;
}

test("a phrase is found whatever separates its words, and only as whole words", () => {
  assert.deepEqual(found(["INT PD"], "0001:Int.Pd:01-01-2024"), ["INT PD@11"]);
  assert.deepEqual(found(["INT PD"], "INT - PD"), ["INT PD@8"]);
  assert.deepEqual(found(["INT PD"], "MINT PD"), []);
  assert.deepEqual(found(["INT PD"], "INT PDX"), []);
});

test("an open end, an open beginning, the start of the text", () => {
  assert.deepEqual(found(["BAJAJ FIN*"], "ACH D- BAJAJ FINANCELIMITED"), ["BAJAJ FIN*@16"]);
  assert.deepEqual(found(["*MART"], "DMART PUNE"), ["*MART@5"]);
  assert.deepEqual(found(["^DD"], "DD VODAFONE"), ["^DD@2"]);
  assert.deepEqual(found(["^DD"], "RETURNED DD"), []);
});

test("accents fold, apostrophes vanish, a payment service after @ is not read", () => {
  assert.deepEqual(found(["UBERWEISUNG"], "SEPA-Überweisung"), ["UBERWEISUNG@16"]);
  assert.deepEqual(found(["SAINSBURYS"], "SAINSBURY'S 112"), ["SAINSBURYS@11"]);
  assert.deepEqual(found(["SAINSBURYS"], "SAINSBURY\u2019S"), ["SAINSBURYS@11"]);
  assert.deepEqual(found(["AIRTEL"], "UPI/asha@airtel/RENT"), []);
  assert.deepEqual(found(["RENT"], "UPI/asha@airtel/RENT"), ["RENT@20"]);
});

test("a phrase inside another is found beside it", () => {
  assert.deepEqual(found(["CREDIT CARD", "CARD PAYMENT", "CARD"], "CREDIT CARD PAYMENT").sort(), [
    "CARD PAYMENT@19",
    "CARD@11",
    "CREDIT CARD@11",
  ]);
});

test("property: the automaton finds what a search for each phrase by itself finds", () => {
  const word = fc.stringMatching(/^[ABC1]{1,3}$/);
  const phrase = fc
    .tuple(
      fc.constantFrom("", "^", "*"),
      fc.array(word, { minLength: 1, maxLength: 2 }),
      fc.constantFrom("", "*"),
    )
    .map(([head, words, tail]) => head + words.join(" ") + tail);
  const text = fc.stringMatching(/^[ABC1 /-]{0,24}$/);
  fc.assert(
    fc.property(fc.uniqueArray(phrase, { minLength: 1, maxLength: 12 }), text, (patterns, narration) => {
      // Folded by hand: one blank for each run of separators, one at each end, `^` at the start.
      const folded = `^ ${narration.replaceAll(/[^ABC1]+/g, " ").trim()} `.replace(/ +$/, " ");
      const expected = patterns.filter((pattern) => {
        const [head, tail] = [pattern.charAt(0), pattern.endsWith("*") ? "" : " "];
        const body = pattern.replace(/^[\^*]/, "").replace(/\*$/, "");
        if (head === "^") return folded.startsWith(`^ ${body}${tail}`);
        return folded.slice(1).includes(`${head === "*" ? "" : " "}${body}${tail}`);
      });
      const hits = new Set<string>();
      scan(compile(patterns), narration, (pattern) => hits.add(patterns[pattern] ?? ""));
      assert.deepEqual([...hits].sort(), expected.sort());
    }),
  );
});

test("the classes of a phrase", () => {
  assert.deepEqual(classesOf("^AB*"), [37, 0, 1, 2]);
  assert.deepEqual(classesOf("*9"), [36, 0]);
});
