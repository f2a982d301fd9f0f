/** The pennies of a payment choose its fate. Also the table on the sandbox's page and in docs/orion.md. */
import type { PaymentStatus } from "./types.ts";

export interface Fate {
  /** What the answer to the payment says. */
  first: PaymentStatus;
  /** What follows by itself, in the bank's time. */
  next?: { status: PaymentStatus; afterMs: number };
  /** Why it is rejected, at once or later. */
  reason?: string;
  /** Whether the account is said to hold enough. */
  funds?: false;
  /** What the network does instead of an answer. `times` per idempotency key; always where there is none. */
  trouble?:
    | { kind: "refused"; status: 429 | 500 | 503; times?: number }
    /** The payment is taken, the first answer never comes. */
    | { kind: "cut" };
  /** For people. */
  words: string;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const ORDINARY: Fate = {
  first: "AcceptedSettlementInProcess",
  next: { status: "AcceptedSettlementCompleted", afterMs: 2000 },
  words: "taken, completed two seconds later",
};

/** By the last two digits of the pence. */
export const FATES: Readonly<Record<number, Fate>> = {
  1: { first: "Rejected", reason: "The receiving bank refuses.", words: "rejected at once" },
  2: { first: "Pending", words: "stays pending for ever" },
  3: {
    ...ORDINARY,
    next: { status: "AcceptedSettlementCompleted", afterMs: 2 * HOUR_MS },
    words: "taken, completed after two hours of the bank's clock",
  },
  4: { ...ORDINARY, trouble: { kind: "cut" }, words: "taken, but the first answer never comes" },
  5: {
    ...ORDINARY,
    trouble: { kind: "refused", status: 503, times: 2 },
    words: "503 before it is taken, twice; the third try with the same key is taken",
  },
  6: { ...ORDINARY, trouble: { kind: "refused", status: 500 }, words: "500 before it is taken, always" },
  7: {
    ...ORDINARY,
    trouble: { kind: "refused", status: 429, times: 1 },
    words: "429 with Retry-After: 1, once; then taken",
  },
  8: {
    first: "AcceptedSettlementInProcess",
    next: { status: "Rejected", afterMs: HOUR_MS },
    reason: "The payment came back.",
    words: "taken, rejected after an hour of the bank's clock",
  },
  9: { first: "Rejected", reason: "There is not enough money.", funds: false, words: "no funds: rejected" },
  10: {
    first: "AcceptedSettlementInProcess",
    next: { status: "AcceptedWithoutPosting", afterMs: 2000 },
    words: "taken, then accepted without posting",
  },
  11: { first: "AcceptedSettlementCompleted", words: "completed at once" },
  12: {
    first: "AcceptedSettlementCompleted",
    next: { status: "AcceptedCreditSettlementCompleted", afterMs: MINUTE_MS },
    words: "completed at once; the receiver's account credited a minute later",
  },
};

/** `pence`: the whole amount. */
export const fateOf = (pence: number): Fate => FATES[pence % 100] ?? ORDINARY;

export const ORDINARY_WORDS = ORDINARY.words;
