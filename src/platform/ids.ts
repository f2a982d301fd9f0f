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

/** Unbiased: bytes from 248 on are drawn again, since 248 = 4 × 62. */
export function base62(length: number): string {
  let text = "";
  while (text.length < length) {
    for (const byte of randomBytes(length + 8)) {
      if (byte < 248 && text.length < length) text += BASE_62.charAt(byte % 62);
    }
  }
  return text;
}
