/** What graphile-worker runs for payments. Every task is safe to run late and twice. */
import { inTransaction } from "../../store/transaction.ts";
import {
  lockPayment,
  paymentsAtBank,
  paymentsToCheck,
  paymentsToExpire,
  type Due,
} from "../../store/payments.ts";
import { addJob, type CronLine, type Task } from "../../platform/jobs.ts";
import type { Connect } from "../context.ts";
import type { Notification } from "../providers/provider.ts";
import { advancePayment } from "./advance.ts";
import { takeStep } from "./change.ts";
import { ADVANCE_TASK, planAdvance, planLook } from "./plan.ts";
import { isWaiting } from "./states.ts";

const SWEEP_TASK = "sweep_payments";
/** At a time: 500 locks and short transactions; the next minute takes the rest. */
const MOST_AT_ONCE = 500;

export function paymentTasks(connect: Connect): Record<string, Task> {
  return {
    [ADVANCE_TASK]: (payload) => {
      const { env, payment, now } = readPayload(payload);
      return advancePayment(connect, env, payment, now);
    },
    [SWEEP_TASK]: () => sweepPayments(connect),
  };
}

function readPayload(payload: unknown): { env: number; payment: string; now: boolean } {
  const of = (name: string): unknown =>
    typeof payload === "object" && payload !== null ? Reflect.get(payload, name) : null;
  const [env, payment, now] = [of("env"), of("payment"), of("now")];
  if (typeof env !== "number" || typeof payment !== "string" || typeof now !== "boolean")
    throw new Error("The job names no payment.");
  return { env, payment, now };
}

/** Each payment plans its own next look; this finds what a lost job or a clock set back has left. */
export const paymentCron: readonly CronLine[] = [{ task: SWEEP_TASK, match: "* * * * *" }];

/** At the program's start: what another process has left is looked at at once, not at the next full minute. */
export async function reconcilePayments({ db }: Pick<Connect, "db">): Promise<void> {
  await addJob(db, { task: SWEEP_TASK, payload: {}, key: `${SWEEP_TASK}:start` });
}

/** Plans a look for each payment that is due, and expires what nobody authorized in time. */
export async function sweepPayments(connect: Connect): Promise<void> {
  const now = connect.clock();
  for (const { envId, id } of await paymentsToCheck(connect.db, now, MOST_AT_ONCE))
    await planAdvance(connect.db, { env_id: envId, public_id: id }, null);
  for (const due of await paymentsToExpire(connect.db, now, MOST_AT_ONCE)) await expireIfDue(connect, due);
}

/** Expires it where its time has passed and nobody has authorized it; else changes nothing. */
export async function expireIfDue(connect: Connect, { envId, id }: Due): Promise<void> {
  const env = await connect.environment(envId);
  const lanes = await inTransaction(connect.db, async ({ trx }) => {
    const payment = await lockPayment(trx, envId, id);
    const at = connect.clock();
    if (!payment || !isWaiting(payment.status) || Temporal.Instant.compare(payment.expires_at, at) > 0)
      return [];
    return (await takeStep({ trx, env, at, actor: `job:${SWEEP_TASK}` }, payment, "expire")).lanes;
  });
  connect.wake(lanes);
}

/**
 * A bank's notification, verified: it is not believed on what became of a payment, only on there being news. Answers
 * whether it speaks of any payment under way.
 */
export async function lookAtNotified(
  { db }: Pick<Connect, "db">,
  provider: string,
  notification: Pick<Notification, "bankPaymentId" | "bankConsentId">,
): Promise<boolean> {
  const payments = await paymentsAtBank(db, provider, notification);
  for (const { envId, id } of payments) await planLook(db, envId, id);
  return payments.length > 0;
}
