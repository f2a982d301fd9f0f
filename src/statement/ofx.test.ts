import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { anyAccount, assertRows, closingOf, type OfxStyle, SAMPLE, toOfx } from "./accounts.testing.ts";
import { readOfx } from "./ofx.ts";
import type { Statement } from "./types.ts";
import { Damaged, Unreadable } from "./unreadable.ts";

function only(text: string): Statement {
  const [statement, other] = readOfx(text);
  assert.ok(statement && other === undefined);
  return statement;
}

const STYLES: readonly OfxStyle[] = [true, false].flatMap((sgml) => [
  { sgml, opening: true },
  { sgml, opening: false },
]);

test("SGML and XML read alike", () => {
  for (const style of STYLES) {
    const { identity, currency, closingBalance, transactions, period } = assertRows(
      only(toOfx(SAMPLE, style)),
      SAMPLE,
    );
    assert.deepEqual(
      [identity.accountNumber, identity.accountType, currency],
      [SAMPLE.number, "CURRENT", "EUR"],
    );
    assert.equal(closingBalance, closingOf(SAMPLE));
    assert.deepEqual(transactions.map(({ description }) => description), SAMPLE.bookings.map(({ text }) => text)); // prettier-ignore
    assert.deepEqual([period?.from.toString(), period?.to.toString()], ["2024-01-31", "2024-03-01"]);
  }
});

test("any account comes back as it was; a ledger balance alone proves nothing", () => {
  fc.assert(
    fc.property(anyAccount, fc.constantFrom(...STYLES), (account, style) => {
      const statement = assertRows(only(toOfx(account, style)), account);
      assert.equal(statement.verification.status, style.opening ? "proven" : "unverifiable");
      assert.ok(style.opening || statement.transactions.every(({ proof }) => proof === "none"));
    }),
  );
});

const SGML = { sgml: true, opening: true };

test("newest first is turned round; a ledger balance of another day closes nothing", () => {
  const text = toOfx(SAMPLE, SGML);
  const rows = text.match(/<STMTTRN>[^]*?<\/STMTTRN>\n/g) ?? [];
  const turned = text.replace(rows.join(""), rows.toReversed().join(""));
  assert.notEqual(turned, text);
  // Two bookings of one day: their order is the file's.
  assert.deepEqual(only(turned).transactions.map(({ amount }) => amount), SAMPLE.bookings.map(({ minor }) => (minor < 0n ? -minor : minor))); // prettier-ignore
  const later = text.replace("<DTASOF>20240301", "<DTASOF>20240601");
  assert.equal(only(later).closingBalance, null);
  assert.equal(only(later).verification.status, "unverifiable");
});

test("a closing statement of the same account proves the list that it holds", () => {
  const closing = `<STMTENDTRNRS><STMTENDRS><CURDEF>EUR<BANKACCTFROM><BANKID>1<ACCTID>${SAMPLE.number}</BANKACCTFROM>
<CLOSING><FITID>1<DTOPEN>20240201<DTCLOSE>20240301<BALOPEN>1500.00<BALCLOSE>3000.00</CLOSING></STMTENDRS></STMTENDTRNRS></BANKMSGSRSV1>`;
  const text = toOfx(SAMPLE, { sgml: true, opening: false }).replace("</BANKMSGSRSV1>", closing);
  const close = (SAMPLE.bookings.reduce((sum, { minor }) => sum + minor, 150_000n) / 100n).toString();
  const right = text.replace("3000.00", `${close}.66`);
  assert.equal(only(right).verification.status, "proven");
  assert.equal(only(text).verification.status, "broken");
  assert.equal(
    only(right.replace("<DTOPEN>20240201", "<DTOPEN>20240203")).verification.status,
    "unverifiable",
  );
});

test("cards, several accounts, pending entries, empty values and escapes", () => {
  const card = `<CREDITCARDMSGSRSV1><CCSTMTTRNRS><CCSTMTRS><CURDEF>USD<CCACCTFROM><ACCTID>4111XXXXXXXX1111</CCACCTFROM>
<BANKTRANLIST><DTSTART>19700101<DTEND>20240131<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20240110<TRNAMT>-12.5<FITID>1<MEMO>
<NAME><![CDATA[Tom & <Co]]></STMTTRN></BANKTRANLIST><BANKTRANLISTP><STMTTRNP><TRNTYPE>DEBIT<DTTRAN>20240111<TRNAMT>-9.00<NAME>Later</STMTTRNP></BANKTRANLISTP>
</CCSTMTRS></CCSTMTTRNRS></CREDITCARDMSGSRSV1></OFX>`;
  const [bank, credit, none] = readOfx(toOfx(SAMPLE, SGML).replace("</OFX>", card));
  assert.equal(none, undefined);
  assert.equal(bank?.identity.accountType, "CURRENT");
  assert.equal(credit?.identity.accountType, "CREDIT_CARD");
  const [row, other] = credit.transactions;
  assert.deepEqual(
    [row?.amount, row?.direction, row?.description, other],
    [1250n, "debit", "Tom & Co", undefined],
  );
  assert.equal(credit.period?.from.toString(), "2024-01-10");
});

test("debits written without a sign go out; amounts with groups are read", () => {
  const unsigned = toOfx(SAMPLE, { sgml: false, opening: false }).replaceAll("<TRNAMT>-", "<TRNAMT>");
  assertRows(only(unsigned), SAMPLE);
  const grouped = toOfx(SAMPLE, SGML).replace("<TRNAMT>2450.00", "<TRNAMT>2,450.00");
  assert.equal(only(grouped).verification.status, "proven");
});

test("the institution names the bank, in words or by its code", () => {
  const bankOf = (organisation: string) =>
    only(toOfx({ ...SAMPLE, number: "12345678" }, SGML).replace("<ORG>Sample", `<ORG>${organisation}`)).bank
      ?.id;
  assert.deepEqual(["B1", "WF", "HAN", "Wells Fargo", "Nobody"].map(bankOf), ["chase", "wells_fargo", "bofa", "wells_fargo", undefined]); // prettier-ignore
});

test("what programs leave empty or write their own way", () => {
  const text = toOfx(SAMPLE, SGML)
    .replace("<CURDEF>EUR", "<CURDEF>")
    .replace(
      "<FITID>F0",
      "<CHECKNUM>0<MEMO>POS;Bakery Corner<CURRENCY><CURRATE>1.0<CURSYM>EUR</CURRENCY><FITID>F0",
    )
    .replaceAll("<TRNTYPE>DEBIT", "<TRNTYPE>Debit");
  const { currency, transactions, verification } = only(text);
  assert.deepEqual([currency, verification.status], ["EUR", "proven"]);
  assert.deepEqual([transactions[0]?.description, transactions[0]?.reference], ["POS;Bakery Corner", null]);
});

test("a file that ends early, an amount in another currency, a bad date", () => {
  const text = toOfx(SAMPLE, SGML);
  for (const share of [0.4, 0.7, 0.95])
    assert.throws(() => readOfx(text.slice(0, share * text.length)), Damaged);
  const foreign = text.replace("<FITID>F1", "<CURRENCY><CURRATE>1.1<CURSYM>USD</CURRENCY><FITID>F1");
  assert.throws(() => readOfx(foreign), Unreadable);
  assert.throws(() => readOfx(text.replace("<DTPOSTED>20240202", "<DTPOSTED>20240230")), Unreadable);
});
