/** One pass over a narration: which signals it gives, and which merchants it names. */
import { scan } from "./automaton.ts";
import type { Labeller } from "./labeller.ts";
import type { Merchant } from "./lexicon.ts";
import type { Found } from "./printed.ts";
import { addSignal, has, signalIndex, type Bits } from "./signals.ts";

const CARD = signalIndex("card");
const NEFT = signalIndex("neft");
const RTGS = signalIndex("rtgs");

export interface Scan {
  bits: Bits;
  merchants: { merchant: Merchant; end: number }[];
}

export function scanText({ lexicon, ends }: Labeller, text: string, upper: string): Scan {
  const found: Scan = { bits: { low: 0, high: 0 }, merchants: [] };
  scan(lexicon.automaton, text, (pattern, end) => {
    const meaning = lexicon.meanings[pattern];
    if (meaning === undefined) return;
    if (meaning.merchant !== null) {
      found.merchants.push({ merchant: meaning.merchant, end });
      return;
    }
    if (has(found.bits, meaning.signal)) return;
    addSignal(found.bits, meaning.signal);
    ends[meaning.signal] = end;
  });
  addUnspoken(found.bits, ends, upper);
  return found;
}

/** IndusInd: `N/OKBKH01042300001/OKBK0000240/ASHA R/…` is a NEFT, `R/…` an RTGS. */
const INDUSIND = /^[NR]\/[A-Z]{4}[A-Z]?\d{8}/;

/** `GREEN SHOP PUNE IND`: acquirers end a card purchase with its country. */
const COUNTRY = / (?:GB|GBR|IRL|IND|IN)$/;

/** Rails that a narration shows without a word of its own; `)))` is First Direct's contactless card. */
function addUnspoken(bits: Bits, ends: Int32Array, upper: string): void {
  if (upper.startsWith(")))")) addSignal(bits, CARD);
  else if ((bits.low | bits.high) === 0 && COUNTRY.test(upper)) addSignal(bits, CARD);
  if (upper.charCodeAt(1) !== 47 || !INDUSIND.test(upper)) return;
  const signal = upper.startsWith("N") ? NEFT : RTGS;
  addSignal(bits, signal);
  ends[signal] = 1;
}

/** Shorter names are often codes (`BP`). */
const MIN_PROTECTED = 5;

/** Where a known name begins: `DIRECT LINE INS` is not skipped as machinery. -1: nowhere. */
export function merchantStart(scanned: Scan): number {
  let start = -1;
  for (const { merchant, end } of scanned.merchants) {
    if (merchant.where !== "anywhere" || merchant.length < MIN_PROTECTED) continue;
    if (start === -1 || end - merchant.length < start) start = end - merchant.length;
  }
  return start;
}

/** The longest name; what stands inside the counterparty counts before what stands elsewhere. */
export function chooseMerchant(scanned: Scan, found: Found): Merchant | null {
  let best: Merchant | null = null;
  let bestRank = 0;
  for (const { merchant, end } of scanned.merchants) {
    const inside =
      found.nameStart !== -1 ? end > found.nameStart && end <= found.nameEnd + 1 : found.vpa !== null;
    const whole = end === found.nameEnd && end - merchant.length === found.nameStart;
    if (merchant.where === "name" ? !inside : merchant.where === "whole" && !whole) continue;
    const rank = merchant.length + (inside ? 100 : 0) - (merchant.where === "name" ? 50 : 0);
    if (rank <= bestRank) continue;
    best = merchant;
    bestRank = rank;
  }
  return best;
}
