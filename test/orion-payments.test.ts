/** The sandbox bank's payments: signatures, idempotency keys, and the pennies that choose the outcome. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createRemoteJWKSet, flattenedVerify } from "jose";
import { startOrion, type Orion } from "../orion/server.ts";
import { call, newClient, ownToken, pay, payable, paymentBody, type TestClient } from "./orion-client.ts";
import { assertConforms } from "./orion-schemas.ts";

let orion: Orion;
let client: TestClient;
let url: string;
let own: string;

before(async () => {
  orion = await startOrion({ port: 0, host: "127.0.0.1", seed: "payments", settings: { timeoutMs: 20 } });
  ({ url } = orion);
  client = await newClient();
  orion.register(client.registration);
  own = await ownToken(url, client, "payments");
});
after(() => orion.stop());

const CONSENTS = "/domestic-payment-consents";

test("a payment from consent to completion, every answer as the standard has it, and signed", async () => {
  const { consent, consentId, order, get, send, tokens } = await payable(url, client, "25.40");
  assertConforms("paymentConsentRequest", paymentBody("25.40"));
  assertConforms("paymentRequest", order);
  assert.equal(consent.status, 201);
  assertConforms("paymentConsentAnswer", consent.body);
  const authorised = await get(`${CONSENTS}/${consentId}`);
  assertConforms("paymentConsentAnswer", authorised.body);
  assert.equal(authorised.body.Data.Status, "Authorised");
  const funds = await get(`${CONSENTS}/${consentId}/funds-confirmation`, tokens.access_token);
  assertConforms("fundsAnswer", funds.body);
  assert.equal(funds.body.Data.FundsAvailableResult.FundsAvailable, true);

  const paid = await send("k-whole");
  assert.equal(paid.status, 201);
  assertConforms("paymentAnswer", paid.body);
  assert.equal(paid.body.Data.Status, "AcceptedSettlementInProcess");
  assert.equal((await get(`${CONSENTS}/${consentId}`)).body.Data.Status, "Consumed");
  const path = `/domestic-payments/${paid.body.Data.DomesticPaymentId}`;
  assert.equal(paid.body.Links.Self, `${url}/open-banking/v3.1/pisp${path}`);
  orion.advance({ seconds: 3 });
  const done = await get(path);
  assertConforms("paymentAnswer", done.body);
  assert.equal(done.body.Data.Status, "AcceptedSettlementCompleted");
  const details = await get(`${path}/payment-details`);
  assertConforms("paymentDetailsAnswer", details.body);
  assert.equal(details.body.Data.PaymentStatus[0].Status, "AcceptedSettlementCompleted");

  const raw = await fetch(done.body.Links.Self, { headers: { authorization: `Bearer ${own}` } });
  const [head = "", middle, signature = ""] = (raw.headers.get("x-jws-signature") ?? "").split(".");
  assert.equal(middle, "");
  const jws = {
    protected: head,
    payload: Buffer.from(await raw.arrayBuffer()).toString("base64url"),
    signature,
  };
  const named = ["iat", "iss", "tan"].map((name) => [`http://openbanking.org.uk/${name}`, true]);
  await flattenedVerify(jws, createRemoteJWKSet(new URL(`${url}/jwks`)), { crit: Object.fromEntries(named) });
});

test("a signature that is missing or wrong is refused, and nothing is made", async () => {
  const body = paymentBody("1.00");
  const text = JSON.stringify(body);
  const stranger = await newClient(client.id);
  const ours = (name: string) => `http://openbanking.org.uk/${name}`;
  const good = await client.detached(text);
  const [head = "", , signature = ""] = good.split(".");
  const refused: [string, string | undefined, string][] = [
    ["missing", undefined, "Signature.Missing"],
    ["no JWS", "signature", "Signature.Malformed"],
    ["attached", `${head}.${Buffer.from(text).toString("base64url")}.${signature}`, "Signature.Malformed"],
    ["unreadable", `x..${signature}`, "Signature.Malformed"],
    ["another key", await stranger.detached(text), "Signature.Invalid"],
    ["another body", await client.detached(`${text} `), "Signature.Invalid"],
    ["unknown kid", await client.detached(text, { kid: "other" }), "Signature.InvalidClaim"],
    ["another issuer", await client.detached(text, { [ours("iss")]: "other" }), "Signature.InvalidClaim"],
    ["another anchor", await client.detached(text, { [ours("tan")]: "other" }), "Signature.InvalidClaim"],
    [
      "of the future",
      await client.detached(text, { [ours("iat")]: 9_999_999_999 }),
      "Signature.InvalidClaim",
    ],
    ["no time", await client.detached(text, { [ours("iat")]: "now" }), "Signature.InvalidClaim"],
    [
      "crit lacks one",
      await client.detached(text, { crit: [ours("iat"), ours("iss")] }),
      "Signature.InvalidClaim",
    ],
    ["another typ", await client.detached(text, { typ: "JWT" }), "Signature.InvalidClaim"],
  ];
  for (const [name, header, code] of refused) {
    const answer = await pay(url, client, own, CONSENTS, body, {
      "x-jws-signature": header,
      "x-idempotency-key": "sig",
    });
    assert.equal(answer.status, 400, name);
    assertConforms("errorResponse", answer.body);
    assert.equal(answer.body.Errors[0].ErrorCode, `UK.OBIE.${code}`, name);
  }
  const made = await pay(url, client, own, CONSENTS, body, {
    "x-jws-signature": good,
    "x-idempotency-key": "sig",
  });
  assert.equal(made.status, 201, "the key is still free");
});

test("one idempotency key makes one thing, for 24 hours", async (t) => {
  const send = (key: string | undefined, body: unknown = paymentBody("1.00")) =>
    pay(url, client, own, CONSENTS, body, { "x-idempotency-key": key });
  const first = await send("same");
  const again = await send("same");
  assert.equal(again.status, 201);
  assert.deepEqual(again.body, first.body);
  const other = await send("same", paymentBody("2.00"));
  assert.equal(other.status, 400);
  assertConforms("errorResponse", other.body);
  assert.equal(other.body.Errors[0].Path, "x-idempotency-key");
  for (const key of [undefined, "", "k".repeat(41)]) assert.equal((await send(key)).status, 400, String(key));
  assert.equal((await send("k".repeat(40))).status, 201);
  const neighbour = await newClient("neighbour");
  orion.register(neighbour.registration);
  const theirs = await pay(
    url,
    neighbour,
    await ownToken(url, neighbour, "payments"),
    CONSENTS,
    paymentBody("3.00"),
    {
      "x-idempotency-key": "same",
    },
  );
  assert.equal(theirs.status, 201, "keys belong to a client");

  const clock = await startOrion({ port: 0, host: "127.0.0.1", seed: "day" });
  t.after(() => clock.stop());
  clock.register(client.registration);
  const consent = async () => {
    const bearer = await ownToken(clock.url, client, "payments");
    const { body } = await pay(clock.url, client, bearer, CONSENTS, paymentBody("1.00"), {
      "x-idempotency-key": "d",
    });
    return body.Data.ConsentId;
  };
  const id = await consent();
  clock.advance({ hours: 23 });
  assert.equal(await consent(), id);
  clock.advance({ hours: 2 });
  assert.notEqual(await consent(), id);
});

test("a payment is made once, whatever is sent again; its replay answers the state of then", async () => {
  const { consentId, send } = await payable(url, client, "7.20");
  const [one, two] = await Promise.all([send("p1"), send("p1")]);
  assert.deepEqual([one.status, two.status], [201, 201]);
  assert.equal(one.body.Data.DomesticPaymentId, two.body.Data.DomesticPaymentId);
  const other = await send("p2");
  assert.deepEqual(
    [other.status, other.body.Errors[0].ErrorCode],
    [400, "UK.OBIE.Resource.InvalidConsentStatus"],
  );
  orion.advance({ seconds: 3 });
  const later = await send("p1");
  assert.equal(later.status, 201);
  assert.equal(later.body.Data.DomesticPaymentId, one.body.Data.DomesticPaymentId);
  assert.equal(later.body.Data.Status, "AcceptedSettlementCompleted");
  assert.equal(later.body.Data.ConsentId, consentId);
});

test("what is paid is what was consented to", async () => {
  const { order, send } = await payable(url, client, "9.90");
  const { Initiation } = order.Data;
  const changed: [string, unknown][] = [
    [
      "another amount",
      {
        ...order,
        Data: {
          ...order.Data,
          Initiation: { ...Initiation, InstructedAmount: { Amount: "9.91", Currency: "GBP" } },
        },
      },
    ],
    ["another risk", { ...order, Risk: {} }],
    ["another consent", { ...order, Data: { ...order.Data, ConsentId: "pc-other" } }],
  ];
  for (const [name, body] of changed) {
    const answer = await send(`c-${name}`, body);
    assert.deepEqual(
      [answer.status, answer.body.Errors[0].ErrorCode],
      [400, "UK.OBIE.Resource.ConsentMismatch"],
      name,
    );
  }
  assert.equal((await send("c-right")).status, 201);
});

test("a payment consent's body is checked", async () => {
  const body = paymentBody("1.00");
  const initiation = (more: Record<string, unknown>) => paymentBody("1.00", more);
  const wrong: [string, unknown][] = [
    ["negative", paymentBody("-1.00")],
    ["six decimals", paymentBody("1.000000")],
    ["half a penny", paymentBody("1.005")],
    ["nothing", paymentBody("0.00")],
    ["euros", initiation({ InstructedAmount: { Amount: "1.00", Currency: "EUR" } })],
    ["long id", initiation({ EndToEndIdentification: "e".repeat(36) })],
    ["no creditor", initiation({ CreditorAccount: undefined })],
    [
      "unknown scheme",
      initiation({ CreditorAccount: { SchemeName: "Other", Identification: "1", Name: "N" } }),
    ],
    ["long reference", initiation({ RemittanceInformation: { Unstructured: "u".repeat(141) } })],
    ["unknown member", initiation({ Purpose: "x" })],
    ["open risk", { ...body, Risk: { Note: "x" } }],
    ["no risk", { Data: body.Data }],
  ];
  for (const [name, sent] of wrong) {
    const answer = await pay(url, client, own, CONSENTS, sent);
    assert.equal(answer.status, 400, name);
    assertConforms("errorResponse", answer.body);
  }
});

interface Fate {
  amount: string;
  first: string;
  /** After so much time of the bank. */
  later?: [Temporal.DurationLike, string][];
  reason?: RegExp;
}

const FATES: Fate[] = [
  { amount: "3.01", first: "Rejected", reason: /refuses/ },
  { amount: "3.02", first: "Pending", later: [[{ days: 30 }, "Pending"]] },
  {
    amount: "3.03",
    first: "AcceptedSettlementInProcess",
    later: [
      [{ hours: 1 }, "AcceptedSettlementInProcess"],
      [{ hours: 1 }, "AcceptedSettlementCompleted"],
    ],
  },
  {
    amount: "3.08",
    first: "AcceptedSettlementInProcess",
    later: [[{ hours: 1 }, "Rejected"]],
    reason: /came back/,
  },
  { amount: "3.09", first: "Rejected", reason: /not enough/ },
  {
    amount: "3.10",
    first: "AcceptedSettlementInProcess",
    later: [[{ seconds: 2 }, "AcceptedWithoutPosting"]],
  },
  {
    amount: "3.11",
    first: "AcceptedSettlementCompleted",
    later: [[{ days: 1 }, "AcceptedSettlementCompleted"]],
  },
  {
    amount: "3.12",
    first: "AcceptedSettlementCompleted",
    later: [[{ minutes: 1 }, "AcceptedCreditSettlementCompleted"]],
  },
  {
    amount: "3.50",
    first: "AcceptedSettlementInProcess",
    later: [[{ seconds: 2 }, "AcceptedSettlementCompleted"]],
  },
  { amount: "9999999.50", first: "Rejected", reason: /not enough/ },
];

for (const { amount, first, later = [], reason } of FATES) {
  test(`the fate of ${amount}: ${[first, ...later.map(([, status]) => status)].join(", ")}`, async () => {
    const { consentId, send, tokens } = await payable(url, client, amount);
    const get = async (path: string, bearer?: string) => {
      const authorization = `Bearer ${bearer ?? (await ownToken(url, client, "payments"))}`;
      return call(`${url}/open-banking/v3.1/pisp${path}`, { headers: { authorization } });
    };
    const funds = await get(`${CONSENTS}/${consentId}/funds-confirmation`, tokens.access_token);
    const enough = !/not enough/.test(String(reason));
    assert.equal(funds.body.Data.FundsAvailableResult.FundsAvailable, enough);
    const paid = await send(`fate-${amount}`);
    assert.equal(paid.status, 201);
    assert.equal(paid.body.Data.Status, first);
    const path = `/domestic-payments/${paid.body.Data.DomesticPaymentId}`;
    for (const [duration, status] of later) {
      orion.advance(duration);
      assert.equal((await get(path)).body.Data.Status, status);
    }
    const details = await get(`${path}/payment-details`);
    assertConforms("paymentDetailsAnswer", details.body);
    const told = details.body.Data.PaymentStatus[0].StatusDetail.StatusReasonDescription;
    if (reason) assert.match(told, reason);
    else assert.equal(told, undefined);
  });
}
