/** The sheets of months: an overview with the chart, every figure by its key, balances day by day, the top five. */
import type { Figure } from "../figures/month-view.ts";
import type { Figures } from "../figures/types.ts";
import { count, day, money, month, number, serial, text, type Cell, type MoneyStyle } from "./cells.ts";
import type { Chart, Series } from "./chart.ts";
import { inCurrency, type Owner } from "./input.ts";
import { tableSheet, type Column, type Sheet } from "./sheet.ts";

/** Amounts are bigint, numbers are counts, shares and flags. */
export function figureCell(figure: Figure | undefined, style: MoneyStyle): Cell {
  if (figure === undefined || figure === null) return null;
  if (typeof figure === "bigint") return money(figure, style);
  if (typeof figure === "number") return number(figure);
  if (typeof figure === "boolean") return text(figure ? "yes" : "no");
  if (typeof figure === "string") return text(figure);
  return figure instanceof Temporal.PlainDate ? day(figure) : month(figure);
}

interface Shown {
  head: string;
  /** Of the monthly analysis. */
  key: string;
  /** A part of it that is taken off: own transfers are no income (docs/analysis.md, predictors). */
  less?: string;
  amount: boolean;
  /** In the chart. */
  drawn?: Pick<Series, "kind" | "colour">;
}

const OVERVIEW: readonly Shown[] = [
  { head: "Credits", key: "amt_credit", amount: true, drawn: { kind: "column", colour: "2E7D32" } },
  { head: "Debits", key: "amt_debit", amount: true, drawn: { kind: "column", colour: "C62828" } },
  { head: "Net inflow", key: "net_cash_inflow", amount: true },
  { head: "Opening balance", key: "opening_balance", amount: true },
  { head: "Closing balance", key: "closing_balance", amount: true },
  { head: "Average balance", key: "avg_bal", amount: true, drawn: { kind: "line", colour: "1F3A5F" } },
  { head: "Lowest end-of-day balance", key: "min_eod_balance", amount: true },
  { head: "Highest end-of-day balance", key: "max_eod_balance", amount: true },
  { head: "Income", key: "amt_income_credit", less: "amt_self_transfer_credit", amount: true },
  { head: "From own accounts", key: "amt_self_transfer_credit", amount: true },
  { head: "Salary", key: "total_amount_of_salary", amount: true },
  { head: "Loan credits", key: "amt_loan_credits", amount: true },
  { head: "EMI", key: "amt_emi_debit", amount: true },
  { head: "Bounced EMI (number)", key: "cnt_emi_bounce_credit", amount: false },
  { head: "Cash deposited", key: "amt_cash_deposit_credit", amount: true },
  { head: "Cash withdrawn", key: "amt_cash_withdrawl_debit", amount: true },
  { head: "Transactions", key: "cnt_transactions", amount: false },
];

/** Below the last month, this many rows high. */
const CHART_ROWS = 20;
const CHART_COLUMNS = 9;
const MONTH_FORMAT = "mmm yy";

/** One row per month, oldest first, and the chart below. */
export function monthlySheet(figures: Figures, owner: Owner): Sheet {
  const unit = inCurrency(owner);
  const at = (key: string, index: number) => figures.monthly.get(key)?.[index];
  const shown = ({ key, less }: Shown, index: number): Figure | undefined => {
    const figure = at(key, index);
    const part = less === undefined ? null : at(less, index);
    return typeof figure === "bigint" && typeof part === "bigint" ? figure - part : figure;
  };
  const columns: Column<number>[] = [
    { head: "Month", width: 12, cell: (index) => month(figures.months[index] ?? null) },
    ...OVERVIEW.map((one) => ({
      head: one.amount ? `${one.head}${unit}` : one.head,
      width: one.amount ? 17 : 13,
      cell: (index: number) => figureCell(shown(one, index), owner.money),
    })),
  ];
  const rows = figures.months.map((_, index) => index);
  const sheet = tableSheet("Monthly", columns, rows, {
    none: "No month is known.",
    frozenColumns: 1,
  });
  // Filters would hide rows that the chart draws.
  return { ...sheet, filtered: false, chart: rows.length === 0 ? null : chartOf(figures, owner.money) };
}

function chartOf({ months, monthly }: Figures, { digits }: MoneyStyle): Chart {
  const series = OVERVIEW.flatMap(({ head, key, drawn }, index): Series[] => {
    if (!drawn) return [];
    const figures = months.map((_, at) => monthly.get(key)?.[at] ?? null);
    const values = figures.map((figure) =>
      typeof figure === "bigint" ? Number(figure) / 10 ** digits : null,
    );
    return [{ name: head, ...drawn, column: index + 1, values }];
  });
  const fromRow = months.length + 2;
  return {
    title: "Credits, debits and average balance by month",
    categories: months.map((value) => serial(value.toPlainDate({ day: 1 }))),
    categoryFormat: MONTH_FORMAT,
    series,
    place: { fromRow, toRow: fromRow + CHART_ROWS, fromColumn: 0, toColumn: CHART_COLUMNS },
  };
}

/** Every figure of the monthly analysis: one row per key, one column per month. */
export function figuresSheet({ months, monthly, monthlyExtras }: Figures, owner: Owner): Sheet {
  const columns: Column<[string, readonly Figure[]]>[] = [
    { head: "Figure", width: 48, cell: ([key]) => text(spoken(key)) },
    { head: "Key", width: 48, cell: ([key]) => text(key) },
    ...months.map((value, index) => ({
      head: monthText(value),
      width: 16,
      cell: ([, figures]: [string, readonly Figure[]]) => figureCell(figures[index], owner.money),
    })),
  ];
  const rows = [...monthly, ...monthlyExtras];
  return tableSheet("Monthly figures", columns, rows, { none: "No month is known.", frozenColumns: 2 });
}

const WORDS: Readonly<Record<string, string>> = {
  amt: "amount of", cnt: "number of", avg: "average", max: "greatest", min: "least", perc: "percentage of",
  bal: "balance", eod: "end-of-day", chq: "cheque", emi: "EMI", upi: "UPI", ach: "ACH",
}; // prettier-ignore

/** `amt_emi_debit`: amount of EMI debit. */
const spoken = (key: string): string =>
  key
    .split("_")
    .map((word) => WORDS[word] ?? word)
    .join(" ");

const MONTH_NAMES = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const monthText = (value: Temporal.PlainYearMonth): string =>
  `${MONTH_NAMES[value.month - 1] ?? ""} ${value.year}`;

/** One row per day of the month, one column per month. */
export function balancesSheet({ eodBalances }: Figures, owner: Owner): Sheet {
  const { months, balances } = eodBalances;
  const columns: Column<number>[] = [
    { head: "Day", width: 8, cell: (date) => count(date) },
    ...months.map((value, index) => ({
      head: monthText(value),
      width: 16,
      cell: (date: number) => money(balances[index]?.[date - 1] ?? null, owner.money),
    })),
  ];
  const days = months.length === 0 ? [] : Array.from({ length: 31 }, (_, index) => index + 1);
  const sheet = tableSheet("EOD balances", columns, days, { none: "No balance is known.", frozenColumns: 1 });
  return { ...sheet, filtered: false };
}

interface Ranked {
  month: Temporal.PlainYearMonth;
  direction: "credit" | "debit";
  rank: number;
  date: Temporal.PlainDate;
  narration: string;
  amount: bigint;
}

export function topSheet({ topCredits, topDebits }: Figures, owner: Owner): Sheet {
  const ranked = (direction: Ranked["direction"], top: Figures["topCredits"]): Ranked[] =>
    top.flatMap(({ month, transactions }) =>
      transactions.map(({ date, narration, amount }, index) => ({
        month, direction, rank: index + 1, date, narration, amount,
      })),
    ); // prettier-ignore
  const columns: Column<Ranked>[] = [
    { head: "Month", width: 12, cell: (row) => month(row.month) },
    { head: "Direction", width: 11, cell: ({ direction }) => text(direction) },
    { head: "Rank", width: 7, cell: ({ rank }) => count(rank) },
    { head: "Date", width: 13, cell: ({ date }) => day(date) },
    { head: "Description", width: 60, cell: ({ narration }) => text(narration) },
    { head: `Amount${inCurrency(owner)}`, width: 16, cell: ({ amount }) => money(amount, owner.money) },
  ];
  const rows = [...ranked("credit", topCredits), ...ranked("debit", topDebits)];
  return tableSheet("Top five", columns, rows, { none: "There are no transactions." });
}
