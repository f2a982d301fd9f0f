/** A small client of the session flow: create a session, upload, start processing, wait, read. */

export interface ClientOptions {
  /** Such as `http://localhost:8080`, without a path. */
  baseUrl: string;
  apiKey: string;
  serverHash: string;
  /** Default is the global one. */
  fetch?: typeof fetch;
}

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
  /** A statement's bytes, or a public URL to fetch it from. */
  file: Uint8Array | Blob | { url: string };
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

/** An answer that is not 2xx. `code` is the contract's, such as `SESSION_NOT_FOUND`, or empty. */
export class BankbellError extends Error {
  override name = "BankbellError";
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export interface BankbellClient {
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
  updateWebhook(url: string, mode?: number): Promise<void>;
}

export function createBankbellClient(options: ClientOptions): BankbellClient {
  const call = caller(options);
  const { apiKey } = options;
  const ofSession = (id: string, name: string) => `session_data/${encodeURIComponent(id)}/${name}/`;
  const client: BankbellClient = {
    createSession: (session) =>
      call<CreatedSession>("POST", "session/", json({ ...session, api_key: apiKey })),
    upload: (upload) => call("POST", "statement/upload_session/?identity=true", { body: uploadForm(upload) }),
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
    async updateWebhook(url, mode = 1) {
      await call("POST", "session_data/update_webhook/", json({ webhook_url: url, webhook_mode: mode }));
    },
  };
  return client;
}

interface Payload {
  body: string | FormData;
  headers?: Record<string, string>;
}

const json = (value: object): Payload => ({
  body: JSON.stringify(value),
  headers: { "content-type": "application/json" },
});

function caller({ baseUrl, apiKey, serverHash, fetch: ask = fetch }: ClientOptions) {
  const base = `${baseUrl.replace(/\/+$/, "")}/bank-connect/v1/`;
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller names the contract's answer
  return async <T>(method: "GET" | "POST", path: string, payload?: Payload): Promise<T> => {
    const response = await ask(base + path, {
      method,
      headers: { ...payload?.headers, "x-api-key": apiKey, "server-hash": serverHash },
      ...(payload && { body: payload.body }),
    });
    const answer = parsed(await response.text());
    if (!response.ok) throw errorOf(response.status, answer);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the wire contract is the server's word
    return answer as T;
  };
}

/** Null where it is not JSON: what stands between may answer with a page. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** The contract's shapes: `{"error": {"code", "message"}}` and `{"detail"}`. */
function errorOf(status: number, answer: unknown): BankbellError {
  const error = field(answer, "error");
  const code = field(error, "code");
  const message = field(error, "message") ?? field(answer, "detail");
  return new BankbellError(
    status,
    typeof code === "string" ? code : "",
    typeof message === "string" ? message : `The server answered ${status}.`,
  );
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

function uploadForm({ file, file_name, ...fields }: Upload): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) form.set(name, value);
  form.set("upload_type", "PDF");
  if ("url" in file) form.set("file_url", file.url);
  else
    form.set(
      "file",
      file instanceof Blob ? file : new Blob([new Uint8Array(file)]),
      file_name ?? "statement.pdf",
    );
  return form;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
