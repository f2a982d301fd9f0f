/** Completion and enrichment: when they are told, and with which words. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { intakeTasks } from "../src/intake/jobs.ts";
import { initiateProcessing } from "../src/intake/processing.ts";
import { readProgress, readSessionStatus, readUploadStatus } from "../src/intake/reads.ts";
import { startJobs } from "../src/platform/jobs.ts";
import { openPlainPool } from "../src/store/connect.ts";
import { silentLog } from "../src/store/log.ts";
import type { Environment, Settings } from "../src/store/environments.ts";
import { ACTOR, day, fullStatement, monthly, openBench, statementOf, type Bench } from "./intake-setup.ts";
import type { StatementSpec } from "./intake-setup.ts";

let bench: Bench;
before(async () => {
  bench = await openBench();
});
after(() => bench.close());

const initiate = (env: Environment, id: string) => initiateProcessing(bench.intake, env, ACTOR, id);
const process = async (env: Environment, session: string) => {
  const task = intakeTasks(bench.intake)["process_session"];
  assert.ok(task);
  await task({ env: env.id, session });
};
const names = async (env: Environment, id: string) =>
  (await bench.events(env, id)).map(({ event_name }) => event_name);
const [COMPLETION, ENRICHMENT] = [
  "SESSION_REQUIREMENT_COMPLETION_NOTIFICATION",
  "ENRICHMENT_NOTIFICATION",
] as const;

test("completion is told by the upload that meets level 1, once, in the seed's words", async () => {
  bench.setNow("2024-04-25T12:25:56.172124Z");
  const env = await bench.newEnvironment();
  const sessionId = await bench.session(env, { linkId: "customer-9" });
  const head = statementOf({
    period: ["2023-10-25", "2024-01-31"],
    days: [...monthly("2023-11", "2024-01"), "2023-10-30"].sort(),
  });
  const first = await bench.upload(env, sessionId, bench.fileOf(head));
  assert.deepEqual(await names(env, sessionId), []);
  const wakes = bench.wakes();
  bench.setNow("2024-04-25T12:26:27Z");
  const tail = statementOf({ period: ["2024-02-01", "2024-04-20"], days: monthly("2024-02", "2024-04") });
  const second = await bench.upload(env, sessionId, bench.fileOf(tail), { fileName: "tail.pdf" });
  assert.equal(bench.wakes(), wakes + 1);
  const statement = {
    statement_status: "completed",
    error_code: null,
    error_message: null,
    source: "pdf",
  };
  assert.deepEqual(await bench.events(env, sessionId), [
    {
      session_id: sessionId,
      event_name: COMPLETION,
      message: "Upload Completed",
      accounts: [
        {
          account_id: first.accountId,
          account_number: "5413699704",
          bank_name: "hdfc",
          created_at: "2024-04-25 12:25:56",
          last_updated_at: "2024-04-25 12:26:27",
          statements: [
            {
              statement_id: first.statementId,
              ...statement,
              created_at: "2024-04-25 12:25:56.172124+00:00",
              upload_file_name: "statement.pdf",
              statement_date_range: { from_date: "25/10/2023", to_date: "31/01/2024" },
            },
            {
              statement_id: second.statementId,
              ...statement,
              created_at: "2024-04-25 12:26:27.000000+00:00",
              upload_file_name: "tail.pdf",
              statement_date_range: { from_date: "01/02/2024", to_date: "20/04/2024" },
            },
          ],
          // Every month is there, so level 1 is met; not every day is.
          account_status: "PARTIAL",
          months: ["2023-10", "2023-11", "2023-12", "2024-01", "2024-02", "2024-03", "2024-04"],
          missing_data: [{ from_date: "2024-04-21", to_date: "2024-04-25" }],
        },
      ],
      session_date_range: { from_date: "25/10/2023", to_date: "25/04/2024" },
    },
  ]);
  const row = await bench.database.kysely
    .selectFrom("events")
    .selectAll()
    .where("env_id", "=", env.id)
    .executeTakeFirstOrThrow();
  assert.deepEqual([row.subject, row.retention, row.resource], ["customer-9", 0, `session:${sessionId}`]);
  assert.equal((await readUploadStatus(bench.intake, env, sessionId)).uploadStatus, "COMPLETED");
  // The expiry has nothing left to do.
  const { rowCount } = await bench.database.pool.query("select from graphile_worker.jobs where key = $1", [
    `expire:${sessionId}`,
  ]);
  assert.equal(rowCount, 0);

  await initiate(env, sessionId);
  assert.deepEqual(await names(env, sessionId), [COMPLETION]);
});

test("what level 1 asks for decides when completion is told", async () => {
  const partial: Partial<StatementSpec> = { period: ["2023-10-28", "2024-04-25"] };
  const cases: [Partial<Settings>, Partial<StatementSpec>, boolean][] = [
    [{}, { period: ["2023-11-01", "2024-04-25"], days: monthly("2023-11", "2024-04") }, false],
    [{ level_1: "dates" }, partial, false],
    [{ level_1: "dates", level_1_missing_days: 2 }, partial, false],
    [{ level_1: "dates", level_1_missing_days: 3 }, partial, true],
    [{ level_1: "none" }, { period: null, days: ["2024-04-01"] }, true],
  ];
  for (const [settings, spec, isMet] of cases) {
    const env = await bench.newEnvironment(settings);
    const sessionId = await bench.session(env);
    await bench.upload(env, sessionId, bench.fileOf(fullStatement(spec)));
    assert.deepEqual(await names(env, sessionId), isMet ? [COMPLETION] : [], JSON.stringify(settings));
  }
  const env = await bench.newEnvironment();
  const anything = await bench.session(env, { acceptAnything: true });
  await bench.upload(env, anything, bench.fileOf(statementOf({ days: ["2020-01-01"] })));
  assert.deepEqual(await names(env, anything), [COMPLETION]);
});

test("processing asked for twice at once: one is taken, completion is told once", async () => {
  const env = await bench.newEnvironment();
  const sessionId = await bench.session(env);
  await assert.rejects(initiate(env, sessionId), { code: "UNPARSABLE_STATEMENTS" });
  await assert.rejects(readProgress(bench.intake, env, sessionId), { code: "PROCESSING_NOT_REQUESTED" });
  await assert.rejects(readSessionStatus(bench.intake, env, sessionId), { code: "PROCESSING_NOT_REQUESTED" });
  await bench.upload(env, sessionId, bench.fileOf(statementOf({ days: ["2024-01-05"] })));
  const results = await Promise.allSettled([
    initiate(env, sessionId),
    initiate(env, sessionId),
    initiate(env, sessionId),
  ]);
  assert.equal(results.filter(({ status }) => status === "fulfilled").length, 1);
  for (const result of results) {
    if (result.status === "fulfilled") continue;
    assert.equal((result.reason as { code: string }).code, "DUPLICATE_PROCESSING_REQUEST");
  }
  await assert.rejects(readSessionStatus(bench.intake, env, sessionId), { code: "PROCESSING_NOT_COMPLETED" });
  const progress = await readProgress(bench.intake, env, sessionId);
  assert.deepEqual(
    [progress.sessionProgress, progress.items[0]?.processingStatus],
    ["processing", "processing"],
  );

  await Promise.all([process(env, sessionId), process(env, sessionId)]);
  await process(env, sessionId);
  await assert.rejects(initiate(env, sessionId), { code: "DUPLICATE_PROCESSING_REQUEST" });
  assert.deepEqual(await names(env, sessionId), [COMPLETION, ENRICHMENT]);
  const done = await readProgress(bench.intake, env, sessionId);
  assert.deepEqual([done.sessionProgress, done.items[0]?.processingStatus], ["completed", "completed"]);
});

test("enrichment of an account that lacks nothing, in both ages' fields", async () => {
  const env = await bench.newEnvironment();
  const sessionId = await bench.session(env);
  const { accountId } = await bench.upload(env, sessionId, bench.fileOf(fullStatement()));
  await initiate(env, sessionId);
  await process(env, sessionId);
  const [, body] = await bench.events(env, sessionId);
  assert.deepEqual(body, {
    session_id: sessionId,
    event_name: ENRICHMENT,
    insights_available: true,
    accounts: [
      {
        bank_name: "hdfc",
        account_id: accountId,
        account_status: "completed",
        error_code: null,
        error_message: null,
        name: "Asha Verma",
        account_category: "individual",
        attempt_types: ["PDF"],
      },
    ],
  });
  const status = await readSessionStatus(bench.intake, env, sessionId);
  assert.equal(status.accounts[0]?.status, "completed");
  assert.equal(status.accounts[0]?.statements.length, 1);
});

test("each failure of an account has its code and the contract's words", async () => {
  const cases: [Partial<Settings>, Partial<StatementSpec>, code: string, message: string][] = [
    [{}, { status: "broken" }, "BALANCE_MISMATCH", "Calculated transaction balance does not match"],
    [{}, { number: null }, "NULL_ACCOUNT_NUMBER", "Account number is unavailable or unidentified"],
    [
      {},
      { period: ["2024-01-01", "2024-04-25"], days: monthly("2024-01", "2024-04") },
      "INCOMPLETE_MONTHS_UPLOAD",
      "Statement(s) uploaded contain incomplete months. Missing data present for Oct 2023, Nov 2023, Dec 2023",
    ],
    [
      { level_1: "dates" },
      { period: ["2023-10-28", "2024-04-24"], days: monthly("2023-11", "2024-04") },
      "INCOMPLETE_DATES_UPLOAD",
      'Statement(s) uploaded contain incomplete dates. Missing dates present for {"Oct 2023": [25, 26, 27], "Apr 2024": [25]}',
    ],
    [
      {},
      { days: ["2023-10-30", ...monthly("2024-01", "2024-04")] },
      "INCOMPLETE_MONTHS",
      "Insufficient data to generate report. There are no transactions for Nov 2023, Dec 2023",
    ],
    [
      { level_2: "first_and_last_month" },
      { days: ["2023-10-30", ...monthly("2023-11", "2024-03")] },
      "INCOMPLETE_MONTHS",
      "Insufficient data to generate report. There are no transactions for Apr 2024",
    ],
  ];
  for (const [settings, spec, code, message] of cases) {
    const env = await bench.newEnvironment({ ...settings, to_reject_account: true });
    const sessionId = await bench.session(env);
    await bench.upload(env, sessionId, bench.fileOf(fullStatement(spec)));
    await initiate(env, sessionId);
    await process(env, sessionId);
    const body = (await bench.events(env, sessionId)).at(-1);
    const account = body?.accounts[0];
    assert.deepEqual(
      [account?.account_status, account?.error_code, account?.error_message],
      ["failed", code, message],
    );
    assert.equal(body?.insights_available, code !== "BALANCE_MISMATCH");
    const status = await readSessionStatus(bench.intake, env, sessionId);
    assert.equal(status.accounts[0]?.errorCode, code);
    assert.equal(status.insightsAvailable, code !== "BALANCE_MISMATCH");
  }
});

test("transactions in the week that is not considered are missing in the range", async () => {
  // Ends on the 5th of April, so April is not asked for; the only transactions stand in it.
  const env = await bench.newEnvironment();
  const sessionId = await bench.session(env, { fromDate: day("2024-03-01"), toDate: day("2024-04-05") });
  const spec = { period: ["2024-03-01", "2024-04-05"], days: ["2024-04-02"] } as const;
  await bench.upload(
    env,
    sessionId,
    bench.fileOf(statementOf({ ...spec, days: [...spec.days], period: [...spec.period] })),
  );
  await initiate(env, sessionId);
  await process(env, sessionId);
  const { accounts } = await readSessionStatus(bench.intake, env, sessionId);
  assert.equal(accounts[0]?.errorCode, "MISSING_TRANSACTIONS");
  assert.equal(accounts[0].errorMessage, "One or more transactions are missing in the specified date range");
});

test("a broken statement says so in progress; accept_anything does not hide it", async () => {
  const env = await bench.newEnvironment();
  const sessionId = await bench.session(env, { acceptAnything: true });
  await bench.upload(env, sessionId, bench.fileOf(statementOf({ days: ["2020-01-01"], status: "broken" })));
  await initiate(env, sessionId);
  await process(env, sessionId);
  const { items } = await readProgress(bench.intake, env, sessionId);
  assert.deepEqual(
    [items[0]?.processingStatus, items[0]?.message],
    ["failed", "Calculated transaction balance does not match"],
  );
  const { accounts } = await readSessionStatus(bench.intake, env, sessionId);
  assert.equal(accounts[0]?.errorCode, "BALANCE_MISMATCH");
});

test("the setting masks the number in the webhook", async () => {
  const env = await bench.newEnvironment({ mask_account_numbers: true });
  const sessionId = await bench.session(env);
  await bench.upload(env, sessionId, bench.fileOf(fullStatement()));
  const [body] = await bench.events(env, sessionId);
  assert.equal(body?.accounts[0]?.account_number, "XXXXXX9704");
});

test("a deleted session answers 410 everywhere, and its jobs change nothing", async () => {
  const env = await bench.newEnvironment();
  const sessionId = await bench.session(env);
  await bench.upload(env, sessionId, bench.fileOf(fullStatement()));
  await initiate(env, sessionId);
  await bench.database.kysely
    .updateTable("sessions")
    .set({ deleted_at: bench.intake.clock() })
    .where("public_id", "=", sessionId)
    .execute();
  const gone = { code: "SESSION_DELETED" };
  await assert.rejects(initiate(env, sessionId), gone);
  await assert.rejects(readProgress(bench.intake, env, sessionId), gone);
  await assert.rejects(readUploadStatus(bench.intake, env, sessionId), gone);
  await assert.rejects(readSessionStatus(bench.intake, env, sessionId), gone);
  await assert.rejects(bench.upload(env, sessionId, bench.fileOf(fullStatement())), gone);
  await process(env, sessionId);
  assert.deepEqual(await names(env, sessionId), [COMPLETION]);
});

test("every change leaves an audit row", async () => {
  const env = await bench.newEnvironment();
  const sessionId = await bench.session(env);
  await bench.upload(env, sessionId, bench.fileOf(fullStatement()));
  await initiate(env, sessionId);
  await process(env, sessionId);
  const rows = await bench.database.kysely
    .selectFrom("audit")
    .select(["action", "actor", "target"])
    .where("env_id", "=", env.id)
    .orderBy("id")
    .execute();
  assert.deepEqual(
    rows.map(({ action, actor }) => [action, actor]),
    [
      ["session.create", ACTOR],
      ["statement.upload", ACTOR],
      ["session.complete", ACTOR],
      ["session.initiate_processing", ACTOR],
      ["session.finish", "job:process_session"],
    ],
  );
  assert.ok(rows.every(({ target }) => target === `session:${sessionId}`));
});

test("graphile-worker runs what was asked for, and an expiry that was due while nothing ran", async () => {
  // Real time: the jobs' table decides by the database's clock.
  bench.setNow(Temporal.Now.instant().toString());
  const env = await bench.newEnvironment({ level_1: "none", level_2: "none" });
  const expiring = await bench.session(env, { linkId: "late" });
  await bench.database.pool.query(
    "update graphile_worker._private_jobs set run_at = now() - interval '1 hour' where key = $1",
    [`expire:${expiring}`],
  );
  const processed = await bench.session(env, { acceptAnything: true });
  await bench.upload(env, processed, bench.fileOf(statementOf({ days: ["2024-01-05"] })));
  bench.setNow(Temporal.Now.instant().add({ minutes: 61 }).toString());

  const waiting = new Set([expiring, processed]);
  const done = Promise.withResolvers<void>();
  const tasks = intakeTasks(bench.intake);
  const watched = Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [
      name,
      async (payload: unknown) => {
        await task(payload);
        waiting.delete((payload as { session: string }).session);
        if (waiting.size === 0) done.resolve();
      },
    ]),
  );
  const { connection } = bench.database;
  const pool = openPlainPool({ connection, name: "test jobs", size: 4, log: silentLog });
  const runner = await startJobs({
    pool,
    tasks: watched,
    cron: [],
    concurrency: 2,
    log: bench.intake.log,
  });
  await initiate(env, processed);
  await done.promise;
  await runner.stop();
  await pool.end();
  assert.deepEqual(await names(env, expiring), ["SESSION_EXPIRY_NOTIFICATION"]);
  assert.deepEqual(await names(env, processed), [COMPLETION, ENRICHMENT]);
});

test("day partitions are made ahead, for the classes in use; a job without a session is refused", async () => {
  bench.setNow("2031-03-01T23:30:00Z");
  const tasks = intakeTasks(bench.intake);
  await tasks["make_day_partitions"]?.({});
  await tasks["make_day_partitions"]?.({});
  const { rows } = await bench.database.pool.query<{ relname: string }>(
    "select relname from pg_class where relname like 'events\\_%\\_203103__' order by relname",
  );
  assert.deepEqual(
    rows.map(({ relname }) => relname),
    [1, 2, 3, 4, 5, 6, 7].map((n) => `events_30_2031030${n}`),
  );
  await assert.rejects(async () => tasks["process_session"]?.({ env: 1 }), /names its environment/);
});
