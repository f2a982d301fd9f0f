/**
 * Borrowing: money that a lender paid out, instalments, and instalments that bounced.
 * The labels say who lends; a mandate of the same party, which the labels could not tell, belongs to it too.
 */
import { isBounce } from "./bounces.ts";
import { isCredit, type Row } from "./rows.ts";

export interface Lending {
  lender: Set<string>;
  /** Paid out by a lender. */
  loanCredits: Set<string>;
  /** Instalments asked for; those that came back are in `reversals`. */
  emiDebits: Set<string>;
}

const INSTALMENT_WORDS = /\b(?:EMI|LOAN\s+(?:RECOVERY|REPAYMENT|INSTAL?LMENT|INST))\b/i;

/** `rows`: one account's. */
export function findLending(rows: readonly Row[]): Lending {
  const parties = new Set<string>();
  for (const row of rows) if (isLabelled(row) && row.party !== null && named(row)) parties.add(row.party);
  const lending: Lending = { lender: new Set(), loanCredits: new Set(), emiDebits: new Set() };
  for (const row of rows) {
    if (!isLabelled(row) && !isMandateOf(parties, row)) continue;
    const { hash, channel } = row.transaction;
    lending.lender.add(hash);
    // A bounce, a refund or a charge of a lender is neither a disbursal nor an instalment.
    if (isBounce(row) || channel === "refund" || channel === "bank_charge") continue;
    if (isCredit(row)) lending.loanCredits.add(hash);
    else lending.emiDebits.add(hash);
  }
  return lending;
}

const isLabelled = ({ transaction }: Row): boolean =>
  transaction.description === "lender_transaction" || transaction.merchantCategory === "loans";

const named = ({ transaction: { counterparty } }: Row): boolean => counterparty.name !== null;

/** A bank lends and is paid for other things too (cards, deposits): only unexplained mandates follow the party. */
function isMandateOf(parties: ReadonlySet<string>, row: Row): boolean {
  const { channel, description, merchantCategory, narration } = row.transaction;
  if (row.party === null || !named(row) || !parties.has(row.party)) return false;
  if (description !== "" || merchantCategory !== "") return false;
  if (channel === "auto_debit_payment" || channel === "auto_debit_payment_bounce") return true;
  return !isCredit(row) && INSTALMENT_WORDS.test(narration);
}
