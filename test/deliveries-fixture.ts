/** What the delivery tests share: an environment, endpoints, receivers that keep a ledger, dispatchers. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { recordEvent, type RecordedEvent } from "../src/events/outbox.ts";
import { sealKey } from "../src/platform/crypto.ts";
import { createOutgoing } from "../src/platform/outgoing.ts";
import { createLog, createMetrics } from "../src/platform/telemetry.ts";
import { addSecret } from "../src/store/endpoints.ts";
import { createEnvironment, loadEnvironment, type Environment } from "../src/store/environments.ts";
import { queueAgain } from "../src/store/replays.ts";
import type { Schema } from "../src/store/schema.ts";
import { createDispatcher, type Dispatcher, type DispatcherOptions } from "../src/webhooks/dispatcher.ts";
import { createTestDatabase, type TestDatabase } from "./harness/database.ts";
import type { Insertable } from "kysely";
import { newId } from "../src/platform/ids.ts";

export const MASTER = sealKey(Buffer.alloc(32, 7));
export const newSecret = () => `whsec_${randomBytes(24).toString("base64")}`;
const now = () => Temporal.Now.instant();

export interface World {
  database: TestDatabase;
  env: Environment;
  drop(): Promise<void>;
}

export async function createWorld(): Promise<World> {
  const database = await createTestDatabase();
  const envId = await createEnvironment(
    database.kysely,
    MASTER,
    {
      organisation: "Example Lending",
      mode: "sandbox",
      credentials: { apiKey: newId("key"), serverHash: newId("hash") },
      webhookSecret: newSecret(),
    },
    now(),
  );
  const env = await loadEnvironment(database.kysely, MASTER, envId);
  if (!env) throw new Error("the environment is gone");
  return { database, env, drop: () => database.drop() };
}

export interface TestEndpoint {
  envId: number;
  endpointId: number;
  secret: string;
}

/** As many as wanted: without a slot. */
export async function createEndpoint(
  { database, env }: World,
  url: string,
  wanted: Partial<Insertable<Schema["webhook_endpoints"]>> = {},
): Promise<TestEndpoint> {
  const at = now();
  const row = await database.kysely
    .insertInto("webhook_endpoints")
    .values({
      env_id: env.id,
      public_id: newId("wh"),
      format: "session",
      url,
      timeout_ms: 1000,
      status_since: at,
      created_at: at,
      updated_at: at,
      ...wanted,
    })
    .returning(["id", "public_id"])
    .executeTakeFirstOrThrow();
  const secret = newSecret();
  await addSecret(database.kysely, env, { id: row.id, publicId: row.public_id }, secret, at);
  return { envId: env.id, endpointId: row.id, secret };
}

let recorded = 0;

/** Events of one resource carry `n` in their body, so that a receiver's ledger shows their order. */
export function record(world: World, resource: string, n: number, key?: string): Promise<RecordedEvent> {
  return recordEvent(world.database.kysely, {
    envId: world.env.id,
    key: key ?? `test:${++recorded}`,
    type: "ENRICHMENT_NOTIFICATION",
    resource,
    subject: null,
    retention: 0,
    at: now(),
    bodies: (id) => ({ session: { id, resource, n } }),
  });
}

/** Queues an event for an endpoint again; answers how many were queued. */
export async function replay({ database, env }: World, endpointId: number, eventId: bigint): Promise<number> {
  const events = await database.kysely
    .selectFrom("events")
    .select(["id", "retention", "created_at as at"])
    .where("env_id", "=", env.id)
    .where("id", "=", eventId)
    .execute();
  return queueAgain(database.kysely, { envId: env.id, endpointId }, events);
}

export interface Received {
  id: string;
  headers: Record<string, string>;
  body: Buffer;
  resource: string;
  n: number;
  /** performance.now() */
  at: number;
}

export interface Receiver {
  url: string;
  ledger: Received[];
  /** Resolves when the ledger fulfils it; throws after a while. */
  until(done: (ledger: Received[]) => boolean, ms?: number): Promise<void>;
  close(): Promise<void>;
}

type Answer = (received: Received, response: ServerResponse, request: IncomingMessage) => void;

/** Answers 200 unless told otherwise. Its path is `/hook`. */
export async function startReceiver(answer: Answer = (_, response) => response.end("ok")): Promise<Receiver> {
  const ledger: Received[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks);
      const { resource, n } = JSON.parse(body.toString()) as { resource: string; n: number };
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      );
      const received: Received = {
        id: headers["webhook-id"] ?? "",
        headers,
        body,
        resource,
        n,
        at: performance.now(),
      };
      ledger.push(received);
      answer(received, response, request);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    ledger,
    until: (done, ms) => until(() => done(ledger), ms),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Asks again every 5 ms; throws when it has not come true in time. */
export async function until(done: () => boolean | Promise<boolean>, ms = 10_000): Promise<void> {
  const deadline = performance.now() + ms;
  while (!(await done())) {
    if (performance.now() > deadline) throw new Error(`not within ${ms} ms: ${done.toString()}`);
    await pause(5);
  }
}

export interface TestDispatcher extends Dispatcher {
  /** Stops it and closes its outgoing client. */
  end(): Promise<void>;
}

export async function startDispatcher(
  { database }: Pick<World, "database">,
  options: Partial<DispatcherOptions> = {},
): Promise<TestDispatcher> {
  const outgoing = options.outgoing ?? createOutgoing({ allowNetworks: ["127.0.0.0/8"] });
  const dispatcher = createDispatcher({
    connection: database.connection,
    master: MASTER,
    clock: now,
    log: createLog("silent"),
    metrics: createMetrics(),
    sweepMs: 50,
    ...options,
    outgoing,
  });
  await dispatcher.start();
  return {
    ...dispatcher,
    async end() {
      await dispatcher.stop({ graceMs: 500 });
      await outgoing.close();
    },
  };
}

export async function queueIsEmpty({ database }: World): Promise<boolean> {
  const { rows } = await database.pool.query("select from queue union all select from queue_next");
  return rows.length === 0;
}
