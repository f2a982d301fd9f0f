/** What every part of the bank works with: its memory, its customers' money, its time, its key. */
import { createHash, randomBytes } from "node:crypto";
import { exportJWK, exportPKCS8, generateKeyPair, importPKCS8, type CryptoKey, type JWK } from "jose";
import { createWorld, type World } from "./data/ledger.ts";
import { openStore, type Collection, type Store } from "./store.ts";
import type {
  Client,
  Code,
  Consent,
  KeptAnswer,
  Notification,
  OrderedFault,
  Payment,
  Posting,
  Subscription,
  Token,
  Visit,
} from "./types.ts";

export type Clock = () => Temporal.Instant;
/** One line per thing worth knowing; never a token, password or account number. */
export type Log = (fields: Record<string, unknown>, message: string) => void;

export interface Settings {
  /** Rows per page of transactions where an account has no size of its own: 25 to 1000. */
  pageSize: number;
  /** How long pages and answers of the slow customer wait. */
  slowMs: number;
  /** How long a payment of the amount .04 is held before the connection is cut. */
  timeoutMs: number;
  /** First wait of pushed notifications that were not taken; doubles each time. */
  retryMs: number;
}

export const DEFAULTS: Settings = { pageSize: 500, slowMs: 3000, timeoutMs: 5000, retryMs: 1000 };

export interface BankKey {
  privateKey: CryptoKey;
  publicJwk: JWK;
  kid: string;
}

export interface Bank {
  /** Issuer and base of everything, without a slash at its end; known once it listens. */
  url: string;
  /** The bank's own time, epoch milliseconds: what `POST /_sandbox/clock` advances. Business lives in it. */
  now(): number;
  /** The world's time, epoch milliseconds: signatures live in it, for who checks them has no other clock. */
  realNow(): number;
  advance(ms: number): void;
  settings: Settings;
  /** Ordered by testers; not kept. */
  faults: OrderedFault[];
  /** Called with each new notification. */
  onNotification: (jti: string) => void;
  world: World;
  key: BankKey;
  log: Log;
  clients: Collection<Client>;
  consents: Collection<Consent>;
  payments: Collection<Payment>;
  postings: Collection<Posting>;
  tokens: Collection<Token>;
  codes: Collection<Code>;
  visits: Collection<Visit>;
  answers: Collection<KeptAnswer>;
  subscriptions: Collection<Subscription>;
  notifications: Collection<Notification>;
  close(): void;
}

export interface BankOptions {
  seed: string;
  statePath?: string | undefined;
  clock: Clock;
  log: Log;
  settings?: Partial<Settings> | undefined;
}

interface Meta {
  opened: number;
  /** By how much the bank's time is ahead. */
  ahead: number;
  key: string;
}

export async function openBank({ seed, statePath, clock, log, settings }: BankOptions): Promise<Bank> {
  const store = openStore(statePath);
  const meta = store.collection<Meta>("meta");
  const known = meta.get("bank") ?? { opened: clock().epochMilliseconds, ahead: 0, key: await newKey() };
  meta.set("bank", known);
  const realNow = () => clock().epochMilliseconds;
  const rooms = roomsOf(store);
  return {
    url: "",
    realNow,
    now: () => realNow() + known.ahead,
    advance(ms) {
      if (!Number.isSafeInteger(ms) || ms < 0) throw new RangeError("Time only goes forward.");
      known.ahead += ms;
      meta.set("bank", known);
    },
    settings: { ...DEFAULTS, ...settings },
    faults: [],
    onNotification: () => {},
    world: createWorld({ seed, opened: known.opened, postings: () => rooms.postings.values() }),
    key: await keyOf(known.key),
    log,
    ...rooms,
    close: () => store.close(),
  };
}

function roomsOf(store: Store) {
  return {
    clients: store.collection<Client>("client"),
    consents: store.collection<Consent>("consent"),
    payments: store.collection<Payment>("payment"),
    postings: store.collection<Posting>("posting"),
    tokens: store.collection<Token>("token"),
    codes: store.collection<Code>("code"),
    visits: store.collection<Visit>("visit"),
    answers: store.collection<KeptAnswer>("answer"),
    subscriptions: store.collection<Subscription>("subscription"),
    notifications: store.collection<Notification>("notification"),
  };
}

async function newKey(): Promise<string> {
  const { privateKey } = await generateKeyPair("PS256", { extractable: true });
  return exportPKCS8(privateKey);
}

async function keyOf(pkcs8: string): Promise<BankKey> {
  const privateKey = await importPKCS8(pkcs8, "PS256", { extractable: true });
  const { kty, n, e } = await exportJWK(privateKey);
  if (kty !== "RSA" || n === undefined || e === undefined) throw new Error("The bank's key is no RSA key.");
  const kid = hashOf(n).slice(0, 16);
  return { privateKey, kid, publicJwk: { kty, n, e, kid, alg: "PS256", use: "sig" } };
}

/** What is kept of a token, code or cookie. */
export const hashOf = (text: string): string => createHash("sha256").update(text).digest("base64url");

/** 256 bits. */
export const newSecret = (): string => randomBytes(32).toString("base64url");

/** 128 bits behind a prefix; under 40 characters. */
export const newId = (prefix: string): string => `${prefix}-${randomBytes(16).toString("hex")}`;

/** Epoch milliseconds as the standard writes them: whole seconds with an offset. */
export const wireTime = (ms: number): string =>
  Temporal.Instant.fromEpochMilliseconds(ms).toString({ smallestUnit: "second" }).replace(/Z$/, "+00:00");

/** Whole pence as the standard's unsigned string. */
export function wireAmount(minor: number, currency = "GBP"): { Amount: string; Currency: string } {
  const digits = String(Math.abs(minor)).padStart(3, "0");
  return { Amount: `${digits.slice(0, -2)}.${digits.slice(-2)}`, Currency: currency };
}

/** Pence of an amount string; Faster Payments know no fractions of a penny: null. */
export function penceOf(amount: string): number | null {
  const [pounds = "", fraction = ""] = amount.split(".");
  if (!/^\d+$/.test(pounds) || !/^\d{0,2}0*$/.test(fraction)) return null;
  const pence = Number(pounds) * 100 + Number(fraction.slice(0, 2).padEnd(2, "0"));
  return Number.isSafeInteger(pence) ? pence : null;
}
