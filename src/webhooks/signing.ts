/**
 * Standard Webhooks 1.0.0: what is signed is `id.timestamp.body`, the exact bytes sent; `v1,` and base64 of
 * HMAC-SHA256, one per live secret, so that a receiver may hold the old or the new one during a rotation. Pure.
 */
import { createHmac, createSecretKey, type KeyObject } from "node:crypto";

export type SigningKey = KeyObject;

/** `whsec_` and base64 of 24–64 bytes. Throws where it is not; the message does not hold it. */
export function signingKey(secret: string): SigningKey {
  const bytes = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  if (!secret.startsWith("whsec_") || bytes.length < 24 || bytes.length > 64)
    throw new Error("A signing secret is whsec_ and base64 of 24 to 64 bytes.");
  return createSecretKey(bytes);
}

export interface Signed {
  "webhook-id": string;
  /** Whole seconds of this attempt. */
  "webhook-timestamp": string;
  "webhook-signature": string;
}

export function sign(
  keys: readonly SigningKey[],
  id: string,
  at: Temporal.Instant,
  body: Uint8Array,
): Signed {
  const timestamp = String(Math.floor(at.epochMilliseconds / 1000));
  const signatures = keys.map((key) => {
    const digest = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest("base64");
    return `v1,${digest}`;
  });
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": signatures.join(" "),
  };
}
