/** Bank accounts, their balances, syncs and transactions as the wire shows them (reference §3.4–3.7). */
import type { BalanceRow } from "../../store/balances.ts";
import type { BankAccount, BankAccountRow } from "../../store/bank-accounts.ts";
import type { BankTransactionRow } from "../../store/bank-transactions.ts";
import { toMajor } from "../amounts.ts";
import { time, timeOrNull } from "./times.ts";

export function bankAccountObject(account: BankAccount) {
  const isVendor = account.owner_kind === "vendor";
  return {
    id: account.public_id,
    object: "bank_account" as const,
    created_at: time(account.created_at),
    updated_at: time(account.updated_at),
    customer: isVendor ? null : account.owner_id,
    vendor: isVendor ? account.owner_id : null,
    consent: account.consent_public_id,
    provider: account.provider,
    holder_name: account.holder_name,
    nickname: account.nickname,
    currency: account.currency,
    identification: account.identification,
    type: account.type,
    class: account.class,
    fingerprint: account.fingerprint,
    metadata: account.metadata,
  };
}

export function balanceObject(balance: BalanceRow) {
  const { currency, available, overdraft_limit: limit } = balance;
  return {
    type: balance.type,
    current: toMajor(balance.current, currency),
    available: available === null ? null : toMajor(available, currency),
    currency,
    overdraft: limit === null ? null : { limit: toMajor(limit, currency), type: balance.overdraft_type },
    synced_at: time(balance.synced_at),
  };
}

export function syncObject(account: BankAccountRow) {
  return {
    status: account.sync_status,
    synced_from: timeOrNull(account.synced_from),
    synced_to: timeOrNull(account.synced_to),
    auto_sync_interval: account.auto_sync_interval,
  };
}

/** What a transaction's object names beside its row. */
export interface TransactionOwner {
  bankAccount: string;
  consent: string | null;
}

export type TransactionFacts = Omit<
  BankTransactionRow,
  "env_id" | "id" | "bank_account_id" | "bank_ref" | "created_at"
>;

export function transactionObject(row: TransactionFacts, { bankAccount, consent }: TransactionOwner) {
  const { currency, balance } = row;
  return {
    id: row.public_id,
    object: "transaction" as const,
    timestamp: time(row.at),
    amount: toMajor(row.amount, currency),
    currency,
    type: row.amount < 0n ? ("debit" as const) : ("credit" as const),
    description: row.description,
    reference: row.reference,
    category: row.category,
    merchant: row.merchant,
    balance: balance === null ? null : toMajor(balance, currency),
    status: row.status,
    metadata: row.metadata,
    bank_account: bankAccount,
    consent,
  };
}
