import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import {
  DEFAULT_SCHEDULE,
  holdSeconds,
  isBusy,
  meaningOf,
  nextStep,
  retryAfterSeconds,
  type Attempted,
} from "./backoff.ts";

const now = Temporal.Instant.from("2024-04-16T07:47:40Z");
const failed: Attempted = {
  status: 500,
  retryAfter: null,
  attempt: 1,
  schedule: DEFAULT_SCHEDULE,
  now,
  random: 0.5,
};

describe("what an answer means", () => {
  const table: [number | null, ReturnType<typeof meaningOf>][] = [
    [200, "delivered"],
    [201, "delivered"],
    [204, "delivered"],
    [299, "delivered"],
    [300, "retry"],
    [301, "retry"],
    [307, "retry"],
    [400, "retry"],
    [401, "retry"],
    [404, "retry"],
    [409, "retry"],
    [410, "disable"],
    [411, "retry"],
    [429, "retry"],
    [500, "retry"],
    [503, "retry"],
    [599, "retry"],
    [999, "retry"],
    [null, "retry"],
  ];
  for (const [status, meaning] of table) {
    test(`${status ?? "no answer"}: ${meaning}`, () => assert.equal(meaningOf(status), meaning));
  }
});

describe("the schedule", () => {
  test("5 s, 30 s, 2 min, 10 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h, then exhausted", () => {
    const steps = Array.from({ length: 12 }, (_, index) => nextStep({ ...failed, attempt: index + 1 }));
    const minutes = [5 / 60, 0.5, 2, 10, 30, 120, 300, 600, 840, 1200, 1440];
    assert.deepEqual(steps, [
      ...minutes.map((minute) => ({ kind: "retry", afterSeconds: minute * 60 })),
      { kind: "exhausted" },
    ]);
  });

  test("jitter stays within 20 % and is spread over it", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 11 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempt, random) => {
          const step = nextStep({ ...failed, attempt, random });
          assert.ok(step.kind === "retry");
          const share = step.afterSeconds / (DEFAULT_SCHEDULE[attempt - 1] ?? 0);
          assert.ok(share >= 0.8 - 1e-9 && share <= 1.2 + 1e-9);
        },
      ),
    );
    assert.deepEqual(nextStep({ ...failed, random: 0 }), { kind: "retry", afterSeconds: 4 });
    assert.deepEqual(nextStep({ ...failed, random: 0.75 }), { kind: "retry", afterSeconds: 5.5 });
  });

  test("an endpoint's own schedule is followed to its end", () => {
    assert.deepEqual(nextStep({ ...failed, schedule: [3, 3], attempt: 2 }), {
      kind: "retry",
      afterSeconds: 3,
    });
    assert.deepEqual(nextStep({ ...failed, schedule: [3, 3], attempt: 3 }), { kind: "exhausted" });
    assert.deepEqual(nextStep({ ...failed, schedule: [] }), { kind: "exhausted" });
  });

  test("410 disables, whatever the attempt", () => {
    assert.equal(nextStep({ ...failed, status: 410 }).kind, "disable");
    assert.equal(nextStep({ ...failed, status: 410, attempt: 12 }).kind, "disable");
  });
});

describe("Retry-After", () => {
  const table: [string | null, number][] = [
    [null, 0],
    ["120", 120],
    [" 7 ", 7],
    ["0", 0],
    ["-5", 0],
    ["1.5", 0],
    ["soon", 0],
    ["999999999999", 86_400],
    ["Tue, 16 Apr 2024 07:49:40 GMT", 120],
    ["Tue, 16 Apr 2024 07:00:00 GMT", 0],
    ["Fri, 16 Apr 2124 07:00:00 GMT", 86_400],
    ["Tue, 31 Feb 2024 07:49:40 GMT", 0],
    ["Tue, 16 Foo 2024 07:49:40 GMT", 0],
    ["Tuesday, 16-Apr-24 07:49:40 GMT", 0],
  ];
  for (const [header, seconds] of table) {
    test(`${header ?? "none"}: ${seconds} s`, () => assert.equal(retryAfterSeconds(header, now), seconds));
  }

  test("an endpoint that is busy is held as long as it asks, five minutes at most", () => {
    assert.deepEqual([429, 502, 503, 504, 200, 408, 410, 500, 501, null].map(isBusy), [
      true,
      true,
      true,
      true,
      false,
      false,
      false,
      false,
      false,
      false,
    ]);
    const asked = [null, "0", "soon", "120", "300", "301", "86400", "Tue, 16 Apr 2024 07:49:40 GMT"];
    assert.deepEqual(
      asked.map((header) => holdSeconds(header, now)),
      [0, 0, 0, 120, 300, 300, 300, 120],
    );
  });

  test("never shortens the schedule, and its jitter only adds", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 200_000 }),
        fc.integer({ min: 1, max: 11 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (asked, attempt, random) => {
          const plain = nextStep({ ...failed, attempt, random });
          const step = nextStep({ ...failed, status: 503, attempt, random, retryAfter: String(asked) });
          assert.ok(step.kind === "retry" && plain.kind === "retry");
          assert.ok(step.afterSeconds >= plain.afterSeconds);
          assert.ok(step.afterSeconds >= Math.min(asked, 86_400));
          assert.ok(step.afterSeconds <= 86_400 * 1.2 + 1e-6);
        },
      ),
    );
  });
});
