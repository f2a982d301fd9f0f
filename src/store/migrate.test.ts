import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, afterEach, test } from "node:test";
import { createEmptyDatabase, type TestDatabase } from "../../test/harness/database.ts";
import { openPlainPool } from "./connect.ts";
import { silentLog } from "./log.ts";
import { migrate, readMigrations, SQL_DIR } from "./migrate.ts";

const folders: string[] = [];
let database: TestDatabase;
beforeEach(async () => {
  database = await createEmptyDatabase();
});
afterEach(() => database.drop());
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function folderWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "bankbell-sql-"));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const ONE = { "0001_one.sql": "create table one (id int primary key)" };
const TWO = { ...ONE, "0002_two.sql": "create table two (id int); insert into one values (1)" };

test("applies what is missing, in order, once", async () => {
  assert.deepEqual(await migrate(database.pool, folderWith(ONE)), { applied: ["0001_one.sql"] });
  assert.deepEqual(await migrate(database.pool, folderWith(TWO)), { applied: ["0002_two.sql"] });
  assert.deepEqual(await migrate(database.pool, folderWith(TWO)), { applied: [] });
  const { rows } = await database.pool.query("select number, name from schema_migrations order by number");
  assert.deepEqual(rows, [
    { number: 1, name: "0001_one.sql" },
    { number: 2, name: "0002_two.sql" },
  ]);
});

test("a migration that fails leaves nothing of itself and names its file", async () => {
  const broken = folderWith({ ...ONE, "0002_two.sql": "create table two (id int); select 1/0" });
  await assert.rejects(migrate(database.pool, broken), /migration 0002_two\.sql failed: division by zero/);
  const { rows } = await database.pool.query("select to_regclass('one') as one, to_regclass('two') as two");
  assert.deepEqual(rows, [{ one: "one", two: null }]);
  assert.deepEqual(await migrate(database.pool, folderWith(TWO)), { applied: ["0002_two.sql"] });
});

test("a failing insert inside a migration is not taken for another process's success", async () => {
  const broken = folderWith({ ...ONE, "0002_two.sql": "insert into one values (1), (1)" });
  await assert.rejects(migrate(database.pool, broken), /0002_two\.sql failed: duplicate key/);
});

test("refuses a file that changed after it was applied", async () => {
  await migrate(database.pool, folderWith(ONE));
  const changed = folderWith({ "0001_one.sql": "create table one (id bigint primary key)" });
  await assert.rejects(migrate(database.pool, changed), /0001_one\.sql was changed after it was applied/);
});

test("refuses a database that is newer than the program", async () => {
  await migrate(database.pool, folderWith(TWO));
  await assert.rejects(
    migrate(database.pool, folderWith(ONE)),
    /newer than the program: it has migration 0002_two\.sql/,
  );
});

test("refuses gaps and names of another form", () => {
  assert.throws(() => readMigrations(folderWith({ "0002_two.sql": "" })), /numbered without gaps/);
  assert.throws(() => readMigrations(folderWith({ "1_one.sql": "" })), /1_one\.sql/);
});

test("twenty concurrent installations of the real schema apply each migration once", async () => {
  const pools = Array.from({ length: 20 }, (_, index) =>
    openPlainPool({ connection: database.connection, name: `migrate ${index}`, size: 2, log: silentLog }),
  );
  try {
    const results = await Promise.all(pools.map((pool) => migrate(pool)));
    const names = readMigrations(SQL_DIR).map(({ name }) => name);
    assert.deepEqual(results.flatMap(({ applied }) => applied).sort(), names);
    const { rows } = await database.pool.query("select name from schema_migrations order by number");
    assert.deepEqual(
      rows.map(({ name }) => name),
      names,
    );
    const jobs = await database.pool.query("select count(*) as n from graphile_worker.jobs");
    assert.deepEqual(jobs.rows, [{ n: 0n }]);
  } finally {
    await Promise.all(pools.map((pool) => pool.end()));
  }
});

/** The real schema as it was after this migration. */
const schemaUpTo = (last: string): string =>
  folderWith(
    Object.fromEntries(
      readMigrations(SQL_DIR)
        .filter(({ name }) => name <= last)
        .map(({ name }) => [name, readFileSync(join(SQL_DIR, name), "utf8")]),
    ),
  );

test("a database in use gets entities, keys and settings as if they had always been there", async () => {
  const { pool } = database;
  await migrate(pool, schemaUpTo("0007_statement_fraud.sql"));
  await pool.query(`
    insert into organisations (public_id, name) values ('org_1', 'One');
    insert into environments (public_id, organisation_id, mode, data_key) values ('env_1', 1, 'live', '\\x00');
    insert into bankconnect_settings (env_id, session_minutes) values (1, 90);
    insert into api_keys (env_id, public_id, name, key_hash, server_hash_hash) values (1, 'key_1', 'k', '\\x01', '\\x02');
    insert into sessions (env_id, public_id, link_id, from_date, to_date, created_at, expires_at, completed_at)
      select 1, gen_random_uuid(), 'the same', '2024-01-01', '2024-03-31', now(), now(), now() from generate_series(1, 2);
    insert into files (env_id, session_id, blob_key, sha256, bytes, file_name, created_at)
      values (1, 1, 'kept', '\\x01', 1, 'a.pdf', now()), (1, 2, null, '\\x02', 1, 'b.pdf', now())`);
  const { applied } = await migrate(pool);
  assert.equal(applied[0], "0008_entities.sql");

  const sessions = await pool.query("select kind, link_id, state from sessions order by id");
  const session = { kind: "session", link_id: "the same", state: "completed" };
  assert.deepEqual(sessions.rows, [session, session]);
  const keys = await pool.query("select requires_server_hash, expires_at, revoked_at from api_keys");
  assert.deepEqual(keys.rows, [{ requires_server_hash: true, expires_at: null, revoked_at: null }]);
  const settings = await pool.query(
    "select session_minutes, accept_anything, array_to_string(allowed_modes, ',') as modes, max_pages from bankconnect_settings",
  );
  assert.deepEqual(settings.rows, [
    { session_minutes: 90, accept_anything: false, modes: "pdf,online,aa", max_pages: null },
  ]);

  const insert = (kind: string, completed: string) =>
    pool.query(`insert into sessions (env_id, public_id, kind, link_id, from_date, to_date, created_at, expires_at, completed_at)
      values (1, gen_random_uuid(), '${kind}', 'the same', '1900-01-01', '2199-12-31', now(), now(), ${completed})`);
  await insert("entity", "null");
  await assert.rejects(insert("entity", "null"), /entities_by_link/);
  await assert.rejects(insert("entity", "now()"), /check constraint/);
  await insert("session", "now()");
});
