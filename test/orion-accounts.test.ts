/** The sandbox bank's account information: what is asked for, and what is answered. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { startOrion, type Orion } from "../orion/server.ts";
import {
  ALL_PERMISSIONS,
  call,
  connect,
  createConsent,
  newClient,
  ownToken,
  type Answer,
  type TestClient,
} from "./orion-client.ts";
import { assertConforms, faultsOf, type SchemaName } from "./orion-schemas.ts";

const BASE = "/open-banking/v3.1/aisp";

let orion: Orion;
let client: TestClient;
let url: string;

before(async () => {
  orion = await startOrion({
    port: 0,
    host: "127.0.0.1",
    seed: "accounts",
    settings: { pageSize: 100, slowMs: 300 },
  });
  ({ url } = orion);
  client = await newClient();
  orion.register(client.registration);
});
after(() => orion.stop());

type Reader = (path: string, headers?: Record<string, string>) => Promise<Answer>;

async function ok(aisp: Reader, path: string, schema: SchemaName) {
  const answer = await aisp(path);
  assert.equal(answer.status, 200, path);
  assertConforms(schema, answer.body);
  assert.equal(answer.body.Links.Self.split("?")[0], `${url}${BASE}${path.split("?")[0]}`);
  return answer.body.Data;
}

test("accounts, balances and party conform, whole and one by one", async () => {
  for (const username of ["anna", "cleo"]) {
    const { aisp } = await connect(url, client, username);
    const { Account } = await ok(aisp, "/accounts", "accountsAnswer");
    assert.ok(Account.length >= 2);
    for (const { AccountId } of Account) {
      const [one] = (await ok(aisp, `/accounts/${AccountId}`, "accountsAnswer")).Account;
      assert.equal(one.AccountId, AccountId);
      const { Balance } = await ok(aisp, `/accounts/${AccountId}/balances`, "balancesAnswer");
      assert.deepEqual(
        Balance.map(({ Type }: { Type: string }) => Type),
        ["InterimBooked", "InterimAvailable"],
      );
    }
    const { Balance } = await ok(aisp, "/balances", "balancesAnswer");
    assert.equal(Balance.length, Account.length * 2);
    await ok(aisp, "/party", "partyAnswer");
  }
});

test("a card's number is masked without ReadPAN", async () => {
  const card = async (permissions: string[]) => {
    const { aisp } = await connect(url, client, "anna", { Permissions: permissions });
    const { Account } = (await aisp("/accounts")).body.Data;
    return Account.find((one: { AccountSubType: string }) => one.AccountSubType === "CreditCard").Account[0]
      .Identification;
  };
  assert.match(await card(["ReadAccountsDetail"]), /^X{12}\d{4}$/);
  assert.match(await card(["ReadAccountsDetail", "ReadPAN"]), /^\d{16}$/);
});

const WRONG_CONSENTS: [string, unknown, string][] = [
  ["no permissions", { Data: {}, Risk: {} }, "UK.OBIE.Field.Missing"],
  ["no Risk", { Data: { Permissions: ALL_PERMISSIONS } }, "UK.OBIE.Field.Missing"],
  ["Risk is closed", { Data: { Permissions: ALL_PERMISSIONS }, Risk: { x: 1 } }, "UK.OBIE.Field.Unexpected"],
  [
    "an unknown member",
    { Data: { Permissions: ALL_PERMISSIONS, Note: "" }, Risk: {} },
    "UK.OBIE.Field.Unexpected",
  ],
  ["an unknown permission", { Data: { Permissions: ["ReadAll"] }, Risk: {} }, "UK.OBIE.Field.Invalid"],
  ["none", { Data: { Permissions: [] }, Risk: {} }, "UK.OBIE.Field.Invalid"],
  ["without accounts", { Data: { Permissions: ["ReadBalances"] }, Risk: {} }, "UK.OBIE.Field.Invalid"],
  [
    "transactions without direction",
    { Data: { Permissions: ["ReadAccountsBasic", "ReadTransactionsBasic"] }, Risk: {} },
    "UK.OBIE.Field.Invalid",
  ],
  [
    "a date without offset",
    { Data: { Permissions: ALL_PERMISSIONS, ExpirationDateTime: "2027-01-01T00:00:00" }, Risk: {} },
    "UK.OBIE.Field.InvalidDate",
  ],
  [
    "over already",
    { Data: { Permissions: ALL_PERMISSIONS, ExpirationDateTime: "2020-01-01T00:00:00Z" }, Risk: {} },
    "UK.OBIE.Field.InvalidDate",
  ],
  ["nothing", undefined, "UK.OBIE.Field.Missing"],
  ["no object", [], "UK.OBIE.Field.Invalid"],
];

test("a consent's body is checked", async () => {
  const authorization = `Bearer ${await ownToken(url, client, "accounts")}`;
  for (const [name, body, code] of WRONG_CONSENTS) {
    const answer = await call(`${url}${BASE}/account-access-consents`, {
      method: "POST",
      headers: { authorization, "content-type": "application/json" },
      body: JSON.stringify(body) ?? null,
    });
    assert.equal(answer.status, 400, name);
    assertConforms("errorResponse", answer.body);
    assert.ok(
      answer.body.Errors.some(({ ErrorCode }: { ErrorCode: string }) => ErrorCode === code),
      `${name}: ${JSON.stringify(answer.body)}`,
    );
  }
});

test("a consent: created, read, deleted; another client sees none", async () => {
  const created = await createConsent(url, client, { ExpirationDateTime: "2099-01-01T00:00:00+00:00" });
  assert.equal(created.status, 201);
  assertConforms("accountConsentAnswer", created.body);
  assert.equal(created.body.Data.ExpirationDateTime, "2099-01-01T00:00:00+00:00");
  const { Self } = created.body.Links;
  const own = { authorization: `Bearer ${await ownToken(url, client, "accounts")}` };
  const other = await newClient("bystander");
  orion.register(other.registration);
  const foreign = { authorization: `Bearer ${await ownToken(url, other, "accounts")}` };
  const read = await call(Self, { headers: own });
  assert.equal(read.status, 200);
  assertConforms("accountConsentAnswer", read.body);
  for (const method of ["GET", "DELETE"]) {
    const answer = await call(Self, { method, headers: foreign });
    assert.deepEqual([answer.status, answer.body.Errors[0].ErrorCode], [400, "UK.OBIE.Resource.NotFound"]);
  }
  assert.equal((await call(Self, { method: "DELETE", headers: own })).status, 204);
  assert.equal((await call(Self, { headers: own })).status, 400);
});

test("deleting a consent, and its end, end its tokens", async () => {
  const gone = await connect(url, client, "anna");
  const authorization = `Bearer ${await ownToken(url, client, "accounts")}`;
  await call(`${url}${BASE}/account-access-consents/${gone.consentId}`, {
    method: "DELETE",
    headers: { authorization },
  });
  assert.equal((await gone.aisp("/accounts")).status, 401);
  const soon = Temporal.Now.instant().add({ minutes: 5 }).toString();
  const short = await connect(url, client, "anna", { ExpirationDateTime: soon });
  assert.equal((await short.aisp("/accounts")).status, 200);
  orion.advance({ minutes: 6 });
  assert.equal((await short.aisp("/accounts")).status, 401);
});

test("tokens are for what they were given for", async () => {
  const { aisp, tokens, consentId } = await connect(url, client, "anna");
  const own = { authorization: `Bearer ${await ownToken(url, client, "accounts")}` };
  const payments = { authorization: `Bearer ${await ownToken(url, client, "payments")}` };
  const customer = { authorization: `Bearer ${tokens.access_token}` };
  const consent = `${url}${BASE}/account-access-consents/${consentId}`;
  assert.equal((await aisp("/accounts", own)).status, 403);
  assert.equal((await call(consent, { headers: customer })).status, 403);
  assert.equal((await call(consent, { headers: payments })).status, 403);
  assert.equal((await call(consent)).status, 401);
  assert.equal((await aisp("/accounts", { authorization: `Bearer ${tokens.refresh_token}` })).status, 401);
  assert.equal((await aisp("/accounts/oa-12345678901234")).status, 400);
  assert.equal((await aisp("/accounts/oa-12345678901234/transactions")).status, 400);
});

test("what every call has in common: interaction id, method, media types, unknown paths", async () => {
  const { aisp } = await connect(url, client, "anna");
  const id = randomUUID();
  assert.equal(
    (await aisp("/accounts", { "x-fapi-interaction-id": id })).headers.get("x-fapi-interaction-id"),
    id,
  );
  const drawn = await aisp("/accounts");
  assert.match(drawn.headers.get("x-fapi-interaction-id") ?? "", /^[0-9a-f-]{36}$/);
  const refusals: [number, RequestInit & { path?: string }][] = [
    [400, { headers: { "x-fapi-interaction-id": "7" } }],
    [405, { method: "DELETE" }],
    [406, { headers: { accept: "application/jose+jwe" } }],
    [
      415,
      {
        method: "POST",
        path: "/account-access-consents",
        body: "x",
        headers: { "content-type": "text/plain" },
      },
    ],
    [
      400,
      {
        method: "POST",
        path: "/account-access-consents",
        body: "{",
        headers: { "content-type": "application/json" },
      },
    ],
    [404, { path: "/nothing" }],
  ];
  for (const [status, { path = "/accounts", ...init }] of refusals) {
    const answer = await call(`${url}${BASE}${path}`, init);
    assert.equal(answer.status, status, JSON.stringify(init));
    assertConforms("errorResponse", answer.body);
    assert.equal(answer.headers.get("x-fapi-interaction-id"), answer.body.Id);
  }
  assert.equal((await call(`${url}${BASE}/accounts`, { method: "PUT" })).headers.get("allow"), "GET");
});

test("the schemas refuse what the standard refuses", async () => {
  const { aisp } = await connect(url, client, "anna");
  const { body } = await aisp("/balances");
  const [first] = body.Data.Balance;
  const spoilt: [string, unknown][] = [
    ["a signed amount", { ...first, Amount: { ...first.Amount, Amount: "-1.00" } }],
    ["a number", { ...first, Amount: { ...first.Amount, Amount: 1 } }],
    ["an unknown member", { ...first, Note: "" }],
    ["an unknown type", { ...first, Type: "Booked" }],
    ["no indicator", { ...first, CreditDebitIndicator: undefined }],
    ["a time without offset", { ...first, DateTime: "2026-01-01T00:00:00" }],
  ];
  for (const [name, balance] of spoilt) {
    const plain = JSON.parse(JSON.stringify({ ...body, Data: { Balance: [balance] } }));
    assert.notDeepEqual(faultsOf("balancesAnswer", plain), [], name);
  }
});

test("customers with a trait: outage, limits, faults, slowness", async () => {
  const statuses = async (username: string) => {
    const { aisp } = await connect(url, client, username);
    const answers = [await aisp("/accounts"), await aisp("/accounts"), await aisp("/accounts")];
    for (const { status, body } of answers) if (status !== 200) assertConforms("errorResponse", body);
    return answers;
  };
  const codes = (answers: Answer[]) => answers.map(({ status }) => status);
  assert.deepEqual(codes(await statuses("otto")), [503, 503, 503]);
  const limited = await statuses("lena");
  assert.deepEqual(codes(limited), [200, 429, 200]);
  assert.equal(limited[1]?.headers.get("retry-after"), "1");
  assert.deepEqual(codes(await statuses("fynn")), [200, 200, 500]);
  const began = performance.now();
  await statuses("sol");
  assert.ok(performance.now() - began >= 4 * 299, "the log-in and three answers wait");
});
