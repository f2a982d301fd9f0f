/** What may be said about an endpoint, and what is wrong with it. Pure. */
import { eventKind } from "../events/catalogue.ts";
import { checkReceiverUrl } from "../platform/receiver-url.ts";
import type { EndpointFormat } from "../store/schema.ts";
import type { Preset } from "./backoff.ts";

export interface EndpointSettings {
  /** http or https. */
  url: string;
  /** What is sent; it never changes. */
  format: EndpointFormat;
  description: string;
  /** Names of the catalogue, or `*` for all but those that must be named. */
  eventTypes: readonly string[];
  /** Events of one resource one after the other. */
  ordered: boolean;
  /** How long a failing head may hold its resource: 0 to 604,800. */
  orderHoldSeconds: number;
  /** The cadence where `schedule` is null; it also sets the defaults of time-out and pause. */
  preset: Preset;
  /** Seconds before each retry, at most 50 of them, each at most 604,800; null is the preset's. */
  schedule: readonly number[] | null;
  /** 1,000 to 30,000. */
  timeoutMs: number;
  /** 1 to 128. */
  maxInFlight: number;
  /** Requests per second, 1 to 10,000; null is no limit. */
  rateLimit: number | null;
  /** Failures in a row that pause it, 1 to 10,000; null never does. */
  pauseAfter: number | null;
  /** They must span at least this: 0 to 604,800. */
  pauseSpanSeconds: number;
  /** Sent beside ours, which they cannot replace; at most 20. */
  headers: Readonly<Record<string, string>>;
  /** Sent as `x-secret-key`; formats entity and session only. */
  secretKey: string | null;
}

export interface SettingFault {
  field: keyof EndpointSettings | "secret";
  reason: string;
}

/** Defaults that differ by preset; everything else is the table's own. */
export const PRESET_DEFAULTS: Readonly<
  Record<Preset, Pick<EndpointSettings, "timeoutMs" | "pauseAfter" | "pauseSpanSeconds">>
> = {
  standard: { timeoutMs: 15_000, pauseAfter: 10, pauseSpanSeconds: 3600 },
  openbanking: { timeoutMs: 10_000, pauseAfter: 10, pauseSpanSeconds: 0 },
};

const WEEK = 604_800;
const LONGEST_TEXT = 1024;
const MOST_HEADERS = 20;
const MOST_RETRIES = 50;

/** Of RFC 9110, and what a client sets for the connection itself. */
const HEADER_NAME = /^[a-z0-9!#$%&'*+.^_`|~-]+$/;
const HEADER_VALUE = /^[\x20-\x7e]*$/;
const OURS = new Set([
  "content-type",
  "content-length",
  "content-encoding",
  "host",
  "user-agent",
  "connection",
  "keep-alive",
  "transfer-encoding",
  "te",
  "trailer",
  "upgrade",
  "expect",
  "http2-settings",
  "fx-signature",
  "x-secret-key",
]);
const isOurs = (name: string) => OURS.has(name) || name.startsWith("webhook-") || name.startsWith("proxy-");

/** Empty where all is well. `format` decides which event types and headers there are. */
export function settingFaults(wanted: Partial<EndpointSettings>, format: EndpointFormat): SettingFault[] {
  const faults: SettingFault[] = [];
  const fault = (field: SettingFault["field"], reason: string) => faults.push({ field, reason });
  const whole = (
    field: keyof EndpointSettings,
    value: number | null | undefined,
    from: number,
    to: number,
  ) => {
    if (value === undefined || value === null) return;
    if (!Number.isInteger(value) || value < from || value > to)
      fault(field, `A whole number from ${from} to ${to}.`);
  };
  if (wanted.url !== undefined) {
    const checked = checkReceiverUrl(wanted.url);
    if (!checked.ok) fault("url", checked.reason);
  }
  if ((wanted.description ?? "").length > LONGEST_TEXT)
    fault("description", `At most ${LONGEST_TEXT} characters.`);
  for (const reason of eventTypeFaults(wanted.eventTypes, format)) fault("eventTypes", reason);
  whole("orderHoldSeconds", wanted.orderHoldSeconds, 0, WEEK);
  whole("timeoutMs", wanted.timeoutMs, 1000, 30_000);
  whole("maxInFlight", wanted.maxInFlight, 1, 128);
  whole("rateLimit", wanted.rateLimit, 1, 10_000);
  whole("pauseAfter", wanted.pauseAfter, 1, 10_000);
  whole("pauseSpanSeconds", wanted.pauseSpanSeconds, 0, WEEK);
  if ((wanted.schedule?.length ?? 0) > MOST_RETRIES) fault("schedule", `At most ${MOST_RETRIES} retries.`);
  for (const seconds of wanted.schedule ?? []) whole("schedule", seconds, 0, WEEK);
  for (const reason of headerFaults(wanted.headers ?? {})) fault("headers", reason);
  if (wanted.secretKey !== undefined && wanted.secretKey !== null) {
    if (format === "event") fault("secretKey", "Only endpoints of the BankConnect formats have one.");
    else if (!isHeaderText(wanted.secretKey)) fault("secretKey", "Printable ASCII, 1 to 1024 characters.");
  }
  return faults;
}

function eventTypeFaults(types: readonly string[] | undefined, format: EndpointFormat): string[] {
  if (types === undefined) return [];
  if (types.length === 0) return ["Name at least one event type, or *."];
  return types
    .filter((type) => type !== "*" && eventKind(type)?.format !== format)
    .map((type) => `There is no event type ${JSON.stringify(type.slice(0, 80))} for format ${format}.`);
}

const isHeaderText = (text: string) =>
  text.length > 0 && text.length <= LONGEST_TEXT && HEADER_VALUE.test(text);

function headerFaults(headers: Readonly<Record<string, string>>): string[] {
  const names = Object.keys(headers);
  const faults: string[] = [];
  if (names.length > MOST_HEADERS) faults.push(`At most ${MOST_HEADERS} headers.`);
  if (new Set(names.map((name) => name.toLowerCase())).size < names.length)
    faults.push("A name comes twice.");
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    const shown = JSON.stringify(name.slice(0, 80));
    if (!HEADER_NAME.test(lower) || lower.length > 128) faults.push(`${shown} is not a header's name.`);
    else if (isOurs(lower)) faults.push(`${shown} is set by Bankbell.`);
    else if (!isHeaderText(value))
      faults.push(`The value of ${shown} is not printable ASCII of 1 to 1024 characters.`);
  }
  return faults;
}
