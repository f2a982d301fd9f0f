/** What an account's statements cover of what was asked for, and each statement's part in it. */
import {
  coveredSpans,
  daysByMonth,
  excessOver,
  gapsIn,
  missingMonths,
  monthsOf,
  type Span,
} from "../coverage.ts";
import type { LabelledTransaction } from "../types.ts";
import type { Coverage, StatementFacts, StatementStatistics } from "./types.ts";

/**
 * Days that two statements share count once. Without statements the days from the first to the last transaction are
 * covered. `transactions`: oldest first.
 */
export function coveredOf(
  statements: readonly StatementFacts[] | null,
  transactions: readonly LabelledTransaction[],
  today: Temporal.PlainDate,
): Span[] {
  if (statements) return coveredSpans(statements, today);
  const [first, last] = [transactions[0], transactions.at(-1)];
  return first && last ? [{ from: first.date, to: last.date }] : [];
}

/** `range`: null where none was asked for; then the whole of the months touched is. */
export function coverageOf(covered: readonly Span[], range: Span | null): Coverage {
  const asked = range ?? monthsTouched(covered);
  const missing = asked ? gapsIn(asked, covered) : [];
  const excess = asked ? excessOver(asked, covered) : [];
  return {
    covered,
    presentMonths: monthsOf(covered),
    missingMonths: asked ? missingMonths(asked, covered) : [],
    missing,
    missingDates: daysByMonth(missing),
    excess,
    excessMonths: monthsOf(excess).filter(
      (month) => !asked || !monthsOf([asked]).some((m) => m.equals(month)),
    ),
  };
}

function monthsTouched(covered: readonly Span[]): Span | null {
  const months = monthsOf(covered);
  const [first, last] = [months[0], months.at(-1)];
  if (!first || !last) return null;
  return { from: first.toPlainDate({ day: 1 }), to: last.toPlainDate({ day: last.daysInMonth }) };
}

export const statementStatistics = ({
  id,
  period,
  transactions,
  transactionCount,
}: StatementFacts): StatementStatistics => ({
  statementId: id,
  firstTransaction: transactions?.from ?? null,
  lastTransaction: transactions?.to ?? null,
  from: (period ?? transactions)?.from ?? null,
  to: (period ?? transactions)?.to ?? null,
  transactionCount,
});
