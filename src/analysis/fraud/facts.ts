/** What the rules read, worked out once per account; and what a rule is. */
import type { Span } from "../coverage.ts";
import { dayNumber, readRows, type Row } from "../relations/rows.ts";
import { createFolder } from "../relations/words.ts";
import type {
  Account,
  AccountProfile,
  FraudCategory,
  FraudFinding,
  Relations,
  SalaryPayment,
} from "../types.ts";

export interface FraudOptions {
  /**
   * Days that statements cover, as joinSpans gives them: what happened between two spans is unknown, so nothing is
   * compared across. Absent: a quiet time of more than 28 days is taken for missing.
   */
  covered?: readonly Span[];
}

export interface Facts {
  profile: AccountProfile;
  rows: readonly Row[];
  relations: Relations;
  /** This account's. */
  salary: readonly SalaryPayment[];
  /** ISO 3166-1 alpha-2: the bank's, else the one whose currency it is. */
  country: string | null;
  /** Rows by day, oldest first. */
  days: readonly (readonly Row[])[];
  /** Whether statements cover all days from the one to the other. */
  isCovered: (from: Row, to: Row) => boolean;
}

export type Found = Pick<FraudFinding, "transactionHash" | "evidence">;

export interface FraudRule {
  type: string;
  category: FraudCategory;
  /** For people: what it looks at. */
  reads: string;
  find: (facts: Facts) => Found[];
}

/** 100 minor units: rules that know rupees name their amounts so. */
export const RUPEE = 100n;

const QUIET_DAYS = 28;

const COUNTRY_OF_CURRENCY: ReadonlyMap<string, string> = new Map([
  ["INR", "IN"],
  ["GBP", "GB"],
]);

export function readFacts(account: Account, relations: Relations, options: FraudOptions): Facts {
  const { profile } = account;
  const { rows } = readRows(account, createFolder());
  return {
    profile,
    rows,
    relations,
    salary: relations.salary.filter(({ transaction }) => transaction.accountId === profile.id),
    country: profile.country ?? COUNTRY_OF_CURRENCY.get(profile.currency ?? "") ?? null,
    days: groupByDay(rows),
    isCovered: createIsCovered(options.covered),
  };
}

/** Rules about rupees hold for Indian accounts that are kept in rupees. */
export const isInRupees = ({ country, profile: { currency } }: Facts): boolean =>
  country === "IN" && (currency === null || currency === "INR");

/** Evidence holds whole minor units under keys that end in `Minor`; as text beyond 2^53, which only forgers print. */
export function minor(amount: bigint): number | string {
  const figure = Number(amount);
  return Number.isSafeInteger(figure) ? figure : amount.toString();
}

export const sumOf = (rows: readonly Row[]): bigint =>
  rows.reduce((sum, { transaction }) => sum + transaction.amount, 0n);

export const signed = ({ transaction: { direction, amount } }: Row): bigint =>
  direction === "credit" ? amount : -amount;

export const hashesOf = (rows: readonly Row[]): string[] => rows.map(({ transaction }) => transaction.hash);

export const byMonth = (rows: readonly Row[]): Row[][] => [
  ...Map.groupBy(rows, ({ month }) => month).values(),
];

export const monthOf = (row: Row): string => row.transaction.date.toPlainYearMonth().toString();

function groupByDay(rows: readonly Row[]): Row[][] {
  const days: Row[][] = [];
  for (const row of rows) {
    const today = days.at(-1);
    if (today?.[0]?.day === row.day) today.push(row);
    else days.push([row]);
  }
  return days;
}

function createIsCovered(covered: readonly Span[] | undefined): Facts["isCovered"] {
  if (!covered) return (from, to) => to.day - from.day <= QUIET_DAYS;
  const spans = covered.map((span) => ({ from: dayNumber(span.from), to: dayNumber(span.to) }));
  return (from, to) => spans.some((span) => span.from <= from.day && to.day <= span.to);
}
