/** Transactions with what every relation asks of them, worked out once. */
import type { Account, AccountProfile, LabelledTransaction } from "../types.ts";
import { companyWords, personWords, remember, type Folder } from "./words.ts";

export interface Row {
  transaction: LabelledTransaction;
  profile: AccountProfile;
  /** In its account, 0 the oldest. */
  position: number;
  /** Days since 1970-01-01. */
  day: number;
  /** Months since year 0. */
  month: number;
  /** Whom it is with, as far as can be told; equal texts are the same party. Null where nothing is printed. */
  party: string | null;
}

export interface AccountRows {
  profile: AccountProfile;
  rows: Row[];
}

export function readRows({ profile, transactions }: Account, fold: Folder): AccountRows {
  const partyOf = createPartyOf(fold);
  const rows = transactions.map((transaction, position) => ({
    transaction,
    profile,
    position,
    day: dayNumber(transaction.date),
    month: monthNumber(transaction.date),
    party: partyOf(transaction),
  }));
  return { profile, rows };
}

/** Days since 1970-01-01: subtracting numbers costs a hundredth of `until` (Hinnant's days_from_civil). */
export function dayNumber({ year, month, day }: Temporal.PlainDate): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

export const monthNumber = ({ year, month }: Temporal.PlainDate): number => year * 12 + month - 1;

/**
 * The name first: one shop has many UPI addresses and account numbers. A narration without any of them is its own
 * party (`SALARY`), without its references and dates.
 */
function createPartyOf(fold: Folder): (transaction: LabelledTransaction) => string | null {
  const ofName = remember((name) => companyWords(personWords(fold(name))).join(" "));
  const ofNote = remember((note) => fold(note).join(" "));
  return ({ counterparty: { name, vpa, iban, account }, cleanNote }) => {
    const party = (name && ofName(name)) || (vpa ?? iban ?? account)?.toUpperCase() || ofNote(cleanNote);
    return party === "" ? null : party;
  };
}

/** A reference that can be no accident: letters and digits, not all the same, long enough to be one. */
const SHORTEST_REFERENCE = 6;

export function referenceOf({ schemeReference, reference }: LabelledTransaction): string | null {
  for (const each of [schemeReference, reference]) {
    const folded = each
      ?.toUpperCase()
      .replace(/[^A-Z0-9]/g, "")
      .replace(/^0+/, "");
    if (folded && folded.length >= SHORTEST_REFERENCE && !/^(.)\1*$/.test(folded)) return folded;
  }
  return null;
}

export const isCredit = (row: Row): boolean => row.transaction.direction === "credit";
