import assert from "node:assert/strict";
import { test } from "node:test";
import { account, credit, day, debit, month, relations, salaryOf } from "../analysis.testing.ts";
import type { LabelledTransaction } from "../types.ts";
import { expandBraces, HAND, HAND_OPTIONS, HAND_RELATIONS, inr } from "./hand.testing.ts";
import { analyse } from "./index.ts";
import type { Figure } from "./month-view.ts";
import { FLAGS } from "./predictors.ts";

/** Dates and months compare by what they say. */
const plain = (figure: Figure | undefined) =>
  figure instanceof Temporal.PlainDate || figure instanceof Temporal.PlainYearMonth
    ? figure.toString()
    : figure;

const HOLIDAY = {
  type: "chq_bank_holiday_transaction",
  category: "holiday",
  transactionHash: null,
  evidence: {},
} as const;
const [FIGURES] = analyse([HAND], HAND_RELATIONS, {
  ...HAND_OPTIONS,
  findings: new Map([[HAND.profile.id, [HOLIDAY]]]),
}).accounts;
assert.ok(FIGURES);
const { predictors } = FIGURES;

/** [February, January], newest first as in the contract. */
const BY_MONTH: Record<string, [newest: Figure, before: Figure]> = {
  month: [month("2024-02"), month("2024-01")],
  credits: [inr(187_500), inr(76_970)],
  debits: [inr(213_470), inr(60_500)],
  number_of_transactions: [16, 18],
  // Income of the monthly analysis without self transfers: 76,500 - 4,000; 70,970.
  income: [inr(72_500), inr(70_970)],
  // Jan: 60,500 - 20,000 outward bounce.
  expense: [inr(213_470), inr(40_500)],
  // 213,470 / 72,500 = 2.944…; 40,500 / 70,970 = 0.570…
  expense_to_income_ratio: [2.94, 0.57],
  total_salary: [inr(50_000), inr(50_000)],
  cnt_salary: [1, 1],
  salary_date: [day("2024-02-02"), day("2024-01-02")],
  balance_on_1st: [inr(126_470), inr(10_000)],
  balance_on_5th: [inr(174_410), inr(44_000)],
  balance_on_10th: [inr(144_410), inr(35_800)],
  balance_on_15th: [inr(165_910), inr(35_500)],
  balance_on_20th: [inr(162_910), inr(35_500)],
  balance_on_25th: [inr(162_910), inr(36_350)],
  // February: of the 29th, its last day.
  balance_on_30th: [inr(500), inr(26_350)],
  // February: each without the 100,000 lent on the 1st.
  balance_net_off_on_1st: [inr(26_470), inr(10_000)],
  balance_net_off_on_5th: [inr(74_410), inr(44_000)],
  balance_net_off_on_10th: [inr(44_410), inr(35_800)],
  balance_net_off_on_15th: [inr(65_910), inr(35_500)],
  balance_net_off_on_20th: [inr(62_910), inr(35_500)],
  balance_net_off_on_25th: [inr(62_910), inr(36_350)],
  balance_net_off_on_30th: [inr(-99_500), inr(26_350)],
  bal_last: [inr(500), inr(26_470)],
  max_balance: [inr(176_470), inr(60_000)],
  min_balance: [inr(-1_000), inr(10_000)],
  // 4,089,080 / 29; 1,176,270 / 31.
  avg_balance: [inr(141_002.76), inr(37_944.19)],
  // Feb: (174,410 + 144,410 + 165,910 + 162,910 + 162,910 + 500) / 6 = 811,050 / 6.
  // Jan: (44,000 + 35,800 + 35,500 + 35,500 + 36,350 + 26,350) / 6 = 213,500 / 6 = 35,583.333…
  bal_avgof_6dates: [inr(135_175), inr(35_583.33)],
  total_inward_chq_bounces_insuff_fund: [inr(0), inr(6_000)],
  total_outward_chq_bounces_insuff_fund: [inr(0), inr(20_000)],
  total_emi_bounce: [inr(8_000), inr(0)],
  // Feb: the auto-debit given back. Jan: the own cheque given back.
  total_inward_payment_bounce: [inr(8_000), inr(6_000)],
  amt_loan_credits: [inr(100_000), inr(0)],
  cnt_loan_credits: [1, 0],
  amt_emi_debit: [inr(8_000), inr(8_000)],
  cnt_emi_debit: [1, 1],
  obligation: [inr(8_000), inr(8_000)],
  amt_upi_credits: [inr(1_500), inr(450)],
  cnt_upi_credits: [2, 1],
  amt_upi_debits: [inr(1_470), inr(3_200)],
  cnt_upi_debits: [1, 3],
  amt_cash_deposit: [inr(9_000), inr(0)],
  cnt_cash_deposit: [1, 0],
  amt_business_credit: [inr(76_000), inr(70_000)],
  cnt_business_credit: [5, 2],
  amt_self_transfer_credit: [inr(4_000), inr(0)],
  cnt_self_transfer_credit: [1, 0],
  amt_self_transfer_debit: [inr(0), inr(4_000)],
  cnt_self_transfer_debit: [0, 1],
  debitless_charges: [inr(590), inr(300)],
  total_creditcard_payment: [inr(30_000), inr(0)],
  // Feb 26 ends at -500; the 500 of the last three days is not below 500.
  cnt_eod_bal_lt_500: [1, 0],
  cnt_days_account_overdrawn: [1, 0],
};

const PERIOD: Record<string, Figure> = {
  accountnumber: "000111222333",
  bank_name: "other",
  ifsc_code: null,
  customer_name: "ASHA RAO",
  account_type: "individual",
  ccod_limit: null,
  bank_connect_status: "Verified",
  start_date: day("2024-01-02"),
  end_date: day("2024-02-27"),
  month_duration: 2,
  // From January 2nd to March 10th: 29 + 29 + 10.
  banking_vintage_in_days: 68,
  // From February 27th to March 10th: 2 + 10.
  banking_recency_in_days: 12,
  // 76,970 + 187,500.
  credits: inr(264_470),
  // 60,500 + 213,470.
  debits: inr(273_970),
  // 70,970 + 72,500.
  total_income: inr(143_470),
  // 40,500 + 213,470.
  total_expense: inr(253_970),
  // Halves of these.
  avg_monthly_income: inr(71_735),
  avg_monthly_expense: inr(126_985),
  // 253,970 / 143,470 = 177.02 %.
  avg_expense_to_income_perc: 177,
  // January 2nd to February 27th are 56 days: 264,470 × 365 / 56 = 96,531,550 / 56 = 1,723,777.678…
  annualised_credit: inr(1_723_777.68),
  reversals: inr(400),
  // (1,176,270 + 4,089,080) / 60 = 87,755.833…
  avg_daily_closing_balance: inr(87_755.83),
  avg_daily_closing_balance_3months: null,
  avg_daily_closing_balance_6months: null,
  avg_daily_closing_balance_9months: null,
  avg_daily_closing_balance_12months: null,
  // (26,470 + 500) / 2.
  avg_monthly_closing_balance: inr(13_485),
  // (213,500 + 811,050) / 12 = 85,379.166…
  avg_bank_balance: inr(85_379.17),
  is_salary_present: true,
  total_salary_credits: inr(100_000),
  latest_salary_month: month("2024-02"),
  total_cash_withdrawal: inr(5_000),
  cash_withdrawals: 1,
  total_chq_deposit: inr(20_000),
  chq_deposits: 1,
  total_chq_issue: inr(6_000),
  chq_issues: 1,
  inward_chq_bounces: inr(6_000),
  outward_chq_bounces: inr(20_000),
  // 100,000 + 4,000.
  net_banking_credits: inr(104_000),
  // 4,000 + 163,910.
  net_banking_debits: inr(167_910),
  // 300 + 590.
  debitless_charges: inr(890),
  pos_expenses: inr(3_000),
  total_creditcard_payment: inr(30_000),
  total_emi_ecs_loan: inr(16_000),
  total_bounce_or_penal_charge: inr(890),
};

/** Of the 30 days from January 31st to February 29th. */
const LAST_30_DAYS: Record<string, Figure> = {
  // February, and the interest of 120 of January 31st.
  credits: inr(187_620),
  debits: inr(213_470),
  total_income: inr(72_620),
  total_expense: inr(213_470),
  total_salary_credits: inr(50_000),
  total_cash_withdrawal: inr(0),
  total_emi_ecs_loan: inr(8_000),
  total_bounce_or_penal_charge: inr(590),
  // (26,470 + 4,089,080) / 30.
  avg_daily_closing_balance: inr(137_185),
};

test("each predictor is what was computed by hand", () => {
  const expected = new Map<string, Figure>(Object.entries(PERIOD));
  for (const [name, figures] of Object.entries(BY_MONTH)) {
    for (let back = 0; back < 12; back += 1) expected.set(`${name}_${back}`, figures[back] ?? null);
  }
  for (const flag of FLAGS) expected.set(flag, flag === "chq_bank_holiday_transaction");
  for (const [name, figure] of Object.entries(LAST_30_DAYS)) {
    expected.set(`${name}_c30`, figure);
    // Exactly 60 days are known, and no more.
    expected.set(`${name}_c60`, PERIOD[name] ?? null);
    for (const window of ["c90", "c120", "c150", "c180", "last_6_months"]) {
      expected.set(`${name}_${window}`, null);
    }
  }
  assert.deepEqual([...predictors.keys()].toSorted(), [...expected.keys()].toSorted());
  for (const [name, figure] of expected) assert.deepEqual(plain(predictors.get(name)), plain(figure), name);
});

/**
 * Thirteen months from January 2023 on: in month m (1 to 13) m × 100 comes in on the 1st and 40 go out on the 16th.
 * Counted from 0 the balance after month m is 100 × m(m+1)/2 - 40m.
 */
const LONG: LabelledTransaction[] = Array.from({ length: 13 }, (_, i) => {
  const first = month("2023-01").add({ months: i }).toString();
  return [
    credit(`${first}-01`, inr(100 * (i + 1)), { channel: "salary" }),
    debit(`${first}-16`, inr(40), { channel: "cash_withdrawl" }),
  ];
}).flat();

/** Reference §2.8, the table of predictors, in shell braces; `_N` stands for 0 to 11. */
const DOCUMENTED = `
{accountnumber,bank_name,ifsc_code,customer_name,account_type,ccod_limit}
month_N
{credits,debits,number_of_transactions}_N
{income,expense,expense_to_income_ratio}_N
{total_salary,cnt_salary,salary_date}_N
balance_on_{1st,5th,10th,15th,20th,25th,30th}_N
balance_net_off_on_{1st,5th,10th,15th,20th,25th,30th}_N
{bal_last,max_balance,min_balance,avg_balance,bal_avgof_6dates}_N
total_{inward,outward}_chq_bounces_insuff_fund_N
{total_emi_bounce,total_inward_payment_bounce}_N
{amt_loan_credits,cnt_emi_debit,obligation}_N
{amt,cnt}_upi_{credits,debits}_N
{amt,cnt}_{cash_deposit,business_credit}_N
{amt,cnt}_self_transfer_{credit,debit}_N
{cnt_eod_bal_lt_500,cnt_days_account_overdrawn}_N
bank_connect_status
{author_fraud,date_fraud,transaction_fraud,transaction_fraud_v2,inconsistent_transaction,more_cash_deposits_than_salary,salary_remains_unchanged,salary_1000_multiple,mostly_cash_transactions,equal_credit_debit,negative_balance,tax_100_multiple,min_rtgs_amount,more_than_15_days_credit}
{cash_deposit,chq,outward_cheque_bounce,inward_cheque_bounce}_bank_holiday_transaction
{start_date,end_date,month_duration,banking_vintage_in_days,banking_recency_in_days}
{credits,debits,total_income,total_expense,annualised_credit,reversals}
{avg_daily_closing_balance,avg_bank_balance}
avg_daily_closing_balance_{3,12}months
avg_monthly_{income,expense}
{is_salary_present,total_salary_credits,latest_salary_month}
{total_cash_withdrawal,pos_expenses,total_creditcard_payment,total_emi_ecs_loan,total_bounce_or_penal_charge}
total_chq_{deposit,issue}
credits_{c30,c180,last_6_months}
`;

test("every predictor that the reference names is there", () => {
  const months = Array.from({ length: 12 }, (_, back) => back).join(",");
  const names = DOCUMENTED.trim()
    .split("\n")
    .flatMap((line) => expandBraces(line.replace("_N", `_{${months}}`)));
  for (const name of names) assert.ok(predictors.has(name), name);
});

test("windows of months and days look back from the newest", () => {
  const long = account(LONG, { openingBalance: 0n });
  const salary = long.transactions.filter(({ direction }) => direction === "credit").map((t) => salaryOf(t));
  const period = { from: day("2023-01-01"), to: day("2024-01-31") };
  const statement = { id: "s", accountId: long.profile.id, period, transactions: null, transactionCount: 26 };
  const [figures] = analyse([long], relations({ salary }), {
    ...HAND_OPTIONS,
    statements: [statement],
  }).accounts;
  const of = (name: string) => plain(figures?.predictors.get(name));
  assert.equal(of("month_0"), "2024-01");
  assert.equal(of("month_11"), "2023-02");
  // Month 13 and month 2.
  assert.equal(of("credits_0"), inr(1_300));
  assert.equal(of("credits_11"), inr(200));
  // Months 8 to 13: 100 × (8 + 9 + 10 + 11 + 12 + 13); 6 × 40.
  assert.equal(of("credits_last_6_months"), inr(6_300));
  assert.equal(of("debits_last_6_months"), inr(240));
  assert.equal(of("total_salary_credits_last_6_months"), inr(6_300));
  // The 180 days to January 31st start on August 5th (31 + 31 + 30 + 31 + 30 = 153, and 27 of August): the credits
  // of months 9 to 13, the debits of months 8 to 13.
  assert.equal(of("credits_c180"), inr(5_500));
  assert.equal(of("debits_c180"), inr(240));
  // 90 days start on November 3rd: the credits of months 12 and 13, the debits of months 11 to 13.
  assert.equal(of("credits_c90"), inr(2_500));
  assert.equal(of("total_cash_withdrawal_c90"), inr(120));
  // Balances after months 10 to 13: 5,500 - 400 = 5,100; 6,600 - 440 = 6,160; 7,800 - 480 = 7,320; 9,100 - 520.
  // A month m has 15 days of (before + 100m) and the rest of 40 less:
  // Nov 15 × 6,200 + 15 × 6,160; Dec 15 × 7,360 + 16 × 7,320; Jan 15 × 8,620 + 16 × 8,580
  // = 185,400 + 227,520 + 266,580 = 679,500 over 30 + 31 + 31 = 92 days: 7,385.869…
  assert.equal(of("avg_daily_closing_balance_3months"), inr(7_385.87));
  // The last 30 days, from January 2nd: 14 × 8,620 + 16 × 8,580 = 257,960 / 30 = 8,598.666…
  assert.equal(of("avg_daily_closing_balance_c30"), inr(8_598.67));
});

test("an account without balances has no balance predictors, and sums all the same", () => {
  const bare = account([credit("2024-01-05", inr(10)), debit("2024-01-06", inr(4))]);
  const [figures] = analyse([bare], relations(), { today: day("2024-02-01"), minorDigits: () => 2 }).accounts;
  const balances = [...(figures?.predictors ?? [])].filter(([name]) =>
    /balance_|bal_|eod_bal|overdrawn/.test(name),
  );
  assert.ok(balances.length > 200);
  assert.deepEqual(
    balances.filter(([name, figure]) => figure !== null && name !== "negative_balance"),
    [],
  );
  assert.equal(figures?.predictors.get("credits_0"), inr(10));
});

test("an account of which nothing is known has null everywhere", () => {
  const [figures] = analyse([account([])], relations(), {
    today: day("2024-02-01"),
    minorDigits: () => 2,
  }).accounts;
  assert.ok(figures);
  assert.deepEqual(figures.months, []);
  const amounts = ["credits", "total_income", "credits_0", "avg_daily_closing_balance", "start_date"];
  for (const name of amounts) assert.equal(figures.predictors.get(name), null, name);
  assert.equal(figures.score, null);
});
