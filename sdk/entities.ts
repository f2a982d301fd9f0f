/** The entity flow: one `link_id`, one entity; its statements, what was found in them, its webhook. */
import { json, uploadForm, type Call, type StatementFile } from "./transport.ts";

export interface Entity {
  entity_id: string;
  link_id: string | null;
  meta_data: Record<string, unknown> | null;
}

export interface EntityPage {
  count: number;
  /** URLs. */
  next: string | null;
  previous: string | null;
  results: Entity[];
}

export interface EntityUpload {
  file: StatementFile;
  file_name?: string;
  /** Wins over `link_id`. Without either an entity is made whose `link_id` is null. */
  entity_id?: string;
  /** Finds the entity, or makes it. */
  link_id?: string;
  /** Without it the bank is detected. */
  bank_name?: string;
  pdf_password?: string;
}

export interface UploadedEntityStatement {
  entity_id: string;
  statement_id: string;
  bank_name: string;
  status: 1;
  date_range: { from_date: string | null; to_date: string | null };
  is_fraud: boolean;
  fraud_type: string | null;
  identity: EntityIdentity | null;
}

export interface EntityIdentity {
  account_id: string;
  account_number: string | null;
  name: string | null;
  address: string | null;
  account_category: string;
  credit_limit: number;
}

export interface EntityAccount {
  account_id: string;
  bank: string;
  account_number: string | null;
  account_category: string;
  months: string[];
  statements: string[];
  [more: string]: unknown;
}

export interface EntityTransaction {
  account_id: string;
  transaction_type: "debit" | "credit";
  transaction_note: string;
  amount: number;
  balance: number | null;
  /** `YYYY-MM-DD HH:MM:SS` */
  date: string;
  hash: string;
  transaction_channel: string;
  merchant_category: string;
  description: string;
}

/** What every read begins with. */
export interface EntityAnswer {
  entity_id: string;
  progress: {
    statement_id: string;
    status: "processing" | "completed" | "failed";
    message: string | null;
    source: string;
  }[];
}

interface WithAccounts extends EntityAnswer {
  accounts: EntityAccount[];
}

interface OfAccounts extends WithAccounts {
  fraud: { fraudulent_statements: string[]; fraud_type: Record<string, string | null>[] };
}

interface OfRecurring extends OfAccounts {
  transactions: {
    credit_transactions: Record<string, unknown>[];
    debit_transactions: Record<string, unknown>[];
  };
}

/** A read's name → its answer. */
export interface EntityReads {
  accounts: OfAccounts;
  identity: OfAccounts & { identity: EntityIdentity[] };
  transactions: OfAccounts & { transactions: EntityTransaction[] };
  lender_transactions: OfAccounts & { transactions: EntityTransaction[] };
  salary: OfAccounts & {
    transactions: (EntityTransaction & { clean_transaction_note: string; month_year: string })[];
  };
  recurring_transactions: OfRecurring;
  get_expense_categories: EntityAnswer & { categories: { category: string; percentage: number }[] };
  top_credits_debits: EntityAnswer & {
    /** Month (`Jan-24`) → note → amount. */
    top_5_credit_debit: Record<"top_5_credit" | "top_5_debit", Record<string, Record<string, number>>>;
  };
  monthly_analysis: WithAccounts & { monthly_analysis: Record<string, Record<string, number | null>> };
  monthly_analysis_updated: WithAccounts & { monthly_analysis: { account_id: Record<string, unknown>[] } };
  predictors: EntityAnswer & { predictors: { account_id: string; predictors: Record<string, unknown> }[] };
  score: EntityAnswer & { score: { account_id: string; score: number }[] };
  /** Each link opens its workbook for one hour, without a key. */
  xlsx_report: EntityAnswer & { reports: { account_id: string; link: string }[] };
}

export interface EntityFile {
  statement_id: string;
  account_id: string | null;
  bank_name: string;
  pdf_password: string | null;
  /** Opens the file for one hour, without a key; empty once it has been deleted, after 30 days. */
  pdf_url: string;
}

/** A webhook's body, and when it was due (`YYYY-MM-DD HH:MM:SS`, UTC). */
export interface WebhookPayload {
  date_time: string;
  [more: string]: unknown;
}

export interface EntityClient {
  /** A known `link_id` answers its entity. */
  createEntity(entity?: { link_id?: string; meta_data?: Record<string, unknown> }): Promise<Entity>;
  entity(entityId: string): Promise<Entity>;
  /** Oldest first, ten to a page. */
  entities(query?: { page?: number; link_id?: string }): Promise<EntityPage>;
  /** Throws BankbellError whose `code` is the contract's number: `3` wrong password, `4` another bank, … */
  uploadEntityStatement(upload: EntityUpload): Promise<UploadedEntityStatement>;
  readEntity<Name extends keyof EntityReads>(
    entityId: string,
    name: Name,
    query?: { account_id?: string },
  ): Promise<EntityReads[Name]>;
  entityFiles(entityId: string): Promise<EntityFile[]>;
  /** Mode 0 tells of net banking only, 1 of uploads too. Default 1. */
  updateEntityWebhook(url: string, mode?: 0 | 1): Promise<void>;
  /** What was due to the webhook, newest first. */
  entityWebhookPayloads(linkId: string): Promise<WebhookPayload[]>;
}

export function entityMethods(call: Call): EntityClient {
  const ofEntity = (id: string, name: string) => `entity/${encodeURIComponent(id)}/${name}`;
  return {
    createEntity: (entity = {}) => call<Entity>("POST", "entity/", json(entity)),
    entity: (id) => call("GET", ofEntity(id, "")),
    entities: ({ page, link_id } = {}) => call("GET", `entity/${queryOf({ page, link_id })}`),
    uploadEntityStatement({ file, file_name, ...fields }) {
      const path = fields.bank_name === undefined ? "bankless_upload" : "upload";
      return call("POST", `statement/${path}/?identity=true`, { body: uploadForm(file, file_name, fields) });
    },
    readEntity: (id, name, { account_id } = {}) =>
      call("GET", `${ofEntity(id, name)}/${queryOf({ account_id })}`),
    async entityFiles(id) {
      return (await call<{ statements: EntityFile[] }>("GET", ofEntity(id, "get_pdfs/"))).statements;
    },
    async updateEntityWebhook(url, mode = 1) {
      await call("POST", "entity/update_webhook/", json({ webhook_url: url, webhook_mode: mode }));
    },
    async entityWebhookPayloads(linkId) {
      const path = `entity/webhook_payloads/${queryOf({ link_id: linkId })}`;
      return (await call<{ payloads: WebhookPayload[] }>("GET", path)).payloads;
    },
  };
}

/** With its question mark; empty where nothing is asked. */
function queryOf(fields: Record<string, string | number | undefined>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) query.set(name, String(value));
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}
