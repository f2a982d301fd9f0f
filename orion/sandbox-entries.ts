/** Entries that a tester puts into an account, so that something new arrives without waiting for tomorrow. */
import { notFound } from "./api/errors.ts";
import { newId, type Bank } from "./bank.ts";
import type { Account } from "./data/users.ts";
import type { Posting } from "./types.ts";

/** Throws ObError. */
export function accountByUser(bank: Bank, username: string, key: string): Account {
  const account = bank.world.accountsOf(username).find((one) => one.key === key);
  if (!account) throw notFound("account");
  return account;
}

export interface NewEntry {
  accountId: string;
  /** Pence, negative for debits. */
  minor: number;
  text: string;
  pending: boolean;
}

export function newPosting(bank: Bank, { accountId, minor, text, pending }: NewEntry): Posting {
  const at = bank.now();
  const posting: Posting = { id: newId("tx"), accountId, at, bookedAt: pending ? null : at, minor, text };
  bank.postings.set(posting.id, posting);
  return posting;
}
