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

/** What the open-banking contract tells of its objects (ruling 17). */
export const OPENBANKING_KINDS = [
  openbanking("customer.created", "A customer was created.", "On `POST /customers`."),
  openbanking(
    "consent.created",
    "A consent was created.",
    "On `POST /consents`, or when a consent link is opened.",
  ),
  openbanking("consent.authorized", "A customer gave access.", "When the bank has confirmed it."),
  openbanking(
    "consent.failed",
    "A customer refused, or the bank did.",
    "On a refusal or an error at the bank.",
  ),
  openbanking(
    "consent.canceled",
    "A consent was withdrawn.",
    "When either side revokes it, or after 7 days in which nobody used it.",
  ),
  openbanking("consent.expired", "A consent ended.", "When its `expiry_date` has passed."),
  openbanking("bank_account.created", "A bank account was connected.", "When an account is first seen."),
  openbanking("bank_account.synced", "A bank account has news.", "After a sync that brought something."),
  openbanking(
    "transaction.created",
    "A booked transaction arrived.",
    "Per new booked transaction; the first sync of an account tells of none.",
  ),
  openbanking("payment.created", "A payment was initiated.", "On `POST /payments`, and for each of a batch."),
  ...ends("payment", [
    ["authorized", "A customer has authorized a payment.", "When the bank has confirmed it."],
    ["executed", "The bank has taken a payment.", "When the bank has accepted it and moves the money."],
    ["completed", "A payment has arrived.", "When the bank has settled it."],
    ["failed", "A payment failed.", "On a refusal, or an error at the bank."],
    ["canceled", "A payment was canceled.", "Before it was authorized."],
    ["expired", "A payment was not authorized in time.", "When `expires_at` has passed."],
  ]),
  openbanking("batch_payment.created", "A batch of payments was initiated.", "On `POST /batch_payments`."),
  ...ends("batch_payment", [
    ["authorized", "A customer has authorized a batch.", "When the bank has confirmed it."],
    ["processing", "A batch is being paid.", "When the first of its payments is under way."],
    ["completed", "Every payment of a batch has arrived.", "When the last of them is final."],
    ["partially_completed", "Some payments of a batch have arrived.", "When the last of them is final."],
    ["failed", "No payment of a batch has arrived.", "When the last of them is final, or on a refusal."],
    ["canceled", "A batch was canceled.", "Before it was authorized."],
    ["expired", "A batch was not authorized in time.", "When `expires_at` has passed."],
  ]),
  openbanking(
    "reminder.consent_expiry.sent",
    "A customer was reminded that a consent ends.",
    "When the mail has been sent: 14, 7 and 1 days before, unless set otherwise.",
  ),
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
export type OpenbankingEventType = (typeof OPENBANKING_KINDS)[number]["type"];
export type AnyEventType = EventType | OpenbankingEventType | (typeof DELIVERY_KINDS)[number]["type"];

/** All of them: what an endpoint can ask for. */
export const ALL_KINDS: readonly EventKind[] = [...EVENT_KINDS, ...OPENBANKING_KINDS, ...DELIVERY_KINDS];

const KNOWN = new Map<string, EventKind>(ALL_KINDS.map((kind) => [kind.type, kind]));

/** Undefined where the catalogue has no such type. */
export const eventKind = (type: string): EventKind | undefined => KNOWN.get(type);

/** A line of this contract: its body is the envelope. */
function openbanking<const T extends string>(type: T, description: string, when: string) {
  return { type, contract: "openbanking", format: "event", when, description } as const;
}

/** One per status that an object enters. */
function ends<const O extends string, const S extends string>(
  object: O,
  statuses: readonly (readonly [status: S, description: string, when: string])[],
) {
  return statuses.map(([status, description, when]) => openbanking(`${object}.${status}`, description, when));
}
