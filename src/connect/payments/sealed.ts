/** What of a payment is encrypted at rest, and at home in its row alone. */
import { openText, sealText, type Place, type SealKey } from "../../platform/crypto.ts";
import type { PaymentRow } from "../../store/payments.ts";
import type { PaymentInstruction } from "../providers/provider.ts";
import type { Recipient } from "./recipient.ts";

export const tokensPlace = (paymentId: string): Place => ({
  table: "payments",
  column: "tokens",
  row: paymentId,
});

const partiesPlace = (paymentId: string): Place => ({
  table: "payments",
  column: "recipient",
  row: paymentId,
});

export interface Parties {
  recipient: Recipient;
  /** As the account was when the payment was made: a bank refuses a repetition that is not word for word the same. */
  payer: PaymentInstruction["debtor"];
}

export const sealParties = (key: SealKey, paymentId: string, parties: Parties): Buffer =>
  sealText(key, JSON.stringify(parties), partiesPlace(paymentId));

/** Throws SealError where they were sealed elsewhere or otherwise. */
export function openParties(key: SealKey, payment: Pick<PaymentRow, "public_id" | "recipient">): Parties {
  const parties: Parties = JSON.parse(openText(key, payment.recipient, partiesPlace(payment.public_id)));
  return parties;
}
