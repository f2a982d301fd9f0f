/**
 * Every statement-level code of the contract (reference §4), each from a file that deserves it: real PDFs, the real
 * extractor, real HTTP. And what an upload says of metadata fraud.
 */
import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { createExtractor } from "../src/statement/pdf/pool.ts";
import { onePage, rawPdf, stream } from "../src/statement/pdf/testing.ts";
import { statementPdf } from "../src/statement/fraud/testing.ts";
import { field, isUploadError, openHttp, V1, type Answer, type Http } from "./http-setup.ts";
import { statement } from "./statements/catalogue.ts";
import { generate } from "./statements/generate.ts";
import type { Spec } from "./statements/types.ts";

const extractor = createExtractor({ workers: 1 });
let http: Http;
before(async () => {
  http = await openHttp();
  limits();
});
after(async () => {
  await http.close();
  await extractor.close();
});

/** The server's own way of reading, with these limits. */
function limits(more: Partial<Http["intake"]["limits"]> = {}): void {
  Object.assign(http.intake, { extractor, limits: { maxPages: 20, timeoutMs: 30_000, ...more } });
}

type Bytes = Uint8Array<ArrayBuffer>;
const generated = async (name: string): Promise<Bytes> => new Uint8Array((await statement(name)).bytes);
const anyTime = (): Promise<string> => http.newSession({ accept_anything: true });

async function isRefused(bytes: Uint8Array, error: { code: string; message: string }, more = {}) {
  const id = await anyTime();
  isUploadError(await http.upload(id, new Uint8Array(bytes), more), 400, error, id);
}

/** The first of the two accounts in `icici-two-accounts`, as a file of its own. */
const firstOfTwo: Spec = {
  name: "first-of-two",
  brand: "icici",
  layout: "serial",
  accounts: [{ from: "2024-01-01", to: "2024-01-31", rows: 31, seed: 22 }],
};

const letter = onePage(
  stream("", Buffer.from("BT /F1 10 Tf 50 700 Td (Dear customer, thank you for your letter of May.) Tj ET")),
);
/** Encrypted by a handler that nobody knows. */
const foreignLock = rawPdf([
  "<< /Type /Catalog /Pages 2 0 R >>",
  "<< /Type /Pages /Kids [] /Count 0 >>",
  "<< /Filter /OtherVendor /V 4 /R 4 >>",
]);
const locked = (): Bytes =>
  new Uint8Array(
    Buffer.from(
      Buffer.from(foreignLock)
        .toString("latin1")
        .replace("/Root 1 0 R", "/Root 1 0 R /Encrypt 3 0 R /ID [<00> <00>]"),
      "latin1",
    ),
  );
/** Glyphs by number, and no map to characters. */
const unmapped = rawPdf([
  "<< /Type /Catalog /Pages 2 0 R >>",
  "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
  `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R
      /Resources << /Font << /F1 5 0 R >> >> >>`,
  stream("", Buffer.from("BT /F1 10 Tf 50 700 Td <00130014001500160017001800190020> Tj ET")),
  "<< /Type /Font /Subtype /Type0 /BaseFont /ABCDEF+Odd /Encoding /Identity-H /DescendantFonts [6 0 R] >>",
  `<< /Type /Font /Subtype /CIDFontType2 /BaseFont /ABCDEF+Odd /DW 500 /FontDescriptor 7 0 R
      /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>`,
  `<< /Type /FontDescriptor /FontName /ABCDEF+Odd /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0
      /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>`,
]);

suite("a file that cannot be read", () => {
  test("PASSWORD_INCORRECT: missing, empty and wrong; the right one opens it", async () => {
    const { bytes, truth } = await statement("hdfc-encrypted");
    const error = { code: "PASSWORD_INCORRECT", message: "The provided password is incorrect" };
    for (const more of [{}, { pdf_password: "" }, { pdf_password: "wrong" }]) {
      await isRefused(bytes, error, more);
    }
    const opened = await http.upload(await anyTime(), new Uint8Array(bytes), {
      pdf_password: truth.password ?? "",
    });
    assert.equal(opened.status, 200, opened.text);
  });

  test("PDF_IS_IMAGE: a scan", async () => {
    const error = { code: "PDF_IS_IMAGE", message: "Scanned images are not supported" };
    await isRefused(await generated("scanned"), error);
  });

  test("STATEMENT_UNSUPPORTED_FORMAT: a lock that is not the standard's", async () => {
    const error = { code: "STATEMENT_UNSUPPORTED_FORMAT", message: "The statement format is not supported" };
    await isRefused(locked(), error);
  });

  test("INVALID_FILE_OBJECT: damaged beyond opening", async () => {
    const whole = await generated("canara-one-page");
    const error = { code: "INVALID_FILE_OBJECT", message: "File object is invalid" };
    await isRefused(whole.slice(0, 200), error);
  });

  test("STATEMENT_TOO_MANY_PAGES: one more than the server takes", async (t) => {
    t.after(() => limits());
    const bytes = await generated("hdfc-10-pages");
    limits({ maxPages: 9 });
    const message = "The statement exceeds the allowed page limit";
    await isRefused(bytes, { code: "STATEMENT_TOO_MANY_PAGES", message });
    limits({ maxPages: 10 });
    assert.equal((await http.upload(await anyTime(), bytes)).status, 200);
  });

  test("EXTRACTION_FAILED: it takes longer than it may", async (t) => {
    t.after(() => limits());
    limits({ timeoutMs: 1, maxPages: 500 });
    const message = "Failed to extract information from the statement";
    await isRefused(await generated("hdfc-60-pages"), { code: "EXTRACTION_FAILED", message });
  });

  test("UNPARSABLE: fonts that do not say which characters they show", async () => {
    const message = "Failed to process because of an unparsable statement";
    await isRefused(unmapped, { code: "UNPARSABLE", message });
  });

  test("STATEMENT_NO_TRANSACTIONS: a letter, and an empty page", async () => {
    const message = "No transactions were identified in the uploaded statement";
    for (const bytes of [letter, onePage(stream("", Buffer.from("")))]) {
      await isRefused(bytes, { code: "STATEMENT_NO_TRANSACTIONS", message });
    }
  });
});

suite("a statement that is not taken", () => {
  test("BANK_NAME_UNDETECTED: no known bank, and no arithmetic that makes up for it", async () => {
    const message = "Unable to detect bank. Please provide BANK NAME.";
    for (const name of ["other-broken", "other-card-unverifiable"]) {
      await isRefused(await generated(name), { code: "BANK_NAME_UNDETECTED", message });
    }
  });

  test("BANK_NAME_MISMATCH: another bank than the one that was named", async () => {
    const error = { code: "BANK_NAME_MISMATCH", message: "Not axis bank statement" };
    await isRefused(await generated("hdfc-3-months"), error, { bank_name: "AXIS" });
  });

  test("STATEMENT_DUPLICATE: the same bytes, and the same rows in other bytes", async () => {
    const id = await anyTime();
    const bytes = await generated("kotak-march");
    assert.equal((await http.upload(id, bytes)).status, 200);
    const error = { code: "STATEMENT_DUPLICATE", message: "A duplicate statement has been detected" };
    isUploadError(await http.upload(id, bytes), 400, error, id);
    const saved = new Uint8Array(Buffer.concat([bytes, Buffer.from("\n% saved again\n")]));
    isUploadError(await http.upload(id, saved), 400, error, id);
    assert.equal((await http.upload(await anyTime(), bytes)).status, 200, "another session's are its own");
  });

  test("OUT_OF_DATE_RANGE: every row before or after the session's range", async () => {
    const error = { code: "OUT_OF_DATE_RANGE", message: "No transactions in expected date range" };
    for (const [from_date, to_date] of [
      ["01/04/2024", "20/04/2024"],
      ["01/09/2023", "31/12/2023"],
    ]) {
      // prettier-ignore
      const id = await http.newSession({ from_date, to_date });
      isUploadError(await http.upload(id, await generated("kotak-march")), 400, error, id);
    }
  });

  test("of a file with several, those that are not taken are shown as failed, with their reason", async () => {
    const id = await anyTime();
    const first = await http.upload(id, new Uint8Array((await generate(firstOfTwo)).bytes));
    assert.equal(first.status, 200, first.text);
    const both = await http.upload(id, await generated("icici-two-accounts"));
    assert.equal(both.status, 200, both.text);
    const { body } = await http.call(`${V1}/session_data/${id}/session_upload_status/`);
    const taken = { statement_status: "completed", error_code: "", error_message: "" };
    const repeated = {
      statement_status: "failed",
      error_code: "STATEMENT_DUPLICATE",
      error_message: "A duplicate statement has been detected",
    };
    assert.partialDeepStrictEqual(body, {
      accounts: [{ statements: [taken, repeated] }, { statements: [taken] }],
    });
  });

  test("NULL_ACCOUNT_NUMBER: shown on the statement and its account once it is processed", async () => {
    const id = await anyTime();
    assert.equal((await http.upload(id, await generated("hdfc-no-account-number"))).status, 200);
    const start = await http.call(`${V1}/session_data/${id}/initiate_processing/`, { method: "POST" });
    assert.equal(start.status, 202, start.text);
    await http.runJob("process_session", id);
    const { body } = await http.call(`${V1}/session_data/${id}/session_status/`);
    const expected = {
      error_code: "NULL_ACCOUNT_NUMBER",
      error_message: "Account number is unavailable or unidentified",
    };
    assert.partialDeepStrictEqual(body, {
      accounts: [
        {
          ...expected,
          account_status: "failed",
          statements: [{ ...expected, statement_status: "failed" }],
        },
      ],
    });
  });
});

suite("metadata fraud", () => {
  const said = ({ status, body, text }: Answer): unknown => {
    assert.equal(status, 200, text);
    return [Reflect.get(body as object, "is_fraud"), Reflect.get(body as object, "fraud_type")];
  };
  const upload = async (info: PDFKit.DocumentInfo): Promise<{ answer: Answer; findings: unknown }> => {
    const id = await anyTime();
    const bytes = new Uint8Array(await statementPdf({ info }));
    const answer = await http.upload(id, bytes, {}, "?identity=true");
    const { fraud_findings } = await http.database.kysely
      .selectFrom("statements")
      .select("fraud_findings")
      .where("public_id", "=", field(answer.body, "statement_id"))
      .executeTakeFirstOrThrow();
    return { answer, findings: fraud_findings };
  };

  test("a statement that an editor wrote is author_fraud, with its evidence", async () => {
    const { answer, findings } = await upload({ Producer: "iLovePDF" });
    assert.deepEqual(said(answer), [true, "author_fraud"]);
    assert.deepEqual(findings, [
      {
        type: "author_fraud",
        reason: "producer_is_editor",
        weight: "accuses",
        statement: null,
        row: null,
        evidence: { producer: "iLovePDF", creator: "Example core banking", program: "iLovePDF" },
      },
    ]);
  });

  test("one that was changed days later by a program nobody knows is date_fraud", async () => {
    const info = { Producer: "Form 7", Creator: "Form", ModDate: new Date("2024-03-09T06:00:00Z") };
    assert.deepEqual(said((await upload(info)).answer), [true, "date_fraud"]);
  });

  test("one that the customer printed is noted and not accused", async () => {
    const { answer, findings } = await upload({ Producer: "Skia/PDF m117", Creator: "Chromium" });
    assert.deepEqual(said(answer), [false, null]);
    assert.partialDeepStrictEqual(findings, [{ reason: "rewritten_by_tool", weight: "notes" }]);
  });

  test("a bank's own is neither", async () => {
    const { answer, findings } = await upload({});
    assert.deepEqual(said(answer), [false, null]);
    assert.deepEqual(findings, []);
  });
});
