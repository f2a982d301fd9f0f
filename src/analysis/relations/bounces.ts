/** What bounced, and what the bank charged for it: as the labels say. */
import type { Channel, Description } from "../types.ts";
import type { Row } from "./rows.ts";

const BOUNCES: ReadonlySet<Channel> = new Set([
  "auto_debit_payment_bounce",
  "inward_cheque_bounce",
  "outward_cheque_bounce",
]);

const PENALTIES: ReadonlySet<Description> = new Set([
  "ach_bounce_charge",
  "chq_bounce_charge",
  "chq_bounce_insuff_funds",
  "penalty_charge",
]);

/** A charge given back is no penalty any more: a credit counts only where its channel is a bounce. */
export const isBounceOrPenalty = ({ transaction }: Row): boolean =>
  BOUNCES.has(transaction.channel) ||
  (transaction.direction === "debit" && PENALTIES.has(transaction.description));

export const isBounce = ({ transaction }: Row): boolean => BOUNCES.has(transaction.channel);
