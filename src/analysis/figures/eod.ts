/** End-of-day balances in the structure of the contract (reference §2.8, `eod_balances`). */
import { monthOf } from "./balances.ts";
import type { Book } from "./book.ts";
import { dateOf, startOf } from "./calendar.ts";
import type { EodBalances } from "./types.ts";

/** Months without a known day are left out: between accounts that do not meet there can be some. */
export function eodBalances({ balances, calendar }: Book): EodBalances {
  if (!balances) return { months: [], startDates: [], balances: [], startingBalance: null };
  const known = calendar.months.flatMap((month, at) => {
    const eod = monthOf(balances.eod, calendar, at);
    const first = eod.findIndex((balance) => balance !== null);
    return first === -1 ? [] : [{ month, eod, startDate: dateOf(calendar, startOf(calendar, at) + first) }];
  });
  return {
    months: known.map(({ month }) => month),
    startDates: known.map(({ startDate }) => startDate),
    balances: known.map(({ eod }) => eod),
    startingBalance: balances.starting,
  };
}
