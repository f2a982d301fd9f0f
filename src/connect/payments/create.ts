/** New payments and batches, and taking them back. */
import type { Transaction } from "kysely";
import { newId } from "../../platform/ids.ts";
import { findBatch, insertBatch, statusesOfBatches, type Batch } from "../../store/batch-payments.ts";
import { recordAudit } from "../../store/audit.ts";
import type { Environment } from "../../store/environments.ts";
import type { Lane } from "../../store/events.ts";
import {
  findPayment,
  insertPayment,
  lockPayment,
  lockPaymentsOfBatch,
  type Payment,
} from "../../store/payments.ts";
import type { Schema } from "../../store/schema.ts";
import { inTransaction } from "../../store/transaction.ts";
import type { Connect } from "../context.ts";
import { ConnectError } from "../errors.ts";
import { newCode } from "../hosted-codes.ts";
import type { PaymentInstruction } from "../providers/provider.ts";
import { announceBatch, announcePayment, takeStep, type Change } from "./change.ts";
import type { CheckedInstruction } from "./input.ts";
import { newKey } from "./keys.ts";
import { sealParties } from "./sealed.ts";
import { isWaiting, type PaymentStatus } from "./states.ts";

export interface NewPaymentTerms extends CheckedInstruction {
  customerId: bigint;
  /** The payer's account, of this customer, where it is known. */
  bankAccountId: bigint | null;
  payer: PaymentInstruction["debtor"];
  /** Checked; null: the hosted page asks. */
  provider: string | null;
  currency: string;
  /** Checked. */
  returnUrl: string;
  metadata: Record<string, string>;
}

export interface NewBatchTerms {
  customerId: bigint;
  provider: string | null;
  currency: string;
  returnUrl: string;
  metadata: Record<string, string>;
  payments: readonly (CheckedInstruction & { metadata: Record<string, string> })[];
}

/** As a consent that nobody touches (reference §3.2): 7 days. */
const UNTOUCHED = { hours: 7 * 24 };

/** Who asks, and what else commits with what is made: the answer that a repeated request gets. */
export interface Asked<T> {
  actor: string;
  keep: (trx: Transaction<Schema>, made: T) => Promise<void>;
}

/** With `payment.created`, in one transaction. */
export async function createPayment(
  connect: Connect,
  env: Environment,
  { returnUrl, ...terms }: NewPaymentTerms,
  { actor, keep }: Asked<Payment>,
): Promise<Payment> {
  const made = await inTransaction(connect.db, async ({ trx }) => {
    const change: Change = { trx, env, at: connect.clock(), actor };
    const publicId = newId("pmt");
    const page = { ...newCode(env.dataKey, "payments", publicId), return_url: returnUrl };
    const made = await insertNew(change, publicId, { ...terms, ...page, batchId: null });
    await keep(trx, made.payment);
    return made;
  });
  connect.wake(made.lanes);
  return made.payment;
}

type Row = Omit<NewPaymentTerms, "returnUrl"> & {
  batchId: bigint | null;
  code_hash: Buffer | null;
  code: Buffer | null;
  return_url: string | null;
};

async function insertNew(
  change: Change,
  publicId: string,
  row: Row,
): Promise<{ payment: Payment; lanes: Lane[] }> {
  const { trx, env, at, actor } = change;
  const { customerId, bankAccountId, payer, batchId, recipient, metadata, ...columns } = row;
  const id = await insertPayment(trx, {
    ...columns,
    env_id: env.id,
    public_id: publicId,
    customer_id: customerId,
    bank_account_id: bankAccountId,
    batch_payment_id: batchId,
    recipient: sealParties(env.dataKey, publicId, { recipient, payer }),
    metadata: JSON.stringify(metadata),
    status: row.provider === null ? "new" : "pending",
    consent_key: newKey(),
    payment_key: newKey(),
    expires_at: at.add(UNTOUCHED),
    created_at: at,
    updated_at: at,
  });
  const payment = await findPayment(trx, env.id, id);
  if (!payment) throw new Error(`${publicId} was made and is gone.`);
  const lanes = await announcePayment(change, payment, "created");
  const target = `payment:${publicId}`;
  await recordAudit(trx, { envId: env.id, at, actor, action: "payment.create", target });
  return { payment, lanes };
}

export interface BatchState {
  batch: Batch;
  payments: PaymentStatus[];
}

/** With `batch_payment.created` and a `payment.created` each, in one transaction. */
export async function createBatch(
  connect: Connect,
  env: Environment,
  terms: NewBatchTerms,
  { actor, keep }: Asked<BatchState>,
): Promise<BatchState> {
  const { payments, customerId, provider, currency, metadata } = terms;
  const publicId = newId("bp");
  const made = await inTransaction(connect.db, async ({ trx }) => {
    const at = connect.clock();
    const change: Change = { trx, env, at, actor };
    const id = await insertBatch(trx, {
      env_id: env.id,
      public_id: publicId,
      ...newCode(env.dataKey, "batch_payments", publicId),
      customer_id: customerId,
      provider,
      currency,
      total_amount: payments.reduce((sum, { amount }) => sum + amount, 0n),
      count: payments.length,
      return_url: terms.returnUrl,
      status: "pending",
      metadata: JSON.stringify(metadata),
      expires_at: at.add(UNTOUCHED),
      created_at: at,
      updated_at: at,
    });
    const batch = await findBatch(trx, env.id, id);
    if (!batch) throw new Error(`${publicId} was made and is gone.`);
    const lanes: Lane[] = [];
    const statuses: PaymentStatus[] = payments.map(() => (provider === null ? "new" : "pending"));
    lanes.push(...(await announceBatch(change, batch, statuses, "created")));
    const shared = { customerId, provider, currency, bankAccountId: null, payer: null, batchId: id };
    const noPage = { code_hash: null, code: null, return_url: null };
    for (const instruction of payments)
      lanes.push(...(await insertNew(change, newId("pmt"), { ...instruction, ...shared, ...noPage })).lanes);
    const target = `batch_payment:${publicId}`;
    await recordAudit(trx, { envId: env.id, at, actor, action: "batch_payment.create", target });
    const state = { batch, payments: statuses };
    await keep(trx, state);
    return { state, lanes };
  });
  connect.wake(made.lanes);
  return made.state;
}

/** Only before the customer has authorized it. Throws ConnectError `resource_missing`, `invalid_state`. */
export async function cancelPayment(
  connect: Connect,
  env: Environment,
  publicId: string,
  actor: string,
): Promise<Payment> {
  const { payment, lanes } = await inTransaction(connect.db, async ({ trx }) => {
    const payment = await lockPayment(trx, env.id, publicId);
    if (!payment) throw new ConnectError("resource_missing", "There is no such payment.");
    if (!isWaiting(payment.status))
      throw new ConnectError("invalid_state", `A payment that is ${payment.status} cannot be canceled.`);
    return takeStep({ trx, env, at: connect.clock(), actor }, payment, "cancel");
  });
  connect.wake(lanes);
  return payment;
}

/**
 * Cancels what of it nobody has authorized yet; what is authorized goes on. Throws ConnectError `resource_missing`, and
 * `invalid_state` where there is nothing left to cancel.
 */
export async function cancelBatch(
  connect: Connect,
  env: Environment,
  publicId: string,
  actor: string,
): Promise<BatchState> {
  const { state, lanes } = await inTransaction(connect.db, async ({ trx }) => {
    const known = await findBatch(trx, env.id, publicId);
    if (!known) throw new ConnectError("resource_missing", "There is no such batch payment.");
    const payments = await lockPaymentsOfBatch(trx, env.id, known.id);
    const waiting = payments.filter(({ status }) => isWaiting(status));
    if (waiting.length === 0) {
      const { status } = (await findBatch(trx, env.id, known.id)) ?? known;
      throw new ConnectError("invalid_state", `A batch payment that is ${status} cannot be canceled.`);
    }
    const change: Change = { trx, env, at: connect.clock(), actor };
    const lanes: Lane[] = [];
    for (const payment of waiting) lanes.push(...(await takeStep(change, payment, "cancel")).lanes);
    return { state: await batchState(connect, env, known.id, trx), lanes };
  });
  connect.wake(lanes);
  return state;
}

/** The batch as it is now, with its payments' statuses. Throws ConnectError `resource_missing`. */
export async function batchState(
  connect: Connect,
  env: Environment,
  id: string | bigint,
  db: Connect["db"] = connect.db,
): Promise<BatchState> {
  const batch = await findBatch(db, env.id, id);
  if (!batch) throw new ConnectError("resource_missing", "There is no such batch payment.");
  const statuses = await statusesOfBatches(db, env.id, [batch.id]);
  return { batch, payments: statuses.get(batch.id) ?? [] };
}
