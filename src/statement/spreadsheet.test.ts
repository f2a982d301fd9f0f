import assert from "node:assert/strict";
import { test } from "node:test";
import { strToU8, unzipSync, zipSync } from "fflate";
import * as fc from "fast-check";
import writeXlsxFile, { type SheetData } from "write-excel-file/node";
import { anyAccount, assertRows, closingOf, decimal, SAMPLE, toXlsx } from "./accounts.testing.ts";
import { readGrids } from "./grid.ts";
import { readWorkbook } from "./spreadsheet.ts";
import type { Statement } from "./types.ts";
import { Damaged, TooLarge } from "./unreadable.ts";

async function read(bytes: Uint8Array): Promise<Statement[]> {
  const workbook = await readWorkbook(bytes);
  assert.ok(workbook);
  return readGrids(workbook.grids, workbook.metadata);
}

const HEAD = [
  ["Account Statement"],
  ["Account Name", "AARAV KULSHRETTI"],
  ["Account Number", "50100999123456", "", "IFSC Code", "HDFC0000999"],
  ["Statement From : 01/01/2024 To : 31/03/2024"],
  ["Opening Balance", decimal(SAMPLE.opening)],
  ["Closing Balance", decimal(closingOf(SAMPLE))],
  [""],
];

test("typed dates and numbers, and the same as text, with the account above the table", async () => {
  for (const typed of [true, false]) {
    const [statement, other] = await read(await toXlsx(SAMPLE, typed, HEAD));
    const { identity, bank, currency, period, verification, transactions } = assertRows(statement, SAMPLE);
    assert.equal(other, undefined);
    assert.equal(verification.status, "proven");
    assert.deepEqual(
      [identity.accountNumber, identity.name, identity.ifsc, bank?.id, currency],
      ["50100999123456", "AARAV KULSHRETTI", "HDFC0000999", "hdfc", "INR"],
    );
    assert.deepEqual([period?.from.toString(), period?.to.toString()], ["2024-01-01", "2024-03-31"]);
    assert.deepEqual(
      transactions.map(({ description, page, line, proof }) => [description, page, line, proof]),
      SAMPLE.bookings.map(({ text }, index) => [text, 1, HEAD.length + 2 + index, "chain"]),
    );
  }
});

test("any account comes back as it was: no number loses a cent on its way", async () => {
  await fc.assert(
    fc.asyncProperty(anyAccount, fc.boolean(), async (account, typed) => {
      // The decimal mark and the order of typed dates are told; of texts, days beyond 12 tell.
      fc.pre(typed || account.bookings.some(({ day }) => account.start.add({ days: day + 1 }).day > 12));
      const [statement] = await read(await toXlsx(account, typed));
      assert.equal(assertRows(statement, account).verification.status, "partly");
    }),
    { numRuns: 40 },
  );
});

const cells = (rows: readonly (readonly string[])[]) => rows.map((row) => [...row]);
const TITLES = ["Date", "Particulars", "Amount", "Balance"];

test("sheets of two accounts are two statements; a sheet that goes on with the table is not", async () => {
  const first = [["Account No", "11112222333"], TITLES, ["2024-01-02", "a", "5.00", "105.00"], ["2024-01-03", "b", "-5.00", "100.00"]]; // prettier-ignore
  const second = [["Account No", "99998888777"], TITLES, ["2024-01-02", "c", "7.00", "7.00"], ["2024-01-05", "d", "-1.00", "6.00"]]; // prettier-ignore
  const more = [TITLES, ["2024-02-02", "e", "10.00", "16.00"]];
  const bytes = await writeXlsxFile([{ data: cells(first) }, { data: cells(second) }, { data: cells(more) }]).toBuffer(); // prettier-ignore
  const statements = await read(new Uint8Array(bytes));
  assert.deepEqual(
    statements.map(({ identity, transactions, pages }) => [identity.accountNumber, transactions.map(({ description }) => description).join(""), pages]), // prettier-ignore
    [
      ["11112222333", "ab", { from: 1, to: 1 }],
      ["99998888777", "cde", { from: 2, to: 3 }],
    ],
  );
});

test("what a first sheet without a table says is the account's", async () => {
  const cover = [
    ["Account No", "11112222333"],
    ["Opening Balance", "100.00"],
    ["Closing Balance", "100.00"],
  ];
  const table = [TITLES, ["2024-01-02", "a", "5.00", "105.00"], ["2024-01-03", "b", "-5.00", "100.00"]];
  const bytes = await writeXlsxFile([{ data: cells(cover) }, { data: cells(table) }]).toBuffer();
  const [statement] = await read(new Uint8Array(bytes));
  assert.deepEqual(
    [statement?.identity.accountNumber, statement?.verification.status],
    ["11112222333", "proven"],
  );
});

const day = (text: string) => ({ value: new Date(`${text}T00:00:00Z`), type: Date, format: "dd-mmm-yyyy" });

async function written(rows: SheetData): Promise<Statement> {
  const [statement] = await read(new Uint8Array(await writeXlsxFile(rows).toBuffer()));
  assert.ok(statement);
  return statement;
}

test("a sheet as it is kept by hand: labels in cells, carried balances, whole numbers that are money", async () => {
  const carried = await written([
    ["Statement period: 1 January 2024 to 31 January 2024"],
    ["Sort code: 20-99-99", "Account number: 12345678"],
    ["Date", "Type", "Description", "Paid out", "Paid in", "Balance"],
    ["", "", "Balance brought forward", "", "", 100],
    [day("2024-01-02"), "DD", "Water", 20, "", ""],
    [day("2024-01-02"), "BGC", "Pay", "", 50, 130],
    [day("2024-01-09"), "VIS", "Shop", 30, "", 100],
    ["", "", "Balance carried forward", "", "", 100],
  ]);
  assert.deepEqual(
    [
      carried.identity.accountNumber,
      carried.identity.sortCode,
      carried.currency,
      carried.verification.status,
    ],
    ["12345678", "20-99-99", "GBP", "proven"],
  );
  assert.equal(carried.transactions.length, 3);
  const totals = await written([
    ["Opening balance", 10],
    ["Closing balance", 40],
    ["Number of transactions", 2],
    ["Date", "Narration", "Dr", "Cr"],
    [day("2024-01-02"), "Water", 20, ""],
    [day("2024-01-09"), "Pay", "", 50],
    ["Total", "", 20, 50],
  ]);
  assert.deepEqual(
    [totals.openingBalance, totals.closingBalance, totals.verification.status],
    [1000n, 4000n, "proven"],
  );
  assert.equal(totals.verification.totals.find(({ kind }) => kind === "count")?.printed, 2n);
  const dollars = await written([
    ["Date", "Description", "Amount", "Balance"],
    ["01/31/2024", "b", "$ 5.00", "$105.00"],
    ["02/12/2024", "a", "($10.00)", "$95.00"],
  ]);
  assert.deepEqual([dollars.currency, dollars.transactions[1]?.direction], ["USD", "debit"]);
});

test("numbers as spreadsheets store them: the noise of a binary fraction goes, a real third decimal does not", async () => {
  const bytes = await toXlsx(SAMPLE, true);
  const parts = unzipSync(bytes);
  const sheet = Object.keys(parts).find((name) => name.startsWith("xl/worksheets/sheet")) ?? "";
  const withNumber = async (number: string): Promise<Statement | undefined> => {
    const xml = new TextDecoder().decode(parts[sheet]).replace("<v>2450</v>", `<v>${number}</v>`);
    return (await read(zipSync({ ...parts, [sheet]: strToU8(xml) })))[0];
  };
  for (const number of ["2450.0000000000005", "2.45E3", "2449.9999999999995"]) assertRows(await withNumber(number), SAMPLE); // prettier-ignore
  for (const number of ["2450.005", "2451", "2.45E2"])
    assert.equal((await withNumber(number))?.verification.status, "broken", number);
});

test("cells that do not say where they stand are the next ones", async () => {
  const parts = unzipSync(await toXlsx(SAMPLE, true));
  const sheet = Object.keys(parts).find((name) => name.startsWith("xl/worksheets/sheet")) ?? "";
  const xml = new TextDecoder().decode(parts[sheet]);
  // Empty cells are written too where places are left out: without them a deposit would be a withdrawal.
  const filled = xml
    .replace(/<\/c>(?=<c r="D)/g, "</c><c/>")
    .replace(/(<c r="C(?:(?!<\/c>).)*<\/c>)(?=<c r="E)/g, "$1<c/>")
    // Titles have no gaps.
    .replace(/(<c r="C1"(?:(?!<\/c>).)*<\/c>)<c\/>/, "$1");
  const bare = filled.replace(/(<c[^>]*?) r="[A-Z]+\d+"/g, "$1").replace(/<row r="\d+"/g, "<row");
  assert.doesNotMatch(bare, /<c[^>]* r=/);
  const [statement] = await read(zipSync({ ...parts, [sheet]: strToU8(bare) }));
  assertRows(statement, SAMPLE);
});

test("a bomb is refused by what it says, and yields no more than it says", async () => {
  const bytes = await toXlsx(SAMPLE, true);
  const parts = unzipSync(bytes);
  const sheet = Object.keys(parts).find((name) => name.startsWith("xl/worksheets/sheet")) ?? "";
  const bomb = zipSync({ ...parts, [sheet]: new Uint8Array(60 * 2 ** 20) }, { level: 9 });
  assert.ok(bomb.length < 100_000);
  await assert.rejects(readWorkbook(bomb), TooLarge);
  await assert.rejects(readWorkbook(shrunk(bomb, 60 * 2 ** 20, 1000)), Damaged);
});

/** The same archive, claiming that its largest part is small. */
function shrunk(bytes: Uint8Array, from: number, to: number): Uint8Array {
  const copy = new Uint8Array(bytes);
  const view = new DataView(copy.buffer);
  for (let at = 0; at + 4 <= copy.length; at += 1)
    if (view.getUint32(at, true) === from) view.setUint32(at, to, true);
  return copy;
}

test("archives that are cut, or hold something else", async () => {
  const bytes = await toXlsx(SAMPLE, true);
  for (const share of [0.2, 0.5, 0.95])
    await assert.rejects(readWorkbook(bytes.slice(0, share * bytes.length)), Damaged);
  assert.equal(await readWorkbook(zipSync({ "word/document.xml": strToU8("<w/>") })), null);
  const parts = unzipSync(bytes);
  const sheet = Object.keys(parts).find((name) => name.startsWith("xl/worksheets/sheet")) ?? "";
  await assert.rejects(
    readWorkbook(zipSync({ ...parts, [sheet]: strToU8("<worksheet><sheetData><row r=") })),
    Damaged,
  );
  const { [sheet]: _, ...without } = parts;
  await assert.rejects(readWorkbook(zipSync(without)), Damaged);
});

test("the writing program is the metadata", async () => {
  const parts = unzipSync(await toXlsx(SAMPLE, true));
  const core = `<cp:coreProperties xmlns:cp="c" xmlns:dc="d" xmlns:dcterms="t"><dc:creator>Sample Bank</dc:creator><dcterms:created>2024-03-01T10:00:00Z</dcterms:created></cp:coreProperties>`;
  const app = "<Properties><Application>Sample Writer</Application></Properties>";
  const workbook = await readWorkbook(
    zipSync({ ...parts, "docProps/core.xml": strToU8(core), "docProps/app.xml": strToU8(app) }),
  );
  const { producer, author, createdAt } = workbook?.metadata ?? {};
  assert.deepEqual([producer, author, createdAt], ["Sample Writer", "Sample Bank", "2024-03-01T10:00:00Z"]);
});
