import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, test } from "node:test";
import { Webhook } from "standardwebhooks";
import { verifyWebhook, WebhookVerificationError, type VerifyFault } from "./verify-webhook.ts";

const secret = `whsec_${randomBytes(24).toString("base64")}`;
const other = `whsec_${randomBytes(32).toString("base64")}`;
const body = '{"name":"Zoë","n":1}';
const now = Math.floor(Date.now() / 1000);

function signed(by: string, at = now): Record<string, string> {
  return {
    "webhook-id": "evt_1",
    "webhook-timestamp": String(at),
    // Signed by the independent package.
    "webhook-signature": new Webhook(by).sign("evt_1", new Date(at * 1000), body),
  };
}

function refuses(fault: VerifyFault, act: () => unknown): void {
  assert.throws(act, (error) => error instanceof WebhookVerificationError && error.fault === fault);
}

describe("verifyWebhook", () => {
  test("accepts what the standardwebhooks package signs", () => {
    assert.deepEqual(verifyWebhook(body, signed(secret), secret), {
      id: "evt_1",
      timestamp: now,
      event: { name: "Zoë", n: 1 },
    });
    assert.equal(verifyWebhook(Buffer.from(body), new Headers(signed(secret)), secret).id, "evt_1");
  });

  test("accepts any of several signatures and secrets", () => {
    const headers = signed(secret);
    headers["webhook-signature"] =
      `v1a,AAAA ${signed(other)["webhook-signature"]} ${headers["webhook-signature"]}`;
    assert.equal(verifyWebhook(body, headers, secret).id, "evt_1");
    assert.equal(verifyWebhook(body, signed(secret), [other, secret]).id, "evt_1");
  });

  test("takes header names in any case, and Node's lists", () => {
    const headers = Object.fromEntries(
      Object.entries(signed(secret)).map(([name, value]) => [name.toUpperCase(), [value]]),
    );
    assert.equal(verifyWebhook(body, headers, secret).id, "evt_1");
  });

  test("refuses another secret, another body, another id, a cut signature", () => {
    refuses("signature", () => verifyWebhook(body, signed(other), secret));
    refuses("signature", () => verifyWebhook(`${body} `, signed(secret), secret));
    refuses("signature", () => verifyWebhook(body, { ...signed(secret), "webhook-id": "evt_2" }, secret));
    refuses("signature", () =>
      verifyWebhook(body, { ...signed(secret), "webhook-signature": "v1,AAAA" }, secret),
    );
    refuses("signature", () => verifyWebhook(body, { ...signed(secret), "webhook-signature": "v1" }, secret));
  });

  test("refuses what is too old, too new, or no number", () => {
    assert.equal(verifyWebhook(body, signed(secret, now - 299), secret).timestamp, now - 299);
    refuses("timestamp", () => verifyWebhook(body, signed(secret, now - 400), secret));
    refuses("timestamp", () => verifyWebhook(body, signed(secret, now + 400), secret));
    refuses("timestamp", () =>
      verifyWebhook(body, signed(secret, now - 11), secret, { toleranceSeconds: 5 }),
    );
    refuses("timestamp", () =>
      verifyWebhook(body, { ...signed(secret), "webhook-timestamp": "soon" }, secret),
    );
  });

  test("names what is missing or malformed", () => {
    refuses("missing_header", () => verifyWebhook(body, {}, secret));
    refuses("secret", () => verifyWebhook(body, signed(secret), "hunter2"));
    const headers = {
      ...signed(secret),
      "webhook-signature": new Webhook(secret).sign("evt_1", new Date(now * 1000), "no"),
    };
    refuses("body", () => verifyWebhook("no", headers, secret));
  });
});
