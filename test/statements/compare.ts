/** A statement as read against its truth. The truth is never loosened: where they differ, the reader is wrong. */
import assert from "node:assert/strict";
import type { Statement } from "../../src/statement/types.ts";
import { decimalString, digitsOf } from "./format.ts";
import type { TruthRow, TruthStatement } from "./types.ts";

const fold = (text: string): string => text.replaceAll(/\s+/g, " ").trim();
const decimal = (minor: bigint | null, currency: string | null): string | null =>
  minor === null ? null : decimalString(minor, digitsOf(currency));

function rowsOf(read: Statement): TruthRow[] {
  return read.transactions.map(({ date, description, amount, direction, balance }) => ({
    date: date.toString(),
    description: fold(description),
    amount: decimalString(amount, digitsOf(read.currency)),
    type: direction,
    balance: decimal(balance, read.currency),
  }));
}

/**
 * Date, narration, amount, direction and balance of each row, in order.
 * @param tally counts narrations instead of comparing them, for a layout that breaks words: a space at a line's end
 *   cannot be seen
 */
export function sameRows(read: Statement, truth: TruthStatement, tally?: Tally): void {
  const rows = rowsOf(read);
  // The first row that differs says more than a difference of whole tables.
  truth.transactions.forEach((wanted, i) => {
    const row = rows[i];
    if (tally === undefined) return assert.deepEqual(row, wanted, `row ${i}`);
    tally.all += 1;
    if (row?.description === wanted.description) tally.same += 1;
    return assert.deepEqual({ ...row, description: "" }, { ...wanted, description: "" }, `row ${i}`);
  });
  assert.equal(rows.length, truth.transactions.length);
}

/** How many narrations there were, and how many were read as printed. */
export interface Tally {
  all: number;
  same: number;
}

export function sameVerdict(read: Statement, truth: TruthStatement): void {
  const { status, breaks, totals, missingPages = [], openEnds = [] } = read.verification;
  assert.deepEqual(missingPages, truth.verification.missingPages);
  assert.equal(status, truth.verification.status);
  // A page that is gone may have been the one that printed a balance.
  if (missingPages.length === 0) assert.deepEqual(openEnds, truth.verification.openEnds);
  const proofs = new Set(read.transactions.map(({ proof }) => proof));
  if (status === "proven") assert.ok(!proofs.has("none"), "proven, but a row rests on nothing");
  if (status === "partly" && missingPages.length === 0)
    assert.ok(proofs.has("none") || openEnds.length > 0, "partly, but every row is proven, and both ends");
  for (const { row, expected, printed } of truth.verification.breaks) {
    const found = breaks.find((one) => one.row === row);
    assert.deepEqual(
      [decimal(found?.expected ?? null, read.currency), decimal(found?.printed ?? null, read.currency)],
      [expected, printed],
    );
  }
  for (const { kind, printed } of truth.verification.totals) {
    const values = totals.filter((one) => one.kind === kind).map((one) => one.printed);
    const wanted = kind.endsWith("count") ? BigInt(printed) : BigInt(printed.replace(".", ""));
    assert.ok(values.includes(wanted), `total ${kind} ${printed} is missing`);
  }
}

export function sameFacts(read: Statement, truth: TruthStatement): void {
  assert.deepEqual(
    {
      bank: read.bank?.id ?? "other",
      currency: read.currency,
      account_number: read.identity.accountNumber,
      name: read.identity.name,
      address: read.identity.address,
      ifsc: read.identity.ifsc,
      micr: read.identity.micr,
      period: read.period && { from: read.period.from.toString(), to: read.period.to.toString() },
    },
    {
      bank: truth.bank,
      currency: truth.currency,
      account_number: truth.account_number,
      name: truth.name,
      address: truth.address,
      ifsc: truth.ifsc,
      micr: truth.micr,
      period: truth.period,
    },
  );
  // Null in the truth means that the page prints none; a reader may still derive it.
  if (truth.opening_balance !== null)
    assert.equal(decimal(read.openingBalance, read.currency), truth.opening_balance);
  if (truth.closing_balance !== null)
    assert.equal(decimal(read.closingBalance, read.currency), truth.closing_balance);
}
