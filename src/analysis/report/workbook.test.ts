import assert from "node:assert/strict";
import { test } from "node:test";
import readExcelFile from "read-excel-file/node";
import { count, day, money, moneyStyle, month, serial, text } from "./cells.ts";
import { columnName, rangeIn, tableSheet, type Sheet } from "./sheet.ts";
import { writeWorkbook } from "./workbook.ts";
import { checkPackage } from "./workbook.testing.ts";

const rupees = moneyStyle("INR", 2);

interface Line {
  on: string;
  note: string;
  amount: bigint;
}

const LINES: Line[] = [
  { on: "2024-01-31", note: '=HYPERLINK("http://example.com";"x")', amount: 123_456_789_01n },
  { on: "2024-02-29", note: "+91 & <b>", amount: -5n },
  { on: "2024-12-01", note: "-2+3", amount: 0n },
  { on: "2025-01-01", note: "@SUM(1,2)", amount: 99n },
];

const lines = (): Sheet =>
  tableSheet(
    "Lines",
    [
      { head: "Date", width: 12, cell: ({ on }: Line) => day(Temporal.PlainDate.from(on)) },
      { head: "Note", width: 40, cell: ({ note }) => text(note) },
      { head: "Amount (INR)", width: 16, cell: ({ amount }) => money(amount, rupees) },
    ],
    LINES,
    { none: "None.", frozenColumns: 1 },
  );

const MONTHS = ["2024-01", "2024-02", "2024-03"].map((text) => Temporal.PlainYearMonth.from(text));

const drawn = (): Sheet => ({
  ...tableSheet(
    "Bob's & <months>",
    [
      { head: "Month", width: 12, cell: (value: Temporal.PlainYearMonth) => month(value) },
      { head: "Count", width: 12, cell: (value) => count(value.month) },
    ],
    MONTHS,
    { none: "None." },
  ),
  chart: {
    title: "In & out <each month>",
    categories: MONTHS.map((value) => serial(value.toPlainDate({ day: 1 }))),
    categoryFormat: "mmm yy",
    series: [
      { name: "Count", kind: "column", colour: "2E7D32", column: 1, values: [1, 2, null] },
      { name: "Line", kind: "line", colour: "1F3A5F", column: 1, values: [1, 2, 3] },
    ],
    place: { fromRow: 5, toRow: 20, fromColumn: 0, toColumn: 6 },
  },
});

const none = (): Sheet =>
  tableSheet("Empty", [{ head: "Head", width: 9, cell: () => null }], [], { none: "None." });

test("dates come back as dates, amounts as numbers, text as the same text", async () => {
  const bytes = await writeWorkbook([lines(), drawn(), none()]);
  const [first, second, third] = await readExcelFile(Buffer.from(bytes));
  assert.deepEqual(
    first?.data.slice(1),
    LINES.map(({ on, note, amount }) => [new Date(on), note, Number(amount) / 100]),
  );
  assert.deepEqual(second?.sheet, "Bob's & <months>");
  assert.deepEqual(second?.data[1], [new Date("2024-01-01"), 1]);
  assert.deepEqual(third?.data, [["Head"], ["None."]]);
});

test("no cell is a formula, whatever its text begins with", async () => {
  const parts = checkPackage(await writeWorkbook([lines()]));
  const sheet = parts["xl/worksheets/sheet1.xml"] ?? "";
  assert.doesNotMatch(sheet, /<f[ >]/);
  assert.match(sheet, /<c r="B2"[^>]* t="s"><v>/);
});

test("the package holds together: parts, types, relations, order", async () => {
  const parts = checkPackage(await writeWorkbook([lines(), drawn(), none()]));
  const chart = parts["xl/charts/chart2.xml"] ?? "";
  assert.match(chart, /<c:f>'Bob''s &amp; &lt;months&gt;'!\$A\$2:\$A\$4<\/c:f>/);
  assert.deepEqual(
    Object.keys(parts).filter((name) => name.startsWith("xl/drawings/")),
    ["xl/drawings/drawing2.xml", "xl/drawings/_rels/drawing2.xml.rels"],
  );
});

test("the head is frozen and filters; an empty table has no filter", async () => {
  const parts = checkPackage(await writeWorkbook([lines(), none()]));
  const sheet = parts["xl/worksheets/sheet1.xml"] ?? "";
  assert.match(sheet, /<pane ySplit="1" xSplit="1" topLeftCell="B2"[^>]* state="frozen"\/>/);
  assert.match(sheet, /<autoFilter ref="A1:C5"\/>/);
  assert.doesNotMatch(parts["xl/worksheets/sheet2.xml"] ?? "", /autoFilter/);
  assert.match(
    parts["xl/workbook.xml"] ?? "",
    /<definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">'Lines'!\$A\$1:\$C\$5</,
  );
});

test("characters that XML cannot hold, and text that a cell cannot, are left out", async () => {
  const rows = [`a\u0000b\u001f\ud800c`, "x".repeat(40_000), " both ends "];
  const sheet = tableSheet("T", [{ head: "Text", width: 9, cell: (value: string) => text(value) }], rows, {
    none: "",
  });
  const bytes = await writeWorkbook([sheet]);
  checkPackage(bytes);
  const [read] = await readExcelFile(Buffer.from(bytes), { trim: false });
  assert.equal(String(read?.data[1]?.[0]).slice(0, 2), "ab");
  assert.equal(String(read?.data[2]?.[0]).length, 32_767);
});

test("each currency has its digits, and rupees their grouping", () => {
  assert.equal(moneyStyle("JPY", 0).format, "#,##0");
  assert.equal(moneyStyle("GBP", 2).format, "#,##0.00");
  assert.equal(money(123_456n, moneyStyle("KWD", 3))?.value, 123.456);
  assert.match(rupees.format, /^\[>=10000000\]##\\,##\\,##\\,##0\.00;\[>=100000\]/);
});

test("columns and ranges are named as spreadsheets name them", () => {
  assert.deepEqual([0, 25, 26, 51, 52, 701, 702].map(columnName), ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
  assert.equal(rangeIn("Monthly", 2, 2, 13), "'Monthly'!$C$2:$C$13");
  assert.equal(serial(Temporal.PlainDate.from("2024-01-01")), 45_292);
});
