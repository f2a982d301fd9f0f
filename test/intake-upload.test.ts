/** Uploads: what is taken, what is refused, and that a refusal leaves nothing. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openText } from "../src/platform/crypto.ts";
import { initiateProcessing } from "../src/intake/processing.ts";
import { readProgress, readUploadStatus } from "../src/intake/reads.ts";
import { ACTOR, day, fullStatement, monthly, openBench, statementOf, type Bench } from "./intake-setup.ts";

let bench: Bench;
before(async () => {
  bench = await openBench();
});
after(() => bench.close());

const TABLES = ["accounts", "files", "statements", "transactions"] as const;
const counts = (env: { id: number }) =>
  Promise.all(TABLES.map((table) => bench.count(table, env as Parameters<Bench["count"]>[1])));
const january = (more = {}) =>
  statementOf({ days: ["2024-01-05", "2024-01-20"], period: ["2024-01-01", "2024-01-31"], ...more });

test("an accepted upload answers with all that the contract shows", async () => {
  const env = await bench.newEnvironment();
  const sessionId = await bench.session(env);
  const result = await bench.upload(env, sessionId, bench.fileOf(january()));
  const { statementId, accountId, progress, ...rest } = result;
  assert.deepEqual(
    JSON.parse(JSON.stringify(rest, (_, v) => (typeof v === "bigint" ? `${v}n` : (v as unknown)))),
    {
      sessionId,
      bankName: "hdfc",
      accountNumber: "5413699704",
      pageCount: 2,
      dateRange: { from: "2024-01-01", to: "2024-01-31" },
      extractedDateRange: { from: "2024-01-05", to: "2024-01-20" },
      openingDate: null,
      openingBalance: "100000n",
      closingBalance: "120000n",
      currency: "INR",
      country: "IN",
      isFraud: false,
      fraudType: null,
      months: ["2024-01"],
      missingMonths: ["2023-10", "2023-11", "2023-12", "2024-02", "2024-03", "2024-04"],
      identity: {
        accountId,
        bankName: "hdfc",
        accountNumber: "5413699704",
        name: "Asha Verma",
        address: null,
        ifsc: null,
        micr: null,
        accountCategory: "individual",
        creditLimit: "0n",
        odLimit: "0n",
      },
    },
  );
  assert.deepEqual(progress, [
    {
      statementId,
      identityStatus: "completed",
      transactionStatus: "completed",
      processingStatus: "processing",
      fraudStatus: "processing",
      message: null,
      source: "pdf",
    },
  ]);
  assert.deepEqual(await counts(env), [1, 1, 1, 2]);
});

test("a refused upload leaves no row, no file and no event", async () => {
  const env = await bench.newEnvironment();
  const sessionId = await bench.session(env);
  const blobs = await bench.blobCount();
  const audits = await bench.count("audit", env);
  const extraction = (code: string, reason?: string) =>
    bench.badFile({ code, ...(reason && { reason }) } as Parameters<Bench["badFile"]>[0]);
  const refused: [string, Uint8Array, object?, object?][] = [
    ["EMPTY_FILE", Buffer.alloc(0)],
    ["UNKNOWN_BANK_NAME", bench.fileOf(january()), { bankName: "no such bank" }],
    ["INVALID_ACCOUNT_CATEGORY", bench.fileOf(january()), { accountCategory: "gold" }],
    ["PASSWORD_INCORRECT", extraction("PASSWORD_INCORRECT"), {}, { stage: "file" }],
    ["PDF_IS_IMAGE", extraction("PDF_IS_IMAGE")],
    ["INVALID_FILE_OBJECT", extraction("STATEMENT_UNSUPPORTED_FORMAT", "corrupt")],
    ["INVALID_FILE_OBJECT", extraction("STATEMENT_UNSUPPORTED_FORMAT", "not_pdf")],
    ["STATEMENT_UNSUPPORTED_FORMAT", extraction("STATEMENT_UNSUPPORTED_FORMAT", "security")],
    ["STATEMENT_TOO_MANY_PAGES", extraction("STATEMENT_TOO_MANY_PAGES")],
    ["STATEMENT_NO_TRANSACTIONS", extraction("STATEMENT_NO_TRANSACTIONS")],
    ["STATEMENT_NO_TRANSACTIONS", bench.fileOf()],
    ["STATEMENT_NO_TRANSACTIONS", bench.fileOf(january({ days: [] }))],
    ["UNPARSABLE", extraction("UNPARSABLE")],
    ["EXTRACTION_FAILED", extraction("EXTRACTION_FAILED")],
    ["BANK_NAME_MISMATCH", bench.fileOf(january()), { bankName: "Axis" }, { bank: "axis" }],
    ["BANK_NAME_UNDETECTED", bench.fileOf(january({ bank: null, status: "unverifiable" }))],
    ["OUT_OF_DATE_RANGE", bench.fileOf(january({ days: ["2022-01-05"] }))],
    // Of two faults the one that is checked first (§9-25).
    ["BANK_NAME_MISMATCH", bench.fileOf(january({ days: [] })), { bankName: "axis" }],
  ];
  for (const [code, bytes, more = {}, facts = {}] of refused) {
    await assert.rejects(bench.upload(env, sessionId, bytes, more), { code, sessionId, ...facts }, code);
  }
  assert.deepEqual(await counts(env), [0, 0, 0, 0]);
  assert.equal(await bench.count("audit", env), audits);
  assert.equal(await bench.blobCount(), blobs);
  assert.equal((await readUploadStatus(bench.intake, env, sessionId)).uploadStatus, "NO_UPLOAD");
});

test("the same file at once into one session: one is taken, the other a duplicate", async () => {
  const env = await bench.newEnvironment();
  const sessionId = await bench.session(env);
  const bytes = bench.fileOf(january());
  const blobs = await bench.blobCount();
  const results = await Promise.allSettled(
    Array.from({ length: 4 }, () => bench.upload(env, sessionId, bytes)),
  );
  assert.equal(results.filter(({ status }) => status === "fulfilled").length, 1);
  for (const result of results) {
    if (result.status === "rejected")
      assert.equal((result.reason as { code: string }).code, "STATEMENT_DUPLICATE");
  }
  assert.deepEqual(await counts(env), [1, 1, 1, 2]);
  assert.equal(await bench.blobCount(), blobs + 1);
  // Another file with the same transactions is one too; into another session it is not.
  await assert.rejects(bench.upload(env, sessionId, bench.fileOf(january())), {
    code: "STATEMENT_DUPLICATE",
  });
  await bench.upload(env, await bench.session(env), bytes);
});

test("overlapping statements of one account count each transaction once", async () => {
  const env = await bench.newEnvironment();
  const sessionId = await bench.session(env);
  const days = ["2024-01-05", "2024-01-20", "2024-02-05", "2024-02-20"];
  const whole = statementOf({ days });
  const { transactions } = whole;
  const head = { ...whole, transactions: transactions.slice(0, 3) };
  const tail = { ...whole, transactions: transactions.slice(1) };
  const first = await bench.upload(env, sessionId, bench.fileOf(head));
  const second = await bench.upload(env, sessionId, bench.fileOf(tail));
  assert.equal(second.accountId, first.accountId);
  assert.deepEqual(await counts(env), [1, 2, 2, 6]);
  const { rows } = await bench.database.pool.query<{ date: Temporal.PlainDate }>(
    "select date from transactions where env_id = $1 and duplicate_of is null order by date",
    [env.id],
  );
  assert.deepEqual(
    rows.map(({ date }) => date.toString()),
    days,
  );
});

test("a file may hold several accounts; what cannot be taken of it is told, not dropped", async () => {
  const env = await bench.newEnvironment();
  const sessionId = await bench.session(env);
  const old = january({ number: "9000000001", days: ["2020-01-01"], period: null });
  const savings = january({ number: "9000000002" });
  const current = january({ number: "9000000003" });
  const result = await bench.upload(env, sessionId, bench.fileOf(old, savings, current));
  assert.equal(result.accountNumber, "9000000002");
  assert.deepEqual(await counts(env), [2, 1, 3, 4]);
  await initiateProcessing(bench.intake, env, ACTOR, sessionId);
  const { items } = await readProgress(bench.intake, env, sessionId);
  assert.deepEqual(
    items.map(({ transactionStatus, message }) => [transactionStatus, message]),
    [
      ["completed", null],
      ["completed", null],
      ["failed", "The statement uploaded is beyond the specified date range"],
    ],
  );
});

test("masked and full numbers of one account meet; the fuller one is kept", async () => {
  const env = await bench.newEnvironment();
  const sessionId = await bench.session(env);
  const first = await bench.upload(
    env,
    sessionId,
    bench.fileOf(january({ number: "XXXXXX9704", name: null })),
  );
  const february = statementOf({ days: ["2024-02-05"], number: "5413699704" });
  const second = await bench.upload(env, sessionId, bench.fileOf(february));
  assert.equal(second.accountId, first.accountId);
  assert.equal(second.accountNumber, "5413699704");
  assert.equal(second.identity.name, "Asha Verma");
  const other = statementOf({ days: ["2024-02-05"], number: "XXXXXX9705" });
  assert.notEqual((await bench.upload(env, sessionId, bench.fileOf(other))).accountId, first.accountId);
});

test("an unknown bank that proves itself is other; a named one is believed", async () => {
  const env = await bench.newEnvironment();
  const refusing = await bench.newEnvironment({ unknown_banks: "refuse" });
  const file = () => bench.fileOf(january({ bank: null }));
  assert.equal((await bench.upload(env, await bench.session(env), file())).bankName, "other");
  const sessionId = await bench.session(refusing);
  await assert.rejects(bench.upload(refusing, sessionId, file()), { code: "BANK_NAME_UNDETECTED" });
  const named = await bench.upload(refusing, sessionId, file(), { bankName: "AXIS" });
  assert.equal(named.bankName, "axis");
  // The session's own bank is the default.
  const ofSession = await bench.session(env, { bankName: "Axis" });
  await assert.rejects(bench.upload(env, ofSession, bench.fileOf(january())), { code: "BANK_NAME_MISMATCH" });
});

test("a password is sealed, the account's type is the caller's to say", async () => {
  const env = await bench.newEnvironment();
  const sessionId = await bench.session(env);
  await bench.upload(env, sessionId, bench.fileOf(january()), {
    password: "invented-secret",
    accountCategory: "current",
  });
  const file = await bench.database.kysely
    .selectFrom("files")
    .selectAll()
    .where("env_id", "=", env.id)
    .executeTakeFirstOrThrow();
  assert.ok(file.password && file.blob_key && !file.password.includes("invented-secret"));
  const place = { table: "files", column: "password", row: file.blob_key };
  assert.equal(openText(env.dataKey, file.password, place), "invented-secret");
  assert.ok((await bench.intake.blobs.get(env.dataKey, file.blob_key)).length > 0);
  const { accounts } = await readUploadStatus(bench.intake, env, sessionId);
  assert.equal(accounts[0]?.accountType, "CURRENT");
});

test("upload status shows months and what is missing", async () => {
  const env = await bench.newEnvironment();
  const sessionId = await bench.session(env, { fromDate: day("2024-01-01"), toDate: day("2024-03-31") });
  await bench.upload(env, sessionId, bench.fileOf(january()));
  const march = statementOf({ days: ["2024-03-02", "2024-03-20"] });
  await bench.upload(env, sessionId, bench.fileOf(march), { fileName: "march.pdf" });
  const status = await readUploadStatus(bench.intake, env, sessionId);
  assert.equal(status.uploadStatus, "IN_PROGRESS");
  const [account] = status.accounts;
  assert.ok(account);
  assert.equal(account.status, "PARTIAL");
  assert.deepEqual(account.months.map(String), ["2024-01", "2024-03"]);
  assert.deepEqual(
    account.missingData.map(({ from, to }) => [from.toString(), to.toString()]),
    [
      ["2024-02-01", "2024-03-01"],
      ["2024-03-21", "2024-03-31"],
    ],
  );
  assert.equal(account.fullBankName, "HDFC Bank");
  assert.equal(account.statements[1]?.fileName, "march.pdf");
  assert.equal(account.statements[1]?.range?.from.toString(), "2024-03-02");
});

test("an upload that races the end of uploads is counted or refused, never lost", async () => {
  const env = await bench.newEnvironment();
  for (let round = 0; round < 5; round++) {
    const sessionId = await bench.session(env);
    await bench.upload(env, sessionId, bench.fileOf(january()));
    const february = statementOf({ days: monthly("2024-02", "2024-02") });
    const [upload, initiate] = await Promise.allSettled([
      bench.upload(env, sessionId, bench.fileOf(february)),
      initiateProcessing(bench.intake, env, ACTOR, sessionId),
    ]);
    assert.equal(initiate.status, "fulfilled");
    const { items } = await readProgress(bench.intake, env, sessionId);
    if (upload.status === "fulfilled") assert.equal(items.length, 2);
    else {
      assert.equal((upload.reason as { code: string }).code, "SESSION_EXPIRED");
      assert.equal(items.length, 1);
    }
    const [end] = await bench.events(env, sessionId);
    const told = end?.accounts.flatMap(({ statements }) => statements ?? []);
    assert.equal(told?.length, items.length);
  }
});

test("an upload is refused once processing was asked for, and after the time has passed", async () => {
  const env = await bench.newEnvironment();
  const sessionId = await bench.session(env);
  await bench.upload(env, sessionId, bench.fileOf(fullStatement()));
  // Completed by level 1, and open for more all the same.
  await bench.upload(env, sessionId, bench.fileOf(fullStatement({ number: "9000000009" })));
  await initiateProcessing(bench.intake, env, ACTOR, sessionId);
  await assert.rejects(bench.upload(env, sessionId, bench.fileOf(january())), { code: "SESSION_EXPIRED" });

  const completed = await bench.session(env);
  await bench.upload(env, completed, bench.fileOf(fullStatement()));
  const now = bench.intake.clock();
  bench.setNow(now.add({ minutes: 60 }).toString());
  await assert.rejects(bench.upload(env, completed, bench.fileOf(january())), { code: "SESSION_EXPIRED" });
  assert.equal((await bench.events(env, completed)).length, 1);
  bench.setNow(now.toString());
});
