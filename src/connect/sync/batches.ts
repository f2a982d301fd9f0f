/** What a sync commits: a batch of rows with their events, and at the end what the account is then. */
import { envelope } from "../../events/envelope.ts";
import { recordEvent } from "../../events/outbox.ts";
import { newId } from "../../platform/ids.ts";
import { findBankAccount, type BankAccount } from "../../store/bank-accounts.ts";
import { endSync, extendSync, type SyncLease } from "../../store/bank-syncs.ts";
import {
  keepPending,
  writeBankTransactions,
  writeLabels,
  type NewBankTransaction,
  type StoredLabel,
  type WrittenTransaction,
} from "../../store/bank-transactions.ts";
import { replaceBalances } from "../../store/balances.ts";
import { holdAuthorized } from "../../store/consents.ts";
import type { Environment } from "../../store/environments.ts";
import type { Lane } from "../../store/events.ts";
import { inTransaction, type InTransaction } from "../../store/transaction.ts";
import type { Connect } from "../context.ts";
import { bankAccountObject, transactionObject } from "../objects/bank-account.ts";
import type { ProviderBalance } from "../providers/provider.ts";
import type { NamedRow } from "./rows.ts";
import { coveredAfter, earlier, nextSyncAt, type Range } from "./schedule.ts";

/** Another took the account over: what this worker still holds is not wanted. */
export class LostLease extends Error {
  override name = "LostLease";
}

/** The consent was revoked or has expired meanwhile: nothing that was read under it is kept from then on. */
export class ConsentEnded extends Error {
  override name = "ConsentEnded";
}

/** A sync in progress. */
export interface Run {
  connect: Connect;
  env: Environment;
  account: BankAccount;
  lease: SyncLease;
  /** Whether anything is another than before. */
  changed: boolean;
}

/** Extended with each commit; longer than a bank may take for a few pages. */
const LEASE = { minutes: 5 };
export const leaseUntil = (now: Temporal.Instant): Temporal.Instant => now.add(LEASE);

type Trx = InTransaction["trx"];

/** Throws LostLease, ConsentEnded. */
export async function commitBatch(run: Run, rows: readonly NamedRow[]): Promise<void> {
  const { connect } = run;
  const { changed, lanes } = await inTransaction(connect.db, ({ trx }) => writeBatch(trx, run, rows));
  run.changed ||= changed;
  connect.wake(lanes);
}

async function writeBatch(
  trx: Trx,
  run: Run,
  rows: readonly NamedRow[],
): Promise<{ changed: boolean; lanes: Lane[] }> {
  const { connect, env, account, lease } = run;
  const now = connect.clock();
  // Before anything else is locked: who ends a consent locks it first too.
  if (account.consent_id === null || !(await holdAuthorized(trx, env.id, account.consent_id)))
    throw new ConsentEnded();
  const fresh = new Map(rows.map((row) => [`${row.status} ${row.bankRef}`, newRow(row)]));
  const key = { envId: env.id, accountId: account.id };
  const written = await writeBankTransactions(trx, key, [...fresh.values()], now);
  const inserted = written.filter((row) => row.inserted);
  const booked = inserted.filter(({ status }) => status === "booked");
  // Lists say their length by these, also where the sync breaks off after this commit.
  const added = { booked: booked.length, pending: inserted.length - booked.length };
  if (!(await extendSync(trx, lease, leaseUntil(now), added))) throw new LostLease();
  const lanes = isFirst(account) ? [] : await announce(trx, run, [...fresh.values()], booked, now);
  return { changed: written.length > 0, lanes };
}

const isFirst = ({ synced_to }: BankAccount) => synced_to === null;

const newRow = (row: NamedRow): NewBankTransaction => ({
  publicId: newId("trn"),
  status: row.status,
  bankRef: row.bankRef,
  at: row.at,
  amount: row.amount,
  currency: row.currency,
  description: row.description,
  reference: row.reference,
  category: row.category,
  merchant: row.merchant,
  balance: row.balance,
  metadata: row.partyName === null ? {} : { party_name: row.partyName },
});

/** `transaction.created` for each new booked one (ruling 17); not for what a consent that reaches further back brings. */
async function announce(
  trx: Trx,
  { env, account }: Run,
  rows: readonly NewBankTransaction[],
  booked: readonly WrittenTransaction[],
  now: Temporal.Instant,
): Promise<Lane[]> {
  const inserted = new Set(booked.map(({ public_id }) => public_id));
  const owner = { bankAccount: account.public_id, consent: account.consent_public_id };
  const lanes: Lane[] = [];
  for (const row of rows) {
    if (!inserted.has(row.publicId)) continue;
    if (account.synced_from && earlier(row.at, account.synced_from)) continue;
    const object = transactionObject({ ...row, public_id: row.publicId }, owner);
    const resource = `transaction:${row.publicId}`;
    const recorded = await recordEvent(trx, {
      envId: env.id,
      key: `${resource}:created`,
      type: "transaction.created",
      resource,
      subject: account.owner_id,
      retention: env.retention,
      at: now,
      bodies: (id) => ({ event: envelope(id, "transaction.created", now, object) }),
    });
    lanes.push(...recorded.lanes);
  }
  return lanes;
}

export interface Rest {
  /** What no batch has held yet. */
  rows: readonly NamedRow[];
  /** Stored rows that these show in another light. */
  relabelled: readonly StoredLabel[];
  /** References of every pending row that the bank showed; null: transactions were not read. */
  pendingRefs: readonly string[] | null;
  range: Range;
  /** Null: balances were not read. */
  balances: readonly ProviderBalance[] | null;
}

/**
 * The last batch together with the end, in one transaction: a small sync is seen wholly or not at all, and no reader
 * meets a booked row beside its pending form. Throws LostLease, ConsentEnded.
 */
export async function commitEnd(run: Run, rest: Rest): Promise<void> {
  const { connect, env, account, lease } = run;
  const { rows, relabelled, pendingRefs, range, balances } = rest;
  const { id, auto_sync_interval } = account;
  const lanes = await inTransaction(connect.db, async ({ trx }) => {
    const now = connect.clock();
    const batch = await writeBatch(trx, run, rows);
    await writeLabels(trx, { envId: env.id, accountId: id }, relabelled);
    const pending = pendingRefs
      ? await keepPending(trx, { envId: env.id, accountId: id }, pendingRefs)
      : { removed: 0, kept: Number(account.pending_count) };
    const moved = balances !== null && (await replaceBalances(trx, env.id, id, balances.map(stored), now));
    const covered = pendingRefs ? coveredAfter(account, range) : { from: account.synced_from, to: range.to };
    const ended = await endSync(trx, lease, {
      syncedFrom: covered.from,
      syncedTo: covered.to,
      pending: pending.kept,
      nextAt: nextSyncAt(now, auto_sync_interval),
      error: null,
      at: now,
    });
    if (!ended) throw new LostLease();
    const brought = run.changed || batch.changed || pending.removed > 0 || moved;
    return brought ? [...batch.lanes, ...(await announceSync(trx, run, now))] : batch.lanes;
  });
  connect.wake(lanes);
}

const stored = ({ overdraft, ...figures }: ProviderBalance) => ({
  ...figures,
  overdraft_limit: overdraft?.limit ?? null,
  overdraft_type: overdraft?.type ?? null,
});

async function announceSync(trx: Trx, { env, account, lease }: Run, now: Temporal.Instant): Promise<Lane[]> {
  const after = await findBankAccount(trx, env.id, account.id);
  if (!after) throw new Error(`${account.public_id} was synced and is gone.`);
  const { lanes } = await recordEvent(trx, {
    envId: env.id,
    key: `bank_account:${after.public_id}:synced:${lease.generation}`,
    type: "bank_account.synced",
    resource: resourceOf(after),
    subject: after.owner_id,
    retention: env.retention,
    at: now,
    bodies: (id) => ({ event: envelope(id, "bank_account.synced", now, bankAccountObject(after)) }),
  });
  return lanes;
}

/** What order is kept for: the consent (ruling 17). */
export const resourceOf = ({ consent_public_id, public_id }: BankAccount): string =>
  consent_public_id === null ? `bank_account:${public_id}` : `consent:${consent_public_id}`;
