/** A session's time runs out: told once, whether the server was there or not, and completion never follows. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { startChildServer, type ChildServer } from "../src/child-server.ts";
import { createTestDatabase, type TestDatabase } from "./harness/database.ts";
import { ENRICHMENT, EXPIRY, killHard, rangeOf, startLedger, type Receiver } from "./main-path-setup.ts";
import { statement } from "./statements/catalogue.ts";

let database: TestDatabase;
let server: ChildServer;
let receiver: Receiver;
let env: Record<string, string>;

before(async () => {
  database = await createTestDatabase();
  env = { DATABASE_URL: database.url, BANKBELL_MASTER_KEY: randomBytes(32).toString("base64") };
  server = await startChildServer({ env });
  receiver = await startLedger({ secret: server.keys.webhookSecret });
  await server.client.updateWebhook(receiver.url);
});
after(async () => {
  await receiver.close();
  await server.stop();
  await database.drop();
});

/** A session with a month of three: alive, and not complete. */
async function openSession(): Promise<string> {
  const { session_id } = await server.client.createSession({
    link_id: "c-1",
    session_expiry: 5,
    ...rangeOf("2024-01-01", "2024-03-31"),
  });
  const { bytes } = await statement("kotak-january");
  await server.client.upload({ session_id, file: bytes });
  return session_id;
}

/** As if six minutes had gone by: the shortest life is five. */
async function passTime(sessionId: string, { job }: { job: boolean }): Promise<void> {
  const { rowCount } = await database.pool.query(
    `update sessions set created_at = created_at - interval '6 min', expires_at = expires_at - interval '6 min'
     where public_id = $1 and state = 'open'`,
    [sessionId],
  );
  assert.equal(rowCount, 1);
  if (!job) return;
  const jobs = await database.pool.query(
    "update graphile_worker._private_jobs set run_at = run_at - interval '6 min' where key = $1",
    [`expire:${sessionId}`],
  );
  assert.equal(jobs.rowCount, 1);
}

/** Its events come in order, so what follows an expiry, and what does not, is seen by the enrichment's arrival. */
async function assertEndsExpired(sessionId: string): Promise<void> {
  const { client } = server;
  const { body } = await receiver.accepted(sessionId, EXPIRY);
  assert.equal(body["message"], "Session expired");
  assert.deepEqual(
    body.accounts.map(({ bank_name, account_status }) => [bank_name, account_status]),
    [["kotak", "PARTIAL"]],
  );
  assert.equal((await client.uploadStatus(sessionId))["upload_status"], "EXPIRED");
  const { bytes } = await statement("kotak-february");
  await assert.rejects(client.upload({ session_id: sessionId, file: bytes }), {
    status: 400,
    code: "SESSION_EXPIRED",
  });
  await client.initiateProcessing(sessionId);
  await receiver.accepted(sessionId, ENRICHMENT);
  assert.equal((await client.uploadStatus(sessionId))["upload_status"], "COMPLETED");
  assert.deepEqual(
    receiver.of(sessionId).map((delivery) => delivery.body.event_name),
    [EXPIRY, ENRICHMENT],
  );
}

test("the time passes while the server is down: it is told after the restart, once", async () => {
  const sessionId = await openSession();
  await killHard(server);
  await passTime(sessionId, { job: true });
  assert.deepEqual(receiver.of(sessionId), []);
  server = await startChildServer({ env, again: server });
  await assertEndsExpired(sessionId);
});

test("a question that comes before the job sees the expiry, which is told then", async () => {
  const sessionId = await openSession();
  await passTime(sessionId, { job: false });
  assert.equal((await server.client.uploadStatus(sessionId))["upload_status"], "EXPIRED");
  await assertEndsExpired(sessionId);
});

test("initiate_processing after the time but before the job: expired, then enriched", async () => {
  const sessionId = await openSession();
  await passTime(sessionId, { job: false });
  await server.client.initiateProcessing(sessionId);
  await receiver.accepted(sessionId, ENRICHMENT);
  assert.deepEqual(
    receiver.of(sessionId).map((delivery) => delivery.body.event_name),
    [EXPIRY, ENRICHMENT],
  );
});
