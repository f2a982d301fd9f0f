import { createHash } from "node:crypto";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Client, DatabaseError, type PoolConfig } from "pg";
import { connectionOf, openDatabase, openPlainPool, type Database } from "../../src/store/connect.ts";
import { startEmbedded } from "../../src/store/embedded.ts";
import { silentLog } from "../../src/store/log.ts";
import { migrate, readMigrations, SQL_DIR } from "../../src/store/migrate.ts";

/**
 * A database of a test file's own, cloned from a template that has the migrations.
 * One embedded PostgreSQL (fsync off) serves every test file and every later run; TEST_DATABASE_URL uses
 * another server, whose user must be allowed to create databases.
 */
export interface TestDatabase extends Database {
  name: string;
  connection: PoolConfig;
  /** For a child process's DATABASE_URL. */
  url: string;
  /** Closes `pool` and drops the database. Throws when anybody else still has a connection to it. */
  drop(): Promise<void>;
}

const CACHE = join(import.meta.dirname, "..", "..", ".cache", "test-postgres");
/** No durability, and room for many test files at once. */
const SETTINGS = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  max_connections: "300",
  autovacuum: "off",
};
/** A connection that was ended leaves pg_stat_activity a little later; one that was not never does. */
const LEAK_DEADLINE_MS = 15_000;
const DUPLICATE_DATABASE = "42P04";
const OBJECT_IN_USE = "55006";

/** The server that tests use. Started on demand; it stays, for the next run. */
export async function testServer(): Promise<PoolConfig> {
  const url = process.env["TEST_DATABASE_URL"];
  if (url !== undefined && url !== "") return connectionOf(url);
  const { connection } = await startEmbedded({ dataDir: CACHE, log: silentLog, settings: SETTINGS });
  return connection;
}

/** A database with the newest schema: about 30 ms once the template is there. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = await testServer();
  const name = await withClient(server, async (client) => {
    const template = await ensureTemplate(server, client);
    return cloneOf(client, template);
  });
  return openTestDatabase(server, name);
}

/** A database with nothing in it, for tests of migrating and restoring. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  const server = await testServer();
  const name = await withClient(server, (client) => cloneOf(client, "template0"));
  return openTestDatabase(server, name);
}

async function openTestDatabase(server: PoolConfig, name: string): Promise<TestDatabase> {
  const connection = inDatabase(server, name);
  const database = await openDatabase({ connection, name: "test", size: 5, log: silentLog });
  return {
    ...database,
    name,
    connection,
    url: urlOf(server, name),
    drop: async () => {
      await database.close();
      await withClient(server, async (client) => {
        const leaked = await leakedConnections(client, name);
        await client.query(`drop database ${client.escapeIdentifier(name)} with (force)`);
        if (leaked.length > 0) throw new Error(`connections leaked: ${leaked.join("; ")}`);
      });
    },
  };
}

/**
 * The template's name holds the hash of what made it, so a changed migration makes a new one. It is built under
 * another name and renamed, so that it is there wholly or not at all; whoever comes second drops theirs.
 */
async function ensureTemplate(server: PoolConfig, client: Client): Promise<string> {
  const template = `bankbell_template_${schemaHash()}`;
  if (await exists(client, template)) return template;
  await dropLeftovers(client);
  const draft = `${template}_${process.pid}_${Math.random().toString(36).slice(2, 8)}`;
  await client.query(`create database ${draft} template template0`);
  const connection = inDatabase(server, draft);
  const pool = openPlainPool({ connection, name: "test template", size: 2, log: silentLog });
  try {
    await migrate(pool);
  } finally {
    await pool.end();
  }
  await waitUntilUnused(client, draft);
  try {
    await client.query(`alter database ${draft} rename to ${template}`);
  } catch (error) {
    await client.query(`drop database ${draft} with (force)`);
    if (!(error instanceof DatabaseError && error.code === DUPLICATE_DATABASE)) throw error;
  }
  return template;
}

/** Earlier templates, and databases of test runs that were killed. What is in use stays. */
async function dropLeftovers(client: Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    "select datname as name from pg_database where datname ~ '^(test|bankbell_template)_'",
  );
  for (const { name } of rows) {
    const pid = Number(/^test_(\d+)_/.exec(name)?.[1] ?? 0);
    if (pid !== 0 && isRunning(pid)) continue;
    try {
      await client.query(`drop database if exists ${client.escapeIdentifier(name)}`);
    } catch (error) {
      if (!(error instanceof DatabaseError && error.code === OBJECT_IN_USE)) throw error;
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // ESRCH; EPERM cannot be: our runs are ours.
    return false;
  }
}

async function cloneOf(client: Client, template: string): Promise<string> {
  const name = `test_${process.pid}_${Math.random().toString(36).slice(2, 10)}`;
  // 15 ms for our 10 MB; the default strategy, wal_log, takes 34 to 68 ms.
  await client.query(`create database ${name} template ${template} strategy file_copy`);
  return name;
}

async function leakedConnections(client: Client, name: string): Promise<string[]> {
  const deadline = performance.now() + LEAK_DEADLINE_MS;
  for (;;) {
    const { rows } = await client.query<{ application_name: string; query: string }>(
      "select application_name, query from pg_stat_activity where datname = $1 and backend_type = 'client backend'",
      [name],
    );
    if (rows.length === 0 || performance.now() > deadline) {
      return rows.map(({ application_name, query }) => `${application_name}: ${query.slice(0, 80)}`);
    }
    await pause(5);
  }
}

async function waitUntilUnused(client: Client, name: string): Promise<void> {
  const leaked = await leakedConnections(client, name);
  if (leaked.length > 0) throw new Error(`migrate leaves connections: ${leaked.join("; ")}`);
}

async function exists(client: Client, name: string): Promise<boolean> {
  const { rowCount } = await client.query("select from pg_database where datname = $1", [name]);
  return rowCount === 1;
}

function schemaHash(): string {
  const hash = createHash("sha256");
  for (const { name, hash: content } of readMigrations(SQL_DIR)) hash.update(`${name} ${content}\n`);
  return hash.digest("hex").slice(0, 12);
}

async function withClient<T>(server: PoolConfig, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(server);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function inDatabase(server: PoolConfig, database: string): PoolConfig {
  if (server.connectionString === undefined) return { ...server, database };
  const url = new URL(server.connectionString);
  url.pathname = `/${database}`;
  return { ...server, connectionString: url.href };
}

function urlOf(server: PoolConfig, database: string): string {
  const connection = inDatabase(server, database);
  if (connection.connectionString !== undefined) return connection.connectionString;
  // The folder of a socket as the host: the one form that both `new URL` and pg read.
  return `postgresql://${connection.user}@${encodeURIComponent(connection.host ?? "")}/${database}`;
}
