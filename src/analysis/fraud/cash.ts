/** Cash against everything else, and against salary. */
import { hashesOf, minor, sumOf, type Facts, type Found } from "./facts.ts";

/** Below it a share says nothing. */
const FEWEST_TRANSACTIONS = 20;
const MOSTLY_PERCENT = 50;

/** More than half of the transactions, and of the money moved, is cash; the bank's charges and interest aside. */
export function findMostlyCash({ rows }: Facts): Found[] {
  const moved = rows.filter(
    ({ transaction: { channel } }) => channel !== "bank_charge" && channel !== "bank_interest",
  );
  const cash = moved.filter(
    ({ transaction: { channel } }) => channel === "cash_deposit" || channel === "cash_withdrawl",
  );
  if (moved.length < FEWEST_TRANSACTIONS) return [];
  const [all, part] = [sumOf(moved), sumOf(cash)];
  if (cash.length * 100 <= moved.length * MOSTLY_PERCENT || part * 100n <= all * BigInt(MOSTLY_PERCENT))
    return [];
  return [
    {
      transactionHash: null,
      evidence: {
        transactions: moved.length,
        cashTransactions: cash.length,
        movedMinor: minor(all),
        cashMinor: minor(part),
      },
    },
  ];
}

/** A salary account: fewer payments may be a guess. */
const FEWEST_SALARIES = 2;

/** More was paid in as cash than as salary, over all of the account's time; only where there is a salary. */
export function findMoreCashThanSalary({ rows, salary, relations }: Facts): Found[] {
  if (salary.length < FEWEST_SALARIES) return [];
  const deposits = rows.filter(
    ({ transaction: { channel, direction, hash } }) =>
      channel === "cash_deposit" && direction === "credit" && !relations.reversals.has(hash),
  );
  const [cash, paid] = [
    sumOf(deposits),
    salary.reduce((sum, { transaction }) => sum + transaction.amount, 0n),
  ];
  if (cash <= paid) return [];
  return [
    {
      transactionHash: null,
      evidence: {
        cashDepositsMinor: minor(cash),
        salaryMinor: minor(paid),
        salaries: salary.length,
        transactions: hashesOf(deposits),
      },
    },
  ];
}
