import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import * as fc from "fast-check";
import { sealKey } from "./crypto.ts";
import { createLinkSigner, type LinkTarget } from "./signed-links.ts";

const master = sealKey(randomBytes(32));
const links = createLinkSigner(master);
const target: LinkTarget = { env: "env_1", path: "/files/env_1/a/b.xlsx" };
const NOW = Temporal.Instant.from("2024-04-25T10:00:00.9Z");
const HOUR = { hours: 1 };

function proofOf(link: string) {
  const { pathname, searchParams } = new URL(link, "http://localhost");
  assert.equal(pathname, target.path);
  return {
    expires: searchParams.get("expires") ?? "",
    signature: searchParams.get("signature") ?? "",
  };
}

test("a link is right until its expiry, and not at it", () => {
  const proof = proofOf(links.sign(target, NOW.add(HOUR)));
  assert.equal(links.verify(target, proof, NOW), true);
  assert.equal(links.verify(target, proof, Temporal.Instant.from("2024-04-25T10:59:59.999Z")), true);
  assert.equal(links.verify(target, proof, Temporal.Instant.from("2024-04-25T11:00:00Z")), false);
});

test("another path, environment, expiry or key is wrong", () => {
  const proof = proofOf(links.sign(target, NOW.add(HOUR)));
  assert.equal(links.verify({ ...target, path: `${target.path}x` }, proof, NOW), false);
  assert.equal(links.verify({ ...target, env: "env_2" }, proof, NOW), false);
  const later = String(Number(proof.expires) + 1);
  assert.equal(links.verify(target, { ...proof, expires: later }, NOW), false);
  assert.equal(links.verify(target, { ...proof, expires: `0${proof.expires}` }, NOW), false);
  assert.equal(createLinkSigner(sealKey(randomBytes(32))).verify(target, proof, NOW), false);
  assert.equal(links.verify(target, { expires: proof.expires }, NOW), false);
  assert.equal(links.verify(target, {}, NOW), false);
});

test("another process with the same master key signs alike", () => {
  const expires = NOW.add(HOUR);
  assert.equal(createLinkSigner(master).sign(target, expires), links.sign(target, expires));
});

test("no single changed character of the signature passes", () => {
  const proof = proofOf(links.sign(target, NOW.add(HOUR)));
  const place = fc.integer({ min: 0, max: 42 });
  fc.assert(
    fc.property(place, fc.constantFrom("A", "B", "Z", "a", "z", "0", "9", "-", "_"), (at, character) => {
      const signature = proof.signature.slice(0, at) + character + proof.signature.slice(at + 1);
      assert.equal(links.verify(target, { ...proof, signature }, NOW), signature === proof.signature);
    }),
  );
});
