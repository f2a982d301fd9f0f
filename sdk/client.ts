/** A small client of both flows: sessions here, entities in `entities.ts`. */
import { entityMethods, type EntityClient, type WebhookPayload } from "./entities.ts";
import {
  BankbellError,
  caller,
  json,
  uploadForm,
  type ClientOptions,
  type StatementFile,
} from "./transport.ts";

export interface NewSession {
  /** Your customer's reference, at most 500 characters. */
  link_id: string;
  /** DD/MM/YYYY; both or neither. Default: the last six months. */
  from_date?: string;
  to_date?: string;
  redirect_url?: string;
  logo_url?: string;
  bank_name?: string;
  mode?: "pdf" | "aa" | "online";
  mobile_number?: string;
  /** Minutes, 5 to 43200. */
  session_expiry?: number;
  accept_anything?: boolean;
}

export interface CreatedSession {
  session_id: string;
  redirect_url: string;
}

export interface Upload {
  session_id: string;
  file: StatementFile;
  file_name?: string;
  bank_name?: string;
  pdf_password?: string;
}

export interface UploadedStatement {
  session_id: string;
  statement_id: string;
  account_id: string;
  bank_name: string;
  masked_account_number: string;
  [more: string]: unknown;
}

export type StepStatus = "processing" | "completed" | "failed";

export interface Progress {
  session_id: string;
  session_progress: "processing" | "completed";
  progress: {
    statement_id: string;
    identity_status: StepStatus;
    transaction_status: StepStatus;
    processing_status: StepStatus;
    fraud_status: StepStatus;
    message: string | null;
    source: string;
  }[];
}

export interface SessionStatus {
  session_id: string;
  accounts: {
    account_id: string;
    account_number: string;
    bank_name: string;
    account_status: "completed" | "failed";
    error_code: string | null;
    error_message: string | null;
    [more: string]: unknown;
  }[];
  [more: string]: unknown;
}

export interface SessionTransaction {
  account_id: string;
  transaction_type: "debit" | "credit";
  transaction_note: string;
  chq_num: string;
  amount: number;
  balance: number | null;
  /** `YYYY-MM-DD HH:MM:SS` */
  date: string;
  hash: string;
  /** For people: `Salary`, `Food`, `Transfer to ASHA RAO`. */
  category: string;
  metadata: { unclean_merchant: string; transaction_channel: string; description: string };
  /** How arithmetic vouches for the row. */
  proof: "chain" | "totals" | "none";
}

/** What the transactions say. `data` has every group of the contract; the reference lists them. */
export interface Insights {
  session_id: string;
  link_id: string;
  session_date_range: { from_date: string; to_date: string };
  accounts: { account_id: string; data: AccountInsights }[];
  /** Key → month (`Jan-2024`) → figure. */
  aggregate_monthly_analysis: Record<string, Record<string, unknown>>;
  aggregate_xlsx_report_url: string;
  aggregate_xml_report_url: null;
}

export interface AccountInsights {
  fraud: {
    statement_id: string | null;
    fraud_type: string;
    transaction_hash: string | null;
    fraud_category: string;
  }[];
  salary_transactions: { amount: number; date: string; salary_month: string; employer_name: string | null }[];
  monthly_analysis: Record<string, Record<string, unknown>>;
  predictors: Record<string, unknown>;
  /** Opens the workbook for one hour, without a key. */
  xlsx_report_url: string;
  [more: string]: unknown;
}

export interface ReportLink {
  /** Opens the workbook for one hour, without a key. */
  link: string;
  account_id: string;
}

export interface WaitOptions {
  /** Between two questions. Default 2000, which is never rate limited. */
  everyMs?: number;
  /** Default 300000. */
  timeoutMs?: number;
}

export interface UploadedFile {
  statement_id: string;
  account_id: string | null;
  bank_name: string;
  pdf_password: string | null;
  /** Opens the file for one hour, without a key; empty once it has been deleted, after 30 days. */
  pdf_url: string;
  source: "PDF";
  message: string;
}

export interface Bank {
  /** The identifier, in upper case; requests may write it in any. */
  name: string;
  full_name: string;
  npci_code: string | null;
  logo_url: string;
  is_pdf_upload_available: boolean;
  is_net_banking_available: boolean;
  is_aa_available: boolean;
}

export interface BankbellClient extends EntityClient {
  createSession(session: NewSession): Promise<CreatedSession>;
  upload(upload: Upload): Promise<UploadedStatement>;
  initiateProcessing(sessionId: string): Promise<void>;
  progress(sessionId: string): Promise<Progress>;
  /** Throws BankbellError with the code `TIMEOUT` when it is not ready in time. */
  waitUntilReady(sessionId: string, options?: WaitOptions): Promise<SessionStatus>;
  uploadStatus(sessionId: string): Promise<Record<string, unknown>>;
  status(sessionId: string): Promise<SessionStatus>;
  /** Account by account, oldest first. */
  transactions(sessionId: string): Promise<SessionTransaction[]>;
  insights(sessionId: string): Promise<Insights>;
  /** One workbook per account. */
  reports(sessionId: string): Promise<ReportLink[]>;
  /** The files as they were uploaded. */
  files(sessionId: string): Promise<UploadedFile[]>;
  /** What was due to the webhook, newest first. */
  webhookPayloads(sessionId: string): Promise<WebhookPayload[]>;
  /** Erases files, transactions and names. Later calls throw `SESSION_DELETED`. */
  deleteSession(sessionId: string): Promise<void>;
  updateWebhook(url: string, mode?: number): Promise<void>;
  /** Every bank that a request may name. */
  banks(): Promise<Bank[]>;
}

export function createBankbellClient(options: ClientOptions): BankbellClient {
  const call = caller(options);
  const { apiKey } = options;
  const ofSession = (id: string, name: string) => `session_data/${encodeURIComponent(id)}/${name}/`;
  const client: BankbellClient = {
    ...entityMethods(call),
    createSession: (session) =>
      call<CreatedSession>("POST", "session/", json({ ...session, api_key: apiKey })),
    upload: (upload) => call("POST", "statement/upload_session/?identity=true", { body: formOf(upload) }),
    async initiateProcessing(id) {
      await call("POST", ofSession(id, "initiate_processing"));
    },
    progress: (id) => call("GET", ofSession(id, "progress")),
    uploadStatus: (id) => call("GET", ofSession(id, "session_upload_status")),
    status: (id) => call("GET", ofSession(id, "session_status")),
    async waitUntilReady(id, { everyMs = 2000, timeoutMs = 300_000 } = {}) {
      const deadline = performance.now() + timeoutMs;
      while ((await client.progress(id)).session_progress !== "completed") {
        if (performance.now() + everyMs > deadline)
          throw new BankbellError(0, "TIMEOUT", `The session is not ready after ${timeoutMs} ms.`);
        await pause(everyMs);
      }
      return client.status(id);
    },
    async transactions(id) {
      const answer = await call<{ transactions: SessionTransaction[] }>("GET", ofSession(id, "transactions"));
      return answer.transactions;
    },
    insights: (id) => call("GET", ofSession(id, "insights")),
    async reports(id) {
      return (await call<{ reports: ReportLink[] }>("GET", ofSession(id, "xlsx_report"))).reports;
    },
    async files(id) {
      return (await call<{ statements: UploadedFile[] }>("GET", ofSession(id, "get_pdfs"))).statements;
    },
    async webhookPayloads(id) {
      return (await call<{ payloads: WebhookPayload[] }>("GET", ofSession(id, "webhook_payloads"))).payloads;
    },
    async deleteSession(id) {
      await call("DELETE", ofSession(id, "delete"));
    },
    async banks() {
      return (await call<{ banks: Bank[] }>("GET", "banks/catalogue/")).banks;
    },
    async updateWebhook(url, mode = 1) {
      await call("POST", "session_data/update_webhook/", json({ webhook_url: url, webhook_mode: mode }));
    },
  };
  return client;
}

const formOf = ({ file, file_name, ...fields }: Upload): FormData =>
  uploadForm(file, file_name, { ...fields, upload_type: "PDF" });

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
