import assert from "node:assert/strict";
import { test } from "node:test";
import { BankbellError, createOpenBankingClient, verifyFxSignature } from "./index.ts";

function fakeServer(...answers: { status?: number; body: unknown }[]) {
  const calls: {
    method: string;
    url: string;
    authorization: string | null;
    key: string | null;
    body: string;
  }[] = [];
  const client = createOpenBankingClient({
    baseUrl: "https://bank.example/",
    apiKey: "key",
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const { method, url, headers } = request;
      const [authorization, key] = [headers.get("authorization"), headers.get("idempotency-key")];
      calls.push({ method, url, authorization, key, body: decodeURIComponent(await request.text()) });
      const answer = answers[Math.min(calls.length, answers.length) - 1];
      return Response.json(answer?.body, { status: answer?.status ?? 200 });
    },
  });
  return { calls, client };
}

test("forms nest by brackets, the key goes in Basic, a POST may carry an idempotency key", async () => {
  const { calls, client } = fakeServer({ body: { id: "bp_1" } });
  const fields = {
    customer: "cus_1",
    scopes: ["accounts", "balance"],
    metadata: { crm: "17", gone: null },
    payments: [{ amount: 1.5, recipient: { name: "Vic" } }],
    nothing: undefined,
  };
  assert.deepEqual(await client.post("/batch_payments", fields, { idempotencyKey: "k1" }), { id: "bp_1" });
  assert.deepEqual(calls, [
    {
      method: "POST",
      url: "https://bank.example/batch_payments",
      authorization: `Basic ${btoa("key:")}`,
      key: "k1",
      body:
        "customer=cus_1&scopes[]=accounts&scopes[]=balance&metadata[crm]=17&metadata[gone]=" +
        "&payments[0][amount]=1.5&payments[0][recipient][name]=Vic",
    },
  ]);
});

test("lists are followed to their end, and so is the feed", async () => {
  const page = (ids: number[], next: string | null) => ({
    body: { data: ids.map((id) => ({ id })), count: ids.length, paging: { total: 3, next, prev: null } },
  });
  const { calls, client } = fakeServer(page([3, 2], "/customers?limit=2&offset=2&cursor=x"), page([1], null));
  const rows: unknown[] = [];
  for await (const row of client.list("/customers", { limit: 2 })) rows.push(row);
  assert.deepEqual(rows, [{ id: 3 }, { id: 2 }, { id: 1 }]);
  assert.deepEqual(
    calls.map(({ url }) => url.replace("https://bank.example", "")),
    ["/customers?limit=2", "/customers?limit=2&offset=2&cursor=x"],
  );
  const feed = fakeServer(page([], null));
  for await (const event of feed.client.events("start", { type: ["consent.*"] })) assert.fail(event.id);
  assert.match(feed.calls[0]?.url ?? "", /\/events\?limit=100&type%5B%5D=consent\.\*&after=start$/);
});

test("an error carries the contract's code and message", async () => {
  const error = {
    type: "request_error",
    code: "missing_identity",
    message: "Name a `customer` or a `vendor`.",
  };
  const { client } = fakeServer({ status: 400, body: { error } });
  await assert.rejects(client.get("/bank_accounts"), (thrown) => {
    assert.ok(thrown instanceof BankbellError);
    assert.deepEqual([thrown.status, thrown.code, thrown.message], [400, error.code, error.message]);
    return true;
  });
});

test("fx-signature: the contract's vector, and what is wrong with others", () => {
  const body =
    '{"id":"evt_0000000000000000000000","object":"event","created_at":"2020-01-30T12:44:55Z","type":"consent.created",' +
    '"data":{"object":{"id":"cst_0000000000000000000000","object":"consent","status":"pending"}}}';
  const secret = "bankbell_test_signing_secret";
  const s = "3c46448f2cc59f86b2fccd1236383bd89ebc098be6c3e9b5379fc00c1ae02a1a";
  const now = { nowSeconds: Date.parse("2020-01-30T12:49:55Z") / 1000 };
  assert.equal(verifyFxSignature(body, `t=2020-01-30T12:44:55Z;s=${s}`, secret, now).type, "consent.created");
  assert.equal(verifyFxSignature(body, `s=${s};t=2020-01-30T12:44:55Z`, secret, now).id.length, 26);
  for (const [signature, fault] of [
    [null, "missing_header"],
    ["t=2020-01-30T12:44:55Z", "missing_header"],
    [`t=2020-01-30T12:44:54Z;s=${s}`, "timestamp"],
    [`t=soon;s=${s}`, "timestamp"],
    [`t=2020-01-30T12:44:56Z;s=${s}`, "signature"],
    ["t=2020-01-30T12:44:55Z;s=00", "signature"],
  ] as const)
    assert.throws(() => verifyFxSignature(body, signature, secret, now), { fault });
});
