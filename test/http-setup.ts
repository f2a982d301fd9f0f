/** The real server over real functions and a real database; only the extractor and the clock are the test's. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { NO_NET_BANKING } from "../src/connect/net-banking.ts";
import type { Connect } from "../src/connect/context.ts";
import { buildServer, type ServerDeps } from "../src/http/server.ts";
import type { Intake } from "../src/intake/context.ts";
import { NO_BANKS } from "../src/intake/net-banking/reach.ts";
import { intakeTasks } from "../src/intake/jobs.ts";
import { createBlobs } from "../src/platform/blobs.ts";
import { sealKey } from "../src/platform/crypto.ts";
import { createOutgoing } from "../src/platform/outgoing.ts";
import { createLog, createMetrics, type Log } from "../src/platform/telemetry.ts";
import type { Extraction, ExtractionError, Statement } from "../src/statement/types.ts";
import {
  createEnvironment,
  knownEnvironment,
  type Credentials,
  type Settings,
} from "../src/store/environments.ts";
import { createTestDatabase, type TestDatabase } from "./harness/database.ts";

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** Parsed; undefined where it is no JSON. */
  body: unknown;
}

export interface CallOptions {
  method?: string;
  /** Sent as JSON. */
  json?: unknown;
  form?: Record<string, string>;
  multipart?: FormData;
  body?: string | Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
  /** Whose keys; null sends none. The test's own environment where it is absent. */
  as?: Credentials | null;
}

export interface Http {
  url: string;
  app: FastifyInstance;
  database: TestDatabase;
  intake: Intake;
  connect: Connect;
  credentials: Credentials;
  envId: number;
  setNow(instant: string): void;
  newEnvironment(settings?: Partial<Settings>): Promise<{ credentials: Credentials; envId: number }>;
  /** Bytes that the extractor reads as these statements. */
  fileOf(...statements: Statement[]): Uint8Array<ArrayBuffer>;
  /** Bytes that it refuses. */
  badFile(error: Partial<ExtractionError>): Uint8Array<ArrayBuffer>;
  call(path: string, options?: CallOptions): Promise<Answer>;
  newSession(fields?: Record<string, unknown>, as?: Credentials): Promise<string>;
  upload(
    sessionId: string,
    bytes: Uint8Array<ArrayBuffer>,
    more?: Record<string, string>,
    query?: string,
  ): Promise<Answer>;
  /** What the job would do. */
  runJob(task: "process_session" | "expire_session", sessionId: string): Promise<void>;
  close(): Promise<void>;
}

export const V1 = "/bank-connect/v1";
export const NOW = "2024-04-25T10:00:00.123456Z";
/** A UUID v4 that no session has. */
export const NOBODY = "00000000-0000-4000-8000-000000000000";

export const newCredentials = (): Credentials => ({
  apiKey: randomBytes(16).toString("hex"),
  serverHash: randomBytes(16).toString("hex"),
});

export async function openHttp(
  more: Partial<Omit<ServerDeps, "connect">> & { log?: Log; connect?: Partial<Connect> } = {},
): Promise<Http> {
  const database = await createTestDatabase();
  const db = database.kysely;
  const dir = await mkdtemp(join(tmpdir(), "bankbell-http-"));
  const master = more.master ?? sealKey(randomBytes(32));
  const answers = new Map<string, Extraction>();
  let now = Temporal.Instant.from(NOW);
  const clock = () => now;
  const log = more.log ?? createLog("silent");
  const metrics = createMetrics();
  const intake: Intake = {
    db,
    clock,
    blobs: createBlobs(dir),
    extractor: {
      async extract(bytes) {
        return answers.get(Buffer.from(bytes).toString("latin1")) ?? UNREADABLE;
      },
    },
    wake: () => undefined,
    limits: { maxPages: 500, timeoutMs: 1000 },
    connectUrl: "https://connect.example/",
    reach: NO_BANKS,
    environment: (envId) => knownEnvironment(db, master, envId),
    log,
    metrics,
  };
  const connect: Connect = {
    db,
    clock,
    providers: { all: () => [], find: () => null },
    environment: (envId) => knownEnvironment(db, master, envId),
    netBanking: NO_NET_BANKING,
    mailer: null,
    wake: () => undefined,
    publicUrl: "http://localhost:8080",
    log,
    metrics,
    ...more.connect,
  };
  // Tests' receivers listen on this machine.
  const outgoing = createOutgoing({ allowNetworks: ["127.0.0.0/8"] });
  const app = await buildServer({
    reportOf: async ({ fileName }) => `<!doctype html><title>${fileName}</title>`,
    outgoing,
    db,
    master,
    clock,
    log,
    metrics,
    intake,
    fetchFile: async () => ({ ok: false, reason: "status" }),
    maxUploadBytes: 1024 * 1024,
    allowNetworks: ["127.0.0.0/8", "::1/128"],
    trustedProxies: [],
    publicUrl: "http://localhost:8080",
    version: "0.0.0",
    mostLoopDelayMs: 0,
    ...more,
    connect,
  });
  const url = await app.listen({ port: 0, host: "127.0.0.1" });

  const keep = (answer: Extraction): Uint8Array<ArrayBuffer> => {
    const name = `%PDF file ${answers.size}`;
    answers.set(name, answer);
    return new TextEncoder().encode(name);
  };
  const newEnvironment = async (settings: Partial<Settings> = {}) => {
    const credentials = newCredentials();
    const wanted = { organisation: "Test", mode: "sandbox", credentials, webhookSecret: "whsec_" } as const;
    const envId = await createEnvironment(db, master, wanted, now);
    if (Object.keys(settings).length > 0) {
      await db.updateTable("bankconnect_settings").set(settings).where("env_id", "=", envId).execute();
    }
    return { credentials, envId };
  };
  const { credentials, envId } = await newEnvironment();

  const call = async (path: string, options: CallOptions = {}): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, toFetch(options, credentials));
    // A stream never ends: that it has begun is its answer.
    const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") === true;
    if (isStream) await response.body?.cancel();
    const text = isStream ? "" : await response.text();
    return { status: response.status, headers: response.headers, text, body: parsed(text) };
  };
  return {
    url,
    app,
    database,
    intake,
    connect,
    credentials,
    envId,
    newEnvironment,
    call,
    setNow: (instant) => void (now = Temporal.Instant.from(instant)),
    fileOf: (...statements) => keep({ ok: true, statements, pageCount: 2, metadata: NO_METADATA }),
    badFile: (error) =>
      keep({
        ok: false,
        error: { stage: "open", code: "UNPARSABLE", message: "", ...error },
        pageCount: null,
        metadata: null,
      }),
    newSession: async (fields = {}, as = credentials) => {
      const { status, body, text } = await call(`${V1}/session/`, {
        json: { link_id: "c-1", ...fields },
        as,
      });
      if (status !== 200) throw new Error(`no session: ${status} ${text}`);
      return field(body, "session_id");
    },
    upload: (sessionId, bytes, fields = {}, query = "") =>
      call(`${V1}/statement/upload_session/${query}`, {
        multipart: multipart({ session_id: sessionId, upload_type: "PDF", ...fields }, bytes),
      }),
    runJob: async (task, session) => {
      const run = intakeTasks(intake)[task];
      if (!run) throw new Error(`no task ${task}`);
      await run({ env: envId, session });
    },
    close: async () => {
      await app.close();
      await outgoing.close();
      await rm(dir, { recursive: true, force: true });
      await database.drop();
    },
  };
}

export function multipart(
  fields: Record<string, string>,
  bytes?: Uint8Array<ArrayBuffer>,
  name = "statement.pdf",
): FormData {
  const form = new FormData();
  for (const [key, value] of Object.entries(fields)) form.append(key, value);
  if (bytes) form.append("file", new Blob([bytes], { type: "application/pdf" }), name);
  return form;
}

/** The answer is an error of the session flow, word for word. */
export function isEnvelope(answer: Answer, status: number, code: string, message: string): void {
  assert.deepEqual(
    { status: answer.status, body: answer.body },
    { status, body: { error: { code, message } } },
  );
  assert.match(answer.headers.get("content-type") ?? "", /^application\/json/);
}

/** The answer is an error of an upload. */
export function isUploadError(
  answer: Answer,
  status: number,
  error: { code?: string; message: string },
  session_id = "",
): void {
  assert.deepEqual(
    { status: answer.status, body: answer.body },
    { status, body: { session_id, statement_id: "", error } },
  );
}

/** The text at a key of an answer's body. */
export function field(body: unknown, key: string): string {
  const value = typeof body === "object" && body !== null ? Reflect.get(body, key) : undefined;
  if (typeof value !== "string") throw new Error(`no ${key} in ${JSON.stringify(body)}`);
  return value;
}

function toFetch(options: CallOptions, credentials: Credentials): RequestInit {
  const as = options.as === undefined ? credentials : options.as;
  const headers: Record<string, string> = {
    ...(as ? { "x-api-key": as.apiKey, "server-hash": as.serverHash } : {}),
    ...(options.json === undefined ? {} : { "content-type": "application/json" }),
    ...options.headers,
  };
  const body = bodyOf(options);
  return {
    method: options.method ?? (body === undefined ? "GET" : "POST"),
    headers,
    ...(body === undefined ? {} : { body }),
  };
}

function bodyOf({ json, form, multipart, body }: CallOptions): NonNullable<RequestInit["body"]> | undefined {
  if (json !== undefined) return JSON.stringify(json);
  if (form !== undefined) return new URLSearchParams(form);
  return multipart ?? body;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const UNREADABLE: Extraction = {
  ok: false,
  error: { stage: "open", code: "STATEMENT_UNSUPPORTED_FORMAT", reason: "not_pdf", message: "" },
  pageCount: null,
  metadata: null,
};

const NO_METADATA = {
  producer: null,
  creator: null,
  author: null,
  title: null,
  createdAt: null,
  modifiedAt: null,
};
