/** One account of a day, for the documentation: invented. */
import type { InsightsBody } from "./insights-bodies.ts";

const SESSION = "409ed817-b824-4818-a7f7-dc532ce0d8fc";
const ACCOUNT = "814d062e-1c36-409f-9f9c-acb32e7984b0";
const STATEMENT = "fe49d6a6-1c0e-4e6d-911a-c38b6a4f0d04";

const link = (report: string): string =>
  `https://bankbell.example.com/files/reports/env_0000000000000000000000/${SESSION}/${report}.xlsx?expires=1714134388&signature=…`;

const note = {
  transaction_type: "credit" as const,
  transaction_note: "NEFT-SAMPLE WORKS LTD-SALARY JAN",
  chq_num: "",
  amount: 85_000,
  balance: 97_345.67,
  date: "2024-01-31 00:00:00",
  hash: "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
  category: "Salary",
};
const metadata = { unclean_merchant: "SAMPLE WORKS LTD", transaction_channel: "salary", description: "" };
const range = { from_date: "2024-01-01", to_date: "2024-01-31" };

export const INSIGHTS_EXAMPLE: InsightsBody = {
  session_id: SESSION,
  link_id: "customer-1",
  session_date_range: range,
  accounts: [
    {
      account_id: ACCOUNT,
      data: {
        account_details: {
          name: "A. Sample",
          address: "1 Sample Street",
          account_number: "5413699704",
          account_category: "individual",
          bank: "kotak",
          ifsc: "KKBK0000000",
          micr: null,
          account_opening_date: null,
          credit_limit: 0,
          od_limit: 0,
          salary_confidence: 95,
          statements: [STATEMENT],
          months: ["2024-01"],
          uploaded_months: ["2024-01"],
          missing_data: [],
          account_date_range: range,
          transaction_date_range: { from_date: "2024-01-31", to_date: "2024-01-31" },
          metadata_analysis: { name_matches: [] },
          country_code: "IN",
          currency_code: "INR",
          dob: "",
          email: "",
          pan_number: "",
          phone_number: "",
          account_status: "",
          holder_type: "",
        },
        fraud: [
          {
            statement_id: STATEMENT,
            fraud_type: "salary_1000_multiple",
            transaction_hash: note.hash,
            fraud_category: "salary",
          },
        ],
        fraud_details: {
          statement: [
            {
              statement_id: STATEMENT,
              fraud_type: "salary_1000_multiple",
              transaction_hash: note.hash,
              fraud_category: "salary",
              evidence: { amount: 85_000 },
            },
          ],
          account: [],
        },
        transactions: [{ ...note, metadata }],
        salary_transactions: [
          { ...note, metadata, employer_name: "SAMPLE WORKS LTD", salary_month: "Jan-2024" },
        ],
        recurring_transactions: { debit_transactions: [], credit_transactions: [] },
        lender_transactions: [],
        self_and_sister_transactions: [],
        bounced_or_penal_transactions: [],
        top_credits_debits: [
          { type: "top_5_debit", data: [] },
          {
            type: "top_5_credit",
            data: [{ month: "Jan-24", data: [{ ...note, date: "31-Jan-24", metadata }] }],
          },
        ],
        statement_stats: [
          {
            session_id: SESSION,
            account_id: ACCOUNT,
            statement_id: STATEMENT,
            first_transaction_timestamp: "2024-01-31 00:00:00",
            last_transaction_timestamp: "2024-01-31 00:00:00",
            from_date: "2024-01-01 00:00:00",
            to_date: "2024-01-31 00:00:00",
            bank: "kotak",
            source: "PDF",
            upload_file_name: "statement.pdf",
            page_count: 1,
            transaction_count: 1,
            is_scanned_pdf: false,
          },
        ],
        expense_categories: [],
        monthly_analysis: { amt_credit: { "Jan-2024": 85_000 }, cnt_credit: { "Jan-2024": 1 } },
        predictors: { accountnumber: "5413699704", month_0: "Jan-24", credits_0: 85_000, credits_1: null },
        eod_balances: {
          Months_order: ["Jan-24"],
          start_date: ["31-Jan-24"],
          "Jan-24": [null, 97_345.67],
          starting_balance: 12_345.67,
        },
        score: [],
        xlsx_report_url: link(ACCOUNT),
        xml_report_url: null,
      },
    },
  ],
  aggregate_monthly_analysis: { amt_credit: { "Jan-2024": 85_000 } },
  aggregate_xlsx_report_url: link("aggregate"),
  aggregate_xml_report_url: null,
};
