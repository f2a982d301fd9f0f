/**
 * Encryption at rest and the hashing of keys.
 *
 * A ciphertext is version (1 byte), key id (4), nonce (12), data, tag (16): AES-256-GCM with table, column and
 * row as associated data, so that a value moved to another row does not open. The master key wraps one data key
 * per environment; the data key seals that environment's secrets and files.
 */
import { createCipheriv, createDecipheriv, createHash, hash, randomBytes } from "node:crypto";

const VERSION = 1;
const KEY_ID_BYTES = 4;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + KEY_ID_BYTES + NONCE_BYTES;

export interface SealKey {
  id: Buffer;
  bytes: Buffer;
}

/** Where a ciphertext is at home; part of what its tag covers. */
export interface Place {
  table: string;
  column: string;
  /** The row's public id. */
  row: string;
}

export class SealError extends Error {
  override name = "SealError";
}

export function sealKey(bytes: Buffer): SealKey {
  if (bytes.length !== 32) throw new SealError("A key has 32 bytes.");
  return { id: sha256(bytes).subarray(0, KEY_ID_BYTES), bytes };
}

/** `BANKBELL_MASTER_KEY` is 32 bytes in base64 or 64 hex digits; null where it is neither. */
export function parseMasterKey(text: string): SealKey | null {
  const trimmed = text.trim();
  const bytes = /^[0-9a-f]{64}$/i.test(trimmed)
    ? Buffer.from(trimmed, "hex")
    : Buffer.from(trimmed, "base64");
  return bytes.length === 32 ? sealKey(bytes) : null;
}

export function seal(key: SealKey, plain: Uint8Array, place: Place): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key.bytes, nonce);
  cipher.setAAD(placeBytes(place));
  const data = [cipher.update(plain), cipher.final()];
  return Buffer.concat([Buffer.of(VERSION), key.id, nonce, ...data, cipher.getAuthTag()]);
}

/** Throws SealError where the version, the key, the place or a single bit is not what it was. */
export function open(key: SealKey, sealed: Uint8Array, place: Place): Buffer {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  if (bytes.length < HEADER_BYTES + TAG_BYTES || bytes[0] !== VERSION)
    throw new SealError("Not a sealed value.");
  if (!bytes.subarray(1, 1 + KEY_ID_BYTES).equals(key.id)) throw new SealError("Sealed with another key.");
  const decipher = createDecipheriv("aes-256-gcm", key.bytes, bytes.subarray(1 + KEY_ID_BYTES, HEADER_BYTES));
  decipher.setAAD(placeBytes(place));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(HEADER_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch (cause) {
    throw new SealError("The sealed value does not open here.", { cause });
  }
}

export const sealText = (key: SealKey, text: string, place: Place): Buffer =>
  seal(key, Buffer.from(text), place);
export const openText = (key: SealKey, sealed: Uint8Array, place: Place): string =>
  open(key, sealed, place).toString();

export function sha256(data: Uint8Array | string): Buffer {
  return createHash("sha256").update(data).digest();
}

/** The same in hex, for many short texts: without an object for each, 0.4 µs instead of 1.3. */
export const sha256Hex = (text: string): string => hash("sha256", text, "hex");

function placeBytes({ table, column, row }: Place): Buffer {
  return Buffer.from(JSON.stringify([table, column, row]));
}
