/**
 * A points model from 300 to 900, with its card. Transparent and uncalibrated: weights and bands were chosen by
 * reason, not fitted to who paid back and who did not (docs/analysis.md, Score).
 *
 * Each factor is a number with bands; a band gives a share of the factor's weight. The weights of the factors that
 * can be judged are stretched to 600, so that what nobody knows neither helps nor harms.
 */
import type { FraudFinding } from "../types.ts";
import { percentOf } from "./arithmetic.ts";
import { known } from "./balances.ts";
import type { MonthView } from "./month-view.ts";
import { averageDaily, totalOf } from "./predictors-period.ts";
import type { ScoreCard, ScoreFactor } from "./types.ts";

const LOWEST = 300;
const HIGHEST = 900;
/** Fewer known days say too little of anybody; and of fewer factors' weight no score is made. */
const LEAST_DAYS = 30;
const LEAST_WEIGHT = 300;

interface Facts {
  months: readonly MonthView[];
  findings: readonly FraudFinding[];
}

interface Factor {
  name: string;
  weight: number;
  /** Null: cannot be judged. */
  measure: (facts: Facts) => number | null;
  /** Of the measure, for a person. */
  unit: string;
  /** From the best on: the first band whose bound holds. The last one holds always. */
  bands: readonly Band[];
}

/** Holds where the measure is at least (`atLeast`) or at most (`atMost`) that. */
interface Band {
  atLeast?: number;
  atMost?: number;
  /** 0 to 100: share of the weight. */
  share: number;
  reason: string;
}

const share = (part: number, whole: number): number | null =>
  whole === 0 ? null : Math.round((100 * part) / whole);
const sum = (months: readonly MonthView[], kind: string): bigint => totalOf(months, kind)?.sum ?? 0n;
const count = (months: readonly MonthView[], kind: string): number => totalOf(months, kind)?.count ?? 0;
const daysKnown = (months: readonly MonthView[]): number =>
  months.reduce((total, { balances }) => total + known(balances?.eod ?? []).length, 0);

/** Bounced payments of the account's own: auto-debits and cheques, and what the bank took for them if it shows no bounce. */
const bounces = ({ months }: Facts): number =>
  Math.max(count(months, "inward_payment_bounce"), count(months, "bounce_charge"));

const FACTORS: readonly Factor[] = [
  {
    name: "income_regularity",
    weight: 110,
    unit: "% of months with income",
    measure: ({ months }) => {
      const known = months.filter(({ tally }) => tally("own_income"));
      return share(known.filter(({ tally }) => (tally("own_income")?.count ?? 0) > 0).length, known.length);
    },
    bands: [
      { atLeast: 100, share: 100, reason: "income in every month" },
      { atLeast: 75, share: 60, reason: "a month in four without income" },
      { atLeast: 50, share: 25, reason: "up to half of the months without income" },
      { share: 0, reason: "most months without income" },
    ],
  },
  {
    name: "salary",
    weight: 60,
    unit: "% of months with a salary",
    measure: ({ months }) =>
      share(months.filter(({ salaries }) => salaries.length > 0).length, months.length),
    bands: [
      { atLeast: 90, share: 100, reason: "a salary in nearly every month" },
      { atLeast: 50, share: 60, reason: "a salary in at least half of the months" },
      { atLeast: 1, share: 30, reason: "a salary now and then" },
      { share: 15, reason: "no salary seen" },
    ],
  },
  {
    name: "spending",
    weight: 90,
    unit: "% of income spent",
    measure: ({ months }) => percentOf(sum(months, "expense"), sum(months, "own_income")),
    bands: [
      { atMost: 80, share: 100, reason: "at least a fifth of the income is kept" },
      { atMost: 100, share: 70, reason: "spends what comes in" },
      { atMost: 120, share: 30, reason: "spends more than comes in" },
      { share: 0, reason: "spends far more than comes in" },
    ],
  },
  {
    name: "obligations",
    weight: 90,
    unit: "% of income for instalments",
    measure: ({ months }) => percentOf(sum(months, "emi_debit"), sum(months, "own_income")),
    bands: [
      { atMost: 20, share: 100, reason: "instalments take up to a fifth of the income" },
      { atMost: 40, share: 65, reason: "instalments take up to two fifths of the income" },
      { atMost: 60, share: 25, reason: "instalments take up to three fifths of the income" },
      { share: 0, reason: "instalments take most of the income" },
    ],
  },
  {
    name: "bounces",
    weight: 110,
    unit: "bounces",
    measure: bounces,
    bands: [
      { atMost: 0, share: 100, reason: "no payment bounced" },
      { atMost: 1, share: 55, reason: "one payment bounced" },
      { atMost: 3, share: 25, reason: "up to three payments bounced" },
      { share: 0, reason: "more than three payments bounced" },
    ],
  },
  {
    name: "balance_cushion",
    weight: 70,
    unit: "% of a month's expenses kept on average",
    measure: ({ months }) => {
      const average = averageDaily(months);
      return average === null ? null : percentOf(average * BigInt(months.length), sum(months, "expense"));
    },
    bands: [
      { atLeast: 100, share: 100, reason: "a month's expenses are on the account" },
      { atLeast: 50, share: 75, reason: "half a month's expenses are on the account" },
      { atLeast: 15, share: 40, reason: "some days' expenses are on the account" },
      { share: 0, reason: "next to nothing is kept" },
    ],
  },
  {
    name: "overdrawn_days",
    weight: 40,
    unit: "% of days below zero",
    measure: ({ months }) =>
      share(
        months.reduce((total, { balances }) => total + (balances?.negativeDays ?? 0), 0),
        daysKnown(months),
      ),
    bands: [
      { atMost: 0, share: 100, reason: "never below zero at the end of a day" },
      { atMost: 5, share: 50, reason: "seldom below zero" },
      { share: 0, reason: "often below zero" },
    ],
  },
  {
    name: "fraud_findings",
    weight: 30,
    unit: "rules that hold",
    measure: ({ findings }) => new Set(findings.map(({ type }) => type)).size,
    bands: [
      { atMost: 0, share: 100, reason: "nothing found" },
      { atMost: 1, share: 40, reason: "one rule holds" },
      { share: 0, reason: "several rules hold" },
    ],
  },
];

const holds = (band: Band, measured: number): boolean =>
  measured >= (band.atLeast ?? -Infinity) && measured <= (band.atMost ?? Infinity);

/**
 * Null where fewer than 30 days are known, or where the factors that can be judged weigh less than half of all.
 * @param days from the first to the last known day.
 */
export function scoreOf(
  months: readonly MonthView[],
  findings: readonly FraudFinding[],
  days: number,
): ScoreCard | null {
  if (days < LEAST_DAYS) return null;
  const facts: Facts = { months, findings };
  const factors: ScoreFactor[] = [];
  const unjudged: string[] = [];
  for (const { name, weight, unit, measure, bands } of FACTORS) {
    const measured = measure(facts);
    const band = measured === null ? undefined : bands.find((each) => holds(each, measured));
    if (measured === null || !band) {
      unjudged.push(name);
      continue;
    }
    const points = (weight * band.share) / 100;
    factors.push({ name, value: `${measured} ${unit}`, points, weight, reason: band.reason });
  }
  const weight = factors.reduce((total, factor) => total + factor.weight, 0);
  if (weight < LEAST_WEIGHT) return null;
  const points = factors.reduce((total, factor) => total + factor.points, 0);
  return { score: LOWEST + Math.round(((HIGHEST - LOWEST) * points) / weight), factors, unjudged };
}
