/** One statement of a day, for the documentation: invented. */
import type { AccountBody, ProgressBody, TransactionBody } from "./reads-bodies.ts";

const ENTITY = "7a9f1c44-3b55-4c0a-9a53-0e8c2b1d9f10";
export const ACCOUNT = "814d062e-1c36-409f-9f9c-acb32e7984b0";
const STATEMENT = "fe49d6a6-1c0e-4e6d-911a-c38b6a4f0d04";

const done: ProgressBody = { status: "completed", message: null, statement_id: STATEMENT, source: "pdf" };

const account: AccountBody = {
  account_id: ACCOUNT,
  bank: "kotak",
  account_number: "5413699704",
  ifsc: "KKBK0000000",
  micr: null,
  account_category: "individual",
  credit_limit: 0,
  months: ["2024-01"],
  statements: [STATEMENT],
  last_updated: "2024-04-26T12:26:27.172124Z",
};

const transaction: TransactionBody = {
  transaction_note: "NEFT-SAMPLE WORKS LTD-SALARY JAN",
  hash: "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
  description: "",
  account_id: ACCOUNT,
  transaction_type: "credit",
  amount: 85_000,
  date: "2024-01-31 00:00:00",
  merchant_category: "",
  balance: 97_345.67,
  transaction_channel: "salary",
};
const noted = { ...transaction, clean_transaction_note: "SAMPLE WORKS LTD SALARY" };

const head = { entity_id: ENTITY, progress: [done] };
const withAccounts = { ...head, accounts: [account] };
const common = {
  ...withAccounts,
  fraud: {
    fraudulent_statements: [],
    fraud_type: [
      {
        statement_id: STATEMENT,
        fraud_type: "salary_1000_multiple",
        account_id: ACCOUNT,
        fraud_category: "salary",
        transaction_hash: transaction.hash,
      },
    ],
  },
};
const monthly = { amt_credit: { "Jan-2024": 85_000 }, cnt_credit: { "Jan-2024": 1 } };
const link = `https://bankbell.example.com/files/reports/env_0000000000000000000000/${ENTITY}/${ACCOUNT}.xlsx?expires=1714134388&signature=…`;

/** By the read's name. */
export const EXAMPLES = {
  accounts: common,
  identity: {
    ...common,
    progress: [{ ...done, transaction_status: "completed" }],
    identity: [
      {
        account_id: ACCOUNT,
        name: "A. Sample",
        address: "1 Sample Street",
        account_number: account.account_number,
        account_category: "individual",
        credit_limit: 0,
      },
    ],
  },
  transactions: { ...common, transactions: [transaction] },
  lender_transactions: {
    ...common,
    transactions: [
      {
        ...transaction,
        transaction_note: "ACH D-SAMPLE FINANCE-0001",
        description: "lender_transaction",
        transaction_type: "debit",
        amount: 4_500,
        merchant_category: "loans",
        transaction_channel: "auto_debit_payment",
      },
    ],
  },
  salary: { ...common, transactions: [{ ...noted, month_year: "1-2024" }] },
  recurring_transactions: {
    ...common,
    transactions: {
      credit_transactions: [
        {
          account_id: ACCOUNT,
          start_date: "2024-01-31 00:00:00",
          end_date: "2024-01-31 00:00:00",
          transaction_channel: "SALARY",
          median: 85_000,
          clean_transaction_note: noted.clean_transaction_note,
          transactions: [noted],
        },
      ],
      debit_transactions: [],
    },
  },
  get_expense_categories: {
    ...head,
    categories: [
      { category: "Transfers", percentage: 70 },
      { category: "Cash", percentage: 30 },
    ],
  },
  top_credits_debits: {
    ...head,
    top_5_credit_debit: {
      top_5_credit: { "Jan-24": { [transaction.transaction_note]: 85_000 } },
      top_5_debit: {},
    },
  },
  monthly_analysis_updated: {
    ...withAccounts,
    monthly_analysis: { account_id: [{ [ACCOUNT]: { monthly_analysis: monthly } }] },
  },
  monthly_analysis: { ...withAccounts, monthly_analysis: monthly },
  xlsx_report: { ...head, reports: [{ link, account_id: ACCOUNT }] },
  predictors: {
    ...head,
    predictors: [
      {
        account_id: ACCOUNT,
        predictors: {
          accountnumber: 5_413_699_704,
          bank_name: "kotak",
          month_0: "Jan-24",
          credits_0: 85_000,
          credits_1: null,
        },
      },
    ],
  },
  score: { ...head, score: [{ account_id: ACCOUNT, score: 712 }] },
} as const;
