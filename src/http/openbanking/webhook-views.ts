/** A webhook endpoint on this contract's wire (reference §3.10). */
import { z } from "zod";
import { ALL_KINDS, eventKind } from "../../events/catalogue.ts";
import { seconds } from "../../events/envelope.ts";
import type { WebhookRow } from "../../store/webhooks.ts";
import type { SettingFault } from "../../webhooks/manage.ts";
import { instant, metadataView } from "./context.ts";
import { OpenBankingError } from "./errors.ts";
import { listOf, metadata, text } from "./fields.ts";

/** What an endpoint of this contract can ask for. */
export const EVENT_TYPES: readonly string[] = ALL_KINDS.filter(({ format }) => format === "event").map(
  ({ type }) => type,
);

const eventType = z
  .string({ error: "is not a name of the catalogue" })
  .refine((name) => name === "*" || eventKind(name)?.format === "event", "is not an event of the catalogue");

export const eventsField = () =>
  listOf(eventType, 100, {
    description: "Names of the catalogue, or `*` for all but those that must be named.",
    examples: [["consent.authorized", "bank_account.created"]],
  });

export const urlField = () =>
  text(2048, {
    description:
      "http or https; we recommend https. Its query, where a key of yours may stand, is sent back as it is written here.",
    examples: ["https://hooks.example/bank?key=0123456789"],
  });

export const newBody = z.object({
  url: urlField(),
  events: eventsField().optional(),
  metadata: metadata(),
});

export const changeBody = z.object({
  url: urlField().optional(),
  events: eventsField().optional(),
  metadata: metadata(),
});

export const webhookView = z.object({
  id: z.string(),
  object: z.literal("webhook"),
  created_at: instant,
  updated_at: instant,
  url: z.string().meta({ description: "As it was given: only who holds the key reads it." }),
  events: z.array(z.string()),
  status: z
    .enum(["enabled", "paused", "disabled"])
    .meta({ description: "`paused` after 10 failures in a row: nothing is dropped, and resuming sends it." }),
  failure_count: z.int().meta({ description: "In a row." }),
  metadata: metadataView,
});

export const withSecret = webhookView.extend({
  secret: z.string().meta({ description: "Key of `fx-signature`. Only this answer has it." }),
});

export const WEBHOOK_ID = "wh_2aUyqjCzEIiEcYMKj7TZtw";

export const WEBHOOK_EXAMPLE = {
  id: WEBHOOK_ID,
  object: "webhook",
  created_at: "2026-01-30T12:44:55Z",
  updated_at: "2026-01-30T12:44:55Z",
  url: "https://hooks.example/bank?key=0123456789",
  events: ["consent.authorized", "bank_account.created"],
  status: "enabled",
  failure_count: 0,
  metadata: {},
};

export const viewWebhook = (row: WebhookRow) => ({
  id: row.public_id,
  object: "webhook" as const,
  created_at: seconds(row.created_at),
  updated_at: seconds(row.updated_at),
  url: row.url,
  events: [...row.event_types],
  status: row.status,
  failure_count: row.failure_count,
  metadata: row.metadata,
});

/** What the engine says of a setting, in this contract's words. */
const PARAMS: Readonly<Record<string, string>> = { url: "url", eventTypes: "events" };
const URL_FAULTS: Readonly<Record<string, string>> = {
  not_a_url: "is not a URL",
  too_long: "is too long",
  not_http: "is neither http nor https",
  credentials: "holds a user name or a password",
  port: "has a port that is not allowed",
};

export function settingError(faults: readonly SettingFault[]): OpenBankingError {
  const [fault] = faults;
  if (!fault) return new OpenBankingError("invalid_parameter");
  const param = PARAMS[fault.field] ?? fault.field;
  const message =
    URL_FAULTS[fault.reason] === undefined ? fault.reason : `\`${param}\` ${URL_FAULTS[fault.reason]}.`;
  return new OpenBankingError("invalid_parameter", { param, message });
}
