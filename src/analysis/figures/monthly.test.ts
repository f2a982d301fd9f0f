import assert from "node:assert/strict";
import { test } from "node:test";
import { account, credit, day, debit, hashes, relations } from "../analysis.testing.ts";
import { expandBraces, HAND, HAND_OPTIONS, HAND_RELATIONS, inr } from "./hand.testing.ts";
import { analyse } from "./index.ts";
import type { Figure } from "./month-view.ts";
import { MONTHLY, MONTHLY_EXTRAS } from "./monthly.ts";

/** Reference §8.8 as it stands there, in shell braces. */
const DOCUMENTED = `
{amt,cnt}_{auto_debit_payment_bounce_credit,auto_debit_payment_debit,bank_charge_debit,bank_interest_credit,bill_payment_debit,cash_deposit_credit,cash_withdrawl_debit,chq_credit,chq_debit,income_credit,credit,debit,debit_card_debit,international_transaction_arbitrage_credit,international_transaction_arbitrage_debit,investment_cashin_credit,net_banking_transfer_credit,net_banking_transfer_debit,outward_cheque_bounce_debit,inward_cheque_bounce_credit,outward_cheque_bounce_insuff_funds_debit,inward_cheque_bounce_insuff_funds_credit,ach_bounce_charge,chq_bounce_charge,bounce_charge,payment_gateway_purchase_debit,refund_credit,upi_credit,upi_debit,emi_debit,emi_bounce_credit,credit_card_bill_debit,investment,loan_credits,business_credit,self_transfer_credit,self_transfer_debit}
{avg}_{bal,credit_transaction_size,debit_transaction_size,emi}
{closing,median,mode,opening}_balance
{max,min}_{bal,eod_balance}
{cnt_transactions,net_cash_inflow,number_of_salary_transactions,total_amount_of_salary}
perc_salary_spend_{bill_payment,cash_withdrawl,debit_card,net_banking_transfer,upi}
`;

const ANALYSIS = analyse([HAND], HAND_RELATIONS, HAND_OPTIONS);
const [FIGURES] = ANALYSIS.accounts;
assert.ok(FIGURES);

test("the keys are the 95 of the contract", () => {
  const documented = DOCUMENTED.trim().split("\n").flatMap(expandBraces);
  assert.equal(documented.length, 95);
  const ours = MONTHLY.map(({ key }) => key);
  assert.equal(ours.length, 95);
  assert.deepEqual(ours.toSorted(), documented.toSorted());
});

test("no key is defined twice", () => {
  const keys = [...MONTHLY, ...MONTHLY_EXTRAS].map(({ key }) => key);
  assert.equal(new Set(keys).size, keys.length);
});

/** Amounts in rupees, [January, February]; the number of transactions beside them. */
const AMOUNTS: Record<string, [amounts: [number, number], counts: [number, number]]> = {
  auto_debit_payment_bounce_credit: [
    [0, 8_000],
    [0, 1],
  ],
  auto_debit_payment_debit: [
    [8_000, 8_000],
    [1, 1],
  ],
  bank_charge_debit: [
    [300, 590],
    [1, 1],
  ],
  bank_interest_credit: [
    [120, 0],
    [1, 0],
  ],
  bill_payment_debit: [
    [1_000, 30_000],
    [1, 1],
  ],
  cash_deposit_credit: [
    [0, 9_000],
    [0, 1],
  ],
  cash_withdrawl_debit: [
    [5_000, 0],
    [1, 0],
  ],
  chq_credit: [
    [20_000, 0],
    [1, 0],
  ],
  chq_debit: [
    [6_000, 0],
    [1, 0],
  ],
  // Jan: 76,970 - 6,000 own cheque given back. Feb: 187,500 - 100,000 loan - 8,000 given back - 3,000 arbitrage.
  income_credit: [
    [70_970, 76_500],
    [5, 6],
  ],
  // Jan: 50,000 + 20,000 + 6,000 + 400 + 450 + 120.
  // Feb: 100,000 + 50,000 + 8,000 + 12,000 + 9,000 + 3,000 + 4,000 + 500 + 1,000.
  credit: [
    [76_970, 187_500],
    [6, 9],
  ],
  // Jan: 2,000 + 1,000 + 5,000 + 8,000 + 3,000 + 4,000 + 500 + 700 + 20,000 + 300 + 6,000 + 10,000.
  // Feb: 1,470 + 8,000 + 590 + 30,000 + 2,500 + 7,000 + 163,910.
  debit: [
    [60_500, 213_470],
    [12, 7],
  ],
  debit_card_debit: [
    [3_000, 0],
    [1, 0],
  ],
  international_transaction_arbitrage_credit: [
    [0, 3_000],
    [0, 1],
  ],
  international_transaction_arbitrage_debit: [
    [0, 2_500],
    [0, 1],
  ],
  investment_cashin_credit: [
    [0, 12_000],
    [0, 1],
  ],
  // Feb: 100,000 + 4,000.
  net_banking_transfer_credit: [
    [0, 104_000],
    [0, 2],
  ],
  net_banking_transfer_debit: [
    [4_000, 163_910],
    [1, 1],
  ],
  outward_cheque_bounce_debit: [
    [20_000, 0],
    [1, 0],
  ],
  inward_cheque_bounce_credit: [
    [6_000, 0],
    [1, 0],
  ],
  outward_cheque_bounce_insuff_funds_debit: [
    [20_000, 0],
    [1, 0],
  ],
  inward_cheque_bounce_insuff_funds_credit: [
    [6_000, 0],
    [1, 0],
  ],
  ach_bounce_charge: [
    [0, 590],
    [0, 1],
  ],
  chq_bounce_charge: [
    [300, 0],
    [1, 0],
  ],
  bounce_charge: [
    [300, 590],
    [1, 1],
  ],
  payment_gateway_purchase_debit: [
    [0, 7_000],
    [0, 1],
  ],
  refund_credit: [
    [400, 0],
    [1, 0],
  ],
  upi_credit: [
    [450, 1_500],
    [1, 2],
  ],
  // Jan: 2,000 + 500 + 700.
  upi_debit: [
    [3_200, 1_470],
    [3, 1],
  ],
  emi_debit: [
    [8_000, 8_000],
    [1, 1],
  ],
  emi_bounce_credit: [
    [0, 8_000],
    [0, 1],
  ],
  credit_card_bill_debit: [
    [0, 30_000],
    [0, 1],
  ],
  investment: [
    [10_000, 0],
    [1, 0],
  ],
  loan_credits: [
    [0, 100_000],
    [0, 1],
  ],
  // Above 500. Jan: 50,000 + 20,000. Feb: 76,500 without the credit of exactly 500.
  business_credit: [
    [70_000, 76_000],
    [2, 5],
  ],
  self_transfer_credit: [
    [0, 4_000],
    [0, 1],
  ],
  self_transfer_debit: [
    [4_000, 0],
    [1, 0],
  ],
};

/** The other keys, amounts in rupees. */
const OTHERS: Record<string, [january: Figure, february: Figure]> = {
  // 1,176,270 / 31 = 37,944.193…; 4,089,080 / 29 = 141,002.758…
  avg_bal: [inr(37_944.19), inr(141_002.76)],
  // 76,970 / 6; 187,500 / 9.
  avg_credit_transaction_size: [inr(12_828.33), inr(20_833.33)],
  // 60,500 / 12 = 5,041.666…; 213,470 / 7 = 30,495.714…
  avg_debit_transaction_size: [inr(5_041.67), inr(30_495.71)],
  avg_emi: [inr(8_000), inr(8_000)],
  closing_balance: [inr(26_470), inr(500)],
  // Jan, the 16th of 31: 1×10,000, 3×26,350, 26,470, 2×29,500, 5×35,500, 2×35,800 are 14; then 3×35,900.
  // Feb, the 15th of 29: -500, 3×500, 126,470, 2×144,410, 4×158,910 are 11; then 6×162,910.
  median_balance: [inr(35_900), inr(162_910)],
  // Jan: five days of 35,500. Feb: six of 162,910.
  mode_balance: [inr(35_500), inr(162_910)],
  opening_balance: [inr(10_000), inr(26_470)],
  // Feb: after the salary of the 2nd, before the payment of the same day.
  max_bal: [inr(60_000), inr(176_470)],
  max_eod_balance: [inr(60_000), inr(175_000)],
  // Feb: after the transfer of the 26th, before the credit of the same day.
  min_bal: [inr(10_000), inr(-1_000)],
  min_eod_balance: [inr(10_000), inr(-500)],
  cnt_transactions: [18, 16],
  // 76,970 - 60,500; 187,500 - 213,470.
  net_cash_inflow: [inr(16_470), inr(-25_970)],
  number_of_salary_transactions: [1, 1],
  total_amount_of_salary: [inr(50_000), inr(50_000)],
  // Of 50,000, from the 2nd to the 9th. Jan: 1,000; 5,000; 3,000; 4,000; 2,000 + 500 (the 10th is too late).
  // Feb: only 1,470 by UPI, which is 2.94 %; the bill of the 10th is too late.
  perc_salary_spend_bill_payment: [2, 0],
  perc_salary_spend_cash_withdrawl: [10, 0],
  perc_salary_spend_debit_card: [6, 0],
  perc_salary_spend_net_banking_transfer: [8, 0],
  perc_salary_spend_upi: [5, 3],
};

test("each of the 95 figures is what was computed by hand", () => {
  const expected = new Map<string, readonly Figure[]>(Object.entries(OTHERS));
  for (const [stem, [amounts, counts]] of Object.entries(AMOUNTS)) {
    expected.set(`amt_${stem}`, amounts.map(inr));
    expected.set(`cnt_${stem}`, counts);
  }
  assert.equal(expected.size, 95);
  assert.deepEqual(FIGURES.months.map(String), ["2024-01", "2024-02"]);
  for (const [key, figures] of expected) assert.deepEqual(FIGURES.monthly.get(key), figures, key);
});

test("the further figures are what was computed by hand", () => {
  const expected: Record<string, [Figure, Figure]> = {
    max_amt_credit: [inr(50_000), inr(100_000)],
    min_amt_credit: [inr(120), inr(500)],
    avg_amt_credit: [inr(12_828.33), inr(20_833.33)],
    max_amt_upi_debit: [inr(2_000), inr(1_470)],
    min_amt_upi_debit: [inr(500), inr(1_470)],
    // 3,200 / 3
    avg_amt_upi_debit: [inr(1_066.67), inr(1_470)],
    max_amt_cash_deposit_credit: [null, inr(9_000)],
    amt_food_related_debits: [inr(2_000), inr(1_470)],
    cnt_food_related_debits: [1, 1],
    // 500 + 700
    amt_fuel_related_debits: [inr(1_200), inr(0)],
    avg_amt_fuel_related_debits: [inr(600), null],
    amt_travel_related_debits: [inr(0), inr(7_000)],
    amt_shopping_related_debits: [inr(3_000), inr(0)],
    amt_bill_related_debits: [inr(1_000), inr(30_000)],
    // Jan: 2,000 food + 3,000 shopping. Feb: 1,470 food + 7,000 travel.
    amt_discretionary_spends: [inr(5_000), inr(8_470)],
    cnt_min_bal_charge: [0, 0],
    amt_tax_gst_paid: [inr(0), inr(0)],
    // Feb: without the instalment and its return.
    amt_credit_excluding_reversal: [inr(76_970), inr(179_500)],
    cnt_debit_excluding_reversal: [12, 6],
    amt_group_transfer_credit: [inr(0), inr(0)],
    eod_bal_on_01: [inr(10_000), inr(126_470)],
    eod_bal_on_02: [inr(60_000), inr(175_000)],
    eod_bal_on_04: [inr(52_000), inr(175_000)],
    eod_bal_on_05: [inr(44_000), inr(174_410)],
    eod_bal_on_06: [inr(41_000), inr(174_410)],
    eod_bal_on_10: [inr(35_800), inr(144_410)],
    eod_bal_on_11: [inr(35_800), inr(144_410)],
    eod_bal_on_15: [inr(35_500), inr(165_910)],
    eod_bal_on_16: [inr(35_500), inr(158_910)],
    eod_bal_on_17: [inr(35_500), inr(158_910)],
    eod_bal_on_20: [inr(35_500), inr(162_910)],
    eod_bal_on_21: [inr(35_500), inr(162_910)],
    eod_bal_on_25: [inr(36_350), inr(162_910)],
    // February has no 30th: its last day.
    eod_bal_on_30: [inr(26_350), inr(500)],
    // Feb: 500 - 100,000 of the loan.
    balance_net_off_on_30: [inr(26_350), inr(-99_500)],
    max_amount_of_salary: [inr(50_000), inr(50_000)],
    avg_amount_of_salary: [inr(50_000), inr(50_000)],
    employer_name: ["ACME TOOLS", "ACME TOOLS"],
    highest_salary_date: [day("2024-01-02"), day("2024-02-02")],
    start_date: [day("2024-01-01"), day("2024-02-01")],
    end_date: [day("2024-01-31"), day("2024-02-29")],
    transaction_start_date: [day("2024-01-02"), day("2024-02-01")],
    transaction_end_date: [day("2024-01-31"), day("2024-02-27")],
    is_current_month: [0, 0],
    is_complete_month: [1, 1],
    is_salary_imps: [0, 1],
  };
  for (const [key, figures] of Object.entries(expected)) {
    assert.deepEqual(FIGURES.monthlyExtras.get(key)?.map(plain), figures.map(plain), key);
  }
});

test("charges for the minimum balance, taxes and transfers with sister companies", () => {
  const charge = (narration: string) => debit("2024-01-05", inr(100), { channel: "bank_charge", narration });
  const paid = debit("2024-01-07", inr(70), { channel: "net_banking_transfer" });
  const received = credit("2024-01-08", inr(30), { channel: "net_banking_transfer" });
  const rows = [
    charge("MIN BAL CHGS JAN"),
    charge("Minimum Balance Charges incl GST"),
    charge("NON MAINTENANCE OF AMB"),
    charge("CHGS FOR MIN AVG BAL"),
    charge("SMS CHARGES"),
    charge("ADMINISTRATION OF BALANCE LETTER"),
    debit("2024-01-06", inr(55), { channel: "net_banking_transfer", merchantCategory: "tax" }),
    debit("2024-01-06", inr(20), { channel: "debit_card", merchantCategory: "gambling" }),
    // A shop's cheque that was paid in and came back: not spent there.
    debit("2024-01-06", inr(900), { channel: "outward_cheque_bounce", merchantCategory: "shopping" }),
    paid,
    received,
  ];
  const { monthlyExtras } = analyse([account(rows)], relations({ sisterTransfers: hashes(paid, received) }), {
    today: day("2024-01-20"),
    minorDigits: () => 2,
  }).aggregate;
  const of = (key: string) => monthlyExtras.get(key)?.[0];
  // The first four.
  assert.equal(of("cnt_min_bal_charge"), 4);
  assert.equal(of("amt_min_bal_charge"), inr(400));
  assert.equal(of("amt_tax_gst_paid"), inr(55));
  assert.equal(of("amt_discretionary_spends"), inr(20));
  assert.equal(of("cnt_shopping_related_debits"), 0);
  assert.equal(of("amt_group_transfer_debit"), inr(70));
  assert.equal(of("cnt_group_transfer_credit"), 1);
  assert.equal(of("is_current_month"), 1);
  // Only the days from the 5th to the 8th are known.
  assert.equal(of("is_complete_month"), 0);
});

/** Dates compare by what they say. */
const plain = (figure: Figure | undefined) =>
  figure instanceof Temporal.PlainDate ? figure.toString() : figure;

test("one account's figures are those of all accounts", () => {
  assert.deepEqual(ANALYSIS.aggregate.accountIds, [HAND.profile.id]);
  assert.deepEqual(ANALYSIS.aggregate.monthly, FIGURES.monthly);
});
