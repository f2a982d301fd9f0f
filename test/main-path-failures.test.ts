/** Each failure code of an account, end to end: the webhook, session_status and progress say the same, word for word. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { createBankbellClient, type BankbellClient } from "../sdk/index.ts";
import { startChildServer, type ChildServer } from "../src/child-server.ts";
import { newKeys } from "../src/first-start.ts";
import { sealKey } from "../src/platform/crypto.ts";
import { createEnvironment, type Settings } from "../src/store/environments.ts";
import { createTestDatabase, type TestDatabase } from "./harness/database.ts";
import { COMPLETION, ENRICHMENT, rangeOf, startLedger, type Receiver } from "./main-path-setup.ts";
import { statement } from "./statements/catalogue.ts";

const MASTER = randomBytes(32);
let database: TestDatabase;
let server: ChildServer;
let receiver: Receiver;

before(async () => {
  database = await createTestDatabase();
  const env = { DATABASE_URL: database.url, BANKBELL_MASTER_KEY: MASTER.toString("base64") };
  server = await startChildServer({ env });
  receiver = await startLedger({ secret: server.keys.webhookSecret });
});
after(async () => {
  await receiver.close();
  await server.stop();
  await database.drop();
});

/** An organisation of its own with these criteria: the API cannot set them yet. */
async function organisation(settings: Partial<Settings> = {}): Promise<BankbellClient> {
  const credentials = newKeys({ apiKey: null, serverHash: null, webhookSecret: null });
  const { webhookSecret } = server.keys;
  const wanted = { organisation: "Test", mode: "sandbox", credentials, webhookSecret } as const;
  const id = await createEnvironment(database.kysely, sealKey(MASTER), wanted, Temporal.Now.instant());
  if (Object.keys(settings).length > 0) {
    await database.kysely
      .updateTable("bankconnect_settings")
      .set(settings)
      .where("env_id", "=", id)
      .execute();
  }
  const client = createBankbellClient({ baseUrl: server.url, ...credentials });
  await client.updateWebhook(receiver.url);
  return client;
}

interface Case {
  what: string;
  files: readonly string[];
  from: string;
  to: string;
  settings?: Partial<Settings>;
  acceptAnything?: true;
  /** Null where the account completes. */
  code: string | null;
  message: string | null;
  /** Of the statements' step `processing`, or `identity` for want of a number. */
  failedStep?: "identity_status" | "processing_status";
  insights?: false;
}

const MISMATCH = {
  code: "BALANCE_MISMATCH",
  message: "Calculated transaction balance does not match",
  failedStep: "processing_status",
} as const;

const FEBRUARY = Array.from({ length: 29 }, (_, day) => day + 1).join(", ");

const CASES: readonly Case[] = [
  {
    what: "a balance that is off by 1.00",
    files: ["hdfc-balance-off-by-one"],
    from: "2024-01-01",
    to: "2024-03-31",
    ...MISMATCH,
  },
  {
    what: "an amount that is off by 1.00, where the organisation rejects such accounts",
    files: ["hdfc-amount-off-by-one"],
    from: "2024-01-01",
    to: "2024-03-31",
    settings: { to_reject_account: true },
    insights: false,
    ...MISMATCH,
  },
  {
    what: "accept_anything never waives proof",
    files: ["hdfc-balance-off-by-one"],
    from: "2023-01-01",
    to: "2024-03-31",
    acceptAnything: true,
    ...MISMATCH,
  },
  {
    what: "no account number",
    files: ["hdfc-no-account-number"],
    from: "2024-05-01",
    to: "2024-05-31",
    code: "NULL_ACCOUNT_NUMBER",
    message: "Account number is unavailable or unidentified",
    failedStep: "identity_status",
  },
  {
    what: "a month without transactions within the printed period",
    files: ["sbi-missing-month"],
    from: "2024-01-01",
    to: "2024-04-30",
    code: "INCOMPLETE_MONTHS",
    message: "Insufficient data to generate report. There are no transactions for Mar 2024",
  },
  {
    what: "months for which there is no statement",
    files: ["kotak-january", "kotak-march"],
    from: "2023-11-01",
    to: "2024-03-31",
    code: "INCOMPLETE_MONTHS_UPLOAD",
    message:
      "Statement(s) uploaded contain incomplete months. Missing data present for Nov 2023, Dec 2023, Feb 2024",
  },
  {
    what: "the same, where anything is accepted",
    files: ["kotak-january", "kotak-march"],
    from: "2023-11-01",
    to: "2024-03-31",
    acceptAnything: true,
    code: null,
    message: null,
  },
  {
    what: "days for which there is no statement, where every day is wanted",
    files: ["kotak-january", "kotak-march"],
    from: "2023-12-30",
    to: "2024-03-06",
    settings: { level_1: "dates" },
    code: "INCOMPLETE_DATES_UPLOAD",
    // March's first week is not considered (reference §2.1).
    message: `Statement(s) uploaded contain incomplete dates. Missing dates present for {"Dec 2023": [30, 31], "Feb 2024": [${FEBRUARY}]}`,
  },
  {
    what: "as many missing days as are tolerated",
    files: ["kotak-january"],
    from: "2023-12-30",
    to: "2024-01-31",
    settings: { level_1: "dates", level_1_missing_days: 2, level_2: "any" },
    code: null,
    message: null,
  },
  {
    what: "not one transaction in the part of the range that counts",
    files: ["kotak-february"],
    from: "2024-01-01",
    to: "2024-02-07",
    settings: { level_1: "none", level_2: "any" },
    code: "MISSING_TRANSACTIONS",
    message: "One or more transactions are missing in the specified date range",
  },
];

for (const { what, files, from, to, settings, acceptAnything = false, ...expected } of CASES) {
  test(`${expected.code ?? "completed"}: ${what}`, async () => {
    const client = await organisation(settings);
    const wish = { link_id: "c-1", accept_anything: acceptAnything, ...rangeOf(from, to) };
    const { session_id: sessionId } = await client.createSession(wish);
    for (const name of files) {
      const { bytes } = await statement(name);
      await client.upload({ session_id: sessionId, file: bytes });
    }
    await client.initiateProcessing(sessionId);
    const { body } = await receiver.accepted(sessionId, ENRICHMENT);
    const outcome = {
      account_status: expected.code === null ? "completed" : "failed",
      error_code: expected.code,
      error_message: expected.message,
    };
    const status = await client.status(sessionId);
    for (const accounts of [body.accounts, status.accounts]) {
      const told = accounts.map(({ account_status, error_code, error_message }) => ({
        account_status,
        error_code,
        error_message,
      }));
      assert.deepEqual(told, [outcome]);
    }
    assert.equal(body["insights_available"], expected.insights ?? true);
    assert.equal(status["insights_available"], expected.insights ?? true);

    const { session_progress, progress } = await client.progress(sessionId);
    assert.equal(session_progress, "completed");
    assert.equal(progress.length, files.length);
    for (const item of progress) {
      for (const step of ["identity_status", "transaction_status", "processing_status"] as const) {
        assert.equal(item[step], step === expected.failedStep ? "failed" : "completed", step);
      }
      assert.equal(item.message, expected.failedStep ? expected.message : null);
    }
    const ends = receiver.of(sessionId).map((delivery) => delivery.body.event_name);
    assert.deepEqual(ends, [COMPLETION, ENRICHMENT]);
    assert.equal((await client.uploadStatus(sessionId))["upload_status"], "COMPLETED");
  });
}
