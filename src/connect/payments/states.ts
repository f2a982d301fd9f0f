/**
 * A payment's life, and a batch's, as tables.
 *
 *     new ──▶ pending ──▶ authorized ──▶ executed ──▶ completed
 *      │        │  └──▶ failed ◀─┴───────────┘
 *      └────────┴──▶ canceled, expired
 *
 *     pending ──▶ authorized ──▶ processing ──▶ completed · partially_completed · failed
 *        └──▶ failed, canceled, expired
 *
 * A batch decides nothing: its status follows from its payments', one table step after the other.
 */
import type { BatchPayments, Payments } from "../../store/schema-openbanking.ts";

export type PaymentStatus = Payments["status"];
export type BatchStatus = BatchPayments["status"];
export type PaymentStep = "choose_bank" | "authorize" | "execute" | "complete" | "fail" | "cancel" | "expire";

const PAYMENT_STEPS: Readonly<
  Record<PaymentStep, { from: readonly PaymentStatus[]; to: Exclude<PaymentStatus, "new"> }>
> = {
  choose_bank: { from: ["new", "pending"], to: "pending" },
  authorize: { from: ["pending"], to: "authorized" },
  // The bank took it: money may have moved.
  execute: { from: ["authorized"], to: "executed" },
  complete: { from: ["executed"], to: "completed" },
  // Refused by the customer at the bank, by the bank when it was asked, or after it had taken it.
  fail: { from: ["pending", "authorized", "executed"], to: "failed" },
  cancel: { from: ["new", "pending"], to: "canceled" },
  expire: { from: ["new", "pending"], to: "expired" },
};

const FINAL: ReadonlySet<PaymentStatus> = new Set(["completed", "failed", "canceled", "expired"]);

/** No way leads out of it. */
export const isFinal = (status: PaymentStatus): boolean => FINAL.has(status);
/** The customer has not yet said yes or no. */
export const isWaiting = (status: PaymentStatus): boolean => status === "new" || status === "pending";
export const mayStep = (status: PaymentStatus, step: PaymentStep): boolean =>
  PAYMENT_STEPS[step].from.includes(status);

/** Where the step leads. A step that the table lacks is a fault of this program: it throws. */
export function stepFrom(status: PaymentStatus, step: PaymentStep): Exclude<PaymentStatus, "new"> {
  if (!mayStep(status, step)) throw new Error(`A payment that is ${status} cannot ${step}.`);
  return PAYMENT_STEPS[step].to;
}

const BATCH_WAYS: Readonly<Record<BatchStatus, readonly BatchStatus[]>> = {
  pending: ["authorized", "failed", "canceled", "expired"],
  authorized: ["processing", "failed"],
  processing: ["completed", "partially_completed", "failed"],
  completed: [],
  partially_completed: [],
  failed: [],
  canceled: [],
  expired: [],
};

/**
 * What a batch is whose payments are these (at least one): `pending` until each is authorized or has ended without,
 * `processing` once the bank took any of the rest. Where none was paid, the worst of what happened names it.
 */
export function batchStatusOf(payments: readonly PaymentStatus[]): BatchStatus {
  const has = (...statuses: PaymentStatus[]) => payments.some((status) => statuses.includes(status));
  if (has("new", "pending")) return "pending";
  if (has("authorized", "executed")) return has("executed", "completed") ? "processing" : "authorized";
  if (has("completed")) return payments.every((status) => status === "completed") ? "completed" : "partially_completed"; // prettier-ignore
  if (has("failed")) return "failed";
  return has("expired") ? "expired" : "canceled";
}

/** The statuses to enter one after the other, the target last; empty where it is there. Null: no way leads there. */
export function batchWay(from: BatchStatus, to: BatchStatus): readonly BatchStatus[] | null {
  if (from === to) return [];
  if (BATCH_WAYS[from].includes(to)) return [to];
  for (const next of BATCH_WAYS[from]) {
    const rest = batchWay(next, to);
    if (rest) return [next, ...rest];
  }
  return null;
}

/** `counts` of the batch object: `pending` is whatever is not final. */
export function batchCounts(payments: readonly PaymentStatus[]): {
  pending: number;
  completed: number;
  failed: number;
} {
  const completed = payments.filter((status) => status === "completed").length;
  const pending = payments.filter((status) => !isFinal(status)).length;
  return { pending, completed, failed: payments.length - completed - pending };
}
