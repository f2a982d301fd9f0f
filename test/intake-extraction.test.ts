/** The whole of intake with the real extractor on generated statements. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { intakeTasks } from "../src/intake/jobs.ts";
import { initiateProcessing } from "../src/intake/processing.ts";
import { readSessionStatus, readUploadStatus } from "../src/intake/reads.ts";
import { uploadStatement } from "../src/intake/uploads.ts";
import type { NewSession } from "../src/intake/sessions.ts";
import { createExtractor } from "../src/statement/pdf/pool.ts";
import type { Environment } from "../src/store/environments.ts";
import { ACTOR, day, openBench, type Bench } from "./intake-setup.ts";
import { statement } from "./statements/catalogue.ts";

const extractor = createExtractor({ workers: 1 });
let bench: Bench;
let env: Environment;
before(async () => {
  bench = await openBench();
  env = await bench.newEnvironment();
  bench.setNow("2024-07-20T10:00:00Z");
});
after(async () => {
  await extractor.close();
  await bench.close();
});

const range = (from: string, to: string): Partial<NewSession> => ({ fromDate: day(from), toDate: day(to) });
const upload = (
  sessionId: string,
  bytes: Uint8Array,
  more: { password?: string; bankName?: string } = {},
) => {
  const intake = { ...bench.intake, extractor, limits: { maxPages: 500, timeoutMs: 30_000 } };
  const { password = null, bankName = null } = more;
  const file = { fileName: "statement.pdf", bankName, sessionId, bytes, password };
  return uploadStatement(intake, env, ACTOR, file);
};
const process = async (sessionId: string) => {
  await initiateProcessing(bench.intake, env, ACTOR, sessionId);
  await intakeTasks(bench.intake)["process_session"]?.({ env: env.id, session: sessionId });
  return (await readSessionStatus(bench.intake, env, sessionId)).accounts;
};
const rowCount = async (sessionId: string) => {
  const { rows } = await bench.database.pool.query<{ n: bigint }>(
    `select count(*) as n from transactions x join statements t on t.env_id = x.env_id and t.id = x.statement_id
     join sessions s on s.env_id = t.env_id and s.id = t.session_id
     where s.public_id = $1 and x.duplicate_of is null`,
    [sessionId],
  );
  return Number(rows[0]?.n);
};

test("three months of a known bank complete", async () => {
  const { bytes, truth } = await statement("hdfc-3-months");
  const sessionId = await bench.session(env, range("2024-01-01", "2024-03-31"));
  const result = await upload(sessionId, bytes);
  assert.equal(result.bankName, "hdfc");
  assert.equal(result.accountNumber, truth.statements[0]?.account_number);
  assert.deepEqual(result.months.map(String), ["2024-01", "2024-02", "2024-03"]);
  assert.equal((await readUploadStatus(bench.intake, env, sessionId)).uploadStatus, "COMPLETED");
  const [account] = await process(sessionId);
  assert.deepEqual([account?.status, account?.errorCode], ["completed", null]);
  assert.equal(await rowCount(sessionId), truth.statements[0]?.transactions.length);
});

test("a balance that is off by 1.00 is a BALANCE_MISMATCH", async () => {
  const { bytes } = await statement("hdfc-balance-off-by-one");
  const sessionId = await bench.session(env, range("2024-01-01", "2024-03-31"));
  await upload(sessionId, bytes);
  const [account] = await process(sessionId);
  assert.equal(account?.errorCode, "BALANCE_MISMATCH");
  const body = (await bench.events(env, sessionId)).at(-1);
  assert.equal(body?.accounts[0]?.error_message, "Calculated transaction balance does not match");
});

test("two statements that overlap are one account, each transaction once", async () => {
  const [a, b] = [await statement("icici-overlap-a"), await statement("icici-overlap-b")];
  const sessionId = await bench.session(env, range("2024-01-01", "2024-06-30"));
  const first = await upload(sessionId, a.bytes);
  const second = await upload(sessionId, b.bytes);
  assert.equal(second.accountId, first.accountId);
  const rows = [a, b].flatMap(({ truth }) => truth.statements[0]?.transactions ?? []);
  assert.equal(await rowCount(sessionId), new Set(rows.map((row) => JSON.stringify(row))).size);
});

test("a file with two accounts makes two", async () => {
  const { bytes, truth } = await statement("icici-two-accounts");
  const sessionId = await bench.session(env, { acceptAnything: true });
  await upload(sessionId, bytes);
  const { accounts } = await readUploadStatus(bench.intake, env, sessionId);
  assert.deepEqual(
    accounts.map(({ accountNumber }) => accountNumber),
    truth.statements.map(({ account_number }) => account_number),
  );
});

test("passwords, pictures, missing numbers and unknown banks", async () => {
  const locked = await statement("hdfc-encrypted");
  const sessionId = await bench.session(env, { acceptAnything: true });
  await assert.rejects(upload(sessionId, locked.bytes), { code: "PASSWORD_INCORRECT" });
  await assert.rejects(upload(sessionId, locked.bytes, { password: "wrong" }), {
    code: "PASSWORD_INCORRECT",
  });
  const password = locked.truth.password ?? "";
  assert.equal((await upload(sessionId, locked.bytes, { password })).bankName, "hdfc");
  await assert.rejects(upload(sessionId, (await statement("scanned")).bytes), { code: "PDF_IS_IMAGE" });
  await assert.rejects(upload(sessionId, Buffer.from("%PDF-1.7 cut off")), { code: "INVALID_FILE_OBJECT" });
  await assert.rejects(upload(sessionId, (await statement("other-broken")).bytes), {
    code: "BANK_NAME_UNDETECTED",
  });
  assert.equal((await upload(sessionId, (await statement("other-signed")).bytes)).bankName, "other");
  const unnumbered = await bench.session(env, { acceptAnything: true });
  await upload(unnumbered, (await statement("hdfc-no-account-number")).bytes);
  const [account] = await process(unnumbered);
  assert.equal(account?.errorCode, "NULL_ACCOUNT_NUMBER");
});

test("a bank's name is no way round proof", async () => {
  const cases: [string, "BANK_NAME_MISMATCH" | null][] = [
    ["other-card-unverifiable", "BANK_NAME_MISMATCH"],
    ["other-broken", "BANK_NAME_MISMATCH"],
    ["other-signed", null],
  ];
  for (const [name, code] of cases) {
    const { bytes } = await statement(name);
    // Named with the upload, and with the session.
    const plain = await bench.session(env, { acceptAnything: true });
    const ofAxis = await bench.session(env, { acceptAnything: true, bankName: "axis" });
    const attempts = [() => upload(plain, bytes, { bankName: "AXIS" }), () => upload(ofAxis, bytes)];
    for (const attempt of attempts) {
      if (code) await assert.rejects(attempt, { code, bank: "axis" }, name);
      else assert.equal((await attempt()).bankName, "axis", name);
    }
  }
});
