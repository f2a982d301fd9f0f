/** How this room reaches banks: what `app.ts` hands in from the providers that are configured. */

/** Why nothing came; `again` where asking later may help. */
export type FetchFault = "wrong_credentials" | "access_denied" | "ended" | "again" | "broken";

export interface FetchedRow {
  at: Temporal.Instant;
  /** Minor units; negative for a debit. */
  amount: bigint;
  description: string;
  reference: string | null;
  /** After this row, as the bank says it. */
  balance: bigint | null;
}

export interface FetchedAccount {
  /** ISO 4217. */
  currency: string;
  holderName: string | null;
  accountNumber: string | null;
  sortCode: string | null;
  iban: string | null;
  type: "personal" | "business" | "unknown";
  class: "current" | "savings" | "emoney" | "credit_card" | null;
  /** Booked, at the time of asking; null where the bank does not say. */
  balance: bigint | null;
  /** Booked ones, in the bank's order. */
  rows: FetchedRow[];
}

export type Fetched =
  | { ok: true; accounts: FetchedAccount[] }
  | { ok: false; fault: FetchFault; message: string };

export interface ReachableBank {
  /** The contract's identifier in lower case. */
  bank: string;
  name: string;
  provider: string;
}

export interface BankReach {
  /** Banks that customers of this kind of environment can connect. */
  banks(mode: "live" | "sandbox"): readonly ReachableBank[];
  /** All booked rows of all accounts that `access` opens. Both ends inclusive. */
  fetch(
    provider: string,
    access: string,
    range: { from: Temporal.Instant; to: Temporal.Instant },
  ): Promise<Fetched>;
  /** Tells the bank that its consent is not needed any more. False where that has to be tried again. */
  end(provider: string, bankConsentId: string): Promise<boolean>;
  health(): Promise<readonly BankHealth[]>;
}

export interface BankHealth {
  provider: string;
  up: boolean;
  /** In plain words; null where it is up. */
  issue: string | null;
  checkedAt: Temporal.Instant | null;
}

/** Where no provider is configured. */
export const NO_BANKS: BankReach = {
  banks: () => [],
  fetch: async () => ({ ok: false, fault: "broken", message: "No provider is configured." }),
  end: async () => true,
  health: async () => [],
};
