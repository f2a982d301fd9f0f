/** Sessions and entities in the console. Money is a whole number of minor units beside `minor_digits`; days are `YYYY-MM-DD`. */
import { z } from "zod";
import type { CaseRow } from "../../../store/case-list.ts";
import {
  accountUploadView,
  attemptTypesOf,
  progressItem,
  type AccountSnapshot,
  type Snapshot,
} from "../../../intake/snapshot.ts";
import { fullBankName } from "../../../intake/banks.ts";
import { maskAccountNumber, ym } from "../../../intake/wire.ts";

const day = z.string().meta({ description: "`YYYY-MM-DD`." });
const span = z.object({ from: day, to: day });
const step = z.enum(["processing", "completed", "failed"]);
const STATES = ["open", "completed", "expired", "processing", "processed", "deleted"] as const;

export const caseState = z.enum(STATES);

export const caseRow = z.object({
  id: z.string(),
  kind: z.enum(["session", "entity"]),
  link_id: z.string().nullable(),
  state: caseState,
  from: day.nullable(),
  to: day.nullable(),
  created_at: z.string(),
  expires_at: z.string().nullable(),
  accounts: z.int(),
  statements: z.int(),
  failed_statements: z.int(),
});

/** An entity has neither range nor end: the outermost days stand for them in its row. */
export const viewCaseRow = (row: CaseRow): z.output<typeof caseRow> => ({
  id: row.public_id,
  kind: row.kind,
  link_id: row.link_id === "" ? null : row.link_id,
  state: row.state,
  from: row.kind === "entity" ? null : row.from_date.toString(),
  to: row.kind === "entity" ? null : row.to_date.toString(),
  created_at: row.created_at.toString(),
  expires_at: row.kind === "entity" ? null : row.expires_at.toString(),
  accounts: row.accounts,
  statements: row.statements,
  failed_statements: row.failed,
});

export const CASE_ROW_EXAMPLE: z.output<typeof caseRow> = {
  id: "bfb98ac5-7224-401b-a643-175235856187",
  kind: "session",
  link_id: "customer-0042",
  state: "processed",
  from: "2024-01-01",
  to: "2024-03-31",
  created_at: "2024-04-25T10:00:00.123456Z",
  expires_at: "2024-04-25T11:00:00.123456Z",
  accounts: 1,
  statements: 2,
  failed_statements: 0,
};

const statement = z.object({
  id: z.string(),
  account_id: z.string().nullable(),
  file_name: z.string(),
  source: z.enum(["pdf", "online", "aa"]),
  status: step,
  error_code: z.string().nullable(),
  error_message: z.string().nullable(),
  verification: z.enum(["proven", "partly", "rounding", "broken", "unverifiable"]).nullable(),
  breaks: z.int(),
  from: day.nullable(),
  to: day.nullable(),
  pages: z.int(),
  transactions: z.int(),
  is_fraud: z.boolean(),
  fraud_type: z.string().nullable(),
  steps: z.object({ identity: step, transactions: step, processing: step, fraud: step }),
  created_at: z.string(),
});

const account = z.object({
  id: z.string(),
  bank: z.string(),
  bank_name: z.string(),
  account_number: z.string().nullable().meta({ description: "Masked." }),
  holder: z.string().nullable(),
  account_type: z.string().nullable(),
  currency: z.string(),
  status: z.enum(["completed", "failed"]).nullable().meta({ description: "Null before processing." }),
  error_code: z.string().nullable(),
  error_message: z.string().nullable(),
  attempt_types: z.array(z.string()),
  months: z.array(z.string()).meta({ description: "`YYYY-MM`, of which a statement covers a day." }),
  covered: z.array(span),
  missing: z.array(span),
});

export const caseDetail = caseRow.extend({
  bank: z.string().nullable(),
  accept_anything: z.boolean(),
  completed_at: z.string().nullable(),
  processed_at: z.string().nullable(),
  accounts_detail: z.array(account),
  statements_detail: z.array(statement),
});

export function viewCase(snapshot: Snapshot): z.output<typeof caseDetail> {
  const { session, accounts, statements } = snapshot;
  const ids = new Map(accounts.map(({ row }) => [row.id, row.public_id]));
  const failed = statements.filter(({ status }) => status === "failed").length;
  return {
    ...viewCaseRow({
      ...session,
      accounts: accounts.length,
      statements: statements.length,
      failed,
    }),
    bank: session.bank_name,
    accept_anything: session.accept_anything,
    completed_at: session.completed_at?.toString() ?? null,
    processed_at: session.processed_at?.toString() ?? null,
    accounts_detail: accounts.map((one) => viewAccount(one, snapshot)),
    statements_detail: statements.map((row) =>
      viewStatement(row, row.account_id === null ? null : (ids.get(row.account_id) ?? null)),
    ),
  };
}

const days = ({ from, to }: { from: Temporal.PlainDate; to: Temporal.PlainDate }) => ({
  from: from.toString(),
  to: to.toString(),
});

function viewAccount(one: AccountSnapshot, { considered }: Snapshot): z.output<typeof account> {
  const { row, covered } = one;
  const view = accountUploadView(one, considered);
  return {
    id: row.public_id,
    bank: row.bank_name,
    bank_name: fullBankName(row.bank_name) || row.bank_name,
    account_number: row.account_number === null ? null : maskAccountNumber(row.account_number),
    holder: row.name,
    account_type: row.account_type,
    currency: row.currency,
    status: row.status,
    error_code: row.error_code,
    error_message: row.error_message,
    attempt_types: attemptTypesOf(one.statements),
    months: view.months.map(ym),
    covered: covered.map(days),
    missing: view.missingData.map(days),
  };
}

type StatementRow = Snapshot["statements"][number];

export const viewStatement = (row: StatementRow, accountId: string | null): z.output<typeof statement> => {
  const progress = progressItem(row.public_id, row);
  return {
    id: row.public_id,
    account_id: accountId,
    file_name: row.file_name,
    source: row.source,
    status: row.status,
    error_code: row.error_code,
    error_message: row.error_message,
    verification: row.verification,
    breaks: row.verification_detail.breaks?.length ?? 0,
    from: (row.period_from ?? row.first_transaction_on)?.toString() ?? null,
    to: (row.period_to ?? row.last_transaction_on)?.toString() ?? null,
    pages: row.page_count,
    transactions: row.transaction_count,
    is_fraud: row.is_fraud,
    fraud_type: row.fraud_type,
    steps: {
      identity: progress.identityStatus,
      transactions: progress.transactionStatus,
      processing: progress.processingStatus,
      fraud: progress.fraudStatus,
    },
    created_at: row.created_at.toString(),
  };
};

export const statementDetail = statement;

export const CASE_EXAMPLE: z.output<typeof caseDetail> = {
  ...CASE_ROW_EXAMPLE,
  bank: "axis",
  accept_anything: false,
  completed_at: "2024-04-25T10:02:10.5Z",
  processed_at: "2024-04-25T10:02:11.2Z",
  accounts_detail: [
    {
      id: "814d062e-1c36-409f-9f9c-acb32e7984b0",
      bank: "axis",
      bank_name: "Axis Bank",
      account_number: "XXXXXXXX9704",
      holder: "A HOLDER",
      account_type: "SAVINGS",
      currency: "INR",
      status: "completed",
      error_code: null,
      error_message: null,
      attempt_types: ["PDF"],
      months: ["2024-01", "2024-02", "2024-03"],
      covered: [{ from: "2024-01-01", to: "2024-03-31" }],
      missing: [],
    },
  ],
  statements_detail: [
    {
      id: "fe49d6a6-1c0e-4e6d-911a-c38b6a4f0d04",
      account_id: "814d062e-1c36-409f-9f9c-acb32e7984b0",
      file_name: "statement.pdf",
      source: "pdf",
      status: "completed",
      error_code: null,
      error_message: null,
      verification: "proven",
      breaks: 0,
      from: "2024-01-01",
      to: "2024-03-31",
      pages: 3,
      transactions: 96,
      is_fraud: false,
      fraud_type: null,
      steps: {
        identity: "completed",
        transactions: "completed",
        processing: "completed",
        fraud: "completed",
      },
      created_at: "2024-04-25T10:01:02.5Z",
    },
  ],
};
