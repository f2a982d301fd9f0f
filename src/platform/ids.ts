import { randomBytes, randomUUID } from "node:crypto";

const BASE_62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** BankConnect ids: clients check the version. */
export const newUuid: () => string = randomUUID;

export const isUuidV4 = (text: string): boolean => UUID_V4.test(text);

/** `evt_`, `wh_`, `env_` …: the prefix and 22 base-62 characters (131 random bits). */
export function newId(prefix: string): string {
  return `${prefix}_${base62(22)}`;
}

/** Drawn ahead, as `randomUUID` does: a draw costs 1 µs however little it brings. Each byte is used once. */
const pool = { bytes: new Uint8Array(0), used: 0 };
const DRAW = 4096;

/** Unbiased: bytes from 248 on are drawn again, since 248 = 4 × 62. */
export function base62(length: number): string {
  let text = "";
  while (text.length < length) {
    if (pool.used === pool.bytes.length) Object.assign(pool, { bytes: randomBytes(DRAW), used: 0 });
    const byte = pool.bytes[pool.used] ?? 255;
    // What has become part of a secret is not left lying.
    pool.bytes[pool.used++] = 0;
    if (byte < 248) text += BASE_62.charAt(byte % 62);
  }
  return text;
}
