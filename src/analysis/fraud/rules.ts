/**
 * Every rule beyond a file's metadata; its definition is in docs/analysis.md. Names are those of reference §8.4 where
 * it has one. A finding is a reason to look, never a verdict.
 */
import { findRoundTax, findSmallRtgs } from "./amounts.ts";
import { findInconsistent, findNegative } from "./balance.ts";
import { findMoreCashThanSalary, findMostlyCash } from "./cash.ts";
import { findCopiedRow, findRepeatedReference } from "./duplicates.ts";
import type { FraudRule } from "./facts.ts";
import { findOnHoliday, isOverTheCounter } from "./holidays.ts";
import { findCreditGaps, findEqualSums, findRoundTrips } from "./patterns.ts";
import { findRoundSalary, findUnchanged } from "./salary.ts";

export const fraudRules: readonly FraudRule[] = [
  {
    type: "inconsistent_transaction",
    category: "balance",
    reads: "balances, amounts",
    find: findInconsistent,
  },
  {
    type: "negative_balance",
    category: "balance",
    reads: "balances at the end of days, limit",
    find: findNegative,
  },
  {
    type: "transaction_fraud",
    category: "transaction",
    reads: "scheme references",
    find: findRepeatedReference,
  },
  {
    type: "transaction_fraud_v2",
    category: "transaction",
    reads: "rows and their balances",
    find: findCopiedRow,
  },
  { type: "min_rtgs_amount", category: "transaction", reads: "scheme, amount", find: findSmallRtgs },
  { type: "tax_100_multiple", category: "transaction", reads: "tax payments", find: findRoundTax },
  { type: "salary_remains_unchanged", category: "salary", reads: "salary", find: findUnchanged },
  { type: "salary_1000_multiple", category: "salary", reads: "salary", find: findRoundSalary },
  { type: "mostly_cash_transactions", category: "cash", reads: "channels, amounts", find: findMostlyCash },
  {
    type: "more_cash_deposits_than_salary",
    category: "cash",
    reads: "cash deposits, salary",
    find: findMoreCashThanSalary,
  },
  {
    type: "cash_deposit_bank_holiday_transaction",
    category: "holiday",
    reads: "cash deposits over the counter, calendar",
    find: findOnHoliday("cash_deposit", isOverTheCounter),
  },
  {
    type: "chq_bank_holiday_transaction",
    category: "holiday",
    reads: "cheques, calendar",
    find: findOnHoliday("chq"),
  },
  {
    type: "outward_cheque_bounce_bank_holiday_transaction",
    category: "holiday",
    reads: "returned cheques that were paid in, calendar",
    find: findOnHoliday("outward_cheque_bounce"),
  },
  {
    type: "inward_cheque_bounce_bank_holiday_transaction",
    category: "holiday",
    reads: "returned cheques that were drawn, calendar",
    find: findOnHoliday("inward_cheque_bounce"),
  },
  { type: "equal_credit_debit", category: "pattern", reads: "sums of months", find: findEqualSums },
  { type: "more_than_15_days_credit", category: "pattern", reads: "days of credits", find: findCreditGaps },
  { type: "round_trip_transfer", category: "pattern", reads: "parties, amounts, days", find: findRoundTrips },
];
