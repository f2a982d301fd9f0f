/** What the report draws on a page stands where the page prints it. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { extractFile } from "../src/statement/pdf/extract-file.ts";
import { compilePdfium, createPdfium } from "../src/statement/pdf/pdfium.ts";
import type { Pdfium } from "../src/statement/pdf/pdfium.ts";
import { readStatements } from "../src/statement/read.ts";
import { layOut } from "../src/statement/report/layout.ts";
import type { Box } from "../src/statement/report/types.ts";
import type { Page, Statement } from "../src/statement/types.ts";
import { statement } from "./statements/catalogue.ts";

let pdfium: Pdfium;
before(async () => {
  pdfium = await createPdfium(await compilePdfium());
});

/** Two columns, one signed, day blocks, narration around its row, glyph by glyph, upside down, several accounts. */
const NAMES = [
  "hdfc-3-months",
  "other-signed",
  "hsbc-day-blocks",
  "axis-wrapped",
  "hdfc-glyph-runs",
  "canara-rotate-180",
  "icici-two-accounts",
  "deutsche-german",
  "monzo-newest-first",
];

async function read(name: string) {
  const { bytes, truth } = await statement(name);
  const options = { password: truth.password, maxPages: 100 };
  const { extraction, document } = extractFile(pdfium, bytes, options, readStatements);
  assert.ok(extraction.ok && document, name);
  return {
    statements: extraction.statements,
    pages: document.pages,
    layouts: layOut(document, extraction.statements),
  };
}

/** The text inside a box, without its spaces. */
function printedIn(page: Page | undefined, box: Box): string {
  const inside = page?.words.filter((word) => {
    const [x, y] = [(word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2];
    return x > box.x0 && x < box.x1 && y > box.y0 && y < box.y1;
  });
  return (inside ?? []).map((word) => word.text).join("");
}

const digits = (text: string): string => text.replaceAll(/\D/g, "").replace(/^0+(?=\d)/, "");
const size = (minor: bigint): string => String(minor < 0n ? -minor : minor);

function assertPlaced(name: string, statements: Statement[], rows: Set<string>): void {
  const all = statements.flatMap(({ transactions }, index) =>
    transactions.map((_, row) => `${index}-${row}`),
  );
  assert.deepEqual([...rows].sort(), all.sort(), name);
}

for (const name of NAMES) {
  test(`${name}: each row once, its amount and balance where they are printed`, async () => {
    const { statements, pages, layouts } = await read(name);
    const rows = new Set<string>();
    for (const [index, layout] of layouts.entries()) {
      for (const { statement: at, row, cells, ...box } of layout.rows) {
        assert.ok(!rows.has(`${at}-${row}`));
        rows.add(`${at}-${row}`);
        const transaction = statements[at]?.transactions[row] ?? assert.fail("no such row");
        for (const { role, ...cell } of cells) {
          const printed = digits(printedIn(pages[index], cell));
          if (role === "debit" || role === "credit") assert.equal(printed, size(transaction.amount));
          if (role === "balance") assert.equal(printed, size(transaction.balance ?? 0n));
          assert.ok(cell.x0 >= box.x0 && cell.x1 <= box.x1 && cell.y0 >= box.y0 && cell.y1 <= box.y1);
        }
        assert.ok(cells.some(({ role }) => role === transaction.direction));
        assert.equal(
          cells.some(({ role }) => role === "balance"),
          transaction.balance !== null,
        );
      }
    }
    assertPlaced(name, statements, rows);
  });
}

test("a column of both directions is one amount column; facts are found once", async () => {
  const { layouts } = await read("other-signed");
  const roles = new Set(layouts.flatMap((layout) => layout.columns.map(({ role }) => role)));
  assert.ok(roles.has("amount") && !roles.has("debit") && !roles.has("credit"));
  const facts = layouts.flatMap((layout) => layout.facts.map((fact) => fact.name));
  assert.equal(new Set(facts).size, facts.length);
  assert.ok(facts.includes("account number") && facts.includes("opening balance"));
});
