import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import {
  batchCounts,
  batchStatusOf,
  batchWay,
  isFinal,
  mayStep,
  stepFrom,
  type BatchStatus,
  type PaymentStatus,
  type PaymentStep,
} from "./states.ts";

const STATUSES: PaymentStatus[] = ["new", "pending", "authorized", "executed", "completed", "failed", "canceled", "expired"]; // prettier-ignore
const STEPS: PaymentStep[] = ["choose_bank", "authorize", "execute", "complete", "fail", "cancel", "expire"];

test("each status allows these steps, and throws at every other", () => {
  const allowed: Record<PaymentStatus, PaymentStep[]> = {
    new: ["choose_bank", "cancel", "expire"],
    pending: ["choose_bank", "authorize", "fail", "cancel", "expire"],
    authorized: ["execute", "fail"],
    executed: ["complete", "fail"],
    completed: [],
    failed: [],
    canceled: [],
    expired: [],
  };
  for (const status of STATUSES) {
    for (const step of STEPS) {
      assert.equal(mayStep(status, step), allowed[status].includes(step), `${status} ${step}`);
      if (!allowed[status].includes(step)) assert.throws(() => stepFrom(status, step));
    }
    assert.equal(isFinal(status), allowed[status].length === 0);
  }
});

test("a batch's status follows from its payments'", () => {
  const cases: [PaymentStatus[], BatchStatus][] = [
    [["new", "completed"], "pending"],
    [["pending", "failed"], "pending"],
    [["authorized", "authorized"], "authorized"],
    [["authorized", "failed"], "authorized"],
    [["authorized", "executed"], "processing"],
    [["authorized", "completed"], "processing"],
    [["executed", "canceled"], "processing"],
    [["completed", "completed"], "completed"],
    [["completed", "canceled"], "partially_completed"],
    [["failed", "canceled"], "failed"],
    [["expired", "canceled"], "expired"],
    [["canceled", "canceled"], "canceled"],
  ];
  for (const [payments, status] of cases) assert.equal(batchStatusOf(payments), status, payments.join());
});

test("a batch enters every status on its way, and leaves no final one", () => {
  assert.deepEqual(batchWay("pending", "partially_completed"), [
    "authorized",
    "processing",
    "partially_completed",
  ]);
  assert.deepEqual(batchWay("pending", "failed"), ["failed"]);
  assert.deepEqual(batchWay("authorized", "completed"), ["processing", "completed"]);
  assert.deepEqual(batchWay("processing", "processing"), []);
  assert.equal(batchWay("processing", "canceled"), null);
  for (const end of ["completed", "partially_completed", "failed", "canceled", "expired"] as const)
    assert.equal(batchWay(end, "pending"), null);
});

test("whatever its payments do, a batch finds a way, and its counts add up", () => {
  const steps = fc.array(fc.tuple(fc.nat(3), fc.constantFrom(...STEPS)), { maxLength: 40 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), steps, (count, walk) => {
      const payments: PaymentStatus[] = Array.from({ length: count }, () => "new");
      let batch: BatchStatus = "pending";
      for (const [which, step] of walk) {
        const status = payments[which];
        if (!status || !mayStep(status, step)) continue;
        payments[which] = stepFrom(status, step);
        const target = batchStatusOf(payments);
        assert.notEqual(batchWay(batch, target), null, `${batch} to ${target}: ${payments.join()}`);
        batch = target;
      }
      const { pending, completed, failed } = batchCounts(payments);
      assert.equal(pending + completed + failed, count);
      assert.equal(payments.every(isFinal), batchWay(batch, "completed") === null || batch === "completed");
    }),
  );
});
