/** A bank that is slow, out of order, or forgetful, and callers that come twice: one payment, and its true status. */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { lookAtNotified } from "../src/connect/payments/jobs.ts";
import { TRIP_TARGETS } from "../src/connect/trip-targets.ts";
import { returnFromBank } from "../src/connect/trips.ts";
import { begin, openPayments, type Payments } from "./payments-setup.ts";

let p: Payments;
before(async () => {
  p = await openPayments();
});
beforeEach(() => {
  p.bank.hook = null;
  p.bank.calls.length = 0;
});
after(() => p.close());

const calls = (method: string) => p.bank.calls.filter((call) => call === method).length;
/** Payments that the bank made for this one of ours. */
const madeFor = (id: string) =>
  [...p.bank.payments.values()].filter(({ instruction }) => instruction.endToEndId === id);
/** The bank made one, under our key, and we know which. */
async function isMadeOnce(id: string): Promise<void> {
  const { bank_payment_id, payment_key } = await p.row(id);
  assert.deepEqual(
    madeFor(id).map(({ bankPaymentId, idempotencyKey }) => [bankPaymentId, idempotencyKey]),
    [[bank_payment_id, payment_key]],
  );
}
const authorized = async () => (await p.inStatus("authorized")).id;

async function settle(id: string, status: "completed" | "failed"): Promise<void> {
  const { bank_payment_id } = await p.row(id);
  p.bank.settlePayment(bank_payment_id ?? "", status);
}

test("a bank that takes it and does not answer is asked with the same key, and made one payment", async () => {
  const id = await authorized();
  for (let n = 0; n < 3; n++) {
    p.bank.loseNext("pis.pay");
    await p.advanceWhenDue(id);
    assert.equal((await p.read(id)).status, "authorized");
    assert.ok((await p.row(id)).submitted_at, "we know that it may have been taken");
  }
  await p.advanceWhenDue(id);
  assert.equal((await p.read(id)).status, "executed");
  assert.equal(calls("pis.pay"), 4);
  await isMadeOnce(id);
});

test("a bank that is down before it takes it is asked again, ever more rarely", async () => {
  const id = await authorized();
  p.bank.failNext("pis.pay", "unavailable", { times: 6 });
  const waits: number[] = [];
  for (let n = 0; n < 6; n++) {
    await p.advanceWhenDue(id);
    const { check_at } = await p.row(id);
    waits.push(
      p.connect
        .clock()
        .until(check_at ?? p.connect.clock())
        .total("seconds"),
    );
  }
  assert.deepEqual(waits, [2, 5, 10, 30, 60, 120]);
  await p.advanceWhenDue(id);
  assert.equal((await p.read(id)).status, "executed");
  await isMadeOnce(id);
});

test("a bank's Retry-After is kept", async () => {
  const id = await authorized();
  p.bank.failNext("pis.pay", "rate_limited", { retryAfterS: 90 });
  await p.advanceWhenDue(id);
  const { check_at } = await p.row(id);
  assert.equal(
    p.connect
      .clock()
      .until(check_at ?? p.connect.clock())
      .total("seconds"),
    90,
  );
  await p.advance(id);
  assert.equal(calls("pis.pay"), 1, "not before");
  await p.advanceWhenDue(id);
  assert.equal((await p.read(id)).status, "executed");
});

test("an answer that cannot be believed is no answer", async () => {
  const id = await authorized();
  p.bank.failNext("pis.pay", "invalid_answer");
  await p.advanceWhenDue(id);
  assert.equal((await p.read(id)).status, "authorized");
  await p.advanceWhenDue(id);
  assert.equal((await p.read(id)).status, "executed");
  await isMadeOnce(id);
});

test("a no right after a lost answer is not believed while the first request may still be at work", async () => {
  const id = await authorized();
  p.bank.failNext("pis.pay", "unavailable");
  await p.advanceWhenDue(id);
  p.bank.failNext("pis.pay", "refused");
  await p.advanceWhenDue(id);
  assert.equal((await p.read(id)).status, "authorized");
  p.bank.failNext("pis.pay", "refused");
  p.pass({ minutes: 11 });
  await p.advanceWhenDue(id);
  assert.equal((await p.read(id)).status, "failed");
  assert.equal(madeFor(id).length, 0);
});

test("a bank that forgot its answer says by the consent that it was paid", async () => {
  const id = await authorized();
  p.bank.loseNext("pis.pay");
  await p.advanceWhenDue(id);
  p.bank.failNext("pis.pay", "refused");
  await p.advanceWhenDue(id);
  assert.equal((await p.read(id)).status, "executed");
  assert.deepEqual(await p.told(id), ["created", "authorized", "executed"]);
  assert.equal(madeFor(id).length, 1);
  assert.equal((await p.row(id)).check_at, null, "nobody can be asked: the log says so");
});

test("after the bank's idempotency window nothing is submitted again: the consent tells", async () => {
  const paid = await authorized();
  p.bank.loseNext("pis.pay");
  await p.advanceWhenDue(paid);
  const unpaid = await authorized();
  p.bank.failNext("pis.pay", "unavailable");
  await p.advanceWhenDue(unpaid);
  p.pass({ hours: 23, minutes: 1 });
  p.bank.calls.length = 0;
  await p.advance(paid);
  await p.advance(unpaid);
  assert.deepEqual([...new Set(p.bank.calls)], ["pis.readConsent"]);
  assert.equal((await p.read(paid)).status, "executed");
  const failed = await p.read(unpaid);
  assert.deepEqual([failed.status, failed["failure_code"]], ["failed", "unavailable"]);
});

test("where neither the payment nor the consent can be read, nothing is decided", async () => {
  const id = await authorized();
  p.bank.failNext("pis.pay", "refused");
  p.bank.failNext("pis.readConsent", "unavailable");
  await p.advanceWhenDue(id);
  assert.equal((await p.read(id)).status, "authorized");
  p.pass({ minutes: 11 });
  p.bank.failNext("pis.pay", "refused");
  await p.advanceWhenDue(id);
  assert.equal((await p.read(id)).status, "failed");
});

test("a grant that has run out is renewed; one that cannot be ends the payment unpaid", async () => {
  const id = await authorized();
  p.pass({ minutes: 6 });
  await p.advanceWhenDue(id);
  assert.equal((await p.read(id)).status, "executed");
  assert.equal(calls("refresh"), 1);
  const other = await authorized();
  p.pass({ minutes: 6 });
  p.bank.failNext("refresh", "grant_ended");
  await p.advanceWhenDue(other);
  const failed = await p.read(other);
  assert.deepEqual([failed.status, failed["failure_code"]], ["failed", "grant_ended"]);
  assert.equal(madeFor(other).length, 0);
});

test("answers that come out of order lead no payment back", async () => {
  const { id } = await p.inStatus("executed");
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
  const { promise: reading, resolve: reads } = Promise.withResolvers<void>();
  let first = true;
  p.bank.hook = async (method, phase) => {
    if (method !== "pis.read" || phase !== "after" || !first) return;
    first = false;
    reads();
    await held;
  };
  const slow = p.advance(id, true);
  await reading;
  await settle(id, "completed");
  await p.advance(id, true);
  assert.equal((await p.read(id)).status, "completed");
  letGo();
  await slow;
  assert.equal((await p.read(id)).status, "completed");
  assert.deepEqual(await p.told(id), ["created", "authorized", "executed", "completed"]);
});

test("notifications are news, not truth; twice is as once", async () => {
  const { id } = await p.inStatus("executed");
  const { bank_payment_id: bankPaymentId, bank_consent_id: bankConsentId } = await p.row(id);
  const jobs = async () => {
    const { rows } = await p.http.database.pool.query<{ n: number }>(
      "select count(*)::int as n from graphile_worker.jobs where key = $1",
      [`payment-news:${id}`],
    );
    return rows[0]?.n;
  };
  const notify = (what: { bankPaymentId: string | null; bankConsentId: string | null }) =>
    lookAtNotified(p.connect, "fakebank", what);
  assert.equal(await notify({ bankPaymentId: "pay-unknown", bankConsentId: null }), false);
  assert.equal(await notify({ bankPaymentId: null, bankConsentId: null }), false);
  assert.equal(await jobs(), 0);
  for (let n = 0; n < 3; n++) assert.equal(await notify({ bankPaymentId, bankConsentId: null }), true);
  assert.equal(await notify({ bankPaymentId: null, bankConsentId }), true);
  assert.equal(await jobs(), 1);
  await p.advance(id, true);
  assert.equal((await p.read(id)).status, "executed", "the bank itself says that nothing has changed");
  await settle(id, "completed");
  await Promise.all([p.advance(id, true), p.advance(id, true), p.advance(id, true)]);
  assert.deepEqual(await p.told(id), ["created", "authorized", "executed", "completed"]);
});

test("a callback that is clicked twice authorizes once", async () => {
  const { id } = await p.pay();
  const { url, browser } = await begin(p, id);
  const callback = p.bank.visit(url);
  const come = () => returnFromBank(p.connect, TRIP_TARGETS, { provider: "fakebank", callback, browser });
  const answers = await Promise.all([come(), come(), come()]);
  assert.ok(answers.every((answer) => answer.is === "decided" || answer.is === "working"));
  assert.equal((await come()).is, "decided");
  assert.equal(calls("redeem"), 1);
  assert.deepEqual(await p.told(id), ["created", "authorized"]);
  await p.advanceWhenDue(id);
  await isMadeOnce(id);
});

test("cut off on the way back, the customer begins again with another consent, and pays once", async () => {
  const { id } = await p.pay();
  const first = await begin(p, id);
  const callback = p.bank.visit(first.url);
  p.bank.loseNext("redeem");
  const back = await returnFromBank(p.connect, TRIP_TARGETS, {
    provider: "fakebank",
    callback,
    browser: first.browser,
  });
  assert.equal(back.is, "again");
  const { consent_key, bank_consent_id } = await p.row(id);
  assert.equal((await p.visit(id)).is, "decided");
  const after = await p.row(id);
  assert.notEqual(after.consent_key, consent_key);
  assert.notEqual(after.bank_consent_id, bank_consent_id);
  await p.advanceWhenDue(id);
  await isMadeOnce(id);
});

test("a lost answer to the consent leads to the same consent", async () => {
  const { id } = await p.pay();
  p.bank.loseNext("pis.createConsent");
  await assert.rejects(begin(p, id), /unavailable/);
  assert.equal((await p.row(id)).bank_consent_id, null);
  await p.visit(id);
  const { consent_key } = await p.row(id);
  const consents = [...p.bank.consents.values()].filter(
    ({ idempotencyKey }) => idempotencyKey === consent_key,
  );
  assert.equal(consents.length, 1);
  assert.equal((await p.read(id)).status, "authorized");
});

test("two tabs at the bank at once share one consent, and pay once", async () => {
  const { id } = await p.pay();
  const [one, two] = await Promise.all([begin(p, id), begin(p, id)]);
  assert.equal(one.url.searchParams.get("consent"), two.url.searchParams.get("consent"));
  const come = (url: URL, browser: string) =>
    returnFromBank(p.connect, TRIP_TARGETS, { provider: "fakebank", callback: p.bank.visit(url), browser });
  await come(one.url, one.browser);
  await come(two.url, two.browser);
  assert.deepEqual(await p.told(id), ["created", "authorized"]);
  await p.advanceWhenDue(id);
  await isMadeOnce(id);
});

test("a payment whose bank was taken out of the configuration waits", async () => {
  const id = await authorized();
  const { provider, providers } = p.bank;
  providers.find = () => null;
  await p.advanceWhenDue(id);
  providers.find = () => provider;
  assert.equal((await p.read(id)).status, "authorized");
  await p.advanceWhenDue(id);
  assert.equal((await p.read(id)).status, "executed");
});

test("the sweep finds what no job looks at any more", async () => {
  const id = await authorized();
  await p.http.database.pool.query("delete from graphile_worker._private_jobs");
  await p.sweep();
  const { rows } = await p.http.database.pool.query("select from graphile_worker.jobs where key = $1", [`payment:${id}`]); // prettier-ignore
  assert.equal(rows.length, 1);
});

test("authorized at the bank, but the browser never came back: it begins again with another consent", async () => {
  const { id } = await p.pay();
  const first = await begin(p, id);
  p.bank.visit(first.url);
  const again = await begin(p, id, null, first.browser);
  assert.notEqual(again.url.searchParams.get("consent"), first.url.searchParams.get("consent"));
  const callback = p.bank.visit(again.url);
  await returnFromBank(p.connect, TRIP_TARGETS, { provider: "fakebank", callback, browser: again.browser });
  await p.advanceWhenDue(id);
  assert.equal((await p.read(id)).status, "executed");
  await isMadeOnce(id);
});

test("another bank is chosen: what was begun at the first pays nothing", async () => {
  const { id } = await p.pay({ provider: "" });
  const first = await begin(p, id, "fakebank");
  const { provider, providers } = p.bank;
  providers.find = (wanted) => (wanted === "other" ? { ...provider, id: "other" } : provider);
  const second = await begin(p, id, "other");
  assert.notEqual(second.url.searchParams.get("consent"), first.url.searchParams.get("consent"));
  const callback = p.bank.visit(first.url);
  await returnFromBank(p.connect, TRIP_TARGETS, { provider: "fakebank", callback, browser: first.browser });
  assert.equal((await p.read(id)).status, "pending");
  const there = p.bank.visit(second.url);
  await returnFromBank(p.connect, TRIP_TARGETS, {
    provider: "other",
    callback: there,
    browser: second.browser,
  });
  await p.advanceWhenDue(id);
  providers.find = () => provider;
  assert.deepEqual([(await p.read(id)).status, (await p.read(id))["provider"]], ["executed", "other"]);
  await isMadeOnce(id);
});

test("the payer's account goes to the bank as it was when the payment was made", async () => {
  const at = p.connect.clock();
  const { id: customerId } = await p.connect.db
    .selectFrom("customers")
    .select("id")
    .where("public_id", "=", p.customer)
    .executeTakeFirstOrThrow();
  await p.connect.db
    .insertInto("bank_accounts")
    .values({
      env_id: p.env.id,
      public_id: "ba_payer",
      customer_id: customerId,
      provider: "fakebank",
      bank_ref: "a-1",
      fingerprint: "f",
      holder_name: "Payer Before",
      currency: "gbp",
      identification: JSON.stringify({ sort_code: "20-00-00", account_number: "87654321" }),
      created_at: at,
      updated_at: at,
    })
    .execute();
  const { id, ...made } = await p.pay({ provider: "", bank_account: "ba_payer" });
  assert.deepEqual(
    [made["bank_account"], made["provider"], made.status],
    ["ba_payer", "fakebank", "pending"],
  );
  await p.visit(id);
  p.bank.loseNext("pis.pay");
  await p.advanceWhenDue(id);
  await p.connect.db
    .updateTable("bank_accounts")
    .set({ holder_name: "Payer After" })
    .where("env_id", "=", p.env.id)
    .execute();
  await p.advanceWhenDue(id);
  assert.equal((await p.read(id)).status, "executed");
  const [paid] = madeFor(id);
  assert.deepEqual(paid?.instruction.debtor, {
    sortCode: "20-00-00",
    accountNumber: "87654321",
    name: "Payer Before",
  });
});
