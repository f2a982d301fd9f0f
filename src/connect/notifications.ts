/**
 * What a bank tells us by itself. A notification is believed on whose it is, not on what is so: it only makes us look,
 * except that a consent which the bank says was revoked has ended.
 */
import { accountsByBankRef, takeNotification } from "../store/bank-notifications.ts";
import { findConsent, findConsentByBankId, lockConsent } from "../store/consents.ts";
import type { Lane } from "../store/events.ts";
import { addJob } from "../platform/jobs.ts";
import { inTransaction, type InTransaction } from "../store/transaction.ts";
import { cancelConsent } from "./consents/change.ts";
import { mayStep } from "./consents/states.ts";
import type { Connect } from "./context.ts";
import { lookAtNotified } from "./payments/jobs.ts";
import type { BankFault, Notification } from "./providers/provider.ts";
import { askForSync } from "./sync/consent.ts";
import { SYNC_CONSENT_TASK } from "./sync/tasks.ts";

export type Taken =
  | { is: "taken" | "known" | "of_no_concern" }
  | { is: "unknown_provider" }
  | { is: "not_believed"; fault: BankFault };

type Trx = InTransaction["trx"];

/** Each token has its effect once, in one transaction with the note that it was taken. */
export async function takeBankNotification(
  connect: Connect,
  providerId: string,
  token: string,
): Promise<Taken> {
  const provider = connect.providers.find(providerId);
  if (!provider?.readNotification) return { is: "unknown_provider" };
  const read = await provider.readNotification(token);
  if (!read.ok) {
    connect.log.warn(
      { provider: providerId, fault: read.fault, code: read.code },
      "a bank's notification was not taken",
    );
    return read.fault === "refused" ? { is: "of_no_concern" } : { is: "not_believed", fault: read.fault };
  }
  const { value } = read;
  const done = await inTransaction(connect.db, async ({ trx }) => {
    const now = connect.clock();
    if (!(await takeNotification(trx, providerId, value.jti, now))) return null;
    return EFFECTS[value.says](trx, connect, providerId, value);
  });
  connect.log.info({ provider: providerId, says: value.says, again: done === null }, "a bank notified us");
  if (done === null) return { is: "known" };
  connect.wake(done);
  return { is: "taken" };
}

type Effect = (
  trx: Trx,
  connect: Connect,
  provider: string,
  notification: Notification,
) => Promise<readonly Lane[]>;

const EFFECTS: Readonly<Record<Notification["says"], Effect>> = {
  consent_revoked: endConsent,
  accounts_changed: lookAtAccounts,
  async resource_updated(trx, connect, provider, notification) {
    await lookAtNotified({ db: trx }, provider, notification);
    return lookAtAccounts(trx, connect, provider, notification);
  },
};

async function endConsent(
  trx: Trx,
  connect: Connect,
  provider: string,
  { bankConsentId }: Notification,
): Promise<readonly Lane[]> {
  const known = bankConsentId === null ? null : await findConsentByBankId(trx, provider, bankConsentId);
  const consent = known && (await lockConsent(trx, known.envId, known.id));
  if (!consent || !mayStep(consent.status, "cancel")) return [];
  const env = await connect.environment(consent.env_id);
  return (await cancelConsent(trx, env, consent, { actor: "bank", at: connect.clock() })).lanes;
}

async function lookAtAccounts(
  trx: Trx,
  _connect: Connect,
  provider: string,
  { bankConsentId, bankAccountRef }: Notification,
): Promise<readonly Lane[]> {
  const known = bankConsentId === null ? null : await findConsentByBankId(trx, provider, bankConsentId);
  const consent = known && (await findConsent(trx, known.envId, known.id));
  if (consent?.status === "authorized") {
    const payload = { env: consent.env_id, consent: consent.public_id };
    await addJob(trx, {
      task: SYNC_CONSENT_TASK,
      payload,
      key: `sync_consent:${consent.env_id}:${consent.public_id}`,
    });
  }
  const accounts = bankAccountRef === null ? [] : await accountsByBankRef(trx, provider, bankAccountRef);
  for (const { env_id, public_id } of accounts) await askForSync(trx, env_id, public_id);
  return [];
}
