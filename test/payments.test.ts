/** Payments over HTTP: what is asked for, what is answered, and every change of status (reference §6, ruling 17). */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { paymentTrip } from "../src/connect/payments/trip.ts";
import { TRIP_TARGETS } from "../src/connect/trip-targets.ts";
import { returnFromBank } from "../src/connect/trips.ts";
import { eventsOfResource } from "../src/store/events.ts";
import { isError, record } from "./openbanking-setup.ts";
import {
  begin,
  FIELDS,
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

const form = (fields: Record<string, string | null> = {}) =>
  Object.entries({ customer: p.customer, ...FIELDS, ...fields }).filter(
    (pair): pair is [string, string] => pair[1] !== null,
  );

test("a payment is answered as it was asked for, and read and told the same way", async () => {
  const made = object(
    await p.ask("/payments", { form: form({ "metadata[order]": "17", description: "A bicycle" }) }),
  );
  const { id, redirect, ...rest } = made;
  assert.match(id, /^pmt_[0-9A-Za-z]{22}$/);
  assert.deepEqual(rest, {
    object: "payment",
    created_at: START,
    updated_at: START,
    customer: p.customer,
    vendor: null,
    provider: null,
    bank_account: null,
    batch_payment: null,
    amount: 250.5,
    currency: "gbp",
    reference: "INVOICE 17",
    description: "A bicycle",
    recipient: {
      name: "Ann Example",
      identification: { sort_code: "04-00-04", account_number: "12345678" },
    },
    status: "new",
    authed_at: null,
    executed_at: null,
    completed_at: null,
    expires_at: "2026-02-06T12:44:55Z",
    failure_code: null,
    failure_message: null,
    metadata: { order: "17" },
  });
  const { return_url, consent_url } = record(redirect);
  assert.equal(return_url, FIELDS.return_url);
  assert.match(String(consent_url), /^http:\/\/localhost:8080\/p\/[0-9A-Za-z]{24}$/);
  assert.deepEqual(await p.read(id), made);
  const [event] = await eventsOfResource(p.connect.db, p.env.id, `payment:${id}`, "event");
  assert.equal(event?.type, "payment.created");
  // The page's address is worth the customer's hand: no event holds it.
  assert.deepEqual(record(record(event.body)["data"])["object"], { id, ...rest, redirect: null });
});

test("JSON and IBANs are taken, a named bank makes it pending, a vendor pays as a customer does", async () => {
  const { id: vendor } = object(await p.ask("/vendors", { form: { name: "Vendor Example" } }));
  const json = {
    vendor,
    amount: 0.29,
    currency: "eur",
    reference: "A/B-1",
    recipient: { name: "Ann", iban: "de89 3704 0044 0532 0130 00" },
    provider: p.bank.provider.id,
    return_url: "http://localhost:3000/back",
  };
  const made = object(await p.ask("/payments", { json }));
  assert.deepEqual(
    [made.status, made["amount"], made["vendor"], made["customer"], made["provider"]],
    ["pending", 0.29, vendor, null, "fakebank"],
  );
  assert.deepEqual(made["recipient"], { name: "Ann", identification: { iban: "DE89370400440532013000" } });
  assert.equal((await p.row(made.id)).amount, 29n);
});

test("what is wrong is named, and nothing is made", async () => {
  const { total } = listOf(await p.ask("/payments"));
  const other = await p.http.newEnvironment();
  const theirs = object(await p.ask("/customers", { form: { name: "X" }, as: other.credentials })).id;
  const faults: [Record<string, string | null>, number, string, string | undefined][] = [
    [{ customer: null }, 400, "missing_identity", undefined],
    [{ vendor: "vnd_x" }, 400, "invalid_parameter", "vendor"],
    [{ customer: theirs }, 404, "resource_missing", "customer"],
    [{ amount: null }, 400, "missing_parameter", "amount"],
    [{ amount: "1.005" }, 400, "invalid_parameter", "amount"],
    [{ amount: "0" }, 400, "invalid_parameter", "amount"],
    [{ amount: "-5" }, 400, "invalid_parameter", "amount"],
    [{ amount: "1e3" }, 400, "invalid_parameter", "amount"],
    [{ amount: "1000000.01" }, 400, "invalid_parameter", "amount"],
    [{ currency: "xyz" }, 400, "invalid_parameter", "currency"],
    [{ currency: null }, 400, "missing_parameter", "currency"],
    [{ currency: "eur" }, 400, "invalid_parameter", "recipient[sort_code]"],
    [{ reference: null }, 400, "missing_parameter", "reference"],
    [{ reference: "19 characters long!" }, 400, "invalid_parameter", "reference"],
    [{ reference: "naïve" }, 400, "invalid_parameter", "reference"],
    [{ "recipient[name]": null }, 400, "missing_parameter", "recipient[name]"],
    [{ "recipient[sort_code]": "1234" }, 400, "invalid_parameter", "recipient[sort_code]"],
    [{ "recipient[account_number]": "1234567" }, 400, "invalid_parameter", "recipient[account_number]"],
    [{ "recipient[iban]": "GB82WEST12345698765432" }, 400, "invalid_parameter", "recipient[iban]"],
    [{ provider: "nobank" }, 400, "invalid_parameter", "provider"],
    [{ bank_account: "ba_none" }, 404, "resource_missing", "bank_account"],
    [{ return_url: null }, 400, "missing_parameter", "return_url"],
    [{ return_url: "ftp://shop.example" }, 400, "invalid_parameter", "return_url"],
  ];
  for (const [fields, status, code, param] of faults)
    isError(await p.ask("/payments", { form: form(fields) }), status, code, param);
  assert.equal(listOf(await p.ask("/payments")).total, total);
});

test("a payment goes from status to status, each told once and in order", async () => {
  const { id } = await p.pay({ provider: "" });
  assert.equal((await p.read(id)).status, "new");
  const { url, browser } = await begin(p, id, p.bank.provider.id);
  assert.ok(browser);
  assert.equal((await p.read(id)).status, "pending");
  assert.ok(url.searchParams.get("consent"));
  p.pass({ seconds: 5 });
  const back = await p.visit(id);
  assert.equal(back.is, "decided");
  const authorized = await p.read(id);
  assert.equal(authorized.status, "authorized");
  assert.equal(authorized["authed_at"], p.connect.clock().toString({ smallestUnit: "second" }));
  assert.equal(p.made(), 0, "authorized is not yet paid");
  await p.advanceWhenDue(id);
  const executed = await p.read(id);
  assert.equal(executed.status, "executed");
  assert.notEqual(executed["executed_at"], null);
  assert.equal(p.made(), 1);
  await p.advanceWhenDue(id);
  assert.equal((await p.read(id)).status, "executed");
  const { bank_payment_id, tokens } = await p.row(id);
  assert.equal(tokens, null, "the grant is of no more use");
  p.bank.settlePayment(bank_payment_id ?? "", "completed");
  await p.advanceWhenDue(id);
  const completed = await p.read(id);
  assert.equal(completed.status, "completed");
  assert.notEqual(completed["completed_at"], null);
  assert.deepEqual(await p.told(id), ["created", "authorized", "executed", "completed"]);
  assert.equal((await p.row(id)).check_at, null);
});

test("one that the bank settles at once is told as executed and completed", async () => {
  const { id } = await p.inStatus("completed");
  assert.deepEqual(await p.told(id), ["created", "authorized", "executed", "completed"]);
});

test("the bank may refuse it when it is asked, and after it has taken it", async () => {
  const before = p.made();
  const { id } = await p.inStatus("authorized");
  p.bank.failNext("pis.pay", "refused");
  await p.advanceWhenDue(id);
  const refused = await p.read(id);
  assert.deepEqual([refused.status, refused["failure_code"]], ["failed", "refused"]);
  assert.equal(typeof refused["failure_message"], "string");
  assert.equal(p.made(), before);
  assert.deepEqual(await p.told(id), ["created", "authorized", "failed"]);

  const taken = await p.inStatus("executed");
  const { bank_payment_id } = await p.row(taken.id);
  p.bank.settlePayment(bank_payment_id ?? "", "failed", "insufficient_funds");
  await p.advanceWhenDue(taken.id);
  const failed = await p.read(taken.id);
  assert.deepEqual([failed.status, failed["failure_code"]], ["failed", "insufficient_funds"]);
  assert.deepEqual(await p.told(taken.id), ["created", "authorized", "executed", "failed"]);
});

test("the customer may refuse it at the bank; then the way back says so", async () => {
  const { id } = await p.pay();
  const back = await p.visit(id, "deny");
  const refused = await p.read(id);
  assert.deepEqual([refused.status, refused["failure_code"]], ["failed", "access_denied"]);
  assert.deepEqual(await p.told(id), ["created", "failed"]);
  assert.ok(back.is === "decided");
  const landing = new URL(await paymentTrip.landing(p.connect, p.env, back.trip));
  assert.equal(landing.origin + landing.pathname, "https://shop.example/paid");
  const { order, fx_payment, error, fx_signature } = Object.fromEntries(landing.searchParams);
  assert.deepEqual({ order, fx_payment, error }, { order: "17", fx_payment: id, error: "access_denied" });
  assert.match(fx_signature ?? "", /^[0-9a-f]{64}$/);
});

test("what nobody authorizes expires, and its page leads nowhere then", async () => {
  const { id } = await p.pay();
  const { url, browser } = await begin(p, id);
  p.pass({ hours: 7 * 24 - 1 });
  await p.sweep();
  assert.equal((await p.read(id)).status, "pending");
  p.pass({ hours: 1 });
  await p.sweep();
  assert.equal((await p.read(id)).status, "expired");
  assert.deepEqual(await p.told(id), ["created", "expired"]);
  await assert.rejects(begin(p, id), { code: "invalid_state" });
  assert.ok(url && browser);
});

test("it can be canceled before it is authorized, and never after", async () => {
  for (const status of ["new", "pending"]) {
    const { id } = await p.inStatus(status);
    const canceled = object(await p.ask(`/payments/${id}/cancel`, { method: "POST" }));
    assert.equal(canceled.status, "canceled");
    assert.deepEqual(await p.told(id), ["created", "canceled"]);
  }
  for (const status of ["authorized", "executed", "completed", "failed", "canceled", "expired"]) {
    const payment = await p.inStatus(status);
    const told = await p.told(payment.id);
    isError(await p.ask(`/payments/${payment.id}/cancel`, { method: "POST" }), 400, "invalid_state");
    assert.deepEqual(await p.read(payment.id), payment, status);
    assert.deepEqual(await p.told(payment.id), told);
  }
});

test("canceled while the customer is at the bank: their yes pays nothing", async () => {
  const made = p.made();
  const { id } = await p.pay();
  const { url, browser } = await begin(p, id);
  object(await p.ask(`/payments/${id}/cancel`, { method: "POST" }));
  const callback = p.bank.visit(url);
  await returnFromBank(p.connect, TRIP_TARGETS, { provider: "fakebank", callback, browser });
  await p.advance(id);
  assert.equal((await p.read(id)).status, "canceled");
  assert.equal(p.made(), made);
});

test("a final payment does not go back, whatever a bank says later", async () => {
  const { id } = await p.inStatus("completed");
  const { bank_payment_id } = await p.row(id);
  p.bank.settlePayment(bank_payment_id ?? "", "failed", "late");
  await p.advance(id, true);
  await p.sweep();
  assert.equal((await p.read(id)).status, "completed");
});

test("unknown payments and those of others are absent", async () => {
  const { id } = await p.pay();
  const { credentials } = await p.http.newEnvironment();
  isError(await p.ask("/payments/pmt_none"), 404, "resource_missing");
  isError(await p.ask(`/payments/${id}`, { as: credentials }), 404, "resource_missing");
  isError(
    await p.ask(`/payments/${id}/cancel`, { method: "POST", as: credentials }),
    404,
    "resource_missing",
  );
  assert.equal(listOf(await p.ask("/payments", { as: credentials })).total, 0);
  isError(await p.ask(`/payments/${id}`, { method: "DELETE" }), 404, "resource_missing");
});

test("lists filter, and their pages hold each payment once", async () => {
  const own = object(await p.ask("/customers", { form: { name: "Lister" } })).id;
  p.pass({ hours: 1 });
  const ids: string[] = [];
  for (let n = 0; n < 7; n++) {
    ids.unshift((await p.pay({ customer: own, amount: `${n + 1}` })).id);
    p.pass({ seconds: 10 });
  }
  const seen: string[] = [];
  let path: string | null = `/payments?customer=${own}&limit=3`;
  while (path !== null) {
    const page: ReturnType<typeof listOf> = listOf(await p.ask(path));
    assert.equal(page.total, 7);
    seen.push(...page.data.map(({ id }) => id));
    path = page.next;
  }
  assert.deepEqual(seen, ids);
  object(await p.ask(`/payments/${ids[2]}/cancel`, { method: "POST" }));
  const only = async (query: string) =>
    listOf(await p.ask(`/payments?customer=${own}&${query}`)).data.map(({ id }) => id);
  assert.deepEqual(await only("status=canceled"), [ids[2]]);
  const [, second, , , fifth] = await Promise.all(ids.map((id) => p.read(id)));
  assert.deepEqual(
    await only(
      `timestamp.gte=${String(fifth?.["created_at"])}&timestamp.lte=${String(second?.["created_at"])}`,
    ),
    ids.slice(1, 5),
  );
  isError(await p.ask("/payments?status=paid"), 400, "invalid_parameter", "status");
  isError(await p.ask("/payments?batch_payment=bp_none"), 404, "resource_missing", "batch_payment");
});

test("the caller's Idempotency-Key makes one payment; the bank never sees it", async () => {
  const key = newIdempotencyKey();
  const fields = form({ provider: "fakebank" });
  const ask = () => p.ask("/payments", { form: fields, headers: { "idempotency-key": key } });
  const [first, second, third] = [...(await Promise.all([ask(), ask()])), await ask()];
  const { id } = object(first);
  assert.equal(second.text, first.text);
  assert.equal(third.text, first.text);
  assert.equal(third.headers.get("idempotent-replayed"), "true");
  const other = form({ amount: "1", provider: "fakebank" });
  isError(
    await p.ask("/payments", { form: other, headers: { "idempotency-key": key } }),
    409,
    "idempotency_conflict",
  );
  await p.visit(id);
  await p.advanceWhenDue(id);
  assert.equal((await ask()).text, first.text, "the first answer, although it has gone on");
  const { consent_key, payment_key, bank_payment_id } = await p.row(id);
  const sent = p.bank.payments.get(bank_payment_id ?? "")?.idempotencyKey;
  assert.equal(sent, payment_key);
  assert.equal(new Set([key, consent_key, payment_key]).size, 3);
  assert.ok(payment_key.length <= 40 && consent_key.length <= 40);
});

test("the recipient is unreadable at rest, and no grant is in any event", async () => {
  const { id } = await p.inStatus("completed");
  const { rows } = await p.http.database.pool.query<{ text: string }>(
    "select encode(recipient, 'escape') as text from payments where public_id = $1",
    [id],
  );
  assert.doesNotMatch(rows[0]?.text ?? "", /Ann|Example|12345678/);
  const events = await p.http.database.pool.query<{ text: string }>(
    "select convert_from(body, 'utf8') as text from event_bodies",
  );
  assert.ok(events.rows.length > 10);
  for (const secret of p.bank.secrets) for (const { text } of events.rows) assert.ok(!text.includes(secret));
});
