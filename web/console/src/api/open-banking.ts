/**
 * The open-banking contract below `/console/api/open-banking`: answers and calls. `test/console-pages-types.test.ts` holds
 * the types to the server's schemas. Money is in major units, currencies are lower case, as the contract has them.
 */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { call, type Environment } from "./client.ts";

export interface OpenBankingList<T> {
  data: T[];
  count: number;
  paging: { total: number; next: string | null; prev: string | null };
}

export interface Customer {
  id: string;
  object: "customer" | "vendor";
  name: string;
  email: string | null;
  phone: string | null;
  currency: string | null;
  metadata: Record<string, string>;
  created_at: string;
  updated_at: string;
}

export const CONSENT_STATUSES = ["new", "pending", "authorized", "failed", "expired", "canceled"] as const;
export type ConsentStatus = (typeof CONSENT_STATUSES)[number];

export interface Consent {
  id: string;
  object: "consent";
  created_at: string;
  updated_at: string;
  authed_at: string | null;
  renewed_at: string | null;
  reconfirm_by: string | null;
  provider: string | null;
  customer: string | null;
  vendor: string | null;
  consent_link: string | null;
  failure_code: string | null;
  failure_message: string | null;
  expiry_date: string;
  retro_date: string | null;
  scopes: string[];
  status: ConsentStatus;
  redirect: { return_url: string | null; consent_url: string } | null;
  metadata: Record<string, string>;
}

export interface BankAccount {
  id: string;
  object: "bank_account";
  created_at: string;
  updated_at: string;
  customer: string | null;
  vendor: string | null;
  consent: string | null;
  provider: string;
  holder_name: string | null;
  nickname: string | null;
  currency: string;
  identification: {
    sort_code?: string | undefined;
    account_number?: string | undefined;
    iban?: string | undefined;
    pan?: string | undefined;
  };
  type: "personal" | "business" | "unknown";
  class: "current" | "savings" | "emoney" | "credit_card" | null;
  fingerprint: string;
  metadata: Record<string, string>;
}

export interface Balance {
  type: "actual" | "interim";
  current: number;
  available: number | null;
  currency: string;
  overdraft: { limit: number; type: string | null } | null;
  synced_at: string;
}

export interface Sync {
  status: "idle" | "running";
  synced_from: string | null;
  synced_to: string | null;
  auto_sync_interval: string | null;
}

export interface BankTransaction {
  id: string;
  object: "transaction";
  timestamp: string;
  amount: number;
  currency: string;
  type: "debit" | "credit";
  description: string;
  reference: string | null;
  category: string | null;
  merchant: string | null;
  balance: number | null;
  status: "booked" | "pending";
  metadata: Record<string, string>;
  bank_account: string;
  consent: string | null;
}

export const PAYMENT_STATUSES = [
  "new",
  "pending",
  "authorized",
  "executed",
  "completed",
  "failed",
  "canceled",
  "expired",
] as const;
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];

export interface Payment {
  id: string;
  object: "payment";
  created_at: string;
  updated_at: string;
  customer: string | null;
  vendor: string | null;
  provider: string | null;
  bank_account: string | null;
  batch_payment: string | null;
  amount: number;
  currency: string;
  reference: string | null;
  description: string | null;
  recipient: {
    name: string;
    identification: {
      sort_code?: string | undefined;
      account_number?: string | undefined;
      iban?: string | undefined;
    };
  };
  status: PaymentStatus;
  authed_at: string | null;
  executed_at: string | null;
  completed_at: string | null;
  expires_at: string;
  failure_code: string | null;
  failure_message: string | null;
  redirect: { return_url: string | null; consent_url: string } | null;
  metadata: Record<string, string>;
}

export interface Provider {
  id: string;
  object: "provider";
  name: string;
  roles: ("ais" | "pis")[];
  logo_url: string | null;
  bg_colors: string[];
  health_status: "healthy" | "degraded" | "down";
}

const BASE = "/open-banking";
/** `paging.next` is a path from the root of the host. */
const FROM_ROOT = `/console/api`;

type Filters = Readonly<Record<string, string | undefined>>;

/** Page by page as `paging.next` leads. */
export function openBankingList<T>(environment: Environment, path: string, filters: Filters = {}) {
  const query = new URLSearchParams(
    Object.entries(filters).filter(
      (pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== "",
    ),
  );
  const first = `${BASE}${path}?${query.toString()}`;
  return infiniteQueryOptions({
    queryKey: [environment, "open-banking", path, filters],
    queryFn: ({ pageParam }) => call<OpenBankingList<T>>(pageParam, { environment }),
    initialPageParam: first,
    getNextPageParam: ({ paging }) => paging.next?.slice(FROM_ROOT.length) ?? undefined,
  });
}

/** One object, or what stands below it. */
export const openBankingObject = <T>(environment: Environment, path: string, live = false) =>
  queryOptions({
    queryKey: [environment, "open-banking", path],
    queryFn: () => call<T>(`${BASE}${path}`, { environment }),
    refetchInterval: live ? 3000 : false,
  });

export const openBankingPost = <T>(environment: Environment, path: string) =>
  call<T>(`${BASE}${path}`, { environment, json: {} });
