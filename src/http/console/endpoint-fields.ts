/** An endpoint on the wire: what may be said about it, and how it is shown. Secrets are shown by `reveal` alone. */
import { z } from "zod";
import { maskUrl } from "../../platform/receiver-url.ts";
import type { EndpointLoad } from "../../store/endpoint-load.ts";
import type { EndpointChanges, EndpointView, NewEndpoint, SettingFault } from "../../webhooks/manage.ts";
import { ConsoleError } from "./errors.ts";
import { maskHeaderValues } from "./masks.ts";
import { instant } from "./views.ts";

const text = (max: number) =>
  z
    .string()
    .max(max)
    .refine((value) => !value.includes("\0"), { error: "Null characters are not allowed." });

const settings = {
  url: text(2048).meta({
    description: "http or https. Values of its query are masked when it is shown.",
    examples: ["https://hooks.example/bank"],
  }),
  description: text(1024).optional(),
  event_types: z
    .array(text(200))
    .max(100)
    .optional()
    .meta({ description: "Of the catalogue, or `*`, which is the default." }),
  ordered: z
    .boolean()
    .optional()
    .meta({ description: "Events of one resource one after the other; the default is true." }),
  order_hold_seconds: z
    .int()
    .optional()
    .meta({ description: "How long a failing event may hold its resource; 3600 by default." }),
  preset: z
    .enum(["standard", "openbanking"])
    .optional()
    .meta({ description: "Cadence and pause: 12 attempts over 3 days, or every 3 s with a pause after 10." }),
  schedule: z
    .array(z.int())
    .max(50)
    .nullable()
    .optional()
    .meta({ description: "Seconds before each retry; null is the preset's." }),
  timeout_ms: z.int().optional().meta({ description: "1,000 to 30,000." }),
  max_in_flight: z.int().optional().meta({ description: "Requests at once, 1 to 128." }),
  rate_limit: z.int().nullable().optional().meta({ description: "Requests per second; null is no limit." }),
  pause_after: z
    .int()
    .nullable()
    .optional()
    .meta({ description: "Failures in a row that pause it; null never." }),
  pause_span_seconds: z.int().optional().meta({ description: "They must span at least this." }),
  headers: z
    .record(text(128), text(1024))
    .optional()
    .meta({ description: "Sent beside ours. Given, they replace all that there were." }),
  secret_key: text(1024)
    .nullable()
    .optional()
    .meta({ description: "Sent as `x-secret-key`; formats entity and session only." }),
};

export const newEndpointBody = z.strictObject({
  ...settings,
  format: z
    .enum(["entity", "session", "event"])
    .meta({ description: "Which bodies it gets. It never changes.", examples: ["session"] }),
  enabled: z
    .boolean()
    .optional()
    .meta({ description: "False: it starts disabled and queues nothing until it is resumed." }),
  secret: text(200).optional().meta({ description: "`whsec_…` or `whsk_…`; without it one is drawn." }),
});

export const changesBody = z.strictObject({ ...settings, url: settings.url.optional() });

type Wanted = z.output<typeof changesBody>;

/** Throws INVALID_REQUEST where a masked value comes back: it would replace the real one. */
export function changesOf(wanted: Wanted): EndpointChanges {
  const { url, headers } = wanted;
  if (url !== undefined && /=\*\*\*(&|$)/.test(url)) throw maskedFault("url");
  if (Object.values(headers ?? {}).includes("***")) throw maskedFault("headers");
  return given({
    url,
    description: wanted.description,
    eventTypes: wanted.event_types,
    ordered: wanted.ordered,
    orderHoldSeconds: wanted.order_hold_seconds,
    preset: wanted.preset,
    schedule: wanted.schedule,
    timeoutMs: wanted.timeout_ms,
    maxInFlight: wanted.max_in_flight,
    rateLimit: wanted.rate_limit,
    pauseAfter: wanted.pause_after,
    pauseSpanSeconds: wanted.pause_span_seconds,
    headers,
    secretKey: wanted.secret_key,
  });
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the keys that were not named. */
function given<T extends object>(settings: T): Given<T> {
  const kept: Given<T> = { ...settings };
  for (const key in settings) if (settings[key] === undefined) delete kept[key];
  return kept;
}

export function newEndpointOf(wanted: z.output<typeof newEndpointBody>): NewEndpoint {
  const { format, enabled, secret, url, ...rest } = wanted;
  return { ...changesOf({ url, ...rest }), url, format, ...given({ enabled, secret }) };
}

const maskedFault = (field: string) =>
  new ConsoleError(
    "INVALID_REQUEST",
    `${field}: \`***\` stands for a value that is not shown: write it in full.`,
  );

export function faultOf(faults: readonly SettingFault[]): ConsoleError {
  const said = faults.map(({ field, reason }) => `${wireName(field)}: ${reason}`);
  return new ConsoleError("INVALID_REQUEST", said.join(" "));
}

const wireName = (field: string) => field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

export const endpointView = z.object({
  id: z.string(),
  url: z.string(),
  format: z.enum(["entity", "session", "event"]),
  contract_slot: z
    .enum(["entity", "session"])
    .nullable()
    .meta({ description: "Set by update_webhook of the BankConnect contract." }),
  description: z.string(),
  event_types: z.array(z.string()),
  status: z.enum(["enabled", "paused", "disabled"]),
  status_reason: z.string().nullable(),
  status_since: instant,
  waiting: z.int().meta({ description: "Deliveries that are not over, of the first 10,000 resources." }),
  waiting_is_exact: z.boolean(),
  lag_seconds: z
    .number()
    .meta({ description: "How long its oldest delivery has been due; 0 where none is." }),
  ordered: z.boolean(),
  order_hold_seconds: z.int(),
  preset: z.enum(["standard", "openbanking"]),
  schedule: z.array(z.int()),
  schedule_is_own: z.boolean(),
  timeout_ms: z.int(),
  max_in_flight: z.int(),
  rate_limit: z.int().nullable(),
  pause_after: z.int().nullable(),
  pause_span_seconds: z.int(),
  headers: z.record(z.string(), z.string()).meta({ description: "Their values are masked." }),
  has_secret_key: z.boolean(),
  created_at: instant,
  updated_at: instant,
});

export const ENDPOINT_EXAMPLE = {
  id: "wh_2aUyqjCzEIiEcYMKj7TZtw",
  url: "https://hooks.example/bank?key=***",
  format: "session",
  contract_slot: null,
  description: "Loan desk",
  event_types: ["*"],
  status: "enabled",
  status_reason: null,
  status_since: "2026-01-31T12:00:00Z",
  waiting: 3,
  waiting_is_exact: true,
  lag_seconds: 0.04,
  ordered: true,
  order_hold_seconds: 3600,
  preset: "standard",
  schedule: [5, 30, 120, 600, 1800, 7200, 18000, 36000, 50400, 72000, 86400],
  schedule_is_own: false,
  timeout_ms: 15000,
  max_in_flight: 8,
  rate_limit: null,
  pause_after: 10,
  pause_span_seconds: 3600,
  headers: { "x-tenant": "***" },
  has_secret_key: false,
  created_at: "2026-01-31T12:00:00Z",
  updated_at: "2026-01-31T12:00:00Z",
};

export const viewEndpoint = (endpoint: EndpointView, load: EndpointLoad) => ({
  id: endpoint.publicId,
  url: maskUrl(new URL(endpoint.url)),
  format: endpoint.format,
  contract_slot: endpoint.slot,
  description: endpoint.description,
  event_types: [...endpoint.eventTypes],
  status: endpoint.status,
  status_reason: endpoint.statusReason,
  status_since: endpoint.statusSince.toString(),
  waiting: load.waiting,
  waiting_is_exact: load.isExact,
  lag_seconds: Math.round(load.lagSeconds * 1000) / 1000,
  ordered: endpoint.ordered,
  order_hold_seconds: endpoint.orderHoldSeconds,
  preset: endpoint.preset,
  schedule: [...endpoint.schedule],
  schedule_is_own: endpoint.ownSchedule,
  timeout_ms: endpoint.timeoutMs,
  max_in_flight: endpoint.maxInFlight,
  rate_limit: endpoint.rateLimit,
  pause_after: endpoint.pauseAfter,
  pause_span_seconds: endpoint.pauseSpanSeconds,
  headers: maskHeaderValues(Object.fromEntries(endpoint.headerNames.map((name) => [name, ""]))),
  has_secret_key: endpoint.hasSecretKey,
  created_at: endpoint.createdAt.toString(),
  updated_at: endpoint.updatedAt.toString(),
});
