/** How the transactions of a session relate to each other: found once, used by every figure. docs/analysis.md. */
import type { Account, KnownParties, Relations } from "../types.ts";
import { isBounceOrPenalty } from "./bounces.ts";
import { findLending } from "./lenders.ts";
import { findRecurring } from "./recurring.ts";
import { findReversals } from "./reversals.ts";
import { readRows } from "./rows.ts";
import { companiesOf, findSalary } from "./salary.ts";
import { findSelfTransfers } from "./self-transfers.ts";
import { createFolder } from "./words.ts";

/**
 * Of all accounts of one session, whose transactions are labelled, each once, oldest first. Sets hold hashes. Lists
 * come by account id, then by time, so that the order of `accounts` makes no difference. Each step leaves out what an
 * earlier one has explained: what was undone, then borrowing, then the holder's own transfers, then salary.
 */
export function findRelations(accounts: readonly Account[], known: KnownParties): Relations {
  const fold = createFolder();
  const all = accounts
    .toSorted((a, b) => (a.profile.id < b.profile.id ? -1 : 1))
    .map((account) => readRows(account, fold));
  const relations: Relations = {
    salary: [],
    recurring: { credits: [], debits: [] },
    lender: new Set(),
    loanCredits: new Set(),
    emiDebits: new Set(),
    selfTransfers: new Set(),
    sisterTransfers: new Set(),
    bouncedOrPenal: new Set(),
    reversals: new Map(),
  };
  for (const { rows } of all) {
    for (const [original, reversal] of findReversals(rows, fold)) relations.reversals.set(original, reversal);
    const lending = findLending(rows);
    addAll(relations.lender, lending.lender);
    addAll(relations.loanCredits, lending.loanCredits);
    addAll(relations.emiDebits, lending.emiDebits);
    for (const row of rows) if (isBounceOrPenalty(row)) relations.bouncedOrPenal.add(row.transaction.hash);
  }
  const undone = new Set([...relations.reversals.keys(), ...relations.reversals.values()]);
  const employers = companiesOf(known.employers, fold);
  const own = findSelfTransfers(all, known, employers, new Set([...undone, ...relations.lender]), fold);
  relations.selfTransfers = own.selfTransfers;
  relations.sisterTransfers = own.sisterTransfers;

  const explained = new Set([...undone, ...relations.lender, ...own.selfTransfers]);
  for (const account of all) {
    const salary = findSalary(account, known, explained, fold);
    relations.salary.push(...salary);
    const paid = new Set(salary.map(({ transaction }) => transaction.hash));
    const { credits, debits } = findRecurring(account, paid, undone);
    relations.recurring.credits.push(...credits);
    relations.recurring.debits.push(...debits);
  }
  return relations;
}

function addAll(set: Set<string>, more: Iterable<string>): void {
  for (const each of more) set.add(each);
}
