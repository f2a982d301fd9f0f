import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import {
  consideredRange,
  countDays,
  coveredSpans,
  daysByMonth,
  excessOver,
  gapsIn,
  includesDay,
  joinSpans,
  missingMonths,
  monthsOf,
  type Span,
} from "./coverage.ts";

const day = (text: string) => Temporal.PlainDate.from(text);
const span = (from: string, to: string): Span => ({ from: day(from), to: day(to) });
const text = ({ from, to }: Span) => `${from.toString()}..${to.toString()}`;
const START = day("2024-01-01");

/** Spans within two years. */
const anySpan = fc
  .tuple(fc.nat(730), fc.nat(90))
  .map(([start, length]) => ({ from: START.add({ days: start }), to: START.add({ days: start + length }) }));
const anySpans = fc.array(anySpan, { maxLength: 8 });
const isIn = (spans: readonly Span[], at: Temporal.PlainDate) => spans.some((s) => includesDay(s, at));

test("joined spans hold the same days, ascending and apart", () => {
  fc.assert(
    fc.property(anySpans, fc.nat(830), (spans, offset) => {
      const joined = joinSpans(spans);
      const at = START.add({ days: offset });
      assert.equal(isIn(joined, at), isIn(spans, at));
      for (const [i, next] of joined.slice(1).entries()) {
        const before = joined[i];
        assert.ok(before && before.to.until(next.from).days > 1);
      }
    }),
  );
});

test("a day of the range is covered or in a gap, never both, and the days add up", () => {
  fc.assert(
    fc.property(anySpan, anySpans, (range, spans) => {
      const covered = joinSpans(spans);
      const gaps = gapsIn(range, covered);
      for (let at = range.from; Temporal.PlainDate.compare(at, range.to) <= 0; at = at.add({ days: 1 })) {
        assert.notEqual(isIn(covered, at), isIn(gaps, at), at.toString());
      }
      assert.ok(gaps.every((gap) => includesDay(range, gap.from) && includesDay(range, gap.to)));
      assert.equal(
        daysByMonth(gaps).reduce((sum, { days }) => sum + days.length, 0),
        countDays(gaps),
      );
    }),
  );
});

test("a covered day lies in the range or in the excess, never in both", () => {
  fc.assert(
    fc.property(anySpan, anySpans, fc.nat(830), (range, spans, offset) => {
      const covered = joinSpans(spans);
      const at = START.add({ days: offset });
      assert.equal(isIn(excessOver(range, covered), at), isIn(covered, at) && !includesDay(range, at));
    }),
  );
});

test("a month is missing when none of its days in the range is covered", () => {
  fc.assert(
    fc.property(anySpan, anySpans, (range, spans) => {
      const covered = joinSpans(spans);
      const missing = new Set(missingMonths(range, covered).map(String));
      for (const month of monthsOf([range])) {
        let isCovered = false;
        for (let d = 1; d <= month.daysInMonth; d++) {
          const at = month.toPlainDate({ day: d });
          isCovered ||= includesDay(range, at) && isIn(covered, at);
        }
        assert.equal(missing.has(month.toString()), !isCovered);
      }
    }),
  );
});

test("months of touching spans are told once", () => {
  const months = monthsOf([span("2024-01-03", "2024-01-10"), span("2024-01-20", "2024-03-01")]);
  assert.deepEqual(months.map(String), ["2024-01", "2024-02", "2024-03"]);
});

test("a statement covers its printed period up to today, and its transactions", () => {
  const statement = {
    period: span("2024-01-01", "2024-12-31"),
    transactions: span("2023-12-30", "2024-02-02"),
  };
  assert.deepEqual(coveredSpans([statement], day("2024-03-05")).map(text), ["2023-12-30..2024-03-05"]);
  const future = { period: span("2025-01-01", "2025-01-31"), transactions: null };
  assert.deepEqual(coveredSpans([future], day("2024-03-05")), []);
});

test("the considered range ends today and leaves out a month in its first week", () => {
  const of = (range: Span, today: string) => {
    const considered = consideredRange(range, day(today));
    return considered && text(considered);
  };
  assert.equal(of(span("2023-10-25", "2024-04-25"), "2024-04-25"), "2023-10-25..2024-04-25");
  assert.equal(of(span("2023-10-25", "2024-04-08"), "2024-04-25"), "2023-10-25..2024-04-08");
  assert.equal(of(span("2023-10-25", "2024-04-07"), "2024-04-25"), "2023-10-25..2024-03-31");
  assert.equal(of(span("2023-10-25", "2024-12-31"), "2024-04-03"), "2023-10-25..2024-03-31");
  assert.equal(of(span("2024-04-02", "2024-04-06"), "2024-04-25"), "2024-04-02..2024-04-06");
  assert.equal(of(span("2024-06-01", "2024-07-31"), "2024-04-25"), null);
});

test("missing days by month, ascending", () => {
  const dates = daysByMonth([span("2024-01-30", "2024-02-02"), span("2024-02-05", "2024-02-05")]);
  assert.deepEqual(
    dates.map(({ month, days }) => [month.toString(), days]),
    [
      ["2024-01", [30, 31]],
      ["2024-02", [1, 2, 5]],
    ],
  );
});
