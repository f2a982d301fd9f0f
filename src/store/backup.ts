/**
 * The whole database as one file and back, by COPY: it needs no pg_dump, and is the way across PostgreSQL's major
 * versions. Uploaded files and the master key are not in it.
 */
import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { ClientBase, Pool } from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import * as z from "zod";
import {
  columnList,
  partitionsOf,
  qualified,
  sequencesOf,
  tablesOf,
  type Partition,
  type Table,
} from "./backup-catalogue.ts";
import { BackupFileError, frame, MAGIC, readFrames, type Frame } from "./backup-file.ts";
import { migrate, readMigrations, SQL_DIR } from "./migrate.ts";

export interface BackupResult {
  tables: number;
  rows: number;
}

const header = z.object({
  migrations: z.array(z.object({ number: z.int(), name: z.string(), hash: z.string() })),
  partitions: z.array(
    z.object({
      schema: z.string(),
      name: z.string(),
      parent: z.string(),
      bound: z.string(),
      key: z.string().nullable(),
    }),
  ),
});
const tableFrame = z.object({ schema: z.string(), name: z.string(), columns: z.array(z.string()) });
const endFrame = z.object({ rows: z.int() });
const sequencesFrame = z.array(
  z.object({ schema: z.string(), name: z.string(), lastValue: z.string(), isCalled: z.boolean() }),
);

/**
 * Writes every table as of one moment (repeatable read) while the server goes on. The file appears under its
 * name when it is whole, readable by its owner only.
 */
export async function backup(pool: Pool, file: string): Promise<BackupResult> {
  const result = { tables: 0, rows: 0 };
  const unfinished = `${file}.${process.pid}.unfinished`;
  try {
    await withTransaction(pool, "isolation level repeatable read, read only", async (client) => {
      const sink = createWriteStream(unfinished, { mode: 0o600, flush: true });
      await pipeline(Readable.from(framesOf(client, result)), createGzip(), sink);
    });
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  return result;
}

/**
 * Fills an empty database, all or nothing. One without a schema gets that of the backup first; afterwards it is
 * brought to the newest. Throws BackupFileError for a damaged file, and Error for a database that has rows, or
 * another schema than the backup.
 */
export async function restore(pool: Pool, file: string, dir: string = SQL_DIR): Promise<BackupResult> {
  const frames = readFrames(file);
  try {
    const head = header.parse(jsonOf(await nextFrame(frames, "H")));
    await meetSchema(pool, head.migrations, dir);
    const result = await withTransaction(pool, "", (client) => load(client, head.partitions, frames));
    await migrate(pool, dir);
    await pool.query("analyze");
    return result;
  } finally {
    await frames.return();
  }
}

async function* framesOf(client: ClientBase, result: BackupResult): AsyncGenerator<Buffer> {
  yield Buffer.from(MAGIC);
  const { rows: migrations } = await client.query(
    "select number, name, hash from schema_migrations order by 1",
  );
  yield frame("H", { migrations, partitions: await partitionsOf(client) });
  for (const table of await tablesOf(client)) {
    yield frame("T", table);
    const rows = client.query(
      copyTo(`copy (select ${columnList(client, table)} from ${qualified(client, table)}) to stdout`),
    );
    for await (const chunk of rows) {
      if (Buffer.isBuffer(chunk)) yield frame("D", chunk);
    }
    yield frame("E", { rows: rows.rowCount });
    result.tables += 1;
    result.rows += rows.rowCount;
  }
  yield frame("S", await sequencesOf(client));
  yield frame("Z", result);
}

/** Makes the database's schema the backup's, or throws and says what to do. */
async function meetSchema(
  pool: Pool,
  wanted: { number: number; name: string; hash: string }[],
  dir: string,
): Promise<void> {
  const last = wanted.at(-1)?.number ?? 0;
  const own = readMigrations(dir);
  if (last > own.length) {
    throw new Error(
      `This backup is newer than the program: it needs migration ${wanted.at(-1)?.name ?? ""}. Use the newer program.`,
    );
  }
  const changed = wanted.find(({ number, hash }) => own[number - 1]?.hash !== hash);
  if (changed !== undefined) throw new Error(`The backup's ${changed.name} is not the program's`);
  await migrate(pool, dir, last);
  const { rows } = await pool.query<{ newest: number | null }>(
    "select max(number) as newest from schema_migrations",
  );
  if (rows[0]?.newest !== last) {
    throw new Error(
      `This backup has the schema of migration ${last}, the database is at ${rows[0]?.newest ?? 0}. ` +
        "Restore into a new, empty database; it is brought up to date afterwards.",
    );
  }
}

async function load(
  client: ClientBase,
  partitions: Partition[],
  frames: AsyncGenerator<Frame, void, void>,
): Promise<BackupResult> {
  const tables = await tablesOf(client);
  const names = tables.map((table) => qualified(client, table)).join(", ");
  // Nobody writes meanwhile; readers see an empty database until it is full.
  await client.query(`lock table ${names} in exclusive mode`);
  await refuseRows(client, tables);
  await addPartitions(client, partitions);
  for (const table of tables)
    await client.query(`alter table ${qualified(client, table)} disable trigger user`);

  const result = { tables: 0, rows: 0 };
  for (;;) {
    const next = await nextFrame(frames);
    if (next.kind === "S") {
      await setSequences(client, sequencesFrame.parse(jsonOf(next)));
      break;
    }
    if (next.kind !== "T") throw new BackupFileError(`a table was expected, not ${next.kind}`);
    result.rows += await loadTable(client, tableFrame.parse(jsonOf(next)), frames);
    result.tables += 1;
  }
  await nextFrame(frames, "Z");
  // Whoever held these jobs is not here; left locked they would wait for four hours.
  await client.query("update graphile_worker._private_jobs set locked_at = null, locked_by = null");
  await client.query("update graphile_worker._private_job_queues set locked_at = null, locked_by = null");
  for (const table of tables)
    await client.query(`alter table ${qualified(client, table)} enable trigger user`);
  return result;
}

async function loadTable(
  client: ClientBase,
  table: Table,
  frames: AsyncGenerator<Frame, void, void>,
): Promise<number> {
  let expected = 0;
  async function* rowsOf(): AsyncGenerator<Buffer> {
    for (;;) {
      const next = await nextFrame(frames);
      if (next.kind === "D") {
        yield next.bytes;
        continue;
      }
      if (next.kind !== "E") throw new BackupFileError(`rows were expected, not ${next.kind}`);
      expected = endFrame.parse(jsonOf(next)).rows;
      return;
    }
  }
  const name = qualified(client, table);
  const sink = client.query(copyFrom(`copy ${name} (${columnList(client, table)}) from stdin`));
  await pipeline(rowsOf(), sink);
  if (sink.rowCount !== expected) {
    throw new BackupFileError(`${name}: ${expected} rows were saved, ${sink.rowCount} came back`);
  }
  return expected;
}

async function refuseRows(client: ClientBase, tables: Table[]): Promise<void> {
  for (const table of tables) {
    const { rowCount } = await client.query(`select from ${qualified(client, table)} limit 1`);
    if (rowCount !== 0)
      throw new Error(`The database is not empty: ${table.name} has rows. Nothing was changed.`);
  }
}

/** Those that migrations do not make: days and whatever else was made while the program ran. */
async function addPartitions(client: ClientBase, wanted: Partition[]): Promise<void> {
  const there = new Set((await partitionsOf(client)).map(({ name }) => name));
  for (const partition of wanted) {
    if (there.has(partition.name)) continue;
    const parent = qualified(client, { schema: partition.schema, name: partition.parent });
    const key = partition.key === null ? "" : ` partition by ${partition.key}`;
    await client.query(
      `create table ${qualified(client, partition)} partition of ${parent} ${partition.bound}${key}`,
    );
  }
}

async function setSequences(client: ClientBase, sequences: z.infer<typeof sequencesFrame>): Promise<void> {
  for (const sequence of sequences) {
    await client.query("select setval($1::regclass, $2::int8, $3)", [
      qualified(client, sequence),
      sequence.lastValue,
      sequence.isCalled,
    ]);
  }
}

async function nextFrame(frames: AsyncGenerator<Frame, void, void>, kind?: string): Promise<Frame> {
  const { value, done } = await frames.next();
  if (done === true) throw new BackupFileError("the backup ends too early");
  if (kind !== undefined && value.kind !== kind) {
    throw new BackupFileError(`the backup has ${value.kind} where ${kind} belongs`);
  }
  return value;
}

function jsonOf({ bytes }: Frame): unknown {
  return JSON.parse(bytes.toString("utf8"));
}

/** One connection, one transaction, no time limits: a big table takes longer than any request may. */
async function withTransaction<T>(
  pool: Pool,
  mode: string,
  work: (client: ClientBase) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken = true;
  try {
    await client.query(`begin ${mode}`);
    await client.query("set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0");
    const result = await work(client);
    await client.query("commit");
    broken = false;
    return result;
  } finally {
    // After an error the connection may be in the middle of a COPY: it is ended, which rolls back.
    client.release(broken);
  }
}
