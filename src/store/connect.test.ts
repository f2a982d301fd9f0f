import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createEmptyDatabase, type TestDatabase } from "../../test/harness/database.ts";
import { connectionOf, openDatabase, openPlainPool } from "./connect.ts";
import { silentLog, type Log } from "./log.ts";

let database: TestDatabase;
before(async () => {
  database = await createEmptyDatabase();
});
after(() => database.drop());

test("sessions are named, in UTC, and limited in time", async () => {
  const { rows } = await database.pool.query(
    `select current_setting('application_name') as name, current_setting('TimeZone') as zone,
            current_setting('DateStyle') as style, current_setting('statement_timeout') as statement,
            current_setting('idle_in_transaction_session_timeout') as idle`,
  );
  assert.deepEqual(rows, [{ name: "test", zone: "UTC", style: "ISO, MDY", statement: "30s", idle: "30s" }]);
});

test("a statement that takes too long is cancelled", async () => {
  const options = { connection: database.connection, name: "short", size: 1, log: silentLog };
  const short = await openDatabase({ ...options, statementTimeoutMs: 50 });
  try {
    await assert.rejects(short.pool.query("select pg_sleep(60)"), { code: "57014" });
  } finally {
    await short.close();
  }
});

test("the plain pool keeps pg's own types", async () => {
  const pool = openPlainPool({ connection: database.connection, name: "plain", size: 1, log: silentLog });
  try {
    const { rows } = await pool.query("select 1::int8 as n, current_setting('statement_timeout') as t");
    assert.deepEqual(rows, [{ n: "1", t: "0" }]);
  } finally {
    await pool.end();
  }
});

test("a connection that breaks is noted and replaced, in hands or idle", async () => {
  const notes: string[] = [];
  const log: Log = { ...silentLog, warn: (_, message) => void notes.push(message) };
  const broken = await openDatabase({ connection: database.connection, name: "broken", size: 1, log });
  const other = await database.pool.connect();
  try {
    const cut = async (pid: unknown): Promise<void> => {
      await other.query("select pg_terminate_backend($1, 5000)", [pid]);
    };
    const client = await broken.pool.connect();
    const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
    await cut(rows[0]?.pid);
    await assert.rejects(client.query("select 1"));
    client.release(true);
    const next = await broken.pool.query<{ pid: number }>("select pg_backend_pid() as pid");
    assert.notEqual(next.rows[0]?.pid, rows[0]?.pid);
    assert.ok(notes.includes("a database connection broke"));
  } finally {
    other.release();
    await broken.close();
  }
});

test("options of DATABASE_URL are kept beside ours", async () => {
  const connection = connectionOf(`${database.url}?options=-c%20work_mem%3D5MB`);
  const pool = openPlainPool({ connection, name: "options", size: 1, log: silentLog });
  try {
    const { rows } = await pool.query(
      "select current_setting('work_mem') as memory, current_setting('TimeZone') as zone, current_database() as name",
    );
    assert.deepEqual(rows, [{ memory: "5MB", zone: "UTC", name: database.name }]);
  } finally {
    await pool.end();
  }
  const socket = "postgresql://me@/db?host=/run/postgresql";
  assert.deepEqual(connectionOf(socket), { connectionString: socket });
});

test("a server that does not answer is an error, not a wait", async () => {
  const connection = { host: "/nowhere", user: "postgres", database: "postgres" };
  await assert.rejects(openDatabase({ connection, name: "x", size: 1, log: silentLog }), { code: "ENOENT" });
});

test("closes whether Kysely was used or not", async () => {
  const unused = await openDatabase({ connection: database.connection, name: "u", size: 1, log: silentLog });
  await unused.close();
  assert.equal(unused.pool.ended, true);
});
