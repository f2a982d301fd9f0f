/**
 * One statement for all hand-computed expectations: January and February 2024, INR, opening 10,000.00, a transaction
 * of nearly every kind. Beside each row stands the balance after it.
 *
 * End-of-day balances, worked out by hand from the rows:
 *
 *     Jan  1: 10,000 (opening)   2: 60,000   3: 57,000   4: 52,000   5: 44,000   6-7: 41,000   8: 37,000   9: 36,500
 *         10-11: 35,800   12-14: 55,800   15-17: 35,500   18-19: 29,500   20-21: 35,500   22-24: 35,900
 *         25-27: 36,350   28-30: 26,350   31: 26,470
 *     sum 10,000 + 60,000 + 57,000 + 52,000 + 44,000 + 2×41,000 + 37,000 + 36,500 + 2×35,800 + 3×55,800 + 3×35,500
 *         + 2×29,500 + 2×35,500 + 3×35,900 + 3×36,350 + 3×26,350 + 26,470 = 1,176,270
 *
 *     Feb  1: 126,470   2-4: 175,000   5-9: 174,410   10-11: 144,410   12-13: 165,410   14-15: 165,910
 *         16-19: 158,910   20-25: 162,910   26: -500   27-29: 500
 *     sum 126,470 + 3×175,000 + 5×174,410 + 2×144,410 + 2×165,410 + 2×165,910 + 4×158,910 + 6×162,910 - 500 + 3×500
 *         = 4,089,080
 */
import { account, credit, day, debit, hashes, relations, salaryOf } from "../analysis.testing.ts";
import type { Channel, LabelledTransaction } from "../types.ts";
import type { StatementFacts } from "./types.ts";

/** Rupees as paise. */
export const inr = (rupees: number): bigint => BigInt(Math.round(rupees * 100));

const cr = (date: string, rupees: number, channel: Channel, more: Partial<LabelledTransaction> = {}) =>
  credit(date, inr(rupees), { channel, ...more });
const dr = (date: string, rupees: number, channel: Channel, more: Partial<LabelledTransaction> = {}) =>
  debit(date, inr(rupees), { channel, ...more });

const salaryJan = cr("2024-01-02", 50_000, "salary", { narration: "SALARY JAN" });
const emiJan = dr("2024-01-05", 8_000, "auto_debit_payment", { description: "lender_transaction" });
const selfOut = dr("2024-01-08", 4_000, "net_banking_transfer", { narration: "TO SELF" });
const loan = cr("2024-02-01", 100_000, "net_banking_transfer", { narration: "LOAN DISBURSAL" });
const salaryFeb = cr("2024-02-02", 50_000, "salary", { narration: "SALARY FEB", scheme: "IMPS" });
const emiFeb = dr("2024-02-05", 8_000, "auto_debit_payment", { description: "lender_transaction" });
const emiBack = cr("2024-02-05", 8_000, "auto_debit_payment_bounce", { narration: "ACH RETURN" });
const selfIn = cr("2024-02-20", 4_000, "net_banking_transfer", { narration: "FROM SELF" });

const UNFUNDED = { description: "chq_bounce_insuff_funds" } as const;

const ROWS: readonly LabelledTransaction[] = [
  salaryJan, // 60,000
  dr("2024-01-03", 2_000, "upi", { merchantCategory: "food", narration: "UPI/CAFE" }), // 58,000
  dr("2024-01-03", 1_000, "bill_payment", { description: "telco_bill", merchantCategory: "bills" }), // 57,000
  dr("2024-01-04", 5_000, "cash_withdrawl"), // 52,000
  emiJan, // 44,000
  dr("2024-01-06", 3_000, "debit_card", { merchantCategory: "shopping" }), // 41,000
  selfOut, // 37,000
  dr("2024-01-09", 500, "upi", { merchantCategory: "fuel", narration: "UPI/PUMP" }), // 36,500
  dr("2024-01-10", 700, "upi", { merchantCategory: "fuel", narration: "UPI/PUMP" }), // 35,800
  cr("2024-01-12", 20_000, "chq"), // 55,800
  dr("2024-01-15", 20_000, "outward_cheque_bounce", UNFUNDED), // 35,800
  dr("2024-01-15", 300, "bank_charge", { description: "chq_bounce_charge" }), // 35,500
  dr("2024-01-18", 6_000, "chq"), // 29,500
  cr("2024-01-20", 6_000, "inward_cheque_bounce", UNFUNDED), // 35,500
  cr("2024-01-22", 400, "refund"), // 35,900
  cr("2024-01-25", 450, "upi"), // 36,350
  dr("2024-01-28", 10_000, "investment", { merchantCategory: "investments" }), // 26,350
  cr("2024-01-31", 120, "bank_interest"), // 26,470
  loan, // 126,470
  salaryFeb, // 176,470
  dr("2024-02-02", 1_470, "upi", { merchantCategory: "food", narration: "UPI/CAFE" }), // 175,000
  emiFeb, // 167,000
  emiBack, // 175,000
  dr("2024-02-05", 590, "bank_charge", { description: "ach_bounce_charge" }), // 174,410
  dr("2024-02-10", 30_000, "bill_payment", { description: "credit_card_bill" }), // 144,410
  cr("2024-02-12", 12_000, "investment_cashin"), // 156,410
  cr("2024-02-12", 9_000, "cash_deposit"), // 165,410
  cr("2024-02-14", 3_000, "international_transaction_arbitrage"), // 168,410
  dr("2024-02-14", 2_500, "international_transaction_arbitrage"), // 165,910
  dr("2024-02-16", 7_000, "payment_gateway_purchase", { merchantCategory: "travel" }), // 158,910
  selfIn, // 162,910
  dr("2024-02-26", 163_910, "net_banking_transfer", { narration: "NEFT OUT" }), // -1,000
  cr("2024-02-26", 500, "upi"), // -500
  cr("2024-02-27", 1_000, "upi"), // 500
];

export const HAND = account(ROWS, { openingBalance: inr(10_000) });

export const HAND_RELATIONS = relations({
  salary: [salaryOf(salaryJan, { employer: "ACME TOOLS" }), salaryOf(salaryFeb, { employer: "ACME TOOLS" })],
  lender: hashes(emiJan, loan, emiFeb, emiBack),
  loanCredits: hashes(loan),
  emiDebits: hashes(emiJan, emiFeb),
  selfTransfers: hashes(selfOut, selfIn),
  bouncedOrPenal: hashes(emiBack),
  reversals: new Map([[emiFeb.hash, emiBack.hash]]),
});

/** Its one document speaks of both months whole. */
export const HAND_STATEMENT: StatementFacts = {
  id: "0b7a5e0e-61f5-4f0c-9b39-6f0f6a1f3c55",
  accountId: HAND.profile.id,
  period: { from: day("2024-01-01"), to: day("2024-02-29") },
  transactions: { from: day("2024-01-02"), to: day("2024-02-27") },
  transactionCount: ROWS.length,
};

export const HAND_OPTIONS = {
  today: day("2024-03-10"),
  minorDigits: () => 2,
  statements: [HAND_STATEMENT],
} as const;

/** `{a,b}_{c,d}` → a_c, a_d, b_c, b_d */
export function expandBraces(text: string): string[] {
  const braces = /^(.*?)\{([^}]*)\}(.*)$/.exec(text);
  if (!braces) return [text];
  const [, before = "", inside = "", after = ""] = braces;
  return inside.split(",").flatMap((part) => expandBraces(`${before}${part}${after}`));
}
