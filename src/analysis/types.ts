/**
 * The words of this room.
 *
 * - **transaction**: what a statement or a bank said; **labelled**: with what we think it means.
 * - **channel**, **description**, **merchant category**: the contract's enumerations (reference §8.1 to 8.3).
 * - **counterparty**: who is on the other side, as far as the narration says.
 * - **finding**: a fraud rule that holds, with what it was seen on.
 *
 * Everything here is a value; money is in minor units of the account's currency.
 */

export type Direction = "debit" | "credit";

/** Reference §8.1, spelled as the contract spells it. */
export type Channel =
  | "upi"
  | "salary"
  | "refund"
  | "payment_gateway_purchase"
  | "outward_cheque_bounce"
  | "inward_cheque_bounce"
  | "net_banking_transfer"
  | "investment"
  | "investment_cashin"
  | "international_transaction_arbitrage"
  | "debit_card"
  | "chq"
  | "cash_withdrawl"
  | "cash_deposit"
  | "bill_payment"
  | "bank_interest"
  | "bank_charge"
  | "auto_debit_payment_bounce"
  | "auto_debit_payment"
  | "self_transfer"
  | "demand_draft"
  | "auto_credit"
  | "Others";

/** Reference §8.2; each belongs to a channel there. */
export type Description =
  | "penalty_charge"
  | "ach_bounce_charge"
  | "chq_bounce_charge"
  | "lender_transaction"
  | "credit_card_bill"
  | "telco_bill"
  | "electric_bill"
  | "deposit_by_machine"
  | "deposit_machine_words"
  | "chq_bounce_insuff_funds"
  | "neft_return"
  | "self_transfer"
  | "";

/** Reference §8.3. */
export type MerchantCategory =
  | "alcohol"
  | "gambling"
  | "shopping"
  | "groceries"
  | "entertainment"
  | "medical"
  | "travel"
  | "food"
  | "fuel"
  | "investments"
  | "trading"
  | "bills"
  | "ewallet"
  | "loans"
  | "insurance"
  | "tax"
  | "bnpl"
  | "";

/** The rails that a narration names, where it does. */
export type Scheme = "UPI" | "NEFT" | "RTGS" | "IMPS" | "NACH" | "ACH" | "FPS" | "SEPA" | "BACS" | "CHAPS";

export interface AnalysisTransaction {
  /** 32 hex digits, unique within the account. */
  hash: string;
  /** UUID of its account. */
  accountId: string;
  date: Temporal.PlainDate;
  /** As printed, white space folded. */
  narration: string;
  /** Cheque or reference number from a column of its own. */
  reference: string | null;
  direction: Direction;
  /** Never negative. */
  amount: bigint;
  /** After it; null where the document prints none. */
  balance: bigint | null;
}

export interface Counterparty {
  /** Upper case as far as the narration is; null where none is printed. */
  name: string | null;
  /** A UPI address such as `asha@okbank`. */
  vpa: string | null;
  iban: string | null;
  account: string | null;
}

export interface Label {
  channel: Channel;
  description: Description;
  merchantCategory: MerchantCategory;
  /** For people: `Salary`, `Food`, `Transfer to ASHA RAO`. */
  category: string;
  /** Without references, dates and codes, so that equal payments read equally. */
  cleanNote: string;
  counterparty: Counterparty;
  scheme: Scheme | null;
  /** The scheme's own reference (RRN, UTR, mandate). */
  schemeReference: string | null;
}

export type LabelledTransaction = AnalysisTransaction & Label;

export interface AccountProfile {
  id: string;
  /** The contract's identifier, lower case; `other` when unknown. */
  bank: string;
  /** Of an Indian branch, where it is printed. */
  ifsc?: string | null;
  /** ISO 3166-1 alpha-2 of the bank; decides rules and holidays. Null: unknown. */
  country: string | null;
  /** ISO 4217. */
  currency: string | null;
  holder: string | null;
  accountNumber: string | null;
  category: "individual" | "corporate" | null;
  /** Of an overdraft or cash credit; null where none is printed. */
  limit: bigint | null;
  /** Before its first transaction; null where it is not printed. */
  openingBalance: bigint | null;
}

/** What the client said of the person in the session's `metadata`, read leniently. */
export interface KnownParties {
  /** Names of the account holder and ways they are written. */
  ownNames: string[];
  employers: string[];
  /** Companies of the holder: transfers to them are the holder's own. */
  companies: string[];
}

/** An account with its merged transactions: each once, oldest first, in the order in which they happened. */
export interface Account {
  profile: AccountProfile;
  transactions: LabelledTransaction[];
}

/** A salary credit and why it is thought to be one. */
export interface SalaryPayment {
  transaction: LabelledTransaction;
  employer: string | null;
  month: Temporal.PlainYearMonth;
  /** 0 to 100. */
  confidence: number;
  /** Plain words, one reason each: `narration says SALARY`. */
  reasons: string[];
}

/** Payments that come back: one counterparty, one amount band. */
export interface RecurringSet {
  accountId: string;
  direction: Direction;
  channel: Channel;
  cleanNote: string;
  counterparty: Counterparty;
  /** Minor units; the lower of the two middle ones where their number is even. */
  median: bigint;
  start: Temporal.PlainDate;
  end: Temporal.PlainDate;
  transactions: LabelledTransaction[];
}

export type FraudCategory =
  | "metadata"
  | "balance"
  | "transaction"
  | "salary"
  | "cash"
  | "holiday"
  | "pattern";

/** One rule that holds. `evidence` is what a person needs to check it: figures and hashes, no prose. */
export interface FraudFinding {
  type: string;
  category: FraudCategory;
  /** Null for what concerns the account as a whole. */
  transactionHash: string | null;
  evidence: Record<string, string | number | boolean | string[]>;
}

/** How each transaction relates to others, by hash: found once, used by every figure. */
export interface Relations {
  salary: SalaryPayment[];
  recurring: { credits: RecurringSet[]; debits: RecurringSet[] };
  /** Hashes. */
  lender: Set<string>;
  loanCredits: Set<string>;
  emiDebits: Set<string>;
  /** Own names, own companies, and matching legs between accounts of the session. */
  selfTransfers: Set<string>;
  /** Transfers with companies of `metadata`. */
  sisterTransfers: Set<string>;
  bouncedOrPenal: Set<string>;
  /** What was reversed by what: hash of the original → hash of its reversal. */
  reversals: Map<string, string>;
}
