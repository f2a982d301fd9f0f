import { Kysely, PostgresDialect } from "kysely";
import { Client, Pool, type PoolConfig } from "pg";
import type { Schema } from "./schema.ts";
import type { Log } from "./log.ts";
import { databaseTypes, toParameter } from "./types.ts";

export interface Database {
  pool: Pool;
  kysely: Kysely<Schema>;
  /** Waits for what is running, then ends every connection. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** From the embedded server or `connectionOf(DATABASE_URL)`. */
  connection: PoolConfig;
  /** Shown in pg_stat_activity, such as "bankbell http". */
  name: string;
  /** Connections at most. */
  size: number;
  log: Log;
  /** A statement that runs longer is cancelled (57014). Requests and jobs have none that may: default 30 s; 0 is never. */
  statementTimeoutMs?: number;
}

/** Waiting for a connection longer than this is an error: the pool is exhausted or the server is gone. */
const CONNECT_TIMEOUT_MS = 10_000;
const STATEMENT_TIMEOUT_MS = 30_000;
/** A transaction that was opened and forgotten would hold back vacuum and the feed's horizon. */
const IDLE_IN_TRANSACTION_MS = 30_000;
const OLDEST_SERVER = 150_000;

/** Opens our pool, with our value types. Throws when the server does not answer or is older than PostgreSQL 15. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const pool = openPool({ ...options.connection, types: databaseTypes, Client: TemporalClient }, options);
  try {
    await checkServer(pool);
  } catch (error) {
    await pool.end();
    throw error;
  }
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  return {
    pool,
    kysely,
    close: async () => {
      // Kysely ends its pool, but not one that it has never used.
      await kysely.destroy();
      if (!pool.ended) await pool.end();
    },
  };
}

/**
 * A pool with pg's own value types, for graphile-worker, which reads its dates and ids with them and
 * runs long jobs' bookkeeping: no statement timeout.
 */
export function openPlainPool(options: DatabaseOptions): Pool {
  return openPool(options.connection, { statementTimeoutMs: 0, ...options });
}

/**
 * DATABASE_URL as `pg` wants it. Its `options` parameter is taken out, because pg would let it replace the
 * options that our pools add.
 */
export function connectionOf(url: string): PoolConfig {
  // `postgresql://user@/db?host=/run/postgresql` is right for PostgreSQL and no URL for the standard.
  if (!URL.canParse(url)) return { connectionString: url };
  const parsed = new URL(url);
  const options = parsed.searchParams.get("options");
  if (options === null) return { connectionString: url };
  parsed.searchParams.delete("options");
  return { connectionString: parsed.href, options };
}

function openPool(connection: PoolConfig, options: DatabaseOptions): Pool {
  const { name, size, log, statementTimeoutMs = STATEMENT_TIMEOUT_MS } = options;
  const pool = new Pool({
    ...connection,
    max: size,
    application_name: name,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    ...(statementTimeoutMs > 0 && { statement_timeout: statementTimeoutMs }),
    keepAlive: true,
    // The text that the parsers read depends on both.
    options: [connection.options, "-c datestyle=ISO -c timezone=UTC"].filter(Boolean).join(" "),
  });
  // A connection that breaks is replaced by the pool, and a query on it rejects; without listeners on both,
  // idle ones and those that are in hands, the event would end the process.
  const note = (error: Error): void => {
    // `end` does not wait for the server's goodbye: one that stops meanwhile cuts what is leaving anyway.
    if (!pool.ending) log.warn({ err: error, pool: name }, "a database connection broke");
  };
  pool.on("error", note);
  pool.on("connect", (client) => client.on("error", note));
  return pool;
}

async function checkServer(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ server_version_num: string }>("show server_version_num");
  const version = Number(rows[0]?.server_version_num);
  if (version < OLDEST_SERVER) {
    throw new Error(`PostgreSQL 15 or newer is needed; this server is ${Math.floor(version / 10_000)}`);
  }
}

/**
 * pg turns an object that it does not know into JSON, and has no hook for parameters except a
 * `toPostgres` method on the value, which would mean to change Temporal's prototypes for everybody.
 */
class TemporalClient extends Client {
  // The overloads of `query` differ in everything but this: values are the second argument, or `values` of the first.
  override query(...args: unknown[]): never {
    const [config, values] = args;
    if (Array.isArray(values)) {
      args[0] = named(config);
      args[1] = values.map(toParameter);
    } else if (hasValues(config)) {
      args[0] = { ...config, values: config.values.map(toParameter) };
    }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion, typescript/unbound-method -- `this` is given; the caller sees the base class's overloads
    return Reflect.apply(super.query, this, args) as never;
  }
}

/**
 * A statement that begins with `-- prepared: <name>` is planned once per connection: Kysely has no other way to say
 * so. Recording an event takes the server 200 µs instead of 640, which were mostly planning.
 */
function named(config: unknown): unknown {
  if (typeof config !== "string") return config;
  const name = /^\s*-- prepared: (\w+)\n/.exec(config)?.[1];
  return name === undefined ? config : { name, text: config };
}

/** A plain query config; a Submittable (cursor, COPY stream) is passed on untouched. */
function hasValues(config: unknown): config is { values: unknown[] } {
  return (
    typeof config === "object" &&
    config !== null &&
    "values" in config &&
    Array.isArray(config.values) &&
    !("submit" in config)
  );
}
