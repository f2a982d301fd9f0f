/** Whether days come at the intervals at which people are paid. */

/** Of the gaps between payments, so many must fit: one holiday or one missing month does not break a rhythm. */
const LEAST_SHARE = 0.7;
const FEWEST_PAYMENTS = 3;

/** Weekly, fortnightly, every four weeks: each a day early or late for a bank holiday. */
const INTERVALS: readonly [shortest: number, longest: number][] = [
  [6, 8],
  [13, 15],
  [27, 29],
];

/** The 28th of one month to the 5th of the next but one week is still monthly; 24 to 38 days. */
const MONTH: readonly [number, number] = [24, 38];

/** `days`: day numbers, ascending; several payments on one day are one. */
export const isMonthly = (days: readonly number[]): boolean => fits(days, MONTH);

export const isPeriodic = (days: readonly number[]): boolean => INTERVALS.some((each) => fits(days, each));

function fits(days: readonly number[], [shortest, longest]: readonly [number, number]): boolean {
  const distinct = [...new Set(days)];
  if (distinct.length < FEWEST_PAYMENTS) return false;
  const gaps = distinct.slice(1).map((day, index) => day - (distinct[index] ?? day));
  const fitting = gaps.filter((gap) => gap >= shortest && gap <= longest).length;
  return fitting / gaps.length >= LEAST_SHARE;
}
