import assert from "node:assert/strict";
import { test } from "node:test";
import {
  accountNumberFor,
  ddMmmYy,
  ddMmmYyyy,
  dmy,
  isoMicros,
  maskAccountNumber,
  mmmYy,
  mmmYyyy,
  monthName,
  ts,
  tsDay,
  tsOffset,
  wireAmount,
  ym,
} from "./wire.ts";

test("dates and instants as the contract prints them", () => {
  const at = Temporal.Instant.from("2024-04-26T12:25:56.172124999Z");
  assert.equal(ts(at), "2024-04-26 12:25:56");
  assert.equal(tsOffset(at), "2024-04-26 12:25:56.172124+00:00");
  assert.equal(isoMicros(at), "2024-04-26T12:25:56.172124Z");
  assert.equal(tsOffset(Temporal.Instant.from("2024-04-26T12:25:56Z")), "2024-04-26 12:25:56.000000+00:00");
  assert.equal(dmy(Temporal.PlainDate.from("2023-10-05")), "05/10/2023");
  const month = Temporal.PlainYearMonth.from("2023-11");
  assert.equal(ym(month), "2023-11");
  assert.equal(monthName(month), "Nov 2023");
  assert.deepEqual([mmmYyyy(month), mmmYy(month)], ["Nov-2023", "Nov-23"]);
  const day = Temporal.PlainDate.from("2009-01-05");
  assert.deepEqual(
    [ddMmmYy(day), ddMmmYyyy(day), tsDay(day)],
    ["05-Jan-09", "05-Jan-2009", "2009-01-05 00:00:00"],
  );
});

test("a masked number is as long as the number and shows the last four", () => {
  assert.equal(maskAccountNumber("5413699704"), "XXXXXX9704");
  assert.equal(maskAccountNumber("12345"), "X2345");
  assert.equal(maskAccountNumber("1234"), "XXXX");
  assert.equal(accountNumberFor({ mask_account_numbers: false }, "5413699704"), "5413699704");
  assert.equal(accountNumberFor({ mask_account_numbers: true }, "5413699704"), "XXXXXX9704");
  assert.equal(accountNumberFor({ mask_account_numbers: true }, null), null);
});

test("minor units become the number with the currency's decimals", () => {
  assert.equal(wireAmount(123456n, "INR"), 1234.56);
  assert.equal(wireAmount(-7n, "INR"), -0.07);
  assert.equal(wireAmount(123456n, "JPY"), 123456);
  assert.equal(wireAmount(123456n, "KWD"), 123.456);
  assert.equal(wireAmount(null, "INR"), null);
});
