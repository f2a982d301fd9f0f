/** The first sheet: who, how long, how much, and what was found. */
import type { Span } from "../coverage.ts";
import type { AccountFigures, AggregateFigures } from "../figures/types.ts";
import type { Relations } from "../types.ts";
import { count, day, label, money, number, text, title, type Cell, type MoneyStyle } from "./cells.ts";
import { inCurrency, ownerOf, type Owner, type ReportAccount, type ReportInput } from "./input.ts";
import { figureCell } from "./monthly.ts";
import type { Sheet } from "./sheet.ts";

type Rows = Cell[][];

/** `heads`: what the cells beside the names are, where it does not go without saying. */
const section = (name: string, rows: Rows, heads: readonly string[] = []): Rows =>
  rows.length === 0 ? [] : [[], [label(name), ...heads.map(label)], ...rows];
const line = (name: string, ...cells: Cell[]): Cell[] => [text(name), ...cells];

const sheetOf = (rows: Rows): Sheet => ({
  name: "Summary",
  rows,
  widths: [38, 30, 18, 18, 60],
  frozen: { rows: 0, columns: 0 },
  filtered: false,
  chart: null,
});

export function accountSummary(input: ReportInput, account: ReportAccount): Sheet {
  const owner = ownerOf(account);
  const { figures } = account;
  return sheetOf([
    [title(`Account report: ${owner.label}`)],
    line("Made on", day(input.today)),
    ...section("Account", identityRows(account, owner)),
    ...section("Time", timeRows(input.range, account)),
    ...section(`Whole period${inCurrency(owner)}`, periodRows(figures, owner.money)),
    ...section(`End-of-day balances${inCurrency(owner)}`, balanceRows(figures, owner.money)),
    ...section("Found", foundRows([account], input.relations)),
    ...section("Expenses by category", expenseRows(figures, owner.money), EXPENSE_HEADS),
    ...section(
      "Score (uncalibrated points, 300 to 900)",
      input.showScore ? scoreRows(figures) : [],
      SCORE_HEADS,
    ),
  ]);
}

const identityRows = ({ account, bankName, accountNumber }: ReportAccount, owner: Owner): Rows => [
  line("Holder", text(account.profile.holder)),
  line("Bank", text(bankName)),
  ...(account.profile.ifsc ? [line("IFSC", text(account.profile.ifsc))] : []),
  line("Account number", text(accountNumber)),
  line("Category", text(account.profile.category)),
  line("Currency", text(account.profile.currency)),
  line("Limit", money(account.profile.limit, owner.money)),
];

const askedRows = (range: Span | null): Rows =>
  range ? [line("Asked for", day(range.from), day(range.to))] : [];

const timeRows = (range: Span | null, { account, figures }: ReportAccount): Rows => [
  ...askedRows(range),
  ...figures.coverage.covered.map(({ from, to }) => line("Covered by statements", day(from), day(to))),
  ...figures.coverage.missing.map(({ from, to }) => line("Missing", day(from), day(to))),
  line(
    "First and last transaction",
    day(account.transactions[0]?.date ?? null),
    day(account.transactions.at(-1)?.date ?? null),
  ),
  line("Transactions", count(account.transactions.length)),
];

/** Predictors by name (docs/analysis.md says how each is made). */
const PERIOD: readonly [name: string, predictor: string][] = [
  ["Credits", "credits"],
  ["Debits", "debits"],
  ["Income", "total_income"],
  ["Expenses", "total_expense"],
  ["Income a month, average", "avg_monthly_income"],
  ["Expenses a month, average", "avg_monthly_expense"],
  ["Expenses of income (%)", "avg_expense_to_income_perc"],
  ["Salary", "total_salary_credits"],
  ["EMI and loan debits", "total_emi_ecs_loan"],
  ["Credit card payments", "total_creditcard_payment"],
  ["Cash withdrawn", "total_cash_withdrawal"],
  ["Bounce and penalty charges", "total_bounce_or_penal_charge"],
  ["Average bank balance (5th, 10th, … 30th)", "avg_bank_balance"],
];

/** Of all accounts together: monthly analysis added up. `less` is a part of it: own transfers are no income. */
const TOGETHER: readonly [name: string, key: string, less?: string][] = [
  ["Credits", "amt_credit"],
  ["Debits", "amt_debit"],
  ["Income", "amt_income_credit", "amt_self_transfer_credit"],
  ["From own accounts", "amt_self_transfer_credit"],
  ["Salary", "total_amount_of_salary"],
  ["EMI and loan debits", "amt_emi_debit"],
  ["Cash withdrawn", "amt_cash_withdrawl_debit"],
];

function togetherRows({ monthly }: AggregateFigures, style: MoneyStyle): Rows {
  const total = (key: string): bigint =>
    (monthly.get(key) ?? []).reduce<bigint>((sum, one) => (typeof one === "bigint" ? sum + one : sum), 0n);
  return TOGETHER.map(([name, key, less]) =>
    line(name, money(total(key) - (less === undefined ? 0n : total(less)), style)),
  );
}

const periodRows = ({ predictors }: AccountFigures, style: MoneyStyle): Rows =>
  PERIOD.map(([name, predictor]) => line(name, figureCell(predictors.get(predictor), style)));

const balanceRows = (
  { balances, eodBalances }: Pick<AccountFigures, "balances" | "eodBalances">,
  style: MoneyStyle,
): Rows => [
  line("Before the first day", money(eodBalances.startingBalance, style)),
  line("Average", money(balances.average, style)),
  line("Median", money(balances.median, style)),
  line("Lowest", money(balances.min, style)),
  line("Highest", money(balances.max, style)),
  line("Days below zero", count(balances.negativeDays)),
];

function foundRows(accounts: readonly ReportAccount[], relations: Relations): Rows {
  const own = new Set(accounts.flatMap(({ account }) => account.transactions.map(({ hash }) => hash)));
  const ids = new Set(accounts.map(({ account }) => account.profile.id));
  const sets = [...relations.recurring.credits, ...relations.recurring.debits];
  const found: [name: string, number: number][] = [
    ["Salary payments", relations.salary.filter(({ transaction }) => own.has(transaction.hash)).length],
    ["Recurring payments", sets.filter(({ accountId }) => ids.has(accountId)).length],
    ["Transactions with lenders", own.intersection(relations.lender).size],
    ["Self transfers", own.intersection(relations.selfTransfers).size],
    ["Bounced and penal transactions", own.intersection(relations.bouncedOrPenal).size],
    ["Fraud findings", accounts.reduce((sum, { findings }) => sum + findings.length, 0)],
  ];
  return found.map(([name, number]) => line(name, count(number)));
}

const EXPENSE_HEADS = ["Per cent", "Amount", "Transactions"];
const SCORE_HEADS = ["Seen", "Points", "Of", "Why"];
const ACCOUNT_HEADS = ["Holder", "Transactions", "Average balance", "Currency"];

const expenseRows = ({ expenseCategories }: AccountFigures | AggregateFigures, style: MoneyStyle): Rows =>
  expenseCategories.map(({ category, percentage, amount, count: times }) =>
    line(category, count(percentage), money(amount, style), count(times)),
  );

const spoken = (name: string): string => name.replaceAll("_", " ");

function scoreRows({ score }: AccountFigures): Rows {
  if (!score) return [line("Score", text("Too little is known to judge."))];
  return [
    line("Score", count(score.score)),
    ...score.factors.map(({ name, points, weight, value, reason }) =>
      line(spoken(name), text(value), number(points), number(weight), text(reason)),
    ),
    ...score.unjudged.map((name) => line(spoken(name), text("not judged"))),
  ];
}

export function aggregateSummary(input: ReportInput, owner: Owner): Sheet {
  const { accounts, aggregate, relations, range, today } = input;
  const owners = accounts.map(ownerOf);
  const left = accounts.filter(({ account }) => !aggregate.accountIds.includes(account.profile.id));
  return sheetOf([
    [title(`Report of ${accounts.length} ${accounts.length === 1 ? "account" : "accounts"}`)],
    line("Made on", day(today)),
    ...askedRows(range),
    ...section(
      "Accounts",
      accounts.map(({ account, figures }, index) =>
        line(
          owners[index]?.label ?? "",
          text(account.profile.holder),
          count(account.transactions.length),
          money(figures.balances.average, owners[index]?.money ?? owner.money),
          text(account.profile.currency),
        ),
      ),
      ACCOUNT_HEADS,
    ),
    ...section(
      "Not in the sums: another currency",
      left.map((account) => line(ownerOf(account).label, text(account.account.profile.currency))),
    ),
    ...section(`Whole period together${inCurrency(owner)}`, togetherRows(aggregate, owner.money)),
    ...section(`End-of-day balances together${inCurrency(owner)}`, balanceRows(aggregate, owner.money)),
    ...section("Found", foundRows(accounts, relations)),
    ...section("Expenses by category", expenseRows(aggregate, owner.money), EXPENSE_HEADS),
  ]);
}
