/** The bodies of the entity flow (reference §5) as shapes. */
import type { Shape } from "./shape.ts";

export const ENTITY: Shape = { entity_id: "uuid", link_id: "str?", meta_data: "any" };

export const ENTITIES: Shape = {
  count: "int",
  next: "url?",
  previous: "url?",
  results: [ENTITY, "or none"],
};

export const UPLOADED: Shape = {
  entity_id: "uuid",
  statement_id: "uuid",
  bank_name: "str+",
  status: "int",
};

export const UPLOADED_WITH_IDENTITY: Shape = {
  ...UPLOADED,
  date_range: { from_date: "YMD", to_date: "YMD" },
  is_fraud: "bool",
  fraud_type: "str?",
  identity: {
    account_number: "number",
    name: "str?",
    address: "str?",
    account_category: "=individual|corporate",
    credit_limit: "int",
    account_id: "uuid",
  },
};

export const PAYLOAD: Shape = {
  entity_id: "uuid",
  statement_id: "uuid",
  link_id: "str?",
  progress: "=completed|failed",
  reason: "str",
};

const PROGRESS = {
  status: "=processing|completed|failed",
  message: "str?",
  statement_id: "uuid",
  source: "=pdf|online",
};
const HEAD = { entity_id: "uuid", progress: [PROGRESS] } as const;
const ACCOUNTS = [
  {
    account_id: "uuid",
    bank: "str+",
    account_number: "number",
    ifsc: "str?",
    micr: "str?",
    account_category: "=individual|corporate",
    "credit_limit?": "int",
    months: ["YYYY-MM"],
    statements: ["uuid"],
    "last_updated?": "ISO",
  },
] as const;
const FRAUD: Shape = {
  fraudulent_statements: ["uuid", "or none"],
  fraud_type: [
    {
      statement_id: "uuid?",
      fraud_type: "str+",
      account_id: "uuid",
      fraud_category: "str+",
      transaction_hash: "hash?",
    },
    "or none",
  ],
};
const COMMON = { ...HEAD, accounts: ACCOUNTS, fraud: FRAUD };

const E = {
  transaction_note: "str",
  hash: "hash",
  description: "str",
  account_id: "uuid",
  transaction_type: "=debit|credit",
  amount: "num",
  date: "TS",
  merchant_category: "str",
  balance: "num?",
  transaction_channel: "str+",
};
const NOTED: Shape = { ...E, clean_transaction_note: "str" };
const S: Shape = {
  account_id: "uuid",
  start_date: "TS",
  end_date: "TS",
  transaction_channel: "str+",
  median: "num",
  clean_transaction_note: "str",
  transactions: [NOTED],
};
const TOP: Shape = { "*Mmm-YY": { "*": "num" } };
const MONTHLY: Shape = { "*": { "*Mmm-YYYY": "num?" } };

export interface EntityRead {
  name: string;
  shape: Shape;
  /** Marked † there: takes `?account_id=`. */
  byAccount?: true;
}

/** §5.3, without the two reads that it calls withdrawn. */
export const READS: readonly EntityRead[] = [
  { name: "accounts", shape: COMMON },
  {
    name: "identity",
    shape: {
      ...COMMON,
      progress: [{ ...PROGRESS, transaction_status: "=processing|completed|failed" }],
      identity: [
        {
          account_id: "uuid",
          name: "str?",
          address: "str?",
          account_number: "number",
          account_category: "=individual|corporate",
          credit_limit: "int",
        },
      ],
    },
  },
  { name: "transactions", byAccount: true, shape: { ...COMMON, transactions: [E] } },
  { name: "lender_transactions", byAccount: true, shape: { ...COMMON, transactions: [E, "or none"] } },
  {
    name: "salary",
    byAccount: true,
    shape: { ...COMMON, transactions: [{ ...E, clean_transaction_note: "str", month_year: "M-YYYY" }] },
  },
  {
    name: "recurring_transactions",
    byAccount: true,
    shape: {
      ...COMMON,
      transactions: { credit_transactions: [S, "or none"], debit_transactions: [S, "or none"] },
    },
  },
  {
    name: "get_expense_categories",
    byAccount: true,
    shape: { ...HEAD, categories: [{ category: "str+", percentage: "int" }] },
  },
  {
    name: "top_credits_debits",
    shape: { ...HEAD, top_5_credit_debit: { top_5_credit: TOP, top_5_debit: TOP } },
  },
  {
    name: "monthly_analysis_updated",
    shape: {
      ...HEAD,
      accounts: ACCOUNTS,
      monthly_analysis: { account_id: [{ "*uuid": { monthly_analysis: MONTHLY } }] },
    },
  },
  { name: "monthly_analysis", shape: { ...HEAD, accounts: ACCOUNTS, monthly_analysis: MONTHLY } },
  { name: "xlsx_report", shape: { ...HEAD, reports: [{ link: "url", account_id: "uuid" }] } },
  {
    name: "predictors",
    shape: { ...HEAD, predictors: [{ account_id: "uuid", predictors: { "*": "any" } }] },
  },
  { name: "score", shape: { ...HEAD, score: [{ account_id: "uuid", score: "int" }] } },
  {
    name: "get_pdfs",
    shape: {
      statements: [
        { statement_id: "uuid", bank_name: "str+", pdf_password: "str?", pdf_url: "url", account_id: "uuid" },
      ],
    },
  },
];

export const NET_BANKING_HEALTH: Shape = [
  { bank: "str+", updated_at: "TS", health_up: "bool", "issue_details?": "str" },
];

/** §8.7. */
export const NET_BANKING_BANKS =
  "ALLAHABAD AXIS BOI CANARA FEDERAL HDFC ICICI IDFC INDBNK INDUSIND KARNATAKA KOTAK PNBBNK RBL SIB SBI UBI YESBNK";
