/**
 * Salary: credits whose signals add up. Words or an employer that the client named suffice; regularity alone does only
 * with a company or a bulk rail behind it, and where the credits are a good part of what comes in.
 * The month of a salary is the month in which it was paid.
 */
import type { Channel, KnownParties, SalaryPayment, Scheme } from "../types.ts";
import { isBounce } from "./bounces.ts";
import { createCompanyFinder } from "./names.ts";
import { isCredit, type AccountRows, type Row } from "./rows.ts";
import { isMonthly, isPeriodic } from "./rhythm.ts";
import { partyWords } from "./self-transfers.ts";
import { companyWords, isBusiness, type Folder } from "./words.ts";

/** Points of 100. */
const POINTS = {
  words: 60,
  employer: 60,
  /** Another payment of the sender says salary. */
  sender: 40,
  regular: 20,
  steady: 10,
  /** A bonus, a rise or unpaid leave in a pay that is steady but for it. */
  usual: 10,
  bulk: 10,
  company: 10,
  /** At least half of what comes in while the sender pays: a new employer takes nothing from the old one. */
  main: 10,
  /** Of a named employer, but far below what it usually pays: expenses repaid. */
  small: -40,
} as const;

const LEAST_CONFIDENCE = 50;

/** Around the sender's median: below half of it is not the salary itself, above is a bonus, up to twice of it. */
const STEADY_PERCENT = 25n;
const SMALL_PERCENT = 50n;
const LARGE_PERCENT = 200n;
/** Of all credits in the account, where nothing but regularity speaks: a dividend is regular too. */
const LEAST_SHARE_PERCENT = 20n;
const MAIN_SHARE_PERCENT = 50n;
/** Before the first and after the last payment: as many months of credits as there are monthly payments. */
const HALF_MONTH_DAYS = 15;

const SALARY_WORDS = /\b(?:SALARY|SALARIES|PAYROLL|WAGES?|STIPEND)\b/i;
/** Short for salary, but a first name too: believed of a known employer only. */
const SHORT_WORDS = /\bSAL\b/i;

const NEVER: ReadonlySet<Channel> = new Set([
  "refund",
  "cash_deposit",
  "bank_interest",
  "bank_charge",
  "investment_cashin",
  "self_transfer",
  "international_transaction_arbitrage",
  "payment_gateway_purchase",
]);

const BULK_SCHEMES: ReadonlySet<Scheme | null> = new Set(["NACH", "ACH", "BACS"]);

interface Sender {
  rows: Row[];
  /** As `metadata` spells it. */
  employer: string | null;
}

/** One account's salary, oldest first. `leftOut`: hashes of self transfers, loans, reversals and what they reverse. */
export function findSalary(
  { profile, rows }: AccountRows,
  known: KnownParties,
  leftOut: ReadonlySet<string>,
  fold: Folder,
): SalaryPayment[] {
  // A firm is paid by its customers.
  if (profile.category === "corporate") return [];
  const credits = rows.filter(
    (row) => isCredit(row) && isPossible(row) && !leftOut.has(row.transaction.hash),
  );
  const total = credits.reduce((sum, { transaction }) => sum + transaction.amount, 0n);
  return groupBySender(credits, known, fold)
    .flatMap((sender) => judge(sender, { credits, total }, fold))
    .toSorted((a, b) => a.row.position - b.row.position)
    .map(({ payment }) => payment);
}

export const companiesOf = (names: readonly string[], fold: Folder): string[][] =>
  names.map((name) => companyWords(fold(name)));

const isPossible = (row: Row): boolean =>
  row.transaction.amount > 0n && !NEVER.has(row.transaction.channel) && !isBounce(row);

/** What comes from an employer whom the client named has the channel `salary` for the name alone: its words decide. */
function saysSalary({ transaction: { channel, narration } }: Row, employer: string | null): boolean {
  if (SALARY_WORDS.test(narration)) return true;
  return employer === null ? channel === "salary" : SHORT_WORDS.test(narration);
}

function groupBySender(credits: readonly Row[], known: KnownParties, fold: Folder): Sender[] {
  const findEmployer = createCompanyFinder(companiesOf(known.employers, fold));
  const senders = new Map<string, Sender>();
  for (const row of credits) {
    const words = known.employers.length > 0 ? partyWords(row.transaction, fold) : [];
    const employer = known.employers[findEmployer(words)] ?? null;
    const key =
      employer === null ? (row.party ?? (saysSalary(row, employer) ? "SALARY" : null)) : `=${employer}`;
    if (key === null) continue;
    const sender = senders.get(key);
    if (sender) sender.rows.push(row);
    else senders.set(key, { rows: [row], employer });
  }
  return [...senders.values()];
}

/** What holds for all of a sender's payments. */
interface SenderFacts {
  employer: string | null;
  median: bigint;
  speaks: boolean;
  rhythm: "monthly" | "periodic" | null;
  /** Nothing but regularity speaks, and more than half of the payments are near the median. */
  isMostlySteady: boolean;
  isCompany: boolean;
  isMain: boolean;
}

interface Income {
  credits: readonly Row[];
  total: bigint;
}

function judge(
  sender: Sender,
  { credits, total }: Income,
  fold: Folder,
): { row: Row; payment: SalaryPayment }[] {
  const { rows, employer } = sender;
  const speaks = rows.some((row) => saysSalary(row, employer));
  const median = lowerMedian(rows.map(({ transaction }) => transaction.amount));
  const main = rows.filter(({ transaction }) => transaction.amount * 100n >= median * SMALL_PERCENT);
  const days = main.map(({ day }) => day);
  const rhythm = isMonthly(days) ? "monthly" : isPeriodic(days) ? "periodic" : null;
  const sum = rows.reduce((amount, { transaction }) => amount + transaction.amount, 0n);
  if (!speaks && employer === null && (rhythm === null || sum * 100n < total * LEAST_SHARE_PERCENT))
    return [];
  const isCompany = rows.some(({ transaction }) => isBusiness(fold(transaction.counterparty.name ?? "")));
  const isMain = sum * 100n >= totalWhilePaying(rows, credits) * MAIN_SHARE_PERCENT;
  const steady = rows.filter(({ transaction }) => isNear(transaction.amount, median));
  const isMostlySteady = !speaks && employer === null && steady.length * 2 > rows.length;
  const facts: SenderFacts = { employer, median, speaks, rhythm, isMostlySteady, isCompany, isMain };
  return rows.flatMap((row) => {
    const { points, reasons } = weigh(row, facts);
    if (points < LEAST_CONFIDENCE) return [];
    const { transaction } = row;
    const payment: SalaryPayment = {
      transaction,
      employer: employer ?? transaction.counterparty.name,
      month: transaction.date.toPlainYearMonth(),
      confidence: Math.min(points, 100),
      reasons,
    };
    return [{ row, payment }];
  });
}

/** All credits from half a month before the first payment of `rows` to half a month after the last. */
function totalWhilePaying(rows: readonly Row[], credits: readonly Row[]): bigint {
  const first = (rows[0]?.day ?? 0) - HALF_MONTH_DAYS;
  const last = (rows.at(-1)?.day ?? 0) + HALF_MONTH_DAYS;
  return credits.reduce(
    (sum, { day, transaction }) => (day >= first && day <= last ? sum + transaction.amount : sum),
    0n,
  );
}

function weigh(row: Row, facts: SenderFacts): { points: number; reasons: string[] } {
  const { amount, channel, scheme } = row.transaction;
  const { employer, median, speaks, rhythm, isMostlySteady, isCompany, isMain } = facts;
  const words = saysSalary(row, employer);
  const isSmall = amount * 100n < median * SMALL_PERCENT;
  const isSteady = rhythm !== null && isNear(amount, median);
  const isUsual = !isSteady && isMostlySteady && !isSmall && amount * 100n <= median * LARGE_PERCENT;
  const signals: [boolean, keyof typeof POINTS, string][] = [
    [words, "words", "narration says salary"],
    [employer !== null, "employer", "sender is an employer that the client named"],
    [!words && speaks, "sender", "other payments of the sender say salary"],
    [
      rhythm !== null && !isSmall,
      "regular",
      `paid ${rhythm === "monthly" ? "every month" : "at equal intervals"}`,
    ],
    [isSteady, "steady", "amount is within 25 % of the sender's median"],
    [isUsual, "usual", "most payments are near the sender's median, this one is from half to twice of it"],
    [channel === "auto_credit" || BULK_SCHEMES.has(scheme), "bulk", "came by a bulk payment"],
    [isCompany, "company", "sender is a company"],
    [isMain, "main", "sender gives at least half of the credits while it pays"],
    [!words && isSmall, "small", "amount is below half of the sender's median"],
  ];
  const held = signals.filter(([holds]) => holds);
  return {
    points: held.reduce((sum, [, name]) => sum + POINTS[name], 0),
    reasons: held.map(([, , reason]) => reason),
  };
}

const distance = (a: bigint, b: bigint): bigint => (a > b ? a - b : b - a);

const isNear = (amount: bigint, median: bigint): boolean =>
  distance(amount, median) * 100n <= median * STEADY_PERCENT;

export function lowerMedian(amounts: readonly bigint[]): bigint {
  const sorted = amounts.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return sorted[(sorted.length - 1) >> 1] ?? 0n;
}
