/**
 * What a transaction is: channel, description, merchant category, counterparty, references.
 *
 * One transaction: its narration runs once through the region's automaton (signals and merchants), a reader for its rail
 * finds the counterparty, `decide.ts` turns signals into the channel. Then `neighbours.ts` looks at what stands near.
 */
import type {
  AccountProfile,
  AnalysisTransaction,
  Channel,
  Counterparty,
  Direction,
  KnownParties,
  Label,
  LabelledTransaction,
  MerchantCategory,
  Scheme,
} from "../types.ts";
import { scan } from "./automaton.ts";
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
import { decide, type Decision } from "./decide.ts";
import { lexiconOf, regionOf, type Lexicon, type Merchant } from "./lexicon.ts";
import { namesTest, type NameTest } from "./names.ts";
import { withNeighbours } from "./neighbours.ts";
import { nothingFound, type Found } from "./printed.ts";
import { addSignal, bitsOf, intersects, signalIndex, SIGNALS, type Bits, type Signal } from "./signals.ts";
import { categoryOf, cleanNoteOf } from "./wording.ts";
import { readWords } from "./words.ts";

/** What does not change between the transactions of one account. */
export interface Labeller {
  lexicon: Lexicon;
  isOwn: NameTest;
  isEmployer: NameTest;
  /** Where the first phrase of each signal ends; of the narration in hand, and only where its bit is set. */
  ends: Int32Array;
}

export function labellerOf(profile: AccountProfile, known: KnownParties): Labeller {
  const own = profile.holder === null ? known.ownNames : [profile.holder, ...known.ownNames];
  return {
    lexicon: lexiconOf(regionOf(profile.country, profile.currency)),
    isOwn: namesTest([...own, ...known.companies]),
    isEmployer: namesTest(known.employers),
    ends: new Int32Array(SIGNALS.length),
  };
}

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

/** The same, whatever rail is named. */
const NEVER_NAMED = bitsOf(["bankFee", "sweep", "self"]);

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

const NAMELESS: ReadonlySet<Channel> = new Set<Channel>([
  "bank_charge",
  "bank_interest",
  "cash_withdrawl",
  "cash_deposit",
  "demand_draft",
  "international_transaction_arbitrage",
]);

/** Where a loan is the purpose although the channel is the rail. */
const LENDABLE: ReadonlySet<Channel> = new Set<Channel>([
  "upi",
  "net_banking_transfer",
  "auto_debit_payment",
  "auto_debit_payment_bounce",
  "auto_credit",
  "payment_gateway_purchase",
  "debit_card",
  "chq",
  "Others",
]);

const LENDER = bitsOf(["lender", "disbursal"]);
const LOAN_WORD = bitsOf(["loan"]);

/** Between people: a `loan` in the remark is a friend's. */
const BETWEEN_PEOPLE = bitsOf(["upi", "imps", "neft", "rtgs", "fps"]);

function isLending(bits: Bits, channel: Channel): boolean {
  if (!LENDABLE.has(channel)) return false;
  if (intersects(bits, LENDER)) return true;
  return intersects(bits, LOAN_WORD) && !(intersects(bits, BETWEEN_PEOPLE) && has(bits, NAMED));
}

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

const has = (bits: Bits, index: number): boolean =>
  index < 32 ? (bits.low & (1 << index)) !== 0 : (bits.high & (1 << (index - 32))) !== 0;

const ACH = signalIndex("ach");
const NAMED = signalIndex("named");
const OWN = signalIndex("own");
const EMPLOYER = signalIndex("employer");

interface Scan {
  bits: Bits;
  merchants: { merchant: Merchant; end: number }[];
}

function scanText({ lexicon, ends }: Labeller, text: string): Scan {
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
  return found;
}

function readCounterparty({ lexicon, ends }: Labeller, scanned: Scan, text: string, upper: string): Found {
  const { bits } = scanned;
  // Elsewhere narrations are words, and a hyphen belongs to a name.
  if (lexicon.region === "india" || lexicon.region === "any") {
    for (const { signal, read } of READERS) {
      if (has(bits, signal)) return read(text, upper, ends[signal] ?? 0);
    }
    if ((upper.includes("/") || upper.includes("-")) && !intersects(bits, UNNAMED))
      return readTransfer(text, upper);
  }
  return intersects(bits, UNNAMED) && !intersects(bits, ANY_RAIL)
    ? nothingFound()
    : readWords(text, upper, merchantStart(scanned));
}

/** Shorter names are often codes (`BP`). */
const MIN_PROTECTED = 5;

/** Where a known name begins: `DIRECT LINE INS` is not skipped as machinery. -1: nowhere. */
function merchantStart(scanned: Scan): number {
  let start = -1;
  for (const { merchant, end } of scanned.merchants) {
    if (merchant.onlyInName || merchant.length < MIN_PROTECTED) continue;
    if (start === -1 || end - merchant.length < start) start = end - merchant.length;
  }
  return start;
}

/** The longest name; what stands inside the counterparty counts before what stands elsewhere. */
function chooseMerchant(scanned: Scan, found: Found): Merchant | null {
  let best: Merchant | null = null;
  let bestRank = 0;
  for (const { merchant, end } of scanned.merchants) {
    const inside =
      found.nameStart !== -1 ? end > found.nameStart && end <= found.nameEnd + 1 : found.vpa !== null;
    if (merchant.onlyInName && !inside) continue;
    const rank = merchant.length + (inside ? 100 : 0) - (merchant.onlyInName ? 50 : 0);
    if (rank <= bestRank) continue;
    best = merchant;
    bestRank = rank;
  }
  return best;
}

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

const TAX_TAKEN = bitsOf(["taxTaken"]);

/** Labels one transaction by itself. The core of `labelTransactions`, which also looks at its neighbours. */
export function labelOne(transaction: AnalysisTransaction, labeller: Labeller): Label {
  const text = transaction.narration;
  const capitals = text.toUpperCase();
  const upper = capitals.length === text.length ? capitals : text;
  const scanned = scanText(labeller, text);
  if (text.startsWith(")))")) addSignal(scanned.bits, signalIndex("card"));
  const found = readCounterparty(labeller, scanned, text, upper);
  const printed = found.nameStart === -1 ? null : text.slice(found.nameStart, found.nameEnd);
  const merchant = chooseMerchant(scanned, found);
  const { bits } = scanned;
  addContext(bits, merchant, printed, found.vpa, labeller);
  const decision = decide(bits, transaction.direction);
  const { channel } = decision;
  const name = NAMELESS.has(channel) || (intersects(bits, NEVER_NAMED) && !has(bits, OWN)) ? null : printed;
  const isLoan = isLending(bits, channel);
  const description = decision.description === "" && isLoan ? "lender_transaction" : decision.description;
  const merchantCategory = merchantCategoryOf(decision, transaction.direction, merchant, isLoan, bits);
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
    schemeReference: scheme === null ? null : found.reference,
  };
}

/** Where the money goes to; a payer of that trade says nothing of what his payment is. */
const SPENDING: ReadonlySet<MerchantCategory> = new Set<MerchantCategory>([
  "alcohol",
  "gambling",
  "shopping",
  "groceries",
  "entertainment",
  "medical",
  "travel",
  "food",
  "fuel",
]);

const GIVEN_BACK: ReadonlySet<Channel> = new Set<Channel>(["refund", "auto_debit_payment_bounce"]);

const UNTRADED: ReadonlySet<Channel> = new Set<Channel>(["self_transfer", "salary"]);

const INVESTING: ReadonlySet<Channel> = new Set<Channel>(["investment", "investment_cashin"]);

const BENEFIT = bitsOf(["benefit"]);

function merchantCategoryOf(
  { channel, description }: Decision,
  direction: Direction,
  merchant: Merchant | null,
  isLoan: boolean,
  bits: Bits,
): MerchantCategory {
  if (channel === "bank_charge") return description === "" && intersects(bits, TAX_TAKEN) ? "tax" : "";
  if (NAMELESS.has(channel) || UNTRADED.has(channel) || intersects(bits, BENEFIT)) return "";
  if (INVESTING.has(channel)) return merchant?.category === "trading" ? "trading" : "investments";
  if (merchant !== null) {
    const payer = direction === "credit" && !GIVEN_BACK.has(channel);
    return payer && SPENDING.has(merchant.category) ? "" : merchant.category;
  }
  if (isLoan) return "loans";
  return channel === "bill_payment" ? "bills" : "";
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
    transactions.map((transaction) => ({ ...transaction, ...labelOne(transaction, labeller) })),
  );
}
