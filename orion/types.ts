/**
 * The bank's words. Instants are epoch milliseconds in the bank's own time (`Bank.now()`), money is whole pence.
 *
 * - *client*: a program that was registered, such as Bankbell. The standard calls it TPP.
 * - *consent*: what a customer is asked for; the standard's intent. Bound to a client, then to a customer.
 * - *visit*: one customer on the way through the authorisation pages.
 * - *grant*: what one authorisation gave: every token that came of it ends with it.
 * - *posting*: a movement that is none of the generated ones: by payment, or put there by a tester.
 */
import type { JSONWebKeySet, JWTPayload } from "jose";
import type { PaymentInitiation, PaymentRisk } from "./schemas/payments.ts";
import type { AccountConsentRequest, Permission } from "./schemas/accounts.ts";

export interface Client {
  client_id: string;
  /** Public keys alone. */
  jwks: JSONWebKeySet;
  redirect_uris: string[];
  event_notification_url: string | null;
  /** What its detached signatures must name as issuer and trust anchor. */
  jws: { iss: string; tan: string };
}

interface ConsentBase {
  id: string;
  clientId: string;
  created: number;
  updated: number;
  /** Who authorised it. */
  username: string | null;
}

export type AccountConsentStatus = "AwaitingAuthorisation" | "Authorised" | "Rejected" | "Revoked";

export interface AccountConsent extends ConsentBase {
  kind: "accounts";
  status: AccountConsentStatus;
  permissions: Permission[];
  expires: number | null;
  /** Bounds of the transactions that may be read. */
  from: number | null;
  to: number | null;
  /** As they were sent, to be answered alike. */
  dates: Omit<AccountConsentRequest["Data"], "Permissions">;
  accountIds: string[];
}

export type PaymentConsentStatus = "AwaitingAuthorisation" | "Authorised" | "Consumed" | "Rejected";

export interface PaymentConsent extends ConsentBase {
  kind: "payments";
  status: PaymentConsentStatus;
  initiation: PaymentInitiation;
  risk: PaymentRisk;
  /** `ReadRefundAccount`, `Authorisation`, `SCASupportData` of the request. */
  rest: Record<string, unknown>;
  /** The account that the customer chose to pay from. */
  accountId: string | null;
}

export type Consent = AccountConsent | PaymentConsent;

export type PaymentStatus =
  | "Pending"
  | "Rejected"
  | "AcceptedSettlementInProcess"
  | "AcceptedSettlementCompleted"
  | "AcceptedWithoutPosting"
  | "AcceptedCreditSettlementCompleted";

export interface Payment {
  id: string;
  consentId: string;
  clientId: string;
  accountId: string;
  status: PaymentStatus;
  /** Why it was rejected. */
  reason: string | null;
  created: number;
  updated: number;
  initiation: PaymentInitiation;
  /** What happens by itself, and when; null once it stands still. */
  next: { status: PaymentStatus; at: number; reason: string | null } | null;
}

export interface Posting {
  id: string;
  accountId: string;
  at: number;
  /** Null while pending. */
  bookedAt: number | null;
  /** Negative for debits. */
  minor: number;
  text: string;
}

export interface Token {
  /** SHA-256 of the token, the id too. */
  hash: string;
  kind: "access" | "refresh";
  clientId: string;
  scope: string;
  /** Null for client credentials. */
  consentId: string | null;
  grantId: string | null;
  expires: number;
}

/** An authorisation request that was verified. */
export interface AuthRequest {
  clientId: string;
  responseType: "code" | "code id_token";
  redirectUri: string;
  scope: string;
  state: string | null;
  nonce: string | null;
  codeChallenge: string;
  consentId: string;
}

export interface Visit {
  id: string;
  /** SHA-256 of the cookie of the browser that began. */
  browser: string;
  request: AuthRequest;
  step: "login" | "code" | "consent";
  username: string | null;
  wrong: number;
  created: number;
}

export interface Code {
  hash: string;
  request: AuthRequest;
  username: string;
  grantId: string;
  authenticated: number;
  expires: number;
  used: boolean;
}

/** What one idempotency key of one client at one path has made. */
export interface KeptAnswer {
  bodyHash: string;
  resourceId: string;
  at: number;
}

export interface Subscription {
  id: string;
  clientId: string;
  version: string;
  callbackUrl: string | null;
  eventTypes: string[] | null;
}

/** A security event token on its way to one client. */
export interface Notification {
  jti: string;
  clientId: string;
  claims: JWTPayload;
  /** Where it is pushed; null: it waits to be polled. */
  url: string | null;
}

/** What a tester lets go wrong. */
export interface OrderedFault {
  method?: string | undefined;
  /** Part of the path. */
  path: string;
  /** How many calls it meets. */
  times: number;
  /** Answered before anything is done. */
  status?: number | undefined;
  retry_after?: number | undefined;
  delay_ms?: number | undefined;
  /** The connection ends without an answer, before or after the work is done. */
  cut?: "before" | "after" | undefined;
}
