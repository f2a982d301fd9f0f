/** What a bank answers about one payment, as far as it can be believed. Changes nothing but the grant that it renews. */
import type { Environment } from "../../store/environments.ts";
import { changePayment, lockPayment, type Payment } from "../../store/payments.ts";
import { inTransaction } from "../../store/transaction.ts";
import type { Connect } from "../context.ts";
import { openGrant, sealGrant } from "../grants.ts";
import type { BankPayment, Fault, Grant, PaymentInitiation, Provider } from "../providers/provider.ts";
import { instructionOf } from "./bank-consent.ts";
import { tokensPlace } from "./sealed.ts";
import { REPEATABLE_FOR, UNSETTLED_FOR } from "./schedule.ts";

export type Answer =
  /** The bank has it. Null: and does not say more. */
  | { is: "taken"; payment: BankPayment | null }
  /** It has not, and it will not. */
  | { is: "refused"; code: string; message: string }
  /** Nobody knows: ask again. */
  | { is: "later"; afterS: number | null };

const LATER: Answer = { is: "later", afterS: null };

/** `payment`: as it was before this claim, so that `submitted_at` speaks of earlier times alone. */
export async function askBank(connect: Connect, env: Environment, payment: Payment): Promise<Answer> {
  const provider = connect.providers.find(payment.provider ?? "");
  // Taken out of the configuration while a payment is under way: it waits for the operator.
  if (!provider?.pis) return LATER;
  if (payment.status === "executed") return readPayment(provider.pis, payment);
  return submit(connect, env, provider, provider.pis, payment);
}

async function readPayment(pis: PaymentInitiation, { bank_payment_id }: Payment): Promise<Answer> {
  if (bank_payment_id === null) return { is: "taken", payment: null };
  const read = await pis.read(bank_payment_id);
  // A refusal to read says nothing of the money.
  return read.ok ? { is: "taken", payment: read.value } : { is: "later", afterS: read.retryAfterS };
}

async function submit(
  connect: Connect,
  env: Environment,
  provider: Provider,
  pis: PaymentInitiation,
  payment: Payment,
): Promise<Answer> {
  const { submitted_at: first, bank_consent_id: consentId, tokens } = payment;
  if (consentId === null || tokens === null)
    throw new Error(`${payment.public_id} was authorized without a grant.`);
  const now = connect.clock();
  const since = first?.until(now) ?? Temporal.Duration.from({ seconds: 0 });
  if (Temporal.Duration.compare(since, REPEATABLE_FOR) > 0) {
    const fault = { fault: "unavailable", message: "The bank did not answer for a day." } as const;
    return judge(pis, consentId, fault, true);
  }
  // What an earlier request of ours has started may end after the bank's no to this one.
  const isSettled = first === null || Temporal.Duration.compare(since, UNSETTLED_FOR) > 0;
  const held = openGrant(env.dataKey, tokens, tokensPlace(payment.public_id));
  const grant = await renewed(connect, env, provider, payment, held);
  if (!grant.ok) return answerTo(pis, consentId, grant, isSettled);
  const paid = await pis.pay(grant.value, consentId, instructionOf(env, payment), payment.payment_key);
  return paid.ok ? { is: "taken", payment: paid.value } : answerTo(pis, consentId, paid, isSettled);
}

/** A token that is about to end is no use for a request that takes a while. */
const MARGIN = { seconds: 30 };

async function renewed(
  connect: Connect,
  env: Environment,
  provider: Provider,
  payment: Payment,
  grant: Grant,
): Promise<{ ok: true; value: Grant } | Fault> {
  const isFresh = Temporal.Instant.compare(grant.expiresAt, connect.clock().add(MARGIN)) > 0;
  // Without a way to renew it the bank may still take it, and says so where it does not.
  if (isFresh || grant.refreshToken === null) return { ok: true, value: grant };
  const fresh = await provider.refresh(grant);
  if (!fresh.ok) return fresh;
  // Before it is used: a bank that turns tokens over takes the old one no more.
  await inTransaction(connect.db, async ({ trx }) => {
    const now = await lockPayment(trx, env.id, payment.id);
    if (now?.status !== "authorized") return;
    await changePayment(trx, now, {
      tokens: sealGrant(env.dataKey, fresh.value, tokensPlace(payment.public_id)),
    });
  });
  return fresh;
}

async function answerTo(
  pis: PaymentInitiation,
  consentId: string,
  fault: Fault,
  isSettled: boolean,
): Promise<Answer> {
  switch (fault.fault) {
    // It may have been done, or not. A broken answer may be the answer to a payment that was made.
    case "unavailable":
    case "invalid_answer":
    case "rate_limited":
      return { is: "later", afterS: fault.retryAfterS };
    case "access_denied":
    case "wrong_credentials":
    case "grant_ended":
    case "refused":
      return judge(pis, consentId, fault, isSettled);
  }
}

/** A no is believed when the bank's own consent says that nothing was paid by it. */
async function judge(
  pis: PaymentInitiation,
  consentId: string,
  { fault, message }: Pick<Fault, "fault" | "message">,
  isSettled: boolean,
): Promise<Answer> {
  const consent = await pis.readConsent(consentId);
  if (!consent.ok) return { is: "later", afterS: consent.retryAfterS };
  if (consent.value === "consumed") return { is: "taken", payment: null };
  return isSettled ? { is: "refused", code: fault, message } : LATER;
}
