/**
 * The bank's consent to one payment, before the customer goes there. Its idempotency key is committed before the bank
 * is asked, so that a crash between its answer and our commit leads to the same consent again. One that the customer
 * cannot use any more (authorized, but the way back was cut off; refused; run out) is replaced by one under a new key:
 * nothing was paid by it, for only we could, and we hold no grant of it.
 */
import type { Environment } from "../../store/environments.ts";
import { changePayment, findPayment, lockPayment, type Payment } from "../../store/payments.ts";
import { inTransaction } from "../../store/transaction.ts";
import type { Connect } from "../context.ts";
import { ConnectError } from "../errors.ts";
import type { Outcome, PaymentInitiation, PaymentInstruction, Provider } from "../providers/provider.ts";
import { takeStep } from "./change.ts";
import { newKey } from "./keys.ts";
import { openParties } from "./sealed.ts";
import { isWaiting } from "./states.ts";

type Payer = Provider & { pis: PaymentInitiation };

/** Throws ConnectError `invalid_parameter` where there is no such bank, or it takes no payments. */
export function payingProvider({ providers }: Pick<Connect, "providers">, id: string): Payer {
  const provider = providers.find(id);
  const pis = provider?.pis;
  if (!provider || !pis)
    throw new ConnectError("invalid_parameter", "Payments cannot be made from this bank.", {
      param: "provider",
    });
  return { ...provider, pis };
}

/** What the bank is told, word for word the same on every repetition. */
export function instructionOf({ dataKey }: Environment, payment: Payment): PaymentInstruction {
  const { amount, currency, reference } = payment;
  const { recipient, payer } = openParties(dataKey, payment);
  return {
    amount,
    currency,
    reference,
    recipient: {
      name: recipient.name,
      sortCode: recipient.sort_code ?? null,
      accountNumber: recipient.account_number ?? null,
      iban: recipient.iban ?? null,
    },
    debtor: payer,
    endToEndId: payment.public_id,
  };
}

/**
 * Takes note of the bank that the customer pays from. Another than before gets a consent of its own; what the customer
 * has begun at the first leads nowhere then. Throws ConnectError `invalid_state` where the payment does not wait.
 */
export async function chooseBank(
  connect: Connect,
  env: Environment,
  paymentId: bigint,
  provider: string,
): Promise<Payment> {
  payingProvider(connect, provider);
  return inTransaction(connect.db, async ({ trx }) => {
    const payment = await lockWaiting(trx, env, paymentId);
    if (payment.status === "pending" && payment.provider === provider) return payment;
    const anew = payment.provider === provider ? {} : { bank_consent_id: null, consent_key: newKey() };
    const change = { trx, env, at: connect.clock(), actor: "customer" };
    return (await takeStep(change, payment, "choose_bank", { ...anew, provider })).payment;
  });
}

async function lockWaiting(trx: Connect["db"], env: Environment, id: bigint): Promise<Payment> {
  const payment = await lockPayment(trx, env.id, id);
  if (!payment) throw new ConnectError("resource_missing", "There is no such payment.");
  if (!isWaiting(payment.status))
    throw new ConnectError("invalid_state", `The payment is ${payment.status}.`);
  return payment;
}

/** The consent to send the customer to the bank with. Faults are the bank's; nothing has changed then. */
export async function bankConsentFor(
  connect: Connect,
  env: Environment,
  paymentId: bigint,
): Promise<Outcome<{ bankConsentId: string }>> {
  const payment = await findPayment(connect.db, env.id, paymentId);
  if (!payment?.provider) throw new ConnectError("invalid_state", "The payment has no bank yet.");
  const { pis } = payingProvider(connect, payment.provider);
  let ready = payment;
  if (payment.bank_consent_id !== null) {
    const { bank_consent_id: bankConsentId } = payment;
    const read = await pis.readConsent(bankConsentId);
    if (!read.ok && read.fault !== "refused") return read;
    if (read.ok && read.value === "pending") return { ok: true, value: { bankConsentId } };
    // Nobody but us can use it up. A restored backup may have forgotten that we did: better no payment than two.
    if (read.ok && read.value === "consumed") {
      connect.log.error(
        { env_id: env.id, payment: payment.public_id },
        "the bank says that this payment was made",
      );
      throw new ConnectError("invalid_state", "The bank says that this payment was made.");
    }
    ready = await renewKey(connect, env, payment);
  }
  const made = await pis.createConsent(instructionOf(env, ready), ready.consent_key);
  if (!made.ok) return made;
  return keep(connect, env, ready, made.value.bankConsentId);
}

/** Unless another request has done so: then with what it has left. */
async function renewKey(connect: Connect, env: Environment, before: Payment): Promise<Payment> {
  return inTransaction(connect.db, async ({ trx }) => {
    const payment = await lockWaiting(trx, env, before.id);
    if (payment.bank_consent_id !== before.bank_consent_id) return payment;
    return changePayment(trx, payment, { consent_key: newKey(), bank_consent_id: null });
  });
}

/** Two that asked with one key have one consent; with another key, the later choice counts. */
async function keep(
  connect: Connect,
  env: Environment,
  { id, consent_key }: Payment,
  bankConsentId: string,
): Promise<Outcome<{ bankConsentId: string }>> {
  await inTransaction(connect.db, async ({ trx }) => {
    const payment = await lockWaiting(trx, env, id);
    if (payment.consent_key !== consent_key)
      throw new ConnectError("invalid_state", "Another bank was chosen meanwhile.");
    await changePayment(trx, payment, { bank_consent_id: bankConsentId });
  });
  return { ok: true, value: { bankConsentId } };
}
