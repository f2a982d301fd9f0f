/**
 * What `analyse` gives: figures of each account and of all together.
 *
 * Amounts are bigint in minor units, dates and months Temporal, shares numbers. Nothing is formatted here. Null
 * stands for what the data do not say, never 0.
 */
import type { MonthDays, Span, StatementTime } from "../coverage.ts";
import type { FraudFinding, LabelledTransaction } from "../types.ts";
import type { BalanceStatistics } from "./balances.ts";
import type { Figure } from "./month-view.ts";
import type { MonthlyFigures } from "./monthly.ts";

/** One document's part in an account, with its printed period and its first and last transaction. */
export interface StatementFacts extends StatementTime {
  /** UUID. */
  id: string;
  accountId: string;
  /** Those included that an earlier statement told already. */
  transactionCount: number;
}

export interface AnalyseOptions {
  /** In the organisation's time zone. */
  today: Temporal.PlainDate;
  /** Decimals of a currency's minor unit, 2 where it is unknown. */
  minorDigits: (currency: string | null) => number;
  /** The session's considered range; null where none was asked for. */
  range?: Span | null;
  /** Those that were read. Without them an account's transactions alone say which days are covered. */
  statements?: readonly StatementFacts[];
  /** By account. */
  findings?: ReadonlyMap<string, readonly FraudFinding[]>;
}

export interface EodBalances {
  months: readonly Temporal.PlainYearMonth[];
  /** The first known day of each of the months. */
  startDates: readonly Temporal.PlainDate[];
  /** For each month as many as it has days: null before the first and after the last known day. */
  balances: readonly (readonly (bigint | null)[])[];
  /** Before the first known day; null, and the rest empty, for an account without balances. */
  startingBalance: bigint | null;
}

/** The greatest amounts of a month, greatest first, the earlier one of equals first. */
export interface TopOfMonth {
  month: Temporal.PlainYearMonth;
  transactions: readonly LabelledTransaction[];
  /** The same for maps that are keyed by note: of equal notes the greater amount is kept (reference §9-19). */
  distinctNotes: readonly LabelledTransaction[];
}

export interface ExpenseCategory {
  category: string;
  /** Whole per cent; all of them total 100. */
  percentage: number;
  amount: bigint;
  count: number;
}

/** Of a range, or of the months touched where none was asked for. */
export interface Coverage {
  /** Days that the statements speak of, as joinSpans gives them. */
  covered: readonly Span[];
  presentMonths: readonly Temporal.PlainYearMonth[];
  missingMonths: readonly Temporal.PlainYearMonth[];
  missing: readonly Span[];
  missingDates: readonly MonthDays[];
  /** Covered, but not asked for. */
  excess: readonly Span[];
  excessMonths: readonly Temporal.PlainYearMonth[];
}

export interface StatementStatistics {
  statementId: string;
  firstTransaction: Temporal.PlainDate | null;
  lastTransaction: Temporal.PlainDate | null;
  /** The printed period, else first and last transaction. */
  from: Temporal.PlainDate | null;
  to: Temporal.PlainDate | null;
  transactionCount: number;
}

export interface ScoreFactor {
  name: string;
  /** What was looked at, for a person to read. */
  value: string;
  /** 0 to `weight`. */
  points: number;
  weight: number;
  reason: string;
}

/** An uncalibrated points model (docs/analysis.md): it orders, it predicts nothing. */
export interface ScoreCard {
  /** 300 to 900. */
  score: number;
  factors: readonly ScoreFactor[];
  /** Names of the factors that could not be judged. */
  unjudged: readonly string[];
}

/** What one account and all of them together have alike. All arrays of months are those of `months`, oldest first. */
export interface Figures {
  months: readonly Temporal.PlainYearMonth[];
  /** The 95 keys of §8.8. */
  monthly: MonthlyFigures;
  /** The further keys of §8.9. */
  monthlyExtras: MonthlyFigures;
  eodBalances: EodBalances;
  /** Over all days. */
  balances: BalanceStatistics;
  topCredits: readonly TopOfMonth[];
  topDebits: readonly TopOfMonth[];
  /** Greatest first; empty without expenses. */
  expenseCategories: readonly ExpenseCategory[];
}

export interface AccountFigures extends Figures {
  accountId: string;
  coverage: Coverage;
  statements: readonly StatementStatistics[];
  /** Flat, by the names of §2.8. */
  predictors: ReadonlyMap<string, Figure>;
  /** Null where too little is known to judge. */
  score: ScoreCard | null;
  /** Transactions of a year more than 30 back or one ahead: misread years, in no figure. */
  leftOut: number;
}

export interface AggregateFigures extends Figures {
  /** Those added up: of the currency that most accounts have. Amounts of different currencies are never added. */
  accountIds: readonly string[];
  currency: string | null;
}

export interface Analysis {
  /** In the order of the accounts given. */
  accounts: readonly AccountFigures[];
  aggregate: AggregateFigures;
}
