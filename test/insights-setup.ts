/** A processed session whose transactions say something: salary, an instalment, a bounce, cash. All invented. */
import assert from "node:assert/strict";
import type { Statement, Transaction } from "../src/statement/types.ts";
import { field, V1, type Http } from "./http-setup.ts";
import { day, statementOf, type StatementSpec } from "./intake-setup.ts";

export type RowSpec = [date: string, narration: string, signed: bigint];

/** Amounts are minor units, debits negative; balances run from `opening`. */
export function statementWith(
  rows: readonly RowSpec[],
  spec: Partial<StatementSpec> & { opening: bigint },
): Statement {
  let balance = spec.opening;
  const transactions = rows.map(([date, description, signed], index): Transaction => {
    balance += signed;
    return {
      date: day(date),
      valueDate: null,
      description,
      reference: null,
      direction: signed < 0n ? "debit" : "credit",
      amount: signed < 0n ? -signed : signed,
      balance,
      proof: "chain",
      page: 1,
      line: index + 1,
    };
  });
  return { ...statementOf({ days: [], ...spec }), transactions, closingBalance: balance };
}

const month = (name: string, spoken: string): RowSpec[] => [
  [`2024-${name}-01`, `NEFT CR-SBIN0000001-SAMPLE WORKS LTD-SALARY ${spoken} 2024`, 85_000_00n],
  [`2024-${name}-05`, "ACH D- SAMPLE FINANCE LTD-EMI000111", -12_345_67n],
  [`2024-${name}-10`, "UPI-SAMPLE STORES-samplestores@okbank-000000000000-GROCERY", -2_500_50n],
  [`2024-${name}-15`, "ATW-000000XXXXXX0000-CITY-CASH WITHDRAWAL", -5_000_00n],
];

/** The first quarter of 2024, from an opening balance of 10,000.00. */
export const QUARTER: readonly RowSpec[] = [
  ...month("01", "JAN"),
  ...month("02", "FEB"),
  ["2024-02-20", "ACH RETURN CHARGES-INSUFFICIENT FUNDS", -590_00n],
  ...month("03", "MAR"),
  ["2024-03-20", "=SUM(A1:A9) TRANSFER", -1_00n],
];

export const RANGE = { from_date: "01/01/2024", to_date: "31/03/2024" };

export const quarter = (spec: Partial<StatementSpec> = {}): Statement =>
  statementWith(QUARTER, { opening: 10_000_00n, period: ["2024-01-01", "2024-03-31"], ...spec });

/** Answers the session's id. */
export async function processed(
  http: Http,
  statements: readonly Statement[],
  fields: Record<string, unknown> = {},
): Promise<string> {
  const id = await http.newSession({ ...RANGE, accept_anything: true, ...fields });
  for (const statement of statements) {
    const { status, text } = await http.upload(id, http.fileOf(statement));
    assert.equal(status, 200, text);
  }
  const path = `${V1}/session_data/${id}/initiate_processing/`;
  assert.equal((await http.call(path, { method: "POST" })).status, 202);
  await http.runJob("process_session", id);
  return id;
}

export async function readOf<Body>(http: Http, sessionId: string, name: string): Promise<Body> {
  const { status, body, text } = await http.call(`${V1}/session_data/${sessionId}/${name}/`);
  assert.equal(status, 200, text);
  assert.equal(field(body, "session_id"), sessionId);
  return body as Body;
}
