/**
 * Every event type there is: what the code records, `/docs` lists, OpenAPI's `webhooks` holds and the console's
 * picker offers. A new event is a line here.
 */
import type { EndpointFormat } from "../store/schema.ts";

export interface EventKind {
  type: string;
  contract: "bankconnect" | "openbanking";
  /** The formats of body that are rendered when it is recorded. */
  format: EndpointFormat;
  /** When it fires, as rulings 1–4, 9 and 17 say. */
  when: string;
  description: string;
  /** Only endpoints that name it get it; `*` does not ask for it. */
  namedOnly?: true;
}

export const EVENT_KINDS = [
  {
    type: "SESSION_REQUIREMENT_COMPLETION_NOTIFICATION",
    contract: "bankconnect",
    format: "session",
    when:
      "Once per session: when the customer finishes the hosted journey, when an upload meets the level-1 criteria, " +
      "or at initiate_processing, whichever comes first; always before enrichment.",
    description: "The uploads of a session are complete.",
  },
  {
    type: "SESSION_EXPIRY_NOTIFICATION",
    contract: "bankconnect",
    format: "session",
    when: "Once per session: when it expires before its uploads were complete.",
    description: "A session expired before its uploads were complete.",
  },
  {
    type: "ENRICHMENT_NOTIFICATION",
    contract: "bankconnect",
    format: "session",
    when: "Once per session, when every account's processing has completed or failed.",
    description: "The transactions of each account are ready, or why they are not.",
  },
  {
    type: "ENTITY_STATEMENT_NOTIFICATION",
    contract: "bankconnect",
    format: "entity",
    when:
      "When the extraction of an entity's statement has completed or failed: always where it came by net banking, for an " +
      "upload only while webhook_mode is 1.",
    description: "The data of one statement of an entity are ready, or why they are not.",
  },
] as const satisfies readonly EventKind[];

/** What Bankbell says of its own deliveries. Endpoints hear it of others, never of themselves. */
export const DELIVERY_KINDS = [
  {
    type: "webhook.paused",
    contract: "openbanking",
    format: "event",
    when: "An endpoint was paused: by hand, or after a run of failures. Nothing is dropped.",
    description: "An endpoint was paused.",
  },
  {
    type: "webhook.resumed",
    contract: "openbanking",
    format: "event",
    when: "A paused endpoint was resumed: by hand, by a test that succeeded, or by the hourly probe.",
    description: "An endpoint was resumed.",
  },
  {
    type: "webhook.exhausted",
    contract: "openbanking",
    format: "event",
    when: "The last retry of a delivery failed. It is kept and can be replayed.",
    description: "A delivery's retries ran out.",
    namedOnly: true,
  },
  {
    type: "webhook.test",
    contract: "openbanking",
    format: "event",
    when: "Somebody sent a test to this endpoint.",
    description: "A test.",
    namedOnly: true,
  },
] as const satisfies readonly EventKind[];

/** What the BankConnect contract sends. */
export type EventType = (typeof EVENT_KINDS)[number]["type"];
export type AnyEventType = EventType | (typeof DELIVERY_KINDS)[number]["type"];

const KNOWN = new Map<string, EventKind>(
  [...EVENT_KINDS, ...DELIVERY_KINDS].map((kind) => [kind.type, kind]),
);

/** Undefined where the catalogue has no such type. */
export const eventKind = (type: string): EventKind | undefined => KNOWN.get(type);
