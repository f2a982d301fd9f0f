/** What `deliveries.ts` measures in: an embedded PostgreSQL with default durability, endpoints, recorders, counters. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Client, type PoolConfig } from "pg";
import { recordEvent, type RecordedEvent } from "../src/events/outbox.ts";
import { sealKey } from "../src/platform/crypto.ts";
import { newId } from "../src/platform/ids.ts";
import { createOutgoing, type Outgoing } from "../src/platform/outgoing.ts";
import { createLog, createMetrics } from "../src/platform/telemetry.ts";
import { openDatabase, type Database } from "../src/store/connect.ts";
import { startEmbedded, type EmbeddedPostgres } from "../src/store/embedded.ts";
import { addSecret, setContractEndpoint } from "../src/store/endpoints.ts";
import { createEnvironment, loadEnvironment } from "../src/store/environments.ts";
import { silentLog } from "../src/store/log.ts";
import { migrate } from "../src/store/migrate.ts";
import { createDispatcher, type Dispatcher } from "../src/webhooks/dispatcher.ts";

export const MASTER = sealKey(Buffer.alloc(32, 7));
/** About the size of an enrichment notification of one account. */
export const BODY = { session_id: "", note: "x".repeat(400) };
export const newSecret = () => `whsec_${randomBytes(24).toString("base64")}`;
export const RECORDERS = 16;

export interface BenchWorld {
  database: Database;
  connection: PoolConfig;
  postgres: EmbeddedPostgres;
  envIds: number[];
  dispatcher(): Promise<Dispatcher>;
  /** One commit. Every resource is another one. */
  record(): Promise<RecordedEvent>;
  /** One commit each, `RECORDERS` at a time. Events per second. */
  recordMany(events: number, recorded?: (event: RecordedEvent) => void): Promise<number>;
  /** Resolves when nothing is queued for the endpoints of `envIds`. */
  untilEmpty(): Promise<void>;
  drop(): Promise<void>;
}

export async function createBenchWorld(
  endpoints: number,
  url: string,
  settings: Record<string, string> = {},
): Promise<BenchWorld> {
  const dataDir = await mkdtemp(join(tmpdir(), "bankbell-bench-"));
  const postgres = await startEmbedded({ dataDir, log: silentLog, settings });
  const { connection } = postgres;
  const database = await openDatabase({ connection, name: "bench", size: RECORDERS, log: silentLog });
  await migrate(database.pool);
  await database.pool.query("select make_day_partitions(30, current_date - 1, 33)");
  const envIds = await createEnvironments(database, endpoints, url);
  const outgoing = createOutgoing({ allowNetworks: ["127.0.0.0/8"] });
  let recorded = 0;

  const record = () => {
    const n = recorded++;
    return recordEvent(database.kysely, {
      envId: envIds[n % envIds.length] ?? 0,
      key: `bench:${n}`,
      type: "ENRICHMENT_NOTIFICATION",
      resource: `session:${n}`,
      subject: null,
      retention: 30,
      at: Temporal.Now.instant(),
      bodies: () => ({ session: BODY }),
    });
  };

  return {
    database,
    connection,
    postgres,
    envIds,
    record,
    dispatcher: () => startDispatcher(connection, outgoing),
    async recordMany(events, told = () => undefined) {
      const start = performance.now();
      let left = events;
      const recorder = async () => {
        while (left-- > 0) told(await record());
      };
      await Promise.all(Array.from({ length: RECORDERS }, recorder));
      return events / ((performance.now() - start) / 1000);
    },
    async untilEmpty() {
      const text = "select from queue where env_id = any($1::int[]) limit 1";
      while ((await database.pool.query(text, [envIds])).rowCount !== 0) await pause(10);
    },
    async drop() {
      await outgoing.close();
      await database.close();
      await postgres.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function startDispatcher(connection: PoolConfig, outgoing: Outgoing): Promise<Dispatcher> {
  const dispatcher = createDispatcher({
    connection,
    master: MASTER,
    outgoing,
    clock: Temporal.Now.instant,
    log: createLog("silent"),
    metrics: createMetrics(),
  });
  await dispatcher.start();
  return dispatcher;
}

/** One environment per endpoint. */
export async function createEnvironments(database: Database, count: number, url: string): Promise<number[]> {
  const now = Temporal.Now.instant();
  const ids: number[] = [];
  for (let n = 0; n < count; n++) {
    const envId = await createEnvironment(
      database.kysely,
      MASTER,
      {
        organisation: `Bench ${n}`,
        mode: "sandbox",
        credentials: { apiKey: newId("key"), serverHash: newId("hash") },
        webhookSecret: newSecret(),
      },
      now,
    );
    const env = await loadEnvironment(database.kysely, MASTER, envId);
    if (!env) throw new Error("the environment is gone");
    const set = await setContractEndpoint(database.kysely, env, "session", { url, mode: 1, now });
    if (!set.ok) throw new Error(`the endpoint was refused: ${set.reason}`);
    ids.push(envId);
  }
  return ids;
}

/** Endpoints `<url><number>` that retry every second, so many of them in each environment. */
export async function createEndpoints(
  database: Database,
  count: number,
  perEnvironment: number,
  url: string,
): Promise<{ envId: number; endpointId: number }[]> {
  const envIds = await createEnvironments(database, Math.ceil(count / perEnvironment), `${url}0`);
  // The environment's own endpoint is of the wrong format for what is recorded.
  await database.pool.query("update webhook_endpoints set format = 'entity', slot = 'entity'");
  const made: { envId: number; endpointId: number }[] = [];
  for (let n = 1; n <= count; n++) {
    const envId = envIds[(n - 1) % envIds.length] ?? 0;
    const publicId = newId("wh");
    const { rows } = await database.pool.query<{ id: number }>(
      `insert into webhook_endpoints (env_id, public_id, format, url, timeout_ms, schedule, pause_after,
        status_since, created_at, updated_at)
      values ($1, $2, 'session', $3, 1000, $4, null, now(), now(), now()) returning id`,
      [envId, publicId, `${url}${n}`, Array.from({ length: 30 }, () => 1)],
    );
    const [row] = rows;
    const env = await loadEnvironment(database.kysely, MASTER, envId);
    if (!row || !env) throw new Error("the endpoint or its environment is gone");
    await addSecret(database.kysely, env, { id: row.id, publicId }, newSecret(), Temporal.Now.instant());
    made.push({ envId, endpointId: row.id });
  }
  return made;
}

/** So many heads that wait for 1,000 endpoints which never answer. Each endpoint's share has one event. */
export async function addDeadRows({ database }: BenchWorld, rows: number, url: string): Promise<void> {
  const endpoints = Math.min(1000, rows);
  const envIds = await createEnvironments(database, endpoints, url);
  for (const envId of envIds) {
    await recordEvent(database.kysely, {
      envId,
      key: "dead",
      type: "ENRICHMENT_NOTIFICATION",
      resource: "session:dead",
      subject: null,
      retention: 30,
      at: Temporal.Now.instant(),
      bodies: () => ({ session: BODY }),
    });
  }
  await database.pool.query({
    text: `insert into queue (env_id, endpoint_id, resource, event_id, event_at, retention)
      select q.env_id, q.endpoint_id, 'session:dead-' || n, q.event_id, q.event_at, q.retention
      from queue q cross join generate_series(2, $2::int) n
      where q.env_id = any($1::int[])`,
    values: [envIds, Math.ceil(rows / endpoints)],
  });
  await database.pool.query("vacuum analyze queue");
}

/** Every statement that this process sends, counted by its name. */
export function countStatements(): { since(): Map<string, number> } {
  let counts = new Map<string, number>();
  // oxlint-disable-next-line typescript/unbound-method -- called with its `this` below
  const original = Client.prototype.query;
  Client.prototype.query = function counted(this: Client, ...args: unknown[]): never {
    const [config] = args;
    const named = typeof config === "object" && config !== null && "name" in config ? config.name : null;
    const name = typeof named === "string" ? named : "other";
    counts.set(name, (counts.get(name) ?? 0) + 1);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the caller sees pg's own overloads
    return Reflect.apply(original, this, args) as never;
  };
  return {
    since() {
      const answer = counts;
      counts = new Map();
      return answer;
    },
  };
}

/** What the server itself spent, where it was started with `SERVER_TIMES`. Counts anew. */
export async function serverTimes({ database }: BenchWorld): Promise<string> {
  await database.pool.query("create extension if not exists pg_stat_statements");
  const { rows } = await database.pool.query<{ query: string; calls: bigint; rows: bigint; ms: number }>(
    `select regexp_replace(left(query, 60), '\\s+', ' ', 'g') as query, calls, rows, total_exec_time as ms
    from pg_stat_statements order by total_exec_time desc limit 6`,
  );
  await database.pool.query("select pg_stat_statements_reset()");
  return rows
    .map(
      ({ query, calls, rows: answered, ms }) =>
        `    ${Math.round(ms)} ms, ${calls} calls, ${answered} rows: ${query}`,
    )
    .join("\n");
}

/** Costs a little itself: for looking, not for the numbers. */
export const SERVER_TIMES = { shared_preload_libraries: "pg_stat_statements" };
