/** End-of-day balances in the structure of the contract (reference §2.8, `eod_balances`). */
import { monthOf } from "./balances.ts";
import type { Book } from "./book.ts";
import { dateOf, startOf } from "./calendar.ts";
import type { EodBalances } from "./types.ts";

export function eodBalances({ balances, calendar }: Book): EodBalances {
  if (!balances) return { months: [], startDates: [], balances: [], startingBalance: null };
  const all = calendar.months.map((_, at) => monthOf(balances.eod, calendar, at));
  return {
    months: calendar.months,
    startDates: all.map((eod, at) => {
      const first = eod.findIndex((balance) => balance !== null);
      return dateOf(calendar, startOf(calendar, at) + Math.max(0, first));
    }),
    balances: all,
    startingBalance: balances.starting,
  };
}
