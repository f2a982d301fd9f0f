import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { createProgress } from "./extract-progress.ts";
import { csvHeader, csvRows, toRecords } from "./extract-records.ts";
import { failureLine, moneyText, printable, statementTable } from "./extract-table.ts";
import type { MetadataFinding } from "./statement/fraud/types.ts";
import type { Statement, Transaction } from "./statement/types.ts";

function row(
  day: number,
  amount: bigint,
  balance: bigint | null,
  change: Partial<Transaction> = {},
): Transaction {
  return {
    date: Temporal.PlainDate.from({ year: 2024, month: 2, day }),
    valueDate: null,
    description: "UPI/payment",
    reference: null,
    direction: "debit",
    amount,
    balance,
    proof: "chain",
    page: 1,
    line: day,
    ...change,
  };
}

function statement(change: Partial<Statement> = {}): Statement {
  return {
    bank: { id: "hdfc", name: "HDFC Bank", country: "IN" },
    currency: "INR",
    identity: {
      accountNumber: "00001234567890",
      name: "ASHA EXAMPLE",
      address: null,
      ifsc: null,
      micr: null,
      iban: null,
      bic: null,
      sortCode: null,
      accountType: null,
      accountCategory: null,
    },
    period: { from: Temporal.PlainDate.from("2024-02-01"), to: Temporal.PlainDate.from("2024-02-29") },
    openingBalance: 12345678n,
    closingBalance: 12345578n,
    transactions: [row(1, 100n, 12345578n), row(3, 5n, null, { direction: "credit", proof: "none" })],
    verification: {
      status: "broken",
      breaks: [{ row: 1, expected: 12345583n, printed: 12345578n }],
      totals: [
        { kind: "debit", printed: 100n, computed: 100n, includesOpening: false },
        { kind: "debit_count", printed: 1n, computed: 1n, includesOpening: false },
      ],
    },
    pages: { from: 1, to: 1 },
    ...change,
  };
}

function read(file: string, ...statements: Statement[]): Parameters<typeof toRecords>[0] {
  const metadata = {
    producer: null,
    creator: null,
    author: null,
    title: null,
    createdAt: null,
    modifiedAt: null,
  };
  return { file, extraction: { ok: true, statements, pageCount: 1, metadata } };
}

suite("records", () => {
  test("carry decimal strings, dates and every documented field", () => {
    assert.deepEqual(toRecords(read("a.pdf", statement())), [
      {
        file: "a.pdf",
        bank: "hdfc",
        currency: "INR",
        account_number: "00001234567890",
        name: "ASHA EXAMPLE",
        address: null,
        period: { from: "2024-02-01", to: "2024-02-29" },
        opening_balance: "123456.78",
        closing_balance: "123455.78",
        transactions: [
          {
            date: "2024-02-01",
            description: "UPI/payment",
            amount: "1.00",
            type: "debit",
            balance: "123455.78",
            proof: "chain",
          },
          {
            date: "2024-02-03",
            description: "UPI/payment",
            amount: "0.05",
            type: "credit",
            balance: null,
            proof: "none",
          },
        ],
        verification: {
          status: "broken",
          breaks: [{ row: 1, expected: "123455.83", printed: "123455.78" }],
          totals: [
            { kind: "debit", printed: "1.00", computed: "1.00", includes_opening: false },
            { kind: "debit_count", printed: 1, computed: 1, includes_opening: false },
          ],
        },
        error: null,
      },
    ]);
  });

  test("one per statement; an unknown bank is other; the currency's own decimals", () => {
    const yen = statement({ bank: null, currency: "JPY", openingBalance: -500n });
    const records = toRecords(read("a.pdf", statement(), yen));
    assert.deepEqual(
      records.map((record) => [record.bank, record.opening_balance]),
      [
        ["hdfc", "123456.78"],
        ["other", "-500"],
      ],
    );
  });

  test("a file that failed gives one, empty, with its error", () => {
    const error = { stage: "open", code: "PASSWORD_INCORRECT", message: "no" } as const;
    const failed = toRecords({
      file: "b.pdf",
      extraction: { ok: false, error, pageCount: null, metadata: null },
    });
    assert.equal(failed.length, 1);
    assert.deepEqual(failed[0]?.error, { code: "PASSWORD_INCORRECT", message: "no" });
    assert.deepEqual(failed[0]?.transactions, []);
    assert.equal(failed[0]?.bank, null);
    const [gone] = toRecords({ file: "c.pdf", unreadable: "There is no such file" });
    assert.deepEqual(gone?.error, { code: "FILE_UNREADABLE", message: "There is no such file" });
    assert.deepEqual(Object.keys(gone ?? {}), Object.keys(toRecords(read("a.pdf", statement()))[0] ?? {}));
  });

  test("CSV quotes what would break a line", () => {
    const odd = statement({ transactions: [row(1, 100n, null, { description: 'Rent, "flat"' })] });
    const [record] = toRecords(read("a.pdf", odd));
    assert.ok(record);
    assert.equal(
      csvHeader(),
      "file,bank,account_number,currency,date,description,amount,type,balance,proof\n",
    );
    assert.equal(
      csvRows(record),
      'a.pdf,hdfc,00001234567890,INR,2024-02-01,"Rent, ""flat""",1.00,debit,,chain\n',
    );
  });
});

const FINDING: MetadataFinding = {
  type: "author_fraud",
  reason: "producer_is_editor",
  weight: "accuses",
  statement: null,
  row: null,
  evidence: { producer: "iLovePDF" },
};

test("what the file's making says stands in the record and in the table, where there is anything", () => {
  const outcome = read("a.pdf", statement(), statement());
  assert.ok("extraction" in outcome && outcome.extraction.ok);
  outcome.extraction.findings = [FINDING, { ...FINDING, type: "font_fraud", statement: 1, row: 0 }];
  const types = toRecords(outcome).map((record) => record.fraud_findings?.map(({ type }) => type));
  assert.deepEqual(types, [["author_fraud"], ["author_fraud", "font_fraud"]]);
  const style = { colour: false, width: null };
  const noted: MetadataFinding = { ...FINDING, reason: "rewritten_by_tool", weight: "notes" };
  const text = statementTable("a.pdf", statement(), style, [FINDING, noted]);
  assert.match(text, /\n✗ author_fraud: The file was written by an editor\.\n· noted: It was printed, /);
});

test("missing pages, open ends and what is said otherwise elsewhere stand in the record and in the table", () => {
  const doubted = statement();
  assert.deepEqual(Object.keys(toRecords(read("a.pdf", doubted))[0]?.verification ?? {}).length, 3);
  doubted.verification = {
    ...doubted.verification,
    status: "partly",
    missingPages: [3, 4],
    openEnds: ["closing"],
    disagreements: [
      { kind: "closing", printed: 12345678n },
      { kind: "debit_count", printed: 7n },
    ],
  };
  const verification = toRecords(read("a.pdf", doubted))[0]?.verification;
  assert.deepEqual(verification?.missing_pages, [3, 4]);
  assert.deepEqual(verification.disagreements, [
    { kind: "closing", printed: "123456.78" },
    { kind: "debit_count", printed: 7 },
  ]);
  assert.deepEqual(verification.open_ends, ["closing"]);
  const text = statementTable("a.pdf", doubted, { colour: false, width: null });
  assert.match(
    text,
    /\nMissing pages: 3, 4\nSaid otherwise elsewhere: closing 1,23,456.78\nSaid otherwise elsewhere: debit count 7\nNo closing balance printed: rows cut off there would not be missed\n/,
  );
});

suite("the table for people", () => {
  test("aligns its columns and marks each row's proof", () => {
    const text = statementTable("a.pdf", statement(), { colour: false, width: null });
    assert.equal(
      text,
      `HDFC Bank · 00001234567890 · INR  a.pdf
Name    ASHA EXAMPLE
Period  2024-02-01 to 2024-02-29
Balance 1,23,456.78 → 1,23,455.78
✗ broken: the balances contradict the amounts

Date        Description  Debit  Credit      Balance
2024-02-01  UPI/payment   1.00          1,23,455.78  ✓
2024-02-03  UPI/payment           0.05               ✗ expected 1,23,455.83
2 transactions   ✓ follows from the balance before   Σ by the printed totals   · unproven
`,
    );
  });

  test("cuts the description to the terminal, wide characters counted as two", () => {
    const long = statement({ transactions: [row(1, 100n, 5n, { description: "转账".repeat(40) })] });
    const text = statementTable("a.pdf", long, { colour: false, width: 80 });
    const line = text.split("\n").find((candidate) => candidate.startsWith("2024-02-01")) ?? "";
    const wide = line.match(/[转账]/gu)?.length ?? 0;
    assert.ok(line.includes("…") && line.length + wide <= 80, line);
  });

  test("no escape of the file reaches the terminal; colour only when asked for", () => {
    const evil = statement({ transactions: [row(1, 100n, 5n, { description: "a\u001b[31mb\u202ec" })] });
    const plain = statementTable("a\u001b]0;x.pdf", evil, { colour: false, width: null });
    assert.ok(!plain.includes("\u001b") && !plain.includes("\u202e"));
    assert.ok(statementTable("a.pdf", evil, { colour: true, width: null }).includes("\u001b[1m"));
    assert.equal(printable("a\tb\u200bc"), "a b c");
    assert.equal(failureLine("a.pdf", { code: "X", message: "Why" }, false), "✗ a.pdf: Why (X)\n");
  });

  test("groups amounts as the currency's people do", () => {
    const grouped = (["INR", "EUR", "JPY"] as const).map((currency) => moneyText(-1234567890n, currency));
    assert.deepEqual(grouped, ["-1,23,45,678.90", "-12,345,678.90", "-1,234,567,890"]);
    assert.equal(moneyText(-12345n, "EUR"), "-123.45");
  });
});

suite("the progress bar", () => {
  const strip = (text: string): string => text.replaceAll("\r", "").replaceAll("\u001b[K", "");

  test("one small file draws nothing", () => {
    const drawn: string[] = [];
    const progress = createProgress(1, (text) => drawn.push(text));
    progress.page("a.pdf", 1, 3);
    progress.fileDone("a.pdf");
    progress.clear();
    assert.deepEqual(drawn, []);
  });

  test("one with many pages counts them; several files are counted", () => {
    const drawn: string[] = [];
    const single = createProgress(1, (text) => drawn.push(strip(text)));
    single.page("a.pdf", 30, 60);
    assert.deepEqual(drawn, [`${"█".repeat(12)}${"░".repeat(12)} 50 % 30/60 pages`]);
    drawn.length = 0;
    const several = createProgress(2, (text) => drawn.push(strip(text)));
    several.fileDone("a.pdf");
    several.page("b.pdf", 1, 2);
    several.clear();
    assert.deepEqual(drawn, [
      `${"█".repeat(12)}${"░".repeat(12)} 50 % 1/2 files`,
      `${"█".repeat(18)}${"░".repeat(6)} 75 % 1/2 files`,
      "",
    ]);
  });
});
