/**
 * A bank that a test scripts: a plain value behind the interface of `src/connect/providers/provider.ts`, without
 * a network. It keeps what a bank keeps (consents, grants, payments by idempotency key), so that rules such as
 * "the same key never pays twice" hold here as they do at a real one.
 *
 *     const bank = fakeBank({ clock });
 *     bank.addAccount("acc-1", { transactions: [booked("t1", -1250n, "2026-01-02T10:00:00Z")] });
 *     bank.failNext("ais.balances", "rate_limited", { retryAfterS: 30 });
 *     const callback = bank.visit(url);            // the customer says yes; visit(url, "deny") says no
 */
import { randomUUID } from "node:crypto";
import { sha256 } from "../src/platform/crypto.ts";
import { accountInformation, paymentInitiation } from "./connect-fake-roles.ts";
import type {
  Callback,
  Grant,
  Notification,
  Outcome,
  Provider,
  ProviderAccount,
  ProviderBalance,
  ProviderTransaction,
  TripRequest,
} from "../src/connect/providers/provider.ts";
import {
  fail,
  ok,
  consentOf,
  endGrants,
  around,
  type FakeBank,
  type FakeOptions,
  type State,
} from "./connect-fake-state.ts";

export type {
  FakeAccountData,
  FakeBank,
  FakeConsent,
  FakeMethod,
  FakeOptions,
  FakePayment,
} from "./connect-fake-state.ts";

/** A booked row of an invented bank; negative amounts are debits. */
export const booked = (
  ref: string,
  amount: bigint,
  at: string,
  more: Partial<ProviderTransaction> = {},
): ProviderTransaction => ({
  ref,
  status: "booked",
  at: Temporal.Instant.from(at),
  amount,
  currency: "gbp",
  description: `CARD PAYMENT ${ref}`,
  reference: null,
  merchant: null,
  balance: null,
  partyName: null,
  ...more,
});

export function fakeBank(options: FakeOptions): FakeBank {
  const state: State = {
    codes: new Map(),
    access: new Map(),
    refresh: new Map(),
    faults: new Map(),
    lost: [],
  };
  const bank: FakeBank = {
    provider: { id: "" } as Provider,
    providers: { all: () => [bank.provider], find: (id) => (id === bank.provider.id ? bank.provider : null) },
    calls: [],
    accounts: new Map(),
    transactions: new Map(),
    consents: new Map(),
    payments: new Map(),
    pageSize: 100,
    nextPaymentStatus: "executed",
    hook: null,
    secrets: new Set(),
    addAccount(ref, data = {}) {
      const account = { ...accountOf(ref, bank.accounts.size), ...data.account };
      bank.accounts.set(ref, { account, balances: data.balances ?? [balanceOf(100_00n)] });
      bank.transactions.set(ref, data.transactions ?? []);
    },
    failNext(method, fault, { times = 1, retryAfterS } = {}) {
      const queue = state.faults.get(method) ?? [];
      for (let i = 0; i < times; i++) queue.push(fail(fault, retryAfterS ?? null));
      state.faults.set(method, queue);
    },
    loseNext: (method) => void state.lost.push(method),
    visit: (url, answer = "allow") => visit(bank, state, url, answer),
    revokeAtBank(id) {
      consentOf(bank, id).status = "revoked";
      endGrants(state, id);
    },
    settlePayment(id, status, failureCode = null) {
      const payment = bank.payments.get(id);
      if (!payment) throw new Error(`The fake bank has no payment ${id}.`);
      Object.assign(payment, { status, failureCode });
    },
    notification: ({ jti = randomUUID(), ...rest }) => signed(JSON.stringify({ jti, ...rest })),
  };
  bank.provider = makeProvider(bank, state, options);
  return bank;
}

/** Stands for a signature: what was altered does not fit. */
const signed = (text: string): string =>
  ["fake", Buffer.from(text).toString("base64url"), sha256(`fake ${text}`).toString("base64url")].join(".");

const accountOf = (ref: string, index: number): ProviderAccount => ({
  ref,
  currency: "gbp",
  holderName: "Invented Holder",
  nickname: null,
  identification: { sort_code: "00-00-00", account_number: String(10_000_000 + index) },
  type: "personal",
  class: "current",
});

export const balanceOf = (current: bigint, more: Partial<ProviderBalance> = {}): ProviderBalance => ({
  type: "actual",
  current,
  available: current,
  currency: "gbp",
  overdraft: null,
  ...more,
});

function visit(bank: FakeBank, state: State, url: URL, answer: "allow" | "deny"): Callback {
  const of = (name: string) => url.searchParams.get(name) ?? "";
  const consent = consentOf(bank, of("consent"));
  if (answer === "deny") {
    consent.status = "rejected";
    return { error: "access_denied", state: of("state") };
  }
  consent.status = "authorized";
  const code = randomUUID();
  bank.secrets.add(code);
  state.codes.set(code, { consentId: consent.id, nonce: of("nonce"), redirectUri: of("redirect_uri") });
  return { code, state: of("state") };
}

function makeProvider(bank: FakeBank, state: State, options: FakeOptions): Provider {
  const run = around(bank, state);
  const roles = options.roles ?? ["ais", "pis"];
  const { clock, id = "fakebank" } = options;
  return {
    id,
    name: "Fake Bank",
    roles,
    logoUrl: null,
    bgColors: ["#123456"],
    bankNames: options.bankNames ?? [],
    authorizationUrl: (trip) =>
      run("authorizationUrl", () => {
        if (!bank.consents.has(trip.bankConsentId)) return fail("refused");
        const url = new URL(`https://${id}.example/authorize`);
        url.searchParams.set("consent", trip.bankConsentId);
        url.searchParams.set("state", trip.state);
        url.searchParams.set("nonce", trip.nonce);
        url.searchParams.set("redirect_uri", trip.redirectUri);
        return ok(url);
      }),
    redeem: (callback, trip) => run("redeem", () => redeem(bank, state, options, callback, trip)),
    refresh: (grant) =>
      run("refresh", () => {
        const consentId = state.refresh.get(grant.refreshToken ?? "");
        if (consentId === undefined) return fail("grant_ended");
        // Rotated: the old one is of no use any more.
        endGrants(state, consentId);
        return ok(newGrant(bank, state, options, consentId));
      }),
    ais: roles.includes("ais") ? accountInformation(bank, state, run, clock) : null,
    pis: roles.includes("pis") ? paymentInitiation(bank, state, run, clock) : null,
    readNotification: (token) =>
      run("readNotification", () => {
        const text = Buffer.from(token.split(".")[1] ?? "", "base64url").toString();
        if (token !== signed(text)) return fail("invalid_answer");
        const notification: Notification = JSON.parse(text);
        return ok(notification);
      }),
    probe: () => run("probe", () => ok(null)),
  };
}

function redeem(
  bank: FakeBank,
  state: State,
  options: FakeOptions,
  callback: Callback,
  trip: TripRequest,
): Outcome<Grant> {
  if (callback["state"] !== trip.state) return fail("invalid_answer");
  if (callback["error"] !== undefined) return fail("access_denied");
  const code = callback["code"] ?? "";
  const known = state.codes.get(code);
  state.codes.delete(code);
  if (!known || known.consentId !== trip.bankConsentId || known.redirectUri !== trip.redirectUri) {
    return fail("refused");
  }
  if (known.nonce !== trip.nonce) return fail("invalid_answer");
  return ok(newGrant(bank, state, options, known.consentId));
}

function newGrant(bank: FakeBank, state: State, options: FakeOptions, consentId: string): Grant {
  const { clock, grantSeconds = 300, refreshes = true } = options;
  const expiresAt = clock().add({ seconds: grantSeconds });
  const accessToken = `access-${randomUUID()}`;
  const refreshToken = refreshes ? `refresh-${randomUUID()}` : null;
  state.access.set(accessToken, { consentId, expiresAt });
  bank.secrets.add(accessToken);
  if (refreshToken !== null) {
    state.refresh.set(refreshToken, consentId);
    bank.secrets.add(refreshToken);
  }
  return { accessToken, expiresAt, refreshToken, refreshExpiresAt: null };
}
