/**
 * What a provider is: one bank, or many behind one interface, as the state machines of this room see it. A new
 * provider is a folder beside this file that makes one of these, and passes the conformance suite
 * (`docs/providers.md`). It holds no state of ours: grants go in and come out as values, and whoever calls stores them.
 *
 * Amounts are minor units (bigint), currencies lower case, instants Temporal.
 */

export type Role = "ais" | "pis";
export type Scope = "accounts" | "balance" | "transactions";

/** Why a bank did not do what was asked. Its message is ours: what the bank wrote may hold personal data. */
export type BankFault =
  /** The customer, or the bank in their name, said no. */
  | "access_denied"
  /** Wrong user name, password or one-time code. */
  | "wrong_credentials"
  /** The grant does not hold any more: revoked, expired, or the refresh was refused. */
  | "grant_ended"
  /** The bank refuses the request as it stands; repeating it is useless. */
  | "refused"
  /** 429: `retryAfterS` says when. */
  | "rate_limited"
  /** 5xx, time-out, no connection: what was asked may or may not have been done. */
  | "unavailable"
  /** What came back breaks the standard or a signature: it is not believed. */
  | "invalid_answer";

export interface Fault {
  ok: false;
  fault: BankFault;
  /** Plain words without personal data or secrets. */
  message: string;
  /** The bank's own code, such as UK.OBIE.Field.Invalid; for logs. */
  code: string | null;
  retryAfterS: number | null;
}

export type Outcome<T> = { ok: true; value: T } | Fault;

/** Access that a customer gave. Only ever stored encrypted. */
export interface Grant {
  accessToken: string;
  expiresAt: Temporal.Instant;
  refreshToken: string | null;
  refreshExpiresAt: Temporal.Instant | null;
}

export interface AccountConsentRequest {
  scopes: readonly Scope[];
  /** Null: until revoked. */
  expiresAt: Temporal.Instant | null;
  transactionsFrom: Temporal.Instant | null;
}

/** What has to be remembered between the way to the bank and the way back; encrypted at rest. */
export interface TripSecrets {
  state: string;
  nonce: string;
  codeVerifier: string;
}

export interface TripRequest extends TripSecrets {
  for: Role;
  bankConsentId: string;
  redirectUri: string;
}

/** What the browser brought back: query, or form post. */
export type Callback = Readonly<Record<string, string>>;

export interface ProviderAccount {
  /** The bank's AccountId. */
  ref: string;
  currency: string;
  holderName: string | null;
  nickname: string | null;
  identification: { sort_code?: string; account_number?: string; iban?: string; pan?: string };
  type: "personal" | "business" | "unknown";
  class: "current" | "savings" | "emoney" | "credit_card" | null;
}

export interface ProviderBalance {
  type: "actual" | "interim";
  current: bigint;
  available: bigint | null;
  currency: string;
  overdraft: { limit: bigint; type: string } | null;
}

export interface ProviderTransaction {
  /** The bank's TransactionId; null where it gives none. */
  ref: string | null;
  status: "booked" | "pending";
  at: Temporal.Instant;
  /** Negative for a debit. */
  amount: bigint;
  currency: string;
  description: string;
  reference: string | null;
  merchant: string | null;
  balance: bigint | null;
  partyName: string | null;
}

export interface PaymentInstruction {
  amount: bigint;
  currency: string;
  reference: string | null;
  recipient: { name: string; sortCode: string | null; accountNumber: string | null; iban: string | null };
  /** The payer's account, where it was chosen before. */
  debtor: { sortCode: string; accountNumber: string; name: string | null } | null;
  /** Our payment's id: what the bank plays back. At most 35 characters. */
  endToEndId: string;
}

export type BankPaymentStatus = "authorized" | "executed" | "completed" | "failed";

export interface BankPayment {
  bankPaymentId: string;
  status: BankPaymentStatus;
  /** Where it failed. */
  failureCode: string | null;
}

export interface Notification {
  jti: string;
  /** What it says of which of the bank's own ids. */
  says: "consent_revoked" | "accounts_changed" | "resource_updated";
  bankConsentId: string | null;
  bankPaymentId: string | null;
  bankAccountRef: string | null;
}

export interface AccountInformation {
  createConsent(request: AccountConsentRequest): Promise<Outcome<{ bankConsentId: string }>>;
  /** `authorized`, or how it ended. */
  readConsent(bankConsentId: string): Promise<Outcome<"pending" | "authorized" | "rejected" | "revoked">>;
  revokeConsent(bankConsentId: string): Promise<Outcome<null>>;
  accounts(grant: Grant): Promise<Outcome<ProviderAccount[]>>;
  balances(grant: Grant, accountRef: string): Promise<Outcome<ProviderBalance[]>>;
  /** Page by page in the bank's order; ends after the first fault. Both ends inclusive. */
  transactions(
    grant: Grant,
    accountRef: string,
    range: { from: Temporal.Instant; to: Temporal.Instant },
  ): AsyncIterable<Outcome<ProviderTransaction[]>>;
}

export interface PaymentInitiation {
  /** The same key with the same instruction answers the same consent. */
  createConsent(
    instruction: PaymentInstruction,
    idempotencyKey: string,
  ): Promise<Outcome<{ bankConsentId: string }>>;
  /** The same key never pays twice. */
  pay(
    grant: Grant,
    bankConsentId: string,
    instruction: PaymentInstruction,
    idempotencyKey: string,
  ): Promise<Outcome<BankPayment>>;
  read(bankPaymentId: string): Promise<Outcome<BankPayment>>;
  readConsent(
    bankConsentId: string,
  ): Promise<Outcome<"pending" | "authorized" | "consumed" | "rejected" | "expired">>;
}

export interface Provider {
  /** Lower-case slug, such as `orion`. */
  id: string;
  name: string;
  roles: readonly Role[];
  logoUrl: string | null;
  bgColors: readonly string[];
  /** BankConnect's identifiers of the banks that it reaches: net banking. */
  bankNames: readonly string[];
  /** Where the customer's browser goes. */
  authorizationUrl(trip: TripRequest): Promise<Outcome<URL>>;
  /** Checks state, nonce and signatures of what came back, and trades the code for a grant. */
  redeem(callback: Callback, trip: TripRequest): Promise<Outcome<Grant>>;
  /** A new grant in place of one that has run out; `grant_ended` where the customer has to come again. */
  refresh(grant: Grant): Promise<Outcome<Grant>>;
  /** Null where it does not have the role. */
  ais: AccountInformation | null;
  pis: PaymentInitiation | null;
  /** A security event token that the bank posted: verified, or a fault. Null where the provider sends none. */
  readNotification: ((token: string) => Promise<Outcome<Notification>>) | null;
  /** Whether the bank answers at all. */
  probe(): Promise<Outcome<null>>;
}

/** The configured providers: read once at start. */
export interface Providers {
  all(): readonly Provider[];
  find(id: string): Provider | null;
}
