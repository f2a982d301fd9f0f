/** Sessions and entities: answers and calls. `test/console-pages-types.test.ts` holds the types to the server's schemas. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { call, type Environment, type Query } from "./client.ts";
import { download } from "./download.ts";
import type { Page } from "./types.ts";

export const CASE_STATES = ["open", "completed", "expired", "processing", "processed", "deleted"] as const;
export type CaseState = (typeof CASE_STATES)[number];
export type Step = "processing" | "completed" | "failed";
export type Verification = "proven" | "partly" | "rounding" | "broken" | "unverifiable";
export type Proof = "chain" | "totals" | "none";

export interface Case {
  id: string;
  kind: "session" | "entity";
  link_id: string | null;
  state: CaseState;
  from: string | null;
  to: string | null;
  created_at: string;
  expires_at: string | null;
  accounts: number;
  statements: number;
  failed_statements: number;
}

export interface Span {
  from: string;
  to: string;
}

export interface CaseAccount {
  id: string;
  bank: string;
  bank_name: string;
  account_number: string | null;
  holder: string | null;
  account_type: string | null;
  currency: string;
  status: "completed" | "failed" | null;
  error_code: string | null;
  error_message: string | null;
  attempt_types: string[];
  months: string[];
  covered: Span[];
  missing: Span[];
}

export interface CaseStatement {
  id: string;
  account_id: string | null;
  file_name: string;
  source: "pdf" | "online" | "aa";
  status: Step;
  error_code: string | null;
  error_message: string | null;
  verification: Verification | null;
  breaks: number;
  from: string | null;
  to: string | null;
  pages: number;
  transactions: number;
  is_fraud: boolean;
  fraud_type: string | null;
  steps: { identity: Step; transactions: Step; processing: Step; fraud: Step };
  created_at: string;
}

export interface CaseDetail extends Case {
  bank: string | null;
  accept_anything: boolean;
  completed_at: string | null;
  processed_at: string | null;
  accounts_detail: CaseAccount[];
  statements_detail: CaseStatement[];
}

export interface MonthFlow {
  month: string;
  credits: number | null;
  debits: number | null;
  credit_count: number | null;
  debit_count: number | null;
}

export interface Recurring {
  note: string;
  channel: string;
  median: number;
  from: string;
  to: string;
  count: number;
}

export interface Finding {
  type: string;
  category: string;
  statement_id: string | null;
  transaction_hash: string | null;
  evidence: Record<string, string | number | boolean | string[]>;
}

/** Money in minor units. */
export interface AccountAnalysis {
  account_id: string;
  currency: string;
  minor_digits: number;
  balances: { day: string; balance: number }[];
  months: MonthFlow[];
  categories: { category: string; amount: number; count: number; percentage: number }[];
  salary: {
    month: string;
    day: string;
    amount: number;
    employer: string | null;
    confidence: number;
    reasons: string[];
  }[];
  recurring: { credits: Recurring[]; debits: Recurring[] };
  fraud: Finding[];
  score: {
    score: number;
    factors: { name: string; value: string; points: number; weight: number; reason: string }[];
  } | null;
}

export interface CaseTransaction {
  hash: string;
  account_id: string;
  day: string;
  narration: string;
  reference: string | null;
  direction: "debit" | "credit";
  amount: number;
  balance: number | null;
  category: string;
  channel: string;
  proof: Proof;
}

export interface StatementProof {
  statement: CaseStatement;
  currency: string | null;
  minor_digits: number;
  opening_balance: number | null;
  closing_balance: number | null;
  breaks: { row: number; expected: string; printed: string }[];
  totals: { kind: string; printed: string; computed: string }[];
  rows: {
    row: number;
    day: string;
    description: string;
    direction: "debit" | "credit";
    amount: number;
    balance: number | null;
    proof: Proof;
    page: number;
    line: number;
    repeated: boolean;
  }[];
  has_file: boolean;
}

export interface CaseSearch {
  search?: string;
  kind?: Case["kind"];
  state?: CaseState;
}

/** @param cursor of the page before; live while it is the first */
export const cases = (environment: Environment, search: CaseSearch, cursor: string | undefined) =>
  queryOptions({
    queryKey: [environment, "cases", search, cursor],
    queryFn: () =>
      call<Page<Case>>("/cases", { environment, query: { ...search, cursor, limit: 50 } satisfies Query }),
    refetchInterval: cursor === undefined ? 5000 : false,
    placeholderData: keepPreviousData,
  });

/** Reading a case leaves an audit row, so it is not asked for again and again. */
export const caseDetail = (environment: Environment, id: string) =>
  queryOptions({
    queryKey: [environment, "case", id],
    queryFn: () => call<CaseDetail>(`/cases/${id}`, { environment }),
    staleTime: 30_000,
    refetchInterval: ({ state }) => (isMoving(state.data) ? 5000 : false),
  });

const isMoving = (detail: CaseDetail | undefined): boolean =>
  detail !== undefined && (detail.state === "processing" || detail.statements_detail.some(isBeingRead));

const isBeingRead = ({ status }: CaseStatement): boolean => status === "processing";

export const caseAnalysis = (environment: Environment, id: string) =>
  queryOptions({
    queryKey: [environment, "case-analysis", id],
    queryFn: () => call<{ accounts: AccountAnalysis[] }>(`/cases/${id}/analysis`, { environment }),
    staleTime: 30_000,
  });

export const caseTransactions = (environment: Environment, id: string) =>
  queryOptions({
    queryKey: [environment, "case-transactions", id],
    queryFn: () => call<{ data: CaseTransaction[] }>(`/cases/${id}/transactions`, { environment }),
    staleTime: 30_000,
  });

export const statementProof = (environment: Environment, id: string, statement: string) =>
  queryOptions({
    queryKey: [environment, "statement-proof", id, statement],
    queryFn: () => call<StatementProof>(`/cases/${id}/statements/${statement}`, { environment }),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** How the file was read, drawn over its pages: HTML that stands by itself. */
export const statementPages = (environment: Environment, id: string, statement: string) =>
  queryOptions({
    queryKey: [environment, "statement-pages", id, statement],
    queryFn: async () =>
      (await download(`/cases/${id}/statements/${statement}/pages`, environment)).blob.text(),
    staleTime: Number.POSITIVE_INFINITY,
  });
