/**
 * Standard Webhooks 1.0.0: what is signed is `id.timestamp.body`, the exact bytes sent. `v1,` and base64 of HMAC-SHA256,
 * `v1a,` and base64 of ed25519, one per live secret, so that a receiver may hold the old or the new one during a
 * rotation. Endpoints of the open-banking format get `fx-signature` too. Pure but for drawing new secrets.
 */
import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  randomBytes,
  sign as signWith,
  type KeyObject,
} from "node:crypto";

/** `v1` whsec_…, `v1a` whsk_…; `fx` is any other text, the key of fx-signature alone. */
export type SecretKind = "v1" | "v1a" | "fx";

export interface SigningKey {
  kind: SecretKind;
  key: KeyObject;
  /** The secret's text is the key of fx-signature; null where a secret of that kind has none. */
  fxKey: KeyObject | null;
}

/** RFC 8410: what stands before the 32 bytes of an ed25519 private key in PKCS #8. */
const PKCS8_ED25519 = Buffer.from("302e020100300506032b657004220420", "hex");
const SEED_BYTES = 32;

export function secretKind(secret: string): SecretKind {
  if (secret.startsWith("whsec_")) return "v1";
  return secret.startsWith("whsk_") ? "v1a" : "fx";
}

/**
 * `whsec_` and base64 of 24–64 bytes; `whsk_` and base64 of an ed25519 seed, alone (32 bytes) or with its public key (64);
 * anything else is 16 to 256 printable characters. Throws where it is not; the message does not hold it.
 */
export function signingKey(secret: string): SigningKey {
  const kind = secretKind(secret);
  const text = createSecretKey(Buffer.from(secret));
  if (kind === "fx") {
    if (!/^[\x21-\x7e]{16,256}$/.test(secret))
      throw new Error("A secret of another system is 16 to 256 printable characters.");
    return { kind, key: text, fxKey: text };
  }
  const bytes = Buffer.from(secret.slice(secret.indexOf("_") + 1), "base64");
  if (kind === "v1") {
    if (bytes.length < 24 || bytes.length > 64)
      throw new Error("A signing secret is whsec_ and base64 of 24 to 64 bytes.");
    return { kind, key: createSecretKey(bytes), fxKey: text };
  }
  if (bytes.length !== SEED_BYTES && bytes.length !== 2 * SEED_BYTES)
    throw new Error("An ed25519 secret is whsk_ and base64 of 32 or 64 bytes.");
  const der = Buffer.concat([PKCS8_ED25519, bytes.subarray(0, SEED_BYTES)]);
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  if (bytes.length > SEED_BYTES && !rawPublic(key).equals(bytes.subarray(SEED_BYTES)))
    throw new Error("An ed25519 secret's public half is another key's.");
  return { kind, key, fxKey: null };
}

const rawPublic = (privateKey: KeyObject) =>
  createPublicKey(privateKey).export({ format: "der", type: "spki" }).subarray(-SEED_BYTES);

/** `whpk_…`: what a receiver verifies `v1a` with; null for secrets that both sides share. */
export function publicKeyOf(secret: string): string | null {
  const { kind, key } = signingKey(secret);
  return kind === "v1a" ? `whpk_${rawPublic(key).toString("base64")}` : null;
}

export function newSecret(kind: "v1" | "v1a"): string {
  if (kind === "v1") return `whsec_${randomBytes(32).toString("base64")}`;
  const { privateKey } = generateKeyPairSync("ed25519");
  const seed = privateKey.export({ format: "der", type: "pkcs8" }).subarray(-SEED_BYTES);
  return `whsk_${Buffer.concat([seed, rawPublic(privateKey)]).toString("base64")}`;
}

export interface Signed {
  "webhook-id": string;
  /** Whole seconds of this attempt. */
  "webhook-timestamp": string;
  /** Absent where the endpoint has no secret of Standard Webhooks. */
  "webhook-signature"?: string;
  "fx-signature"?: string;
}

/** `keys` are oldest first. `fx`: the endpoint's format is the open-banking one. */
export function sign(
  keys: readonly SigningKey[],
  id: string,
  at: Temporal.Instant,
  body: Uint8Array,
  { fx = false } = {},
): Signed {
  const timestamp = String(Math.floor(at.epochMilliseconds / 1000));
  const signed: Signed = { "webhook-id": id, "webhook-timestamp": timestamp };
  const signatures = keys
    .filter(({ kind }) => kind !== "fx")
    .map((key) => standardSignature(key, `${id}.${timestamp}.`, body));
  if (signatures.length > 0) signed["webhook-signature"] = signatures.join(" ");
  const fxKey = fx ? fxKeyOf(keys) : null;
  if (fxKey) signed["fx-signature"] = fxSignature(fxKey, at, body);
  return signed;
}

function standardSignature({ kind, key }: SigningKey, before: string, body: Uint8Array): string {
  if (kind === "v1") return `v1,${createHmac("sha256", key).update(before).update(body).digest("base64")}`;
  return `v1a,${signWith(null, Buffer.concat([Buffer.from(before), body]), key).toString("base64")}`;
}

/**
 * The header has room for one signature: during a rotation the oldest live secret signs, so that a receiver that has
 * not changed yet goes on working until the overlap ends. A secret made for fx-signature goes before a whsec_.
 */
const fxKeyOf = (keys: readonly SigningKey[]) =>
  (keys.find(({ kind }) => kind === "fx") ?? keys.find(({ fxKey }) => fxKey !== null))?.fxKey ?? null;

/** `t=<ISO 8601 UTC>;s=<hex>` over `<t>.<body>`, HMAC-SHA256 with the secret's text (openbanking-api.md §5). */
function fxSignature(key: KeyObject, at: Temporal.Instant, body: Uint8Array): string {
  const t = at.round({ smallestUnit: "second", roundingMode: "floor" }).toString();
  return `t=${t};s=${createHmac("sha256", key).update(`${t}.`).update(body).digest("hex")}`;
}
