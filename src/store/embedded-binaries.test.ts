import assert from "node:assert/strict";
import { test } from "node:test";
import { findBinaries } from "./embedded-binaries.ts";

test("a machine without a package is told the way out", () => {
  assert.throws(
    () => findBinaries("aix", "ppc64"),
    /No embedded PostgreSQL for aix-ppc64 .*Set DATABASE_URL to a PostgreSQL of version 15 or newer/,
  );
  assert.throws(() => findBinaries("win32", "x64"), /on Windows: use WSL\. Set DATABASE_URL/);
});
