/**
 * What a transaction's neighbours say of it. Banks often reverse in the words of the original, or take a fee without
 * saying for what; beside the other transaction both are plain.
 *
 * Tried in this order, the first that holds:
 * 1. a credit with the scheme reference and amount of an earlier debit returns it: `refund` (of NEFT: `neft_return`);
 * 2. a credit of a mandate's payee and amount, up to 5 days after the debit: `auto_debit_payment_bounce`;
 * 3. a cheque with number and amount of one in the other direction, up to 10 days before: the cheque bounced;
 * 4. a credit from a shop of exactly what was paid to it in the last 30 days: `refund`;
 * 5. a debit that names a mandate's bounce but has no credit of its amount is the fee for it;
 * 6. a charge in no words but `CHARGES`, up to 3 days after a bounce, is the fee for it.
 */
import type { Channel, Counterparty, Description, LabelledTransaction, MerchantCategory } from "../types.ts";
import { categoryOf } from "./wording.ts";

const RETURN_DAYS = 10;
const BOUNCE_DAYS = 5;
const REFUND_DAYS = 30;
const FEE_DAYS = 3;

const RETURNABLE: ReadonlySet<Channel> = new Set<Channel>([
  "upi",
  "net_banking_transfer",
  "auto_credit",
  "Others",
]);
const MANDATE_CREDIT: ReadonlySet<Channel> = new Set<Channel>(["auto_credit", "refund", "Others"]);
const MANDATE_DEBIT: ReadonlySet<Channel> = new Set<Channel>([
  "auto_debit_payment",
  "bill_payment",
  "investment",
]);
const SHOP_CREDIT: ReadonlySet<Channel> = new Set<Channel>([
  "upi",
  "auto_credit",
  "Others",
  "net_banking_transfer",
]);
const SHOP_DEBIT: ReadonlySet<Channel> = new Set<Channel>(["upi", "debit_card", "payment_gateway_purchase"]);

/** What another transaction can undo. */
const PAIRED: ReadonlySet<Channel> = new Set<Channel>([
  ...MANDATE_DEBIT,
  ...SHOP_DEBIT,
  "net_banking_transfer",
  "chq",
  "self_transfer",
]);

/** No shops: money comes from these for other reasons too. */
const NO_SHOP: ReadonlySet<MerchantCategory> = new Set<MerchantCategory>([
  "",
  "loans",
  "tax",
  "insurance",
  "investments",
  "trading",
]);

const PLAIN_CHARGE =
  /^(?:(?:CHARGES?|CHRGS?|CHGS?|FEES?|BANK|MISC|SERVICE|DR|GST|INCL|INC|TO|BY|OF|FOR)\s?)+$/;

const CHEQUE_NUMBER = /\b\d{6}\b/;

const daysBetween = (from: Temporal.PlainDate, to: Temporal.PlainDate): number => from.until(to).days;

const chequeNumber = (transaction: LabelledTransaction): string | null =>
  transaction.reference ?? CHEQUE_NUMBER.exec(transaction.narration)?.[0] ?? null;

const sameParty = (a: LabelledTransaction, b: LabelledTransaction): boolean =>
  (a.counterparty.name !== null && a.counterparty.name === b.counterparty.name) ||
  (a.counterparty.vpa !== null && a.counterparty.vpa === b.counterparty.vpa);

const NOBODY: Counterparty = { name: null, vpa: null, iban: null, account: null };

function relabel(
  transaction: LabelledTransaction,
  channel: Channel,
  description: Description,
  merchantCategory: MerchantCategory = transaction.merchantCategory,
): LabelledTransaction {
  const { direction } = transaction;
  // A fee is the bank's: nobody stands on the other side.
  const counterparty = channel === "bank_charge" ? NOBODY : transaction.counterparty;
  const category = categoryOf(channel, description, merchantCategory, direction, counterparty.name);
  return { ...transaction, channel, description, merchantCategory, category, counterparty };
}

/** What a credit is in the light of a debit of the same amount that came before it; null where neither says so. */
function creditAfter(credit: LabelledTransaction, debit: LabelledTransaction): LabelledTransaction | null {
  const days = daysBetween(debit.date, credit.date);
  const { schemeReference, channel } = credit;
  if (schemeReference !== null && schemeReference === debit.schemeReference && days <= RETURN_DAYS) {
    const description = credit.scheme === "NEFT" ? "neft_return" : "";
    if (RETURNABLE.has(channel) && !MANDATE_DEBIT.has(debit.channel)) {
      return relabel(credit, "refund", description, debit.merchantCategory);
    }
  }
  if (
    MANDATE_CREDIT.has(channel) &&
    MANDATE_DEBIT.has(debit.channel) &&
    isMandate(debit) &&
    days <= BOUNCE_DAYS
  ) {
    if (sameParty(credit, debit)) {
      return relabel(
        credit,
        "auto_debit_payment_bounce",
        debit.description === "lender_transaction" ? "lender_transaction" : "",
        debit.merchantCategory,
      );
    }
  }
  if (channel === "chq" && debit.channel === "chq" && days <= RETURN_DAYS) {
    const number = chequeNumber(credit);
    if (number !== null && number === chequeNumber(debit)) return relabel(credit, "inward_cheque_bounce", "");
  }
  if (SHOP_CREDIT.has(channel) && SHOP_DEBIT.has(debit.channel) && days <= REFUND_DAYS) {
    if (!NO_SHOP.has(debit.merchantCategory) && sameParty(credit, debit)) {
      return relabel(credit, "refund", "", debit.merchantCategory);
    }
  }
  return null;
}

const isMandate = (debit: LabelledTransaction): boolean =>
  debit.channel === "auto_debit_payment" ||
  debit.scheme === "ACH" ||
  debit.scheme === "NACH" ||
  debit.scheme === "BACS";

function chequeAfter(debit: LabelledTransaction, credit: LabelledTransaction): LabelledTransaction | null {
  if (debit.channel !== "chq" || credit.channel !== "chq") return null;
  if (daysBetween(credit.date, debit.date) > RETURN_DAYS) return null;
  const number = chequeNumber(debit);
  return number !== null && number === chequeNumber(credit)
    ? relabel(debit, "outward_cheque_bounce", "")
    : null;
}

const BOUNCES: ReadonlyMap<Channel, Description> = new Map<Channel, Description>([
  ["auto_debit_payment_bounce", "ach_bounce_charge"],
  ["inward_cheque_bounce", "chq_bounce_charge"],
  ["outward_cheque_bounce", "chq_bounce_charge"],
]);

/** Earlier transactions by amount, the newest last. */
type Earlier = Map<bigint, LabelledTransaction[]>;

/** Enough to find the other half among equal amounts, few enough to stay quick where all amounts are equal. */
const LOOK_BACK = 8;

function remember(earlier: Earlier, transaction: LabelledTransaction): void {
  const known = earlier.get(transaction.amount);
  if (known === undefined) {
    earlier.set(transaction.amount, [transaction]);
    return;
  }
  known.push(transaction);
  if (known.length > LOOK_BACK) known.shift();
}

function byEarlier(transaction: LabelledTransaction, earlier: Earlier): LabelledTransaction {
  const others = earlier.get(transaction.amount);
  if (others === undefined) return transaction;
  for (let i = others.length - 1; i >= 0; i -= 1) {
    const other = others[i];
    if (other === undefined || other.direction === transaction.direction) continue;
    const found =
      transaction.direction === "credit" ? creditAfter(transaction, other) : chequeAfter(transaction, other);
    if (found === null) continue;
    // One debit is undone once.
    others.splice(i, 1);
    return found;
  }
  return transaction;
}

/** Days of the credits of each amount, oldest first. */
type CreditDays = ReadonlyMap<bigint, readonly Temporal.PlainDate[]>;

function creditDays(labelled: readonly LabelledTransaction[]): CreditDays {
  const days = new Map<bigint, Temporal.PlainDate[]>();
  for (const { direction, amount, date } of labelled) {
    if (direction === "debit") continue;
    const known = days.get(amount);
    if (known === undefined) days.set(amount, [date]);
    else known.push(date);
  }
  return days;
}

/**
 * Whether a credit of this amount stands within days of it: then the debit is the payment that bounced, not a fee.
 * By halves: 5,000 equal bounces on one day took 54 s when each looked at all others.
 */
function hasCredit({ amount, date }: LabelledTransaction, credits: CreditDays): boolean {
  const days = credits.get(amount) ?? [];
  const earliest = date.subtract({ days: BOUNCE_DAYS });
  let low = 0;
  let high = days.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const day = days[middle];
    if (day !== undefined && Temporal.PlainDate.compare(day, earliest) < 0) low = middle + 1;
    else high = middle;
  }
  const next = days[low];
  return next !== undefined && daysBetween(date, next) <= BOUNCE_DAYS;
}

/** `labelled`: one account's, oldest first, each labelled by itself. */
export function withNeighbours(labelled: readonly LabelledTransaction[]): LabelledTransaction[] {
  const earlier: Earlier = new Map();
  let bounce: LabelledTransaction | null = null;
  // Few statements have a debit that asks for them.
  let known: CreditDays | null = null;
  const credits = (): CreditDays => (known ??= creditDays(labelled));
  const result: LabelledTransaction[] = [];
  for (const alone of labelled) {
    let transaction = byEarlier(alone, earlier);
    const { channel, direction, description } = transaction;
    if (
      direction === "debit" &&
      channel === "auto_debit_payment_bounce" &&
      !hasCredit(transaction, credits())
    ) {
      transaction = relabel(transaction, "bank_charge", "ach_bounce_charge", "");
    } else if (
      channel === "bank_charge" &&
      description === "" &&
      bounce !== null &&
      PLAIN_CHARGE.test(transaction.cleanNote)
    ) {
      const fee = BOUNCES.get(bounce.channel);
      if (fee !== undefined && daysBetween(bounce.date, transaction.date) <= FEE_DAYS) {
        transaction = relabel(transaction, "bank_charge", fee, "");
      }
    }
    if (BOUNCES.has(transaction.channel)) bounce = transaction;
    if (PAIRED.has(transaction.channel)) remember(earlier, transaction);
    result.push(transaction);
  }
  return result;
}
