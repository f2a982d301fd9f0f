import assert from "node:assert/strict";
import { test } from "node:test";
import { statementOfFeed, type Feed, type FeedRow } from "./feed.ts";

const day = (text: string) => Temporal.PlainDate.from(text);

const ROWS: FeedRow[] = [
  { date: day("2026-03-02"), description: "SALARY", reference: null, minor: 250_000n, balance: 260_000n },
  { date: day("2026-03-03"), description: "RENT", reference: "R1", minor: -90_000n, balance: 170_000n },
  { date: day("2026-03-03"), description: "COFFEE", reference: null, minor: -450n, balance: 169_550n },
];

const feed = (rows: FeedRow[], closing: bigint | null = rows.at(-1)?.balance ?? null): Feed => ({
  identity: { accountNumber: "70872490", name: "INVENTED PERSON" },
  currency: "GBP",
  period: { from: day("2026-03-01"), to: day("2026-03-31") },
  closing,
  rows,
});

test("a feed becomes a statement whose rows hold each other", () => {
  const statement = statementOfFeed(feed(ROWS));
  assert.equal(statement?.verification.status, "partly");
  assert.deepEqual(
    statement?.transactions.map(({ direction, amount, balance, proof }) => [
      direction,
      amount,
      balance,
      proof,
    ]),
    [
      ["credit", 250_000n, 260_000n, "none"],
      ["debit", 90_000n, 170_000n, "chain"],
      ["debit", 450n, 169_550n, "chain"],
    ],
  );
  assert.equal(statement?.identity.accountNumber, "70872490");
  assert.equal(statement?.closingBalance, 169_550n);
});

test("a row that is missing in the middle breaks the chain", () => {
  const statement = statementOfFeed(feed(ROWS.filter((_, index) => index !== 1)));
  assert.equal(statement?.verification.status, "broken");
});

test("a closing balance that the rows do not come to breaks it", () => {
  assert.equal(statementOfFeed(feed(ROWS, 169_551n))?.verification.status, "broken");
});

test("without balances nothing is claimed", () => {
  const rows = ROWS.map((row) => Object.assign({}, row, { balance: null }));
  const statement = statementOfFeed(feed(rows, 169_550n));
  assert.equal(statement?.verification.status, "unverifiable");
  assert.ok(statement?.transactions.every(({ proof, balance }) => proof === "none" && balance === null));
});

test("no rows, no statement", () => {
  assert.equal(statementOfFeed(feed([], 5n)), null);
});
