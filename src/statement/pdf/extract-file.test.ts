import assert from "node:assert/strict";
import { test } from "node:test";
import { readStatements } from "../read.ts";
import { extractFile } from "./extract-file.ts";
import { compilePdfium, createPdfium } from "./pdfium.ts";
import { makePdf, put } from "./testing.ts";

const pdfium = await createPdfium(await compilePdfium());

/** Three rows from nothing on, each of `amount`; what they come to must be given. */
async function verdictOn(amount: string, balances: readonly string[]): Promise<string> {
  const bytes = await makePdf((doc) => {
    put(doc, "Account Statement", 40, 40);
    const lines = [
      ["Date", "Description", "Deposit", "Balance"],
      ["01/03/2024", "Opening Balance", "", "0.00"],
    ];
    balances.forEach((balance, index) => lines.push([`0${index + 2}/03/2024`, "TRANSFER", amount, balance]));
    lines.push(["", "Closing Balance", "", balances.at(-1) ?? ""]);
    lines.forEach((cells, line) => cells.forEach((text, column) => put(doc, text, [40, 110, 220, 380][column] ?? 0, 100 + 14 * line))); // prettier-ignore
  });
  const { extraction } = extractFile(pdfium, bytes, { password: null, maxPages: 5 }, readStatements);
  if (!extraction.ok) return `${extraction.error.code}: ${extraction.error.message}`;
  return extraction.statements.map(({ verification }) => verification.status).join(" ");
}

test("an amount that no account holds makes the file unparsable, also where the chain holds", async () => {
  assert.equal(await verdictOn("1,000.00", ["1,000.00", "2,000.00", "3,000.00"]), "proven");
  const billion = ",000,000,000.00";
  assert.equal(await verdictOn(`1${billion}`, [`1${billion}`, `2${billion}`, `3${billion}`]), "proven");
  assert.equal(
    await verdictOn(`10,000${billion}`, [`10,000${billion}`, `20,000${billion}`, `30,000${billion}`]),
    "UNPARSABLE: An amount is larger than any account holds",
  );
  const huge = ",000,000,000,000,000,000.00";
  assert.equal(
    await verdictOn(`1${huge}`, [`1${huge}`, `2${huge}`, `3${huge}`]),
    "UNPARSABLE: An amount is larger than any account holds",
  );
});
