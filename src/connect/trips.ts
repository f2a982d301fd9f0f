/**
 * A browser's trip to a bank and back, whatever it is for: a consent, a payment, a batch, a session of net banking.
 *
 *     beginTrip ──▶ the bank's page ──▶ /callback/<provider> ──▶ returnFromBank ──▶ the target's own landing
 *
 * State, nonce and PKCE verifier are drawn here. Only the state's hash is stored; the rest is sealed. A cookie binds the
 * trip to the browser that began it, it is used once, and lasts 15 minutes. The bank is asked outside of any
 * transaction; what follows from its answer is one transaction of the target's (`TripTarget`). A crash between the two
 * leaves a used trip and a target that still waits: the customer is told, and begins again with a new trip; the bank
 * consent that nobody uses is given back by the job planned with the trip.
 */
import { randomBytes, timingSafeEqual } from "node:crypto";
import type { Transaction } from "kysely";
import { addJob } from "../platform/jobs.ts";
import { openText, sealText, sha256 } from "../platform/crypto.ts";
import { base62 } from "../platform/ids.ts";
import type { Environment } from "../store/environments.ts";
import type { Lane } from "../store/events.ts";
import type { Schema } from "../store/schema.ts";
import { inTransaction } from "../store/transaction.ts";
import {
  findTripByState,
  findUnusedTrip,
  insertTrip,
  targetOf,
  useTrip,
  type TripKind,
  type TripRow,
} from "../store/trips.ts";
import type { Connect } from "./context.ts";
import type {
  BankFault,
  Callback,
  Fault,
  Grant,
  Outcome,
  Provider,
  Role,
  TripSecrets,
} from "./providers/provider.ts";

export type { TripKind } from "../store/trips.ts";

export interface Trip {
  envId: number;
  id: bigint;
  kind: TripKind;
  /** The target's row. */
  targetId: bigint;
  provider: string;
  bankConsentId: string;
}

/** What the way back is done with: everything it changes goes through `trx`. */
export interface TripEnd {
  connect: Connect;
  env: Environment;
  trx: Transaction<Schema>;
  at: Temporal.Instant;
}

/** What a kind of target does with a trip of its own; the table of all is `trip-targets.ts`. */
export interface TripTarget {
  role: Role;
  /** True while a bank's answer would change something: then the customer may begin again. */
  isWaiting(connect: Connect, trip: Trip): Promise<boolean>;
  /**
   * The bank said yes. Locks its row; a target that does not wait any more changes nothing (the bank consent is then
   * given back by `release`). Answers the lanes of what it recorded.
   */
  granted(end: TripEnd, trip: Trip, grant: Grant): Promise<readonly Lane[]>;
  /** The bank, or the customer there, said no, or what came back is not believed. */
  refused(end: TripEnd, trip: Trip, fault: Fault): Promise<readonly Lane[]>;
  /** Where the browser goes once it is decided: an absolute URL. */
  landing(connect: Connect, env: Environment, trip: Trip): Promise<string>;
  /** Where the customer can begin again: an absolute URL of ours. */
  startPage(connect: Connect, env: Environment, trip: Trip): Promise<string>;
  /** After the trip's end: gives the bank consent back where the target does not use it. Throws to be asked again. */
  release(connect: Connect, env: Environment, trip: Trip): Promise<void>;
}

export type TripTargets = Readonly<Partial<Record<TripKind, TripTarget>>>;

/** Throws where the program has no target of this kind, which then cannot have begun a trip. */
export function targetFor(targets: TripTargets, kind: TripKind): TripTarget {
  const target = targets[kind];
  if (!target) throw new Error(`Nothing takes in trips for a ${kind}.`);
  return target;
}

/** Payload `{ env, trip }`. */
export const END_TRIP_TASK = "end_bank_trip";

const LASTS = { minutes: 15 };
/** A second click within this time takes the same trip. */
const REUSABLE_UNTIL_BEFORE_END = { minutes: 5 };
/** A bank answers within seconds; what takes longer than this was cut off. */
const MOST_REDEEM_S = 60;
/** Long enough that a code redeemed in the last second has been committed. */
const RELEASE_AFTER_END = { minutes: 5 };

export interface TripStart {
  target: { kind: TripKind; id: bigint };
  role: Role;
  provider: Provider;
  /** What the browser's cookie holds; null where it has none, or something else. */
  browser: string | null;
}

export interface Begun {
  /** At the bank. */
  url: URL;
  /** What the cookie has to hold. */
  browser: string;
}

const newBrowser = () => base62(32);
export const isBrowser = (text: string): boolean => /^[0-9A-Za-z]{32}$/.test(text);

/**
 * Makes the bank consent (`create`, unless this browser has just begun the same trip), remembers the trip, and says
 * where the browser goes. Faults are the bank's; nothing is stored then.
 */
export async function beginTrip(
  connect: Connect,
  env: Environment,
  start: TripStart,
  create: () => Promise<Outcome<{ bankConsentId: string }>>,
): Promise<Outcome<Begun>> {
  const { provider } = start;
  const browser = start.browser ?? newBrowser();
  const goTo = async (secrets: TripSecrets, bankConsentId: string): Promise<Outcome<Begun>> => {
    const redirectUri = redirectUriOf(connect, provider.id);
    const url = await provider.authorizationUrl({ ...secrets, for: start.role, bankConsentId, redirectUri });
    return url.ok ? { ok: true, value: { url: url.value, browser } } : url;
  };

  // A payment's `create` answers the same consent for as long as it can be used, which the bank is asked.
  const known =
    start.role === "pis"
      ? null
      : await findUnusedTrip(connect.db, env.id, start.target, {
          provider: provider.id,
          browserHash: sha256(browser),
          until: connect.clock().add(REUSABLE_UNTIL_BEFORE_END),
        });
  if (known) return goTo(openSecrets(env, known), known.bank_consent_id);

  const created = await create();
  if (!created.ok) return created;
  const { bankConsentId } = created.value;
  const secrets = {
    state: base62(32),
    nonce: base62(32),
    codeVerifier: randomBytes(32).toString("base64url"),
  };
  await remember(connect, env, start, { secrets, bankConsentId, browser });
  return goTo(secrets, bankConsentId);
}

interface Remembered {
  secrets: TripSecrets;
  bankConsentId: string;
  browser: string;
}

/** Also where the way to the bank fails afterwards: the job gives the bank consent back. */
async function remember(
  connect: Connect,
  env: Environment,
  { target, provider }: TripStart,
  { secrets, bankConsentId, browser }: Remembered,
): Promise<void> {
  const now = connect.clock();
  const expires = now.add(LASTS);
  const stateHash = sha256(secrets.state);
  await inTransaction(connect.db, async ({ trx }) => {
    const row = {
      env_id: env.id,
      state_hash: stateHash,
      browser_hash: sha256(browser),
      secrets: sealText(env.dataKey, JSON.stringify(secrets), placeOf(stateHash)),
      provider: provider.id,
      bank_consent_id: bankConsentId,
      created_at: now,
      expires_at: expires,
    };
    const id = await insertTrip(trx, row, target);
    await addJob(trx, {
      task: END_TRIP_TASK,
      payload: { env: env.id, trip: String(id) },
      runAt: expires.add(RELEASE_AFTER_END),
    });
  });
}

export type Return =
  /** The target has its outcome, from this request or an earlier one: go to its landing. */
  | { is: "decided"; env: Environment; trip: Trip }
  /** Another request of the same visit is asking the bank. */
  | { is: "working" }
  /** The target still waits: the customer begins again. */
  | { is: "again"; env: Environment; trip: Trip; why: BankFault | "interrupted" | "expired" }
  /** Not the browser that began. Nothing was used. */
  | { is: "other_browser" }
  /** No such trip, or one long gone. */
  | { is: "unknown" };

/** What came back from a bank. `browser` is what the cookie holds. */
export async function returnFromBank(
  connect: Connect,
  targets: TripTargets,
  { provider, callback, browser }: { provider: string; callback: Callback; browser: string | null },
): Promise<Return> {
  const { state } = callback;
  const row = state ? await findTripByState(connect.db, sha256(state), provider) : null;
  if (!state || !row) return { is: "unknown" };
  if (browser === null || !timingSafeEqual(sha256(browser), row.browser_hash)) return { is: "other_browser" };
  const env = await connect.environment(row.env_id);
  const trip = tripOf(row);
  const target = targetFor(targets, trip.kind);
  if (!(await useTrip(connect.db, row, connect.clock())))
    return earlier(connect, env, target, trip, row.state_hash);

  const outcome = await redeem(connect, env, target, row, callback);
  if (!outcome.ok && (outcome.fault === "unavailable" || outcome.fault === "rate_limited")) {
    logFault(connect, trip, outcome);
    return { is: "again", env, trip, why: outcome.fault };
  }
  const lanes = await inTransaction(connect.db, async ({ trx }) => {
    const end: TripEnd = { connect, env, trx, at: connect.clock() };
    return outcome.ok ? target.granted(end, trip, outcome.value) : target.refused(end, trip, outcome);
  });
  if (!outcome.ok) logFault(connect, trip, outcome);
  connect.wake(lanes);
  return { is: "decided", env, trip };
}

/** Refreshed, gone back to, clicked twice, or too late: says what has become of it, and changes nothing. */
async function earlier(
  connect: Connect,
  env: Environment,
  target: TripTarget,
  trip: Trip,
  stateHash: Buffer,
): Promise<Return> {
  // Read again: the request that used it may have done so since.
  const row = await findTripByState(connect.db, stateHash, trip.provider);
  if (!row) return { is: "unknown" };
  if (!(await target.isWaiting(connect, trip))) return { is: "decided", env, trip };
  if (!row.used_at) return { is: "again", env, trip, why: "expired" };
  const seconds = row.used_at.until(connect.clock()).total("seconds");
  return seconds < MOST_REDEEM_S ? { is: "working" } : { is: "again", env, trip, why: "interrupted" };
}

async function redeem(
  connect: Connect,
  env: Environment,
  target: TripTarget,
  row: TripRow,
  callback: Callback,
): Promise<Outcome<Grant>> {
  const provider = connect.providers.find(row.provider);
  if (!provider)
    return {
      ok: false,
      fault: "unavailable",
      message: "The bank is not configured.",
      code: null,
      retryAfterS: null,
    };
  return provider.redeem(callback, {
    ...openSecrets(env, row),
    for: target.role,
    bankConsentId: row.bank_consent_id,
    redirectUri: redirectUriOf(connect, row.provider),
  });
}

const redirectUriOf = ({ publicUrl }: Connect, provider: string) => `${publicUrl}/callback/${provider}`;

export function tripOf(row: TripRow): Trip {
  const { kind, id: targetId } = targetOf(row);
  const { env_id: envId, id, provider, bank_consent_id: bankConsentId } = row;
  return { envId, id, kind, targetId, provider, bankConsentId };
}

/** A trip has no public id; its state's hash is as much its own. */
const placeOf = (stateHash: Buffer) => ({
  table: "bank_trips",
  column: "secrets",
  row: stateHash.toString("hex"),
});

function openSecrets({ dataKey }: Environment, { secrets, state_hash }: TripRow): TripSecrets {
  const stored: TripSecrets = JSON.parse(openText(dataKey, secrets, placeOf(state_hash)));
  return stored;
}

function logFault(connect: Connect, { envId, kind, provider }: Trip, { fault, code }: Fault): void {
  connect.log.info(
    { env_id: envId, for: kind, provider, fault, code },
    "a trip to a bank ended without a grant",
  );
}
