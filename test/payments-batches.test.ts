/** Batches over HTTP: their status follows from their payments', each change is told once. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { BankPaymentStatus } from "../src/connect/providers/provider.ts";
import { batchTrip } from "../src/connect/payments/trip.ts";
import { eventsOfResource } from "../src/store/events.ts";
import { isError, record } from "./openbanking-setup.ts";
import {
  begin,
  listOf,
  newIdempotencyKey,
  object,
  openPayments,
  START,
  type Payments,
} from "./payments-setup.ts";

let p: Payments;
before(async () => {
  p = await openPayments();
});
after(() => p.close());

const cancel = (id: string) => p.ask(`/batch_payments/${id}/cancel`, { method: "POST" });

/** Its payments, the first first. */
async function paymentsOf(id: string) {
  const { data } = listOf(await p.ask(`/batch_payments/${id}/payments`));
  return data.toReversed();
}

/** The bank does with the batch's payments as it is told, in turn. */
async function settle(id: string, statuses: readonly (BankPaymentStatus | undefined)[]): Promise<void> {
  for (const [n, payment] of (await paymentsOf(id)).entries()) {
    const status = statuses[n];
    if (!status) continue;
    const { bank_payment_id } = await p.row(payment.id);
    p.bank.settlePayment(bank_payment_id ?? "", status);
    await p.advanceWhenDue(payment.id);
  }
}

async function submitAll(id: string): Promise<void> {
  for (const payment of await paymentsOf(id))
    if (payment.status === "authorized") await p.advanceWhenDue(payment.id);
}

test("a batch is answered as it was asked for, and told with its payments", async () => {
  const made = await p.payBatch(["10.10", "20"], {
    "metadata[run]": "7",
    "payments[1][metadata][line]": "2",
    provider: "",
  });
  const { id, redirect, ...rest } = made;
  assert.match(id, /^bp_[0-9A-Za-z]{22}$/);
  assert.deepEqual(rest, {
    object: "batch_payment",
    created_at: START,
    updated_at: START,
    customer: p.customer,
    vendor: null,
    provider: null,
    count: 2,
    total_amount: 30.1,
    currency: "gbp",
    status: "pending",
    counts: { pending: 2, completed: 0, failed: 0 },
    expires_at: "2026-02-06T12:44:55Z",
    failure_code: null,
    failure_message: null,
    metadata: { run: "7" },
  });
  assert.match(String(record(redirect)["consent_url"]), /^http:\/\/localhost:8080\/b\/[0-9A-Za-z]{24}$/);
  assert.deepEqual(await p.read(id), made);
  const [first, second] = await paymentsOf(id);
  assert.ok(first && second);
  assert.deepEqual(
    [first["amount"], first.status, first["batch_payment"], first["redirect"]],
    [10.1, "new", id, null],
  );
  assert.deepEqual([second["metadata"], second["reference"]], [{ line: "2" }, "ITEM 1"]);
  assert.deepEqual(await p.told(id), ["created"]);
  assert.deepEqual(await p.told(first.id), ["created"]);
  const [event] = await eventsOfResource(p.connect.db, p.env.id, `batch_payment:${id}`, "event");
  assert.deepEqual(record(record(event?.body)["data"])["object"], { id, ...rest, redirect: null });
});

test("one visit for each payment leads a batch from status to status", async () => {
  const { id } = await p.payBatch(["1", "2"]);
  const first = await p.visit(id);
  assert.ok(first.is === "decided");
  assert.equal((await p.read(id)).status, "pending", "the second waits");
  assert.match(await batchTrip.landing(p.connect, p.env, first.trip), /\/b\/[0-9A-Za-z]{24}$/);
  const second = await p.visit(id);
  assert.ok(second.is === "decided");
  assert.equal((await p.read(id)).status, "authorized");
  const landing = new URL(await batchTrip.landing(p.connect, p.env, second.trip));
  assert.deepEqual(
    [landing.searchParams.get("fx_batch_payment"), landing.searchParams.get("error")],
    [id, null],
  );
  await assert.rejects(begin(p, id), { code: "invalid_state" });
  await submitAll(id);
  assert.equal((await p.read(id)).status, "processing");
  await settle(id, ["completed", "executed"]);
  assert.deepEqual((await p.read(id))["counts"], { pending: 1, completed: 1, failed: 0 });
  await settle(id, [undefined, "completed"]);
  const completed = await p.read(id);
  assert.deepEqual(
    [completed.status, completed["counts"]],
    ["completed", { pending: 0, completed: 2, failed: 0 }],
  );
  assert.deepEqual(await p.told(id), ["created", "authorized", "processing", "completed"]);
});

/** A batch of which each payment has come to this end. */
async function ended(...ends: ("completed" | "failed" | "denied")[]): Promise<string> {
  const { id } = await p.payBatch(ends.map((_, n) => `${n + 1}`));
  for (const end of ends) await p.visit(id, end === "denied" ? "deny" : "allow");
  await submitAll(id);
  const payments = await paymentsOf(id);
  for (const [n, end] of ends.entries()) {
    const payment = payments[n];
    if (!payment || payment.status !== "executed" || end === "denied") continue;
    const { bank_payment_id } = await p.row(payment.id);
    p.bank.settlePayment(bank_payment_id ?? "", end, end === "failed" ? "account_closed" : null);
    await p.advanceWhenDue(payment.id);
  }
  return id;
}

test("how a batch ends is what its payments came to", async () => {
  const partly = await ended("completed", "failed");
  assert.equal((await p.read(partly)).status, "partially_completed");
  assert.deepEqual(await p.told(partly), ["created", "authorized", "processing", "partially_completed"]);
  const failed = await ended("failed", "failed");
  const { status, failure_code } = await p.read(failed);
  assert.deepEqual([status, failure_code], ["failed", "account_closed"]);
  assert.deepEqual(await p.told(failed), ["created", "authorized", "processing", "failed"]);
  const denied = await ended("denied", "denied");
  assert.deepEqual(
    [(await p.read(denied)).status, (await p.read(denied))["failure_code"]],
    ["failed", "access_denied"],
  );
  assert.deepEqual(await p.told(denied), ["created", "failed"]);
  const half = await ended("denied", "completed");
  assert.equal((await p.read(half)).status, "partially_completed");
});

test("canceling takes back what nobody has authorized, and nothing else", async () => {
  const untouched = await p.payBatch(["1", "2"]);
  assert.equal(object(await cancel(untouched.id)).status, "canceled");
  assert.deepEqual(await p.told(untouched.id), ["created", "canceled"]);
  isError(await cancel(untouched.id), 400, "invalid_state");

  const begun = await p.payBatch(["1", "2"]);
  await p.visit(begun.id);
  assert.equal(object(await cancel(begun.id)).status, "authorized");
  await submitAll(begun.id);
  await settle(begun.id, ["completed"]);
  assert.equal((await p.read(begun.id)).status, "partially_completed");
  assert.deepEqual(await p.told(begun.id), ["created", "authorized", "processing", "partially_completed"]);

  const paid = await ended("completed");
  isError(await cancel(paid), 400, "invalid_state");
  const denied = await ended("denied");
  isError(await cancel(denied), 400, "invalid_state");
  isError(await cancel("bp_none"), 404, "resource_missing");
});

test("one payment of a batch can be canceled by itself", async () => {
  const { id } = await p.payBatch(["1", "2"]);
  const [first] = await paymentsOf(id);
  object(await p.ask(`/payments/${first?.id}/cancel`, { method: "POST" }));
  assert.equal((await p.read(id)).status, "pending");
  await p.visit(id);
  assert.equal((await p.read(id)).status, "authorized");
});

test("a batch that nobody authorizes expires", async () => {
  const { id } = await p.payBatch(["1", "2"]);
  p.pass({ hours: 7 * 24 });
  await p.sweep();
  assert.equal((await p.read(id)).status, "expired");
  assert.deepEqual(await p.told(id), ["created", "expired"]);
  isError(await cancel(id), 400, "invalid_state");
});

test("what is wrong with one payment is named, and nothing of the batch is made", async () => {
  const before = listOf(await p.ask("/payments")).total;
  const post = (fields: Record<string, string>) =>
    p.ask("/batch_payments", {
      form: {
        customer: p.customer,
        currency: "gbp",
        return_url: "https://shop.example/",
        "payments[0][amount]": "1",
        "payments[0][reference]": "A",
        "payments[0][recipient][name]": "Ann",
        "payments[0][recipient][sort_code]": "040004",
        "payments[0][recipient][account_number]": "12345678",
        ...fields,
      },
    });
  isError(await post({ "payments[1][amount]": "2" }), 400, "missing_parameter", "payments[1][reference]");
  const second = { "payments[1][reference]": "B", "payments[1][recipient][name]": "Bob" };
  isError(
    await post({ ...second, "payments[1][amount]": "0", "payments[1][recipient][iban]": "x" }),
    400,
    "invalid_parameter",
    "payments[1][amount]",
  );
  isError(
    await post({ ...second, "payments[1][amount]": "5", "payments[1][recipient][iban]": "x" }),
    400,
    "invalid_parameter",
    "payments[1][recipient][iban]",
  );
  const none = { customer: p.customer, currency: "gbp", return_url: "https://shop.example/" };
  isError(await p.ask("/batch_payments", { form: none }), 400, "missing_parameter", "payments");
  isError(
    await p.ask("/batch_payments", { json: { ...none, payments: [] } }),
    400,
    "invalid_parameter",
    "payments",
  );
  const one = { amount: 1, reference: "A", recipient: { name: "A", iban: "GB82WEST12345698765432" } };
  const many = Array.from({ length: 51 }, () => one);
  isError(
    await p.ask("/batch_payments", { json: { ...none, payments: many } }),
    400,
    "invalid_parameter",
    "payments",
  );
  assert.equal(listOf(await p.ask("/payments")).total, before);
});

test("batches are listed and filtered; those of others are absent", async () => {
  const own = object(await p.ask("/customers", { form: { name: "Lister" } })).id;
  const first = await p.payBatch(["1"], { customer: own });
  const second = await p.payBatch(["1", "2"], { customer: own });
  const list = async (query: string) =>
    listOf(await p.ask(`/batch_payments?customer=${own}${query}`)).data.map(({ id }) => id);
  assert.deepEqual(await list(""), [second.id, first.id]);
  object(await cancel(first.id));
  assert.deepEqual(await list("&status=canceled"), [first.id]);
  const { data } = listOf(await p.ask(`/payments?batch_payment=${second.id}`));
  assert.deepEqual(
    data.map(({ id }) => id),
    (await paymentsOf(second.id)).map(({ id }) => id).toReversed(),
  );
  const { credentials: as } = await p.http.newEnvironment();
  for (const path of ["", "/payments"])
    isError(await p.ask(`/batch_payments/${second.id}${path}`, { as }), 404, "resource_missing");
  isError(
    await p.ask(`/batch_payments/${second.id}/cancel`, { method: "POST", as }),
    404,
    "resource_missing",
  );
  assert.equal(listOf(await p.ask("/batch_payments", { as })).total, 0);
});

test("the caller's Idempotency-Key makes one batch", async () => {
  const headers = { "idempotency-key": newIdempotencyKey() };
  const json = {
    customer: p.customer,
    currency: "gbp",
    return_url: "https://shop.example/",
    payments: [{ amount: 1, reference: "A", recipient: { name: "A", iban: "GB82WEST12345698765432" } }],
  };
  const [first, second] = await Promise.all([1, 2].map(() => p.ask("/batch_payments", { json, headers })));
  assert.ok(first && second);
  assert.equal(object(first).id, object(second).id);
});

test("payments of one batch that change at the same time lose no change", async () => {
  const { id } = await p.payBatch(["1", "2", "3", "4"]);
  for (let n = 0; n < 4; n++) await p.visit(id);
  p.bank.nextPaymentStatus = "completed";
  await Promise.all((await paymentsOf(id)).map((payment) => p.advance(payment.id)));
  p.bank.nextPaymentStatus = "executed";
  assert.equal((await p.read(id)).status, "completed");
  assert.deepEqual(await p.told(id), ["created", "authorized", "processing", "completed"]);
});
