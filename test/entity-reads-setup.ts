/** Entities with statements, read over HTTP. */
import assert from "node:assert/strict";
import type { Statement } from "../src/statement/types.ts";
import type { Credentials } from "../src/store/environments.ts";
import { field, multipart, V1, type Http } from "./http-setup.ts";

/** Of the reference's §5.3: those whose lists take `?account_id=` first. */
export const FILTERED = [
  "transactions",
  "lender_transactions",
  "salary",
  "recurring_transactions",
  "get_expense_categories",
];
export const UNFILTERED = [
  "accounts",
  "identity",
  "top_credits_debits",
  "monthly_analysis_updated",
  "monthly_analysis",
  "xlsx_report",
  "predictors",
  "score",
];
export const READS = [...FILTERED, ...UNFILTERED];

/** Answers the entity's id. One upload for each list of statements: those of one file. */
export async function entityWith(
  http: Http,
  files: readonly (readonly Statement[])[],
  as: Credentials = http.credentials,
): Promise<string> {
  const made = await http.call(`${V1}/entity/`, { method: "POST", form: {}, as });
  const id = field(made.body, "entity_id");
  for (const statements of files) await addTo(http, id, statements, as);
  return id;
}

export async function addTo(
  http: Http,
  entityId: string,
  statements: readonly Statement[],
  as: Credentials = http.credentials,
): Promise<string> {
  const form = multipart({ entity_id: entityId }, http.fileOf(...statements));
  const { status, body, text } = await http.call(`${V1}/statement/bankless_upload/`, {
    multipart: form,
    as,
  });
  assert.equal(status, 200, text);
  return field(body, "statement_id");
}

export async function readEntity<Body>(
  http: Http,
  entityId: string,
  name: string,
  query = "",
): Promise<Body> {
  const { status, body, text } = await http.call(`${V1}/entity/${entityId}/${name}/${query}`);
  assert.equal(status, 200, text);
  assert.equal(field(body, "entity_id"), entityId);
  return body as Body;
}
