/**
 * The one way in which a payment changes its status: the step of the table, its event, the audit, and what follows
 * for its batch, all in the caller's transaction. Whoever locks payments and their batch locks the payments first.
 */
import type { Kysely } from "kysely";
import { envelope } from "../../events/envelope.ts";
import { recordEvent } from "../../events/outbox.ts";
import { changeBatch, lockBatch, statusesOfBatches, type Batch } from "../../store/batch-payments.ts";
import { recordAudit } from "../../store/audit.ts";
import type { Environment } from "../../store/environments.ts";
import type { Lane } from "../../store/events.ts";
import { changePayment, paymentsOfBatch, type Payment, type PaymentChange } from "../../store/payments.ts";
import type { Schema } from "../../store/schema.ts";
import { batchObject, paymentObject } from "../objects/payment.ts";
import { openParties } from "./sealed.ts";
import {
  batchStatusOf,
  batchWay,
  stepFrom,
  type BatchStatus,
  type PaymentStatus,
  type PaymentStep,
} from "./states.ts";

/** Who changes something, when, and in which transaction. */
export interface Change {
  trx: Kysely<Schema>;
  env: Environment;
  at: Temporal.Instant;
  /** For the audit: `api_key:<id>`, `customer`, `job:<name>`. */
  actor: string;
}

export interface Changed {
  payment: Payment;
  /** To wake after the commit. */
  lanes: Lane[];
}

/** What a status brings with it; tokens are kept while the bank has not taken the payment. */
const MARKS: Readonly<Record<PaymentStep, (at: Temporal.Instant) => PaymentChange>> = {
  choose_bank: () => ({}),
  authorize: (at) => ({ authed_at: at }),
  execute: (at) => ({ executed_at: at, tokens: null, checks: 0 }),
  complete: (at) => ({ completed_at: at, check_at: null }),
  fail: () => ({ tokens: null, check_at: null }),
  cancel: () => ({}),
  expire: () => ({}),
};

/** The caller holds the payment. Throws where the table has no such step. */
export async function takeStep(
  change: Change,
  payment: Payment,
  step: PaymentStep,
  more: PaymentChange = {},
): Promise<Changed> {
  const { trx, env, at, actor } = change;
  const status = stepFrom(payment.status, step);
  const after = await changePayment(trx, payment, { ...MARKS[step](at), ...more, status, updated_at: at });
  const lanes = status === "pending" ? [] : await announcePayment(change, after, status);
  await recordAudit(trx, {
    envId: env.id,
    at,
    actor,
    action: `payment.${step}`,
    target: `payment:${payment.public_id}`,
    ...(after.failure_code === null ? {} : { detail: { failure_code: after.failure_code } }),
  });
  if (after.batch_payment_id !== null) lanes.push(...(await settleBatch(change, after.batch_payment_id)));
  return { payment: after, lanes };
}

/** The statuses that are told by an event (ruling 17), and the creation. */
type PaymentNews = Exclude<PaymentStatus, "new" | "pending"> | "created";

export async function announcePayment(
  { trx, env, at }: Change,
  payment: Payment,
  news: PaymentNews,
): Promise<Lane[]> {
  const type = `payment.${news}` as const;
  const object = paymentObject(payment, openParties(env.dataKey, payment).recipient, null);
  const { lanes } = await recordEvent(trx, {
    envId: env.id,
    key: `payment:${payment.public_id}:${news}`,
    type,
    resource: `payment:${payment.public_id}`,
    subject: payment.owner_id,
    retention: env.retention,
    at,
    bodies: (publicId) => ({ event: envelope(publicId, type, at, object) }),
  });
  return lanes;
}

export async function announceBatch(
  { trx, env, at }: Change,
  batch: Batch,
  payments: readonly PaymentStatus[],
  news: Exclude<BatchStatus, "pending"> | "created",
): Promise<Lane[]> {
  const type = `batch_payment.${news}` as const;
  const { lanes } = await recordEvent(trx, {
    envId: env.id,
    key: `batch_payment:${batch.public_id}:${news}`,
    type,
    resource: `batch_payment:${batch.public_id}`,
    subject: batch.owner_id,
    retention: env.retention,
    at,
    bodies: (publicId) => ({ event: envelope(publicId, type, at, batchObject(batch, payments, null)) }),
  });
  return lanes;
}

/** Brings the batch to where its payments are, with one event for each status that it enters. */
async function settleBatch(change: Change, batchId: bigint): Promise<Lane[]> {
  const { trx, env, at } = change;
  let batch = await lockBatch(trx, env.id, batchId);
  // Read under the batch's lock: what another transaction did to a sister before is committed and seen.
  const payments = (await statusesOfBatches(trx, env.id, [batchId])).get(batchId) ?? [];
  const target = batchStatusOf(payments);
  const way = batchWay(batch.status, target);
  if (!way) throw new Error(`${batch.public_id} cannot become ${target} from ${batch.status}.`);
  const lanes: Lane[] = [];
  for (const status of way) {
    const failure = status === "failed" ? await failureOf(change, batchId) : {};
    batch = await changeBatch(trx, batch, { ...failure, status, updated_at: at });
    if (status !== "pending") lanes.push(...(await announceBatch(change, batch, payments, status)));
  }
  return lanes;
}

/** A batch of which nothing was paid says why its first failed payment was not. */
async function failureOf({ trx, env }: Change, batchId: bigint) {
  const failed = (await paymentsOfBatch(trx, env.id, batchId)).find(({ status }) => status === "failed");
  return { failure_code: failed?.failure_code ?? null, failure_message: failed?.failure_message ?? null };
}
