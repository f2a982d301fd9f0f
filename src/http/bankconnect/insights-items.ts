/** What the lists of the insights are made of (reference §2.8): T, F and R, as the contract names them. Pure. */
import type { LabelledTransaction, RecurringSet, SalaryPayment } from "../../intake/insights.ts";
import { mmmYyyy, tsDay, wireAmount } from "../../intake/wire.ts";

/** Insights write `Other` where the enumeration has `Others` (§8.1). */
export const channelName = (channel: string): string => (channel === "Others" ? "Other" : channel);

const common = (transaction: LabelledTransaction, currency: string) => ({
  transaction_type: transaction.direction,
  transaction_note: transaction.narration,
  chq_num: transaction.reference ?? "",
  amount: wireAmount(transaction.amount, currency) ?? 0,
  balance: wireAmount(transaction.balance, currency),
  date: tsDay(transaction.date),
  hash: transaction.hash,
  category: transaction.category,
});

/** T */
export const transactionItem = (transaction: LabelledTransaction, currency: string) => ({
  ...common(transaction, currency),
  metadata: {
    unclean_merchant: transaction.counterparty.name ?? "",
    transaction_channel: channelName(transaction.channel),
    description: transaction.description,
  },
});

/** F */
export const flatItem = (transaction: LabelledTransaction, currency: string) => ({
  ...common(transaction, currency),
  transaction_channel: channelName(transaction.channel),
  merchant_category: transaction.merchantCategory,
  description: transaction.description,
});

export const salaryItem = ({ transaction, employer, month }: SalaryPayment, currency: string) => ({
  ...transactionItem(transaction, currency),
  employer_name: employer,
  salary_month: mmmYyyy(month),
});

/** R */
export const recurringItem = (set: RecurringSet, currency: string) => ({
  account_id: set.accountId,
  transaction_channel: channelName(set.channel).toUpperCase(),
  clean_transaction_note: set.cleanNote,
  median: wireAmount(set.median, currency) ?? 0,
  start_date: tsDay(set.start),
  end_date: tsDay(set.end),
  transactions: set.transactions.map((transaction) => {
    const { chq_num: _, ...item } = flatItem(transaction, currency);
    return item;
  }),
});
