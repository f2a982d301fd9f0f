import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { anyAccount, assertRows, closingOf, SAMPLE, toCamt } from "./accounts.testing.ts";
import { readCamt } from "./camt.ts";
import type { Statement } from "./types.ts";
import { Damaged, TooLarge, Unreadable } from "./unreadable.ts";
import { parseXml } from "./xml.ts";

function only(text: string): Statement {
  const [statement, other] = readCamt(text);
  assert.ok(statement && other === undefined);
  return statement;
}

test("opening, entries and closing prove every row, in each version", () => {
  for (const version of ["02", "03", "04", "05", "06", "07", "08"]) {
    const statement = assertRows(only(toCamt(SAMPLE, version)), SAMPLE);
    assert.equal(statement.verification.status, "proven", version);
    assert.deepEqual([statement.openingBalance, statement.closingBalance], [150_000n, closingOf(SAMPLE)]);
    assert.deepEqual([statement.identity.iban, statement.currency], [SAMPLE.number, "EUR"]);
    assert.deepEqual(
      statement.transactions.map(({ description }) => description),
      SAMPLE.bookings.map(({ text }) => text),
    );
    assert.equal(statement.bank?.id, "abnamro");
    assert.equal(statement.transactions[0]?.line, 6);
  }
});

test("any account comes back as it was, with a prefix on every name, too", () => {
  fc.assert(
    fc.property(anyAccount, fc.boolean(), (account, prefixed) => {
      const plain = toCamt(account);
      const text = prefixed
        ? plain.replace(/<(\/?)(?=[A-Z])/g, "<$1n:").replace("xmlns=", "xmlns:n=")
        : plain;
      assert.equal(assertRows(only(text), account).verification.status, "proven");
    }),
  );
});

const amount = (text: string, side: string): string =>
  `<Amt Ccy="EUR">${text}</Amt><CdtDbtInd>${side}</CdtDbtInd>`;
const balance = (code: string, text: string): string =>
  `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp>${amount(text, "CRDT")}<Dt><Dt>2024-01-31</Dt></Dt></Bal>`;
const DAY = "<BookgDt><DtTm>2024-02-01T23:30:00+02:00</DtTm></BookgDt>";

const statementWith = (inside: string): string =>
  `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt><Acct><Id><Othr><Id>12345678</Id></Othr></Id><Ccy>EUR</Ccy></Acct>${inside}</Stmt></BkToCstmrStmt></Document>`;

const BATCH = `<Ntry>${amount("30.00", "DBIT")}<Sts>BOOK</Sts>${DAY}<NtryDtls><Btch><NbOfTxs>2</NbOfTxs></Btch>
<TxDtls><Refs><EndToEndId>A-1</EndToEndId></Refs><AmtDtls><TxAmt><Amt Ccy="EUR">10.00</Amt></TxAmt></AmtDtls><RltdPties><Cdtr><Nm>Anna Example</Nm></Cdtr></RltdPties></TxDtls>
<TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><AmtDtls><TxAmt><Amt Ccy="EUR">20.00</Amt></TxAmt></AmtDtls><RltdPties><Cdtr><Pty><Nm>Ben Example</Nm></Pty></Cdtr></RltdPties></TxDtls></NtryDtls></Ntry>`;

test("a batch is its payments where they come to its amount", () => {
  const statement = only(statementWith(balance("OPBD", "100.00") + balance("CLBD", "70.00") + BATCH));
  assert.equal(statement.verification.status, "proven");
  assert.deepEqual(
    statement.transactions.map(({ amount, direction, description, reference, date }) => [amount, direction, description, reference, date.toString()]), // prettier-ignore
    [
      [1000n, "debit", "Anna Example", "A-1", "2024-02-01"],
      [2000n, "debit", "Ben Example", null, "2024-02-01"],
    ],
  );
});

test("a batch whose payments do not come to its amount is one booking", () => {
  const statement = only(
    statementWith(balance("OPBD", "100.00") + balance("CLBD", "70.00") + BATCH.replace(">20.00", ">21.00")),
  );
  assert.equal(statement.verification.status, "proven");
  const [row, other] = statement.transactions;
  assert.deepEqual([row?.amount, row?.description, other], [3000n, "Anna Example Ben Example", undefined]);
});

test("the opening may be the previous closing; what is pending is left out; a reversal goes its own way", () => {
  const pending = `<Ntry>${amount("5.00", "DBIT")}<Sts>PDNG</Sts>${DAY}</Ntry>`;
  const reversal = `<Ntry>${amount("8.00", "CRDT")}<RvslInd>true</RvslInd><Sts>BOOK</Sts>${DAY}<AddtlNtryInf>Storno</AddtlNtryInf></Ntry>`;
  const statement = only(
    statementWith(balance("PRCD", "100.00") + balance("CLBD", "108.00") + pending + reversal),
  );
  assert.equal(statement.verification.status, "proven");
  assert.deepEqual(statement.transactions.map(({ direction, description }) => [direction, description]), [["credit", "Storno"]]); // prettier-ignore
});

test("a page of a statement stands between interim balances", () => {
  const entry = `<Ntry>${amount("30.00", "DBIT")}<Sts>BOOK</Sts>${DAY}</Ntry>`;
  const page = (balances: string) => only(statementWith(balances + entry)).verification.status;
  assert.equal(page(balance("ITBD", "100.00") + balance("ITBD", "70.00")), "proven");
  assert.equal(page(balance("OPBD", "100.00") + balance("ITBD", "71.00")), "broken");
  assert.equal(page(balance("ITBD", "70.00")), "unverifiable");
});

test("the summary is checked", () => {
  const summary = (sum: string, count: string): string =>
    `<TxsSummry><TtlDbtNtries><NbOfNtries>${count}</NbOfNtries><Sum>${sum}</Sum></TtlDbtNtries></TxsSummry>`;
  const entry = `<Ntry>${amount("30.00", "DBIT")}<Sts>BOOK</Sts>${DAY}</Ntry>`;
  const statusOf = (sum: string, count: string) =>
    only(statementWith(balance("OPBD", "100.00") + balance("CLBD", "70.00") + summary(sum, count) + entry)).verification.status; // prettier-ignore
  assert.equal(statusOf("30.00", "1"), "proven");
  assert.equal(statusOf("31.00", "1"), "broken");
  assert.equal(statusOf("30.00", "2"), "broken");
});

test("without an opening, or with a closing of another currency, nothing is proven", () => {
  const entry = `<Ntry>${amount("30.00", "DBIT")}<Sts>BOOK</Sts>${DAY}</Ntry>`;
  const alone = only(statementWith(balance("CLBD", "70.00") + entry));
  assert.deepEqual([alone.verification.status, alone.transactions[0]?.proof], ["unverifiable", "none"]);
  const other = balance("CLBD", "70.00").replace("EUR", "SEK");
  assert.equal(
    only(statementWith(balance("OPBD", "100.00") + other + entry)).verification.status,
    "unverifiable",
  );
});

test("structured references, the other side of a credit, and its ultimate party", () => {
  const details = `<NtryDtls><TxDtls><RltdPties><Dbtr><Nm>Anna Example</Nm></Dbtr><UltmtDbtr><Nm>Ben Example</Nm></UltmtDbtr><Cdtr><Nm>Own Name</Nm></Cdtr></RltdPties>
<RmtInf><Ustrd>Invoice</Ustrd><Ustrd>77</Ustrd><Strd><CdtrRefInf><Ref>RF18000000000539007547034</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls>`;
  const entry = `<Ntry>${amount("30.00", "CRDT")}<Sts>BOOK</Sts>${DAY}${details}</Ntry>`;
  const [row] = only(statementWith(entry)).transactions;
  assert.equal(row?.description, "Anna Example Ben Example Invoice 77 RF18000000000539007547034");
});

test("a returned payment keeps its roles; an IBAN may stand as another number", () => {
  const details = `<NtryDtls><TxDtls><RltdPties><Cdtr><Pty><Nm>Anna Example</Nm></Pty></Cdtr></RltdPties></TxDtls></NtryDtls>`;
  const entry = `<Ntry>${amount("30.00", "CRDT")}<Sts><Cd>BOOK</Cd></Sts>${DAY}${details}</Ntry>`;
  const { transactions, identity } = only(statementWith(entry).replace("12345678", SAMPLE.number));
  assert.equal(transactions[0]?.description, "Anna Example");
  assert.deepEqual([identity.accountNumber, identity.iban], [SAMPLE.number, SAMPLE.number]);
});

test("control characters, codes that are none and numbers beyond any account do not come through", () => {
  const details = `<NtryDtls><TxDtls><Refs><EndToEndId>A&#0;B&#55357;</EndToEndId></Refs></TxDtls></NtryDtls>`;
  const entry = `<Ntry>${amount("30.00", "CRDT")}<Sts>BOOK</Sts>${DAY}${details}</Ntry>`;
  const owner = `<Ccy>EUR</Ccy><Ownr><Nm>Anna&#0;Example</Nm></Ownr><Svcr><FinInstnId><BIC>no code</BIC></FinInstnId></Svcr>`;
  const { transactions, identity } = only(statementWith(entry).replace("<Ccy>EUR</Ccy>", owner));
  assert.equal(transactions[0]?.reference, "A B\ufffd");
  assert.deepEqual([identity.name, identity.bic], ["Anna Example", null]);
  assert.throws(() => readCamt(statementWith(entry.replace("30.00", "9".repeat(17)))), Unreadable);
});

test("what an entry must say and does not is an error", () => {
  const broken = [
    `<Ntry>${amount("30,0O", "DBIT")}${DAY}</Ntry>`,
    `<Ntry><Amt Ccy="EUR">1.00</Amt>${DAY}</Ntry>`,
    `<Ntry>${amount("30.00", "DBIT")}</Ntry>`,
    `<Ntry>${amount("30.005", "DBIT")}${DAY}</Ntry>`,
    `<Ntry>${amount("30.00", "DBIT")}<BookgDt><Dt>2023-02-29</Dt></BookgDt></Ntry>`,
  ];
  for (const entry of broken) assert.throws(() => readCamt(statementWith(entry)), Unreadable, entry);
});

test("XML that ends early, nests without end, or declares entities is refused", () => {
  const whole = toCamt(SAMPLE);
  for (const share of [0.3, 0.6, 0.9])
    assert.throws(() => readCamt(whole.slice(0, share * whole.length)), Damaged);
  assert.throws(() => parseXml("<a>".repeat(100)), TooLarge);
  assert.throws(() => parseXml("<a/>".repeat(700_000)), TooLarge);
  const bomb = '<!DOCTYPE b [<!ENTITY a "aaaa"><!ENTITY c "&a;&a;&a;&a;">]><b>&c;</b>';
  assert.throws(() => parseXml(bomb), Damaged);
  assert.equal(parseXml("<b>&c; &amp; &#65;</b>").text, "&c; & A");
});
