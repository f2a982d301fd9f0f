/** How the lines of a narration are joined. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { at, HEADER, only, paper, type PaperLine, PERIOD, to } from "./paper.testing.ts";

/** Each narration as its lines, under a column of 20 letters of 4.5 points. */
function read(narrations: readonly (readonly string[])[]): string[] {
  let balance = 10_000;
  const lines = narrations.flatMap((texts, i): PaperLine[] => {
    balance -= 100;
    const [first = "", ...rest] = texts;
    const money = (minor: number): string => (minor / 100).toFixed(2);
    return [
      [
        at(40, `${String(i + 2).padStart(2, "0")}/01/2024`),
        at(110, first),
        to(380, "1.00"),
        to(550, money(balance)),
      ],
      ...rest.map((text) => [at(110, text)]),
      5,
    ];
  });
  return only(paper([...PERIOD, HEADER, ...lines])).transactions.map(({ description }) => description);
}

/** Cut where 20 letters end, a space taking half of one; a space at a cut is not drawn. */
function cut(text: string): string[] {
  const lines: string[] = [];
  let line = "";
  const width = (part: string): number => part.length - part.replaceAll(/[^ ]/g, "").length / 2;
  for (const letter of text) {
    if (letter !== " " && width(line + letter) > 20) {
      lines.push(line.trim());
      line = "";
    }
    line += letter;
  }
  return [...lines, line.trim()];
}

const TORN = [
  "PAYMENT FOR THE SECOND PART OF THE ORDER",
  "TRANSFER TO THE HOUSE ON THE HILL MONTHLY",
  "CARD PAYMENT AT THE ORBIT STATION REF 8811",
  "MONTHLY TRANSFER FOR THE GARDEN AND HOUSE",
  "REFUND OF THE SECOND CARD PAYMENT FROM MAY",
  "STANDING ORDER FOR THE GARDEN OF THE HOUSE",
  "INTEREST PAID FOR THE SECOND QUARTER SO FAR",
  "CASH MACHINE AT THE NORTHERN STATION SQUARE",
  "BANK CHARGES FOR THE MONTHLY PAPER STATEMENT",
];

test("words that the end of a line has cut are one again", () => {
  assert.deepEqual(read(TORN.map(cut)), TORN);
});

test("a document that breaks between words keeps its spaces, also where lines are full", () => {
  const whole = [
    ["SALARY OF THE MILLS.", "LTD JANUARY"],
    ["RENT FOR THE GARDEN", "AND HOUSE"],
    ["TEA", "AND CAKE FOR TWO"],
    ["TRAIN TO THE HARBOUR", "AND BACK"],
    ["BOOKS", "FROM THE PAPER KITE"],
    ["STANDING ORDER", "FOR THE HILL"],
    ["CASH", "FROM THE MACHINE"],
    ["INTEREST PAID FOR", "THE QUARTER"],
    ["REFUND", "OF THE CARD PAYMENT"],
  ];
  assert.deepEqual(
    read(whole),
    whole.map((lines) => lines.join(" ")),
  );
});

test("the same break again and again tells nothing", () => {
  const salary = ["QUARTZ MILLS PVT LTD", "SALARY"];
  assert.deepEqual(
    read(Array.from({ length: 12 }, () => salary)),
    Array.from({ length: 12 }, () => salary.join(" ")),
  );
});
