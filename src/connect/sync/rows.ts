/** From what a bank says to rows: identity, days and labels. Pure. */
import { createHash } from "node:crypto";
import { labelOne, labellerOf, labelTransactions, type Labeller } from "../../analysis/label/label.ts";
import type { AccountProfile, AnalysisTransaction, KnownParties, Label } from "../../analysis/types.ts";
import type { ProviderTransaction } from "../providers/provider.ts";

/** A transaction with what it is stored under. */
export interface Seen extends ProviderTransaction {
  /** The bank's TransactionId, or a hash of what it says. */
  bankRef: string;
}

export type NamedRow = Seen & { category: string | null; merchant: string | null };

/**
 * Gives each transaction its reference. Where the bank gives none it is a hash of what it says; of several that say the
 * same the first, the second … of one sync. Only those without a reference are remembered.
 */
export function createReferences(): (transaction: ProviderTransaction) => Seen {
  const seen = new Map<string, number>();
  return (transaction) => {
    if (transaction.ref !== null) return { ...transaction, bankRef: transaction.ref };
    const { at, amount, currency, description, reference, status } = transaction;
    const said = JSON.stringify([at, String(amount), currency, description, reference, status]);
    const hash = createHash("sha256").update(said).digest("base64url").slice(0, 22);
    const nth = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, nth);
    return { ...transaction, bankRef: `#${hash}${nth === 1 ? "" : `.${nth}`}` };
  };
}

/** Every offset and every day's end lies on a quarter of an hour. */
const QUARTER_MS = 900_000;
const MOST_DAYS = 20_000;

/** The day of an instant in a time zone; 100,000 at 20 µs each would be two seconds. */
export function createCalendar(timeZone: string): (at: Temporal.Instant) => Temporal.PlainDate {
  const known = new Map<number, Temporal.PlainDate>();
  return (at) => {
    const quarter = Math.floor(at.epochMilliseconds / QUARTER_MS);
    const before = known.get(quarter);
    if (before) return before;
    if (known.size >= MOST_DAYS) known.clear();
    const date = at.toZonedDateTimeISO(timeZone).toPlainDate();
    known.set(quarter, date);
    return date;
  };
}

/** What the labels of an account need to know of it. */
export interface LabelledAccount {
  id: string;
  holderName: string | null;
  currency: string;
  type: "personal" | "business" | "unknown";
  identification: Readonly<Record<string, string>>;
}

export interface Namer {
  /** By itself: all there is to know while a long sync streams. */
  alone(row: Seen): NamedRow;
  /** With its neighbours: oldest first. Answers the labels in the same order. */
  together(rows: readonly Labelling[]): Named[];
}

/** What a label is read from: a row that is seen, or one that is stored. */
export interface Labelling {
  bankRef: string;
  at: Temporal.Instant;
  amount: bigint;
  description: string;
  reference: string | null;
  balance: bigint | null;
  /** As the bank names it; null where it does not. */
  merchant: string | null;
}

export interface Named {
  category: string | null;
  merchant: string | null;
}

const CATEGORY = { personal: "individual", business: "corporate", unknown: null } as const;

export function createNamer(account: LabelledAccount, timeZone: string): Namer {
  const profile: AccountProfile = {
    id: account.id,
    bank: "other",
    country: countryOf(account),
    currency: account.currency.toUpperCase(),
    holder: account.holderName,
    accountNumber: account.identification["account_number"] ?? null,
    category: CATEGORY[account.type],
    limit: null,
    openingBalance: null,
  };
  const known: KnownParties = { ownNames: [], employers: [], companies: [] };
  const labeller: Labeller = labellerOf(profile, known);
  const dayOf = createCalendar(timeZone);
  const read = (row: Labelling): AnalysisTransaction => ({
    hash: row.bankRef,
    accountId: profile.id,
    date: dayOf(row.at),
    narration: narrationOf(row),
    reference: row.reference,
    direction: row.amount < 0n ? "debit" : "credit",
    amount: row.amount < 0n ? -row.amount : row.amount,
    balance: row.balance,
  });
  return {
    alone: (row) => ({ ...row, ...nameOf(row, labelOne(read(row), labeller)) }),
    together(rows) {
      const labels = labelTransactions(rows.map(read), profile, known);
      return rows.map((row, at) => {
        const label = labels[at];
        if (!label) throw new Error("A transaction was lost in the labelling.");
        return nameOf(row, label);
      });
    },
  };
}

/** A sort code is British; an IBAN says it. */
function countryOf({ identification }: LabelledAccount): string | null {
  if (identification["sort_code"] !== undefined) return "GB";
  return /^[A-Z]{2}/.exec(identification["iban"] ?? "")?.[0] ?? null;
}

/** The bank's name of the merchant is worth reading where the narration does not hold it. */
function narrationOf({ description, merchant }: Labelling): string {
  const text = description.replace(/\s+/g, " ").trim();
  if (merchant === null || text.toUpperCase().includes(merchant.toUpperCase())) return text;
  return `${text} ${merchant}`;
}

/** The counterparty of a purchase is its merchant; that of a transfer is a person. */
function nameOf(row: Labelling, { category, merchantCategory, channel, counterparty }: Label): Named {
  const isPurchase =
    merchantCategory !== "" || channel === "debit_card" || channel === "payment_gateway_purchase";
  return { category, merchant: row.merchant ?? (isPurchase ? counterparty.name : null) };
}
