/** The accounts that a consent gives access to: first seen, met again under a new consent, or gone. */
import { createHmac } from "node:crypto";
import { envelope } from "../../events/envelope.ts";
import { recordEvent } from "../../events/outbox.ts";
import { addJob } from "../../platform/jobs.ts";
import { newId } from "../../platform/ids.ts";
import {
  findBankAccount,
  releaseAccounts,
  takeInBankAccount,
  type BankAccount,
} from "../../store/bank-accounts.ts";
import { findConsent, lockConsent, type Consent } from "../../store/consents.ts";
import type { Environment } from "../../store/environments.ts";
import type { Lane } from "../../store/events.ts";
import { inTransaction, type InTransaction } from "../../store/transaction.ts";
import { endByBank } from "../consents/change.ts";
import { mayRead } from "../consents/dates.ts";
import type { Connect } from "../context.ts";
import { bankAccountObject } from "../objects/bank-account.ts";
import type { Fault, ProviderAccount } from "../providers/provider.ts";
import { accessOf } from "./access.ts";
import { syncJobKey } from "./account.ts";
import { resourceOf } from "./batches.ts";
import { retryAt } from "./schedule.ts";
import { SYNC_ACCOUNT_TASK, SYNC_CONSENT_TASK } from "./tasks.ts";

type Trx = InTransaction["trx"];

/** About two days of a bank that does not answer. */
const MOST_ATTEMPTS = 16;

/**
 * Asks the bank which accounts there are, takes them in and asks for the sync of each. Nothing where the consent may
 * not be used. @param attempt from 1 on
 */
export async function syncConsent(
  connect: Connect,
  env: Environment,
  consentId: string,
  attempt = 1,
): Promise<void> {
  const consent = await findConsent(connect.db, env.id, consentId);
  if (!consent || !mayRead(consent, env.timeZone, connect.clock())) return;
  const provider = connect.providers.find(consent.provider ?? "");
  if (!provider?.ais) return;
  const { ais } = provider;
  const answer = await accessOf(connect, env, provider, consent.id).ask((grant) => ais.accounts(grant));
  if (!answer.ok) return afterFault(connect, env, consent, answer, attempt);
  const lanes = await inTransaction(connect.db, ({ trx }) =>
    takeIn(trx, connect, env, consent, answer.value),
  );
  connect.wake(lanes);
}

async function takeIn(
  trx: Trx,
  connect: Connect,
  env: Environment,
  { id, public_id }: Consent,
  accounts: readonly ProviderAccount[],
): Promise<Lane[]> {
  // One sync of a consent at a time, and none of one that has ended meanwhile.
  const consent = await lockConsent(trx, env.id, id);
  if (consent?.status !== "authorized" || consent.provider === null) return [];
  const now = connect.clock();
  const lanes: Lane[] = [];
  const kept: bigint[] = [];
  for (const { ref, identification, ...account } of accounts) {
    const taken = await takeInBankAccount(
      trx,
      env.id,
      {
        public_id: newId("ba"),
        customer_id: consent.customer_id,
        consent_id: id,
        provider: consent.provider,
        bank_ref: ref,
        fingerprint: fingerprintOf(env, consent.provider, { ref, identification, ...account }),
        holder_name: account.holderName,
        nickname: account.nickname,
        currency: account.currency,
        identification: texts(identification),
        type: account.type,
        class: account.class,
      },
      now,
    );
    kept.push(taken.id);
    const row = await findBankAccount(trx, env.id, taken.id);
    if (!row) throw new Error(`An account of ${public_id} was taken in and is gone.`);
    if (taken.created) lanes.push(...(await announceAccount(trx, env, row, now)));
    await askForSync(trx, env.id, row.public_id);
  }
  await releaseAccounts(trx, env.id, id, kept);
  return lanes;
}

const texts = (given: ProviderAccount["identification"]): Record<string, string> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));

export async function askForSync(trx: Trx, envId: number, account: string): Promise<void> {
  const payload = { env: envId, account };
  await addJob(trx, { task: SYNC_ACCOUNT_TASK, payload, key: syncJobKey(envId, account) });
}

/**
 * The same for one real account whenever and under whatever consent it is seen; keyed with the environment's key, so
 * that it tells nobody the number, and nobody whether two environments know one account.
 */
export function fingerprintOf(env: Environment, provider: string, account: ProviderAccount): string {
  const { sort_code, account_number, iban, pan } = account.identification;
  // A card's number is masked by many banks: the account's own reference has to tell two of them apart.
  const number =
    iban ??
    (account_number === undefined ? null : `${sort_code ?? ""} ${account_number}`) ??
    `${pan ?? ""} ${account.ref}`;
  const text = JSON.stringify([provider, number.replace(/[\s-]/g, "").toUpperCase(), account.currency]);
  return createHmac("sha256", env.dataKey.bytes)
    .update(`bank account ${text}`)
    .digest("base64url")
    .slice(0, 32);
}

async function announceAccount(
  trx: Trx,
  env: Environment,
  account: BankAccount,
  now: Temporal.Instant,
): Promise<Lane[]> {
  const { lanes } = await recordEvent(trx, {
    envId: env.id,
    key: `bank_account:${account.public_id}:created`,
    type: "bank_account.created",
    resource: resourceOf(account),
    subject: account.owner_id,
    retention: env.retention,
    at: now,
    bodies: (id) => ({ event: envelope(id, "bank_account.created", now, bankAccountObject(account)) }),
  });
  return lanes;
}

async function afterFault(
  connect: Connect,
  env: Environment,
  consent: Consent,
  fault: Fault,
  attempt: number,
): Promise<void> {
  const facts = {
    consent: consent.public_id,
    provider: consent.provider,
    fault: fault.fault,
    code: fault.code,
  };
  connect.log.warn({ ...facts, attempt }, "a bank did not say which accounts there are");
  if (fault.fault === "grant_ended") {
    await endByBank(connect, env, consent.id);
    return;
  }
  if (attempt >= MOST_ATTEMPTS) return;
  await addJob(connect.db, {
    task: SYNC_CONSENT_TASK,
    payload: { env: env.id, consent: consent.public_id, attempt: attempt + 1 },
    runAt: retryAt(connect.clock(), attempt, fault.retryAfterS),
    key: `sync_consent:${env.id}:${consent.public_id}`,
  });
}
