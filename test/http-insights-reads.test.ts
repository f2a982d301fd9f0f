/** The older reads beside the insights that they are parts of, who reads them, and how long it takes. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { InsightsBody } from "../src/http/bankconnect/insights-bodies.ts";
import { openHttp, V1, type Http } from "./http-setup.ts";
import { processed, quarter, readOf, statementWith, type RowSpec } from "./insights-setup.ts";

let http: Http;
let sessionId: string;
let body: InsightsBody;
before(async () => {
  http = await openHttp();
  sessionId = await processed(http, [quarter()]);
  body = await readOf<InsightsBody>(http, sessionId, "insights");
});
after(() => http.close());

test("the older reads are parts of the insights", async () => {
  const [account] = body.accounts;
  assert.ok(account);
  const { account_id, data } = account;
  const read = (name: string) => readOf<Record<string, unknown>>(http, sessionId, name);
  assert.deepEqual(await read("predictors"), {
    session_id: sessionId,
    predictors: [{ account_id, predictors: data.predictors }],
  });
  assert.deepEqual(await read("eod_balances"), {
    session_id: sessionId,
    eod_balances: [{ account_id, eod_balances: data.eod_balances }],
  });
  assert.deepEqual(await read("monthly_analysis_updated"), {
    session_id: sessionId,
    monthly_analysis: [{ account_id, monthly_analysis: data.monthly_analysis }],
  });
  assert.deepEqual(await read("recurring_transactions"), {
    session_id: sessionId,
    recurring_transactions: data.recurring_transactions,
  });
  const { transactions } = (await read("transactions")) as { transactions: object[] };
  assert.deepEqual(
    transactions,
    data.transactions.map((transaction) => ({ account_id, ...transaction, proof: "chain" })),
  );
  assert.deepEqual(await read("identity"), {
    session_id: sessionId,
    accounts: [
      {
        account_id,
        bank: "hdfc",
        account_number: "5413699704",
        ifsc: null,
        micr: null,
        account_category: "individual",
        credit_limit: 0,
        months: ["2024-01", "2024-02", "2024-03"],
        statements: data.account_details.statements,
        last_updated: "2024-04-25T10:00:00.123456Z",
      },
    ],
    identity: [
      {
        account_id,
        name: "Asha Verma",
        address: null,
        account_number: "5413699704",
        account_category: "individual",
        raw_account_category: "SAVINGS",
        credit_limit: 0,
      },
    ],
  });
});

test("who read them is noted", async () => {
  const id = await processed(http, [quarter()]);
  for (const name of ["insights", "predictors", "identity", "xlsx_report"]) await readOf(http, id, name);
  const rows = await http.database.kysely
    .selectFrom("audit")
    .select(["action", "detail"])
    .where("target", "=", `session:${id}`)
    .where("action", "like", "%.read")
    .orderBy("id")
    .execute();
  assert.deepEqual(rows, [
    { action: "insights.read", detail: { count: 14 } },
    { action: "insights.read", detail: { count: 14 } },
    { action: "identity.read", detail: { count: 1 } },
    { action: "report_links.read", detail: { count: 1 } },
  ]);
});

test("a year of 5,000 transactions", async (t) => {
  const days = Array.from({ length: 5000 }, (_, index): RowSpec => {
    const date = Temporal.PlainDate.from("2023-04-01").add({ days: Math.floor((index * 365) / 5000) });
    const narration = `UPI-SHOP ${index % 97}-shop${index % 97}@okbank-${String(index).padStart(12, "0")}-PAY`;
    return [date.toString(), narration, index % 5 === 0 ? 500_00n : -100_00n];
  });
  const year = statementWith(days, { opening: 1_000_000_00n, period: ["2023-04-01", "2024-03-31"] });
  const id = await processed(http, [year], { from_date: "01/04/2023", to_date: "31/03/2024" });
  const times: number[] = [];
  for (let round = 0; round < 9; round += 1) {
    const began = performance.now();
    const { status, text } = await http.call(`${V1}/session_data/${id}/insights/`);
    times.push(performance.now() - began);
    assert.equal(status, 200);
    if (round === 0) t.diagnostic(`${(text.length / 1024).toFixed(0)} kB`);
  }
  const sorted = times.toSorted((a, b) => a - b);
  t.diagnostic(`GET insights: p50 ${sorted[4]?.toFixed(0)} ms, slowest ${sorted.at(-1)?.toFixed(0)} ms`);
});
