/** The real server with three customers' keys, a receiver, and one way to call it: as a client outside would. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { startChildServer, type ChildServer } from "../../src/child-server.ts";
import { newKeys, type FirstKeys } from "../../src/first-start.ts";
import { sealKey } from "../../src/platform/crypto.ts";
import { createEnvironment, type Settings } from "../../src/store/environments.ts";
import { createTestDatabase, type TestDatabase } from "../harness/database.ts";
import { until } from "../main-path-setup.ts";
import { statement } from "../statements/catalogue.ts";
import { at, record, type Answer } from "./answers.ts";
import { startReceiver, type Hook } from "./receiver.ts";

export interface Ask {
  method?: string;
  json?: unknown;
  form?: Record<string, string>;
  /** Fields of a multipart body; those whose value is bytes are file parts. */
  parts?: Record<string, string | Uint8Array>;
  /** Sent as it is, under the content type in `headers`. */
  raw?: string;
  headers?: Record<string, string>;
  /** Whose keys; null sends none. The first customer's where it is absent. */
  as?: Keys | null;
}

export type Keys = Pick<FirstKeys, "apiKey" | "serverHash">;

export interface World {
  server: ChildServer;
  database: TestDatabase;
  own: Keys;
  /** The first customer's live mode; `own` is the sandbox. */
  live: Keys;
  /** Another customer. */
  other: Keys;
  newCustomer(settings?: Partial<Settings>): Promise<Keys>;
  /** `path` as in `v1/session/`, or from the root where it begins with a slash. */
  ask(path: string, ask?: Ask): Promise<Answer>;
  newSession(fields?: Record<string, unknown>, as?: Keys): Promise<string>;
  /** Of a named case; throws where it is not taken. */
  upload(sessionId: string, name: string, as?: Keys): Promise<Record<string, unknown>>;
  initiate(sessionId: string, as?: Keys): Promise<void>;
  /** Initiates and waits for the end. */
  process(sessionId: string, as?: Keys): Promise<void>;
  /** As if it had been created six minutes earlier; the shortest life is five. */
  expire(sessionId: string): Promise<void>;
  hooks: Hook[];
  hookUrl: string;
  /** Where a file of `files.ts` can be fetched, by plain HTTP. */
  fileUrl(name: string): string;
  /** The first hook that fits; throws where none comes, or where one did not verify. */
  hook(what: string, fits: (body: Record<string, unknown>) => boolean): Promise<Hook>;
  /** While `action` runs, `onHook` is called at the moment of each arrival, before the receiver answers. */
  during<T>(onHook: (hook: Hook) => Promise<void>, action: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** A UUID v4 that nothing has. */
export const NOBODY = "00000000-0000-4000-8000-000000000000";

const MASTER = randomBytes(32);
const BASE = "/bank-connect/";

export async function openWorld(): Promise<World> {
  const database = await createTestDatabase();
  const env = {
    DATABASE_URL: database.url,
    BANKBELL_MASTER_KEY: MASTER.toString("base64"),
    // This machine is a proxy too: what it says of the client's connection counts (ruling 7).
    BANKBELL_TRUSTED_PROXIES: "127.0.0.0/8,::1/128",
  };
  const server = await startChildServer({ env });
  const own: Keys = server.keys;
  let onArrival: ((hook: Hook) => Promise<void>) | null = null;
  const receiver = await startReceiver(server.keys.webhookSecret, async (hook) => onArrival?.(hook));

  const newEnvironment = async (mode: "sandbox" | "live", settings: Partial<Settings> = {}) => {
    const keys = newKeys({ apiKey: null, serverHash: null, webhookSecret: null });
    const { webhookSecret } = server.keys;
    const wanted = { organisation: "Another", mode, credentials: keys, webhookSecret };
    const id = await createEnvironment(database.kysely, sealKey(MASTER), wanted, Temporal.Now.instant());
    if (Object.keys(settings).length > 0)
      await database.kysely
        .updateTable("bankconnect_settings")
        .set(settings)
        .where("env_id", "=", id)
        .execute();
    return { keys, id };
  };
  const live = await newEnvironment("live");
  await database.pool.query(
    "update environments set organisation_id = (select organisation_id from environments order by id limit 1) where id = $1",
    [live.id],
  );
  const other = await newEnvironment("sandbox");

  const ask: World["ask"] = async (path, options = {}) => {
    const url = server.url + (path.startsWith("/") ? path : BASE + path);
    const response = await fetch(url, requestOf(options, own));
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parsed(text) };
  };
  const initiate: World["initiate"] = async (id, as = own) => {
    const { status, text } = await ask(`v1/session_data/${id}/initiate_processing/`, { method: "POST", as });
    assert.equal(status, 202, text);
  };
  const world: World = {
    server,
    database,
    own,
    live: live.keys,
    other: other.keys,
    newCustomer: async (settings) => (await newEnvironment("sandbox", settings)).keys,
    ask,
    async newSession(fields = {}, as = own) {
      const { body, text } = await ask("v1/session/", { json: { link_id: "c-1", ...fields }, as });
      return at(body, "session_id", text);
    },
    async upload(session_id, name, as = own) {
      const { bytes } = await statement(name);
      const parts = { session_id, upload_type: "PDF", file: bytes };
      const { status, body, text } = await ask("v1/statement/upload_session/?identity=true", { parts, as });
      assert.equal(status, 200, text);
      return record(body);
    },
    initiate,
    async process(id, as = own) {
      await initiate(id, as);
      await until(`the end of ${id}`, async () => {
        const { body } = await ask(`v1/session_data/${id}/progress/`, { as });
        return at(body, "session_progress") === "completed";
      });
    },
    async expire(id) {
      const { rowCount } = await database.pool.query(
        `update sessions set created_at = created_at - interval '6 min', expires_at = created_at - interval '1 min'
         where public_id = $1`,
        [id],
      );
      assert.equal(rowCount, 1);
    },
    hooks: receiver.hooks,
    hookUrl: `${receiver.url}/hooks`,
    fileUrl: (name) => `${receiver.url}/${name}.pdf`,
    hook: (what, fits) =>
      until(what, () => {
        if (receiver.faults.length > 0) throw receiver.faults[0];
        return receiver.hooks.find(({ body }) => fits(body));
      }),
    async during(onHook, action) {
      onArrival = onHook;
      try {
        return await action();
      } finally {
        onArrival = null;
      }
    },
    async close() {
      await receiver.close();
      await server.stop();
      await database.drop();
    },
  };
  return world;
}

function requestOf({ method, json, form, parts, raw, headers, as }: Ask, own: Keys): RequestInit {
  const keys = as === undefined ? own : as;
  const body =
    json === undefined
      ? form
        ? new URLSearchParams(form)
        : parts
          ? multipart(parts)
          : raw
      : JSON.stringify(json);
  return {
    method: method ?? (body === undefined ? "GET" : "POST"),
    // A redirect would be an answer that the contract does not have.
    redirect: "manual",
    headers: {
      ...(keys && { "x-api-key": keys.apiKey, "server-hash": keys.serverHash }),
      ...(json !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { body }),
  };
}

function multipart(parts: Record<string, string | Uint8Array>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(parts)) {
    if (typeof value === "string") form.set(name, value);
    else form.set(name, new Blob([new Uint8Array(value)], { type: "application/pdf" }), "statement.pdf");
  }
  return form;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
