/** CAMT.053, the bank-to-customer statement of ISO 20022, versions 02 to 08 and what later ones leave as it is. */
import { describeEntry } from "./camt-details.ts";
import { minorDigits } from "./currency.ts";
import { compareDays, dayFrom } from "./days.ts";
import { exactMinor } from "./exact.ts";
import { isIban } from "./identity-codes.ts";
import { type Entry, type Ledger, statementOf } from "./ledger.ts";
import type { Facts, Identity, Period, Statement } from "./types.ts";
import { Unreadable } from "./unreadable.ts";
import { children, find, parseXml, textAt, type XmlNode } from "./xml.ts";

/** Whether a text is such a statement; `camt.052` and `camt.054` are other messages, of what may yet change. */
export function isCamt053(text: string): boolean {
  return /camt\.053\.001\.\d\d|<(?:\w+:)?BkToCstmrStmt[\s>]/.test(text.slice(0, 4096));
}

/** Every `Stmt`, in the file's order. Throws Damaged, TooLarge or Unreadable. */
export function readCamt(text: string): Statement[] {
  const root = parseXml(text);
  const message = root.name === "BkToCstmrStmt" ? root : find(root, "BkToCstmrStmt");
  const lines = entryLines(text);
  let seen = 0;
  const statements: Statement[] = [];
  for (const stmt of children(message, "Stmt")) {
    const entries = children(stmt, "Ntry");
    const statement = statementOf(readStmt(stmt, entries, lines.slice(seen)));
    seen += entries.length;
    if (statement !== null) statements.push(statement);
  }
  return statements;
}

/** 1-based lines on which entries begin. */
function entryLines(text: string): number[] {
  const lines: number[] = [];
  let line = 1;
  let at = 0;
  for (const { index } of text.matchAll(/<(?:\w+:)?Ntry[\s>]/g)) {
    for (let i = text.indexOf("\n", at); i >= 0 && i < index; i = text.indexOf("\n", i + 1)) line += 1;
    at = index;
    lines.push(line);
  }
  return lines;
}

function readStmt(stmt: XmlNode, nodes: readonly XmlNode[], lines: readonly number[]): Ledger {
  const balances = children(stmt, "Bal").map(readBalance);
  const currency = currencyOf(stmt, nodes, balances);
  const exponent = minorDigits(currency);
  const booked = nodes
    .map((node, index) => ({ node, line: lines[index] ?? index + 1 }))
    .filter(({ node }) => isBooked(node));
  const entries = booked.flatMap(({ node, line }) => readEntry(node, line, currency, exponent));
  // The pages of one statement end and begin with interim balances.
  const closing = pick(balances, currency, ["CLBD", "ITBD"], "last");
  const begun = balances.filter((balance) => balance !== closing);
  const opening = pick(begun, currency, ["OPBD", "PRCD", "ITBD"], "first");
  const whole = booked.length === nodes.length;
  return {
    identity: identityOf(find(stmt, "Acct")),
    currency,
    period: periodOf(stmt, opening, closing, entries),
    opening: opening === null ? null : minorOf(opening, exponent),
    closing: closing === null ? null : minorOf(closing, exponent),
    // The summary counts what is pending, too.
    totals: whole ? totalsOf(find(stmt, "TxsSummry"), exponent, nodes.length, entries.length) : [],
    entries,
    bankTexts: [textAt(stmt, "Acct", "Svcr", "FinInstnId", "Nm")].filter((name) => name !== null),
  };
}

interface Balance {
  code: string;
  currency: string | null;
  amount: string;
  debit: boolean;
  date: Temporal.PlainDate | null;
}

function readBalance(node: XmlNode): Balance {
  const amount = find(node, "Amt");
  return {
    code: textAt(node, "Tp", "CdOrPrtry", "Cd") ?? textAt(node, "Tp", "CdOrPrtry", "Prtry") ?? "",
    currency: amount?.attributes["Ccy"] ?? null,
    amount: amount?.text ?? "",
    debit: textAt(node, "CdtDbtInd") === "DBIT",
    date: dateAt(node, "Dt"),
  };
}

/** The account's currency, else that of its opening balance, else that of its first entry. */
function currencyOf(stmt: XmlNode, nodes: readonly XmlNode[], balances: readonly Balance[]): string | null {
  return (
    textAt(stmt, "Acct", "Ccy") ??
    balances.find(({ code }) => code === "OPBD" || code === "PRCD")?.currency ??
    balances.find(({ code }) => code === "CLBD")?.currency ??
    find(nodes[0] ?? null, "Amt")?.attributes["Ccy"] ??
    null
  );
}

/** A balance in another currency is not this account's: it neither opens nor closes it. */
function pick(
  balances: readonly Balance[],
  currency: string | null,
  codes: readonly string[],
  which: "first" | "last",
): Balance | null {
  for (const code of codes) {
    const found = balances.filter((balance) => balance.code === code && balance.currency === currency);
    const balance = which === "first" ? found[0] : found.at(-1);
    if (balance !== undefined) return balance;
  }
  return null;
}

function minorOf({ amount, debit, code }: Balance, exponent: number): bigint {
  const minor = exactMinor(amount, exponent);
  if (minor === null) throw new Unreadable(`the balance ${code}`, 1);
  return debit ? -minor : minor;
}

/** `Sts` holds the code itself up to version 06, in `Cd` from then on; without one the entry is booked. */
function isBooked(node: XmlNode): boolean {
  const status = textAt(node, "Sts", "Cd") ?? textAt(node, "Sts") ?? "BOOK";
  return status === "BOOK";
}

/**
 * One booking, or the payments of a batch where each has its amount and they come to the booking's. `CdtDbtInd` is
 * the direction of the entry itself; `RvslInd` only says that it takes another one back.
 */
function readEntry(node: XmlNode, line: number, currency: string | null, exponent: number): Entry[] {
  const minor = signedAt(node, exponent);
  const date = dateAt(node, "BookgDt") ?? dateAt(node, "ValDt");
  const amountCurrency = find(node, "Amt")?.attributes["Ccy"] ?? currency;
  if (minor === null || date === null || amountCurrency !== currency) throw new Unreadable("an entry", line);
  const whole: Omit<Entry, "description" | "reference" | "minor"> = {
    kind: "entry",
    date,
    valueDate: dateAt(node, "ValDt"),
    line,
  };
  const details = children(node, "NtryDtls").flatMap((part) => children(part, "TxDtls"));
  const parts = details.map((detail) => partOf(detail, minor, currency, exponent));
  const sum = parts.reduce<bigint>((total, part) => total + (part ?? 0n), 0n);
  if (details.length > 1 && sum === minor && parts.every((part) => part !== null)) {
    return details.map((detail, index) => ({
      ...whole,
      ...describeEntry(node, [detail]),
      minor: parts[index] ?? 0n,
    }));
  }
  return [{ ...whole, ...describeEntry(node, details), minor }];
}

function signedAt(node: XmlNode, exponent: number): bigint | null {
  const minor = exactMinor(textAt(node, "Amt") ?? "", exponent);
  const side = textAt(node, "CdtDbtInd");
  if (minor === null || (side !== "CRDT" && side !== "DBIT")) return null;
  return side === "DBIT" ? -minor : minor;
}

/** One payment of a batch, in the account's currency; without a sign of its own it has the booking's. */
function partOf(detail: XmlNode, whole: bigint, currency: string | null, exponent: number): bigint | null {
  const amount = find(detail, "Amt") ?? find(detail, "AmtDtls", "TxAmt", "Amt");
  if (amount === null || (amount.attributes["Ccy"] ?? currency) !== currency) return null;
  const minor = exactMinor(amount.text, exponent);
  if (minor === null) return null;
  const side = textAt(detail, "CdtDbtInd") ?? (whole < 0n ? "DBIT" : "CRDT");
  return side === "DBIT" ? -minor : minor;
}

/** `Dt` or `DtTm` under an element; the day is the one written there, in the bank's own zone. */
function dateAt(node: XmlNode | null, name: string): Temporal.PlainDate | null {
  const text = textAt(node, name, "Dt") ?? textAt(node, name, "DtTm");
  return text === null ? null : dayIn(text);
}

function dayIn(text: string): Temporal.PlainDate | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)/.exec(text);
  return match && dayFrom(Number(match[1]), Number(match[2]), Number(match[3]));
}

function periodOf(
  stmt: XmlNode,
  opening: Balance | null,
  closing: Balance | null,
  entries: readonly Entry[],
): Period | null {
  const days = entries.map(({ date }) => date).toSorted(compareDays);
  const [from, to] = [textAt(stmt, "FrToDt", "FrDtTm"), textAt(stmt, "FrToDt", "ToDtTm")];
  const stated = { from: from === null ? null : dayIn(from), to: to === null ? null : dayIn(to) };
  const last = stated.to ?? closing?.date ?? days.at(-1) ?? null;
  // The opening balance is dated the evening before, or the morning of the first day.
  const first = stated.from ?? earliest(days[0], opening?.date ?? null) ?? null;
  return first !== null && last !== null && compareDays(first, last) <= 0 ? { from: first, to: last } : null;
}

function earliest(
  day: Temporal.PlainDate | undefined,
  opened: Temporal.PlainDate | null,
): Temporal.PlainDate | null {
  if (day === undefined || opened === null) return day ?? opened;
  return compareDays(opened, day) < 0 ? opened.add({ days: 1 }) : day;
}

/** Sums and counts of the summary. A batch told apart has more rows than the summary counts. */
function totalsOf(
  summary: XmlNode | null,
  exponent: number,
  nodes: number,
  rows: number,
): Facts["printedTotals"] {
  const totals: Facts["printedTotals"] = [];
  const sides = [
    ["TtlDbtNtries", "debit", "debit_count"],
    ["TtlCdtNtries", "credit", "credit_count"],
  ] as const;
  for (const [name, sum, count] of sides) {
    const printed = exactMinor(textAt(summary, name, "Sum") ?? "", exponent);
    if (printed !== null) totals.push({ kind: sum, printed });
    const counted = textAt(summary, name, "NbOfNtries");
    if (counted !== null && /^\d{1,9}$/.test(counted) && nodes === rows)
      totals.push({ kind: count, printed: BigInt(counted) });
  }
  return totals;
}

function identityOf(account: XmlNode | null): Partial<Identity> {
  const number = (textAt(account, "Id", "IBAN") ?? textAt(account, "Id", "Othr", "Id"))?.replace(/\s+/g, "");
  const iban = number !== undefined && isIban(number) ? number : null;
  const institution = find(account, "Svcr", "FinInstnId");
  const address = find(account, "Ownr", "PstlAdr");
  const lines = address?.children.map(({ text }) => text.trim()).filter((text) => text !== "") ?? [];
  return {
    accountNumber: number ?? null,
    iban,
    bic: textAt(institution, "BICFI") ?? textAt(institution, "BIC"),
    name: textAt(account, "Ownr", "Nm"),
    address: lines.length === 0 ? null : lines.join(", "),
    accountCategory: find(account, "Ownr", "Id", "OrgId") === null ? null : "corporate",
  };
}
