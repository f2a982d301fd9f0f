import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import * as fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { verifyWebhook } from "../../sdk/verify-webhook.ts";
import { sign, signingKey } from "./signing.ts";

const newSecret = (bytes = 24) => `whsec_${randomBytes(bytes).toString("base64")}`;

test("the standardwebhooks package and our SDK accept it, with each of several secrets", () => {
  const secrets = [newSecret(), newSecret(32), newSecret(64)];
  const body = Buffer.from('{"name":"Zoë"}');
  const headers = { ...sign(secrets.map(signingKey), "evt_1", Temporal.Now.instant(), body) };
  assert.equal(headers["webhook-signature"].split(" ").length, 3);
  for (const secret of secrets) {
    assert.deepEqual(new Webhook(secret).verify(body, headers), { name: "Zoë" });
    assert.deepEqual(verifyWebhook(body, headers, secret).event, { name: "Zoë" });
  }
  assert.throws(() => new Webhook(newSecret()).verify(body, headers));
});

test("the same vector as the specification's own library, for any body", () => {
  const secret = newSecret();
  const key = signingKey(secret);
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme" }),
      fc.integer({ min: 1, max: 4_000_000_000 }),
      (text, seconds) => {
        const at = Temporal.Instant.fromEpochMilliseconds(seconds * 1000 + 999);
        const signed = sign([key], "evt_x", at, Buffer.from(text));
        assert.equal(signed["webhook-timestamp"], String(seconds));
        assert.equal(
          signed["webhook-signature"],
          new Webhook(secret).sign("evt_x", new Date(seconds * 1000), Buffer.from(text)),
        );
      },
    ),
    { numRuns: 50 },
  );
});

test("what is no secret is refused without being shown", () => {
  for (const wrong of ["", "whsec_", "hunter2hunter2hunter2hunter2hunter2", newSecret(23), newSecret(65)]) {
    assert.throws(
      () => signingKey(wrong),
      (error) => error instanceof Error && !error.message.includes("hunter2"),
    );
  }
});
