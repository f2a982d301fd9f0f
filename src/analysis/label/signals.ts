/**
 * What a narration can say, one bit each. Phrases, merchants and shapes set them; `decide.ts` reads nothing else.
 * Two 32-bit words, because a rule is then four ANDs.
 */

export const SIGNALS = [
  // Rails: how the money went.
  "upi",
  "neft",
  "rtgs",
  "imps",
  "ach",
  "directDebit",
  "standingOrder",
  "fps",
  "bacs",
  "chaps",
  "sepaDebit",
  "sepaCredit",
  "card",
  "cardAtAtm",
  "transfer",
  "billPay",
  "gateway",
  "mandate",
  "cheque",
  "draft",
  // Cash.
  "cashOut",
  "cashIn",
  "machine",
  "machineWords",
  // What for.
  "salary",
  "interest",
  "interestTaken",
  "charge",
  "bankFee",
  "taxTaken",
  "penalty",
  "bounce",
  "returned",
  "neftReturned",
  "insufficient",
  "refund",
  "sweep",
  "dividend",
  "invest",
  "redeem",
  "loan",
  "disbursal",
  "cardBill",
  "forex",
  "self",
  "settlement",
  "benefit",
  "paidIn",
  "bill",
  // Who: set by the merchant that was chosen.
  "lender",
  "telco",
  "electric",
  "investment",
  "merchant",
  "taxPaid",
  // Context: set by the counterparty and by what is known of the holder.
  "named",
  "own",
  "employer",
] as const;

export type Signal = (typeof SIGNALS)[number];

/** Phrases of a signal, comma separated. See `lexicon.ts` for the marks `^`, `*`. */
export type PhraseTable = Partial<Record<Signal, string>>;

const INDEX = new Map<string, number>(SIGNALS.map((signal, index) => [signal, index]));

export function signalIndex(signal: Signal): number {
  const index = INDEX.get(signal);
  if (index === undefined) throw new Error(`no such signal: ${signal}`);
  return index;
}

export interface Bits {
  low: number;
  high: number;
}

export function addSignal(bits: Bits, index: number): void {
  if (index < 32) bits.low |= 1 << index;
  else bits.high |= 1 << (index - 32);
}

export function bitsOf(signals: readonly Signal[]): Bits {
  const bits: Bits = { low: 0, high: 0 };
  for (const signal of signals) addSignal(bits, signalIndex(signal));
  return bits;
}

export const intersects = (a: Bits, b: Bits): boolean => ((a.low & b.low) | (a.high & b.high)) !== 0;

export const contains = (a: Bits, all: Bits): boolean =>
  (a.low & all.low) === all.low && (a.high & all.high) === all.high;

export const has = (bits: Bits, index: number): boolean =>
  index < 32 ? (bits.low & (1 << index)) !== 0 : (bits.high & (1 << (index - 32))) !== 0;
