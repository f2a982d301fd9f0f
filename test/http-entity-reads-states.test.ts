/** The entity flow's reads: what stands in the way of one, who may read, links to reports, and net banking's health. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import readExcelFile from "read-excel-file/node";
import type { z } from "zod";
import type * as bodies from "../src/http/bankconnect/entity/reads-bodies.ts";
import type { Statement } from "../src/statement/types.ts";
import { addTo, entityWith, readEntity, READS } from "./entity-reads-setup.ts";
import { field, NOBODY, NOW, openHttp, V1, type Answer, type Http } from "./http-setup.ts";
import { quarter, statementWith } from "./insights-setup.ts";

type Accounts = z.output<typeof bodies.accounts>;
type Identity = z.output<typeof bodies.identity>;
type Transactions = z.output<typeof bodies.transactions>;
type Reports = z.output<typeof bodies.reports>;
type Score = z.output<typeof bodies.score>;

let http: Http;
before(async () => {
  http = await openHttp();
});
after(() => http.close());

const DENIED = { detail: "Authentication credentials were not provided." };
const NOT_FOUND = { detail: "Not found." };
const MISMATCH = "Calculated transaction balance does not match";

function answers(answer: Answer, status: number, body: unknown, of: string): void {
  assert.deepEqual({ status: answer.status, body: answer.body }, { status, body }, of);
}

const read = <Body>(id: string, name: string) => readEntity<Body>(http, id, name);
const pathOf = (id: string, name: string) => `${V1}/entity/${id}/${name}/`;

const broken = (): Statement => ({
  ...quarter(),
  verification: { status: "broken", breaks: [{ row: 3, expected: 1n, printed: 2n }], totals: [] },
});
const small = (number: string | null, days = 3): Statement =>
  statementWith(
    Array.from({ length: days }, (_, day) => [`2024-02-1${day}`, `SHOP ${day}`, -1_00n]),
    { number, opening: 100_00n },
  );

test("an entity without statements has nothing, and nothing is pending", async () => {
  const id = await entityWith(http, []);
  const nothing = { entity_id: id, progress: [] };
  const common = { ...nothing, accounts: [], fraud: { fraudulent_statements: [], fraud_type: [] } };
  const monthly = await read<{ monthly_analysis: object }>(id, "monthly_analysis");
  assert.deepEqual(new Set(Object.values(monthly.monthly_analysis).map((months) => JSON.stringify(months))), new Set(["{}"])); // prettier-ignore
  const expected: Record<string, object> = {
    accounts: common,
    identity: { ...common, identity: [] },
    transactions: { ...common, transactions: [] },
    lender_transactions: { ...common, transactions: [] },
    salary: { ...common, transactions: [] },
    recurring_transactions: {
      ...common,
      transactions: { credit_transactions: [], debit_transactions: [] },
    },
    get_expense_categories: { ...nothing, categories: [] },
    top_credits_debits: { ...nothing, top_5_credit_debit: { top_5_credit: {}, top_5_debit: {} } },
    monthly_analysis_updated: { ...nothing, accounts: [], monthly_analysis: { account_id: [] } },
    monthly_analysis: { ...nothing, accounts: [], monthly_analysis: monthly.monthly_analysis },
    xlsx_report: { ...nothing, reports: [] },
    predictors: { ...nothing, predictors: [] },
    score: { ...nothing, score: [] },
  };
  for (const name of READS) assert.deepEqual(await read(id, name), expected[name], name);
});

test("a broken statement has failed, with the reason; whose it is was read", async () => {
  const id = await entityWith(http, [[broken()]]);
  for (const name of READS.filter((name) => name !== "identity")) {
    const { progress } = await read<Accounts>(id, name);
    assert.deepEqual(
      progress.map(({ status, message }) => [status, message]),
      [["failed", MISMATCH]],
      name,
    );
  }
  const { progress, identity } = await read<Identity>(id, "identity");
  assert.deepEqual(
    progress.map(({ status, transaction_status, message }) => [status, transaction_status, message]),
    [["completed", "failed", MISMATCH]],
  );
  assert.equal(identity.length, 1);
});

test("statements are read each for itself, in the order of upload", async () => {
  const id = await entityWith(http, [[small("1111222233")], [broken()], [small("4444555566")]]);
  const { progress, accounts } = await read<Accounts>(id, "transactions");
  assert.deepEqual(
    progress.map(({ status }) => status),
    ["completed", "failed", "completed"],
  );
  assert.equal(accounts.length, 3);
});

test("no account number: identity has failed, the transactions have not", async () => {
  const id = await entityWith(http, [[small(null)]]);
  const { progress, identity } = await read<Identity>(id, "identity");
  assert.deepEqual(
    progress.map(({ status, transaction_status, message }) => [status, transaction_status, message]),
    [["failed", "completed", "Account number is unavailable or unidentified"]],
  );
  assert.equal(identity[0]?.account_number, null);
  const transactions = await read<Transactions>(id, "transactions");
  assert.deepEqual(
    transactions.progress.map(({ status, message }) => [status, message]),
    [["completed", null]],
  );
  assert.equal(transactions.transactions.length, 3);
});

test("a part of a file that repeats an earlier one is no failure", async () => {
  const id = await entityWith(http, [[small("1111222233")]]);
  await addTo(http, id, [small("4444555566"), small("1111222233")]);
  const { progress, accounts } = await read<Accounts>(id, "accounts");
  assert.deepEqual(
    progress.map(({ status }) => status),
    ["completed", "completed"],
  );
  const listed = accounts.flatMap(({ statements }) => statements);
  assert.deepEqual(new Set(listed), new Set(progress.map(({ statement_id }) => statement_id)));
});

test("while a statement is being processed, reports, predictors and score are []", async () => {
  const { credentials: as } = await http.newEnvironment({ show_score: true });
  const id = await entityWith(http, [[quarter()]], as);
  const bodyOf = async <Body>(name: string) => (await http.call(pathOf(id, name), { as })).body as Body;
  assert.equal((await bodyOf<Score>("score")).score.length, 1);
  await http.database.kysely
    .updateTable("statements")
    .set({ processing_status: "processing" })
    .where("session_id", "=", (e) => e.selectFrom("sessions").select("id").where("public_id", "=", id))
    .execute();
  for (const [name, payload] of [
    ["xlsx_report", "reports"],
    ["predictors", "predictors"],
    ["score", "score"],
  ] as const) {
    const body = await bodyOf<Accounts & Record<string, unknown>>(name);
    assert.equal(body.progress[0]?.status, "processing", name);
    assert.deepEqual(body[payload], [], name);
  }
});

test("a score only where the organisation wants one, and only of accounts that can be judged", async () => {
  const id = await entityWith(http, [[quarter()]]);
  assert.deepEqual((await read<Score>(id, "score")).score, []);
  const { credentials: as } = await http.newEnvironment({ show_score: true });
  const known = await entityWith(http, [[quarter()], [small("4444555566")]], as);
  const { score, progress } = (await http.call(pathOf(known, "score"), { as })).body as Score;
  assert.equal(progress.length, 2);
  assert.equal(score.length, 1);
  assert.deepEqual(Object.keys(score[0] ?? {}), ["account_id", "score"]);
  assert.ok((score[0]?.score ?? 0) >= 300 && (score[0]?.score ?? 0) <= 900);
});

test("masked where the organisation wants it so", async () => {
  const { credentials: as } = await http.newEnvironment({ mask_account_numbers: true });
  const id = await entityWith(http, [[quarter()]], as);
  for (const name of READS) {
    const { text, status } = await http.call(pathOf(id, name), { as });
    assert.equal(status, 200);
    assert.equal(text.includes("5413699704"), false, name);
  }
  const { accounts } = (await http.call(pathOf(id, "accounts"), { as })).body as Accounts;
  assert.equal(accounts[0]?.account_number, "XXXXXX9704");
});

test("no answer has a transaction of a statement that it does not list, while uploads go on", async () => {
  const id = await entityWith(http, []);
  const done = new AbortController();
  const reading = (async () => {
    const lengths = new Set<number>();
    while (!done.signal.aborted) {
      const { progress, accounts, transactions } = await read<Transactions>(id, "transactions");
      assert.equal(transactions.length, 3 * progress.length);
      assert.equal(accounts.length, progress.length);
      assert.ok(progress.every(({ status }) => status === "completed"));
      lengths.add(progress.length);
    }
    return lengths;
  })();
  try {
    for (let n = 0; n < 8; n += 1) await addTo(http, id, [small(`77770000${n}1`)]);
  } finally {
    done.abort();
  }
  assert.ok((await reading).size > 0);
  assert.equal((await read<Transactions>(id, "transactions")).transactions.length, 24);
});

test("whose entity it is not, it is not there; without credentials nothing is said", async () => {
  const id = await entityWith(http, [[quarter()]]);
  const { credentials: foreign } = await http.newEnvironment();
  const session = await http.newSession();
  for (const name of READS) {
    answers(await http.call(pathOf(id, name), { as: foreign }), 404, NOT_FOUND, name);
    for (const unknown of [NOBODY, "not-a-uuid", session])
      answers(await http.call(pathOf(unknown, name)), 404, NOT_FOUND, name);
    answers(await http.call(pathOf(id, name), { as: null }), 401, DENIED, name);
    const wrong = { ...http.credentials, serverHash: "0".repeat(32) };
    answers(await http.call(pathOf(id, name), { as: wrong }), 401, DENIED, name);
  }
  // Another's account is no account of this entity.
  const other = await entityWith(http, [[quarter()]], foreign);
  const { accounts } = (await http.call(pathOf(other, "accounts"), { as: foreign })).body as Accounts;
  const account = accounts[0]?.account_id;
  assert.ok(account);
  const body = await readEntity<Transactions>(http, id, "transactions", `?account_id=${account}`);
  assert.deepEqual(body.transactions, []);
});

test("a deleted entity is not there", async () => {
  const id = await entityWith(http, [[quarter()]]);
  await http.database.kysely
    .updateTable("sessions")
    .set({ deleted_at: Temporal.Instant.from(NOW) })
    .where("public_id", "=", id)
    .execute();
  for (const name of READS) answers(await http.call(pathOf(id, name)), 404, NOT_FOUND, name);
});

test("withdrawn reads are not there", async () => {
  const id = await entityWith(http, []);
  for (const name of ["rolling_monthly_analysis", "raw_excel_report"])
    answers(await http.call(pathOf(id, name)), 404, NOT_FOUND, name);
});

test("links open each account's workbook for an hour, without a key, and are noted", async () => {
  const id = await entityWith(http, [[quarter()], [small("4444555566")]]);
  const { reports } = await read<Reports>(id, "xlsx_report");
  assert.deepEqual(Object.keys(reports[0] ?? {}), ["link", "account_id"]);
  const local = (link: string) => link.replace("http://localhost:8080", "");
  const names: string[] = [];
  for (const { link } of reports) {
    const response = await fetch(`${http.url}${local(link)}`);
    assert.equal(response.status, 200);
    names.push(response.headers.get("content-disposition") ?? "");
    const sheets = await readExcelFile(Buffer.from(await response.arrayBuffer()));
    const cells = JSON.stringify(sheets[0]?.data);
    // An entity asks for no range.
    assert.equal(/Asked for|1900-01-01/.test(cells), false, cells);
  }
  assert.deepEqual(names, ['attachment; filename="hdfc-9704.xlsx"', 'attachment; filename="hdfc-5566.xlsx"']);
  const rows = await http.database.kysely
    .selectFrom("audit")
    .select(["actor", "action"])
    .where("target", "=", `entity:${id}`)
    .where("action", "like", "report%")
    .orderBy("id")
    .execute();
  assert.deepEqual(
    rows.map(({ action }) => action),
    ["report_links.read", "report.download", "report.download"],
  );
  try {
    http.setNow(Temporal.Instant.from(NOW).add({ hours: 1 }).toString());
    assert.equal((await http.call(local(reports[0]?.link ?? ""), { as: null })).status, 404);
  } finally {
    http.setNow(NOW);
  }
});

test("who read what is noted", async () => {
  const id = await entityWith(http, [[quarter()]]);
  for (const name of ["transactions", "identity", "predictors", "xlsx_report"]) await read(id, name);
  await readEntity(http, id, "salary", `?account_id=${NOBODY}`);
  const rows = await http.database.kysely
    .selectFrom("audit")
    .select(["action", "detail"])
    .where("target", "=", `entity:${id}`)
    .where("action", "like", "%.read")
    .orderBy("id")
    .execute();
  assert.deepEqual(rows, [
    { action: "transactions.read", detail: { count: 14 } },
    { action: "identity.read", detail: { count: 1 } },
    { action: "insights.read", detail: { count: 14 } },
    { action: "report_links.read", detail: { count: 1 } },
    { action: "transactions.read", detail: { count: 0 } },
  ]);
});

test("a file that was tampered with: its statement is fraudulent, before what transactions say", async () => {
  const id = await entityWith(http, []);
  const clean = await addTo(http, id, [small("4444555566")]);
  const statement_id = await addTo(http, id, [quarter()]);
  const accuses = { weight: "accuses", reason: "amount_over_amount", evidence: { page: 1 } };
  const findings = [
    { ...accuses, type: "overlay_fraud", row: 1 },
    { ...accuses, type: "author_fraud", row: null },
    { ...accuses, type: "date_fraud", row: null, weight: "notes" },
  ];
  await http.database.kysely
    .updateTable("statements")
    .set({ fraud_findings: JSON.stringify(findings) })
    .where("public_id", "=", statement_id)
    .execute();
  const { fraud, transactions } = await read<Transactions>(id, "transactions");
  const rows = transactions.filter(({ transaction_note }) => !transaction_note.startsWith("SHOP"));
  const account_id = rows[0]?.account_id ?? "";
  const found = (fraud_type: string, statement_id: string | null, transaction_hash: string | null) => {
    const fraud_category = statement_id === null ? "salary" : "metadata";
    return { statement_id, fraud_type, account_id, fraud_category, transaction_hash };
  };
  assert.deepEqual(fraud, {
    fraudulent_statements: [statement_id],
    fraud_type: [
      found("overlay_fraud", statement_id, rows[1]?.hash ?? null),
      found("author_fraud", statement_id, null),
      found("salary_1000_multiple", null, null),
    ],
  });
  assert.equal(fraud.fraudulent_statements.includes(clean), false);
});

test("requests are counted per key and entity: polling one never takes from another", async () => {
  const own = await openHttp({ rateLimits: { perKey: 5, wrongKeys: 100 } });
  try {
    const ids = [NOBODY, NOBODY.replace("4000", "4001")] as const;
    const poll = async (id: string) => (await own.call(pathOf(id, "transactions"))).status;
    for (let time = 0; time < 5; time++) assert.equal(await poll(ids[0]), 404);
    const throttled = await own.call(pathOf(ids[0], "transactions"));
    answers(throttled, 429, { detail: "Request was throttled." }, ids[0]);
    assert.equal(await poll(ids[1]), 404);
  } finally {
    await own.close();
  }
});

test("net banking: a bare array, no bank is up, the client key is enough", async () => {
  const path = `${V1}/net_banking_health/`;
  const headers = { "x-api-key": http.credentials.apiKey };
  const { status, body } = await http.call(path, { as: null, headers });
  assert.equal(status, 200);
  assert.ok(Array.isArray(body));
  assert.equal(body.length, 18);
  assert.deepEqual(body[0], {
    bank: "ALLAHABAD",
    updated_at: "2024-04-25 10:00:00",
    health_up: false,
    issue_details: "Net banking is not available on this server",
  });
  assert.deepEqual(
    new Set(body.map((bank) => field(bank, "bank")).map((bank) => bank === bank.toUpperCase())),
    new Set([true]),
  );
  answers(await http.call(path, { as: null }), 401, DENIED, path);
});
