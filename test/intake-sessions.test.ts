/** Creating a session, and its end by time. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createSession, type NewSession } from "../src/intake/sessions.ts";
import { initiateProcessing } from "../src/intake/processing.ts";
import { readUploadStatus } from "../src/intake/reads.ts";
import { intakeTasks } from "../src/intake/jobs.ts";
import { ACTOR, day, fullStatement, monthly, NEW_SESSION, openBench, statementOf } from "./intake-setup.ts";
import type { Bench } from "./intake-setup.ts";

let bench: Bench;
before(async () => {
  bench = await openBench();
});
after(() => bench.close());

const jobsOf = async (sessionId: string) => {
  const { rows } = await bench.database.pool.query<{ key: string; run_at: Temporal.Instant }>(
    "select key, run_at from graphile_worker.jobs where key like $1 order by key",
    [`%${sessionId}`],
  );
  return rows.map(({ key, run_at }) => [key.split(":")[0], run_at.toString()]);
};
const expire = async (env: { id: number }, session: string) => {
  const task = intakeTasks(bench.intake)["expire_session"];
  assert.ok(task);
  await task({ env: env.id, session });
};
const EXPIRED = "2024-04-25T11:00:00.123456Z";

test("a session without dates runs from six months back to today, where the organisation is", async () => {
  bench.setNow("2024-04-25T20:00:00Z");
  const env = await bench.newEnvironment({ session_minutes: 45 }, "Asia/Kolkata");
  const sessionId = await bench.session(env, { linkId: "customer-7" });
  const status = await readUploadStatus(bench.intake, env, sessionId);
  assert.deepEqual(
    [status.range.from.toString(), status.range.to.toString(), status.uploadStatus],
    ["2023-10-26", "2024-04-26", "NO_UPLOAD"],
  );
  assert.equal(status.expiresAt.toString(), "2024-04-25T20:45:00Z");
  assert.deepEqual(await jobsOf(sessionId), [["expire", "2024-04-25T20:45:00Z"]]);
  assert.equal(await bench.count("audit", env), 1);
});

test("the redirect names the session and keeps what the journey's address has", async () => {
  bench.setNow("2024-04-25T10:00:00Z");
  const intake = { ...bench.intake, connectUrl: "https://connect.example/start?theme=dark" };
  const { sessionId, redirectUrl } = await createSession(intake, bench.env, ACTOR, NEW_SESSION);
  assert.equal(redirectUrl, `https://connect.example/start?theme=dark&session_id=${sessionId}`);
});

test("what a session asks for must mean something", async () => {
  const recurring = { aaJourneyMode: "only_recurring" } as const;
  const refused: [Partial<NewSession>, code: string, about?: string][] = [
    [{ fromDate: day("2024-01-01") }, "MISSING_DATE_FIELD"],
    [{ toDate: day("2024-01-01") }, "MISSING_DATE_FIELD"],
    [{ fromDate: day("2024-01-02"), toDate: day("2024-01-01") }, "INVALID_DATE_RANGE"],
    [{ fromDate: day("2024-01-01"), toDate: day("2024-01-01") }, "INVALID_DATE_RANGE"],
    [{ maxFromDate: day("2024-01-02"), maxToDate: day("2024-01-01") }, "INVALID_DATE_RANGE", "max_dates"],
    [{ bankName: "no such bank" }, "INVALID_BANK_NAME"],
    [{ bankName: "other" }, "INVALID_BANK_NAME"],
    [{ mode: "pdf" }, "MISSING_BANK_NAME"],
    [{ mode: "online", bankName: "abhyudaya" }, "MODE_NOT_AVAILABLE"],
    [{ mode: "online", bankName: "HDFC" }, "MODE_NOT_ENABLED"],
    [{ mode: "aa", bankName: "hdfc" }, "MODE_NOT_ENABLED"],
    [{ mobileNumber: "12345" }, "INVALID_MOBILE_NUMBER"],
    [{ mobileNumber: "+911234567890" }, "INVALID_MOBILE_NUMBER"],
    [{ sessionExpiry: 4 }, "INVALID_SESSION_EXPIRY"],
    [{ sessionExpiry: 43_201 }, "INVALID_SESSION_EXPIRY"],
    [{ sessionExpiry: 5.5 }, "INVALID_SESSION_EXPIRY"],
    [{ aaRecurringTenureMonthCount: 85 }, "INVALID_AA_PARAMETER", "tenure"],
    [{ aaRecurringTenureMonthCount: 0 }, "INVALID_AA_PARAMETER", "tenure"],
    [{ aaRecurringFrequencyValue: 6 }, "INVALID_AA_PARAMETER"],
    [recurring, "MISSING_AA_PARAMETER", "bank_and_mode"],
    [{ ...recurring, mode: "pdf", bankName: "hdfc" }, "MISSING_AA_PARAMETER", "frequency"],
    [
      {
        ...recurring,
        mode: "pdf",
        bankName: "hdfc",
        aaRecurringFrequencyUnit: "month",
        aaRecurringFrequencyValue: 1,
      },
      "MISSING_AA_PARAMETER",
    ],
    // The earlier field is told first.
    [{ fromDate: day("2024-01-01"), mode: "pdf", mobileNumber: "1" }, "MISSING_DATE_FIELD"],
  ];
  const env = await bench.newEnvironment();
  for (const [input, code, about = null] of refused) {
    await assert.rejects(bench.session(env, input), { code, about, stage: "fields" }, JSON.stringify(input));
  }
  assert.equal(await bench.count("sessions", env), 0);
  assert.equal(await bench.count("audit", env), 0);
});

test("limits themselves are taken", async () => {
  await bench.session(bench.env, {
    sessionExpiry: 5,
    mobileNumber: "9000000000",
    bankName: "HDFC",
    mode: "pdf",
  });
  const id = await bench.session(bench.env, { sessionExpiry: 43_200, aaRecurringTenureMonthCount: 84 });
  const row = await bench.database.kysely
    .selectFrom("sessions")
    .select("request")
    .where("public_id", "=", id)
    .executeTakeFirstOrThrow();
  assert.equal(row.request["aa_recurring_tenure_month_count"], 60);
});

test("a session expires once, by its job, however late and often it runs", async () => {
  bench.setNow("2024-04-25T10:00:00.123456Z");
  const env = await bench.newEnvironment();
  const sessionId = await bench.session(env);
  const partly = statementOf({ days: monthly("2024-01", "2024-02"), period: ["2024-01-01", "2024-02-29"] });
  await bench.upload(env, sessionId, bench.fileOf(partly));
  await assert.rejects(expire(env, sessionId), /before its time/);
  assert.equal((await readUploadStatus(bench.intake, env, sessionId)).uploadStatus, "IN_PROGRESS");

  bench.setNow(EXPIRED);
  const before = bench.wakes();
  await Promise.all([expire(env, sessionId), expire(env, sessionId)]);
  assert.equal(bench.wakes(), before + 1);
  bench.setNow("2024-04-26T11:00:00Z");
  await expire(env, sessionId);
  assert.equal((await readUploadStatus(bench.intake, env, sessionId)).uploadStatus, "EXPIRED");
  await assert.rejects(bench.upload(env, sessionId, bench.fileOf(fullStatement())), {
    code: "SESSION_EXPIRED",
  });
  const events = await bench.events(env, sessionId);
  assert.deepEqual(
    events.map(({ event_name, message }) => [event_name, message]),
    [["SESSION_EXPIRY_NOTIFICATION", "Session expired"]],
  );
  assert.equal(events[0]?.accounts.length, 1);
});

test("whoever looks after the time has passed finds it expired, before the job ran", async () => {
  bench.setNow("2024-04-25T10:00:00Z");
  const env = await bench.newEnvironment();
  const sessionId = await bench.session(env);
  bench.setNow("2024-04-25T11:00:00Z");
  assert.equal((await readUploadStatus(bench.intake, env, sessionId)).uploadStatus, "EXPIRED");
  assert.equal((await bench.events(env, sessionId)).length, 1);
  await expire(env, sessionId);
  await assert.rejects(initiateProcessing(bench.intake, env, ACTOR, sessionId), {
    code: "UNPARSABLE_STATEMENTS",
  });
  assert.equal((await bench.events(env, sessionId)).length, 1);
});

test("an expired session can be processed: expiry is told, completion is not", async () => {
  bench.setNow("2024-04-25T10:00:00Z");
  const env = await bench.newEnvironment();
  const sessionId = await bench.session(env);
  const partly = statementOf({ days: monthly("2024-01", "2024-02") });
  await bench.upload(env, sessionId, bench.fileOf(partly));
  bench.setNow("2024-04-25T11:00:01Z");
  await initiateProcessing(bench.intake, env, ACTOR, sessionId);
  assert.equal((await readUploadStatus(bench.intake, env, sessionId)).uploadStatus, "COMPLETED");
  const process = intakeTasks(bench.intake)["process_session"];
  await process?.({ env: env.id, session: sessionId });
  assert.deepEqual(
    (await bench.events(env, sessionId)).map(({ event_name }) => event_name),
    ["SESSION_EXPIRY_NOTIFICATION", "ENRICHMENT_NOTIFICATION"],
  );
});

test("a session of another environment, or with a malformed id, is not there", async () => {
  bench.setNow("2024-04-25T10:00:00Z");
  const other = await bench.newEnvironment();
  const sessionId = await bench.session(bench.env);
  for (const [env, id] of [
    [other, sessionId],
    [bench.env, "abcd"],
  ] as const) {
    await assert.rejects(readUploadStatus(bench.intake, env, id), { code: "SESSION_NOT_FOUND" });
    await assert.rejects(initiateProcessing(bench.intake, env, ACTOR, id), { code: "SESSION_NOT_FOUND" });
    await assert.rejects(bench.upload(env, id, bench.fileOf(fullStatement())), { code: "SESSION_NOT_FOUND" });
  }
});
