/** Statements in other formats that others published. They lie beside the project; without them this test is skipped. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { formatOf } from "./format.ts";
import { readFormat } from "./read-format.ts";

const FOLDER = fileURLToPath(new URL("../../../shared/corpus/files/", import.meta.url));
const skip = existsSync(FOLDER) ? false : "no sample statements here";

/** By file, for each statement: rows, currency, opening, closing, and what arithmetic says of it. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  // Its publisher left entries out: 3,236.28 less what is there is not 876.84.
  "abnamro.sta": ["8 EUR 323628 87684 broken", "2 EUR 287684 184975 broken"],
  "ing.sta": ["7 EUR 0 347 broken"],
  "camt.053.001.02.xml": ["3 SEK 50000000 43567850 proven"],
  // Its closing balance is in another currency than its account.
  "camt053.v2.minimal.xml": ["1 EUR 1815 null unverifiable"],
  // Amounts alone, of two accounts.
  "default.csv": ["6 null null null unverifiable", "2 null null null unverifiable"],
  "default.ofx": ["2 USD null null unverifiable", "6 USD null null unverifiable"],
  "opay.xlsx": ["18 NGN 20431 758131 proven"],
  "sample_statement.csv": ["2 EUR null null partly"],
};

test("sample statements in other formats are read", { skip }, async () => {
  assert.deepEqual(readdirSync(FOLDER).toSorted(), Object.keys(EXPECTED).toSorted());
  for (const [file, expected] of Object.entries(EXPECTED)) {
    const bytes = readFileSync(FOLDER + file);
    const format = formatOf(bytes);
    assert.ok(format.kind !== "pdf" && format.kind !== "unknown", file);
    const extraction = await readFormat(format, bytes, 10);
    assert.ok(extraction.ok, file);
    assert.deepEqual(
      extraction.statements.map(
        ({ transactions, currency, openingBalance, closingBalance, verification }) =>
          `${transactions.length} ${currency} ${openingBalance} ${closingBalance} ${verification.status}`,
      ),
      expected,
      file,
    );
  }
});
