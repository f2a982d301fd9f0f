import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { runExtract } from "./extract-command.ts";
import type { ExtractOutput } from "./extract-command.ts";
import { makePdf, put } from "./statement/pdf/testing.ts";

let folder = "";

/** Two days of an invented account: 1,000.00, rent 400.00, salary 2,500.50. */
function draw(doc: PDFKit.PDFDocument): void {
  put(doc, "EXAMPLE SAVINGS BANK", 50, 40);
  put(doc, "Account Number: 00112233445566   Currency: EUR", 50, 60);
  put(doc, "Statement Period: 01/02/2024 to 29/02/2024", 50, 75);
  put(doc, "Opening Balance: 1,000.00", 50, 90);
  put(doc, "Closing Balance: 3,100.50", 50, 105);
  const rows = [
    ["Date", "Description", "Debit", "Credit", "Balance"],
    ["13/02/2024", "Rent February", "400.00", "", "600.00"],
    ["28/02/2024", "Salary", "", "2,500.50", "3,100.50"],
  ];
  const rights = [0, 0, 360, 440, 540];
  for (const [at, row] of rows.entries()) {
    for (const [column, text] of row.entries()) {
      const left = [50, 130][column] ?? (rights[column] ?? 0) - doc.widthOfString(text);
      if (text !== "") put(doc, text, left, 130 + at * 16);
    }
  }
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "bankbell-extract-"));
  await writeFile(join(folder, "plain.pdf"), await makePdf(draw));
  await writeFile(
    join(folder, "locked.pdf"),
    await makePdf(draw, { userPassword: "sesame", ownerPassword: "x" }),
  );
  await writeFile(join(folder, "text.pdf"), "no PDF at all");
});
after(() => rm(folder, { recursive: true }));

interface Run {
  code: number;
  out: string;
  err: string;
}

async function run(argv: string[], env: NodeJS.ProcessEnv = {}, terminal = false): Promise<Run> {
  const written = { out: "", err: "" };
  const output = (name: "out" | "err"): ExtractOutput => ({
    isTTY: terminal,
    columns: 100,
    write(text) {
      written[name] += text;
      return true;
    },
  });
  const code = await runExtract(argv, { stdout: output("out"), stderr: output("err"), env, cwd: folder });
  return { code, ...written };
}

suite("extract", () => {
  test("JSON: an array with one object per statement", async () => {
    const { code, out, err } = await run(["plain.pdf", "--format", "json"]);
    assert.equal(code, 0);
    assert.equal(err, "");
    const records: unknown = JSON.parse(out);
    assert.ok(Array.isArray(records) && records.length === 1);
    assert.partialDeepStrictEqual(records[0], {
      file: "plain.pdf",
      account_number: "00112233445566",
      currency: "EUR",
      opening_balance: "1000.00",
      closing_balance: "3100.50",
      transactions: [
        { date: "2024-02-13", amount: "400.00", type: "debit", balance: "600.00", proof: "chain" },
        { date: "2024-02-28", amount: "2500.50", type: "credit", balance: "3100.50", proof: "chain" },
      ],
      verification: { status: "proven", breaks: [] },
      error: null,
    });
  });

  test("files come in the order in which they are named; one that failed is an object too, and exit 1", async () => {
    const files = ["text.pdf", "plain.pdf", "absent.pdf", "plain.pdf", "locked.pdf", "."];
    const { code, out } = await run([...files, "--format=json"]);
    assert.equal(code, 1);
    const records: { file: string; error: { code: string } | null }[] = JSON.parse(out);
    assert.deepEqual(
      records.map((record) => [record.file, record.error?.code ?? null]),
      [
        ["text.pdf", "STATEMENT_UNSUPPORTED_FORMAT"],
        ["plain.pdf", null],
        ["absent.pdf", "FILE_UNREADABLE"],
        ["plain.pdf", null],
        ["locked.pdf", "PASSWORD_INCORRECT"],
        [".", "FILE_UNREADABLE"],
      ],
    );
  });

  test("a password opens an encrypted file, from the argument or the environment", async () => {
    assert.equal((await run(["locked.pdf", "--password", "sesame"])).code, 0);
    assert.equal((await run(["locked.pdf"], { BANKBELL_PDF_PASSWORD: "sesame" })).code, 0);
    const wrong = await run(["locked.pdf", "--password", "wrong"], { BANKBELL_PDF_PASSWORD: "sesame" });
    assert.equal(wrong.code, 1);
    assert.match(wrong.err, /^✗ locked\.pdf: .*password.*\(PASSWORD_INCORRECT\)\n$/);
    assert.equal(wrong.out, "");
  });

  test("CSV: one line per transaction, faults on standard error", async () => {
    const { code, out, err } = await run(["plain.pdf", "text.pdf", "--format", "csv"]);
    assert.equal(code, 1);
    const lines = out.trimEnd().split("\n");
    assert.equal(lines.length, 3);
    assert.match(
      lines[1] ?? "",
      /^plain\.pdf,other,00112233445566,EUR,2024-02-13,Rent February,400\.00,debit,600\.00,chain$/,
    );
    assert.match(err, /text\.pdf/);
  });

  test("the table is for people: plain in a pipe, coloured on a terminal unless NO_COLOR is set", async () => {
    const piped = await run(["plain.pdf"]);
    assert.equal(piped.code, 0);
    assert.match(piped.out, /proven: the arithmetic closes/);
    assert.match(piped.out, /2024-02-28 {2}Salary +2,500\.50 {2}3,100\.50 {2}✓/);
    assert.ok(!piped.out.includes("\u001b"));
    assert.ok((await run(["plain.pdf"], {}, true)).out.includes("\u001b["));
    assert.ok(!(await run(["plain.pdf"], { NO_COLOR: "1" }, true)).out.includes("\u001b"));
  });

  test("progress is drawn for several files on a terminal, and taken away", async () => {
    const { err } = await run(["plain.pdf", "plain.pdf"], {}, true);
    assert.match(err, /1\/2 files/);
    assert.ok(err.endsWith("\r\u001b[K"));
    assert.equal((await run(["plain.pdf", "plain.pdf"])).err, "");
    assert.equal((await run(["plain.pdf"], {}, true)).err, "");
  });

  test("wrong usage exits with 2 and says how", async () => {
    const wrong: [string[], RegExp][] = [
      [[], /No file is named/],
      [["plain.pdf", "--format", "xml"], /no format "xml"/],
      [["plain.pdf", "--nonsense"], /--nonsense/],
      [["plain.pdf", "--password"], /password/],
    ];
    for (const [argv, message] of wrong) {
      const { code, out, err } = await run(argv);
      assert.deepEqual([code, out], [2, ""]);
      assert.match(err, message);
      assert.match(err, /Usage: bankbell extract FILE…/);
    }
    assert.deepEqual((await run(["--help"])).code, 0);
  });
});
