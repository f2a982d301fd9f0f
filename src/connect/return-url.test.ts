import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import * as fc from "fast-check";
import { refusedReturnUrl, signedReturnUrl } from "./return-url.ts";

const NOW = Temporal.Instant.from("2020-01-30T12:44:55.900Z");
const ID = "cst_5iHhGn4lSjvQofwhWVWKoZ";

test("a vector to check other implementations with", () => {
  const back = {
    returnUrl: "https://app.example/back?state=1",
    name: "fx_consent",
    id: ID,
    error: null,
  } as const;
  const signature = createHmac("sha256", "rs_sample").update(`1580388295.${ID}`).digest("hex");
  assert.equal(
    signedReturnUrl(back, "rs_sample", NOW),
    `https://app.example/back?state=1&fx_consent=${ID}&consent_id=${ID}&fx_timestamp=1580388295&fx_signature=${signature}`,
  );
});

test("whatever the client's own query holds comes back to it, and ours is never theirs", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string({ minLength: 1 }), fc.string())), (pairs) => {
      const own = new URLSearchParams(pairs);
      const returnUrl = `https://app.example/back?${own.toString()}#there`;
      const url = new URL(
        signedReturnUrl({ returnUrl, name: "fx_payment", id: "pmt_1", error: "access_denied" }, "rs", NOW),
      );
      assert.equal(url.hash, "#there");
      assert.deepEqual(url.searchParams.getAll("fx_payment"), ["pmt_1"]);
      assert.equal(url.searchParams.get("consent_id"), null);
      const names = new Set([
        "fx_payment",
        "fx_consent",
        "consent_id",
        "fx_batch_payment",
        "fx_timestamp",
        "fx_signature",
        "error",
      ]);
      assert.deepEqual(url.searchParams.getAll("error"), ["access_denied"]);
      for (const name of new Set(own.keys())) {
        if (names.has(name)) continue;
        const expected = own.getAll(name);
        assert.deepEqual(url.searchParams.getAll(name).slice(0, expected.length), expected);
      }
    }),
  );
});

test("an error in the client's own query is never taken for ours", () => {
  const returnUrl = "https://app.example/back?error=mine&state=a%20b&%65rror=too";
  const yes = new URL(
    signedReturnUrl({ returnUrl, name: "fx_consent", id: ID, error: null }, "rs_sample", NOW),
  );
  assert.equal(yes.searchParams.has("error"), false);
  assert.equal(refusedReturnUrl(returnUrl), "https://app.example/back?state=a%20b&error=access_denied");
  assert.equal(
    refusedReturnUrl("https://app.example/back#x"),
    "https://app.example/back?error=access_denied#x",
  );
});
