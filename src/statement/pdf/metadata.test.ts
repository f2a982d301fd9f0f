import assert from "node:assert/strict";
import { test } from "node:test";
import { pdfInstant } from "./metadata.ts";

const cases: [string, string | null][] = [
  ["D:20240426122556+05'30'", "2024-04-26T06:55:56Z"],
  ["D:20240426122556+05'30", "2024-04-26T06:55:56Z"],
  ["D:20240426122556Z00'00'", "2024-04-26T12:25:56Z"],
  ["D:20240426122556-0800", "2024-04-26T20:25:56Z"],
  ["D:20240426122556", "2024-04-26T12:25:56Z"],
  ["20240426", "2024-04-26T00:00:00Z"],
  ["D:2024", "2024-01-01T00:00:00Z"],
  ["D:20241332", null],
  ["D:20240230120000Z", null],
  ["26 April 2024", null],
  ["", null],
];

for (const [text, instant] of cases) {
  test(`"${text}" is ${instant}`, () => {
    assert.equal(pdfInstant(text), instant);
  });
}
