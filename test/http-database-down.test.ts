/** A database that is gone for a moment is 503 with Retry-After in each path's shape, and then all is as before. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { Kysely, PostgresDialect } from "kysely";
import { Client, Pool } from "pg";
import type { Schema } from "../src/store/schema.ts";
import { fullStatement } from "./intake-setup.ts";
import { isEnvelope, isUploadError, openHttp, V1, type Answer, type Http } from "./http-setup.ts";

const DOWN = { code: "SERVICE_UNAVAILABLE", message: "Service unavailable" };

function saysWhen(answer: Answer): void {
  assert.equal(answer.headers.get("retry-after"), "1");
}

/** Makes the server end the backends that wait for a lock on `table` while `work` runs: 57P01 in mid-query. */
async function cutWhileWaiting(http: Http, table: string, work: () => Promise<Answer>): Promise<Answer> {
  // Connections of its own: the pool's may be those that are cut.
  const holder = new Client(http.database.connection);
  const killer = new Client(http.database.connection);
  await Promise.all([holder.connect(), killer.connect()]);
  await holder.query(`begin; lock table ${table} in access exclusive mode`);
  const waiting = `select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`;
  let answer = work();
  let answered = settled(answer);
  let cut = 0;
  while (cut === 0) {
    cut = (await killer.query(waiting)).rowCount ?? 0;
    // On a machine that is overloaded the server sheds the request before it comes to the lock.
    if (cut > 0 || !(await Promise.race([answered, pause(5, false)]))) continue;
    answer = work();
    answered = settled(answer);
  }
  await holder.query("rollback");
  await Promise.all([holder.end(), killer.end()]);
  return answer;
}

const settled = (answer: Promise<Answer>): Promise<boolean> => answer.then(() => true);

test("a connection that is cut in the middle of a request", async () => {
  const http = await openHttp();
  try {
    const id = await http.newSession();
    const create = () => http.call(`${V1}/session/`, { json: { link_id: "c" } });
    const created = await cutWhileWaiting(http, "sessions", create);
    isEnvelope(created, 503, DOWN.code, DOWN.message);
    saysWhen(created);

    const status = () => http.call(`${V1}/session_data/${id}/session_upload_status/`);
    isEnvelope(await cutWhileWaiting(http, "sessions", status), 503, DOWN.code, DOWN.message);

    const bytes = http.fileOf(fullStatement());
    const upload = await cutWhileWaiting(http, "transactions", () => http.upload(id, bytes));
    isUploadError(upload, 503, DOWN, id);
    saysWhen(upload);

    // Nothing was left half done: the same calls succeed.
    assert.equal((await create()).status, 200);
    assert.equal((await http.upload(id, bytes)).status, 200);
    assert.equal((await status()).status, 200);
  } finally {
    await http.close();
  }
});

test("a database that is not there at all", async () => {
  const pool = new Pool({ host: "/nonexistent/bankbell" });
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  const http = await openHttp({ db });
  try {
    const answer = await http.call(`${V1}/session/`, { json: { link_id: "c" } });
    isEnvelope(answer, 503, DOWN.code, DOWN.message);
    saysWhen(answer);
    const upload = await http.call(`${V1}/statement/upload_session/`, { form: { session_id: "x" } });
    isUploadError(upload, 503, DOWN);
  } finally {
    await http.close();
    await db.destroy();
  }
});
