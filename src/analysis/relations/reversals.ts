/**
 * What was undone by what. A reversal is told by its channel or its words; what it reverses is an earlier transaction
 * of the account, the other way, of exactly the same amount, within the days that its kind takes, with the best
 * evidence: the same reference, then the same party, then the same words. Each is used once.
 */
import type { Channel } from "../types.ts";
import { isCredit, referenceOf, type Row } from "./rows.ts";
import type { Folder } from "./words.ts";

interface ReversalKind {
  is: (row: Row) => boolean;
  /** Channels of the original; null: any. */
  undoes: ReadonlySet<Channel> | null;
  withinDays: number;
  /** Least evidence (points below) for the amount not to be a coincidence. */
  leastEvidence: number;
}

const BANK_WORDS = /\b(?:REV|REVERSAL|REVERSED|REVSL|RVSL|RTN|CHARGEBACK|FAILED|UNPAID)\b/i;
/** People write these into their transfers too: `return of what you lent me`. */
const COMMON_WORDS_OF_REVERSAL = /\b(?:RETURN|RETURNED|RET|REFUND|CANCELLED)\b/i;
const BETWEEN_PEOPLE: ReadonlySet<Channel> = new Set([
  "upi",
  "net_banking_transfer",
  "self_transfer",
  "Others",
]);

const EVIDENCE = { reference: 8, party: 4, words: 2, channel: 1 } as const;

/** Tried in this order; the first that a transaction fits decides. */
const KINDS: readonly ReversalKind[] = [
  {
    // A direct debit or mandate comes back within three settlement days; holidays in between.
    is: (row) => isCredit(row) && row.transaction.channel === "auto_debit_payment_bounce",
    undoes: new Set(["auto_debit_payment", "bill_payment", "Others"]),
    withinDays: 10,
    leastEvidence: 0,
  },
  {
    // A cheque drawn on the account that was not paid.
    is: (row) => isCredit(row) && row.transaction.channel === "inward_cheque_bounce",
    undoes: new Set(["chq"]),
    withinDays: 10,
    leastEvidence: 0,
  },
  {
    // A cheque paid in that was not paid by the other bank; from outstations it takes longer.
    is: (row) => !isCredit(row) && row.transaction.channel === "outward_cheque_bounce",
    undoes: new Set(["chq"]),
    withinDays: 21,
    leastEvidence: 0,
  },
  {
    // A transfer that could not be credited comes back the same or the next working day.
    is: (row) => isCredit(row) && row.transaction.description === "neft_return",
    undoes: new Set(["net_banking_transfer", "self_transfer", "upi", "Others"]),
    withinDays: 10,
    leastEvidence: 0,
  },
  {
    // A shop's refund: the amount alone says nothing, the shop must be the same.
    is: (row) => isCredit(row) && row.transaction.channel === "refund",
    undoes: null,
    withinDays: 90,
    leastEvidence: EVIDENCE.words,
  },
  {
    // Whatever calls itself a reversal: failed UPI and ATM, charges given back, a credit taken back.
    is: ({ transaction: { narration, channel } }) =>
      BANK_WORDS.test(narration) ||
      (COMMON_WORDS_OF_REVERSAL.test(narration) && !BETWEEN_PEOPLE.has(channel)),
    undoes: null,
    withinDays: 30,
    leastEvidence: EVIDENCE.words,
  },
];

/** Equal amounts before a reversal that are looked at, latest first: bounds the work on a thousand equal payments. */
const MOST_CANDIDATES = 60;

/** Shorter words (`UPI`, `TO`, `DR`) are shared by strangers. */
const SHORTEST_SHARED_WORD = 4;
const COMMON_WORDS = new Set(
  "NEFT RTGS IMPS NACH UPIAR RETURN RETURNED REFUND REVERSAL REVERSED FAILED PAYMENT TRANSFER BANK CARD DEBIT CREDIT".split(
    " ",
  ),
);

/** Hash of the original → hash of its reversal. `rows`: one account's. */
export function findReversals(rows: readonly Row[], fold: Folder): Map<string, string> {
  const earlier = new Map<bigint, Row[]>();
  const reversals = new Map<string, string>();
  for (const row of rows) {
    const { amount, hash } = row.transaction;
    const before = earlier.get(amount);
    const kind = before && KINDS.find(({ is }) => is(row));
    const original = kind && findOriginal(kind, row, before, reversals, fold);
    if (original) reversals.set(original.transaction.hash, hash);
    // A reversal is nothing that another one could undo.
    if (original) continue;
    if (before) before.push(row);
    else earlier.set(amount, [row]);
  }
  return reversals;
}

function findOriginal(
  kind: ReversalKind,
  row: Row,
  before: readonly Row[],
  reversals: ReadonlyMap<string, string>,
  fold: Folder,
): Row | null {
  let best: Row | null = null;
  let mostEvidence = kind.leastEvidence - 1;
  const first = Math.max(0, before.length - MOST_CANDIDATES);
  for (let at = before.length - 1; at >= first; at -= 1) {
    const original = before[at];
    if (!original || row.day - original.day > kind.withinDays) break;
    const { direction, channel, hash } = original.transaction;
    if (direction === row.transaction.direction || reversals.has(hash)) continue;
    if (kind.undoes && !kind.undoes.has(channel)) continue;
    const evidence = weigh(row, original, fold);
    if (evidence <= mostEvidence) continue;
    if (evidence < EVIDENCE.reference && isWithAnother(row, original, fold)) continue;
    best = original;
    mostEvidence = evidence;
  }
  return best;
}

function weigh(row: Row, original: Row, fold: Folder): number {
  const reference = referenceOf(original.transaction);
  let points = 0;
  if (reference !== null && (reference === referenceOf(row.transaction) || names(row, reference)))
    points += EVIDENCE.reference;
  if (row.party !== null && row.party === original.party) points += EVIDENCE.party;
  if (row.transaction.channel === original.transaction.channel) points += EVIDENCE.channel;
  if (sharesWord(fold(row.transaction.narration), fold(original.transaction.narration)))
    points += EVIDENCE.words;
  return points;
}

/** Both name somebody, and not one word is the same: cut and turned names share one. */
function isWithAnother(row: Row, original: Row, fold: Folder): boolean {
  const [a, b] = [row.transaction.counterparty.name, original.transaction.counterparty.name];
  return a !== null && b !== null && !fold(a).some((word) => fold(b).includes(word));
}

const names = (row: Row, reference: string): boolean =>
  row.transaction.narration.toUpperCase().includes(reference);

function sharesWord(a: readonly string[], b: readonly string[]): boolean {
  return a.some((word) => word.length >= SHORTEST_SHARED_WORD && !COMMON_WORDS.has(word) && b.includes(word));
}
