/** The figures of the insights in the contract's formats (reference §2.8, §7). Pure. */
import type { AccountFigures, EodBalances, Figure, Figures, TopOfMonth } from "../../intake/insights.ts";
import { ddMmmYy, ddMmmYyyy, mmmYy, mmmYyyy, wireAmount, ymd } from "../../intake/wire.ts";
import { transactionItem } from "./insights-items.ts";

type Plain = number | string | boolean | null;

interface Formats {
  day: (date: Temporal.PlainDate) => string;
  month: (month: Temporal.PlainYearMonth) => string;
}

function plain(figure: Figure, currency: string, { day, month }: Formats): Plain {
  if (typeof figure === "bigint") return wireAmount(figure, currency);
  if (figure instanceof Temporal.PlainDate) return day(figure);
  return figure instanceof Temporal.PlainYearMonth ? month(figure) : figure;
}

/** Dates of the monthly analysis differ by key. */
const MONTHLY_DAYS: Readonly<Record<string, Formats["day"]>> = {
  highest_salary_date: ymd,
  transaction_start_date: ddMmmYy,
  transaction_end_date: ddMmmYy,
};

/** Key → month → figure: the documented keys, then the further ones. */
export function monthlyBody(
  { months, monthly, monthlyExtras }: Figures,
  currency: string,
): Record<string, Record<string, Plain>> {
  const names = months.map(mmmYyyy);
  return Object.fromEntries(
    [...monthly, ...monthlyExtras].map(([key, figures]) => {
      const formats = { day: MONTHLY_DAYS[key] ?? ddMmmYyyy, month: mmmYyyy };
      const entries = names.map((name, at) => [name, plain(figures[at] ?? null, currency, formats)] as const);
      return [key, Object.fromEntries(entries)];
    }),
  );
}

/** `accountNumber`: as it may be shown. */
export function predictorsBody(
  { predictors }: AccountFigures,
  currency: string,
  accountNumber: string | null,
): Record<string, Plain> {
  const entries = [...predictors].map(([key, figure]): [string, Plain] => {
    const month = key === "latest_salary_month" ? mmmYyyy : mmmYy;
    return [key, plain(figure, currency, { day: ddMmmYy, month })];
  });
  return { ...Object.fromEntries(entries), accountnumber: accountNumber };
}

/** Months stand beside the fixed keys, as the contract has it. */
export function eodBody(
  { months, startDates, balances, startingBalance }: EodBalances,
  currency: string,
): Record<string, unknown> {
  const names = months.map(mmmYy);
  return {
    Months_order: names,
    start_date: startDates.map(ddMmmYy),
    ...Object.fromEntries(
      names.map((name, at) => [name, (balances[at] ?? []).map((balance) => wireAmount(balance, currency))]),
    ),
    starting_balance: wireAmount(startingBalance, currency),
  };
}

export function topBody({ topCredits, topDebits }: Figures, currency: string) {
  const data = (top: readonly TopOfMonth[]) =>
    top.map(({ month, transactions }) => ({
      month: mmmYy(month),
      data: transactions.map((transaction) => {
        const item = transactionItem(transaction, currency);
        item.date = ddMmmYy(transaction.date);
        return item;
      }),
    }));
  return [
    { type: "top_5_debit" as const, data: data(topDebits) },
    { type: "top_5_credit" as const, data: data(topCredits) },
  ];
}
