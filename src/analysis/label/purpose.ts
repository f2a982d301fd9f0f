/** What the channel means for the rest: whether somebody stands on the other side, whether it is a loan, which trade it is. */
import type { Channel, Direction, MerchantCategory } from "../types.ts";
import type { Decision } from "./decide.ts";
import type { Merchant } from "./lexicon.ts";
import { bitsOf, has, intersects, signalIndex, type Bits } from "./signals.ts";

const NAMED = signalIndex("named");
const OWN = signalIndex("own");
const TAX_TAKEN = bitsOf(["taxTaken"]);

/** A fee, a sweep or a transfer to oneself, whatever rail is named. */
const NEVER_NAMED = bitsOf(["bankFee", "sweep", "self"]);

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

export function isLending(bits: Bits, channel: Channel): boolean {
  if (!LENDABLE.has(channel)) return false;
  if (intersects(bits, LENDER)) return true;
  return intersects(bits, LOAN_WORD) && !(intersects(bits, BETWEEN_PEOPLE) && has(bits, NAMED));
}

/** Whether the printed name is somebody's: the bank's own bookings have none. */
export const isNamed = (bits: Bits, channel: Channel): boolean =>
  !NAMELESS.has(channel) && (!intersects(bits, NEVER_NAMED) || has(bits, OWN));

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

export function merchantCategoryOf(
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
