/** The words for people: the category, and the note without what changes from one payment to the next. */
import type { Channel, Description, Direction, MerchantCategory, Scheme } from "../types.ts";

const BY_CHANNEL: Partial<Record<Channel, string>> = {
  salary: "Salary",
  refund: "Refund",
  outward_cheque_bounce: "Bounced Cheque",
  inward_cheque_bounce: "Bounced Cheque",
  auto_debit_payment_bounce: "Bounced Payment",
  international_transaction_arbitrage: "Foreign Exchange Charge",
  cash_withdrawl: "Cash Withdrawal",
  cash_deposit: "Cash Deposit",
  bank_interest: "Interest",
  self_transfer: "Self Transfer",
  demand_draft: "Demand Draft",
  investment_cashin: "Investment Income",
};

const BY_DESCRIPTION: Partial<Record<Description, string>> = {
  penalty_charge: "Penalty Charge",
  ach_bounce_charge: "Bounce Charge",
  chq_bounce_charge: "Bounce Charge",
  credit_card_bill: "Credit Card Bill",
  telco_bill: "Bills",
  electric_bill: "Bills",
};

const BY_MERCHANT: Record<MerchantCategory, string> = {
  alcohol: "Alcohol",
  gambling: "Gambling",
  shopping: "Shopping",
  groceries: "Groceries",
  entertainment: "Entertainment",
  medical: "Medical",
  travel: "Travel",
  food: "Food",
  fuel: "Fuel",
  investments: "Investments",
  trading: "Trading",
  bills: "Bills",
  ewallet: "Ewallet",
  loans: "Loans",
  insurance: "Insurance",
  tax: "Tax",
  bnpl: "Buy Now Pay Later",
  "": "",
};

const BY_RAIL: Partial<Record<Channel, string>> = {
  investment: "Investments",
  bill_payment: "Bills",
  bank_charge: "Bank Charge",
  debit_card: "Card Payment",
  chq: "Cheque",
  payment_gateway_purchase: "Online Purchase",
  auto_debit_payment: "Auto Debit",
  auto_credit: "Auto Credit",
};

const TRANSFER: ReadonlySet<Channel> = new Set<Channel>(["upi", "net_banking_transfer"]);

/** Bank's own words first, then the trade, then the other side, then the rail. */
export function categoryOf(
  channel: Channel,
  description: Description,
  merchant: MerchantCategory,
  direction: Direction,
  name: string | null,
): string {
  if (description === "lender_transaction" && channel !== "auto_debit_payment_bounce") {
    return direction === "credit" ? "Loan Disbursed" : "Loans";
  }
  const fixed = BY_DESCRIPTION[description] ?? BY_CHANNEL[channel];
  if (fixed !== undefined) return fixed;
  if (merchant !== "") return BY_MERCHANT[merchant];
  if (TRANSFER.has(channel)) {
    if (name !== null) return `Transfer ${direction === "credit" ? "from" : "to"} ${name}`;
    return "Transfers";
  }
  return BY_RAIL[channel] ?? "Others";
}

const MONTH = /^(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|SEPT|OCT|NOV|DEC)[A-Z]*$/;
const MASK = /^X+$/;

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** `&` and `'` belong to a word: `M&S`, `O'NEILL`. */
const isWord = (code: number): boolean =>
  (code >= 65 && code <= 90) || isDigit(code) || code === 38 || code === 39 || code > 127;

/** Words with a digit, months, masks and single letters go: what stays is the same next month. */
function constantWords(upper: string): string {
  let kept = "";
  let last = "";
  for (let start = 0; start < upper.length; start += 1) {
    let end = start;
    let digits = 0;
    for (; end < upper.length && isWord(upper.charCodeAt(end)); end += 1) {
      if (isDigit(upper.charCodeAt(end))) digits += 1;
    }
    if (end - start > 1 && digits === 0) {
      const word = upper.slice(start, end);
      if (word !== last && !MONTH.test(word) && !MASK.test(word)) {
        kept = kept === "" ? word : `${kept} ${word}`;
        last = word;
      }
    }
    start = end;
  }
  return kept;
}

/** A named counterparty is the note, with its rail in front; otherwise the narration's constant words. */
export function cleanNoteOf(upper: string, scheme: Scheme | null, name: string | null): string {
  if (name === null) return constantWords(upper);
  const who = name.toUpperCase();
  return scheme === null ? who : `${scheme} ${who}`;
}
