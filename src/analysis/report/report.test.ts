import assert from "node:assert/strict";
import { test } from "node:test";
import readExcelFile from "read-excel-file/node";
import { account, credit, debit, hashes, recurringOf, relations, salaryOf } from "../analysis.testing.ts";
import { analyse } from "../figures/index.ts";
import type { Account, FraudFinding } from "../types.ts";
import type { ReportInput } from "./input.ts";
import { writeAccountReport, writeAggregateReport } from "./report.ts";
import { checkPackage } from "./workbook.testing.ts";

const ONE = "3f0f1c52-8d4e-4f7a-9a55-0c2b6f1d7e10";
const TWO = "7a0f1c52-8d4e-4f7a-9a55-0c2b6f1d7e11";
const day = (text: string) => Temporal.PlainDate.from(text);

const SALARY = ["2024-01-31", "2024-02-29", "2024-03-28"].map((on) =>
  credit(on, 85_000_00n, { narration: "NEFT SALARY ACME LTD", channel: "salary", category: "Salary" }),
);
const EMI = ["2024-01-05", "2024-02-05", "2024-03-05"].map((on) =>
  debit(on, 12_345_67n, { narration: "ACH D-SAMPLE FINANCE", channel: "auto_debit_payment" }),
);
const BOUNCE = debit("2024-02-06", 590_00n, { narration: "ECS RETURN CHARGES", channel: "bank_charge" });
const FORMULA = debit("2024-03-10", 1_00n, { narration: "=cmd|' /C calc'!A0", reference: "+1" });

const related = relations({
  salary: SALARY.map((payment) => salaryOf(payment, { employer: "ACME LTD", confidence: 90 })),
  recurring: { credits: [], debits: [recurringOf(EMI)] },
  lender: hashes(...EMI),
  emiDebits: hashes(...EMI),
  bouncedOrPenal: hashes(BOUNCE),
});

const FINDING: FraudFinding = {
  type: "salary_1000_multiple",
  category: "salary",
  transactionHash: SALARY[0]?.hash ?? null,
  evidence: { totalMinor: 255_000_00, transactions: SALARY.map(({ hash }) => hash) },
};

const first = account(
  [...SALARY, ...EMI, BOUNCE, FORMULA].sort((a, b) => Temporal.PlainDate.compare(a.date, b.date)),
  { openingBalance: 10_000_00n },
);
const second = account([credit("2024-02-10", 500_00n), debit("2024-02-11", 900_00n)], {
  id: TWO,
  openingBalance: 0n,
});

function inputOf(accounts: Account[]): ReportInput {
  const today = day("2024-04-01");
  const findings = new Map([[ONE, [FINDING]]]);
  const analysis = analyse(accounts, related, { today, minorDigits: () => 2, findings });
  return {
    today,
    range: { from: day("2024-01-01"), to: day("2024-03-31") },
    accounts: accounts.map((one, index) => {
      const figures = analysis.accounts[index];
      assert.ok(figures);
      const bankName = "Sample Bank";
      const accountNumber = one.profile.id === ONE ? "XXXXXX4821" : "XXXXXX9704";
      return {
        account: one, bankName, accountNumber, digits: 2, figures, findings: findings.get(one.profile.id) ?? [],
      }; // prettier-ignore
    }),
    relations: related,
    aggregate: analysis.aggregate,
    showScore: false,
  };
}

type Rows = readonly (readonly unknown[])[];

async function sheetsOf(bytes: Uint8Array): Promise<Map<string, Rows>> {
  checkPackage(bytes);
  const sheets = await readExcelFile(Buffer.from(bytes));
  return new Map(sheets.map(({ sheet, data }) => [sheet, data]));
}

/** A column of a table by its head. */
function column(rows: Rows | undefined, head: string): unknown[] {
  const at = rows?.[0]?.indexOf(head) ?? -1;
  assert.ok(at >= 0, `${head} in ${JSON.stringify(rows?.[0])}`);
  return (rows ?? []).slice(1).map((row) => row[at]);
}

const SHEETS = [
  "Summary", "Monthly", "Monthly figures", "EOD balances", "Top five", "Transactions", "Salary", "Recurring",
  "Lenders", "Bounces", "Fraud",
]; // prettier-ignore

test("one account's report has a sheet for each question, with numbers and dates", async () => {
  const sheets = await sheetsOf(await writeAccountReport(inputOf([first]), ONE));
  assert.deepEqual([...sheets.keys()], SHEETS);

  const transactions = sheets.get("Transactions");
  assert.deepEqual(column(transactions, "Date")[0], new Date("2024-01-05"));
  // 10,000.00 − 12,345.67
  assert.deepEqual(column(transactions, "Balance (INR)")[0], -2345.67);
  assert.deepEqual(column(transactions, "Debit (INR)").slice(0, 2), [12345.67, null]);
  assert.deepEqual(column(transactions, "Credit (INR)").slice(0, 2), [null, 85000]);
  assert.equal(column(transactions, "Description").at(-2), "=cmd|' /C calc'!A0");
  assert.deepEqual(column(transactions, "Marks").slice(0, 2), ["EMI, lender", "salary"]);

  assert.deepEqual(column(sheets.get("Salary"), "Month"), [
    new Date("2024-01-01"), new Date("2024-02-01"), new Date("2024-03-01"),
  ]); // prettier-ignore
  assert.deepEqual(column(sheets.get("Salary"), "Confidence (%)"), [90, 90, 90]);
  assert.deepEqual(column(sheets.get("Recurring"), "Total (INR)"), [37037.01]);
  assert.deepEqual(column(sheets.get("Lenders"), "Debit (INR)"), [12345.67, 12345.67, 12345.67]);
  assert.deepEqual(column(sheets.get("Bounces"), "Debit (INR)"), [590]);
  assert.deepEqual(column(sheets.get("Fraud"), "Rule"), ["salary 1000 multiple"]);
  assert.deepEqual(column(sheets.get("Fraud"), "Evidence"), [
    "total: 255000; transactions: 2024-01-31 85000, 2024-02-29 85000, 2024-03-28 85000",
  ]);
});

test("the months of the overview are the monthly analysis, and the chart draws them", async () => {
  const bytes = await writeAccountReport(inputOf([first]), ONE);
  const monthly = (await sheetsOf(bytes)).get("Monthly");
  assert.deepEqual(column(monthly, "Month")[0], new Date("2024-01-01"));
  assert.deepEqual(column(monthly, "Credits (INR)"), [85000, 85000, 85000]);
  // 12,345.67; 12,345.67 + 590.00; 12,345.67 + 1.00
  assert.deepEqual(column(monthly, "Debits (INR)"), [12345.67, 12935.67, 12346.67]);
  assert.deepEqual(column(monthly, "Net inflow (INR)"), [72654.33, 72064.33, 72653.33]);
  const chart = checkPackage(bytes)["xl/charts/chart2.xml"] ?? "";
  assert.match(chart, /'Monthly'!\$B\$2:\$B\$4<\/c:f>.*<c:v>85000<\/c:v>/);
  const figures = (await sheetsOf(bytes)).get("Monthly figures");
  const keys = column(figures, "Key");
  assert.equal(new Set(keys).size, keys.length);
  assert.equal(figures?.[keys.indexOf("amt_credit") + 1]?.[2], 85000);
});

test("every balance by day, and nothing after the last known one", async () => {
  const balances = (await sheetsOf(await writeAccountReport(inputOf([first]), ONE))).get("EOD balances");
  const march = column(balances, "Mar 2024");
  assert.equal(march.length, 31);
  // 10,000 + 3 × 85,000 − 3 × 12,345.67 − 590 − 1 on the 28th, the last day known.
  assert.deepEqual([march[27], march[28]], [227371.99, null]);
});

test("the report of all accounts tells them apart", async () => {
  const sheets = await sheetsOf(await writeAggregateReport(inputOf([first, second])));
  assert.deepEqual([...sheets.keys()], SHEETS);
  const owners = new Set(column(sheets.get("Transactions"), "Account"));
  assert.deepEqual([...owners], ["Sample Bank XXXXXX4821", "Sample Bank XXXXXX9704"]);
  assert.deepEqual(column(sheets.get("Monthly"), "Credits (INR)"), [85000, 85500, 85000]);
});

test("what comes from the holder's own accounts is no income, in the months and together", async () => {
  const out = debit("2024-02-11", 20_000_00n);
  const into = credit("2024-02-11", 20_000_00n);
  const march = first.transactions.findIndex(({ date }) => date.month === 3);
  const mine = account(first.transactions.toSpliced(march, 0, out), { openingBalance: 10_000_00n });
  const other = account([into], { id: TWO, openingBalance: 0n });
  const input = inputOf([mine, other]);
  const own = { ...related, selfTransfers: hashes(out, into) };
  const accounts = [mine, other];
  const { aggregate } = analyse(accounts, own, { today: input.today, minorDigits: () => 2 });
  const sheets = await sheetsOf(await writeAggregateReport({ ...input, relations: own, aggregate }));
  assert.deepEqual(column(sheets.get("Monthly"), "Credits (INR)"), [85000, 105000, 85000]);
  assert.deepEqual(column(sheets.get("Monthly"), "Income (INR)"), [85000, 85000, 85000]);
  assert.deepEqual(column(sheets.get("Monthly"), "From own accounts (INR)"), [0, 20000, 0]);
  const summary = new Map(sheets.get("Summary")?.map(([name, value]) => [name, value]));
  // 3 × 85,000, with the 20,000 and without; 3 × 12,345.67.
  assert.equal(summary.get("Credits"), 275000);
  assert.equal(summary.get("Income"), 255000);
  assert.equal(summary.get("EMI and loan debits"), 37037.01);
});

test("accounts of two currencies name them, and only one is summed", async () => {
  const pounds = account([credit("2024-02-10", 500_00n)], { id: TWO, currency: "GBP" });
  const sheets = await sheetsOf(await writeAggregateReport(inputOf([first, pounds])));
  assert.equal(column(sheets.get("Transactions"), "Currency").at(-1), "GBP");
  assert.deepEqual(column(sheets.get("Monthly"), "Credits (INR)"), [85000, 85000, 85000]);
  const summary = JSON.stringify(sheets.get("Summary"));
  assert.match(summary, /Not in the sums: another currency/);
});

test("the score stands there only where it is wanted", async () => {
  const input = inputOf([first]);
  const said = async (showScore: boolean) =>
    JSON.stringify((await sheetsOf(await writeAccountReport({ ...input, showScore }, ONE))).get("Summary"));
  assert.doesNotMatch(await said(false), /Score/);
  assert.match(await said(true), /Score \(uncalibrated points/);
});

test("an account without a transaction still has its report", async () => {
  const empty = account([]);
  const sheets = await sheetsOf(await writeAccountReport(inputOf([empty]), ONE));
  assert.deepEqual([...sheets.keys()], SHEETS);
  assert.equal(sheets.get("Transactions")?.[1]?.[0], "There are no transactions.");
});
