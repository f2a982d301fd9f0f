/**
 * What only the other transactions tell of one goes into its label, so that every list calls it alike: a transfer
 * between the holder's own accounts, salary that no word announces, what a lender paid out.
 */
import type { Account, Description, LabelledTransaction, Relations } from "./types.ts";

interface Found {
  hashes: (relations: Relations) => { has(hash: string): boolean };
  category: string;
  /** Where the narration gave none. */
  description: Description;
}

/** The first that holds counts. The words are those of the contract's samples (reference §2.8). */
const FOUND: readonly Found[] = [
  {
    hashes: ({ selfTransfers }) => selfTransfers,
    category: "Self Transfer",
    description: "self_transfer",
  },
  {
    hashes: ({ salary }) => new Set(salary.map(({ transaction }) => transaction.hash)),
    category: "Salary",
    description: "",
  },
  {
    hashes: ({ loanCredits }) => loanCredits,
    category: "Loan Disbursed",
    description: "lender_transaction",
  },
];

export interface Related {
  accounts: Account[];
  relations: Relations;
}

/** Relations speak of the same transactions as the accounts before and after. */
export function relabel(accounts: readonly Account[], relations: Relations): Related {
  const found = FOUND.map(({ hashes, category, description }) => ({
    category,
    description,
    hashes: hashes(relations),
  }));
  const changed = new Map<string, LabelledTransaction>();
  const labelled = (transaction: LabelledTransaction): LabelledTransaction => {
    const label = found.find(({ hashes }) => hashes.has(transaction.hash));
    if (!label) return transaction;
    const before = changed.get(transaction.hash);
    if (before) return before;
    const { category, description } = label;
    const after = { ...transaction, category, description: transaction.description || description };
    changed.set(transaction.hash, after);
    return after;
  };
  const all = accounts.map((account) => ({ ...account, transactions: account.transactions.map(labelled) }));
  const sets = (list: Relations["recurring"]["credits"]) =>
    list.map((set) => ({ ...set, transactions: set.transactions.map(labelled) }));
  return {
    accounts: all,
    relations: {
      ...relations,
      salary: relations.salary.map((payment) => ({ ...payment, transaction: labelled(payment.transaction) })),
      recurring: { credits: sets(relations.recurring.credits), debits: sets(relations.recurring.debits) },
    },
  };
}
