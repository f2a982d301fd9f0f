import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { anyAccount, assertRows, closingOf, SAMPLE, toMt940 } from "./accounts.testing.ts";
import { readMt940 } from "./mt940.ts";
import { readDetails } from "./mt940-details.ts";
import type { Statement } from "./types.ts";
import { Unreadable } from "./unreadable.ts";

function only(text: string): Statement {
  const [statement, other] = readMt940(text);
  assert.ok(statement && other === undefined);
  return statement;
}

test("opening, entries and closing prove every row", () => {
  const statement = assertRows(only(toMt940(SAMPLE)), SAMPLE);
  const { identity, currency, verification, openingBalance, closingBalance, period, bank } = statement;
  assert.equal(verification.status, "proven");
  assert.deepEqual([openingBalance, closingBalance], [150_000n, closingOf(SAMPLE)]);
  assert.deepEqual([identity.accountNumber, identity.iban, currency], [SAMPLE.number, SAMPLE.number, "EUR"]);
  assert.deepEqual([period?.from.toString(), period?.to.toString()], ["2024-02-01", "2024-03-01"]);
  assert.equal(bank?.id, "abnamro");
  assert.ok(statement.transactions.every(({ proof }) => proof === "totals"));
  assert.deepEqual(
    statement.transactions.map(({ description, line }) => [description, line]),
    SAMPLE.bookings.map(({ text }, index) => [text, 5 + 2 * index]),
  );
});

test("any account comes back as it was", () => {
  fc.assert(
    fc.property(anyAccount, (account) => {
      assert.equal(assertRows(only(toMt940(account)), account).verification.status, "proven");
    }),
  );
});

test("an account that is swept to zero is proven, too", () => {
  const bookings = [
    { day: 0, minor: 50_000n, text: "In" },
    { day: 0, minor: -50_000n, text: "Sweep" },
  ];
  assert.equal(only(toMt940({ ...SAMPLE, opening: 0n, bookings })).verification.status, "proven");
});

const ENTRY = (rest: string): string =>
  `:20:A\n:25:12345678\n:28C:7/1\n:60F:C240101EUR100,00\n:61:${rest}\n:62F:C240102EUR90,00\n-`;

test("reversals: RC takes out what came in, RD brings back what went out", () => {
  const taken = only(ENTRY("240102RC10,NMSCNONREF"));
  assert.deepEqual([taken.transactions[0]?.direction, taken.verification.status], ["debit", "proven"]);
  const back = only(ENTRY("240102RD10,NMSCNONREF").replace("EUR90,", "EUR110,"));
  assert.deepEqual([back.transactions[0]?.direction, back.verification.status], ["credit", "proven"]);
});

test("entry date, funds code, references and supplementary details", () => {
  const statement = only(ENTRY("2401021231DR10,NCHK000042//B7781\nCHEQUE DEPOT"));
  const [row] = statement.transactions;
  assert.equal(row?.date.toString(), "2023-12-31");
  assert.equal(row.valueDate?.toString(), "2024-01-02");
  assert.deepEqual([row.reference, row.description, row.amount], ["000042", "CHEQUE DEPOT", 1000n]);
});

test("a field of a bank's own belongs to no other", () => {
  const text = ENTRY("240102D10,NTRFNONREF").replace("\n:62F:", "\n:86:Rent\n:NS:22KONTO\n:62F:");
  assert.equal(only(text).transactions[0]?.description, "Rent");
});

test("an expected entry is not booked", () => {
  const text = ENTRY("240102D10,NTRFNONREF").replace(":62F:", ":61:240103ED5,NTRFNONREF\n:62F:");
  assert.equal(only(text).transactions.length, 1);
});

const PAGES = [
  ":20:A\n:25:12345678\n:28C:7/1\n:60F:C240101EUR100,00\n:61:240102D10,NTRFNONREF\n:86:one\n:62M:C240102EUR90,00\n-",
  ":20:A\n:25:12345678\n:28C:7/2\n:60M:C240102EUR90,00\n:61:240103C5,5NTRFNONREF\n:86:two\n:62F:C240103EUR95,50\n-",
];

test("a statement over two messages is one", () => {
  const statement = only(PAGES.join("\n"));
  assert.equal(statement.verification.status, "proven");
  assert.deepEqual([statement.openingBalance, statement.closingBalance], [10_000n, 9_550n]);
  assert.deepEqual(statement.transactions.map(({ description }) => description), ["one", "two"]); // prettier-ignore
});

test("a missing message breaks the chain where it is missing", () => {
  const gap = PAGES.join("\n")
    .replace(":60M:C240102EUR90,", ":60M:C240102EUR70,")
    .replace("EUR95,50", "EUR75,50");
  const { verification } = only(gap);
  assert.equal(verification.status, "broken");
  assert.deepEqual(verification.breaks, [{ row: 0, expected: 9_000n, printed: 7_000n }]);
});

test("several accounts give several statements", () => {
  const other = { ...SAMPLE, number: "NL02ABNA0123456789", opening: 5n };
  const statements = readMt940(
    `{1:F01INGBNL2AXXXX0000000000}{2:I940}{4:\n${toMt940(SAMPLE)}}\n${toMt940(other)}`,
  );
  assert.deepEqual(
    statements.map(({ identity }) => identity.accountNumber),
    [SAMPLE.number, other.number],
  );
});

test("an account line with a BIC, with a bank code, alone", () => {
  const accountOf = (line: string) => {
    const { identity } = only(ENTRY("240102D10,NTRFNONREF").replace("12345678", line));
    return [identity.accountNumber, identity.bic];
  };
  assert.deepEqual(accountOf("DEUTDEFF/1234567EUR"), ["1234567", "DEUTDEFF"]);
  assert.deepEqual(accountOf("50880050/0194776700888"), ["0194776700888", null]);
});

test("the field of a bank's own names holder and purpose; a closing balance may leave out the currency", () => {
  const text = `:20:A
:25:UBRTHUHB/12345678ABC/HUF
:28:1/1
:NS:22Sample Kft.
23Konto
:60F:C240101HUF100,00
:61:2401020102DF10,00S   X
:NS:01Verwendung eins
02und zwei
15Empfaenger
1812345
:62F:C24010290,00`;
  const { identity, currency, verification, transactions } = only(text);
  assert.deepEqual([identity.accountNumber, identity.bic, identity.name, currency], ["12345678ABC", "UBRTHUHB", "Sample Kft.", "HUF"]); // prettier-ignore
  assert.equal(verification.status, "proven");
  assert.deepEqual(
    [transactions[0]?.description, transactions[0]?.reference],
    ["Empfaenger Verwendung eins und zwei", "X"],
  );
});

test("interest of the thirtieth of February has February's last day as its value date", () => {
  const [row] = only(ENTRY("2402300301DR10,N024NONREF")).transactions;
  assert.deepEqual([row?.date.toString(), row?.valueDate?.toString()], ["2024-03-01", "2024-02-28"]);
  assert.throws(() => readMt940(ENTRY("2404310501DR10,N024NONREF")), Unreadable);
});

test("counts and sums that ING adds are checked", () => {
  const text = ENTRY("240102D10,NTRFNONREF").replace("\n-", "\n:86:D000001C000000D10,00C0,00\n-");
  assert.equal(only(text).verification.status, "proven");
  assert.equal(only(text.replace("D10,00C", "D11,00C")).verification.status, "broken");
});

test("a message that is sent twice is one statement; the next one with the same amounts is another", () => {
  const message = (reference: string, number: string): string =>
    `:20:${reference}\n:25:NL91ABNA0417164300\n:28C:${number}\n:60F:C240101EUR100,00\n:61:2401020102D10,00NTRFREF\n:62F:C240102EUR90,00\n-\n`;
  assert.equal(readMt940(message("A", "7/1") + message("A", "7/1")).length, 1);
  assert.equal(readMt940(message("A", "7/1") + message("B", "7/1")).length, 1);
  assert.equal(readMt940(message("A", "7/1") + message("B", "8/1")).length, 2);
});

test("fields that do not say what they must are an error that names no data", () => {
  for (const bad of ["240102X10,NTRFNONREF", "241302D10,NTRFNONREF", "240102D10,005NTRFNONREF"])
    assert.throws(() => readMt940(ENTRY(bad)), (error) => error instanceof Unreadable && error.message === "Line 5: :61: cannot be read"); // prettier-ignore
});

test("details: German subfields, Dutch keys, free text", () => {
  assert.deepEqual(
    readDetails([
      "166?00GUTSCHRIFT?109310?20EREF+INV-2024-77SVWZ+Rechnun?21g 77 vom 2. Januar?30COBADEFFXXX",
      "?31DE02120300000000202051?32ERIKA BEISPIEL",
    ]),
    { text: "GUTSCHRIFT ERIKA BEISPIEL Rechnung 77 vom 2. Januar", reference: "INV-2024-77" },
  );
  assert.deepEqual(
    readDetails(["/TRTP/SEPA OVERBOEKING/IBAN/NL02ABNA0123456789/BIC/ABNANL2A/NAME/P. Voorbeeld", "/REMI/Huur mei/EREF/NOTPROVIDED"]), // prettier-ignore
    { text: "SEPA OVERBOEKING P. Voorbeeld Huur mei", reference: null },
  );
  assert.deepEqual(
    readDetails(["/EREF/E-1//CNTP/NL02ABNA0123456789/ABNANL2A/P. Voorbeeld///REMI/USTD//Huur mei/"]),
    { text: "P. Voorbeeld Huur mei", reference: "E-1" },
  );
  // Lines end before a mark, in the middle of a subfield, and a bank's own message follows the references.
  assert.deepEqual(
    readDetails([" 159?00RETOURE?20EREF+E-7", "?21MTLG:Konto ist gesperrt Rue?22ckueberweisung?32BEISPIELFIRMA MIT LANGEM NA", "?33MEN GMBH"]), // prettier-ignore
    {
      text: "RETOURE BEISPIELFIRMA MIT LANGEM NAMEN GMBH Konto ist gesperrt Rueckueberweisung",
      reference: "E-7",
    },
  );
  assert.deepEqual(readDetails(["191?00SEPA-UEBERW?20KREF+Datei 12"]), { text: "SEPA-UEBERW KREF+Datei 12", reference: null }); // prettier-ignore
  assert.equal(
    readDetails(["000>1001>20ALGEMENE TUSSENREKENING KOS>21TEN"]).text,
    "ALGEMENE TUSSENREKENING KOSTEN",
  );
  const cut = "X".repeat(65);
  assert.equal(readDetails([cut, "YZ"]).text, `${cut}YZ`);
  assert.equal(readDetails(["one", "two"]).text, "one two");
});

test("a closing balance in another currency closes nothing", () => {
  const [statement] = readMt940(
    [":20:X", ":25:NL91ABNA0417164300", ":60F:C240101EUR100,00", ":61:2401020102D10,00NTRFREF", ":62F:C240131USD90,00", "-"].join("\n"), // prettier-ignore
  );
  assert.equal(statement?.verification.status, "unverifiable");
  assert.equal(statement?.closingBalance, null);
});
