/** Transport of the open-banking contract (reference §1): keys, forms, lists, errors, `Idempotency-Key`. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { bodyOf, isError, openOpenBanking, record, type OpenBanking } from "./openbanking-setup.ts";

let bank: OpenBanking;
before(async () => {
  bank = await openOpenBanking();
});
after(() => bank.close());

const newCustomer = async (more: Record<string, string> = {}) =>
  bodyOf(await bank.ask("/customers", { form: { name: "Asha Sample", ...more } }));

test("the key is the user name of Basic authentication, with an empty password", async () => {
  const { ask, http } = bank;
  assert.equal((await ask("/customers")).status, 200);
  for (const headers of [
    {},
    { authorization: `Basic ${Buffer.from("nobody:").toString("base64")}` },
    { authorization: `Basic ${Buffer.from(http.credentials.apiKey).toString("base64")}` },
    { authorization: `Bearer ${http.credentials.apiKey}` },
    { "x-api-key": http.credentials.apiKey },
    { authorization: "Basic %%%" },
  ]) {
    const answer = await ask("/customers", { as: null, headers: { ...headers } as Record<string, string> });
    isError(answer, 401, "unauthorized");
    assert.match(answer.headers.get("www-authenticate") ?? "", /^Basic /);
  }
});

test("a customer is made of a form, and of JSON", async () => {
  const made = await newCustomer({ email: "asha@example.com", currency: "GBP", "metadata[crm]": "17" });
  assert.match(String(made["id"]), /^cus_[0-9A-Za-z]{22}$/);
  assert.deepEqual(made, {
    id: made["id"],
    object: "customer",
    name: "Asha Sample",
    email: "asha@example.com",
    phone: null,
    currency: "gbp",
    metadata: { crm: "17" },
    created_at: "2024-04-25T10:00:00Z",
    updated_at: "2024-04-25T10:00:00Z",
  });
  const json = { name: "Vic Vendor", metadata: { n: 17, yes: true } };
  const vendor = bodyOf(await bank.ask("/vendors", { json }));
  assert.match(String(vendor["id"]), /^vnd_[0-9A-Za-z]{22}$/);
  assert.deepEqual(vendor["metadata"], { n: "17", yes: "true" });
  assert.deepEqual(bodyOf(await bank.ask(`/vendors/${String(vendor["id"])}`)), vendor);
  isError(await bank.ask(`/customers/${String(vendor["id"])}`), 404, "resource_missing");
});
