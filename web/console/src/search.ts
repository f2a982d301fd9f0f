/** Filters in the URL: what a link says is read strictly, and what it says wrongly is left out. */
import { CASE_STATES, type CaseSearch } from "./api/cases.ts";
import {
  CONSENT_STATUSES,
  PAYMENT_STATUSES,
  type ConsentStatus,
  type PaymentStatus,
} from "./api/open-banking.ts";
import { REQUEST_METHODS, REQUEST_STATUSES, type RequestSearch } from "./api/requests.ts";
import type { DeliveryStatus } from "./api/types.ts";

const STATUSES = [
  "waiting",
  "retrying",
  "delivered",
  "exhausted",
  "expired",
  "withdrawn",
] as const satisfies readonly DeliveryStatus[];

type Search = Record<string, unknown>;

/** `{[name]: text}`, or nothing where it is not there. */
export function text<K extends string>(search: Search, name: K): { [key in K]?: string } {
  const value = search[name];
  const given: { [key in K]?: string } = {};
  if (typeof value === "string" && value !== "") given[name] = value;
  return given;
}

function instant<K extends string>(search: Search, name: K): { [key in K]?: string } {
  const given = text(search, name);
  const value = given[name];
  return value !== undefined && Number.isNaN(Date.parse(value)) ? {} : given;
}

function types(search: Search): { type?: string[] } {
  const given = [search["type"]].flat().filter((value): value is string => typeof value === "string");
  return given.length > 0 ? { type: given } : {};
}

export interface EventSearch {
  type?: string[] | undefined;
  resource?: string | undefined;
  subject?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

export interface DeliverySearch extends EventSearch {
  endpoint?: string | undefined;
  status?: DeliveryStatus | undefined;
}

export const readEventSearch = (search: Search): EventSearch => ({
  ...types(search),
  ...text(search, "resource"),
  ...text(search, "subject"),
  ...instant(search, "from"),
  ...instant(search, "to"),
});

export function readDeliverySearch(search: Search): DeliverySearch {
  const status = STATUSES.find((one) => one === search["status"]);
  return { ...readEventSearch(search), ...text(search, "endpoint"), ...(status ? { status } : {}) };
}

export const DELIVERY_STATUSES = STATUSES;

export function readConsentSearch(search: Search): { status?: ConsentStatus } {
  const status = CONSENT_STATUSES.find((one) => one === search["status"]);
  return status ? { status } : {};
}

export function readPaymentSearch(search: Search): { status?: PaymentStatus } {
  const status = PAYMENT_STATUSES.find((one) => one === search["status"]);
  return status ? { status } : {};
}

export function readRequestSearch(search: Search): RequestSearch {
  const status = REQUEST_STATUSES.find((one) => one === search["status"]);
  const method = REQUEST_METHODS.find((one) => one === search["method"]);
  return { ...text(search, "search"), ...(status ? { status } : {}), ...(method ? { method } : {}) };
}

const KINDS = ["session", "entity"] as const;

export function readCaseSearch(search: Search): CaseSearch {
  const kind = KINDS.find((one) => one === search["kind"]);
  const state = CASE_STATES.find((one) => one === search["state"]);
  return { ...text(search, "search"), ...(kind ? { kind } : {}), ...(state ? { state } : {}) };
}
