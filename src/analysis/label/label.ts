/**
 * What a transaction is: channel, description, merchant category, counterparty, references.
 *
 * One transaction: its narration runs once through the region's automaton (signals and merchants), a reader for its rail
 * finds the counterparty, `decide.ts` turns signals into the channel. Then `neighbours.ts` looks at what stands near.
 */
import type {
  AccountProfile,
  AnalysisTransaction,
  Counterparty,
  KnownParties,
  Label,
  LabelledTransaction,
  Scheme,
} from "../types.ts";
import { decide } from "./decide.ts";
import { labellerOf, type Labeller } from "./labeller.ts";
import type { Merchant } from "./lexicon.ts";
import { withNeighbours } from "./neighbours.ts";
import { isLending, isNamed, merchantCategoryOf } from "./purpose.ts";
import { readCounterparty } from "./reading.ts";
import { chooseMerchant, scanText } from "./scanning.ts";
import { addSignal, has, signalIndex, type Bits, type Signal } from "./signals.ts";
import { categoryOf, cleanNoteOf } from "./wording.ts";

export { labellerOf, type Labeller } from "./labeller.ts";

const ACH = signalIndex("ach");
const NAMED = signalIndex("named");
const OWN = signalIndex("own");
const EMPLOYER = signalIndex("employer");

const SCHEMES: readonly (readonly [number, Scheme])[] = (
  [
    ["upi", "UPI"],
    ["imps", "IMPS"],
    ["neft", "NEFT"],
    ["rtgs", "RTGS"],
    ["chaps", "CHAPS"],
    ["fps", "FPS"],
    ["bacs", "BACS"],
    ["directDebit", "BACS"],
    ["sepaDebit", "SEPA"],
    ["sepaCredit", "SEPA"],
  ] as const satisfies readonly (readonly [Signal, Scheme])[]
).map(([signal, scheme]) => [signalIndex(signal), scheme]);

function schemeOf(bits: Bits, upper: string): Scheme | null {
  for (const [signal, scheme] of SCHEMES) if (has(bits, signal)) return scheme;
  if (!has(bits, ACH)) return null;
  return upper.includes("NACH") ? "NACH" : "ACH";
}

function addContext(
  bits: Bits,
  merchant: Merchant | null,
  name: string | null,
  vpa: string | null,
  labeller: Labeller,
): void {
  if (merchant !== null) {
    bits.low |= merchant.bits.low;
    bits.high |= merchant.bits.high;
  }
  if (name !== null || vpa !== null) addSignal(bits, NAMED);
  if (name === null) return;
  if (labeller.isOwn(name)) addSignal(bits, OWN);
  if (labeller.isEmployer(name)) addSignal(bits, EMPLOYER);
}

/** Characters. Real narrations have up to 250; the rest of a hostile one costs nothing. */
const MOST_READ = 500;

/** Labels one transaction by itself. The core of `labelTransactions`, which also looks at its neighbours. */
export function labelOne(transaction: AnalysisTransaction, labeller: Labeller): Label {
  const text = transaction.narration.slice(0, MOST_READ);
  const capitals = text.toUpperCase();
  const upper = capitals.length === text.length ? capitals : text;
  const scanned = scanText(labeller, text, upper);
  const found = readCounterparty(labeller, scanned, text, upper);
  const printed = found.nameStart === -1 ? null : text.slice(found.nameStart, found.nameEnd);
  const merchant = chooseMerchant(scanned, found);
  const { bits } = scanned;
  addContext(bits, merchant, printed, found.vpa, labeller);
  const decision = decide(bits, transaction.direction);
  const { channel } = decision;
  const named = isNamed(bits, channel);
  const name = named ? printed : null;
  const isLoan = isLending(bits, channel);
  const description = decision.description === "" && isLoan ? "lender_transaction" : decision.description;
  const merchantCategory = merchantCategoryOf(
    decision,
    transaction.direction,
    named ? merchant : null,
    isLoan,
    bits,
  );
  const scheme = schemeOf(bits, upper);
  const counterparty: Counterparty = { name, vpa: found.vpa, iban: found.iban, account: found.account };
  return {
    channel,
    description,
    merchantCategory,
    category: categoryOf(channel, description, merchantCategory, transaction.direction, name),
    cleanNote: cleanNoteOf(upper, scheme, name),
    counterparty,
    scheme,
    schemeReference: scheme === null ? null : (found.reference ?? transaction.reference),
  };
}

/**
 * Labels the transactions of one account, oldest first, each once.
 * Pure; throws nothing: what no rule knows is `Others`.
 */
export function labelTransactions(
  transactions: readonly AnalysisTransaction[],
  profile: AccountProfile,
  known: KnownParties,
): LabelledTransaction[] {
  const labeller = labellerOf(profile, known);
  return withNeighbours(
    transactions.map((transaction) => labelled(transaction, labelOne(transaction, labeller))),
  );
}

/** Field by field: a second spread costs 6 % of the whole. */
function labelled(transaction: AnalysisTransaction, label: Label): LabelledTransaction {
  const {
    channel,
    description,
    merchantCategory,
    category,
    cleanNote,
    counterparty,
    scheme,
    schemeReference,
  } = label;
  return {
    ...transaction,
    channel,
    description,
    merchantCategory,
    category,
    cleanNote,
    counterparty,
    scheme,
    schemeReference,
  };
}
