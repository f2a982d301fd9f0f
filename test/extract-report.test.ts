/** The report page: well formed, with every row in the table and on its page, and nothing of a file that runs. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import * as fc from "fast-check";
import { runExtract } from "../src/extract-command.ts";
import { escapeHtml } from "../src/extract-report-html.ts";
import { makePdf, put } from "../src/statement/pdf/testing.ts";
import { statement } from "./statements/catalogue.ts";

let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "bankbell-report-"));
});
after(() => rm(folder, { recursive: true }));

interface Run {
  code: number;
  err: string;
  page: string;
}

async function report(name: string, bytes: Uint8Array | string, more: string[] = []): Promise<Run> {
  await writeFile(join(folder, name), bytes);
  let err = "";
  const io = {
    cwd: folder,
    stdout: { write: () => true },
    stderr: { write: (text: string) => ((err += text), true) },
  };
  const code = await runExtract([name, "--report", "out.html", ...more], io);
  return { code, err, page: await readFile(join(folder, "out.html"), "utf8") };
}

const VOID = new Set(["meta", "img", "input", "br", "rect", "path"]);

/** Every tag that is opened is closed in its turn, every attribute has its quotes, and ids are there once. */
function assertWellFormed(page: string): void {
  const text = page.replace(/<style>[\s\S]*?<\/style>/, "").replace(/<script>[\s\S]*?<\/script>/, "");
  const open: string[] = [];
  for (const [tag, close, name = "", rest = ""] of text.matchAll(/<(\/?)([a-zA-Z][\w-]*)([^>]*)>/g)) {
    if (close === "/") assert.equal(open.pop(), name, `${tag} closes what is open`);
    else if (!VOID.has(name)) open.push(name);
    const unquoted = rest.replaceAll(/[\w-]+="[^"<]*"/g, "").replace(/\bchecked\b/, "");
    assert.match(unquoted, /^[\s/]*$/, tag);
  }
  assert.deepEqual(open, []);
  // What is left is text: no bracket stands in it.
  assert.doesNotMatch(text.replace("<!doctype html>", "").replaceAll(/<\/?[a-zA-Z][^>]*>/g, ""), /[<>]/);
  const ids = Array.from(text.matchAll(/\bid="([^"]*)"/g), ([, id]) => id);
  assert.equal(new Set(ids).size, ids.length);
}

/** Without the white space between and inside of tags. */
const flat = (page: string): string => page.replaceAll(/\s+/g, " ").replaceAll(/ ?(<\/?|\/?>) ?/g, "$1");

const count = (page: string, pattern: RegExp): number => Array.from(page.matchAll(pattern)).length;

suite("the report of", () => {
  test("a proven file: its pages, every row beside and on them, its facts and columns", async () => {
    const { bytes, truth } = await statement("hdfc-3-months");
    const { code, err, page } = await report("proven.pdf", bytes);
    assert.deepEqual([code, err], [0, "Report: out.html\n"]);
    assertWellFormed(page);
    const rows = truth.statements[0]?.transactions ?? [];
    assert.equal(count(page, /<tr\s+id="t0-\d+"/g), rows.length);
    assert.equal(count(page, /<a\s+class="row chain"\s+id="p0-\d+"/g), rows.length);
    assert.equal(count(page, /<img\s+alt="Page \d+"/g), truth.pages);
    for (const name of ["account number", "holder", "period", "opening balance", "closing balance"]) {
      assert.ok(flat(page).includes(`<title>${name}</title>`), name);
    }
    for (const name of ["Date", "Narration", "Debit", "Credit", "Balance"]) {
      assert.ok(new RegExp(`class="label of-column">.{0,200}>${name}</text`).test(flat(page)), name);
    }
    assert.match(page, /proven: the arithmetic closes over every row/);
    const plain = flat(page).replaceAll(",", "");
    for (const { amount } of rows) assert.ok(plain.includes(`>${amount}<`), amount);
  });

  test("a broken one: what was expected and what is printed, on the page and beside it", async () => {
    const { bytes } = await statement("hdfc-balance-off-by-one");
    const { page } = await report("broken.pdf", bytes);
    assertWellFormed(page);
    assert.match(page, /class="row broken"\s+id="p0-31"/);
    const text = flat(page);
    assert.ok(/class="label of-break">.{0,200}>✗ expected [\d,]+\.\d\d<\/text/.test(text));
    assert.ok(/>Row 32<\/a>: expected [\d,]+\.\d\d, printed [\d,]+\.\d\d, off by 1\.00</.test(text));
  });

  test("one that is partly proven marks the row that rests on nothing", async () => {
    const { page } = await report("partly.pdf", (await statement("yes-no-opening")).bytes);
    assertWellFormed(page);
    assert.equal(count(page, /class="row none"/g), 1);
    assert.match(page, /partly proven/);
  });

  test("one that was refused: why, and its pages where it opens", async () => {
    const scan = await report("scan.pdf", (await statement("scanned")).bytes);
    assert.equal(scan.code, 1);
    assertWellFormed(scan.page);
    assert.match(scan.page, /PDF_IS_IMAGE/);
    assert.equal(count(scan.page, /<img/g), 2);
    const locked = await report("locked.pdf", (await statement("hdfc-encrypted")).bytes);
    assertWellFormed(locked.page);
    assert.match(locked.page, /PASSWORD_INCORRECT/);
    assert.equal(count(locked.page, /<img/g), 0);
  });

  test("a turned page stands upright, its boxes with it", async () => {
    const { page } = await report("turned.pdf", (await statement("sbi-rotate-90")).bytes);
    assertWellFormed(page);
    const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(page) ?? [];
    assert.ok(Number(width) > Number(height));
    assert.equal(count(page, /class="row chain"/g), 40);
  });

  test("a file that is no PDF: the table alone", async () => {
    const csv = [
      "Date,Description,Debit,Credit,Balance",
      "01/02/2024,Opening <b>gift</b>,,500.00,1500.00",
      "03/02/2024,Rent,400.00,,1100.00",
      "09/02/2024,Salary,,2000.00,3100.00",
    ].join("\n");
    const { code, page } = await report("table.csv", csv);
    assert.equal(code, 0);
    assertWellFormed(page);
    assert.equal(count(page, /<tr\s+id="t0-\d+"/g), 3);
    assert.equal(count(page, /<img|<svg/g), 0);
    assert.ok(page.includes("Opening &lt;b&gt;gift&lt;/b&gt;"));
  });
});

suite("hostile text", () => {
  const [TAG, ATTRIBUTE, BODY] = [
    "<script>alert(1)</script>",
    `"><img src=x onerror=alert(2)>`,
    "</title></style></script><svg onload=alert(4)>",
  ];
  const HOSTILE = [TAG, ATTRIBUTE, "</td></table><iframe src=//x.example>", "'onmouseover='alert(3)", BODY];

  test("in narrations, names and metadata is shown and does nothing", async () => {
    const bytes = await makePdf(
      (doc) => {
        put(doc, "EXAMPLE SAVINGS BANK", 40, 40);
        put(doc, "Account Number: 00112233445566   Currency: EUR", 40, 60);
        put(doc, `Account Name: ${TAG}`, 40, 75);
        put(doc, "Opening Balance: 1,000.00", 40, 90);
        for (const [text, x] of [["Date", 40], ["Description", 110], ["Debit", 400], ["Balance", 500]] as const) put(doc, text, x, 120); // prettier-ignore
        for (const [row, text] of HOSTILE.entries()) {
          const y = 140 + 16 * row;
          put(doc, `0${row + 1}/02/2024`, 40, y);
          put(doc, text, 110, y);
          put(doc, "10.00", 400, y);
          put(doc, `${990 - 10 * row}.00`, 500, y);
        }
      },
      { info: { Producer: ATTRIBUTE, Creator: BODY, Title: TAG } },
    );
    const { page } = await report("<b>.pdf", bytes);
    assertWellFormed(page);
    assert.equal(count(page, /<tr\s+id="t0-\d+"/g), HOSTILE.length);
    assert.equal(count(page, /<script/g), 1);
    assert.doesNotMatch(page, /<iframe|<svg onload|<img src=x|<b>/);
    assert.ok(page.includes("&lt;script&gt;alert(1)&lt;/script&gt;"));
  });

  test("cannot run even where it slipped through: the page allows its own script alone", async () => {
    const { page } = await report("policy.pdf", (await statement("canara-one-page")).bytes);
    const script = /<script>([\s\S]*?)<\/script>/.exec(page)?.[1] ?? "";
    const hash = createHash("sha256").update(script).digest("base64");
    const policy = /Content-Security-Policy"\s+content="([^"]*)"/.exec(page)?.[1];
    assert.equal(
      policy,
      `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-${hash}'`,
    );
    assert.doesNotMatch(page, /(?:src|href)="(?!data:image\/png|#)/);
  });

  test("escaped text holds no bracket, no quote and no control", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const escaped = escapeHtml(text);
        assert.doesNotMatch(escaped, /[<>"'\p{Cc}]|&(?!(?:amp|lt|gt|quot|#39);)/u);
      }),
    );
  });
});

test("the report holds personal data: nobody else may read it", async () => {
  await rm(join(folder, "out.html"), { force: true });
  await report("own.pdf", (await statement("canara-one-page")).bytes);
  assert.equal((await stat(join(folder, "out.html"))).mode & 0o777, 0o600);
});

test("a report is of one file, and a place that cannot be written to is said", async () => {
  await writeFile(join(folder, "one.pdf"), (await statement("canara-one-page")).bytes);
  let err = "";
  const io = {
    cwd: folder,
    stdout: { write: () => true },
    stderr: { write: (text: string) => ((err += text), true) },
  };
  assert.equal(await runExtract(["one.pdf", "one.pdf", "--report", "x.html"], io), 2);
  assert.match(err, /^A report shows one file\./);
  err = "";
  assert.equal(await runExtract(["one.pdf", "--report", "no/such/folder/x.html"], io), 1);
  assert.match(err, /cannot be written to no\/such\/folder\/x\.html \(ENOENT\)/);
});
