import assert from "node:assert/strict";
import { createPublicKey, randomBytes, verify } from "node:crypto";
import { test } from "node:test";
import * as fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { verifyWebhook } from "../../sdk/verify-webhook.ts";
import { newSecret as drawSecret, publicKeyOf, sign, signingKey } from "./signing.ts";

const at = Temporal.Instant.from("2020-01-30T12:44:55.9Z");
/** RFC 8410: what stands before a raw ed25519 public key. */
const SPKI_ED25519 = Buffer.from("302a300506032b6570032100", "hex");

const newSecret = (bytes = 24) => `whsec_${randomBytes(bytes).toString("base64")}`;

test("the standardwebhooks package and our SDK accept it, with each of several secrets", () => {
  const secrets = [newSecret(), newSecret(32), newSecret(64)];
  const body = Buffer.from('{"name":"Zoë"}');
  const headers = { ...sign(secrets.map(signingKey), "evt_1", Temporal.Now.instant(), body) };
  assert.equal(headers["webhook-signature"]?.split(" ").length, 3);
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
  for (const wrong of ["", "whsec_", "hunter2", "hunter2 with spaces in it", newSecret(23), newSecret(65)]) {
    assert.throws(
      () => signingKey(wrong),
      (error) => error instanceof Error && !error.message.includes("hunter2"),
    );
  }
});

test("v1a: the public key that is shown verifies what the secret signed, beside v1", () => {
  const secret = drawSecret("v1a");
  const shared = newSecret();
  const body = Buffer.from("{}");
  const signed = sign([shared, secret].map(signingKey), "evt_1", at, body);
  const [v1 = "", v1a = ""] = (signed["webhook-signature"] ?? "").split(" ");
  assert.equal(v1, sign([signingKey(shared)], "evt_1", at, body)["webhook-signature"]);
  assert.match(v1a, /^v1a,/);
  const raw = Buffer.from((publicKeyOf(secret) ?? "").replace("whpk_", ""), "base64");
  const key = createPublicKey({ key: Buffer.concat([SPKI_ED25519, raw]), format: "der", type: "spki" });
  const content = Buffer.from(`evt_1.${signed["webhook-timestamp"]}.{}`);
  assert.ok(verify(null, content, key, Buffer.from(v1a.slice(4), "base64")));
  assert.equal(verify(null, Buffer.concat([content, body]), key, Buffer.from(v1a.slice(4), "base64")), false);
});

test("an ed25519 secret is 32 bytes, or 64 whose second half is its public key", () => {
  const bytes = Buffer.from(drawSecret("v1a").slice(5), "base64");
  assert.equal(
    publicKeyOf(`whsk_${bytes.subarray(0, 32).toString("base64")}`),
    publicKeyOf(`whsk_${bytes.toString("base64")}`),
  );
  bytes[63] = (bytes[63] ?? 0) ^ 1;
  assert.throws(() => signingKey(`whsk_${bytes.toString("base64")}`), /public half/);
  assert.throws(() => signingKey(`whsk_${bytes.subarray(0, 31).toString("base64")}`));
});

test("fx-signature: the vector of the open-banking contract", () => {
  const body = Buffer.from(
    '{"id":"evt_0000000000000000000000","object":"event","created_at":"2020-01-30T12:44:55Z","type":"consent.created","data":{"object":{"id":"cst_0000000000000000000000","object":"consent","status":"pending"}}}',
  );
  assert.equal(body.length, 205);
  const signed = sign([signingKey("bankbell_test_signing_secret")], "evt_1", at, body, { fx: true });
  assert.equal(
    signed["fx-signature"],
    "t=2020-01-30T12:44:55Z;s=3c46448f2cc59f86b2fccd1236383bd89ebc098be6c3e9b5379fc00c1ae02a1a",
  );
  assert.equal(signed["webhook-signature"], undefined, "the secret is of no kind of Standard Webhooks");
});

test("fx-signature: the oldest live secret signs, a secret made for it before all; other formats have none", () => {
  const [first, second] = [newSecret(), newSecret()].map(signingKey);
  assert.ok(first && second);
  const body = Buffer.from("{}");
  const fx = (keys: Parameters<typeof sign>[0]) => sign(keys, "e", at, body, { fx: true })["fx-signature"];
  assert.equal(fx([first, second]), fx([first]));
  assert.notEqual(fx([second, first]), fx([first]));
  const own = signingKey("another-system-secret");
  assert.equal(fx([first, own]), fx([own]));
  assert.equal(sign([first], "e", at, body)["fx-signature"], undefined);
  assert.equal(fx([signingKey(drawSecret("v1a"))]), undefined);
});
