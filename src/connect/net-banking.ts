/**
 * Net banking of the BankConnect contract, as this room serves it: the way to the bank and back for a session or entity,
 * and one look at all accounts. What is recorded of it is intake's (`NetBankingSink`), which `net-banking.ts` beside `app.ts` hands in.
 */
import type { Transaction } from "kysely";
import type { Environment } from "../store/environments.ts";
import type { Lane } from "../store/events.ts";
import type { Schema } from "../store/schema.ts";
import type { Connect } from "./context.ts";
import { readGrant, writeGrant } from "./grants.ts";
import type {
  AccountInformation,
  BankFault,
  Fault,
  Grant,
  Outcome,
  Provider,
  ProviderAccount,
  ProviderTransaction,
  Providers,
} from "./providers/provider.ts";
import { beginTrip, type Begun, type Trip, type TripTarget } from "./trips.ts";

/** Of the faults what net banking tells apart. */
export type VisitFault = "wrong_credentials" | "access_denied" | "ended" | "again" | "broken";

const VISIT_FAULTS: Readonly<Record<BankFault, VisitFault>> = {
  access_denied: "access_denied",
  wrong_credentials: "wrong_credentials",
  grant_ended: "ended",
  refused: "broken",
  rate_limited: "again",
  unavailable: "again",
  invalid_answer: "broken",
};

interface Visit {
  /** Internal key. */
  sessionId: bigint;
  bank: string;
  provider: string;
  bankConsentId: string;
}

/** What is done with a visit's outcome. */
export interface NetBankingSink {
  isWaiting(envId: number, visit: Visit): Promise<boolean>;
  granted(
    trx: Transaction<Schema>,
    env: Environment,
    visit: Visit & { access: string; at: Temporal.Instant },
  ): Promise<void>;
  refused(
    trx: Transaction<Schema>,
    env: Environment,
    visit: Visit & { fault: VisitFault; at: Temporal.Instant },
  ): Promise<readonly Lane[]>;
  /** Null while nothing has come of it. */
  outcome(envId: number, visit: Visit): Promise<{ errorType: string | null } | null>;
  /** Where the browser goes once it is decided. `errorType`: null where it went well, else NB000 and its like. */
  landingUrl(
    env: Environment,
    visit: Omit<Visit, "bankConsentId">,
    errorType: string | null,
  ): Promise<string>;
  /** Where the customer can begin again. */
  startUrl(env: Environment, visit: Omit<Visit, "bankConsentId">): Promise<string>;
}

/** Whoever lends in earnest must not take its invented figures for a customer's. */
const SANDBOX_BANK = "orion";
/** Of the contract's error types, where nothing says more. */
const FAILED = "NB000";
/** For one look: nobody comes back to it. */
const LOOK_LASTS = { hours: 24 };

/** The banks that customers of a kind of environment can connect: the sandbox bank is none of a live one. */
export const banksOf = (
  providers: Providers,
  mode: "live" | "sandbox",
): { bank: string; name: string; provider: string }[] =>
  providers
    .all()
    .filter(({ ais, id }) => ais !== null && (mode === "sandbox" || id !== SANDBOX_BANK))
    .flatMap(({ id, name, bankNames }) => bankNames.map((bank) => ({ bank, name, provider: id })));

/** Sends the customer to a bank. Faults are the bank's. */
export async function beginVisit(
  connect: Connect,
  env: Environment,
  {
    sessionId,
    provider,
    browser,
    from,
  }: {
    sessionId: bigint;
    provider: Provider;
    browser: string | null;
    /** Transactions from here on. */
    from: Temporal.Instant;
  },
): Promise<Outcome<Begun>> {
  const { ais } = provider;
  if (!ais) throw new Error(`${provider.id} does not give accounts.`);
  const start = { target: { kind: "session", id: sessionId }, role: "ais", provider, browser } as const;
  return beginTrip(connect, env, start, () =>
    ais.createConsent({
      scopes: ["accounts", "balance", "transactions"],
      expiresAt: connect.clock().add(LOOK_LASTS),
      transactionsFrom: from,
    }),
  );
}

const visitOf = (connect: Connect, { targetId, provider, bankConsentId }: Trip): Visit => ({
  sessionId: targetId,
  bank: connect.providers.find(provider)?.bankNames[0] ?? provider,
  provider,
  bankConsentId,
});

export const sessionTrip: TripTarget = {
  role: "ais",
  isWaiting: (connect, trip) => connect.netBanking.isWaiting(trip.envId, visitOf(connect, trip)),
  async granted({ connect, env, trx, at }, trip, grant) {
    const visit = { ...visitOf(connect, trip), access: writeGrant(grant), at };
    await connect.netBanking.granted(trx, env, visit);
    return [];
  },
  refused: ({ connect, env, trx, at }, trip, { fault }) =>
    connect.netBanking.refused(trx, env, { ...visitOf(connect, trip), fault: VISIT_FAULTS[fault], at }),
  async landing(connect, env, trip) {
    const visit = visitOf(connect, trip);
    const outcome = await connect.netBanking.outcome(env.id, visit);
    return connect.netBanking.landingUrl(env, visit, outcome ? outcome.errorType : FAILED);
  },
  startPage: (connect, env, trip) => connect.netBanking.startUrl(env, visitOf(connect, trip)),
  async release(connect, _, trip) {
    const outcome = await connect.netBanking.outcome(trip.envId, visitOf(connect, trip));
    if (outcome?.errorType === null) return;
    // Never come back, or refused: the consent is of no use.
    if (!(await endConsent(connect.providers.find(trip.provider), trip.bankConsentId))) {
      throw new Error(`The bank ${trip.provider} was not told that a consent is not used.`);
    }
  },
};

/** False where the bank has to be told again. */
export async function endConsent(provider: Provider | null, bankConsentId: string): Promise<boolean> {
  if (!provider?.ais) return true;
  const ended = await provider.ais.revokeConsent(bankConsentId);
  // What does not hold any more is as good as ended.
  return ended.ok || ended.fault === "grant_ended" || ended.fault === "refused";
}

interface LookedAccount {
  /** ISO 4217. */
  currency: string;
  holderName: string | null;
  accountNumber: string | null;
  sortCode: string | null;
  iban: string | null;
  type: ProviderAccount["type"];
  class: ProviderAccount["class"];
  balance: bigint | null;
  rows: ProviderTransaction[];
}

export type Look =
  | { ok: true; accounts: LookedAccount[] }
  | { ok: false; fault: VisitFault; message: string };

interface Range {
  from: Temporal.Instant;
  to: Temporal.Instant;
}

/** All booked rows of all accounts that a grant opens. Both ends inclusive. */
export async function lookAt(provider: Provider | null, access: string, range: Range): Promise<Look> {
  if (!provider?.ais) return { ok: false, fault: "broken", message: "The bank is not configured." };
  const { ais } = provider;
  const grant = readGrant(access);
  const first = await accountsAndRows(ais, grant, range);
  if (first.ok) return { ok: true, accounts: first.value };
  // Grants last minutes: it may have run out while the bank was out, or over a long history.
  if (first.fault !== "grant_ended" || grant.refreshToken === null) return lookFault(first);
  const fresh = await provider.refresh(grant);
  const second = fresh.ok ? await accountsAndRows(ais, fresh.value, range) : fresh;
  return second.ok ? { ok: true, accounts: second.value } : lookFault(second);
}

async function accountsAndRows(
  ais: AccountInformation,
  grant: Grant,
  range: Range,
): Promise<Outcome<LookedAccount[]>> {
  const accounts = await ais.accounts(grant);
  if (!accounts.ok) return accounts;
  const looked: LookedAccount[] = [];
  for (const account of accounts.value) {
    const one = await lookAtAccount(ais, grant, account, range);
    if (!one.ok) return one;
    looked.push(one.value);
  }
  return { ok: true, value: looked };
}

const lookFault = ({ fault, message }: Fault): Look => ({ ok: false, fault: VISIT_FAULTS[fault], message });

/** A statement has one: its sums would be of two. */
const OTHER_CURRENCY: Fault = {
  ok: false,
  fault: "invalid_answer",
  message: "A row of the bank's is in another currency than its account.",
  code: null,
  retryAfterS: null,
};

async function lookAtAccount(
  ais: AccountInformation,
  grant: Grant,
  account: ProviderAccount,
  range: Range,
): Promise<Outcome<LookedAccount>> {
  const balances = await ais.balances(grant, account.ref);
  if (!balances.ok) return balances;
  const rows: ProviderTransaction[] = [];
  for await (const page of ais.transactions(grant, account.ref, range)) {
    if (!page.ok) return page;
    const booked = page.value.filter(({ status }) => status === "booked");
    if (booked.some(({ currency }) => currency !== account.currency)) return OTHER_CURRENCY;
    rows.push(...booked);
  }
  const { identification: id } = account;
  const value = {
    currency: account.currency.toUpperCase(),
    holderName: account.holderName,
    accountNumber: id.account_number ?? id.pan ?? null,
    sortCode: id.sort_code ?? null,
    iban: id.iban ?? null,
    type: account.type,
    class: account.class,
    balance:
      balances.value.find(({ type, currency }) => type === "actual" && currency === account.currency)
        ?.current ?? null,
    rows,
  };
  return { ok: true, value };
}

/** Where no session is to be had: nothing is connected, and nobody comes back. */
export const NO_NET_BANKING: NetBankingSink = {
  isWaiting: async () => false,
  granted: async () => undefined,
  refused: async () => [],
  outcome: async () => null,
  landingUrl: () => Promise.reject(new Error("Net banking is not put together here.")),
  startUrl: () => Promise.reject(new Error("Net banking is not put together here.")),
};
