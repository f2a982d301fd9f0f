/** A bank that breaks the standard, is busy, or would lead us elsewhere: named faults, and the token stays home. */
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { after, before, beforeEach, test } from "node:test";
import { ResponseBodyError } from "openid-client";
import { createOutgoing, type Outgoing } from "../../../platform/outgoing.ts";
import type { AccountInformation, Grant, Outcome } from "../provider.ts";
import { accountInformation } from "./accounts.ts";
import type { UkObieBank } from "./bank.ts";
import { bankHttp } from "./http.ts";
import { oidcFault } from "./oidc-faults.ts";
import type { Oidc } from "./oidc.ts";

let origin: string;
let ais: AccountInformation;
let outgoing: Outgoing;
let asked: string[] = [];
let answer: (request: IncomingMessage, response: ServerResponse) => void;
const server = createServer((request, response) => {
  asked.push(`${request.method} ${request.url}`);
  answer(request, response);
});
const base = "/open-banking/v3.1";
const transactions = `${base}/aisp/accounts/a/transactions`;

const bankAt = (apiUrl: string): UkObieBank => ({
  id: "hostile",
  name: "Hostile",
  roles: ["ais"],
  logoUrl: null,
  bgColors: [],
  bankNames: [],
  discoveryUrl: apiUrl,
  apiUrl,
  clientId: "client",
  signingKey: generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey,
  kid: "kid",
  tokenAuth: "private_key_jwt",
  identity: null,
  ca: null,
  financialId: "0015",
  jws: { iss: "o/s", tan: "t" },
  knownHosts: [new URL(apiUrl).host],
});
const unasked = () => Promise.reject(new Error("not asked for"));
const oidc: Oidc = {
  authorizationUrl: unasked,
  redeem: unasked,
  refresh: unasked,
  signer: unasked,
  probe: unasked,
  ownToken: async () => ({ ok: true, value: "own-token" }),
};
const grant: Grant = {
  accessToken: "customers-token",
  expiresAt: Temporal.Instant.from("2026-03-02T12:00:00Z"),
  refreshToken: null,
  refreshExpiresAt: null,
};

before(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address);
  origin = `http://127.0.0.1:${address.port}`;
  const bank = bankAt(origin + base);
  outgoing = createOutgoing({ allowNetworks: [], knownHosts: bank.knownHosts });
  ais = accountInformation(bank, bankHttp(bank, outgoing), oidc);
});
after(async () => {
  await outgoing.close();
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});
beforeEach(() => {
  asked = [];
});

const json = (response: ServerResponse, body: unknown, status = 200, headers: Record<string, string> = {}) =>
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
const page = (next?: string, rows: unknown[] = []) => ({
  Data: { Transaction: rows },
  Links: { Self: origin, ...(next === undefined ? {} : { Next: next }) },
});
const faultOf = (outcome: Outcome<unknown> | undefined) => (outcome?.ok === false ? outcome.fault : "none");
async function read(): Promise<Outcome<unknown>[]> {
  const range = {
    from: Temporal.Instant.from("2026-01-01T00:00:00Z"),
    to: Temporal.Instant.from("2026-03-01T00:00:00Z"),
  };
  return Array.fromAsync(ais.transactions(grant, "a", range));
}

test("a next page elsewhere is not asked for, whatever it looks like", async () => {
  const elsewhere = [
    "https://evil.example/open-banking/v3.1/aisp/x",
    `${origin}/other`,
    `${origin}${base}.evil/aisp/x`,
    `${origin}${base}/../../other`,
    origin.replace("127.0.0.1", "localhost") + transactions,
  ];
  for (const next of elsewhere) {
    asked = [];
    answer = (_, response) => json(response, page(next));
    assert.equal(faultOf((await read()).at(-1)), "invalid_answer", next);
    assert.equal(asked.length, 1, next);
  }
});

test("pages that go round in a circle end", async () => {
  let n = 0;
  answer = (_, response) => json(response, page(`${origin}${transactions}?page=${++n % 3}`));
  assert.equal(faultOf((await read()).at(-1)), "invalid_answer");
  assert.ok(asked.length < 6);
});

test("what is no answer of the standard is not believed", async () => {
  const bodies: [unknown, string][] = [
    [{ Data: { Account: [{ AccountId: 1 }] } }, "wrong types"],
    [{ Data: { Account: [{ AccountId: "a", Currency: "pounds" }] } }, "wrong format"],
    [[], "a list"],
    ["<html>", "a page"],
  ];
  for (const [body, what] of bodies) {
    answer = (_, response) => json(response, body);
    assert.equal(faultOf(await ais.accounts(grant)), "invalid_answer", what);
  }
  answer = (_, response) => response.writeHead(302, { location: `${origin}/elsewhere` }).end();
  assert.equal(faultOf(await ais.accounts(grant)), "invalid_answer", "a redirect");
  assert.equal(asked.length, bodies.length + 1, "the redirect is not followed");
  answer = (_, response) => json(response, page(undefined, [{ Amount: "much" }]));
  assert.equal(faultOf((await read()).at(-1)), "invalid_answer");
});

test("what no table can hold: NUL is left out, a year before the first is not believed", async () => {
  const row = (more: object) => ({
    AccountId: "a",
    CreditDebitIndicator: "Debit",
    Status: "Booked",
    BookingDateTime: "1970-01-01T00:00:00+00:00",
    Amount: { Amount: "1.00", Currency: "GBP" },
    ...more,
  });
  answer = (_, response) =>
    json(response, page(undefined, [row({ TransactionInformation: "CO\0FFEE \\u0000" })]));
  const [read0] = await read();
  assert.ok(read0?.ok);
  assert.equal((read0.value as { description: string }[])[0]?.description, "COFFEE \\u0000");
  for (const BookingDateTime of ["0000-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00"]) {
    answer = (_, response) => json(response, page(undefined, [row({ BookingDateTime })]));
    assert.equal(faultOf((await read())[0]), "invalid_answer", BookingDateTime);
  }
});

test("too large is cut off", async () => {
  const chunk = Buffer.alloc(1024 * 1024, " ");
  answer = (_, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    for (let i = 0; i < 12; i++) response.write(chunk);
    response.end();
  };
  assert.equal(faultOf(await ais.accounts(grant)), "invalid_answer");
});

test("429 says when; a short wait is waited here, a long one is the caller's; refusals are not repeated", async () => {
  let n = 0;
  answer = (_, response) =>
    ++n === 1 ? json(response, {}, 429, { "retry-after": "0" }) : json(response, { Data: { Account: [] } });
  assert.equal(faultOf(await ais.accounts(grant)), "none");
  asked = [];
  answer = (_, response) => json(response, {}, 429, { "retry-after": "120" });
  const limited = await ais.accounts(grant);
  assert.deepEqual(limited.ok ? null : [limited.fault, limited.retryAfterS], ["rate_limited", 120]);
  assert.equal(asked.length, 1);
  asked = [];
  const refusal = {
    Code: "400",
    Message: "Asha Rao, 12345678",
    Errors: [{ ErrorCode: "UK.OBIE.Field.Invalid" }],
  };
  answer = (_, response) => json(response, refusal, 400);
  const refused = await ais.accounts(grant);
  assert.deepEqual(refused.ok ? null : [refused.fault, refused.code, asked.length], [
    "refused",
    "UK.OBIE.Field.Invalid",
    1,
  ]);
  assert.doesNotMatch(JSON.stringify(refused), /Asha|1234/);
});

test("a bank that does not take our own token has not said that a consent is over", async () => {
  answer = (_, response) => json(response, {}, 401);
  assert.equal(faultOf(await ais.revokeConsent("c-1")), "unavailable");
  assert.equal(asked.length, 2, "once more with a new token");
  // A certificate of ours that has run out, at the token endpoint.
  const refused = new ResponseBodyError("refused", {
    cause: { error: "invalid_client" },
    response: new Response(null, { status: 401 }),
  });
  assert.equal(oidcFault(refused, "own").fault, "unavailable");
  assert.equal(oidcFault(refused, "own").code, "invalid_client");
  assert.equal(oidcFault(refused, "sign_in").fault, "refused");
  answer = (_, response) => json(response, { Errors: [{ ErrorCode: "UK.OBIE.Resource.NotFound" }] }, 400);
  assert.equal(faultOf(await ais.revokeConsent("c-1")), "none", "gone already");
});

test("a host that nobody wrote down is not reached where its address is private", async () => {
  const strict = createOutgoing({ allowNetworks: [], knownHosts: ["127.0.0.1:1"] });
  const bank = bankAt(origin + base);
  const outcome = await accountInformation(bank, bankHttp(bank, strict), oidc).createConsent({
    scopes: ["accounts"],
    expiresAt: null,
    transactionsFrom: null,
  });
  assert.deepEqual(outcome.ok ? null : [outcome.fault, outcome.code], ["unavailable", "forbidden_address"]);
  assert.deepEqual(asked, []);
  await strict.close();
});

test("each request names itself, and the bank's id where it is asked for", async () => {
  let headers: IncomingMessage["headers"] = {};
  answer = (request, response) => {
    ({ headers } = request);
    json(response, { Data: { Account: [] } });
  };
  await ais.accounts(grant);
  assert.equal(headers.authorization, "Bearer customers-token");
  assert.match(String(headers["x-fapi-interaction-id"]), /^[0-9a-f]{8}-[0-9a-f]{4}-4/);
  assert.equal(headers["x-fapi-financial-id"], "0015");
});
