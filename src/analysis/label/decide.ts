/**
 * Signals → channel and description. The rules are tried from top to bottom and the first that holds decides; so the
 * order is the meaning: what went wrong before what it was for, what it was for before how it went.
 */
import type { Channel, Description, Direction } from "../types.ts";
import { bitsOf, contains, intersects, type Bits, type Signal } from "./signals.ts";

interface Rule {
  channel: Channel;
  description?: Description;
  /** All of these. */
  all?: readonly Signal[];
  /** At least one of these. */
  any?: readonly Signal[];
  /** None of these. */
  none?: readonly Signal[];
  direction?: Direction;
}

const TRANSFERS: readonly Signal[] = ["neft", "rtgs", "imps", "fps", "chaps", "transfer", "sepaCredit"];
const MANDATES: readonly Signal[] = ["ach", "directDebit", "standingOrder", "sepaDebit", "mandate"];

const RULES: readonly Rule[] = [
  // Fees for a bounce, before the bounce.
  {
    channel: "bank_charge",
    description: "chq_bounce_charge",
    all: ["bounce", "charge", "cheque"],
    none: ["ach", "directDebit"],
    direction: "debit",
  },
  { channel: "bank_charge", description: "ach_bounce_charge", all: ["bounce", "charge"], direction: "debit" },
  { channel: "international_transaction_arbitrage", any: ["forex"] },
  // What came back.
  { channel: "refund", description: "neft_return", any: ["neftReturned"], direction: "credit" },
  { channel: "refund", any: ["returned"], direction: "credit" },
  { channel: "auto_debit_payment_bounce", all: ["insufficient"], any: ["ach", "directDebit", "sepaDebit"] },
  {
    channel: "auto_debit_payment_bounce",
    all: ["bounce"],
    any: ["ach", "directDebit", "sepaDebit", "mandate", "standingOrder"],
  },
  {
    channel: "inward_cheque_bounce",
    description: "chq_bounce_insuff_funds",
    all: ["bounce", "insufficient"],
    none: ["upi", "neft", "imps", "rtgs"],
    direction: "credit",
  },
  {
    channel: "outward_cheque_bounce",
    description: "chq_bounce_insuff_funds",
    all: ["bounce", "insufficient"],
    none: ["upi", "neft", "imps", "rtgs"],
    direction: "debit",
  },
  { channel: "inward_cheque_bounce", all: ["bounce", "cheque"], direction: "credit" },
  { channel: "outward_cheque_bounce", all: ["bounce", "cheque"], direction: "debit" },
  // What the bank takes and gives by itself.
  {
    channel: "bank_charge",
    description: "penalty_charge",
    any: ["penalty"],
    none: ["named"],
    direction: "debit",
  },
  { channel: "bank_charge", any: ["bankFee"], none: ["upi"], direction: "debit" },
  {
    channel: "bank_charge",
    any: ["taxTaken", "interestTaken"],
    none: ["named", "taxPaid"],
    direction: "debit",
  },
  { channel: "bank_charge", any: ["charge"], none: ["named", "card", "merchant"], direction: "debit" },
  { channel: "refund", any: ["refund"], none: ["sweep"], direction: "credit" },
  { channel: "investment_cashin", any: ["redeem"], direction: "credit" },
  { channel: "bank_interest", any: ["interest"], none: ["named"], direction: "credit" },
  { channel: "bank_charge", any: ["interest"], none: ["named"], direction: "debit" },
  { channel: "investment", any: ["sweep"], direction: "debit" },
  { channel: "investment_cashin", any: ["sweep"], direction: "credit" },
  // Cash.
  {
    channel: "cash_deposit",
    description: "deposit_by_machine",
    any: ["machine"],
    none: ["upi", "neft", "imps", "rtgs"],
    direction: "credit",
  },
  {
    channel: "cash_deposit",
    description: "deposit_machine_words",
    any: ["machineWords"],
    direction: "credit",
  },
  {
    channel: "cash_deposit",
    any: ["cashIn"],
    none: ["upi", "neft", "imps", "rtgs", "cheque"],
    direction: "credit",
  },
  {
    channel: "cash_withdrawl",
    any: ["cashOut"],
    none: ["upi", "neft", "imps", "rtgs", "cardAtAtm"],
    direction: "debit",
  },
  // Money that the machine did not give.
  { channel: "refund", any: ["cashOut"], none: ["upi", "neft", "imps", "rtgs"], direction: "credit" },
  // What it was for.
  { channel: "salary", any: ["salary", "employer"], direction: "credit" },
  { channel: "self_transfer", description: "self_transfer", any: ["own", "self"] },
  { channel: "demand_draft", any: ["draft"] },
  // Div is a name too.
  { channel: "investment_cashin", any: ["dividend"], none: ["upi", "imps"], direction: "credit" },
  { channel: "investment_cashin", any: ["invest", "investment"], direction: "credit" },
  { channel: "investment", any: ["invest", "investment"], direction: "debit" },
  { channel: "bill_payment", description: "credit_card_bill", any: ["cardBill"], direction: "debit" },
  { channel: "bill_payment", description: "telco_bill", any: ["telco"], direction: "debit" },
  { channel: "bill_payment", description: "electric_bill", any: ["electric"], direction: "debit" },
  { channel: "bill_payment", any: ["bill"], direction: "debit" },
  // How it went.
  { channel: "auto_debit_payment", any: MANDATES, direction: "debit" },
  { channel: "auto_credit", any: ["ach", "bacs", "benefit", "directDebit"], direction: "credit" },
  { channel: "auto_credit", any: ["settlement"], none: ["neft", "rtgs", "imps", "fps"], direction: "credit" },
  { channel: "chq", any: ["cheque"] },
  { channel: "upi", any: ["upi"] },
  { channel: "debit_card", any: ["card"], direction: "debit" },
  { channel: "refund", any: ["card"], direction: "credit" },
  { channel: "payment_gateway_purchase", any: ["gateway"], direction: "debit" },
  { channel: "auto_credit", any: ["gateway"], direction: "credit" },
  {
    channel: "bill_payment",
    all: ["billPay"],
    none: ["transfer", "neft", "imps", "fps"],
    direction: "debit",
  },
  { channel: "net_banking_transfer", any: TRANSFERS },
  { channel: "auto_debit_payment", any: ["loan", "lender", "disbursal"], direction: "debit" },
  { channel: "auto_credit", any: ["loan", "lender", "disbursal"], direction: "credit" },
  { channel: "cash_deposit", any: ["paidIn"], none: ["named"], direction: "credit" },
  // Taxes go through the bank's pages where no rail is named; shops take the card.
  { channel: "net_banking_transfer", any: ["taxPaid"], direction: "debit" },
  { channel: "debit_card", any: ["merchant"], direction: "debit" },
];

interface Compiled {
  channel: Channel;
  description: Description;
  all: Bits;
  any: Bits | null;
  none: Bits;
  direction: Direction | null;
}

const compileRule = (rule: Rule): Compiled => ({
  channel: rule.channel,
  description: rule.description ?? "",
  all: bitsOf(rule.all ?? []),
  any: rule.any === undefined ? null : bitsOf(rule.any),
  none: bitsOf(rule.none ?? []),
  direction: rule.direction ?? null,
});

export interface Decision {
  channel: Channel;
  description: Description;
}

const OTHERS: Decision = { channel: "Others", description: "" };

const DEBIT = RULES.filter((rule) => rule.direction !== "credit").map(compileRule);
const CREDIT = RULES.filter((rule) => rule.direction !== "debit").map(compileRule);

export function decide(signals: Bits, direction: Direction): Decision {
  for (const rule of direction === "debit" ? DEBIT : CREDIT) {
    if (!contains(signals, rule.all)) continue;
    if (rule.any !== null && !intersects(signals, rule.any)) continue;
    if (intersects(signals, rule.none)) continue;
    return rule;
  }
  return OTHERS;
}
