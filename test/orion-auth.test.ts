/** The sandbox bank's doors: who is let in, by which request, and what an authorisation gives. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { createRemoteJWKSet, decodeJwt, jwtVerify } from "jose";
import { ONE_TIME_CODE, PASSWORD } from "../orion/data/users.ts";
import { startOrion, type Orion } from "../orion/server.ts";
import {
  accountChoices,
  authorise,
  authUrl,
  call,
  connect,
  createConsent,
  exchange,
  newBrowser,
  newClient,
  ownToken,
  token,
  type TestClient,
} from "./orion-client.ts";

let orion: Orion;
let client: TestClient;
let url: string;

before(async () => {
  orion = await startOrion({ port: 0, host: "127.0.0.1", seed: "auth", settings: { slowMs: 10 } });
  ({ url } = orion);
  client = await newClient();
  orion.register(client.registration);
});
after(() => orion.stop());

async function newConsent(data: Record<string, unknown> = {}): Promise<string> {
  return (await createConsent(url, client, data)).body.Data.ConsentId;
}

const status = async (consentId: string): Promise<string> => {
  const authorization = `Bearer ${await ownToken(url, client, "accounts")}`;
  const path = `${url}/open-banking/v3.1/aisp/account-access-consents/${consentId}`;
  return (await call(path, { headers: { authorization } })).body.Data.Status;
};

test("discovery names what the endpoints do", async () => {
  const { body } = await call(`${url}/.well-known/openid-configuration`);
  assert.equal(body.issuer, url);
  assert.deepEqual(body.token_endpoint_auth_methods_supported, ["private_key_jwt"]);
  assert.deepEqual(body.request_object_signing_alg_values_supported, ["PS256"]);
  assert.deepEqual(body.code_challenge_methods_supported, ["S256"]);
  const keys = await call(body.jwks_uri);
  assert.equal(keys.body.keys.length, 1);
  assert.deepEqual(Object.keys(keys.body.keys[0]).toSorted(), ["alg", "e", "kid", "kty", "n", "use"]);
});

test("a client proves itself by a signed assertion, once", async () => {
  const good = await token(url, client, { grant_type: "client_credentials", scope: "accounts" });
  assert.equal(good.status, 200);
  assert.equal(good.body.token_type, "Bearer");
  assert.equal(good.headers.get("cache-control"), "no-store");
  const stranger = await newClient();
  const refused: [string, Promise<string>][] = [
    ["another key", stranger.assertion(url)],
    ["another audience", client.assertion(url, { aud: "https://other.example" })],
    ["over", client.sign({ iss: client.id, sub: client.id, aud: url, jti: "old" }, -3600)],
    ["no jti", client.sign({ iss: client.id, sub: client.id, aud: url })],
    ["another subject", client.assertion(url, { sub: "other" })],
    ["lives too long", client.sign({ iss: client.id, sub: client.id, aud: url, jti: "long" }, 7200)],
    ["no JWT", Promise.resolve("assertion")],
  ];
  for (const [why, assertion] of refused) {
    const form = { grant_type: "client_credentials", scope: "accounts", client_assertion: await assertion };
    const answer = await token(url, client, form);
    assert.deepEqual([answer.status, answer.body.error], [401, "invalid_client"], why);
  }
  const once = await client.assertion(url);
  const twice = () =>
    token(url, client, { grant_type: "client_credentials", scope: "accounts", client_assertion: once });
  assert.equal((await twice()).status, 200);
  assert.equal((await twice()).status, 401);
});

test("the token endpoint refuses what it does not serve", async () => {
  const refused: [Record<string, string>, string][] = [
    [{ grant_type: "password" }, "unsupported_grant_type"],
    [{ grant_type: "constructor" }, "unsupported_grant_type"],
    [{ grant_type: "client_credentials", scope: "everything" }, "invalid_scope"],
    [{ grant_type: "client_credentials" }, "invalid_scope"],
    [{ grant_type: "authorization_code", code: "x" }, "invalid_grant"],
    [{ grant_type: "refresh_token", refresh_token: "x" }, "invalid_grant"],
  ];
  for (const [form, error] of refused) {
    const answer = await token(url, client, form);
    assert.deepEqual([answer.status, answer.body.error], [400, error], JSON.stringify(form));
  }
});

test("the whole way: consent, log-in, accounts, code, tokens", async () => {
  const consentId = await newConsent();
  assert.equal(await status(consentId), "AwaitingAuthorisation");
  const begun = await authUrl(url, client, consentId);
  const back = await authorise(url, begun, "anna");
  assert.equal(back.origin + back.pathname, client.redirectUri);
  assert.equal(back.searchParams.get("state"), begun.state);
  assert.equal(back.searchParams.get("iss"), url);
  assert.equal(await status(consentId), "Authorised");
  const { status: code, body } = await exchange(url, client, begun, back);
  assert.equal(code, 200);
  const keys = createRemoteJWKSet(new URL(`${url}/jwks`));
  const { payload } = await jwtVerify(body.id_token, keys, { issuer: url, audience: client.id });
  assert.equal(payload["openbanking_intent_id"], consentId);
  assert.equal(payload["nonce"], begun.nonce);
  const hash = createHash("sha256").update(body.access_token).digest().subarray(0, 16).toString("base64url");
  assert.equal(payload["at_hash"], hash);
  const ends = Number(payload["http://openbanking.org.uk/refresh_token_expires_at"]) * 1000 - Date.now();
  assert.ok(Math.abs(ends - 180 * 86_400_000) < 60_000);
});

test("code id_token comes back in the fragment, bound to code and state", async () => {
  const begun = await authUrl(url, client, await newConsent(), { response_type: "code id_token" });
  const back = await authorise(url, begun, "anna");
  assert.equal(back.search, "");
  const fragment = new URLSearchParams(back.hash.slice(1));
  const claims = decodeJwt(fragment.get("id_token") ?? "");
  const half = (text: string) =>
    createHash("sha256").update(text).digest().subarray(0, 16).toString("base64url");
  assert.equal(claims["c_hash"], half(fragment.get("code") ?? ""));
  assert.equal(claims["s_hash"], half(begun.state));
  assert.equal(fragment.get("state"), begun.state);
});

test("a request that cannot go back ends on a page, never at an address that nobody registered", async () => {
  const consentId = await newConsent();
  const stranger = await newClient();
  const { location } = await authUrl(url, client, consentId);
  const plain = new URL(location);
  plain.searchParams.delete("request");
  const places = [
    (await authUrl(url, stranger, consentId)).location,
    (await authUrl(url, client, consentId, { redirect_uri: "https://evil.example/callback" })).location,
    (await authUrl(url, client, consentId, { exp: 1 })).location,
    (await authUrl(url, client, consentId, { aud: "https://other.example" })).location,
    location.replace(`client_id=${client.id}`, "client_id=nobody"),
    plain.href,
  ];
  for (const place of places) {
    const answer = await call(place);
    assert.equal(answer.status, 400, place);
    assert.match(String(answer.body), /<h1>This link does not work<\/h1>/);
    assert.equal(answer.headers.get("location"), null);
  }
});

test("a wrong request goes back with its error and state", async () => {
  const consentId = await newConsent();
  const over = await newConsent();
  const browser = newBrowser(url);
  await browser.go((await authUrl(url, client, over)).location);
  await browser.step("cancel", {});
  const refused: [string, Record<string, unknown>, string][] = [
    [consentId, { code_challenge: undefined }, "invalid_request_object"],
    [consentId, { code_challenge_method: "plain" }, "invalid_request_object"],
    [consentId, { response_type: "token" }, "invalid_request_object"],
    [consentId, { claims: {} }, "invalid_request"],
    [consentId, { response_type: "code id_token", nonce: undefined }, "invalid_request"],
    [consentId, { scope: "openid payments" }, "invalid_scope"],
    [consentId, { scope: "accounts" }, "invalid_scope"],
    [consentId, { exp: Math.floor(Date.now() / 1000) + 7200 }, "invalid_request_object"],
    ["aac-unknown", {}, "invalid_request"],
    [over, {}, "invalid_request"],
  ];
  for (const [id, claims, error] of refused) {
    const begun = await authUrl(url, client, id, claims);
    const back = new URL((await call(begun.location)).headers.get("location") ?? "");
    const answer = back.hash === "" ? back.searchParams : new URLSearchParams(back.hash.slice(1));
    assert.equal(answer.get("error"), error, JSON.stringify(claims));
    assert.equal(answer.get("state"), begun.state);
  }
  const begun = await authUrl(url, client, consentId);
  const back = new URL((await call(`${begun.location}&state=other`)).headers.get("location") ?? "");
  assert.equal(back.searchParams.get("error"), "invalid_request", "what stands twice is the same");
});

test("another client's consent cannot be authorised", async () => {
  const other = await newClient("other-client");
  orion.register(other.registration);
  const begun = await authUrl(url, other, await newConsent());
  const back = new URL((await call(begun.location)).headers.get("location") ?? "");
  assert.equal(back.searchParams.get("error"), "invalid_request");
});

test("a code is good once, for its verifier, its redirect URI and two minutes", async () => {
  const begun = await authUrl(url, client, await newConsent());
  const back = await authorise(url, begun, "anna");
  const wrong = await exchange(url, client, { ...begun, verifier: "v".repeat(43) }, back);
  assert.equal(wrong.body.error, "invalid_grant");
  const other = await exchange(url, { ...client, redirectUri: "http://127.0.0.1:9/other" }, begun, back);
  assert.equal(other.body.error, "invalid_grant");
  const { body } = await exchange(url, client, begun, back);
  const read = () =>
    call(`${url}/open-banking/v3.1/aisp/accounts`, {
      headers: { authorization: `Bearer ${body.access_token}` },
    });
  assert.equal((await read()).status, 200);
  assert.equal((await exchange(url, client, begun, back)).body.error, "invalid_grant");
  assert.equal((await read()).status, 401, "what the stolen code gave is withdrawn");

  const late = await authUrl(url, client, await newConsent());
  const lateBack = await authorise(url, late, "anna");
  orion.advance({ minutes: 3 });
  assert.equal((await exchange(url, client, late, lateBack)).body.error, "invalid_grant");
});

test("an access token ends after 15 minutes; the refresh token gives another", async () => {
  const { tokens, aisp } = await connect(url, client, "anna");
  orion.advance({ minutes: 16 });
  assert.equal((await aisp("/accounts")).status, 401);
  const again = await token(url, client, {
    grant_type: "refresh_token",
    refresh_token: tokens.refresh_token,
  });
  assert.equal(again.status, 200);
  const authorization = `Bearer ${again.body.access_token}`;
  assert.equal((await aisp("/accounts", { authorization })).status, 200);
  const other = await newClient("thief");
  orion.register(other.registration);
  const stolen = await token(url, other, {
    grant_type: "refresh_token",
    refresh_token: tokens.refresh_token,
  });
  assert.equal(stolen.body.error, "invalid_grant");
});

test("access authorised anew ends the tokens of before, and may choose other accounts", async () => {
  const { consentId, tokens, aisp } = await connect(url, client, "anna");
  const begun = await authUrl(url, client, consentId);
  const browser = newBrowser(url);
  await browser.go(begun.location);
  const page = await browser.step("login", { username: "anna", password: PASSWORD });
  const [first = ""] = accountChoices(String(page.body));
  const sent = await browser.step("consent", { account: first });
  const { body } = await exchange(url, client, begun, new URL(sent.headers.get("location") ?? ""));
  assert.equal((await aisp("/accounts")).status, 401);
  const old = await token(url, client, { grant_type: "refresh_token", refresh_token: tokens.refresh_token });
  assert.equal(old.body.error, "invalid_grant");
  const now = await aisp("/accounts", { authorization: `Bearer ${body.access_token}` });
  assert.deepEqual(
    now.body.Data.Account.map(({ AccountId }: { AccountId: string }) => AccountId),
    [first],
  );
});

test("a visit belongs to the browser that began, and is over after its end", async () => {
  const consentId = await newConsent();
  const begun = await authUrl(url, client, consentId);
  const first = await call(begun.location);
  const place = `${url}${first.headers.get("location")}`;
  const cookie = first.headers.get("set-cookie") ?? "";
  assert.match(cookie, /HttpOnly; SameSite=Lax/);
  assert.equal((await call(place)).status, 400);
  assert.equal((await call(place, { headers: { cookie: "orion_visit=guess" } })).status, 400);
  assert.equal((await call(place, { headers: { cookie } })).status, 200);
  // No step can be skipped.
  const skip = await call(`${place}/consent`, {
    method: "POST",
    headers: { cookie },
    body: new URLSearchParams({ account: "oa-1" }),
  });
  assert.equal(skip.status, 303);
  assert.equal(await status(consentId), "AwaitingAuthorisation");
  await call(`${place}/cancel`, { method: "POST", headers: { cookie }, body: new URLSearchParams() });
  assert.equal((await call(place, { headers: { cookie } })).status, 400);
});

interface Refusal {
  name: string;
  username: string;
  /** Steps after the first page. */
  steps: [string, Record<string, string>][];
  error: string;
  left: string;
}

const LOGIN = { password: PASSWORD };
const WRONG = { password: "wrong" };
const REFUSALS: Refusal[] = [
  {
    name: "Cancel at once",
    username: "anna",
    steps: [["cancel", {}]],
    error: "access_denied",
    left: "Rejected",
  },
  {
    name: "Cancel at the end",
    username: "anna",
    steps: [
      ["login", LOGIN],
      ["cancel", {}],
    ],
    error: "access_denied",
    left: "Rejected",
  },
  {
    name: "three wrong passwords",
    username: "anna",
    steps: [
      ["login", WRONG],
      ["login", WRONG],
      ["login", WRONG],
    ],
    error: "access_denied",
    left: "Rejected",
  },
  {
    name: "no password is right",
    username: "walter",
    steps: [
      ["login", LOGIN],
      ["login", LOGIN],
      ["login", LOGIN],
    ],
    error: "access_denied",
    left: "Rejected",
  },
  {
    name: "the bank refuses",
    username: "rita",
    steps: [["login", LOGIN]],
    error: "access_denied",
    left: "Rejected",
  },
  {
    name: "the bank is down",
    username: "olga",
    steps: [["login", LOGIN]],
    error: "temporarily_unavailable",
    left: "AwaitingAuthorisation",
  },
];

for (const { name, username, steps, error, left } of REFUSALS) {
  test(`refused: ${name}`, async () => {
    const consentId = await newConsent();
    const begun = await authUrl(url, client, consentId);
    const browser = newBrowser(url);
    await browser.go(begun.location);
    let location: string | null = null;
    for (const [step, form] of steps) {
      assert.equal(location, null, "not before the last step");
      location = (await browser.step(step, { username, ...form })).headers.get("location");
    }
    const back = new URL(location ?? "");
    assert.equal(back.searchParams.get("error"), error);
    assert.equal(back.searchParams.get("state"), begun.state);
    assert.equal(await status(consentId), left);
  });
}

test("a wrong password is told, and the right one still works; so with the one-time code", async () => {
  const begun = await authUrl(url, client, await newConsent());
  const browser = newBrowser(url);
  await browser.go(begun.location);
  const wrong = await browser.step("login", { username: "ben", password: "wrong" });
  assert.equal(wrong.status, 422);
  assert.match(String(wrong.body), /role="alert"[^>]*>User name or password is wrong. 2 more to try/);
  assert.match(String((await browser.step("login", { username: " Ben ", ...LOGIN })).body), /One-time code/);
  assert.equal((await browser.step("code", { code: "000000" })).status, 422);
  const page = await browser.step("code", { code: ONE_TIME_CODE });
  const none = await browser.step("consent", {});
  assert.match(String(none.body), /Choose at least one account/);
  const foreign = await browser.step("consent", { account: "oa-of-somebody-else" });
  assert.match(String(foreign.body), /Choose at least one account/);
  const sent = await browser.step("consent", { account: accountChoices(String(page.body))[0] ?? "" });
  assert.ok(new URL(sent.headers.get("location") ?? "").searchParams.has("code"));
});
