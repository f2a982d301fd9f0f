/**
 * One account is brought up to date:
 *
 *     claim ──▶ balances, transactions page by page ──▶ batches ──▶ end (period, pending rows, event, next time)
 *       │                        └── fault ──▶ idle again, tried later; a grant that has ended ends the consent
 *       └── held by another ──▶ tried when that lease ends
 *
 * A crash leaves the lease, which ends by itself; what was committed is met again and not written twice. Memory is one
 * page and one batch, however long the account's history.
 */
import { addJob } from "../../platform/jobs.ts";
import { collectGarbage } from "../../platform/memory.ts";
import { findBankAccount } from "../../store/bank-accounts.ts";
import { claimSync, endSync } from "../../store/bank-syncs.ts";
import { oldestPending } from "../../store/bank-transactions.ts";
import { findConsent, type Consent } from "../../store/consents.ts";
import type { Environment } from "../../store/environments.ts";
import { endByBank } from "../consents/change.ts";
import { mayRead } from "../consents/dates.ts";
import type { Connect } from "../context.ts";
import type { AccountInformation, Fault, Provider, ProviderBalance } from "../providers/provider.ts";
import { accessOf, type Access } from "./access.ts";
import {
  commitBatch,
  commitEnd,
  ConsentEnded,
  leaseUntil,
  LostLease,
  type Rest,
  type Run,
} from "./batches.ts";
import { labelBesideStored, namerOf, relabelFrom } from "./relabel.ts";
import { createReferences, type Seen } from "./rows.ts";
import { earlier, nextSyncAt, PENDING_WITHIN, rangeToRead, retryAt, type Range } from "./schedule.ts";
import { readTransactions } from "./stream.ts";
import { SYNC_ACCOUNT_TASK } from "./tasks.ts";

/** Rows per commit. */
const BATCH_ROWS = 1000;
/** Each row leaves about 4 kB behind. */
const BATCHES_BETWEEN_COLLECTIONS = 4;

export const syncJobKey = (envId: number, account: string): string => `sync:${envId}:${account}`;

/** Nothing where there is no such account. Faults of the bank are noted on the account, never thrown. */
export async function syncAccount(connect: Connect, env: Environment, accountId: string): Promise<void> {
  const found = await findBankAccount(connect.db, env.id, accountId);
  if (!found) return;
  const now = connect.clock();
  const claim = await claimSync(connect.db, found, now, leaseUntil(now));
  if (!claim) return;
  if (!claim.held) {
    const job = { task: SYNC_ACCOUNT_TASK, payload: { env: env.id, account: accountId } };
    return addJob(connect.db, { ...job, runAt: claim.until, key: syncJobKey(env.id, accountId) });
  }
  // Read again: the one who held it before may have changed it since.
  const account = (await findBankAccount(connect.db, env.id, accountId)) ?? found;
  const run: Run = { connect, env, account, lease: claim.lease, changed: false };
  try {
    await syncClaimed(run);
  } catch (error) {
    if (error instanceof LostLease) return connect.log.warn({ account: accountId }, "a sync was overtaken");
    if (error instanceof ConsentEnded) return giveUp(run, "consent_ended", null, "never");
    connect.log.error({ err: error, account: accountId }, "a sync broke off");
    await giveUp(run, "internal_error", null);
  }
}

async function syncClaimed(run: Run): Promise<void> {
  const { connect, env, account } = run;
  const consent =
    account.consent_id === null ? null : await findConsent(connect.db, env.id, account.consent_id);
  if (!consent || !mayRead(consent, env.timeZone, connect.clock())) {
    const waits = consent?.status === "authorized";
    return giveUp(run, waits ? "reconfirmation_due" : "consent_ended", null, waits ? "next time" : "never");
  }
  const provider = connect.providers.find(account.provider);
  if (!provider?.ais) return giveUp(run, "not_configured", null, "next time");
  const access = accessOf(connect, env, provider, consent.id);
  const fault = await bringUpToDate(run, consent, provider.ais, access);
  if (fault) await afterFault(run, provider, consent, fault);
}

async function bringUpToDate(
  run: Run,
  consent: Consent,
  ais: AccountInformation,
  access: Access,
): Promise<Fault | null> {
  const { account } = run;
  let balances: ProviderBalance[] | null = null;
  if (consent.scopes.includes("balance")) {
    const answer = await access.ask((grant) => ais.balances(grant, account.bank_ref));
    if (!answer.ok) return answer;
    balances = oneOfEach(answer.value);
  }
  const range = await rangeOf(run, consent);
  if (!consent.scopes.includes("transactions")) {
    await commitEnd(run, { rows: [], relabelled: [], pendingRefs: null, range, balances });
    return null;
  }
  const read = await readInBatches(run, ais, access, range);
  if (!read.ok) return read;
  await commitEnd(run, { ...read.value, range, balances });
  return null;
}

/** A bank may show several of one kind; the first is the one that it puts first. */
function oneOfEach(balances: readonly ProviderBalance[]): ProviderBalance[] {
  const byType = new Map<string, ProviderBalance>();
  for (const balance of balances) if (!byType.has(balance.type)) byType.set(balance.type, balance);
  return [...byType.values()];
}

async function rangeOf({ connect, env, account }: Run, consent: Consent): Promise<Range> {
  const now = connect.clock();
  const since = (account.synced_to ?? now).subtract(PENDING_WITHIN);
  const pending = await oldestPending(connect.db, { envId: env.id, accountId: account.id }, since);
  return rangeToRead(account, consent.retro_date, pending, env.timeZone, now);
}

type Read = { ok: true; value: Pick<Rest, "rows" | "relabelled" | "pendingRefs"> } | Fault;

/** Commits full batches; what is left over is the end's. */
async function readInBatches(run: Run, ais: AccountInformation, access: Access, range: Range): Promise<Read> {
  const { connect, env, account } = run;
  const namer = namerOf(account, env.timeZone);
  let refer = createReferences();
  let pass = 1;
  const pending = new Set<string>();
  let rows: Seen[] = [];
  let oldestCommitted: Temporal.Instant | null = null;
  let batches = 0;
  for await (const page of readTransactions(ais, access, account.bank_ref, range)) {
    if (!page.ok) return page;
    if (rows.length >= BATCH_ROWS) {
      const batch = chronological(rows);
      await commitBatch(
        run,
        batch.map((row) => namer.alone(row)),
      );
      const first = batch[0]?.at ?? null;
      if (first && (!oldestCommitted || earlier(first, oldestCommitted))) oldestCommitted = first;
      rows = [];
      if (++batches % BATCHES_BETWEEN_COLLECTIONS === 0) collectGarbage();
    }
    // Rows at the seam come again, and all of their instant: counted on, they would be taken for more of their like.
    if (page.pass !== pass) refer = createReferences();
    ({ pass } = page);
    for (const transaction of page.value) {
      const seen = refer(transaction);
      if (seen.status === "pending") pending.add(seen.bankRef);
      rows.push(seen);
    }
  }
  if (oldestCommitted) await relabelFrom(connect.db, account, namer, oldestCommitted);
  const last = await labelBesideStored(connect.db, account, namer, chronological(rows));
  return { ok: true, value: { ...last, pendingRefs: [...pending] } };
}

/** Oldest first; what happened at one instant in the bank's own order, whichever way it lists. */
function chronological(rows: readonly Seen[]): Seen[] {
  const first = rows[0]?.at;
  const last = rows.at(-1)?.at;
  const ascending = first && last && earlier(last, first) ? rows.toReversed() : [...rows];
  return ascending.sort((a, b) => Temporal.Instant.compare(a.at, b.at));
}

async function afterFault(run: Run, provider: Provider, consent: Consent, fault: Fault): Promise<void> {
  const { connect, env, account } = run;
  connect.log.warn(
    { account: account.public_id, provider: provider.id, fault: fault.fault, code: fault.code },
    "a bank did not give an account's data",
  );
  if (fault.fault === "grant_ended") {
    await giveUp(run, fault.fault, null, "never");
    await endByBank(connect, env, consent.id);
    return;
  }
  await giveUp(run, fault.fault, fault.retryAfterS);
}

async function giveUp(
  { connect, account, lease }: Run,
  error: string,
  retryAfterS: number | null,
  when: "soon" | "next time" | "never" = "soon",
): Promise<void> {
  const now = connect.clock();
  const times = {
    soon: () => retryAt(now, account.sync_failures + 1, retryAfterS),
    "next time": () => nextSyncAt(now, account.auto_sync_interval),
    never: () => null,
  };
  await endSync(connect.db, lease, {
    syncedFrom: account.synced_from,
    syncedTo: account.synced_to,
    pending: Number(account.pending_count),
    nextAt: times[when](),
    error,
    at: now,
  });
}
