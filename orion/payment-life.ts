/** What becomes of a payment: taken, then moved on as the bank's time passes, with its entries in the accounts. */
import { newId, penceOf, type Bank } from "./bank.ts";
import { announce } from "./notify.ts";
import type { Fate } from "./magic.ts";
import type { Payment, PaymentConsent, PaymentStatus } from "./types.ts";

const BOOKED: ReadonlySet<PaymentStatus> = new Set([
  "AcceptedSettlementCompleted",
  "AcceptedCreditSettlementCompleted",
  "AcceptedWithoutPosting",
]);

/** The consent is used up by it, also where it is rejected. */
export function takePayment(bank: Bank, consent: PaymentConsent, fate: Fate): Payment {
  const now = bank.now();
  const { first, reason = null } = fate;
  const next = first === "Rejected" ? undefined : fate.next;
  const payment: Payment = {
    id: newId("dp"),
    consentId: consent.id,
    clientId: consent.clientId,
    accountId: consent.accountId ?? "",
    status: first,
    reason: first === "Rejected" ? reason : null,
    created: now,
    updated: now,
    initiation: consent.initiation,
    next: next === undefined ? null : { status: next.status, at: now + next.afterMs, reason },
  };
  bank.consents.set(consent.id, { ...consent, status: "Consumed", updated: now });
  bank.payments.set(payment.id, payment);
  post(bank, payment, now);
  return payment;
}

/** Moves on every payment whose time has come; answers when the next one comes (bank's time), or null. */
export function settlePayments(bank: Bank): number | null {
  const now = bank.now();
  let soonest: number | null = null;
  for (const payment of bank.payments.values()) {
    const { next } = payment;
    if (next === null) continue;
    if (next.at > now) {
      soonest = Math.min(soonest ?? Infinity, next.at);
      continue;
    }
    const reason = next.status === "Rejected" ? next.reason : null;
    const moved: Payment = { ...payment, status: next.status, reason, updated: next.at, next: null };
    bank.payments.set(moved.id, moved);
    post(bank, moved, next.at);
    announce(bank, moved.clientId, "resource-update", {
      id: moved.id,
      type: "domestic-payment",
      path: `/pisp/domestic-payments/${moved.id}`,
    });
  }
  return soonest;
}

/** The payer's entry is pending until the payment is completed; the receiver's is made then, if it is ours. */
function post(bank: Bank, { id, accountId, status, initiation, created }: Payment, at: number): void {
  const debit = `${id}-debit`;
  if (status === "Rejected") {
    bank.postings.delete(debit);
    return;
  }
  const minor = penceOf(initiation.InstructedAmount.Amount) ?? 0;
  const booked = BOOKED.has(status);
  const known = bank.postings.get(debit);
  if (known && known.bookedAt !== null) return;
  const { CreditorAccount, RemittanceInformation } = initiation;
  const reference = RemittanceInformation?.Reference ?? "PAYMENT";
  const text = `${CreditorAccount.Name} ${reference}`;
  bank.postings.set(debit, {
    id: debit,
    accountId,
    at: created,
    bookedAt: booked ? at : null,
    minor: -minor,
    text,
  });
  const receiver = bank.world.accountByNumber(CreditorAccount.Identification);
  if (!booked || !receiver) return;
  const credit = `${id}-credit`;
  const payer = bank.world.account(accountId)?.user.name ?? "";
  bank.postings.set(credit, {
    id: credit,
    accountId: receiver.id,
    at,
    bookedAt: at,
    minor,
    text: `${payer} ${reference}`,
  });
}
