/**
 * Acceptance criteria (reference §4): level 1 asks whether the statements cover the range, level 2, after
 * processing, whether there are transactions in it. The verdict on an account is the first finding of a fixed order.
 */
import {
  countDays,
  daysByMonth,
  gapsIn,
  includesDay,
  missingMonths,
  monthsOf,
  type MonthDays,
  type Span,
} from "./coverage.ts";

export interface Criteria {
  /** `months`: every month has a covered day; `dates`: every day but `missingDays` is covered. */
  level1: "months" | "dates" | "none";
  missingDays: number;
  /** Months that need a transaction; `any`: one in the range is enough. */
  level2: "every_month" | "first_and_last_month" | "any" | "none";
}

export interface AccountFacts {
  /** Statements that were read. */
  usableStatements: number;
  hasAccountNumber: boolean;
  /** At least one of its statements does not add up. */
  broken: boolean;
  /** As joinSpans gives them. */
  covered: readonly Span[];
  transactionDays: readonly Temporal.PlainDate[];
}

export type Finding =
  | { code: "UNPARSABLE" | "NULL_ACCOUNT_NUMBER" | "BALANCE_MISMATCH" | "MISSING_TRANSACTIONS" }
  | { code: "INCOMPLETE_MONTHS_UPLOAD" | "INCOMPLETE_MONTHS"; months: Temporal.PlainYearMonth[] }
  | { code: "INCOMPLETE_DATES_UPLOAD"; dates: MonthDays[] };

/**
 * The order in which an account's failures are told: what makes the later ones meaningless comes first. Identity and
 * proof are never waived; acceptance is, by `acceptAnything`, and where the whole range lies in the future.
 */
const PROOF_CHECKS: readonly ((facts: AccountFacts) => Finding | null)[] = [
  (facts) => (facts.usableStatements === 0 ? { code: "UNPARSABLE" } : null),
  (facts) => (facts.hasAccountNumber ? null : { code: "NULL_ACCOUNT_NUMBER" }),
  (facts) => (facts.broken ? { code: "BALANCE_MISMATCH" } : null),
];
type AcceptanceCheck = (facts: AccountFacts, criteria: Criteria, range: Span) => Finding | null;
const ACCEPTANCE_CHECKS: readonly AcceptanceCheck[] = [
  (facts, criteria, range) => level1Finding(criteria, range, facts.covered),
  missingTransactions,
  monthsWithoutTransactions,
];

/** The first failure, or null. `range`: the considered one. */
export function judgeAccount(
  facts: AccountFacts,
  criteria: Criteria,
  range: Span | null,
  acceptAnything: boolean,
): Finding | null {
  for (const check of PROOF_CHECKS) {
    const finding = check(facts);
    if (finding) return finding;
  }
  if (acceptAnything || !range) return null;
  for (const check of ACCEPTANCE_CHECKS) {
    const finding = check(facts, criteria, range);
    if (finding) return finding;
  }
  return null;
}

/** What level 1 misses of the considered range, or null. */
export function level1Finding(criteria: Criteria, range: Span, covered: readonly Span[]): Finding | null {
  switch (criteria.level1) {
    case "none":
      return null;
    case "months": {
      const months = missingMonths(range, covered);
      return months.length === 0 ? null : { code: "INCOMPLETE_MONTHS_UPLOAD", months };
    }
    case "dates": {
      const gaps = gapsIn(range, covered);
      if (countDays(gaps) <= criteria.missingDays) return null;
      return { code: "INCOMPLETE_DATES_UPLOAD", dates: daysByMonth(gaps) };
    }
  }
}

/** Not one transaction in the range: whichever months level 2 asks for, naming them all would say less. */
function missingTransactions(facts: AccountFacts, criteria: Criteria, range: Span): Finding | null {
  if (criteria.level2 === "none") return null;
  const any = facts.transactionDays.some((day) => includesDay(range, day));
  return any ? null : { code: "MISSING_TRANSACTIONS" };
}

function monthsWithoutTransactions(facts: AccountFacts, criteria: Criteria, range: Span): Finding | null {
  const days = facts.transactionDays.filter((day) => includesDay(range, day));
  const present = new Set(days.map((day) => day.toPlainYearMonth().toString()));
  const months = wantedMonths(criteria.level2, range).filter((month) => !present.has(month.toString()));
  return months.length === 0 ? null : { code: "INCOMPLETE_MONTHS", months };
}

function wantedMonths(level2: Criteria["level2"], range: Span): Temporal.PlainYearMonth[] {
  const months = monthsOf([range]);
  switch (level2) {
    case "every_month":
      return months;
    case "first_and_last_month":
      return months.filter((_, index) => index === 0 || index === months.length - 1);
    case "any":
    case "none":
      return [];
  }
}
