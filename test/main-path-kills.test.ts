/** kill -9 at the worst moments: after the restart nothing is lost, and what is repeated is the same delivery. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Client } from "pg";
import { startChildServer, type ChildServer } from "../src/child-server.ts";
import {
  COMPLETION,
  connectTo,
  ENRICHMENT,
  killHard,
  postmasterOf,
  rangeOf,
  startLedger,
  until,
  type Delivery,
  type Receiver,
} from "./main-path-setup.ts";
import { statement } from "./statements/catalogue.ts";

type Answer = (delivery: Omit<Delivery, "status">) => number | Promise<number>;
const fine: Answer = () => 200;

let server: ChildServer;
let receiver: Receiver;
let answer: Answer = fine;
let log = "";
const options = { env: { BANKBELL_LOG_LEVEL: "warn" }, onLog: (text: string) => (log += text) };

before(async () => {
  server = await startChildServer(options);
  receiver = await startLedger({
    secret: server.keys.webhookSecret,
    answer: (delivery) => answer(delivery),
  });
  await server.client.updateWebhook(receiver.url);
});
after(async () => {
  await receiver.close();
  await server.stop();
});

async function restart(): Promise<void> {
  server = await startChildServer({ ...options, again: server });
}

async function withDatabase<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = await connectTo(server);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** As if a minute went by: a dead process's leases end, and retries are due. */
const passMinute = () =>
  withDatabase((client) =>
    client.query(
      "update queue set lease_until = lease_until - interval '1 min', due_at = due_at - interval '1 min'",
    ),
  );

async function uploaded(): Promise<string> {
  const range = rangeOf("2024-01-01", "2024-01-31");
  const { session_id } = await server.client.createSession({ link_id: "c-1", ...range });
  const { bytes } = await statement("kotak-january");
  await server.client.upload({ session_id, file: bytes });
  return session_id;
}

/** Every session ends the same way, whatever happened on it. */
async function assertWhole(sessionId: string): Promise<void> {
  await receiver.accepted(sessionId, COMPLETION);
  await receiver.accepted(sessionId, ENRICHMENT);
  const { session_progress, progress } = await server.client.progress(sessionId);
  assert.equal(session_progress, "completed");
  assert.deepEqual(
    progress.map(({ processing_status }) => processing_status),
    ["completed"],
  );
  assert.equal((await server.client.transactions(sessionId)).length, await january());
  for (const event of [COMPLETION, ENRICHMENT]) {
    const attempts = receiver.of(sessionId, event);
    assert.equal(new Set(attempts.map(({ id }) => id)).size, 1, `one ${event}`);
    assert.equal(new Set(attempts.map(({ raw }) => raw)).size, 1, "identical bytes on each attempt");
  }
  const order = receiver.of(sessionId).map(({ body }) => body.event_name);
  assert.ok(order.lastIndexOf(COMPLETION) < order.indexOf(ENRICHMENT), order.join());
}

const january = async (): Promise<number> =>
  (await statement("kotak-january")).truth.statements[0]?.transactions.length ?? Number.NaN;

test("between upload and initiate, with a receiver that is down", async () => {
  answer = () => 503;
  const sessionId = await uploaded();
  await until("the first attempt", () => receiver.of(sessionId).length > 0);
  await killHard(server);
  await restart();
  answer = fine;
  await server.client.initiateProcessing(sessionId);
  await passMinute();
  await assertWhole(sessionId);
  assert.ok(receiver.of(sessionId, COMPLETION).length > 1, "it was repeated");
});

test("right after initiate_processing answered 202", async () => {
  const sessionId = await uploaded();
  await server.client.initiateProcessing(sessionId);
  await killHard(server);
  await restart();
  await passMinute();
  await assertWhole(sessionId);
});

/** Processing begins, and waits for a lock that the answered connection holds. */
async function holdInProcessing(sessionId: string): Promise<Client> {
  const blocker = await connectTo(server);
  await blocker.query("begin");
  await blocker.query("lock table accounts in share mode");
  await server.client.initiateProcessing(sessionId);
  await until("the job's wait", async () => {
    const { rowCount } = await blocker.query(`select from pg_locks where not granted
      and database = (select oid from pg_database where datname = current_database())`);
    return rowCount === 1;
  });
  return blocker;
}

test("in the middle of processing: the dead process's job runs again", async () => {
  const sessionId = await uploaded();
  const blocker = await holdInProcessing(sessionId);
  await killHard(server);
  await blocker.query("rollback");
  await blocker.end();
  await restart();
  await passMinute();
  await assertWhole(sessionId);
  assert.match(log, /jobs of a process that died run again/);
});

test("while a delivery is in flight, to a receiver that is slow", async () => {
  const slow = Promise.withResolvers<number>();
  let waiting = 0;
  answer = ({ body }) => {
    if (body.event_name === COMPLETION) return 200;
    waiting += 1;
    return slow.promise;
  };
  const sessionId = await uploaded();
  await server.client.initiateProcessing(sessionId);
  await until("the attempt", () => waiting > 0);
  await killHard(server);
  answer = fine;
  await restart();
  await passMinute();
  await assertWhole(sessionId);
  slow.resolve(503);
  await until("the end of the slow attempt", () => receiver.of(sessionId, ENRICHMENT).length > 1);
  await assertWhole(sessionId);
});

async function killPostgres(): Promise<void> {
  const pid = postmasterOf(server.dataDir);
  assert.ok(pid);
  process.kill(pid, "SIGKILL");
  await until("another postmaster", () => {
    const now = postmasterOf(server.dataDir);
    return now !== null && now !== pid;
  });
}

test("PostgreSQL in the middle of processing: the job runs again, the server goes on", async () => {
  const sessionId = await uploaded();
  await holdInProcessing(sessionId);
  await killPostgres();
  await until("the enrichment's record", () =>
    server.client.status(sessionId).catch((error: unknown) => {
      assert.equal(server.process.exitCode, null, String(error));
      return null;
    }),
  );
  await passMinute();
  await assertWhole(sessionId);
});

test("PostgreSQL alone: the server starts it again and goes on", async () => {
  const sessionId = await uploaded();
  await killPostgres();
  await until("an answer", () => server.client.uploadStatus(sessionId).catch(() => null));
  await server.client.initiateProcessing(sessionId);
  await passMinute();
  await assertWhole(sessionId);
  // What was recorded before is there, and what comes next works as well.
  const next = await uploaded();
  await server.client.initiateProcessing(next);
  await assertWhole(next);
});

test("the server and PostgreSQL at once", async () => {
  const sessionId = await uploaded();
  await server.client.initiateProcessing(sessionId);
  const pid = postmasterOf(server.dataDir);
  assert.ok(pid);
  const killed = killHard(server);
  process.kill(pid, "SIGKILL");
  await killed;
  await restart();
  await passMinute();
  await assertWhole(sessionId);
});
