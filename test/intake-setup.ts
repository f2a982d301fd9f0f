/** A session flow without HTTP: a real database, a fake extractor, a clock that the test sets. */
import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createBlobs } from "../src/platform/blobs.ts";
import { sealKey } from "../src/platform/crypto.ts";
import { createLog, createMetrics } from "../src/platform/telemetry.ts";
import type { Intake } from "../src/intake/context.ts";
import { NO_BANKS } from "../src/intake/net-banking/reach.ts";
import { createSession, type NewSession } from "../src/intake/sessions.ts";
import { uploadStatement, type Upload, type UploadResult } from "../src/intake/uploads.ts";
import type { Extraction, ExtractionError, Statement, Transaction } from "../src/statement/types.ts";
import type { Settings } from "../src/store/environments.ts";
import {
  createEnvironment,
  knownEnvironment,
  loadEnvironment,
  type Environment,
} from "../src/store/environments.ts";
import type { Schema } from "../src/store/schema.ts";
import { createTestDatabase, type TestDatabase } from "./harness/database.ts";

export const ACTOR = "api_key:key_test";
export const day = (text: string) => Temporal.PlainDate.from(text);

/** What the tests read of a webhook's body one by one; whole bodies are compared as they are. */
export interface SessionBody {
  event_name: string;
  message?: string;
  insights_available?: boolean;
  accounts: {
    account_number?: string;
    account_status: string;
    error_code?: string | null;
    error_message?: string | null;
    statements?: unknown[];
  }[];
}

export interface Bench {
  database: TestDatabase;
  intake: Intake;
  env: Environment;
  /** Times that the dispatcher was woken. */
  wakes(): number;
  setNow(instant: string): void;
  /** Another environment of its own, with these settings. */
  newEnvironment(settings?: Partial<Settings>, timeZone?: string): Promise<Environment>;
  /** Bytes that the extractor reads as these statements. */
  fileOf(...statements: Statement[]): Uint8Array;
  /** Bytes that it refuses. */
  badFile(error: Partial<ExtractionError>): Uint8Array;
  session(env: Environment, input?: Partial<NewSession>): Promise<string>;
  upload(
    env: Environment,
    sessionId: string,
    bytes: Uint8Array,
    more?: Partial<Upload>,
  ): Promise<UploadResult>;
  /** Session bodies recorded for a session, oldest first. */
  events(env: Environment, sessionId: string): Promise<SessionBody[]>;
  count(table: keyof Schema, env: Environment): Promise<number>;
  blobCount(): Promise<number>;
  close(): Promise<void>;
}

const NOW = "2024-04-25T10:00:00.123456Z";

export async function openBench(): Promise<Bench> {
  const database = await createTestDatabase();
  const dir = await mkdtemp(join(tmpdir(), "bankbell-intake-"));
  const master = sealKey(randomBytes(32));
  const answers = new Map<string, Extraction>();
  let now = Temporal.Instant.from(NOW);
  let woken = 0;
  const metrics = createMetrics();
  const intake: Intake = {
    db: database.kysely,
    clock: () => now,
    blobs: createBlobs(dir),
    extractor: {
      async extract(bytes) {
        const answer = answers.get(Buffer.from(bytes).toString());
        if (!answer) throw new Error("The test did not say what this file holds.");
        return answer;
      },
    },
    wake: () => void (woken += 1),
    limits: { maxPages: 500, timeoutMs: 1000 },
    connectUrl: "https://connect.example/",
    reach: NO_BANKS,
    environment: (envId) => knownEnvironment(database.kysely, master, envId),
    log: createLog("silent"),
    metrics,
  };
  const keep = (answer: Extraction): Uint8Array => {
    const name = `file ${answers.size}`;
    answers.set(name, answer);
    return Buffer.from(name);
  };
  const newEnvironment = async (settings: Partial<Settings> = {}, timeZone = "UTC") => {
    const credentials = { apiKey: randomBytes(16).toString("hex"), serverHash: "server-hash" };
    const wanted = { organisation: "Test", mode: "sandbox", credentials, webhookSecret: "whsec_" } as const;
    const id = await createEnvironment(database.kysely, master, wanted, now);
    await database.kysely
      .updateTable("organisations")
      .set({ time_zone: timeZone })
      .where("id", "=", (e) => e.selectFrom("environments").select("organisation_id").where("id", "=", id))
      .execute();
    if (Object.keys(settings).length > 0) {
      await database.kysely
        .updateTable("bankconnect_settings")
        .set(settings)
        .where("env_id", "=", id)
        .execute();
    }
    const env = await loadEnvironment(database.kysely, master, id);
    if (!env) throw new Error("The environment is gone.");
    return env;
  };

  return {
    database,
    intake,
    env: await newEnvironment(),
    wakes: () => woken,
    setNow: (instant) => void (now = Temporal.Instant.from(instant)),
    newEnvironment,
    fileOf: (...statements) => keep({ ok: true, statements, pageCount: 2, metadata: NO_METADATA }),
    badFile: (error) =>
      keep({
        ok: false,
        error: { stage: "open", code: "UNPARSABLE", message: "", ...error },
        pageCount: null,
        metadata: null,
      }),
    session: async (env, input = {}) =>
      (await createSession(intake, env, ACTOR, { ...NEW_SESSION, ...input })).sessionId,
    upload: (env, sessionId, bytes, more = {}) =>
      uploadStatement(intake, env, ACTOR, { ...UPLOAD, sessionId, bytes, ...more }),
    events: async (env, sessionId) => {
      const rows = await database.kysely
        .selectFrom("events as e")
        .innerJoin("event_bodies as b", (join) =>
          join.onRef("b.env_id", "=", "e.env_id").onRef("b.event_id", "=", "e.id"),
        )
        .select("b.body")
        .where("e.env_id", "=", env.id)
        .where("e.resource", "=", `session:${sessionId}`)
        .orderBy("e.id")
        .execute();
      return rows.map(({ body }) => JSON.parse(body.toString()) as SessionBody);
    },
    count: async (table, env) => {
      const { rows } = await database.pool.query<{ n: bigint }>(
        `select count(*) as n from ${table} where env_id = $1`,
        [env.id],
      );
      return Number(rows[0]?.n);
    },
    blobCount: async () =>
      (await readdir(dir, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).length,
    close: async () => {
      await rm(dir, { recursive: true, force: true });
      await database.drop();
    },
  };
}

const NO_METADATA = {
  producer: null,
  creator: null,
  author: null,
  title: null,
  createdAt: null,
  modifiedAt: null,
};

const UPLOAD = { fileName: "statement.pdf", password: null, bankName: null };

export const NEW_SESSION: NewSession = {
  linkId: "customer-1",
  redirectUrl: null,
  fromDate: null,
  toDate: null,
  maxFromDate: null,
  maxToDate: null,
  logoUrl: null,
  bankName: null,
  mode: null,
  mobileNumber: null,
  sessionExpiry: null,
  journeyMode: null,
  acceptAnything: false,
  isMobileFieldEditable: false,
  aaJourneyMode: null,
  aaRecurringTenureMonthCount: null,
  aaRecurringFrequencyUnit: null,
  aaRecurringFrequencyValue: null,
  aaJourney: null,
  metadata: null,
};

export interface StatementSpec {
  /** Null: no known bank is recognised. */
  bank?: string | null;
  number?: string | null;
  /** The printed period. */
  period?: [string, string] | null;
  /** One transaction of 100.00 per day named. */
  days: string[];
  status?: Statement["verification"]["status"];
  /** Before the first, in minor units. */
  opening?: bigint;
  name?: string | null;
}

/** An invented statement: credits of 100.00, the balance running. */
export function statementOf(spec: StatementSpec): Statement {
  const { bank = "hdfc", number = "5413699704", period = null, days, status = "proven" } = spec;
  const opening = spec.opening ?? 100_000n;
  const transactions: Transaction[] = days.map((text, index) => ({
    date: day(text),
    valueDate: null,
    description: `UPI/${index}/rent`,
    reference: null,
    direction: "credit",
    amount: 10_000n,
    balance: opening + BigInt(index + 1) * 10_000n,
    proof: "chain",
    page: 1,
    line: index + 1,
  }));
  const breaks = status === "broken" ? [{ row: 0, expected: 1n, printed: 2n }] : [];
  return {
    bank: bank === null ? null : { id: bank, name: bank, country: "IN" },
    currency: "INR",
    identity: {
      accountNumber: number,
      name: spec.name === undefined ? "Asha Verma" : spec.name,
      address: null,
      ifsc: null,
      micr: null,
      iban: null,
      bic: null,
      sortCode: null,
      accountType: "SAVINGS",
      accountCategory: null,
    },
    period: period && { from: day(period[0]), to: day(period[1]) },
    openingBalance: opening,
    closingBalance: opening + BigInt(days.length) * 10_000n,
    transactions,
    verification: { status, breaks, totals: [] },
    pages: { from: 1, to: 2 },
  };
}

/** The 10th of each month from first to last (`YYYY-MM`). */
export function monthly(first: string, last: string): string[] {
  const days: string[] = [];
  const end = Temporal.PlainYearMonth.from(last);
  for (
    let month = Temporal.PlainYearMonth.from(first);
    Temporal.PlainYearMonth.compare(month, end) <= 0;
    month = month.add({ months: 1 })
  ) {
    days.push(month.toPlainDate({ day: 10 }).toString());
  }
  return days;
}

/** Covers the default session of the bench's clock (25 October 2023 to 25 April 2024) wholly. */
export const fullStatement = (spec: Partial<StatementSpec> = {}): Statement =>
  statementOf({
    period: ["2023-10-25", "2024-04-25"],
    days: [...monthly("2023-11", "2024-04"), "2023-10-30"].sort(),
    ...spec,
  });
