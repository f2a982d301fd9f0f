import assert from "node:assert/strict";
import { test } from "node:test";
import type { Item } from "./interpret.ts";
import type { Row } from "./rows.ts";
import { type Printed, verify } from "./verify.ts";

const row: Row = {
  date: { year: 2024, month: 1, day: 2, form: "full", end: 10 },
  ownDate: true,
  valueDate: null,
  description: "",
  reference: null,
  cells: new Map(),
  mark: null,
  side: null,
  unreadable: false,
  word: null,
  page: 1,
  line: 1,
  region: 0,
  lines: [],
};

function move(delta: bigint, balance: bigint | null = null, unreadable = false): Item {
  return {
    kind: "movement",
    row: { ...row, unreadable },
    delta,
    free: false,
    column: delta < 0n ? "debit" : "credit",
    balance,
  };
}

function carried(word: "opening" | "closing" | "carried" | null, balance: bigint): Item {
  return { kind: "balance", row, balance, word, weak: false };
}

function total(debit: bigint, credit: bigint): Item {
  return { kind: "total", row, debit, credit };
}

function said(
  opening: bigint[] = [],
  closing: bigint[] = [],
  printedTotals: Printed["printedTotals"] = [],
): Printed {
  return { openingBalances: opening, closingBalances: closing, printedTotals };
}

const chain = [move(-30n, 70n), move(50n, 120n), move(-20n, 100n)];

test("a chain from a printed opening proves every row", () => {
  const verdict = verify(chain, said([100n], [100n]), false);
  assert.equal(verdict.verification.status, "proven");
  assert.deepEqual(verdict.proofs, ["chain", "chain", "chain"]);
  assert.deepEqual([verdict.opening, verdict.closing], [100n, 100n]);
});

test("a chain that no closing holds is partly proven, and the open end is named", () => {
  const { verification, proofs, closing } = verify(chain, said([100n]), false);
  assert.deepEqual([verification.status, verification.openEnds, closing], ["partly", ["closing"], null]);
  assert.deepEqual(proofs, ["chain", "chain", "chain"]);
  const closed = verify([...chain, carried("closing", 100n)], said([100n]), false);
  assert.deepEqual([closed.verification.status, closed.closing], ["proven", 100n]);
});

test("a carried balance closes only where no page before carried one", () => {
  const [first, ...others] = chain;
  assert.ok(first);
  assert.equal(
    verify([...chain, carried("carried", 100n)], said([100n]), false).verification.status,
    "proven",
  );
  const paged = [
    first,
    carried("carried", 70n),
    carried("opening", 70n),
    ...others,
    carried("carried", 100n),
  ];
  const { verification } = verify(paged, said([100n]), false);
  assert.deepEqual([verification.status, verification.openEnds], ["partly", ["closing"]]);
  assert.equal(verify(paged, said([100n], [100n]), false).verification.status, "proven");
});

test("a balance of no name behind the rows closes nothing", () => {
  assert.equal(verify([...chain, carried(null, 100n)], said([100n]), false).verification.status, "partly");
});

test("totals hold the ends if each direction has one", () => {
  const totals = (...kinds: ("debit" | "credit")[]): Printed["printedTotals"] => kinds.map((kind) => ({ kind, printed: 50n })); // prettier-ignore
  const ends = (...given: Parameters<typeof said>): unknown => {
    const { status, openEnds } = verify(chain, said(...given), false).verification;
    return [status, openEnds];
  };
  assert.deepEqual(ends([100n], [], totals("debit", "credit")), ["proven", undefined]);
  assert.deepEqual(ends([], [], totals("debit", "credit")), ["proven", undefined]);
  assert.deepEqual(ends([100n], [], totals("debit")), ["partly", ["closing"]]);
  assert.deepEqual(ends([], [100n], totals("debit")), ["partly", ["opening"]]);
  assert.deepEqual(ends([], []), ["partly", ["opening", "closing"]]);
});

test("an opening worked back from the first row proves nothing about that row", () => {
  const verdict = verify(chain, said(), false);
  assert.equal(verdict.verification.status, "partly");
  assert.deepEqual(verdict.proofs, ["none", "chain", "chain"]);
  assert.deepEqual([verdict.opening, verdict.closing], [null, null]);
});

test("printed totals close over the first row", () => {
  const verdict = verify([...chain, total(50n, 50n)], said(), false);
  assert.equal(verdict.verification.status, "proven");
  assert.deepEqual(verdict.proofs, ["totals", "chain", "chain"]);
  assert.deepEqual(
    verdict.verification.totals.map(({ kind, printed }) => `${kind} ${printed}`),
    ["debit 50", "credit 50"],
  );
});

test("one balance off breaks its row and the next", () => {
  const verdict = verify([move(-30n, 70n), move(50n, 220n), move(-20n, 100n)], said([100n]), false);
  assert.equal(verdict.verification.status, "broken");
  assert.deepEqual(verdict.verification.breaks, [
    { row: 1, expected: 120n, printed: 220n },
    { row: 2, expected: 200n, printed: 100n },
  ]);
  assert.deepEqual(verdict.proofs, ["chain", "none", "none"]);
});

test("a printed opening or closing that does not fit is a break", () => {
  assert.deepEqual(verify(chain, said([90n]), false).verification, {
    status: "broken",
    breaks: [{ row: 0, expected: 60n, printed: 70n }],
    totals: [],
  });
  assert.deepEqual(verify(chain, said([100n], [70n]), false).verification.breaks, [
    { row: 2, expected: 100n, printed: 70n },
  ]);
});

test("of several candidates arithmetic takes the one that closes, and the others are named", () => {
  const { verification, opening, closing, proofs } = verify(chain, said([7n, 100n], [9n, 100n]), false);
  assert.deepEqual([opening, closing], [100n, 100n]);
  assert.deepEqual(proofs, ["chain", "chain", "chain"]);
  assert.equal(verification.status, "partly");
  assert.deepEqual(verification.disagreements, [
    { kind: "opening", printed: 7n },
    { kind: "closing", printed: 9n },
  ]);
});

test("a balance between the rows is no disagreement: a page says with which one it begins", () => {
  assert.equal(verify(chain, said([100n, 70n], [120n, 100n]), false).verification.status, "proven");
});

test("a total said twice and not alike is named; those of a table without rows are not", () => {
  const totals = (...printed: bigint[]): Printed["printedTotals"] => printed.map((each) => ({ kind: "debit", printed: each })); // prettier-ignore
  const twice = verify(chain, said([100n], [100n], totals(50n, 51n)), false).verification;
  assert.deepEqual([twice.status, twice.disagreements], ["partly", [{ kind: "debit", printed: 51n }]]);
  assert.equal(verify(chain, said([100n], [100n], totals(50n, 0n)), false).verification.status, "partly");
  const empty: Printed["printedTotals"] = [...totals(50n, 0n), { kind: "credit", printed: 50n }, { kind: "credit", printed: 0n }]; // prettier-ignore
  assert.equal(verify(chain, said([100n], [100n], empty), false).verification.status, "proven");
});

test("a total that does not fit is a contradiction", () => {
  assert.equal(verify([...chain, total(50n, 60n)], said([100n]), false).verification.status, "broken");
  const counted = said([100n], [], [{ kind: "debit_count", printed: 3n }]);
  assert.equal(verify(chain, counted, false).verification.status, "broken");
});

test("a total may hold the opening balance", () => {
  const verdict = verify([...chain, total(50n, 150n)], said([100n]), false);
  assert.equal(verdict.verification.status, "proven");
  assert.deepEqual(
    verify([...chain, total(50n, 150n)], said([100n], [100n]), false).verification.totals.map(
      ({ kind, printed, computed, includesOpening }) => [kind, printed, computed, includesOpening],
    ),
    [
      ["debit", 50n, 50n, false],
      ["credit", 150n, 50n, true],
    ],
  );
});

test("totals of each page and of all pages", () => {
  const items = [
    move(-30n, 70n),
    total(30n, 0n),
    move(50n, 120n),
    move(-20n, 100n),
    total(20n, 50n),
    total(50n, 50n),
  ];
  assert.equal(verify(items, said([100n]), false).verification.status, "proven");
});

test("balances at the end of the day prove the rows of the day together", () => {
  const items = [move(-30n), move(50n, 120n), move(-20n), move(5n), move(-5n, 100n)];
  assert.deepEqual(verify(items, said([100n]), false).proofs, Array(5).fill("chain"));
  const wrong = verify([move(-30n), move(50n, 121n), move(-21n, 100n)], said([100n]), false);
  assert.deepEqual(wrong.proofs, ["none", "none", "chain"]);
});

test("drift of 0.01 is named, not absorbed", () => {
  const verdict = verify([move(-30n, 70n), move(50n, 121n), move(-20n, 101n)], said([100n]), false);
  assert.equal(verdict.verification.status, "rounding");
  assert.deepEqual(verdict.verification.breaks, [{ row: 1, expected: 120n, printed: 121n }]);
});

test("without a running balance, opening + Σ = closing proves the rows as totals", () => {
  const items = [move(-30n), move(50n)];
  const verdict = verify(items, said([100n], [120n]), false);
  assert.equal(verdict.verification.status, "proven");
  assert.deepEqual(verdict.proofs, ["totals", "totals"]);
  assert.equal(verify(items, said([100n], [121n, 130n]), false).verification.status, "rounding");
  assert.equal(verify(items, said([100n], [130n]), false).verification.status, "broken");
});

test("never vacuous", () => {
  assert.equal(verify([], said([100n], [100n]), false).verification.status, "unverifiable");
  assert.equal(verify([move(-30n), move(50n)], said(), false).verification.status, "unverifiable");
  // Nothing moved between two balances that are one misread: no proof of 30 out and 30 in.
  assert.equal(
    verify([move(-30n), move(30n)], said([100n], [100n]), false).verification.status,
    "unverifiable",
  );
});

test("what is owed counts negative", () => {
  const verdict = verify([move(-30n), move(10n)], said([100n], [120n]), true);
  assert.equal(verdict.verification.status, "proven");
  assert.deepEqual([verdict.opening, verdict.closing], [-100n, -120n]);
});

test("a row with an unreadable cell is not proven", () => {
  const verdict = verify([move(-30n, 70n), move(50n, null, true), move(-20n, 100n)], said([100n]), false);
  assert.equal(verdict.verification.status, "partly");
  assert.deepEqual(verdict.proofs, ["chain", "none", "chain"]);
});
