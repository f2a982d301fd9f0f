/**
 * What the program does with a payment that the customer has authorized: hands it to the bank, and asks until it is
 * final. Three steps, each of which may be the last of a process:
 *
 *     claim     a transaction: `submitted_at`, a lease (`check_at`), and the job that takes over when the lease ends
 *     ask       the bank, with the same `payment_key` as ever
 *     conclude  a transaction: what the bank said, its events, and when to ask next
 *
 * So a payment that a bank may have taken is always one that we know to be under way, and asking again is safe: within
 * the bank's idempotency window by the key; after it the consent, which can be used once, tells.
 */
import type { Environment } from "../../store/environments.ts";
import type { Lane } from "../../store/events.ts";
import { changePayment, lockPayment, type Payment, type PaymentChange } from "../../store/payments.ts";
import { inTransaction } from "../../store/transaction.ts";
import type { Connect } from "../context.ts";
import type { BankPayment } from "../providers/provider.ts";
import { askBank, type Answer } from "./ask.ts";
import { takeStep, type Change } from "./change.ts";
import { ADVANCE_TASK, planAdvance, planNothing } from "./plan.ts";
import { LEASE, waitFor } from "./schedule.ts";
import { isFinal, mayStep, type PaymentStep } from "./states.ts";

const ACTOR = `job:${ADVANCE_TASK}`;

/**
 * Safe to run late, twice and by several processes at once.
 * @param now ask although no look is due, for the bank has said that there is news
 */
export async function advancePayment(
  connect: Connect,
  envId: number,
  publicId: string,
  now: boolean,
): Promise<void> {
  const env = await connect.environment(envId);
  const claimed = await claim(connect, env, publicId, now);
  if (!claimed) return;
  const answer = await askBank(connect, env, claimed);
  const lanes = await inTransaction(connect.db, async ({ trx }) => {
    const payment = await lockPayment(trx, env.id, claimed.public_id);
    if (!payment) throw new Error(`${publicId} is gone.`);
    const change = { trx, env, at: connect.clock(), actor: ACTOR };
    // Another claimed it after us, for we took longer than our lease: at the bank may be what it has just submitted.
    const isOvertaken = payment.status === "authorized" && payment.checks !== claimed.checks + 1;
    if (answer.is === "refused" && isOvertaken) return [];
    return conclude(connect, change, payment, answer);
  });
  connect.wake(lanes);
  connect.log.info(
    {
      env_id: env.id,
      payment: publicId,
      provider: claimed.provider,
      from: claimed.status,
      answer: answer.is,
    },
    "a bank was asked about a payment",
  );
}

/** Null where there is nothing to ask, or another holds it. The answer is as it was before the claim. */
async function claim(
  { db, clock }: Connect,
  env: Environment,
  publicId: string,
  now: boolean,
): Promise<Payment | null> {
  return inTransaction(db, async ({ trx }) => {
    const payment = await lockPayment(trx, env.id, publicId);
    if (!payment || (payment.status !== "authorized" && payment.status !== "executed")) return null;
    const at = clock();
    const isDue = payment.check_at !== null && Temporal.Instant.compare(payment.check_at, at) <= 0;
    // Reading twice at once is harmless; submitting twice at once is what the lease is for.
    if (!isDue && !(now && payment.status === "executed" && payment.bank_payment_id !== null)) return null;
    const until = at.add(LEASE);
    await changePayment(trx, payment, {
      check_at: until,
      checks: payment.checks + 1,
      ...(payment.status === "authorized" ? { submitted_at: payment.submitted_at ?? at } : {}),
    });
    await planAdvance(trx, payment, until);
    return payment;
  });
}

/** The caller holds the payment. Answers of two that asked at once may come in any order: none leads back. */
async function conclude(connect: Connect, change: Change, payment: Payment, answer: Answer): Promise<Lane[]> {
  const { trx, at } = change;
  if (isFinal(payment.status)) {
    if (answer.is === "taken" && answer.payment && answer.payment.status !== payment.status)
      connect.log.warn({ payment: payment.public_id, says: answer.payment.status }, "a bank speaks anew of a payment that was final"); // prettier-ignore
    return [];
  }
  switch (answer.is) {
    case "later":
      await waitUntil(change, payment, at.add(waitFor(payment.checks, answer.afterS)));
      return [];
    case "refused": {
      // Another process has had a better answer meanwhile.
      if (payment.status !== "authorized") return [];
      const { code, message } = answer;
      const { lanes } = await takeStep(change, payment, "fail", {
        failure_code: code,
        failure_message: message,
      });
      await planNothing(trx, payment);
      return lanes;
    }
    case "taken":
      return answer.payment
        ? follow(connect, change, payment, answer.payment)
        : takenUnseen(connect, change, payment);
  }
}

async function waitUntil({ trx }: Change, payment: Payment, at: Temporal.Instant): Promise<void> {
  await changePayment(trx, payment, { check_at: at });
  await planAdvance(trx, payment, at);
}

/** To where the bank is, one step of the table and one event after the other. */
async function follow(
  connect: Connect,
  change: Change,
  before: Payment,
  { bankPaymentId, status, failureCode }: BankPayment,
): Promise<Lane[]> {
  if (before.bank_payment_id !== null && before.bank_payment_id !== bankPaymentId) {
    // A bank that breaks its word on idempotency: the first is ours, and somebody has to look.
    connect.log.error({ payment: before.public_id, bank_payment: bankPaymentId }, "a bank made a second payment of one key"); // prettier-ignore
    return [];
  }
  const lanes: Lane[] = [];
  const step = async (payment: Payment, name: PaymentStep, more: PaymentChange = {}) => {
    const changed = await takeStep(change, payment, name, more);
    lanes.push(...changed.lanes);
    return changed.payment;
  };
  let payment = await changePayment(change.trx, before, { bank_payment_id: bankPaymentId });
  if (status === "failed") {
    const failure_message = "The bank did not make the payment.";
    payment = await step(payment, "fail", { failure_code: failureCode ?? "refused", failure_message });
  } else {
    if (mayStep(payment.status, "execute")) payment = await step(payment, "execute");
    if (status === "completed") payment = await step(payment, "complete");
  }
  if (isFinal(payment.status)) await planNothing(change.trx, payment);
  else await waitUntil(change, payment, change.at.add(waitFor(payment.checks)));
  return lanes;
}

/** The consent is used up, but the bank's own id of the payment never reached us, and it repeats its answers no more. */
async function takenUnseen(connect: Connect, change: Change, payment: Payment): Promise<Lane[]> {
  const isNew = mayStep(payment.status, "execute");
  if (isNew) connect.log.error({ payment: payment.public_id }, "a bank took a payment and does not say under which id: ask it"); // prettier-ignore
  const lanes = isNew ? (await takeStep(change, payment, "execute")).lanes : [];
  await changePayment(change.trx, payment, { check_at: null });
  await planNothing(change.trx, payment);
  return lanes;
}
