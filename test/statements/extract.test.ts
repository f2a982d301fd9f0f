/**
 * Every generated statement against its truth, row by row. The truth is never loosened to fit the reader:
 * where a row differs, the reader is wrong.
 */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { createExtractor } from "../../src/statement/pdf/pool.ts";
import type { Extraction, Statement } from "../../src/statement/types.ts";
import { names, statement } from "./catalogue.ts";
import { decimalString } from "./format.ts";
import type { TruthRow, TruthStatement } from "./types.ts";

const extractor = createExtractor({ workers: 1 });
after(async () => extractor.close());

const options = { password: null, maxPages: 500, timeoutMs: 30_000 };

const fold = (text: string): string => text.replaceAll(/\s+/g, " ").trim();
const decimal = (minor: bigint | null): string | null => (minor === null ? null : decimalString(minor));

function rowsOf(read: Statement): TruthRow[] {
  return read.transactions.map(({ date, description, amount, direction, balance }) => ({
    date: date.toString(),
    description: fold(description),
    amount: decimalString(amount),
    type: direction,
    balance: decimal(balance),
  }));
}

function sameRows(read: Statement, truth: TruthStatement): void {
  const rows = rowsOf(read);
  // The first row that differs says more than a difference of whole tables.
  truth.transactions.forEach((row, i) => {
    assert.deepEqual(rows[i], row, `row ${i}`);
  });
  assert.equal(rows.length, truth.transactions.length);
}

function sameVerdict(read: Statement, truth: TruthStatement): void {
  const { status, breaks, totals } = read.verification;
  assert.equal(status, truth.verification.status);
  const proofs = new Set(read.transactions.map(({ proof }) => proof));
  if (status === "proven") assert.ok(!proofs.has("none"), "proven, but a row rests on nothing");
  if (status === "partly") assert.ok(proofs.has("none"), "partly, but every row is proven");
  for (const { row, expected, printed } of truth.verification.breaks) {
    const found = breaks.find((one) => one.row === row);
    assert.deepEqual(
      [decimal(found?.expected ?? null), decimal(found?.printed ?? null)],
      [expected, printed],
    );
  }
  for (const { kind, printed } of truth.verification.totals) {
    const values = totals.filter((one) => one.kind === kind).map((one) => one.printed);
    const wanted = kind.endsWith("count") ? BigInt(printed) : BigInt(printed.replace(".", ""));
    assert.ok(values.includes(wanted), `total ${kind} ${printed} is missing`);
  }
}

function sameFacts(read: Statement, truth: TruthStatement): void {
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
  if (truth.opening_balance !== null) assert.equal(decimal(read.openingBalance), truth.opening_balance);
  if (truth.closing_balance !== null) assert.equal(decimal(read.closingBalance), truth.closing_balance);
}

async function readCase(name: string): Promise<Extraction> {
  const { bytes, truth } = await statement(name);
  return extractor.extract(bytes, { ...options, password: truth.password });
}

describe("extraction of the generated statements", () => {
  for (const name of names) {
    test(name, async (t) => {
      const { truth } = await statement(name);
      const read = await readCase(name);
      assert.equal(read.ok ? null : read.error.code, truth.error);
      if (!read.ok) return;
      assert.equal(read.pageCount, truth.pages);
      assert.equal(read.statements.length, truth.statements.length);
      for (const [i, wanted] of truth.statements.entries()) {
        const found: Statement | undefined = read.statements[i];
        assert.ok(found);
        await t.test("rows", () => sameRows(found, wanted));
        await t.test("verdict", () => sameVerdict(found, wanted));
        await t.test("facts", () => sameFacts(found, wanted));
      }
    });
  }

  test("an encrypted file without its password, or with a wrong one, is refused", async () => {
    const { bytes } = await statement("hdfc-encrypted");
    for (const password of [null, "wrong"]) {
      const read = await extractor.extract(bytes, { ...options, password });
      assert.equal(read.ok ? null : read.error.code, "PASSWORD_INCORRECT");
    }
  });

  test("more pages than allowed are refused", async () => {
    const { bytes } = await statement("hdfc-10-pages");
    const read = await extractor.extract(bytes, { ...options, maxPages: 9 });
    assert.equal(read.ok ? null : read.error.code, "STATEMENT_TOO_MANY_PAGES");
  });
});
