/** Transport of the open-banking contract (reference §1): keys, forms, errors, lists. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createLog } from "../src/platform/telemetry.ts";
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
  const refused: Record<string, string>[] = [
    {},
    { authorization: `Basic ${Buffer.from("nobody:").toString("base64")}` },
    { authorization: `Basic ${Buffer.from(http.credentials.apiKey).toString("base64")}` },
    { authorization: `Basic ${Buffer.from(`:${http.credentials.apiKey}`).toString("base64")}` },
    { authorization: `Bearer ${http.credentials.apiKey}` },
    { "x-api-key": http.credentials.apiKey },
    { authorization: "Basic %%%" },
  ];
  for (const headers of refused) {
    const answer = await ask("/customers", { as: null, headers });
    isError(answer, 401, "unauthorized");
    assert.equal(record(record(answer.body)["error"])["type"], "authentication_error");
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

test("an update leaves what is not sent, clears what is empty, and merges metadata", async () => {
  const made = await newCustomer({
    email: "a@example.com",
    phone: "+44 20 7946 0000",
    "metadata[a]": "1",
    "metadata[b]": "2",
  });
  const path = `/customers/${String(made["id"])}`;
  bank.http.setNow("2024-04-25T11:00:00Z");
  const changed = bodyOf(
    await bank.ask(path, {
      form: [
        ["email", ""],
        ["metadata[a]", ""],
        ["metadata[c]", "3"],
      ],
    }),
  );
  assert.deepEqual(changed, {
    ...made,
    email: null,
    metadata: { b: "2", c: "3" },
    updated_at: "2024-04-25T11:00:00Z",
  });
  assert.deepEqual(bodyOf(await bank.ask(path, { form: { metadata: "" } }))["metadata"], {});
  assert.deepEqual(bodyOf(await bank.ask(path, { method: "POST" }))["phone"], "+44 20 7946 0000");
  isError(await bank.ask(path, { form: { name: "" } }), 400, "missing_parameter", "name");
});

test("what is wrong with a parameter is said, with its name", async () => {
  const ask = (form: Record<string, string>) => bank.ask("/customers", { form });
  isError(await ask({}), 400, "missing_parameter", "name");
  isError(await ask({ name: "  " }), 400, "missing_parameter", "name");
  isError(await ask({ name: "x".repeat(201) }), 400, "invalid_parameter", "name");
  isError(await ask({ name: "a\0b" }), 400, "invalid_parameter", "name");
  isError(await ask({ name: "A", email: "nobody" }), 400, "invalid_parameter", "email");
  isError(await ask({ name: "A", phone: "call me" }), 400, "invalid_parameter", "phone");
  isError(await ask({ name: "A", currency: "pounds" }), 400, "invalid_parameter", "currency");
  isError(await ask({ name: "A", metadata: "x" }), 400, "invalid_parameter", "metadata");
  isError(await ask({ name: "A", "metadata[k]": "v".repeat(501) }), 400, "invalid_parameter", "metadata[k]");
  const many = Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`metadata[k${i}]`, "v"]));
  isError(await ask({ name: "A", ...many }), 400, "invalid_parameter", "metadata");
  isError(
    await bank.ask("/customers", {
      form: [
        ["name", "A"],
        ["name", "B"],
      ],
    }),
    400,
    "invalid_parameter",
    "name",
  );
  isError(await bank.ask("/customers", { json: { name: ["A"] } }), 400, "invalid_parameter", "name");
  isError(await bank.ask("/customers", { json: ["A"] }), 400, "unreadable_body");
});

test("bodies: strict UTF-8, forms and JSON, nothing else; what is empty may say what it likes", async () => {
  const { ask } = bank;
  const typed = (type: string, body: string | Uint8Array<ArrayBuffer>) =>
    ask("/customers", { method: "POST", body, headers: { "content-type": type } });
  isError(
    await typed("application/x-www-form-urlencoded", new Uint8Array([0x6e, 0x3d, 0xff])),
    400,
    "unreadable_body",
  );
  isError(await typed("application/x-www-form-urlencoded", "name=%ff"), 400, "unreadable_body");
  isError(await typed("application/json", "{"), 400, "unreadable_body");
  isError(await typed("text/plain", "name=A"), 415, "unsupported_media_type");
  isError(await typed("application/xml", "<a/>"), 415, "unsupported_media_type");
  isError(
    await typed("application/x-www-form-urlencoded", `name=${"x".repeat(300_000)}`),
    413,
    "body_too_large",
  );
  isError(
    await typed("application/x-www-form-urlencoded; charset=utf-8", ""),
    400,
    "missing_parameter",
    "name",
  );
  isError(await ask("/customers", { method: "POST" }), 400, "missing_parameter", "name");
  isError(await ask("/customers?limit=%ff"), 400, "unreadable_body");
  const form = { "content-type": "application/x-www-form-urlencoded" };
  assert.equal((await ask("/customers", { headers: form })).status, 200);
  assert.equal((await ask("/customers?")).status, 200);
});

test("an id that cannot be one is 404, as any that names nothing", async () => {
  for (const id of ["x".repeat(201), "%00", "a%2Fb", "%E0%A4%A", "%F0%9F%94%94", "cst_%27%3B--"]) {
    for (const path of [`/consents/${id}`, `/webhooks/${id}`, `/events/${id}`, `/customers/${id}`])
      isError(await bank.ask(path), 404, "resource_missing");
    isError(await bank.ask(`/consents/${id}/revoke`, { method: "POST" }), 404, "resource_missing");
  }
});

test("paths and methods that are not there are 404 in this contract's shape", async () => {
  const { ask } = bank;
  const { id } = await newCustomer();
  for (const [method, path] of [
    ["GET", "/v1/accounts"],
    ["POST", "/v1/oauth/token"],
    ["GET", `/customers/${String(id)}/bank_accounts`],
    ["GET", "/bank_transactions"],
    ["DELETE", `/customers/${String(id)}`],
    ["PUT", `/customers/${String(id)}`],
    ["PATCH", "/customers"],
    ["DELETE", "/consents/cst_0000000000000000000000"],
    ["GET", "/%ff"],
  ] as const)
    isError(await ask(path, { method }), 404, "resource_missing");
});

test("lists: 20 by default, 100 at most, next and prev lead through all of them once", async () => {
  const own = await bank.http.newEnvironment();
  const as = own.credentials;
  const ids: unknown[] = [];
  for (let n = 0; n < 45; n++) {
    const email = n % 2 === 0 ? "even@example.com" : "odd@example.com";
    ids.unshift(bodyOf(await bank.ask("/customers", { as, form: { name: `C ${n}`, email } }))["id"]);
  }
  const first = bodyOf(await bank.ask("/customers", { as }));
  assert.deepEqual(
    [first["count"], record(first["paging"])["total"], record(first["paging"])["prev"]],
    [20, 45, null],
  );
  assert.deepEqual(await walk("/customers", as, "next"), ids);
  assert.equal(bodyOf(await bank.ask("/customers?limit=101", { as }))["count"], 45);
  assert.equal(bodyOf(await bank.ask("/customers?offset=40&limit=3", { as }))["count"], 3);
  assert.deepEqual(idsOf(bodyOf(await bank.ask("/customers?offset=44", { as }))), ids.slice(44));
  const beyond = bodyOf(await bank.ask("/customers?offset=50", { as }));
  assert.deepEqual([beyond["data"], record(beyond["paging"])["next"]], [[], null]);
  // Filters are kept in the caller's words.
  const even = await walk("/customers?email=even%40example.com&limit=5", as, "next");
  assert.equal(even.length, 23);
  // What is added meanwhile shifts nothing.
  const page = bodyOf(await bank.ask("/customers?limit=10", { as }));
  await bank.ask("/customers", { as, form: { name: "Newcomer" } });
  const next = bodyOf(await bank.ask(String(record(page["paging"])["next"]), { as }));
  assert.deepEqual(idsOf(next), ids.slice(10, 20));
  assert.match(String(record(next["paging"])["next"]), /^\/customers\?limit=10&offset=20&cursor=/);
  // And back again.
  const back = bodyOf(await bank.ask(String(record(next["paging"])["prev"]), { as }));
  assert.deepEqual(idsOf(back), ids.slice(0, 10));
  for (const [query, param] of [
    ["limit=0", "limit"],
    ["limit=ten", "limit"],
    ["offset=-1", "offset"],
    ["cursor=abc", "cursor"],
    [`cursor=${Buffer.from('["/vendors","after","1"]').toString("base64url")}`, "cursor"],
    [`cursor=${Buffer.from('["/customers","after","x"]').toString("base64url")}`, "cursor"],
  ])
    isError(await bank.ask(`/customers?${query}`, { as }), 400, "invalid_parameter", param);
});

test("plain HTTP from elsewhere is 403, too many requests 429 with Retry-After", async () => {
  const own = await openOpenBanking({
    trustedProxies: ["127.0.0.0/8"],
    rateLimits: { perKey: 2, wrongKeys: 1 },
  });
  try {
    isError(await own.ask("/customers", { headers: { "x-forwarded-proto": "http" } }), 403, "https_required");
    const safe = { headers: { "x-forwarded-proto": "https" } };
    for (const status of [200, 200, 429]) {
      const answer = await own.ask("/customers", safe);
      assert.equal(answer.status, status);
      if (status !== 429) continue;
      isError(answer, 429, "rate_limited");
      assert.ok(Number(answer.headers.get("retry-after")) > 0);
    }
    const wrong = { ...safe, as: { apiKey: "nobody", serverHash: "" } };
    isError(await own.ask("/customers", wrong), 401, "unauthorized");
    isError(await own.ask("/customers", wrong), 429, "rate_limited");
  } finally {
    await own.close();
  }
});

test("a 5xx does not show its message", async () => {
  const own = await openOpenBanking({
    log: createLog("silent"),
    connect: {
      clock: () => {
        throw new Error("the secret inside");
      },
    },
  });
  try {
    const answer = await own.ask("/customers", { form: { name: "A" } });
    isError(answer, 500, "internal_error");
    assert.ok(!answer.text.includes("secret"));
  } finally {
    await own.close();
  }
});

const idsOf = (page: Record<string, unknown>): unknown[] => {
  assert.ok(Array.isArray(page["data"]));
  return page["data"].map((row) => record(row)["id"]);
};

async function walk(
  path: string,
  as: NonNullable<Parameters<OpenBanking["ask"]>[1]>["as"],
  way: "next" | "prev",
) {
  const ids: unknown[] = [];
  for (let at: unknown = path; typeof at === "string";) {
    const page = bodyOf(await bank.ask(at, as === undefined ? {} : { as }));
    ids.push(...idsOf(page));
    at = record(page["paging"])[way];
  }
  return ids;
}
