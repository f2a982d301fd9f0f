/**
 * Every route that takes an id, with what a stranger is answered who sends ours: another organisation, or our own other
 * mode. `tenancy.test.ts` compares this table with the OpenAPI document, so that no route can be forgotten.
 */

import { envelope } from "./answers.ts";

/** Ids of the owner's own things, by the names under which routes take them. */
export type Ids = Readonly<Record<IdName, string>>;
export const ID_NAMES = [
  "session_id",
  "case_id",
  "statement_id",
  "entity_id",
  "account_id",
  "link_id",
  "endpoint_id",
  "event_id",
  "attempt_id",
  "replay_id",
  "key_id",
  "resource",
  "subject",
] as const;
export type IdName = (typeof ID_NAMES)[number];

/** Whether a field of a query or a body names something of somebody's. No consent can be given yet. */
export const namesAnId = (field: string): boolean =>
  field !== "consent_id" && (field.endsWith("_id") || field === "resource" || field === "subject");

/** The "not found" of each shape. */
export const ABSENT = {
  session: { status: 404, body: envelope("SESSION_NOT_FOUND", "The provided session ID is invalid") },
  upload: {
    status: 404,
    body: {
      session_id: "",
      statement_id: "",
      ...envelope("SESSION_NOT_FOUND", "The provided Session ID is invalid"),
    },
  },
  entity: { status: 404, body: { detail: "Not found." } },
  console: { status: 404, body: envelope("NOT_FOUND", "Not found.") },
  /** Of the Account Aggregator, whose message the sources do not give (§2.10). */
  aggregator: { status: 400, body: envelope("INVALID_SESSION_ID", "Invalid session ID") },
} as const;

/**
 * `nothing`: 200 without what is ours, which our own call has. `made`: a name that each customer gives by themselves;
 * theirs is another thing. `within`: narrows what the path's id names, which is not found already.
 */
export type Stranger = keyof typeof ABSENT | "nothing" | "made" | "within";

export interface Entry {
  /** The ids in its path. */
  path?: keyof typeof ABSENT;
  /** Those of its query and of its body, one by one. */
  query?: Partial<Record<IdName, Stranger>>;
  body?: Partial<Record<IdName, Stranger>>;
  /** What stands in its body besides. */
  json?: Record<string, unknown>;
  form?: Record<string, string>;
}

const V1 = "/bank-connect/v1";
const CONSOLE = "/console/api";

const sessionReads =
  "session_upload_status progress session_status transactions insights identity xlsx_report predictors eod_balances " +
  "monthly_analysis_updated recurring_transactions webhook_payloads get_pdfs";
const entityReads =
  "accounts identity top_credits_debits monthly_analysis_updated monthly_analysis xlsx_report predictors score get_pdfs";
const entityReadsByAccount =
  "transactions lender_transactions salary recurring_transactions get_expense_categories";
const table = (names: string, route: (name: string) => string, entry: Entry) =>
  Object.fromEntries(names.split(" ").map((name) => [route(name), entry]));

export const TENANCY: Readonly<Record<string, Entry>> = {
  // First: what is `made` below gives strangers an entity of the same link_id.
  [`GET ${V1}/entity/`]: { query: { link_id: "nothing" } },
  [`GET ${V1}/entity/webhook_payloads/`]: { query: { link_id: "nothing" } },
  [`POST ${V1}/session/`]: { body: { link_id: "made" }, json: {} },
  "POST /bank-connect/v2/session/": { body: { link_id: "made" }, json: {} },
  [`POST ${V1}/statement/upload_session/`]: { body: { session_id: "upload" }, form: {} },
  [`POST ${V1}/entity/`]: { body: { link_id: "made" }, form: {} },
  [`GET ${V1}/entity/{entity_id}/`]: { path: "entity" },
  ...table(
    "upload bankless_upload upload_base64 bankless_upload_base64",
    (name) => `POST ${V1}/statement/${name}/`,
    {
      body: { entity_id: "entity", link_id: "made" },
      form: { bank_name: "kotak" },
    },
  ),
  ...table(sessionReads, (name) => `GET ${V1}/session_data/{session_id}/${name}/`, { path: "session" }),
  ...table(entityReads, (name) => `GET ${V1}/entity/{entity_id}/${name}/`, { path: "entity" }),
  ...table(entityReadsByAccount, (name) => `GET ${V1}/entity/{entity_id}/${name}/`, {
    path: "entity",
    query: { account_id: "within" },
  }),
  [`POST ${V1}/entity/{entity_id}/net_banking_link/`]: {
    path: "entity",
    json: { bank_name: "orion", redirect_url: "https://client.example/done" },
  },
  [`POST ${V1}/session_data/{session_id}/initiate_processing/`]: { path: "session" },
  [`POST ${V1}/account_aggregator/get_recurring_consent_details/`]: { query: { session_id: "aggregator" } },
  [`GET ${CONSOLE}/cases/{case_id}`]: { path: "console" },
  [`GET ${CONSOLE}/cases/{case_id}/analysis`]: { path: "console" },
  [`GET ${CONSOLE}/cases/{case_id}/transactions`]: { path: "console", query: { account_id: "within" } },
  [`GET ${CONSOLE}/cases/{case_id}/statements/{statement_id}`]: { path: "console" },
  [`GET ${CONSOLE}/events`]: { query: { resource: "nothing", subject: "nothing" } },
  [`GET ${CONSOLE}/events/{event_id}`]: { path: "console" },
  [`POST ${CONSOLE}/events/{event_id}/resend`]: {
    path: "console",
    body: { endpoint_id: "console" },
    json: {},
  },
  [`GET ${CONSOLE}/deliveries`]: {
    query: { endpoint_id: "console", resource: "nothing", subject: "nothing" },
  },
  [`GET ${CONSOLE}/attempts`]: {
    query: { endpoint_id: "console", event_id: "console", resource: "nothing" },
  },
  [`GET ${CONSOLE}/attempts/{attempt_id}`]: { path: "console" },
  [`POST ${CONSOLE}/replays`]: {
    body: { endpoint_id: "console", resource: "within", subject: "within" },
    json: {},
  },
  [`GET ${CONSOLE}/replays`]: { query: { endpoint_id: "console" } },
  [`GET ${CONSOLE}/replays/{replay_id}`]: { path: "console" },
  [`POST ${CONSOLE}/replays/{replay_id}/cancel`]: { path: "console", json: {} },
  [`GET ${CONSOLE}/endpoints/{endpoint_id}`]: { path: "console" },
  [`PATCH ${CONSOLE}/endpoints/{endpoint_id}`]: { path: "console", json: { description: "x" } },
  ...table(
    "test reveal rotate-secret pause resume disable",
    (name) => `POST ${CONSOLE}/endpoints/{endpoint_id}/${name}`,
    {
      path: "console",
      json: {},
    },
  ),
  [`PATCH ${CONSOLE}/keys/{key_id}`]: { path: "console", json: { name: "x" } },
  [`POST ${CONSOLE}/keys/{key_id}/rotate`]: { path: "console", json: {} },
  [`DELETE ${CONSOLE}/keys/{key_id}`]: { path: "console" },
  // Last: our own call, which shows that the id was right, ends what the others need.
  [`DELETE ${CONSOLE}/endpoints/{endpoint_id}`]: { path: "console" },
  // The same session: the next is then told that it is gone, which no stranger is.
  [`DELETE ${CONSOLE}/cases/{case_id}`]: { path: "console" },
  [`DELETE ${V1}/session_data/{session_id}/delete/`]: { path: "session" },
};
