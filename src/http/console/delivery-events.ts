/** What Bankbell's own events carry, in the open-banking contract's envelope; for the documentation. */
import { z } from "zod";
import type { DELIVERY_KINDS } from "../../events/catalogue.ts";
import { ENDPOINT_EXAMPLE } from "./endpoint-fields.ts";
import { EVENT_EXAMPLE } from "./views.ts";

export type DeliveryEventType = (typeof DELIVERY_KINDS)[number]["type"];

const endpoint = {
  id: z.string(),
  object: z.literal("webhook"),
  created_at: z.string(),
  updated_at: z.string(),
  url: z.string().meta({ description: "Values of its query are masked." }),
  events: z.array(z.string()),
  status: z.enum(["enabled", "paused", "disabled"]),
  status_since: z.string(),
  metadata: z.record(z.string(), z.string()),
};
const reason = z.string().nullable();

function envelopeOf(object: z.ZodRawShape) {
  return z.object({
    id: z.string().meta({ description: "The `webhook-id` of its deliveries." }),
    object: z.literal("event"),
    created_at: z.string(),
    type: z.string(),
    data: z.object({ object: z.object({ ...endpoint, ...object }) }),
  });
}

const AT = "2026-01-31T13:26:33Z";

function exampleOf(type: DeliveryEventType, status: string, more: object) {
  const { id, url } = ENDPOINT_EXAMPLE;
  const object = {
    id,
    object: "webhook",
    created_at: "2026-01-30T12:44:55Z",
    updated_at: AT,
    url,
    events: ["*"],
    status,
    status_since: AT,
    metadata: {},
    ...more,
  };
  return { id: "evt_5Yb2kP0sVq7TzN3wLh8cRd", object: "event", created_at: AT, type, data: { object } };
}

const told = z.object({ id: reason, type: reason });

export const DELIVERY_EVENT_BODIES: Record<DeliveryEventType, { body: z.ZodType; example: object }> = {
  "webhook.paused": {
    body: envelopeOf({ reason }),
    example: exampleOf("webhook.paused", "paused", { reason: "10 attempts in a row failed." }),
  },
  "webhook.resumed": {
    body: envelopeOf({ reason }),
    example: exampleOf("webhook.resumed", "enabled", { reason: null }),
  },
  "webhook.exhausted": {
    body: envelopeOf({ event: told, attempts: z.int(), exhausted_at: z.string() }),
    example: exampleOf("webhook.exhausted", "enabled", {
      event: { id: EVENT_EXAMPLE.id, type: EVENT_EXAMPLE.type },
      attempts: 12,
      exhausted_at: AT,
    }),
  },
  "webhook.test": {
    body: envelopeOf({}),
    example: exampleOf("webhook.test", "enabled", {}),
  },
};
