/**
 * Kinds of transactions that the figures add up: one table for the stems of the monthly analysis (reference §8.8),
 * one for what only the extras (§8.9), predictors and score ask for. A transaction can be of many kinds.
 */
import type { Channel, Description, LabelledTransaction, MerchantCategory } from "../types.ts";

/** A transaction with what labels and relations say of it, asked once. */
export interface Entry {
  transaction: LabelledTransaction;
  /** Numbers of the calendar. */
  day: number;
  month: number;
  isCredit: boolean;
  /** Minor units in one unit of its currency: 100 for INR. */
  unit: bigint;
  isSalary: boolean;
  isLender: boolean;
  isLoanCredit: boolean;
  isEmi: boolean;
  isSelfTransfer: boolean;
  isSisterTransfer: boolean;
  isBouncedOrPenal: boolean;
  /** Undone by a later one. */
  isReversed: boolean;
  /** Undoes an earlier one; `reversesEmi`: which was an EMI. */
  isReversal: boolean;
  reversesEmi: boolean;
}

export interface Kind {
  name: string;
  selects: (entry: Entry) => boolean;
  /** For docs/analysis.md. */
  meaning: string;
}

/** Income credits above this many units count as business (reference §8.8). */
const BUSINESS_ABOVE = 500n;

/** Credits that give back what bounced; debits of an outward bounce take back what was credited. */
const RETURNED: ReadonlySet<Channel> = new Set(["auto_debit_payment_bounce", "inward_cheque_bounce"]);

const channel = (is: Channel, credit: boolean) => (entry: Entry) =>
  entry.isCredit === credit && entry.transaction.channel === is;
const credits = (is: Channel) => channel(is, true);
const debits = (is: Channel) => channel(is, false);
const described = (is: Description) => (entry: Entry) =>
  !entry.isCredit && entry.transaction.description === is;
const unfunded = (is: Channel, credit: boolean) => (entry: Entry) =>
  entry.isCredit === credit &&
  entry.transaction.channel === is &&
  entry.transaction.description === "chq_bounce_insuff_funds";

const isIncome = (entry: Entry): boolean =>
  entry.isCredit &&
  !entry.isLoanCredit &&
  !entry.isBouncedOrPenal &&
  !RETURNED.has(entry.transaction.channel) &&
  entry.transaction.channel !== "international_transaction_arbitrage";

const isEmiBounce = (entry: Entry): boolean =>
  entry.isCredit &&
  entry.transaction.channel === "auto_debit_payment_bounce" &&
  (entry.isLender || entry.reversesEmi);

const isBounceCharge = ({ isCredit, transaction: { description } }: Entry): boolean =>
  !isCredit && (description === "ach_bounce_charge" || description === "chq_bounce_charge");

const isPenalCharge = (entry: Entry): boolean =>
  isBounceCharge(entry) ||
  (!entry.isCredit && entry.transaction.description === "penalty_charge") ||
  (!entry.isCredit && entry.isBouncedOrPenal && entry.transaction.channel === "bank_charge");

const kind = (name: string, selects: Kind["selects"], meaning: string): Kind => ({ name, selects, meaning });

/** The stems of §8.8, in its order: each makes `amt_<stem>` and `cnt_<stem>`. */
export const STEMS: readonly Kind[] = [
  kind("auto_debit_payment_bounce_credit", credits("auto_debit_payment_bounce"), "auto-debits given back"),
  kind("auto_debit_payment_debit", debits("auto_debit_payment"), "auto-debits"),
  kind("bank_charge_debit", debits("bank_charge"), "charges of the bank"),
  kind("bank_interest_credit", credits("bank_interest"), "interest of the bank"),
  kind("bill_payment_debit", debits("bill_payment"), "bills"),
  kind("cash_deposit_credit", credits("cash_deposit"), "cash paid in"),
  kind("cash_withdrawl_debit", debits("cash_withdrawl"), "cash taken out"),
  kind("chq_credit", credits("chq"), "cheques paid in"),
  kind("chq_debit", debits("chq"), "cheques issued"),
  kind("income_credit", isIncome, "credits but bounces, arbitrage and loans"),
  kind("credit", ({ isCredit }) => isCredit, "all credits"),
  kind("debit", ({ isCredit }) => !isCredit, "all debits"),
  kind("debit_card_debit", debits("debit_card"), "by debit card"),
  kind(
    "international_transaction_arbitrage_credit",
    credits("international_transaction_arbitrage"),
    "arbitrage",
  ),
  kind(
    "international_transaction_arbitrage_debit",
    debits("international_transaction_arbitrage"),
    "arbitrage",
  ),
  kind("investment_cashin_credit", credits("investment_cashin"), "investments paid out"),
  kind("net_banking_transfer_credit", credits("net_banking_transfer"), "transfers in"),
  kind("net_banking_transfer_debit", debits("net_banking_transfer"), "transfers out"),
  kind("outward_cheque_bounce_debit", debits("outward_cheque_bounce"), "cheques paid in that came back"),
  kind("inward_cheque_bounce_credit", credits("inward_cheque_bounce"), "own cheques that were not paid"),
  kind(
    "outward_cheque_bounce_insuff_funds_debit",
    unfunded("outward_cheque_bounce", false),
    "the same, for want of funds",
  ),
  kind(
    "inward_cheque_bounce_insuff_funds_credit",
    unfunded("inward_cheque_bounce", true),
    "the same, for want of funds",
  ),
  kind("ach_bounce_charge", described("ach_bounce_charge"), "charges for auto-debits that bounced"),
  kind("chq_bounce_charge", described("chq_bounce_charge"), "charges for cheques that bounced"),
  kind("bounce_charge", isBounceCharge, "both of these charges"),
  kind("payment_gateway_purchase_debit", debits("payment_gateway_purchase"), "by payment gateway"),
  kind("refund_credit", credits("refund"), "refunds"),
  kind("upi_credit", credits("upi"), "UPI in"),
  kind("upi_debit", debits("upi"), "UPI out"),
  kind("emi_debit", (entry) => !entry.isCredit && entry.isEmi, "instalments of loans"),
  kind("emi_bounce_credit", isEmiBounce, "instalments given back: bounced auto-debits of lenders"),
  kind("credit_card_bill_debit", described("credit_card_bill"), "credit card bills"),
  kind("investment", debits("investment"), "invested"),
  kind("loan_credits", (entry) => entry.isCredit && entry.isLoanCredit, "loans paid out"),
  kind(
    "business_credit",
    (entry) => isIncome(entry) && entry.transaction.amount > BUSINESS_ABOVE * entry.unit,
    "income credits above 500 of the currency",
  ),
  kind("self_transfer_credit", (entry) => entry.isCredit && entry.isSelfTransfer, "from own accounts"),
  kind("self_transfer_debit", (entry) => !entry.isCredit && entry.isSelfTransfer, "to own accounts"),
];

const spentOn = (...categories: readonly MerchantCategory[]) => {
  const wanted = new Set(categories);
  // A shop's cheque that came back was paid in: nothing was spent there.
  return ({ isCredit, transaction: { channel, merchantCategory } }: Entry): boolean =>
    !isCredit && channel !== "outward_cheque_bounce" && wanted.has(merchantCategory);
};

/** `MIN BAL CHGS`, `Minimum Balance Charges`, `CHARGES FOR NON MAINTENANCE OF AMB`. */
const MINIMUM_BALANCE = /\bmin(imum)?\.?[ -]*(avg|average|monthly|qtr|quarterly)?[ -]*bal|\bAMB\b|\bQAB\b/i;

/** Families of §8.9 whose meaning is stated or plain; each makes `amt_`, `cnt_`, `max_amt_`, `min_amt_`, `avg_amt_`. */
export const EXTRA_STEMS: readonly Kind[] = [
  kind("food_related_debits", spentOn("food"), "merchant category food"),
  kind("travel_related_debits", spentOn("travel"), "merchant category travel"),
  kind("fuel_related_debits", spentOn("fuel"), "merchant category fuel"),
  kind("shopping_related_debits", spentOn("shopping"), "merchant category shopping"),
  kind(
    "bill_related_debits",
    ({ isCredit, transaction }) =>
      !isCredit && (transaction.channel === "bill_payment" || transaction.merchantCategory === "bills"),
    "merchant category bills, or channel bill_payment",
  ),
  kind(
    "discretionary_spends",
    spentOn("alcohol", "gambling", "shopping", "entertainment", "travel", "food", "trading"),
    "merchant categories alcohol, gambling, shopping, entertainment, travel, food, trading",
  ),
  kind(
    "min_bal_charge",
    ({ isCredit, transaction }) =>
      !isCredit && transaction.channel === "bank_charge" && MINIMUM_BALANCE.test(transaction.narration),
    "charges of the bank whose narration speaks of the minimum balance",
  ),
  kind("tax_gst_paid", spentOn("tax"), "merchant category tax"),
];

/** Asked for by name in other tables: §8.9 `{amt,cnt}` only, predictors (§2.8), score. */
export const OTHER_KINDS: readonly Kind[] = [
  kind(
    "credit_excluding_reversal",
    (entry) => entry.isCredit && !entry.isReversal && !entry.isReversed,
    "credits that neither undo nor were undone",
  ),
  kind(
    "debit_excluding_reversal",
    (entry) => !entry.isCredit && !entry.isReversal && !entry.isReversed,
    "debits that neither undo nor were undone",
  ),
  kind("group_transfer_credit", (entry) => entry.isCredit && entry.isSisterTransfer, "from sister companies"),
  kind("group_transfer_debit", (entry) => !entry.isCredit && entry.isSisterTransfer, "to sister companies"),
  kind("salary", (entry) => entry.isCredit && entry.isSalary, "salary"),
  kind("own_income", (entry) => isIncome(entry) && !entry.isSelfTransfer, "income but self transfers"),
  kind(
    "expense",
    (entry) => !entry.isCredit && entry.transaction.channel !== "outward_cheque_bounce",
    "debits but outward bounces",
  ),
  kind(
    "inward_payment_bounce",
    (entry) => entry.isCredit && RETURNED.has(entry.transaction.channel),
    "auto-debits and own cheques given back",
  ),
  kind("penal_charge", isPenalCharge, "charges for bounces, and penalties"),
  kind("any", () => true, "all"),
];

export const ALL_KINDS: readonly Kind[] = [...STEMS, ...EXTRA_STEMS, ...OTHER_KINDS];
