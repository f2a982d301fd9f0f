import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Logger, runMigrations } from "graphile-worker";
import { DatabaseError, type Pool, type PoolClient } from "pg";

/** One file of sql/: `0001_ground.sql` is number 1. */
export interface Migration {
  number: number;
  name: string;
  sql: string;
  /** SHA-256 of the file, in hex. A file that was applied never changes. */
  hash: string;
}

interface Applied {
  number: number;
  name: string;
  hash: string;
}

export const SQL_DIR = join(import.meta.dirname, "..", "..", "sql");

/** SQLSTATEs by which the loser of two concurrent first creations learns that it lost. */
const LOST_CREATION = new Set([
  "23505", // unique_violation in the catalogue: both passed "if not exists"
  "42P07", // duplicate_table
  "42710", // duplicate_object: the table's row type
]);
const UNIQUE_VIOLATION = "23505";

/**
 * Brings the database to the newest schema, forward only; any number of processes may do so at once.
 * The migration's row is inserted first in its transaction: its key is the lock, a second process waits
 * there and then finds it done. Answers the names that *this* call applied.
 * `last` is the number to stop after, for restoring an older backup.
 * Throws when an applied file has changed, and when the database is newer than the program.
 */
export async function migrate(
  pool: Pool,
  dir: string = SQL_DIR,
  last: number = Infinity,
): Promise<{ applied: string[] }> {
  const migrations = readMigrations(dir);
  const client = await pool.connect();
  const applied: string[] = [];
  try {
    // Building an index may take longer than any request.
    await client.query("set statement_timeout = 0");
    await createTable(client);
    const done = await readApplied(client);
    refuseUnknown(done, migrations);
    for (const migration of migrations.filter(({ number }) => number <= last)) {
      const before = done.get(migration.number) ?? (await apply(client, migration));
      if (before === undefined) applied.push(migration.name);
      else refuseChanged(before, migration);
    }
  } finally {
    // Ended, not returned: its timeout is off.
    client.release(true);
  }
  await migrateWorker(pool);
  return { applied };
}

/** The migrations of a folder in order. Throws on a gap, a repeated number, or a file that is named otherwise. */
export function readMigrations(dir: string): Migration[] {
  const names = readdirSync(dir)
    .filter((name) => name.endsWith(".sql") && name !== "schema.sql")
    .sort();
  return names.map((name, index) => {
    const number = Number(/^(\d{4})_[a-z0-9_]+\.sql$/.exec(name)?.[1]);
    if (number !== index + 1) {
      throw new Error(`${name}: migrations are named NNNN_name.sql and numbered without gaps from 0001`);
    }
    const sql = readFileSync(join(dir, name), "utf8");
    return { number, name, sql, hash: createHash("sha256").update(sql).digest("hex") };
  });
}

/**
 * Runs one migration in one transaction, the row first. Answers undefined when this call applied it, the
 * other's row when another process was quicker.
 */
async function apply(client: PoolClient, migration: Migration): Promise<Applied | undefined> {
  await client.query("begin");
  let locked = false;
  try {
    await client.query("insert into schema_migrations (number, name, hash) values ($1, $2, $3)", [
      migration.number,
      migration.name,
      migration.hash,
    ]);
    locked = true;
    await client.query(migration.sql);
    await client.query("commit");
    return undefined;
  } catch (error) {
    await client.query("rollback");
    if (locked || !isSqlState(error, UNIQUE_VIOLATION)) {
      throw new Error(`migration ${migration.name} failed: ${messageOf(error)}`, { cause: error });
    }
  }
  const row = (await readApplied(client)).get(migration.number);
  if (row === undefined) throw new Error(`migration ${migration.name}: its row is gone`);
  return row;
}

async function createTable(client: PoolClient): Promise<void> {
  try {
    await client.query(`
      create table if not exists schema_migrations (
        number int primary key,
        name text not null,
        hash text not null,
        applied_at timestamptz not null default now()
      )`);
  } catch (error) {
    // "if not exists" does not cover two creations at once; the loser's table is there all the same.
    if (!(error instanceof DatabaseError && LOST_CREATION.has(error.code ?? ""))) throw error;
  }
}

async function readApplied(client: PoolClient): Promise<Map<number, Applied>> {
  const { rows } = await client.query<Applied>("select number, name, hash from schema_migrations");
  return new Map(rows.map((row) => [row.number, row]));
}

function refuseUnknown(done: Map<number, Applied>, migrations: Migration[]): void {
  const newest = migrations.at(-1)?.number ?? 0;
  const unknown = [...done.values()].find(({ number }) => number > newest);
  if (unknown === undefined) return;
  throw new Error(
    `This database is newer than the program: it has migration ${unknown.name}, ` +
      `the program knows ${newest}. Start the newer program, or restore a backup of this one.`,
  );
}

function refuseChanged(before: Applied, migration: Migration): void {
  if (before.hash === migration.hash) return;
  throw new Error(
    `Migration ${migration.name} was changed after it was applied (as ${before.name}). ` +
      "Applied files never change: restore it and write a new migration.",
  );
}

/** graphile-worker's own tables; its migration rows lock in the same way. */
async function migrateWorker(pool: Pool): Promise<void> {
  await runMigrations({ pgPool: pool, logger: new Logger(() => () => undefined) });
}

function isSqlState(error: unknown, code: string): boolean {
  return error instanceof DatabaseError && error.code === code;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
