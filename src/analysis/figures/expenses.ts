/** What the money is spent on: expense categories in whole per cent that total exactly 100. */
import type { Channel, MerchantCategory } from "../types.ts";
import type { Book } from "./book.ts";
import type { Entry } from "./kinds.ts";
import type { ExpenseCategory } from "./types.ts";

/** Merchant categories as the contract writes them (reference §5.3): first letter upper case. */
const titled = (category: MerchantCategory): string => category.slice(0, 1).toUpperCase() + category.slice(1);

/** Where no merchant is known the channel tells. */
const BY_CHANNEL: Partial<Record<Channel, string>> = {
  bill_payment: "Bills",
  cash_withdrawl: "Cash",
  investment: "Investments",
  upi: "Transfers",
  net_banking_transfer: "Transfers",
  self_transfer: "Transfers",
  chq: "Transfers",
  demand_draft: "Transfers",
};

/** In this order: the merchant's category, a loan, the channel. */
function categoryOf({ isEmi, isLender, transaction }: Entry): string {
  if (transaction.merchantCategory !== "") return titled(transaction.merchantCategory);
  if (isEmi || isLender || transaction.description === "lender_transaction") return "Loans";
  if (transaction.description === "credit_card_bill") return "Bills";
  return BY_CHANNEL[transaction.channel] ?? "Others";
}

/** All debits but outward bounces, which take back what was never spent. Categories below half a per cent may get 0. */
export function expenseCategories({ entries }: Book): ExpenseCategory[] {
  const totals = new Map<string, ExpenseCategory>();
  for (const entry of entries) {
    const { amount, channel } = entry.transaction;
    if (entry.isCredit || amount === 0n || channel === "outward_cheque_bounce") continue;
    const category = categoryOf(entry);
    const total = totals.get(category) ?? { category, percentage: 0, amount: 0n, count: 0 };
    total.amount += amount;
    total.count += 1;
    totals.set(category, total);
  }
  const spent = [...totals.values()].toSorted(greatestFirst);
  const percentages = wholePercentages(spent.map(({ amount }) => amount));
  for (const [at, total] of spent.entries()) total.percentage = percentages[at] ?? 0;
  return spent;
}

const greatestFirst = (a: ExpenseCategory, b: ExpenseCategory): number =>
  a.amount === b.amount ? (a.category < b.category ? -1 : 1) : a.amount > b.amount ? -1 : 1;

/**
 * Shares of the whole in integers that total 100, by largest remainder: each gets its share rounded down, and what is
 * left goes one by one to the largest remainders, among equals to the one that comes first. Positive amounts only.
 */
export function wholePercentages(amounts: readonly bigint[]): number[] {
  const whole = amounts.reduce((sum, amount) => sum + amount, 0n);
  if (whole === 0n) return amounts.map(() => 0);
  const shares = amounts.map((amount, at) => ({
    at,
    floor: Number((100n * amount) / whole),
    remainder: (100n * amount) % whole,
  }));
  const left = 100 - shares.reduce((sum, { floor }) => sum + floor, 0);
  const raised = new Set(
    shares
      .toSorted((a, b) => (a.remainder === b.remainder ? a.at - b.at : a.remainder > b.remainder ? -1 : 1))
      .slice(0, left)
      .map(({ at }) => at),
  );
  return shares.map(({ at, floor }) => (raised.has(at) ? floor + 1 : floor));
}
