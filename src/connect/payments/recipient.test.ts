import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { isIban, readRecipient } from "./recipient.ts";

test("an IBAN is of its country's length, and 1 modulo 97", () => {
  for (const good of ["GB82WEST12345698765432", "DE89370400440532013000", "FR1420041010050500013M02606"]) assert.ok(isIban(good), good); // prettier-ignore
  for (const bad of [
    "GB82WEST12345698765433",
    "GB82WEST1234569876543",
    "82GBWEST12345698765432",
    "gb82west12345698765432",
    "GB82WEST123456987654320",
    "",
  ])
    assert.ok(!isIban(bad), bad);
});

test("one changed or two swapped digits never make another IBAN", () => {
  const iban = "GB82WEST12345698765432";
  fc.assert(
    fc.property(fc.integer({ min: 8, max: 21 }), fc.integer({ min: 0, max: 9 }), (at, digit) => {
      const other = iban.slice(0, at) + digit + iban.slice(at + 1);
      assert.equal(isIban(other), other === iban);
    }),
  );
  for (let at = 8; at < 21; at++) {
    const swapped = iban.slice(0, at) + iban.charAt(at + 1) + iban.charAt(at) + iban.slice(at + 2);
    assert.equal(isIban(swapped), swapped === iban);
  }
});

test("a recipient is read as people write it", () => {
  assert.deepEqual(
    readRecipient({ name: " Ann Example ", sort_code: "12 34-56", account_number: "1234 5678" }),
    {
      name: "Ann Example",
      sort_code: "12-34-56",
      account_number: "12345678",
    },
  );
  assert.deepEqual(readRecipient({ name: "Ann", iban: "gb82 west 1234 5698 7654 32" }), {
    name: "Ann",
    iban: "GB82WEST12345698765432",
  });
});

test("what is wrong with a recipient is named", () => {
  const uk = { sort_code: "123456", account_number: "12345678" };
  const faults: [Parameters<typeof readRecipient>[0], string, string][] = [
    [uk, "name", "missing_parameter"],
    [{ ...uk, name: "  " }, "name", "missing_parameter"],
    [{ ...uk, name: "a".repeat(141) }, "name", "invalid_parameter"],
    [{ ...uk, name: "a\u0000b" }, "name", "invalid_parameter"],
    [{ name: "A" }, "sort_code", "missing_parameter"],
    [{ name: "A", sort_code: "12345", account_number: "12345678" }, "sort_code", "invalid_parameter"],
    [{ name: "A", sort_code: "123456" }, "account_number", "missing_parameter"],
    [{ name: "A", sort_code: "123456", account_number: "1234567" }, "account_number", "invalid_parameter"],
    [{ name: "A", iban: "GB00WEST12345698765432" }, "iban", "invalid_parameter"],
    [{ ...uk, name: "A", iban: "GB82WEST12345698765432" }, "iban", "invalid_parameter"],
  ];
  for (const [fields, param, code] of faults) {
    const read = readRecipient(fields);
    assert.ok("fault" in read, JSON.stringify(fields));
    assert.deepEqual({ param: read.fault.param, code: read.fault.code }, { param, code });
  }
});
