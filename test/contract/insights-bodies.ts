/** The body of the insights (reference §2.8) as shapes, and of the older reads that are parts of it (§2.9). */
import type { Shape } from "./shape.ts";

const YMD_RANGE = { from_date: "YMD", to_date: "YMD" };

/** The part that T, F and R share. */
const COMMON = {
  transaction_type: "=credit|debit",
  transaction_note: "str",
  amount: "num",
  balance: "num?",
  date: "TS",
  hash: "hash",
  category: "str",
};
const METADATA = { unclean_merchant: "str", transaction_channel: "str+", description: "str" };
const T = { ...COMMON, chq_num: "str", metadata: METADATA };
const FLAT = { ...COMMON, transaction_channel: "str+", merchant_category: "str", description: "str" };
const F: Shape = { ...FLAT, chq_num: "str" };
const R: Shape = {
  account_id: "uuid",
  transaction_channel: "str+",
  clean_transaction_note: "str",
  median: "num",
  start_date: "TS",
  end_date: "TS",
  transactions: [FLAT],
};
const RECURRING: Shape = { debit_transactions: [R, "or none"], credit_transactions: [R, "or none"] };

const FRAUD = {
  statement_id: "uuid?",
  fraud_type: "str+",
  transaction_hash: "hash?",
  fraud_category: "str+",
};
/** Its elements are never shown; `evidence` is an extension. */
const FRAUD_DETAIL = { ...FRAUD, evidence: { "*": "any" } };

const ACCOUNT_DETAILS: Shape = {
  name: "str",
  address: "str",
  account_number: "number",
  account_category: "=individual|corporate",
  bank: "str+",
  ifsc: "str?",
  micr: "str?",
  account_opening_date: "str?",
  credit_limit: "num",
  od_limit: "num",
  salary_confidence: "num?",
  statements: ["uuid"],
  months: ["YYYY-MM"],
  uploaded_months: ["YYYY-MM"],
  missing_data: [YMD_RANGE, "or none"],
  account_date_range: YMD_RANGE,
  transaction_date_range: YMD_RANGE,
  metadata_analysis: { name_matches: ["str", "or none"] },
  country_code: "=IN",
  currency_code: "=INR",
  dob: "str",
  email: "str",
  pan_number: "str",
  phone_number: "str",
  account_status: "str",
  holder_type: "str",
};

const STATEMENT_STATS: Shape = {
  session_id: "uuid",
  account_id: "uuid",
  statement_id: "uuid",
  first_transaction_timestamp: "TS?",
  last_transaction_timestamp: "TS?",
  from_date: "TS?",
  to_date: "TS?",
  bank: "str+",
  source: "=PDF",
  upload_file_name: "=statement.pdf",
  page_count: "int",
  transaction_count: "int",
  is_scanned_pdf: "bool",
};

/** Key → month; a few keys hold dates, a name or a flag (§8.9). */
const MONTHLY: Shape = { "*": { "*Mmm-YYYY": "any" } };
const EOD: Shape = {
  Months_order: ["Mmm-YY"],
  start_date: ["DD-Mmm-YY"],
  starting_balance: "num?",
  "*Mmm-YY": ["num?"],
};
const TOP: Shape = {
  type: "=top_5_debit|top_5_credit",
  data: [{ month: "Mmm-YY", data: [{ ...T, date: "DD-Mmm-YY" }, "or none"] }],
};

export const INSIGHTS: Shape = {
  session_id: "uuid",
  link_id: "str",
  session_date_range: YMD_RANGE,
  aggregate_monthly_analysis: MONTHLY,
  aggregate_xlsx_report_url: "url",
  aggregate_xml_report_url: "url?",
  accounts: [
    {
      account_id: "uuid",
      data: {
        account_details: ACCOUNT_DETAILS,
        fraud: [FRAUD, "or none"],
        fraud_details: { statement: [FRAUD_DETAIL, "or none"], account: [FRAUD_DETAIL, "or none"] },
        transactions: [T],
        salary_transactions: [{ ...T, employer_name: "str?", salary_month: "Mmm-YYYY" }, "or none"],
        recurring_transactions: RECURRING,
        lender_transactions: [F, "or none"],
        self_and_sister_transactions: [F, "or none"],
        bounced_or_penal_transactions: [F, "or none"],
        top_credits_debits: [TOP],
        statement_stats: [STATEMENT_STATS],
        expense_categories: [{ category: "str+", percentage: "int" }],
        monthly_analysis: MONTHLY,
        predictors: { "*": "any" },
        eod_balances: EOD,
        score: "any",
        xlsx_report_url: "url",
        xml_report_url: "url?",
      },
    },
  ],
};

const perAccount = (key: string, part: Shape): Shape => ({
  session_id: "uuid",
  [key]: [{ account_id: "uuid", [key]: part }],
});

/** By the name in the path. Bodies that the sources do not show are the part under its own name. */
export const OLDER: Readonly<Record<string, Shape>> = {
  transactions: {
    session_id: "uuid",
    transactions: [{ ...T, account_id: "uuid", proof: "=chain|totals|none" }],
  },
  identity: {
    session_id: "uuid",
    accounts: [
      {
        account_id: "uuid",
        bank: "str+",
        account_number: "number",
        ifsc: "str?",
        micr: "str?",
        account_category: "=individual|corporate",
        credit_limit: "num",
        months: ["YYYY-MM"],
        statements: ["uuid"],
        last_updated: "ISO",
      },
    ],
    identity: [
      {
        account_id: "uuid",
        name: "str",
        address: "str",
        account_number: "number",
        account_category: "=individual|corporate",
        raw_account_category: "str",
        credit_limit: "num",
      },
    ],
  },
  predictors: perAccount("predictors", { "*": "any" }),
  eod_balances: perAccount("eod_balances", EOD),
  monthly_analysis_updated: perAccount("monthly_analysis", MONTHLY),
  recurring_transactions: { session_id: "uuid", recurring_transactions: RECURRING },
};

export const braces = (text: string): string[] => {
  const [, before = "", inner, after = ""] = /^([^{]*)\{([^}]*)\}(.*)$/.exec(text) ?? [];
  if (inner === undefined) return [text];
  return inner.split(",").flatMap((choice) => braces(before + choice + after));
};

/** The reference's §8.8 as it is printed: the 95 documented keys of a monthly analysis. */
export const MONTHLY_KEYS: readonly string[] = [
  "{amt,cnt}_{auto_debit_payment_bounce_credit,auto_debit_payment_debit,bank_charge_debit,bank_interest_credit,bill_payment_debit,cash_deposit_credit,cash_withdrawl_debit,chq_credit,chq_debit,income_credit,credit,debit,debit_card_debit,international_transaction_arbitrage_credit,international_transaction_arbitrage_debit,investment_cashin_credit,net_banking_transfer_credit,net_banking_transfer_debit,outward_cheque_bounce_debit,inward_cheque_bounce_credit,outward_cheque_bounce_insuff_funds_debit,inward_cheque_bounce_insuff_funds_credit,ach_bounce_charge,chq_bounce_charge,bounce_charge,payment_gateway_purchase_debit,refund_credit,upi_credit,upi_debit,emi_debit,emi_bounce_credit,credit_card_bill_debit,investment,loan_credits,business_credit,self_transfer_credit,self_transfer_debit}",
  "avg_{bal,credit_transaction_size,debit_transaction_size,emi}",
  "{closing,median,mode,opening}_balance",
  "{max,min}_{bal,eod_balance}",
  "cnt_transactions",
  "net_cash_inflow",
  "number_of_salary_transactions",
  "total_amount_of_salary",
  "perc_salary_spend_{bill_payment,cash_withdrawl,debit_card,net_banking_transfer,upi}",
].flatMap(braces);
