/** What the form holds, and how it goes to the API and comes from it. Pure. */
import type { Endpoint, EndpointFormat } from "../api/types.ts";

export interface WebhookValues {
  url: string;
  description: string;
  format: EndpointFormat;
  eventTypes: string[];
  ordered: boolean;
  orderHoldSeconds: number | "";
  preset: "standard" | "openbanking";
  /** Seconds, separated by commas or spaces; empty is the preset's. */
  schedule: string;
  timeoutMs: number | "";
  maxInFlight: number | "";
  /** Empty: no limit. */
  rateLimit: number | "";
  /** Empty: never. */
  pauseAfter: number | "";
  headers: { key: string; name: string; value: string }[];
  secretKey: string;
}

export const NEW_WEBHOOK: WebhookValues = {
  url: "",
  description: "",
  format: "session",
  eventTypes: ["*"],
  ordered: true,
  orderHoldSeconds: 3600,
  preset: "standard",
  schedule: "",
  timeoutMs: 15_000,
  maxInFlight: 8,
  rateLimit: "",
  pauseAfter: 10,
  headers: [],
  secretKey: "",
};

export function valuesOf(endpoint: Endpoint): WebhookValues {
  return {
    url: endpoint.url,
    description: endpoint.description,
    format: endpoint.format,
    eventTypes: endpoint.event_types,
    ordered: endpoint.ordered,
    orderHoldSeconds: endpoint.order_hold_seconds,
    preset: endpoint.preset,
    schedule: endpoint.schedule_is_own ? endpoint.schedule.join(", ") : "",
    timeoutMs: endpoint.timeout_ms,
    maxInFlight: endpoint.max_in_flight,
    rateLimit: endpoint.rate_limit ?? "",
    pauseAfter: endpoint.pause_after ?? "",
    headers: headerRows(endpoint.headers),
    secretKey: "",
  };
}

export const headerRows = (headers: Record<string, string>) =>
  Object.entries(headers).map(([name, value]) => ({ key: name, name, value }));

/** Null where it is no list of whole numbers. */
export function readSchedule(text: string): number[] | null {
  const parts = text.split(/[\s,]+/).filter(Boolean);
  return parts.every((part) => /^\d+$/.test(part)) ? parts.map(Number) : null;
}

const numberOr = <T>(value: number | "", otherwise: T): number | T => (value === "" ? otherwise : value);

export function bodyOf(values: WebhookValues) {
  const schedule = readSchedule(values.schedule);
  return {
    url: values.url.trim(),
    description: values.description,
    event_types: values.eventTypes,
    ordered: values.ordered,
    order_hold_seconds: numberOr(values.orderHoldSeconds, undefined),
    preset: values.preset,
    schedule: schedule === null || schedule.length === 0 ? null : schedule,
    timeout_ms: numberOr(values.timeoutMs, undefined),
    max_in_flight: numberOr(values.maxInFlight, undefined),
    rate_limit: numberOr(values.rateLimit, null),
    pause_after: numberOr(values.pauseAfter, null),
    headers: Object.fromEntries(
      values.headers.filter(({ name }) => name.trim() !== "").map(({ name, value }) => [name.trim(), value]),
    ),
    ...(values.secretKey === "" ? {} : { secret_key: values.secretKey }),
  };
}

/** Only what differs: what is masked is not sent back. */
export function changesOf(before: WebhookValues, after: WebhookValues): Partial<ReturnType<typeof bodyOf>> {
  const was = new Map<string, unknown>(Object.entries(bodyOf(before)));
  return Object.fromEntries(
    Object.entries(bodyOf(after)).filter(
      ([name, value]) => JSON.stringify(was.get(name)) !== JSON.stringify(value),
    ),
  );
}

export const validate = {
  url: (url: string) =>
    /^https?:\/\/[^\s/]+/i.test(url.trim()) ? null : "A URL that begins with https:// or http://.",
  eventTypes: (types: string[]) => (types.length > 0 ? null : "Choose at least one event, or all of them."),
  schedule: (text: string) => (readSchedule(text) ? null : "Seconds, such as 5, 30, 120."),
};
