/** OFX 1.x and 2.x (Open Financial Exchange), and QFX, which is OFX with Intuit's additions. */
import { minorDigits } from "./currency.ts";
import { compareDays, dayFrom } from "./days.ts";
import { exactMinor } from "./exact.ts";
import { isBic, isIban, isRoutingNumber, toSortCode } from "./identity-codes.ts";
import { type Entry, type Ledger, statementOf } from "./ledger.ts";
import { type Aggregate, childOf, findAll, parseOfx, valueOf } from "./ofx-tree.ts";
import { foldSpaces } from "./text.ts";
import type { Identity, Period, Statement } from "./types.ts";
import { Unreadable } from "./unreadable.ts";
import { balanceWord } from "./vocabulary.ts";

export function isOfx(text: string): boolean {
  return /<OFX>/i.test(text.slice(0, 16_384));
}

/** Every account's statement, in the file's order. Throws Damaged, TooLarge or Unreadable. */
export function readOfx(text: string): Statement[] {
  const root = parseOfx(text);
  const institution = findAll(root, ["FI"])[0];
  const closings = findAll(root, ["STMTENDRS", "CCSTMTENDRS"]);
  return findAll(root, ["STMTRS", "CCSTMTRS"])
    .map((node) => statementOf(readStatement(node, institution, closings)))
    .filter((statement) => statement !== null);
}

function readStatement(
  node: Aggregate,
  institution: Aggregate | undefined,
  closings: readonly Aggregate[],
): Ledger {
  const account = accountIn(node);
  const currency = valueOf(node, "CURDEF") ?? valueOf(findAll(node, ["CURRENCY"])[0], "CURSYM");
  const exponent = minorDigits(currency);
  const list = childOf(node, "BANKTRANLIST");
  // `STMTTRNP` in `BANKTRANLISTP` is pending: it is not booked.
  const nodes = list?.children.filter(({ name }) => name === "STMTTRN") ?? [];
  const entries = oldestFirst(withSigns(nodes, currency, exponent));
  const period = periodOf(list, entries);
  const ends = endsOf(node, period, entries, exponent);
  const closed = closedBy(closings, account, entries, exponent);
  return {
    identity: identityOf(node, account, currency),
    currency,
    period,
    opening: closed?.opening ?? ends.opening,
    closing: closed?.closing ?? ends.closing,
    totals: [],
    entries,
    bankTexts: [nameOf(valueOf(institution, "ORG")), valueOf(account, "BANKID")].filter((text) => text !== null), // prettier-ignore
  };
}

/** What stands for a bank's name in `ORG` where it is none (GnuCash wiki, OFX Direct Connect Bank Settings). */
const ORGANISATIONS: Readonly<Record<string, string>> = {
  B1: "Chase Bank",
  HAN: "Bank of America",
  WF: "Wells Fargo",
  Citigroup: "Citibank",
};

function nameOf(organisation: string | null): string | null {
  return organisation === null ? null : (ORGANISATIONS[organisation] ?? organisation);
}

function accountIn(node: Aggregate): Aggregate | undefined {
  return childOf(node, "BANKACCTFROM") ?? childOf(node, "CCACCTFROM");
}

/** What takes money out, whatever its sign. */
const OUT = /^(?:DEBIT|FEE|SRVCHG|ATM|POS|CHECK|PAYMENT|CASH|DIRECTDEBIT|REPEATPMT)$/;

/** Amounts are signed; a file that has no minus at all leaves the direction to the kind of transaction. */
function withSigns(nodes: readonly Aggregate[], currency: string | null, exponent: number): Entry[] {
  const entries = nodes.map((node) => readEntry(node, currency, exponent));
  if (entries.some(({ minor }) => minor < 0n)) return entries;
  entries.forEach((entry, index) => {
    if (OUT.test(valueOf(nodes[index], "TRNTYPE")?.toUpperCase() ?? "")) entry.minor = -entry.minor;
  });
  return entries;
}

/** Half of the programs write the newest first. Entries whose dates never run up are turned round. */
function oldestFirst(entries: Entry[]): Entry[] {
  const steps = new Set(
    entries.slice(1).map(({ date }, index) => compareDays(date, entries[index]?.date ?? date)),
  );
  return steps.has(-1) && !steps.has(1) ? entries.toReversed() : entries;
}

function readEntry(node: Aggregate, currency: string | null, exponent: number): Entry {
  const minor = exactMinor(plainAmount(valueOf(node, "TRNAMT") ?? ""), exponent);
  const date = dayOf(valueOf(node, "DTPOSTED"));
  // `CURRENCY` says that the amount is in another one; `ORIGCURRENCY` that it was, and is no more.
  const foreign = valueOf(childOf(node, "CURRENCY"), "CURSYM") ?? currency;
  if (minor === null || date === null || foreign !== currency) throw new Unreadable("STMTTRN", node.line);
  const name = valueOf(node, "NAME") ?? valueOf(node, "EXTDNAME") ?? valueOf(childOf(node, "PAYEE"), "NAME");
  const memo = valueOf(node, "MEMO");
  const words = memo !== null && name !== null && memo.includes(name) ? [memo] : [name, memo];
  return {
    kind: "entry",
    date,
    valueDate: dayOf(valueOf(node, "DTAVAIL")),
    description: foldSpaces(words.filter((word) => word !== null).join(" ")),
    reference: [valueOf(node, "CHECKNUM"), valueOf(node, "REFNUM")].find((text) => text !== null && !/^0*$/.test(text)) ?? null, // prettier-ignore
    minor,
    line: node.line,
  };
}

/** `1,234.56` is not the format's, but is met: the last of two marks is the decimal one. */
function plainAmount(text: string): string {
  const last = Math.max(text.lastIndexOf("."), text.lastIndexOf(","));
  const whole = text.slice(0, Math.max(0, last)).replace(/[.,](?=\d{3})/g, "");
  return last < 0 ? text : whole + text.slice(last);
}

/** `20240131`, `20240131120000.000[-5:EST]`: the day as the bank writes it. */
function dayOf(text: string | null): Temporal.PlainDate | null {
  const match = /^(\d{4})(\d\d)(\d\d)/.exec(text ?? "");
  return match && dayFrom(Number(match[1]), Number(match[2]), Number(match[3]));
}

/** Programs that ask for everything ask from 1970 on; no statement speaks of so many years. */
const EVER = 1990;

function periodOf(list: Aggregate | undefined, entries: readonly Entry[]): Period | null {
  const days = entries.map(({ date }) => date).toSorted(compareDays);
  const start = dayOf(valueOf(list, "DTSTART"));
  const from = start !== null && start.year >= EVER ? start : days[0];
  const to = dayOf(valueOf(list, "DTEND")) ?? days.at(-1);
  return from !== undefined && to !== undefined && compareDays(from, to) <= 0 ? { from, to } : null;
}

interface Ends {
  opening: bigint | null;
  closing: bigint | null;
}

/**
 * The ledger balance closes the list if it is of the list's last day or the day after: programs fetch it now and the
 * list from earlier. An opening balance is no part of the format, but may stand in its list of further balances.
 */
function endsOf(node: Aggregate, period: Period | null, entries: readonly Entry[], exponent: number): Ends {
  const ledger = childOf(node, "LEDGERBAL");
  const at = dayOf(valueOf(ledger, "DTASOF"));
  const amount = exactMinor(plainAmount(valueOf(ledger, "BALAMT") ?? ""), exponent);
  const early = at !== null && entries.some(({ date }) => compareDays(date, at) > 0);
  const late = at !== null && period !== null && compareDays(at, period.to.add({ days: 1 })) > 0;
  const named = findAll(node, ["BAL"]).find(
    (balance) => balanceWord(valueOf(balance, "NAME") ?? valueOf(balance, "DESC") ?? "") === "opening",
  );
  return {
    opening: exactMinor(plainAmount(valueOf(named, "VALUE") ?? ""), exponent),
    closing: early || late ? null : amount,
  };
}

/** A closing statement of the same account names both balances, if its days hold every transaction of the list. */
function closedBy(
  closings: readonly Aggregate[],
  account: Aggregate | undefined,
  entries: readonly Entry[],
  exponent: number,
): Ends | null {
  const mine = closings.filter((node) => valueOf(accountIn(node), "ACCTID") === valueOf(account, "ACCTID"));
  const [closing, other] = mine.flatMap((node) => findAll(node, ["CLOSING", "CCCLOSING"]));
  if (closing === undefined || other !== undefined) return null;
  const from = dayOf(valueOf(closing, "DTPOSTSTART") ?? valueOf(closing, "DTOPEN"));
  const to = dayOf(valueOf(closing, "DTPOSTEND") ?? valueOf(closing, "DTCLOSE"));
  if (from === null || to === null) return null;
  if (!entries.every(({ date }) => compareDays(date, from) >= 0 && compareDays(date, to) <= 0)) return null;
  const amountOf = (name: string): bigint | null =>
    exactMinor(plainAmount(valueOf(closing, name) ?? ""), exponent);
  return { opening: amountOf("BALOPEN"), closing: amountOf("BALCLOSE") };
}

const TYPES: Readonly<Record<string, Identity["accountType"]>> = {
  CHECKING: "CURRENT",
  SAVINGS: "SAVINGS",
  CREDITLINE: "OVERDRAFT",
};

function identityOf(
  node: Aggregate,
  account: Aggregate | undefined,
  currency: string | null,
): Partial<Identity> {
  const number = valueOf(account, "ACCTID")?.replace(/\s+/g, "") ?? null;
  const bank = valueOf(account, "BANKID");
  const card = node.name === "CCSTMTRS";
  return {
    accountNumber: number,
    iban: number !== null && isIban(number) ? number : null,
    bic: bank !== null && isBic(bank) ? bank : null,
    sortCode: currency === "GBP" && bank !== null ? toSortCode(bank) : null,
    ...(currency === "USD" && bank !== null && isRoutingNumber(bank) ? { routingNumber: bank } : {}),
    accountType: card ? "CREDIT_CARD" : (TYPES[valueOf(account, "ACCTTYPE") ?? ""] ?? null),
  };
}
