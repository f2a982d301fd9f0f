/** What of a payment is encrypted at rest, and at home in its row alone. */
import { openText, sealText, type Place, type SealKey } from "../../platform/crypto.ts";
import type { PaymentRow } from "../../store/payments.ts";
import type { Recipient } from "./recipient.ts";

export const tokensPlace = (paymentId: string): Place => ({
  table: "payments",
  column: "tokens",
  row: paymentId,
});

const recipientPlace = (paymentId: string): Place => ({
  table: "payments",
  column: "recipient",
  row: paymentId,
});

export const sealRecipient = (key: SealKey, paymentId: string, recipient: Recipient): Buffer =>
  sealText(key, JSON.stringify(recipient), recipientPlace(paymentId));

/** Throws SealError where it was sealed elsewhere or otherwise. */
export function openRecipient(key: SealKey, payment: Pick<PaymentRow, "public_id" | "recipient">): Recipient {
  const recipient: Recipient = JSON.parse(
    openText(key, payment.recipient, recipientPlace(payment.public_id)),
  );
  return recipient;
}
