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

/** `a_{b,c}` as shells write it. */
export function braces(pattern: string): string[] {
  const found = /\{([^{}]*)\}/.exec(pattern);
  if (!found) return [pattern];
  const [whole, inside = ""] = found;
  return inside.split(",").flatMap((one) => braces(pattern.replace(whole, one)));
}

/** Reference §8.8, as it is written there. */
export const MONTHLY = [
  "{amt,cnt}_{auto_debit_payment_bounce_credit,auto_debit_payment_debit,bank_charge_debit,bank_interest_credit,bill_payment_debit,cash_deposit_credit,cash_withdrawl_debit,chq_credit,chq_debit,income_credit,credit,debit,debit_card_debit,international_transaction_arbitrage_credit,international_transaction_arbitrage_debit,investment_cashin_credit,net_banking_transfer_credit,net_banking_transfer_debit,outward_cheque_bounce_debit,inward_cheque_bounce_credit,outward_cheque_bounce_insuff_funds_debit,inward_cheque_bounce_insuff_funds_credit,ach_bounce_charge,chq_bounce_charge,bounce_charge,payment_gateway_purchase_debit,refund_credit,upi_credit,upi_debit,emi_debit,emi_bounce_credit,credit_card_bill_debit,investment,loan_credits,business_credit,self_transfer_credit,self_transfer_debit}",
  "avg_{bal,credit_transaction_size,debit_transaction_size,emi}",
  "{closing,median,mode,opening}_balance",
  "{max,min}_{bal,eod_balance}",
  "{cnt_transactions,net_cash_inflow,number_of_salary_transactions,total_amount_of_salary}",
  "perc_salary_spend_{bill_payment,cash_withdrawl,debit_card,net_banking_transfer,upi}",
].flatMap(braces);
