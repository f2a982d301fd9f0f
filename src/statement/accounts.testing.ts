/** One invented account, written in every format that is read; the account is the truth. */
import assert from "node:assert/strict";
import * as fc from "fast-check";
import writeXlsxFile, { type Cell } from "write-excel-file/node";
import type { Statement } from "./types.ts";

export interface Booking {
  /** Days after the opening's day, growing. */
  day: number;
  minor: bigint;
  text: string;
}

export interface Account {
  number: string;
  currency: string;
  opening: bigint;
  /** Day of the opening balance. */
  start: Temporal.PlainDate;
  bookings: Booking[];
}

/** `NL91ABNA0417164300` is the example of the IBAN registry: no account. */
export const SAMPLE: Account = {
  number: "NL91ABNA0417164300",
  currency: "EUR",
  opening: 150_000n,
  start: Temporal.PlainDate.from("2024-01-31"),
  bookings: [
    { day: 1, minor: -1250n, text: "Bakery Corner" },
    { day: 1, minor: -89_900n, text: "Rent February" },
    { day: 13, minor: 245_000n, text: "Salary Example Works" },
    { day: 20, minor: -4_999n, text: "Phone bill 4471" },
    { day: 29, minor: 315n, text: "Interest" },
  ],
};

const booking = fc.record({
  step: fc.integer({ min: 0, max: 6 }),
  minor: fc.bigInt({ min: -9_999_999n, max: 9_999_999n }).filter((minor) => minor !== 0n),
  text: fc.constantFrom("Grocer, Main Street", "Rent", "Salary; May", 'Cafe "Blue"', "Transfer to savings"),
});

export const anyAccount: fc.Arbitrary<Account> = fc
  .record({
    opening: fc.bigInt({ min: -500_000n, max: 99_999_999n }),
    first: fc.integer({ min: 0, max: 3000 }),
    steps: fc.array(booking, { minLength: 3, maxLength: 14 }),
  })
  .map(({ opening, first, steps }): Account => {
    let day = 0;
    return {
      number: SAMPLE.number,
      currency: SAMPLE.currency,
      opening,
      start: Temporal.PlainDate.from("2016-01-01").add({ days: first }),
      bookings: steps.map(({ step, minor, text }) => ({ day: (day += step), minor, text })),
    };
  });

export const dayOf = ({ start }: Account, { day }: Booking): Temporal.PlainDate =>
  start.add({ days: day + 1 });

export function closingOf({ opening, bookings }: Account): bigint {
  return bookings.reduce((sum, { minor }) => sum + minor, opening);
}

/** Balance after each booking. */
export function balancesOf({ opening, bookings }: Account): bigint[] {
  let balance = opening;
  return bookings.map(({ minor }) => (balance += minor));
}

const abs = (minor: bigint): bigint => (minor < 0n ? -minor : minor);

/** `1234.56`, with another mark and grouping where asked. */
export function decimal(minor: bigint, mark = ".", group = ""): string {
  const digits = abs(minor).toString().padStart(3, "0");
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, group);
  return `${minor < 0n ? "-" : ""}${whole}${mark}${digits.slice(-2)}`;
}

const compact = (date: Temporal.PlainDate): string => date.toString().replaceAll("-", "");
const side = (minor: bigint): string => (minor < 0n ? "D" : "C");

export function toMt940(account: Account): string {
  const { number, currency, opening, start, bookings } = account;
  const last = bookings.at(-1);
  const end = last === undefined ? start : dayOf(account, last);
  const balance = (date: Temporal.PlainDate, minor: bigint): string =>
    `${side(minor)}${compact(date).slice(2)}${currency}${decimal(abs(minor), ",")}`;
  const entries = bookings.map((booking) => {
    const day = compact(dayOf(account, booking));
    const { minor, text } = booking;
    return `:61:${day.slice(2)}${day.slice(4)}${side(minor)}${decimal(abs(minor), ",")}NTRFNONREF\n:86:${text}`;
  });
  return `:20:SAMPLE\n:25:${number}\n:28C:1/1\n:60F:${balance(start, opening)}\n${entries.join("\n")}\n:62F:${balance(end, closingOf(account))}\n-\n`;
}

const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

export function toCamt(account: Account, version = "08"): string {
  const { number, currency, opening, start, bookings } = account;
  const later = Number(version) >= 8;
  const amount = (minor: bigint): string =>
    `<Amt Ccy="${currency}">${decimal(abs(minor))}</Amt><CdtDbtInd>${minor < 0n ? "DBIT" : "CRDT"}</CdtDbtInd>`;
  const balance = (code: string, minor: bigint, date: Temporal.PlainDate): string =>
    `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp>${amount(minor)}<Dt><Dt>${date.toString()}</Dt></Dt></Bal>`;
  const entries = bookings.map((booking) => {
    const date = dayOf(account, booking).toString();
    const status = later ? "<Sts><Cd>BOOK</Cd></Sts>" : "<Sts>BOOK</Sts>";
    return `<Ntry>${amount(booking.minor)}${status}<BookgDt><Dt>${date}</Dt></BookgDt><ValDt><Dt>${date}</Dt></ValDt>
<NtryDtls><TxDtls><RmtInf><Ustrd>${escape(booking.text)}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.${version}"><BkToCstmrStmt><Stmt><Id>1</Id>
<Acct><Id><IBAN>${number}</IBAN></Id><Ccy>${currency}</Ccy></Acct>
${balance("OPBD", opening, start)}
${balance("CLBD", closingOf(account), start.add({ days: 60 }))}
${entries.join("\n")}
</Stmt></BkToCstmrStmt></Document>`;
}

export interface OfxStyle {
  /** SGML of 1.x closes no value. */
  sgml: boolean;
  /** Whether an opening balance is stated, as a further balance. */
  opening: boolean;
}

export function toOfx(account: Account, { sgml, opening }: OfxStyle): string {
  const leaf = (name: string, text: string): string =>
    sgml ? `<${name}>${escape(text)}\n` : `<${name}>${escape(text)}</${name}>`;
  const rows = account.bookings.map((booking, index) => {
    const date = compact(dayOf(account, booking));
    const kind = leaf("TRNTYPE", booking.minor < 0n ? "DEBIT" : "CREDIT");
    return `<STMTTRN>${kind}${leaf("DTPOSTED", `${date}120000[-5:EST]`)}${leaf("TRNAMT", decimal(booking.minor))}${leaf("FITID", `F${index}`)}${leaf("NAME", booking.text)}</STMTTRN>\n`;
  });
  const last = account.bookings.at(-1);
  const end = compact(last === undefined ? account.start : dayOf(account, last));
  const named = `<BALLIST><BAL>${leaf("NAME", "Opening Balance")}${leaf("BALTYPE", "DOLLAR")}${leaf("VALUE", decimal(account.opening))}</BAL></BALLIST>`;
  const head = sgml
    ? "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:USASCII\nCHARSET:1252\n\n"
    : '<?xml version="1.0" encoding="UTF-8"?>\n<?OFX OFXHEADER="200" VERSION="220"?>\n';
  return `${head}<OFX><SIGNONMSGSRSV1><SONRS><FI>${leaf("ORG", "Sample")}</FI></SONRS></SIGNONMSGSRSV1>
<BANKMSGSRSV1><STMTTRNRS><STMTRS>${leaf("CURDEF", account.currency)}<BANKACCTFROM>${leaf("BANKID", "121000")}${leaf("ACCTID", account.number)}${leaf("ACCTTYPE", "CHECKING")}</BANKACCTFROM>
<BANKTRANLIST>${leaf("DTSTART", compact(account.start))}${leaf("DTEND", end)}${rows.join("")}</BANKTRANLIST>
<LEDGERBAL>${leaf("BALAMT", decimal(closingOf(account)))}${leaf("DTASOF", end)}</LEDGERBAL>${opening ? named : ""}
</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>\n`;
}

export interface CsvStyle {
  delimiter: string;
  /** Date, narration, then the columns of money. */
  titles: readonly string[];
  money: "signed" | "two columns" | "marked";
  mark: "." | ",";
  group: string;
  date: (date: Temporal.PlainDate) => string;
  newestFirst: boolean;
  /** Lines above the header. */
  head: readonly string[];
  /** Whether rows print the balance after them. */
  balances: boolean;
}

const two = (number: number): string => String(number).padStart(2, "0");
export const dmy = ({ year, month, day }: Temporal.PlainDate): string => `${two(day)}/${two(month)}/${year}`;
export const mdy = ({ year, month, day }: Temporal.PlainDate): string => `${two(month)}/${two(day)}/${year}`;

export const PLAIN_CSV: CsvStyle = {
  delimiter: ",",
  titles: ["Date", "Description", "Amount", "Balance"],
  money: "signed",
  mark: ".",
  group: "",
  date: (date) => date.toString(),
  newestFirst: false,
  head: [],
  balances: true,
};

export const anyStyle: fc.Arbitrary<CsvStyle> = fc
  .record({
    delimiter: fc.constantFrom(",", ";", "\t", "|"),
    money: fc.constantFrom<CsvStyle["money"]>("signed", "two columns", "marked"),
    comma: fc.boolean(),
    grouped: fc.boolean(),
    date: fc.constantFrom(dmy, mdy, (date: Temporal.PlainDate) => date.toString()),
    newestFirst: fc.boolean(),
  })
  .map(({ delimiter, money, comma, grouped, date, newestFirst }) => ({
    delimiter,
    money,
    titles: {
      signed: ["Date", "Description", "Amount", "Balance"],
      "two columns": ["Date", "Description", "Debit", "Credit", "Balance"],
      marked: ["Date", "Description", "Amount", "Dr/Cr", "Balance"],
    }[money],
    mark: comma ? "," : ".",
    group: grouped ? (comma ? "." : ",") : "",
    date,
    newestFirst,
    head: [],
    balances: true,
  }));

/**
 * Of dates in digits the whole file tells day from month only where a day is beyond 12; which end is the newest, only
 * where days differ.
 */
export function tellsOrder(account: Account, { date, newestFirst }: CsvStyle): boolean {
  const { bookings } = account;
  const days = bookings.some((booking) => dayOf(account, booking).day > 12);
  const ends = bookings[0]?.day !== bookings.at(-1)?.day;
  return ((date !== dmy && date !== mdy) || days) && (!newestFirst || ends);
}

export function toCsv(account: Account, style: CsvStyle): string {
  const cells = tableOf(account, style);
  const quoted = (cell: string): string =>
    cell.includes(style.delimiter) || /["\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  return [...style.head, ...cells.map((row) => row.map(quoted).join(style.delimiter))].join("\r\n");
}

/** Header and rows as texts. */
function tableOf(account: Account, style: CsvStyle): string[][] {
  const balances = balancesOf(account);
  const money = (minor: bigint): string => decimal(minor, style.mark, style.group);
  const rows = account.bookings.map((booking, index) => {
    const { minor, text } = booking;
    const amounts = {
      signed: [money(minor)],
      "two columns": minor < 0n ? [money(abs(minor)), ""] : ["", money(minor)],
      marked: [money(abs(minor)), minor < 0n ? "DR" : "CR"],
    }[style.money];
    const balance = style.balances ? [money(balances[index] ?? 0n)] : [];
    return [style.date(dayOf(account, booking)), text, ...amounts, ...balance];
  });
  const titles = style.balances ? style.titles : style.titles.slice(0, -1);
  return [[...titles], ...(style.newestFirst ? rows.toReversed() : rows)];
}

/** A workbook with typed dates and numbers, or everything as text; the lines of `head` one cell each. */
export async function toXlsx(
  account: Account,
  typed: boolean,
  head: readonly (readonly string[])[] = [],
): Promise<Uint8Array> {
  const balances = balancesOf(account);
  const number = (minor: bigint): Cell => ({
    value: Number(decimal(minor)),
    type: Number,
    format: "#,##0.00",
  });
  const rows = account.bookings.map((booking, index): Cell[] => {
    const date = dayOf(account, booking);
    const balance = balances[index] ?? 0n;
    const day: Cell = { value: new Date(`${date.toString()}T00:00:00Z`), type: Date, format: "dd/mm/yyyy" };
    const amounts = (cell: (minor: bigint) => Cell): Cell[] =>
      booking.minor < 0n ? [cell(abs(booking.minor)), null] : [null, cell(booking.minor)];
    if (typed) return [day, booking.text, ...amounts(number), number(balance)];
    return [dmy(date), booking.text, ...amounts(decimal), decimal(balance)];
  });
  const titles = ["Date", "Particulars", "Withdrawals", "Deposits", "Balance"];
  const sheet = [...head.map((line) => [...line]), titles, ...rows];
  return new Uint8Array(await writeXlsxFile(sheet).toBuffer());
}

/** The rows of a statement are those of the account: day, signed amount, order. */
export function assertRows(statement: Statement | undefined, account: Account): Statement {
  assert.ok(statement);
  const read = statement.transactions.map(
    ({ date, direction, amount }) => `${date.toString()} ${direction === "debit" ? -amount : amount}`,
  );
  assert.deepEqual(
    read,
    account.bookings.map((booking) => `${dayOf(account, booking).toString()} ${booking.minor}`),
  );
  return statement;
}
