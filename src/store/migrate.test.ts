import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
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
