/**
 * Salary that looks typed in. Both rules are for India only: there tax, provident fund and professional tax change net
 * pay over the year, while a British payroll pays the same net amount, or a round one, for years.
 */
import type { SalaryPayment } from "../types.ts";
import { isInRupees, minor, RUPEE, type Facts, type Found } from "./facts.ts";

/** Half a year: long enough to meet a change of tax or professional tax. */
const UNCHANGED_MONTHS = 6;

/** The longest run of one employer's payments of exactly one amount, in months that each have one. */
export function findUnchanged(facts: Facts): Found[] {
  if (!isInRupees(facts)) return [];
  const employers = Map.groupBy(facts.salary, ({ employer }) => employer ?? "");
  return [...employers.values()].flatMap((payments) => {
    const run = longestRun(payments);
    const months = [...new Set(run.map(({ month }) => month.toString()))];
    const [first] = run;
    if (!first || months.length < UNCHANGED_MONTHS) return [];
    return [
      {
        transactionHash: null,
        evidence: {
          employer: first.employer ?? "",
          amountMinor: minor(first.transaction.amount),
          months,
          transactions: run.map(({ transaction }) => transaction.hash),
        },
      },
    ];
  });
}

function longestRun(payments: readonly SalaryPayment[]): SalaryPayment[] {
  let [first, length] = [0, 0];
  let start = 0;
  for (const [at, { transaction }] of payments.entries()) {
    if (payments[start]?.transaction.amount !== transaction.amount) start = at;
    if (at - start + 1 > length) [first, length] = [start, at - start + 1];
  }
  return payments.slice(first, first + length);
}

const ROUND = 1000n * RUPEE;
/** One round month is chance, or a bonus. */
const FEWEST_ROUND = 3;
/** Nothing is deducted from a stipend: it is round by nature. */
const STIPEND = /\bSTIPEND\b/i;

/** Every salary is a whole number of thousands. */
export function findRoundSalary(facts: Facts): Found[] {
  if (!isInRupees(facts)) return [];
  const payments = facts.salary.map(({ transaction }) => transaction);
  const isRound = payments.every(
    ({ amount, narration }) => amount % ROUND === 0n && !STIPEND.test(narration),
  );
  if (payments.length < FEWEST_ROUND || !isRound) return [];
  return [
    {
      transactionHash: null,
      evidence: {
        payments: payments.length,
        multipleOfMinor: minor(ROUND),
        transactions: payments.map(({ hash }) => hash),
      },
    },
  ];
}
