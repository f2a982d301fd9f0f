/** Which reader a narration goes to: the one of its rail, in the order in which rails are told apart. */
import {
  readAch,
  readCard,
  readCheque,
  readGateway,
  readImps,
  readNeft,
  readTransfer,
  readUpi,
} from "./counterparty.ts";
import type { Labeller } from "./labeller.ts";
import { nothingFound, type Found } from "./printed.ts";
import { merchantStart, type Scan } from "./scanning.ts";
import { bitsOf, has, intersects, signalIndex } from "./signals.ts";
import { readWords } from "./words.ts";

interface Reader {
  signal: number;
  read: (text: string, upper: string, railEnd: number) => Found;
}

/** In this order: `BY TRANSFER-NEFT*…` is a NEFT, `CHQ DEP RET` is no transfer. */
const READERS: readonly Reader[] = (
  [
    ["upi", readUpi],
    ["imps", readImps],
    ["neft", readNeft],
    ["rtgs", readNeft],
    ["ach", readAch],
    ["cheque", readCheque],
    ["card", readCard],
    ["gateway", readGateway],
    ["transfer", readTransfer],
    ["billPay", readTransfer],
  ] as const
).map(([signal, read]) => ({ signal: signalIndex(signal), read }));

/** The bank's own words, where no rail is named: nobody stands on the other side. */
const UNNAMED = bitsOf([
  "charge",
  "penalty",
  "taxTaken",
  "interest",
  "interestTaken",
  "forex",
  "cashOut",
  "cashIn",
  "machine",
  "machineWords",
  "draft",
  "sweep",
  "invest",
  "redeem",
  "loan",
]);

const ANY_RAIL = bitsOf([
  "fps",
  "bacs",
  "chaps",
  "directDebit",
  "standingOrder",
  "sepaDebit",
  "sepaCredit",
  "card",
  "transfer",
  "mandate",
]);

/** Rails that only banks outside India name: of an account of unknown country they tell how to read. */
const WORDY = bitsOf(["fps", "bacs", "chaps", "directDebit", "standingOrder", "sepaDebit", "sepaCredit"]);

export function readCounterparty(
  { lexicon, ends }: Labeller,
  scanned: Scan,
  text: string,
  upper: string,
): Found {
  const { bits } = scanned;
  // Elsewhere narrations are words, and a hyphen belongs to a name.
  if (lexicon.region === "india" || (lexicon.region === "any" && !intersects(bits, WORDY))) {
    for (const { signal, read } of READERS) {
      if (has(bits, signal)) return read(text, upper, ends[signal] ?? 0);
    }
    if ((upper.includes("/") || upper.includes("-")) && !intersects(bits, UNNAMED))
      return readTransfer(text, upper);
  }
  const known = merchantStart(scanned);
  const bankOnly = intersects(bits, UNNAMED) && !intersects(bits, ANY_RAIL) && known === -1;
  return bankOnly ? nothingFound() : readWords(text, upper, known);
}
