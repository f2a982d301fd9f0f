/** Event subscriptions and aggregated polling of 3.1.11, and the claims of a security event token. */
import { z } from "zod";
import { answer, links, meta, text } from "./common.ts";

const eventType = z.enum([
  "urn:uk:org:openbanking:events:resource-update",
  "urn:uk:org:openbanking:events:consent-authorization-revoked",
  "urn:uk:org:openbanking:events:account-access-consent-linked-account-update",
]);

const subscribed = {
  CallbackUrl: z.url().optional(),
  Version: z
    .string()
    .regex(/^\d+\.\d+(\.\d+)?$/)
    .max(10),
  EventTypes: z.array(eventType).min(1).optional(),
};

/** OBEventSubscription1. */
export const subscriptionRequest = z.strictObject({ Data: z.strictObject(subscribed) });

const kept = z.strictObject({ EventSubscriptionId: text(40), ...subscribed });

/** OBEventSubscriptionResponse1: what PUT takes, too. */
export const subscriptionAnswer = answer(kept);

/** OBEventSubscriptionsResponse1. */
export const subscriptionsAnswer = z.strictObject({
  Data: z.strictObject({ EventSubscription: z.array(kept) }),
  Links: links.optional(),
  Meta: meta.optional(),
});

/** OBEventPolling1. */
export const pollingRequest = z.strictObject({
  maxEvents: z.int().min(0).optional(),
  returnImmediately: z.boolean().optional(),
  ack: z.array(text(128)).optional(),
  setErrs: z.record(z.string(), z.strictObject({ err: text(40), description: text(256) })).optional(),
});

/** OBEventPollingResponse1. */
export const pollingAnswer = z.strictObject({
  moreAvailable: z.boolean(),
  sets: z.record(z.string(), z.string()),
});

/** OBEventNotification2. */
export const eventClaims = z.strictObject({
  iss: z.url(),
  iat: z.int(),
  jti: text(128),
  aud: text(128),
  sub: z.url(),
  txn: text(128),
  toe: z.int(),
  events: z.partialRecord(
    eventType,
    z.strictObject({
      subject: z.strictObject({
        subject_type: z.literal("http://openbanking.org.uk/rid_http://openbanking.org.uk/rty"),
        "http://openbanking.org.uk/rid": text(128),
        "http://openbanking.org.uk/rty": text(128),
        "http://openbanking.org.uk/rlk": z.array(z.strictObject({ version: text(10), link: z.url() })).min(1),
      }),
    }),
  ),
});
