import { base62 } from "../../platform/ids.ts";

/** An idempotency key for the bank: 191 random bits in 32 characters, of the 40 that the standard allows. */
export const newKey = (): string => base62(32);
