/** A tiny client of the standard, for tests: keys of its own, signed requests, and a browser of a few lines. */
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { exportJWK, generateKeyPair, SignJWT, CompactSign, type CryptoKey, type JWTPayload } from "jose";

export interface Answer {
  status: number;
  headers: Headers;
  // The tests look at every member of bodies whose shape they check by schema.
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any;
}

export interface TestClient {
  id: string;
  redirectUri: string;
  registration: {
    client_id: string;
    jwks: { keys: { kty: "RSA"; n: string; e: string; kid: string }[] };
    redirect_uris: string[];
    event_notification_url?: string;
  };
  sign(claims: JWTPayload, seconds?: number): Promise<string>;
  /** Over raw bytes, in the standard's header. */
  detached(body: string, header?: Record<string, unknown>): Promise<string>;
  assertion(url: string, claims?: JWTPayload): Promise<string>;
}

const REDIRECT = "http://127.0.0.1:9/callback";

export async function newClient(id = "bankbell-sandbox", eventUrl?: string): Promise<TestClient> {
  const { privateKey, publicKey } = await generateKeyPair("PS256", { extractable: true });
  const { n = "", e = "" } = await exportJWK(publicKey);
  const kid = `key-${id}`;
  const sign = signer(privateKey, kid);
  return {
    id,
    redirectUri: REDIRECT,
    registration: {
      client_id: id,
      jwks: { keys: [{ kty: "RSA", n, e, kid }] },
      redirect_uris: [REDIRECT],
      ...(eventUrl === undefined ? {} : { event_notification_url: eventUrl }),
    },
    sign,
    async detached(body, header = {}) {
      const iat = Math.floor(Date.now() / 1000);
      const members = { iat, iss: id, tan: "openbanking.org.uk" };
      const named = Object.entries(members).map(([name, value]) => [
        `http://openbanking.org.uk/${name}`,
        value,
      ]);
      const own = Object.fromEntries(named);
      const all = {
        alg: "PS256",
        kid,
        typ: "JOSE",
        cty: "application/json",
        ...own,
        crit: Object.keys(own),
        ...header,
      };
      const jws = await new CompactSign(new TextEncoder().encode(body))
        .setProtectedHeader(all)
        .sign(privateKey, { crit: Object.fromEntries((all.crit as string[]).map((name) => [name, true])) });
      const [head, , signature] = jws.split(".");
      return `${head}..${signature}`;
    },
    assertion: (url, claims = {}) =>
      sign({ iss: id, sub: id, aud: `${url}/token`, jti: randomUUID(), ...claims }),
  };
}

const signer =
  (key: CryptoKey, kid: string) =>
  (claims: JWTPayload, seconds = 300) => {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ iat: now, nbf: now, exp: now + seconds, ...claims })
      .setProtectedHeader({ alg: "PS256", kid })
      .sign(key);
  };

export async function call(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, { redirect: "manual", ...init });
  const text = await response.text();
  const json = response.headers.get("content-type")?.includes("json") && text !== "";
  return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
}

export async function token(url: string, client: TestClient, form: Record<string, string>): Promise<Answer> {
  const body = new URLSearchParams({
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: await client.assertion(url),
    ...form,
  });
  return call(`${url}/token`, { method: "POST", body });
}

export async function ownToken(url: string, client: TestClient, scope: string): Promise<string> {
  const { body } = await token(url, client, { grant_type: "client_credentials", scope });
  return body.access_token;
}

export interface Begun {
  verifier: string;
  location: string;
  state: string;
  nonce: string;
}

/** The URL that the browser is sent to. */
export async function authUrl(
  url: string,
  client: TestClient,
  consentId: string,
  more: JWTPayload = {},
): Promise<Begun> {
  const [verifier, state, nonce] = [1, 2, 3].map(() => randomBytes(32).toString("base64url")) as [
    string,
    string,
    string,
  ];
  const request = await client.sign({
    iss: client.id,
    aud: url,
    response_type: "code",
    client_id: client.id,
    redirect_uri: client.redirectUri,
    scope: consentId.startsWith("aac") ? "openid accounts" : "openid payments",
    state,
    nonce,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    claims: { id_token: { openbanking_intent_id: { value: consentId, essential: true } } },
    ...more,
  });
  const location = new URL(`${url}/auth`);
  location.searchParams.set("client_id", client.id);
  location.searchParams.set("request", request);
  return { verifier, location: location.href, state, nonce };
}

/** A browser that keeps the one cookie, and fills in forms. */
export function newBrowser(url: string) {
  let cookie = "";
  let at = "";
  const go = async (to: string, form?: Record<string, string> | [string, string][]): Promise<Answer> => {
    const answer = await call(new URL(to, url).href, {
      headers: { cookie },
      ...(form === undefined ? {} : { method: "POST", body: new URLSearchParams(form) }),
    });
    cookie = answer.headers.get("set-cookie")?.split(";")[0] ?? cookie;
    const next = answer.headers.get("location");
    if (next === null) return answer;
    if (!next.startsWith("/")) return answer;
    at = next;
    return go(next);
  };
  return {
    go,
    /** A step of the visit, such as `login`. */
    step: (name: string, form: Record<string, string> | [string, string][]) => go(`${at}/${name}`, form),
  };
}

export const accountChoices = (page: string): string[] =>
  [...page.matchAll(/name="account" value="([^"]+)"/g)].map(([, id = ""]) => id);

/** The whole way through the bank's pages; answers where the browser goes then. */
export async function authorise(url: string, begun: Begun, username: string): Promise<URL> {
  const browser = newBrowser(url);
  await browser.go(begun.location);
  const page = await browser.step("login", { username, password: "bluebell" });
  const accounts = accountChoices(String(page.body));
  const back = await browser.step(
    "consent",
    accounts.map((id): [string, string] => ["account", id]),
  );
  return new URL(back.headers.get("location") ?? "about:blank");
}

export async function exchange(url: string, client: TestClient, begun: Begun, back: URL): Promise<Answer> {
  return token(url, client, {
    grant_type: "authorization_code",
    code: back.searchParams.get("code") ?? "",
    redirect_uri: client.redirectUri,
    code_verifier: begun.verifier,
  });
}

export const ALL_PERMISSIONS = [
  "ReadAccountsDetail",
  "ReadBalances",
  "ReadPartyPSU",
  "ReadTransactionsCredits",
  "ReadTransactionsDebits",
  "ReadTransactionsDetail",
];

export async function createConsent(
  url: string,
  client: TestClient,
  data: Record<string, unknown> = {},
): Promise<Answer> {
  const bearer = await ownToken(url, client, "accounts");
  return call(`${url}/open-banking/v3.1/aisp/account-access-consents`, {
    method: "POST",
    headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify({ Data: { Permissions: ALL_PERMISSIONS, ...data }, Risk: {} }),
  });
}

/** Consent, browser and tokens in one. */
export async function connect(
  url: string,
  client: TestClient,
  username: string,
  data: Record<string, unknown> = {},
) {
  const { body } = await createConsent(url, client, data);
  const consentId: string = body.Data.ConsentId;
  const begun = await authUrl(url, client, consentId);
  const { body: tokens } = await exchange(url, client, begun, await authorise(url, begun, username));
  const aisp = (path: string, headers: Record<string, string> = {}) =>
    call(path.startsWith("http") ? path : `${url}/open-banking/v3.1/aisp${path}`, {
      headers: { authorization: `Bearer ${tokens.access_token}`, ...headers },
    });
  return { consentId, tokens, aisp };
}

export interface PaymentBody {
  Data: { Initiation: Record<string, unknown> };
  Risk: Record<string, unknown>;
}

export const paymentBody = (amount: string, more: Record<string, unknown> = {}): PaymentBody => ({
  Data: {
    Initiation: {
      InstructionIdentification: "instr-1",
      EndToEndIdentification: "e2e-1",
      LocalInstrument: "UK.OBIE.FPS",
      InstructedAmount: { Amount: amount, Currency: "GBP" },
      CreditorAccount: {
        SchemeName: "UK.OBIE.SortCodeAccountNumber",
        Identification: "00009912345678",
        Name: "Tidewater Hotels",
      },
      RemittanceInformation: { Reference: "INV-1" },
      ...more,
    },
  },
  Risk: { PaymentContextCode: "PartyToParty" },
});

/** A signed call of the payment API. A header that is `undefined` is left out. */
export async function pay(
  url: string,
  client: TestClient,
  bearer: string,
  path: string,
  body: unknown,
  headers: Record<string, string | undefined> = {},
): Promise<Answer> {
  const text = JSON.stringify(body);
  const all: Record<string, string | undefined> = {
    authorization: `Bearer ${bearer}`,
    "content-type": "application/json; charset=utf-8",
    "x-idempotency-key": randomUUID(),
    "x-jws-signature": await client.detached(text),
    ...headers,
  };
  const sent = Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return call(`${url}/open-banking/v3.1/pisp${path}`, { method: "POST", headers: sent, body: text });
}

/** Consent to a payment, authorised; ready to be paid. */
export async function payable(
  url: string,
  client: TestClient,
  amount: string | PaymentBody,
  username = "anna",
) {
  const own = await ownToken(url, client, "payments");
  const asked = typeof amount === "string" ? paymentBody(amount) : amount;
  const consent = await pay(url, client, own, "/domestic-payment-consents", asked);
  const consentId: string = consent.body.Data.ConsentId;
  const begun = await authUrl(url, client, consentId);
  const { body: tokens } = await exchange(url, client, begun, await authorise(url, begun, username));
  const order = { Data: { ConsentId: consentId, ...asked.Data }, Risk: asked.Risk };
  const get = (path: string, bearer = own) =>
    call(`${url}/open-banking/v3.1/pisp${path}`, { headers: { authorization: `Bearer ${bearer}` } });
  const send = (key: string, body: unknown = order) =>
    pay(url, client, tokens.access_token, "/domestic-payments", body, { "x-idempotency-key": key });
  return { consentId, consent, own, tokens, order, get, send };
}
