/** Files that are no PDF in the real worker threads: read there, and what is made to fail fails there. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { strToU8, unzipSync, zipSync } from "fflate";
import { assertRows, PLAIN_CSV, SAMPLE, toCamt, toCsv, toMt940, toOfx, toXlsx } from "../accounts.testing.ts";
import type { Extraction } from "../types.ts";
import { createExtractor } from "./pool.ts";

const OPTIONS = { password: null, maxPages: 50, timeoutMs: 60_000 };
const extractor = createExtractor({ workers: 1 });
after(() => extractor.close());

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

function answer(extraction: Extraction): string {
  if (extraction.ok) return `${extraction.statements.length} read`;
  const { code, reason } = extraction.error;
  return reason === undefined ? code : `${code} ${reason}`;
}

test("every format comes back from the worker as it was read", async () => {
  const files: [string, Uint8Array, number][] = [
    ["csv", bytesOf(toCsv(SAMPLE, PLAIN_CSV)), 1],
    ["xlsx", await toXlsx(SAMPLE, true), 1],
    ["ofx", bytesOf(toOfx(SAMPLE, { sgml: true, opening: true })), 1],
    ["mt940", bytesOf(toMt940(SAMPLE)), 1],
    ["camt", bytesOf(toCamt(SAMPLE)), 1],
  ];
  for (const [name, bytes, pages] of files) {
    const extraction = await extractor.extract(bytes, OPTIONS);
    assert.ok(extraction.ok, name);
    assertRows(extraction.statements[0], SAMPLE);
    assert.equal(extraction.pageCount, pages, name);
  }
});

/** A workbook with one part replaced. */
async function withPart(pattern: RegExp, content: Uint8Array): Promise<Uint8Array> {
  const parts = unzipSync(await toXlsx(SAMPLE, true));
  const name = Object.keys(parts).find((part) => pattern.test(part));
  assert.ok(name !== undefined);
  return zipSync({ ...parts, [name]: content }, { level: 9 });
}

test("files made to fail cost their own answer, and the next one is read", async () => {
  const line = "2024-01-02,a narration,1.00,2.00\n";
  const sheet = /worksheets\/sheet/;
  const hostile: [string, string, Uint8Array][] = [
    ["zip bomb", "EXTRACTION_FAILED", await withPart(sheet, new Uint8Array(60 * 2 ** 20))],
    ["a row number without end", "EXTRACTION_FAILED", await withPart(sheet, strToU8('<worksheet><sheetData><row r="999999999"><c r="A999999999"><v>1</v></c></row></sheetData></worksheet>'))], // prettier-ignore
    ["entities that double", "STATEMENT_UNSUPPORTED_FORMAT corrupt", bytesOf(`<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "${"x".repeat(50)}">${"abcdefghij".split("").map((name, index) => `<!ENTITY ${name}${name} "${`&${index === 0 ? "a" : "abcdefghij"[index - 1]?.repeat(2)};`.repeat(10)}">`).join("")}]><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>&jj;</BkToCstmrStmt></Document>`)], // prettier-ignore
    [
      "elements without end",
      "EXTRACTION_FAILED",
      bytesOf(`<Document xmlns="camt.053.001.08">${"<a/>".repeat(1_000_000)}</Document>`),
    ],
    [
      "nesting without end",
      "EXTRACTION_FAILED",
      bytesOf(`<Document xmlns="camt.053.001.08">${"<a>".repeat(1_000_000)}`),
    ],
    [
      "aggregates without end",
      "STATEMENT_UNSUPPORTED_FORMAT corrupt",
      bytesOf(`<OFX>${"<STMTRS>".repeat(500_000)}`),
    ],
    [
      "ten megabytes on one line",
      "STATEMENT_UNSUPPORTED_FORMAT corrupt",
      bytesOf(line + line + "1,".repeat(5_000_000)),
    ],
    [
      "a quote that never ends",
      "STATEMENT_UNSUPPORTED_FORMAT corrupt",
      bytesOf(`${line.repeat(3)}"${"x".repeat(2_000_000)}`),
    ],
    ["NULs in a table", "STATEMENT_UNSUPPORTED_FORMAT not_pdf", bytesOf(`${line.repeat(10)}\0\0\0${line}`)],
    ["a cut workbook", "STATEMENT_UNSUPPORTED_FORMAT corrupt", (await toXlsx(SAMPLE, true)).slice(0, 3000)],
  ];
  for (const [name, expected, bytes] of hostile) {
    assert.equal(answer(await extractor.extract(bytes, OPTIONS)), expected, name);
    assert.equal(
      answer(await extractor.extract(bytesOf(toMt940(SAMPLE)), OPTIONS)),
      "1 read",
      `after ${name}`,
    );
  }
});

test("a large honest file is read whole", async () => {
  let balance = 0;
  const day = (index: number): string => `2024-${String(1 + Math.floor(index / 2500)).padStart(2, "0")}-15`;
  const rows = Array.from({ length: 25_000 }, (_, index) => `${day(index)},Payment ${index},1.25,${((balance += 125) / 100).toFixed(2)}`); // prettier-ignore
  const extraction = await extractor.extract(
    bytesOf(`Date,Description,Amount,Balance\n${rows.join("\n")}`),
    OPTIONS,
  );
  assert.ok(extraction.ok);
  const [statement] = extraction.statements;
  assert.deepEqual([statement?.transactions.length, statement?.verification.status], [25_000, "partly"]);
});
