import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { open, openText, parseMasterKey, seal, sealKey, sealText, SealError } from "./crypto.ts";

const place = { table: "webhook_secrets", column: "secret", row: "wh_1" };
const key = sealKey(randomBytes(32));

test("what is sealed opens with the same key at the same place", () => {
  assert.equal(openText(key, sealText(key, "whsec_x", place), place), "whsec_x");
  assert.deepEqual(open(key, seal(key, Buffer.alloc(0), place), place), Buffer.alloc(0));
});

test("another key, another row, or one changed bit does not open", () => {
  const sealed = sealText(key, "whsec_x", place);
  assert.throws(() => open(sealKey(randomBytes(32)), sealed, place), SealError);
  assert.throws(() => open(key, sealed, { ...place, row: "wh_2" }), SealError);
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ 1;
    assert.throws(() => open(key, changed, place), SealError, `byte ${at}`);
  }
});

test("the same text never seals to the same bytes", () => {
  assert.notDeepEqual(sealText(key, "x", place), sealText(key, "x", place));
});

test("a master key is 32 bytes in base64 or hex", () => {
  const bytes = randomBytes(32);
  assert.deepEqual(parseMasterKey(bytes.toString("base64"))?.bytes, bytes);
  assert.deepEqual(parseMasterKey(` ${bytes.toString("hex")}\n`)?.bytes, bytes);
  assert.equal(parseMasterKey("short"), null);
});
