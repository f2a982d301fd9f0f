/** Nothing is silently wrong: one digit of a number changed, and no format's statement is proven any more. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { strToU8, unzipSync, zipSync } from "fflate";
import * as fc from "fast-check";
import { type Account, anyAccount, anyStyle, closingOf, type CsvStyle, dayOf, decimal, tellsOrder, toCamt, toCsv, toMt940, toOfx, toXlsx } from "./accounts.testing.ts"; // prettier-ignore
import { formatOf } from "./format.ts";
import { readFormat } from "./read-format.ts";
import type { Statement } from "./types.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Texts that hold one amount or balance each, by format: the first group is the number. */
const NUMBERS: Readonly<Record<string, RegExp>> = {
  mt940: /(?::6[02]F:[CD]\d{6}EUR|:61:\d{10}[CD])(\d+,\d\d)/g,
  camt: /<Amt Ccy="EUR">(\d+\.\d\d)</g,
  ofx: /<(?:TRNAMT|BALAMT|VALUE)>-?(\d+\.\d\d)/g,
  csv: /(\d[\d.,]*[.,]\d\d)(?!\d)/g,
};

interface Sample {
  account: Account;
  style: CsvStyle;
  /** Whether both ends are printed above the table, and whether its rows have balances. */
  ends: boolean;
  balances: boolean;
}

const anySample: fc.Arbitrary<Sample> = fc
  .record({ account: anyAccount, style: anyStyle, ends: fc.boolean(), balances: fc.boolean() })
  .filter(({ account, style }) => tellsOrder(account, style))
  // A changed 0.01 may be 0.00, which moves nothing, and off by no more than pages round.
  .filter(({ account }) => account.bookings.every(({ minor }) => minor >= 100n || minor <= -100n));

function write(kind: string, { account, style, ends, balances }: Sample): string {
  if (kind === "mt940") return toMt940(account);
  if (kind === "camt") return toCamt(account);
  if (kind === "ofx") return toOfx(account, { sgml: ends, opening: true });
  const { delimiter, mark } = style;
  const head = [
    `Opening Balance${delimiter}"${decimal(account.opening, mark)}"`,
    `Closing Balance${delimiter}"${decimal(closingOf(account), mark)}"`,
  ];
  return toCsv(account, { ...style, head: ends ? head : [], balances: balances || !ends });
}

/** The digit of one number, changed; which number and digit the choices say. */
function mutate(text: string, kind: string, which: number, place: number, by: number): string {
  const matches = [...text.matchAll(NUMBERS[kind] ?? /$^/g)];
  const match = matches[which % matches.length];
  const number = match?.[1] ?? "";
  const digits = [...number.matchAll(/\d/g)];
  const digit = digits[place % digits.length];
  assert.ok(match && digit);
  const at = match.index + match[0].indexOf(number) + digit.index;
  return text.slice(0, at) + String((Number(digit[0]) + by) % 10) + text.slice(at + 1);
}

async function read(bytes: Uint8Array): Promise<Statement | null> {
  const format = formatOf(bytes);
  assert.ok(format.kind !== "pdf" && format.kind !== "unknown");
  const extraction = await readFormat(format, bytes, 10);
  return extraction.ok ? (extraction.statements[0] ?? null) : null;
}

/** Rows that do not say what the account says; -1 where there are more or fewer. */
function wrongRows({ transactions }: Statement, account: Account): number[] {
  if (transactions.length !== account.bookings.length) return [-1];
  return account.bookings.flatMap((booking, index) => {
    const row = transactions[index];
    const minor = row?.direction === "debit" ? -row.amount : row?.amount;
    return row?.date.toString() === dayOf(account, booking).toString() && minor === booking.minor
      ? []
      : [index];
  });
}

/** Proven only where every row is right; in part, or but for a cent, only where no wrong row is among the proven. */
function assertHonest(statement: Statement | null, account: Account, kind: string): void {
  if (statement === null) return;
  const { status } = statement.verification;
  const wrong = wrongRows(statement, account);
  if (status === "proven") assert.deepEqual(wrong, [], kind);
  // A broken statement says so, whatever it makes of its rows.
  if (status !== "partly" && status !== "rounding") return;
  for (const row of wrong) assert.equal(statement.transactions[row]?.proof, "none", kind);
}

const choice = fc.nat({ max: 1000 });
const step = fc.integer({ min: 1, max: 9 });

for (const kind of Object.keys(NUMBERS)) {
  test(`${kind}: a changed digit is never proven`, async () => {
    let changed = 0;
    const property = fc.asyncProperty(anySample, choice, choice, step, async (sample, which, place, by) => {
      const { account } = sample;
      const text = write(kind, sample);
      const plain = await read(utf8(text));
      assert.ok(plain && plain.verification.status !== "broken", kind);
      assert.deepEqual(wrongRows(plain, account), []);
      const statement = await read(utf8(mutate(text, kind, which, place, by)));
      assertHonest(statement, account, kind);
      if (statement?.verification.status !== "proven") changed += 1;
    });
    await fc.assert(property, { numRuns: 200 });
    assert.ok(changed > 100, `${changed} mutants were noticed`);
  });
}

test("xlsx: a changed digit of a stored number is never proven", async () => {
  const property = fc.asyncProperty(anyAccount, choice, step, async (account, which, by) => {
    const parts = unzipSync(await toXlsx(account, true, [["Opening Balance", decimal(account.opening)]]));
    const sheet = Object.keys(parts).find((name) => name.startsWith("xl/worksheets/sheet")) ?? "";
    const xml = new TextDecoder().decode(parts[sheet]);
    const numbers = [...xml.matchAll(/<c r="[C-E]\d+"(?![^>]*t="s")[^>]*><v>-?(\d)/g)];
    const match = numbers[which % numbers.length];
    assert.ok(match);
    const at = match.index + match[0].length - 1;
    const changed = xml.slice(0, at) + String((Number(match[1]) + by) % 10) + xml.slice(at + 1);
    const statement = await read(zipSync({ ...parts, [sheet]: strToU8(changed) }));
    assertHonest(statement, account, "xlsx");
    assert.notEqual(statement?.verification.status, "proven");
  });
  await fc.assert(property, { numRuns: 40 });
});
