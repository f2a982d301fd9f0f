/** A payment and a batch as the wire shows them (reference §6): in answers and in events. */
import type { Batch } from "../../store/batch-payments.ts";
import type { Payment } from "../../store/payments.ts";
import { toMajor } from "../amounts.ts";
import type { Recipient } from "../payments/recipient.ts";
import { batchCounts, type PaymentStatus } from "../payments/states.ts";
import { time, timeOrNull } from "./times.ts";

/**
 * @param recipient whole, in events too: it is what the client itself has sent, and it tells payments apart
 * @param pageUrl the hosted page's address. Null for a payment of a batch, which has no page of its own, and in events:
 *   whoever holds it can say no in the payer's name, so it is not stored in the clear with an event's body.
 */
export function paymentObject(payment: Payment, recipient: Recipient, pageUrl: string | null) {
  const isVendor = payment.owner_kind === "vendor";
  const { name, ...identification } = recipient;
  return {
    id: payment.public_id,
    object: "payment" as const,
    created_at: time(payment.created_at),
    updated_at: time(payment.updated_at),
    customer: isVendor ? null : payment.owner_id,
    vendor: isVendor ? payment.owner_id : null,
    provider: payment.provider,
    bank_account: payment.account_id,
    batch_payment: payment.batch_id,
    amount: toMajor(payment.amount, payment.currency),
    currency: payment.currency,
    reference: payment.reference,
    description: payment.description,
    recipient: { name, identification },
    status: payment.status,
    authed_at: timeOrNull(payment.authed_at),
    executed_at: timeOrNull(payment.executed_at),
    completed_at: timeOrNull(payment.completed_at),
    expires_at: time(payment.expires_at),
    failure_code: payment.failure_code,
    failure_message: payment.failure_message,
    redirect: pageUrl === null ? null : { return_url: payment.return_url, consent_url: pageUrl },
    metadata: payment.metadata,
  };
}

export type PaymentObject = ReturnType<typeof paymentObject>;

/** @param payments the statuses of all its payments */
export function batchObject(batch: Batch, payments: readonly PaymentStatus[], pageUrl: string | null) {
  const isVendor = batch.owner_kind === "vendor";
  return {
    id: batch.public_id,
    object: "batch_payment" as const,
    created_at: time(batch.created_at),
    updated_at: time(batch.updated_at),
    customer: isVendor ? null : batch.owner_id,
    vendor: isVendor ? batch.owner_id : null,
    provider: batch.provider,
    count: batch.count,
    total_amount: toMajor(batch.total_amount, batch.currency),
    currency: batch.currency,
    status: batch.status,
    counts: batchCounts(payments),
    expires_at: time(batch.expires_at),
    failure_code: batch.failure_code,
    failure_message: batch.failure_message,
    redirect: pageUrl === null ? null : { return_url: batch.return_url, consent_url: pageUrl },
    metadata: batch.metadata,
  };
}

export type BatchObject = ReturnType<typeof batchObject>;
