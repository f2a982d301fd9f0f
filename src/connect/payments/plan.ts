/** The job that asks the bank about a payment: one waiting job each, planned in the transaction that makes it due. */
import type { Kysely } from "kysely";
import { addJob, removeJob } from "../../platform/jobs.ts";
import type { PaymentRow } from "../../store/payments.ts";
import type { Schema } from "../../store/schema.ts";

/** Payload `{ env, payment: public id, now: boolean }`. */
export const ADVANCE_TASK = "advance_payment";

type Which = Pick<PaymentRow, "env_id" | "public_id">;

const keyOf = ({ public_id }: Which): string => `payment:${public_id}`;

/** @param runAt null: at once */
export async function planAdvance(
  trx: Kysely<Schema>,
  payment: Which,
  runAt: Temporal.Instant | null,
): Promise<void> {
  await addJob(trx, {
    task: ADVANCE_TASK,
    payload: { env: payment.env_id, payment: payment.public_id, now: false },
    key: keyOf(payment),
    ...(runAt === null ? {} : { runAt }),
  });
}

/** The bank has told us of news: whether or not a look was due. */
export async function planLook(trx: Kysely<Schema>, envId: number, publicId: string): Promise<void> {
  await addJob(trx, {
    task: ADVANCE_TASK,
    payload: { env: envId, payment: publicId, now: true },
    // Of its own: the planned look stays planned.
    key: `payment-news:${publicId}`,
  });
}

export const planNothing = (trx: Kysely<Schema>, payment: Which): Promise<void> =>
  removeJob(trx, keyOf(payment));
