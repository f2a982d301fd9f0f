/** Consents over HTTP: fields, every transition and every illegal one (reference §3.2, §8 lines 2, 3 and 10). */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { CONSENT_STEPS } from "../src/connect/consents/states.ts";
import {
  callbackUrl,
  goToBank,
  openConsents,
  pageOf,
  type ConsentBench,
} from "./openbanking-consents-setup.ts";
import { bodyOf, isError, record } from "./openbanking-setup.ts";

let bench: ConsentBench;
before(async () => {
  bench = await openConsents();
});
after(() => bench.close());

test("§8.2: scopes[] and metadata[a] go in; consent_url, status and metadata come out", async () => {
  const customer = await bench.customer();
  const made = bodyOf(
    await bench.ask("/consents", {
      form: [
        ["customer", customer],
        ["provider", "orion"],
        ["scopes[]", "transactions"],
        ["scopes[]", "accounts"],
        ["return_url", "https://app.example/back?state=1"],
        ["retro_date", "2023-04-25"],
        ["metadata[a]", "b"],
      ],
    }),
  );
  assert.match(String(made["id"]), /^cst_[0-9A-Za-z]{22}$/);
  const { redirect, ...rest } = made;
  const { consent_url, return_url } = record(redirect);
  assert.match(String(consent_url), /^http:\/\/localhost:8080\/c\/[0-9A-Za-z]{24}$/);
  assert.equal(return_url, "https://app.example/back?state=1");
  assert.deepEqual(rest, {
    id: made["id"],
    object: "consent",
    created_at: "2024-04-25T10:00:00Z",
    updated_at: "2024-04-25T10:00:00Z",
    authed_at: null,
    renewed_at: null,
    reconfirm_by: null,
    provider: "orion",
    customer,
    vendor: null,
    consent_link: null,
    failure_code: null,
    failure_message: null,
    expiry_date: "2025-04-25",
    retro_date: "2023-04-25",
    scopes: ["accounts", "transactions"],
    status: "pending",
    metadata: { a: "b" },
  });
  assert.deepEqual(await bench.read(made["id"]), made);
  assert.deepEqual(await bench.events(`consent:${String(made["id"])}`), ["consent.created"]);
});

test("§8.3: without scopes[] all three are asked for; without a provider it is new", async () => {
  const made = bodyOf(await bench.ask("/consents", { form: { customer: await bench.customer() } }));
  assert.deepEqual(made["scopes"], ["accounts", "balance", "transactions"]);
  assert.equal(made["status"], "new");
  assert.equal(made["provider"], null);
});

test("a consent belongs to a customer or a vendor, never to both or neither", async () => {
  const customer = await bench.customer();
  const vendor = String(bodyOf(await bench.ask("/vendors", { form: { name: "Sample Ltd" } }))["id"]);
  const made = bodyOf(await bench.ask("/consents", { form: { vendor } }));
  assert.deepEqual([made["customer"], made["vendor"]], [null, vendor]);
  isError(await bench.ask("/consents", { form: {} }), 400, "missing_identity");
  isError(await bench.ask("/consents", { form: { customer, vendor } }), 400, "invalid_parameter", "vendor");
  isError(await bench.ask("/consents", { form: { customer: vendor } }), 404, "resource_missing", "customer");
  const other = await bench.http.newEnvironment();
  const foreign = await bench.ask("/consents", { form: { customer }, as: other.credentials });
  isError(foreign, 404, "resource_missing", "customer");
});

test("what no consent may have is refused by name, and nothing is made", async () => {
  const customer = await bench.customer();
  const cases: [string, Record<string, string>][] = [
    ["scopes", { "scopes[]": "payments" }],
    ["provider", { provider: "no_such_bank" }],
    ["return_url", { return_url: "http://app.example/back" }],
    ["return_url", { return_url: "myapp://back" }],
    ["return_url", { return_url: "https://user:pass@app.example/" }],
    ["retro_date", { retro_date: "2024-04-26" }],
    ["retro_date", { retro_date: "2024-02-30" }],
    ["retro_date", { retro_date: "2001-01-01" }],
    ["expiry_date", { expiry_date: "2024-04-24" }],
    ["expiry_date", { expiry_date: "2044-04-24" }],
    ["expiry_date", { expiry_date: "soon" }],
  ];
  for (const [param, fields] of cases) {
    const answer = await bench.ask("/consents", { form: { customer, ...fields } });
    isError(answer, 400, "invalid_parameter", param);
  }
  const { paging } = bodyOf(await bench.ask(`/consents?customer=${customer}`));
  assert.equal(record(paging)["total"], 0);
  const local = await bench.ask("/consents", {
    form: { customer, return_url: "http://localhost:3000/back" },
  });
  assert.equal(local.status, 200);
});

test("an Idempotency-Key makes one consent", async () => {
  const form = { customer: await bench.customer() };
  const headers = { "idempotency-key": "consent-once" };
  const first = bodyOf(await bench.ask("/consents", { form, headers }));
  assert.deepEqual(bodyOf(await bench.ask("/consents", { form, headers })), first);
});

test("lists filter by customer and status, newest first, and keep the filter in paging.next", async () => {
  const customer = await bench.customer();
  const ids: unknown[] = [];
  for (let i = 0; i < 3; i++) {
    ids.unshift(bodyOf(await bench.ask("/consents", { form: { customer, provider: "orion" } }))["id"]);
  }
  await bench.ask("/consents", { form: { customer } });
  const first = bodyOf(await bench.ask(`/consents?customer=${customer}&status=pending&limit=2`));
  const { next } = record(first["paging"]) as { next: string };
  const second = bodyOf(await bench.ask(next));
  const listed = [first, second].flatMap(({ data }) => data as { id: string }[]).map(({ id }) => id);
  assert.deepEqual(listed, ids);
  assert.equal(record(first["paging"])["total"], 3);
  isError(await bench.ask("/consents?status=revoked"), 400, "invalid_parameter", "status");
});

test("the bank's yes authorizes: tokens sealed, one event, the first sync asked for", async () => {
  const made = await bench.consent({ return_url: "https://app.example/back?state=1" });
  const back = await goToBank(bench, bench.browser(), pageOf(made));
  assert.equal(back.status, 303);
  assert.match(back.next ?? "", /^https:\/\/app\.example\/back\?state=1&fx_consent=cst_/);
  const after = await bench.read(made["id"]);
  assert.equal(after["status"], "authorized");
  assert.equal(after["authed_at"], "2024-04-25T10:00:00Z");
  assert.equal(after["reconfirm_by"], "2024-07-24");
  assert.deepEqual(await bench.events(`consent:${String(made["id"])}`), [
    "consent.created",
    "consent.authorized",
  ]);
  const syncs = await bench.jobs("sync_consent");
  assert.ok(syncs.some(({ consent }) => consent === made["id"]));
  const { rows } = await bench.http.database.pool.query<{ tokens: Buffer; body: Buffer }>(
    `select c.tokens, b.body from consents c join events e on e.resource = 'consent:' || c.public_id
     join event_bodies b on b.event_id = e.id where c.public_id = $1`,
    [made["id"]],
  );
  assert.equal(rows.length, 2);
  for (const secret of bench.bank.secrets) {
    for (const { tokens, body } of rows) {
      assert.equal(tokens.includes(secret), false);
      assert.equal(body.includes(secret), false);
    }
  }
  // The page's code would let whoever reads a webhook act for the customer.
  const code = pageOf(made).slice("/c/".length);
  for (const { body } of rows) assert.equal(body.includes(code), false);
});

test("the bank's no is failed with access_denied, and final", async () => {
  const made = await bench.consent({ return_url: "https://app.example/back?state=1" });
  const back = await goToBank(bench, bench.browser(), pageOf(made), "deny");
  assert.match(back.next ?? "", /[?&]error=access_denied(&|$)/);
  const after = await bench.read(made["id"]);
  assert.deepEqual([after["status"], after["failure_code"]], ["failed", "access_denied"]);
  assert.equal(typeof after["failure_message"], "string");
  assert.deepEqual(await bench.events(`consent:${String(made["id"])}`), [
    "consent.created",
    "consent.failed",
  ]);
});

test("§8.10: revoke cancels once, erases the tokens and tells the bank; DELETE is 404", async () => {
  const made = await bench.consent();
  await goToBank(bench, bench.browser(), pageOf(made));
  const path = `/consents/${String(made["id"])}`;
  isError(await bench.ask(path, { method: "DELETE" }), 404, "resource_missing");
  const revoked = bodyOf(await bench.ask(`${path}/revoke`, { method: "POST" }));
  assert.equal(revoked["status"], "canceled");
  assert.deepEqual(bodyOf(await bench.ask(`${path}/revoke`, { method: "POST" })), revoked);
  assert.deepEqual(await bench.events(`consent:${String(made["id"])}`), [
    "consent.created",
    "consent.authorized",
    "consent.canceled",
  ]);
  const { rows } = await bench.http.database.pool.query<{ tokens: Buffer | null; bank: string }>(
    "select tokens, bank_consent_id as bank from consents where public_id = $1",
    [made["id"]],
  );
  assert.equal(rows[0]?.tokens, null);
  const bankConsent = rows[0]?.bank ?? "";
  const job = (await bench.jobs("revoke_bank_consent")).find((one) => one["bank_consent"] === bankConsent);
  assert.ok(job);
  bench.bank.failNext("ais.revokeConsent", "unavailable");
  await assert.rejects(bench.run("revoke_bank_consent", job), /unavailable/);
  await bench.run("revoke_bank_consent", job);
  assert.equal(bench.bank.consents.get(bankConsent)?.status, "revoked");
});

test("renewed_at confirms again: the status stays, the 90 days begin anew", async () => {
  const made = await bench.consent();
  await goToBank(bench, bench.browser(), pageOf(made));
  const path = `/consents/${String(made["id"])}`;
  bench.setNow("2024-07-20T10:00:00Z");
  const renewed = bodyOf(await bench.ask(path, { form: { renewed_at: "2024-07-20T09:59:00Z" } }));
  assert.deepEqual(
    [renewed["status"], renewed["renewed_at"], renewed["reconfirm_by"]],
    ["authorized", "2024-07-20T09:59:00Z", "2024-10-18"],
  );
  for (const renewed_at of ["2024-07-20T10:06:00Z", "2024-07-20T09:58:59Z", "yesterday"]) {
    isError(await bench.ask(path, { form: { renewed_at } }), 400, "invalid_parameter", "renewed_at");
  }
  assert.equal((await bench.events(`consent:${String(made["id"])}`)).length, 2);
  bench.setNow("2024-04-25T10:00:00.123456Z");
});

test("metadata changes in every status; an empty value removes its name", async () => {
  const made = await bench.consent({ "metadata[a]": "1", "metadata[b]": "2" });
  const path = `/consents/${String(made["id"])}`;
  await bench.ask(`${path}/revoke`, { method: "POST" });
  const changed = bodyOf(await bench.ask(path, { form: { "metadata[a]": "", "metadata[c]": "3" } }));
  assert.deepEqual(changed["metadata"], { b: "2", c: "3" });
  assert.equal(changed["status"], "canceled");
});

/** A consent in each status, by the way that leads there over HTTP. */
const WAYS = {
  new: async () => bodyOf(await bench.ask("/consents", { form: { customer: await bench.customer() } })),
  pending: () => bench.consent(),
  authorized: async () => {
    const made = await bench.consent();
    await goToBank(bench, bench.browser(), pageOf(made));
    return made;
  },
  failed: async () => {
    const made = await bench.consent();
    await bench.browser().post(`${pageOf(made)}/cancel`);
    return made;
  },
  canceled: async () => {
    const made = await bench.consent();
    await bench.ask(`/consents/${String(made["id"])}/revoke`, { method: "POST" });
    return made;
  },
  expired: async () => {
    const made = await bench.consent({ expiry_date: "2024-04-25" });
    await goToBank(bench, bench.browser(), pageOf(made));
    bench.setNow("2024-04-26T00:00:00Z");
    assert.equal((await bench.read(made["id"]))["status"], "expired");
    bench.setNow("2024-04-25T10:00:00.123456Z");
    return made;
  },
};

for (const [status, make] of Object.entries(WAYS)) {
  test(`a consent that is ${status} allows what the table allows, and refuses the rest`, async () => {
    const made = await make();
    const id = String(made["id"]);
    assert.equal((await bench.read(id))["status"], status);
    const may = (step: keyof typeof CONSENT_STEPS) =>
      CONSENT_STEPS[step].from.some((from) => from === status);
    const before = await bench.events(`consent:${id}`);

    const renewal = await bench.ask(`/consents/${id}`, { form: { renewed_at: "2024-04-25T10:00:00Z" } });
    if (may("renew")) assert.equal(renewal.status, 200);
    else isError(renewal, 400, "invalid_state");

    // On the hosted page: to the bank only while it waits.
    const going = await bench.browser().post(pageOf(made), { provider: "orion" });
    assert.equal(going.status, may("choose") ? 200 : 303, going.html);

    const canceled = await bench.ask(`/consents/${id}/revoke`, { method: "POST" });
    if (may("cancel") || status === "canceled") assert.equal(bodyOf(canceled)["status"], "canceled");
    else isError(canceled, 400, "invalid_state");
    const now = may("cancel") ? "canceled" : status;
    assert.equal((await bench.read(id))["status"], now);
    const added = (await bench.events(`consent:${id}`)).slice(before.length);
    assert.deepEqual(added, may("cancel") ? ["consent.canceled"] : []);
  });
}

test("a yes that comes after the revocation changes nothing, and the bank consent is given back", async () => {
  const made = await bench.consent();
  const browser = bench.browser();
  const going = await browser.post(pageOf(made), { provider: "orion" });
  const callback = bench.bank.visit(new URL(going.next ?? ""));
  await bench.ask(`/consents/${String(made["id"])}/revoke`, { method: "POST" });
  assert.equal((await browser.get(callbackUrl(callback))).next, `http://localhost:8080${pageOf(made)}`);
  assert.equal((await bench.read(made["id"]))["status"], "canceled");
  const trips = await bench.jobs("end_bank_trip");
  await bench.run("end_bank_trip", trips.at(-1));
  const job = (await bench.jobs("revoke_bank_consent")).at(-1);
  await bench.run("revoke_bank_consent", job);
  assert.equal(bench.bank.consents.get(String(job?.["bank_consent"]))?.status, "revoked");
});

test("other environments see none of it", async () => {
  const made = await bench.consent();
  const { credentials: as } = await bench.http.newEnvironment();
  const path = `/consents/${String(made["id"])}`;
  isError(await bench.ask(path, { as }), 404, "resource_missing");
  isError(await bench.ask(path, { as, form: { "metadata[a]": "1" } }), 404, "resource_missing");
  isError(await bench.ask(`${path}/revoke`, { as, method: "POST" }), 404, "resource_missing");
  assert.deepEqual(bodyOf(await bench.ask("/consents", { as }))["data"], []);
});
