/** GET …/insights/: keys, formats and figures, as the contract has them. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { insights as insightsSchema, type InsightsBody } from "../src/http/bankconnect/insights-bodies.ts";
import { openHttp, V1, type Http } from "./http-setup.ts";
import { braces, MONTHLY, processed, quarter, readOf, statementWith } from "./insights-setup.ts";

let http: Http;
let sessionId: string;
let body: InsightsBody;
let data: InsightsBody["accounts"][number]["data"];
before(async () => {
  http = await openHttp();
  sessionId = await processed(http, [quarter()]);
  body = await readOf<InsightsBody>(http, sessionId, "insights");
  const [account] = body.accounts;
  assert.ok(account);
  ({ data } = account);
});
after(() => http.close());

const keys = (value: object | null | undefined): string[] => Object.keys(value ?? {}).sort();
const words = (text: string): string[] => text.trim().split(/\s+/).sort();

test("the keys of each level are those of the contract, and no other", () => {
  assert.deepEqual(
    keys(body),
    words(`session_id link_id session_date_range accounts aggregate_monthly_analysis
    aggregate_xlsx_report_url aggregate_xml_report_url`),
  );
  assert.deepEqual(keys(body.accounts[0]), ["account_id", "data"]);
  assert.deepEqual(
    keys(data),
    words(`account_details fraud fraud_details transactions salary_transactions
    recurring_transactions lender_transactions self_and_sister_transactions bounced_or_penal_transactions
    top_credits_debits statement_stats expense_categories monthly_analysis predictors eod_balances score
    xlsx_report_url xml_report_url`),
  );
  assert.deepEqual(
    keys(data.account_details),
    words(`name address account_number account_category bank ifsc micr
    account_opening_date credit_limit od_limit salary_confidence statements months uploaded_months missing_data
    account_date_range transaction_date_range metadata_analysis country_code currency_code dob email pan_number
    phone_number account_status holder_type`),
  );
  const t = `transaction_type transaction_note chq_num amount balance date hash category`;
  const flat = `${t} transaction_channel merchant_category description`;
  const { transactions, salary_transactions, recurring_transactions, bounced_or_penal_transactions } = data;
  assert.deepEqual(keys(transactions[0]), words(`${t} metadata`));
  assert.deepEqual(
    keys(transactions[0]?.metadata),
    words("unclean_merchant transaction_channel description"),
  );
  assert.deepEqual(keys(salary_transactions[0]), words(`${t} metadata employer_name salary_month`));
  assert.deepEqual(keys(bounced_or_penal_transactions[0]), words(flat));
  assert.deepEqual(keys(recurring_transactions), ["credit_transactions", "debit_transactions"]);
  const [set] = recurring_transactions.debit_transactions;
  assert.deepEqual(
    keys(set),
    words(`account_id transaction_channel clean_transaction_note median start_date end_date
    transactions`),
  );
  assert.deepEqual(keys(set?.transactions[0]), words(flat.replace("chq_num ", "")));
  assert.deepEqual(
    keys(data.statement_stats[0]),
    words(`session_id account_id statement_id from_date to_date
    first_transaction_timestamp last_transaction_timestamp bank source upload_file_name page_count transaction_count
    is_scanned_pdf`),
  );
  assert.deepEqual(keys(data.fraud_details), ["account", "statement"]);
  assert.deepEqual(keys(data.expense_categories[0]), ["category", "percentage"]);
  assert.deepEqual(
    data.top_credits_debits.map(({ type }) => type),
    ["top_5_debit", "top_5_credit"],
  );
});

/** Of §2.8, the rows without `…`. */
const PREDICTORS = [
  "accountnumber", "bank_name", "ifsc_code", "customer_name", "account_type", "ccod_limit", "month_0", "month_11",
  ..."credits debits number_of_transactions income expense expense_to_income_ratio total_salary cnt_salary salary_date bal_last max_balance min_balance avg_balance bal_avgof_6dates total_emi_bounce total_inward_payment_bounce amt_loan_credits cnt_emi_debit obligation amt_cash_deposit amt_business_credit cnt_eod_bal_lt_500 cnt_days_account_overdrawn"
    .split(" ").map((name) => `${name}_0`),
  ...braces("balance_{on,net_off_on}_{1st,5th,10th,15th,20th,25th,30th}_0"),
  ...braces("total_{inward,outward}_chq_bounces_insuff_fund_0"),
  ...braces("{amt,cnt}_{upi_{credits,debits},self_transfer_{credit,debit},cash_deposit,business_credit}_11"),
  ..."bank_connect_status start_date end_date month_duration banking_vintage_in_days banking_recency_in_days credits debits total_income total_expense annualised_credit reversals avg_daily_closing_balance avg_daily_closing_balance_3months avg_daily_closing_balance_12months avg_bank_balance avg_monthly_income avg_monthly_expense is_salary_present total_salary_credits latest_salary_month total_cash_withdrawal total_chq_deposit total_chq_issue pos_expenses total_creditcard_payment total_emi_ecs_loan total_bounce_or_penal_charge author_fraud date_fraud transaction_fraud inconsistent_transaction negative_balance more_than_15_days_credit"
    .split(" "),
]; // prettier-ignore

test("every documented key of the monthly analysis and of the predictors is there", () => {
  assert.equal(new Set(MONTHLY).size, 95);
  for (const key of MONTHLY) {
    for (const part of [data.monthly_analysis, body.aggregate_monthly_analysis]) {
      assert.deepEqual(Object.keys(Object(part[key]) as object), ["Jan-2024", "Feb-2024", "Mar-2024"], key);
    }
  }
  for (const key of PREDICTORS) assert.ok(key in data.predictors, key);
  for (const value of Object.values(data.predictors)) assert.ok(value === null || typeof value !== "object");
});

const TS = /^\d{4}-\d{2}-\d{2} 00:00:00$/;
const YMD = /^\d{4}-\d{2}-\d{2}$/;
const DD_MMM_YY = /^\d{2}-[A-Z][a-z]{2}-\d{2}$/;

test("each date has its field's format", () => {
  assert.deepEqual(body.session_date_range, { from_date: "2024-01-01", to_date: "2024-03-31" });
  for (const { date } of data.transactions) assert.match(date, TS);
  for (const { start_date, end_date, transactions } of data.recurring_transactions.debit_transactions) {
    for (const date of [start_date, end_date, ...transactions.map((one) => one.date)]) assert.match(date, TS);
  }
  assert.equal(data.salary_transactions[0]?.salary_month, "Jan-2024");
  const [, credits] = data.top_credits_debits;
  assert.equal(credits?.data[0]?.month, "Jan-24");
  assert.equal(credits?.data[0]?.data[0]?.date, "01-Jan-24");
  const { monthly_analysis: monthly, predictors, account_details: details } = data;
  const january = (key: string) => String(Reflect.get(Object(monthly[key]) as object, "Jan-2024"));
  assert.equal(january("start_date"), "01-Jan-2024");
  assert.equal(january("end_date"), "31-Jan-2024");
  assert.equal(january("transaction_end_date"), "15-Jan-24");
  assert.match(january("highest_salary_date"), YMD);
  assert.equal(predictors["month_0"], "Mar-24");
  assert.equal(predictors["month_3"], null);
  assert.equal(predictors["start_date"], "01-Jan-24");
  assert.match(String(predictors["salary_date_0"]), DD_MMM_YY);
  assert.equal(predictors["latest_salary_month"], "Mar-2024");
  assert.deepEqual(details.months, ["2024-01", "2024-02", "2024-03"]);
  assert.deepEqual(details.account_date_range, { from_date: "2024-01-01", to_date: "2024-03-31" });
  assert.deepEqual(details.transaction_date_range, { from_date: "2024-01-01", to_date: "2024-03-20" });
  const [stats] = data.statement_stats;
  assert.equal(stats?.from_date, "2024-01-01 00:00:00");
  assert.equal(stats?.last_transaction_timestamp, "2024-03-20 00:00:00");
  assert.equal(stats?.source, "PDF");
  assert.equal(stats?.transaction_count, 14);
});

test("balances by day: one per calendar day, in the months' order", () => {
  const eod = data.eod_balances;
  assert.deepEqual(keys(eod), [
    "Feb-24",
    "Jan-24",
    "Mar-24",
    "Months_order",
    "start_date",
    "starting_balance",
  ]);
  assert.deepEqual(eod["Months_order"], ["Jan-24", "Feb-24", "Mar-24"]);
  assert.deepEqual(eod["start_date"], ["01-Jan-24", "01-Feb-24", "01-Mar-24"]);
  assert.equal(eod["starting_balance"], 10_000);
  const [january, february] = [eod["Jan-24"], eod["Feb-24"]] as number[][];
  assert.deepEqual([january?.length, february?.length], [31, 29]);
  // 10,000 + 85,000; − 12,345.67 on the 5th; − 2,500.50 on the 10th; − 5,000 on the 15th.
  assert.deepEqual(
    [january?.[0], january?.[3], january?.[4], january?.[9], january?.[30]],
    [95_000, 95_000, 82_654.33, 80_153.83, 75_153.83],
  );
});

test("amounts are numbers in units of the currency", () => {
  assert.deepEqual(data.transactions[1]?.amount, 12_345.67);
  const monthly = data.monthly_analysis;
  assert.deepEqual(monthly["amt_credit"], { "Jan-2024": 85_000, "Feb-2024": 85_000, "Mar-2024": 85_000 });
  // 12,345.67 + 2,500.50 + 5,000; in February 590 more, in March 1 more.
  assert.deepEqual(monthly["amt_debit"], {
    "Jan-2024": 19_846.17,
    "Feb-2024": 20_436.17,
    "Mar-2024": 19_847.17,
  });
  assert.deepEqual(monthly["cnt_transactions"], { "Jan-2024": 4, "Feb-2024": 5, "Mar-2024": 5 });
  assert.equal(data.predictors["credits_0"], 85_000);
  const percent = data.expense_categories.reduce((sum, { percentage }) => sum + percentage, 0);
  assert.equal(percent, 100);
  insightsSchema.parse(body);
});

test("salary, instalments and the bounce are found", () => {
  assert.equal(data.salary_transactions.length, 3);
  assert.deepEqual(new Set(data.salary_transactions.map(({ category }) => category)), new Set(["Salary"]));
  assert.ok((data.account_details.salary_confidence ?? 0) > 50);
  assert.equal(data.predictors["is_salary_present"], true);
  assert.deepEqual(
    data.bounced_or_penal_transactions.map(({ amount }) => amount),
    [590],
  );
  assert.ok(data.recurring_transactions.debit_transactions.some(({ median }) => median === 12_345.67));
  for (const { hash } of data.transactions) assert.match(hash, /^[0-9a-f]{32}$/);
});

test("several accounts: each its own, and together in the aggregate", async () => {
  const second = statementWith([["2024-02-10", "CASH DEPOSIT", 500_00n]], {
    opening: 0n,
    number: "77700011122",
  });
  const id = await processed(http, [quarter(), second]);
  const both = await readOf<InsightsBody>(http, id, "insights");
  assert.deepEqual(
    both.accounts.map((account) => account.data.transactions.length),
    [14, 1],
  );
  assert.deepEqual(both.aggregate_monthly_analysis["amt_credit"], {
    "Jan-2024": 85_000,
    "Feb-2024": 85_500,
    "Mar-2024": 85_000,
  });
});

test("the score and full account numbers are shown as the organisation wants it", async () => {
  assert.deepEqual(data.score, []);
  assert.equal(data.account_details.account_number, "5413699704");
  assert.equal(data.predictors["accountnumber"], "5413699704");
  const other = await openHttp();
  try {
    await other.database.kysely
      .updateTable("bankconnect_settings")
      .set({ show_score: true, mask_account_numbers: true })
      .where("env_id", "=", other.envId)
      .execute();
    const id = await processed(other, [quarter()]);
    const [account] = (await readOf<InsightsBody>(other, id, "insights")).accounts;
    const score = Number(account?.data.score);
    assert.ok(score >= 300 && score <= 900, String(score));
    assert.equal(account?.data.account_details.account_number, "XXXXXX9704");
    assert.equal(account?.data.predictors["accountnumber"], "XXXXXX9704");
    const { text } = await other.call(`${V1}/session_data/${id}/identity/`);
    assert.doesNotMatch(text, /5413699704/);
  } finally {
    await other.close();
  }
});

test("what a file's making says stands beside what its transactions say", async () => {
  // A misprinted balance: 95,000.00 − 12,345.67 is 82,654.33.
  const wrong = quarter();
  const [, second] = wrong.transactions;
  assert.ok(second);
  second.balance = 99_999_99n;
  const id = await processed(http, [wrong]);
  const accuses = { weight: "accuses", reason: "amount_over_amount", evidence: { page: 1 } };
  const findings = [
    { ...accuses, type: "overlay_fraud", row: 1 },
    { ...accuses, type: "author_fraud", row: null },
    { ...accuses, type: "date_fraud", row: null, weight: "notes" },
  ];
  await http.database.kysely
    .updateTable("statements")
    .set({ fraud_findings: JSON.stringify(findings) })
    .where("session_id", "=", (e) => e.selectFrom("sessions").select("id").where("public_id", "=", id))
    .execute();
  const read = (await readOf<InsightsBody>(http, id, "insights")).accounts[0]?.data;
  assert.ok(read);
  const statement_id = read.statement_stats[0]?.statement_id;
  const hash = read.transactions[1]?.hash;
  assert.deepEqual(read.fraud.slice(0, 3), [
    { statement_id, fraud_type: "overlay_fraud", transaction_hash: hash, fraud_category: "metadata" },
    { statement_id, fraud_type: "author_fraud", transaction_hash: null, fraud_category: "metadata" },
    { statement_id, fraud_type: "inconsistent_transaction", transaction_hash: hash, fraud_category: "balance" },
  ]); // prettier-ignore
  assert.deepEqual(read.fraud_details.statement[0]?.evidence, { reason: "amount_over_amount", page: 1 });
  assert.deepEqual(read.fraud_details.statement[2]?.evidence, {
    expected: 82_654.33,
    printed: 99_999.99,
    difference: 17_345.66,
  });
  assert.equal(read.predictors["author_fraud"], true);
  assert.equal(read.predictors["date_fraud"], false, "notes accuse nobody");
});
