import assert from "node:assert/strict";
import { test } from "node:test";
import { base62, isUuidV4, newId, newUuid } from "./ids.ts";

test("ids carry 22 base-62 characters behind their prefix and do not repeat", () => {
  const ids = new Set(Array.from({ length: 5000 }, () => newId("evt")));
  assert.equal(ids.size, 5000);
  for (const id of ids) assert.match(id, /^evt_[0-9A-Za-z]{22}$/);
});

test("every character is drawn about as often", () => {
  const counts = new Map<string, number>();
  for (const c of base62(62_000)) counts.set(c, (counts.get(c) ?? 0) + 1);
  assert.equal(counts.size, 62);
  for (const [c, n] of counts) assert.ok(n > 800 && n < 1200, `${c} drawn ${n} times of about 1000`);
});

test("uuids are of version 4", () => {
  assert.ok(isUuidV4(newUuid()));
  assert.equal(isUuidV4("bfb98ac5-7224-101b-a643-175235856187"), false);
  assert.equal(isUuidV4("abcd"), false);
});
