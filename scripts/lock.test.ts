import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";

// A lock file that lacks them is refused by `npm ci`, on this machine and on every other: nothing would start.
test("package-lock.json names the programs of every platform", () => {
  const script = join(import.meta.dirname, "complete-lock.mjs");
  const { status, stderr } = spawnSync(process.execPath, [script, "--check"], { encoding: "utf8" });
  assert.equal(stderr, "");
  assert.equal(status, 0);
});
