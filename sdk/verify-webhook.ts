import { createHmac, timingSafeEqual } from "node:crypto";

/** Node's `request.headers`, a `Headers`, or any plain object; names in any case. */
export type WebhookHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

export interface VerifyOptions {
  /** How far `webhook-timestamp` may be from now, either way. Default 300. */
  toleranceSeconds?: number;
  /** Seconds since 1970; default is this computer's clock. */
  nowSeconds?: number;
}

export type VerifyFault =
  /** A secret is not `whsec_` and base64. */
  | "secret"
  | "missing_header"
  | "timestamp"
  /** None of the signatures was made with a given secret: throw the request away. */
  | "signature"
  /** Signed, but not JSON. */
  | "body";

export class WebhookVerificationError extends Error {
  override name = "WebhookVerificationError";
  readonly fault: VerifyFault;
  constructor(fault: VerifyFault, message: string) {
    super(message);
    this.fault = fault;
  }
}

export interface VerifiedWebhook {
  /** The same on every attempt: what was seen before has been handled. */
  id: string;
  /** Seconds since 1970, of this attempt. */
  timestamp: number;
  /** The parsed body. */
  event: unknown;
}

/**
 * Verifies a webhook by Standard Webhooks 1.0.0 (`v1`, HMAC-SHA256 over `id.timestamp.body`) and parses it.
 * `body` is the request's bytes as they came: parsed and written again they are other bytes. During a rotation give
 * both secrets. Throws WebhookVerificationError.
 */
export function verifyWebhook(
  body: string | Uint8Array,
  headers: WebhookHeaders,
  secret: string | readonly string[],
  options: VerifyOptions = {},
): VerifiedWebhook {
  const { toleranceSeconds = 300, nowSeconds = Math.floor(Date.now() / 1000) } = options;
  const keys = (typeof secret === "string" ? [secret] : secret).map(keyOf);
  const id = header(headers, "webhook-id");
  const timestamp = timestampOf(header(headers, "webhook-timestamp"), nowSeconds, toleranceSeconds);
  const signatures = header(headers, "webhook-signature").split(" ");
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  const expected = keys.map((key) =>
    createHmac("sha256", key).update(`${id}.${timestamp}.`).update(bytes).digest(),
  );
  // Every pair is compared: how long it takes tells nothing.
  let matches = 0;
  for (const signature of signatures) {
    const [version, base64 = ""] = signature.split(",");
    if (version !== "v1") continue;
    const given = Buffer.from(base64, "base64");
    for (const digest of expected) {
      if (given.length === digest.length && timingSafeEqual(given, digest)) matches++;
    }
  }
  if (matches === 0) throw new WebhookVerificationError("signature", "No signature matches.");
  return { id, timestamp, event: parsed(bytes) };
}

function keyOf(secret: string): Buffer {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  if (!secret.startsWith("whsec_") || key.length < 24)
    throw new WebhookVerificationError("secret", "A secret is whsec_ and base64 of at least 24 bytes.");
  return key;
}

function header(headers: WebhookHeaders, name: string): string {
  const value = isHeaders(headers) ? headers.get(name) : plainHeader(headers, name);
  if (!value) throw new WebhookVerificationError("missing_header", `The header ${name} is missing.`);
  return value;
}

const isHeaders = (headers: WebhookHeaders): headers is Headers =>
  "get" in headers && typeof headers.get === "function";

function plainHeader(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  name: string,
): string | undefined {
  const key = Object.keys(headers).find((known) => known.toLowerCase() === name);
  const value = key === undefined ? undefined : headers[key];
  return typeof value === "string" ? value : value?.[0];
}

function timestampOf(text: string, now: number, tolerance: number): number {
  const timestamp = /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN;
  if (!(Math.abs(now - timestamp) <= tolerance))
    throw new WebhookVerificationError("timestamp", "The timestamp is too far from now.");
  return timestamp;
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as unknown;
  } catch {
    throw new WebhookVerificationError("body", "The body is not JSON.");
  }
}
