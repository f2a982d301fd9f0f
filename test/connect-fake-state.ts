/** What the scripted bank keeps, and how each of its methods runs; `connect-fake-provider.ts` says how to use it. */
import type {
  AccountConsentRequest,
  BankFault,
  BankPayment,
  BankPaymentStatus,
  Callback,
  Fault,
  Notification,
  Outcome,
  PaymentInstruction,
  Provider,
  ProviderAccount,
  ProviderBalance,
  ProviderTransaction,
  Providers,
  Role,
} from "../src/connect/providers/provider.ts";

export type FakeMethod =
  | "authorizationUrl"
  | "redeem"
  | "refresh"
  | "probe"
  | "readNotification"
  | "ais.createConsent"
  | "ais.readConsent"
  | "ais.revokeConsent"
  | "ais.accounts"
  | "ais.balances"
  | "ais.transactions"
  | "pis.createConsent"
  | "pis.readConsent"
  | "pis.pay"
  | "pis.read";

type ConsentStatus = "pending" | "authorized" | "consumed" | "rejected" | "revoked" | "expired";

export interface FakeConsent {
  id: string;
  for: Role;
  status: ConsentStatus;
  request: AccountConsentRequest | PaymentInstruction;
  idempotencyKey: string | null;
}

export interface FakePayment extends BankPayment {
  consentId: string;
  idempotencyKey: string;
  instruction: PaymentInstruction;
}

export interface FakeAccountData {
  account?: Partial<ProviderAccount>;
  balances?: ProviderBalance[];
  transactions?: ProviderTransaction[];
}

export interface FakeBank {
  provider: Provider;
  providers: Providers;
  /** Every call in order, such as `pis.pay`. */
  calls: FakeMethod[];
  accounts: Map<string, { account: ProviderAccount; balances: ProviderBalance[] }>;
  /** By account; the bank answers them in this order. */
  transactions: Map<string, ProviderTransaction[]>;
  consents: Map<string, FakeConsent>;
  payments: Map<string, FakePayment>;
  /** Rows of a page of transactions. */
  pageSize: number;
  /** What a new payment is. */
  nextPaymentStatus: BankPaymentStatus;
  addAccount(ref: string, data?: FakeAccountData): void;
  /** The next `times` calls of the method fail so, without any effect. */
  failNext(method: FakeMethod, fault: BankFault, options?: { times?: number; retryAfterS?: number }): void;
  /** The next call of the method has its effect, but its answer is lost: `unavailable`. */
  loseNext(method: FakeMethod): void;
  /** Runs in each call: before its effect, and after it, before its answer. Throw or kill there. */
  hook: ((method: FakeMethod, phase: "before" | "after") => void | Promise<void>) | null;
  /** What the browser brings back from the bank's page. */
  visit(url: URL, answer?: "allow" | "deny"): Callback;
  /** The customer withdraws at the bank: grants of the consent end. */
  revokeAtBank(bankConsentId: string): void;
  settlePayment(bankPaymentId: string, status: BankPaymentStatus, failureCode?: string | null): void;
  /** A token for `readNotification`. */
  notification(says: Omit<Notification, "jti"> & { jti?: string }): string;
  /** Every token that it ever gave: none may be read in a log or an event. */
  secrets: Set<string>;
}

export interface FakeOptions {
  clock: () => Temporal.Instant;
  id?: string;
  roles?: readonly Role[];
  bankNames?: readonly string[];
  /** How long an access token holds. */
  grantSeconds?: number;
  /** False: its grants come without a refresh token. */
  refreshes?: boolean;
}

export const fail = (fault: BankFault, retryAfterS: number | null = null): Fault => ({
  ok: false,
  fault,
  message: `The bank's answer: ${fault}.`,
  code: null,
  retryAfterS,
});
export const ok = <T>(value: T): Outcome<T> => ({ ok: true, value });

export interface State {
  codes: Map<string, { consentId: string; nonce: string; redirectUri: string }>;
  /** Live tokens and the consent that they speak for. */
  access: Map<string, { consentId: string; expiresAt: Temporal.Instant }>;
  refresh: Map<string, string>;
  faults: Map<FakeMethod, Fault[]>;
  lost: FakeMethod[];
}

export function consentOf(bank: FakeBank, id: string): FakeConsent {
  const consent = bank.consents.get(id);
  if (!consent) throw new Error(`The fake bank has no consent ${id}.`);
  return consent;
}

export function endGrants(state: State, consentId: string): void {
  for (const [token, grant] of state.access) if (grant.consentId === consentId) state.access.delete(token);
  for (const [token, of] of state.refresh) if (of === consentId) state.refresh.delete(token);
}

/** Each method: count, hook, scripted fault, effect, hook, lost answer. */
export function around(bank: FakeBank, state: State) {
  return async <T>(method: FakeMethod, effect: () => Outcome<T>): Promise<Outcome<T>> => {
    bank.calls.push(method);
    await bank.hook?.(method, "before");
    const fault = state.faults.get(method)?.shift();
    if (fault) return fault;
    const outcome = effect();
    await bank.hook?.(method, "after");
    const lost = state.lost.indexOf(method);
    if (lost === -1) return outcome;
    state.lost.splice(lost, 1);
    return fail("unavailable");
  };
}

export type Run = ReturnType<typeof around>;
