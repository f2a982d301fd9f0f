/** Statements that others published, read whole. They lie beside the project; without them these tests are skipped. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { openPdf } from "./pdf/open.ts";
import { compilePdfium, createPdfium } from "./pdf/pdfium.ts";
import { readStatements } from "./read.ts";
import type { Proof } from "./types.ts";

const FOLDER = fileURLToPath(new URL("../../../shared/corpus/pdf/", import.meta.url));
const skip = existsSync(FOLDER) ? false : "no sample statements here";

/** File, rows, how they are proven, opening and closing in minor units. */
const EXPECTED: readonly [string, number, Proof, bigint, bigint][] = [
  ["bsb-001-statement.pdf", 12, "chain", 1_545_075n, 1_533_633n],
  // A card without a running balance: previous balance, purchases, payments and new balance close over the rows.
  ["bsb-002-statement.pdf", 15, "totals", -184_732n, -356_564n],
  ["bsb-003-statement.pdf", 22, "totals", 1_532_000n, 1_447_004n],
  ["cmb_statement_fixture.pdf", 7, "chain", 3_850_000n, 4_793_943n],
  ["dbs_statement_fixture.pdf", 7, "chain", 1_200_000n, 1_524_205n],
  ["gxs_statement_fixture.pdf", 8, "chain", 850_000n, 870_921n],
  ["maribank_statement_fixture.pdf", 7, "chain", 420_000n, 311_429n],
  ["opay.pdf", 18, "chain", 20_431n, 758_131n],
  ["zenith.pdf", 21, "chain", 1_334_259n, 1_965_744n],
];

/** Holder and address, where the file says them. */
const HOLDERS: Readonly<Record<string, readonly [name: string, address: string | null]>> = {
  "bsb-001-statement.pdf": ["Xin Yi Tan", "123 ORCHARD ROAD, #12-34 ORCHARD TOWERS, SINGAPORE 238893"],
  "bsb-002-statement.pdf": ["Robert Wilson", null],
  "bsb-003-statement.pdf": ["Sanne Mulder", "Keizersgracht 42, 1015 CX Amsterdam, Netherlands"],
  "opay.pdf": ["TEST USER", "Test Address"],
  "zenith.pdf": ["TEST USER", "Test Address"],
};

test("sample statements are proven, row by row", { skip }, async () => {
  const pdfium = await createPdfium(await compilePdfium());
  for (const [file, rows, proof, opening, closing] of EXPECTED) {
    const opened = openPdf(pdfium, readFileSync(FOLDER + file), { password: null, maxPages: 50 });
    assert.ok(opened.ok, file);
    const [statement, other] = readStatements(opened.document);
    assert.ok(statement, file);
    assert.equal(other, undefined, file);
    assert.equal(statement.verification.status, "proven", file);
    assert.equal(statement.transactions.length, rows, file);
    assert.ok(
      statement.transactions.every((row) => row.proof === proof),
      file,
    );
    assert.deepEqual([statement.openingBalance, statement.closingBalance], [opening, closing], file);
    const { name, address } = statement.identity;
    assert.deepEqual([name, address], HOLDERS[file] ?? [null, null], file);
  }
});
