/** Sessions and entities in the console: the list, one of them, its figures, its files, and who sees them. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openConsole, type Console } from "./console-setup.ts";
import { V1 } from "./http-setup.ts";
import { processed, quarter } from "./insights-setup.ts";

let c: Console;
let id: string;
let open: string;
before(async () => {
  c = await openConsole();
  id = await processed(c.http, [quarter()], { link_id: "customer-0042" });
  open = await c.http.newSession({ link_id: "customer-0043" });
});
after(() => c.close());

type Row = Record<string, unknown>;
const get = async (path: string): Promise<Row> => {
  const { status, body, text } = await c.ask(path);
  assert.equal(status, 200, text);
  return body as Row;
};
const list = async (query = "") => (await get(`/cases${query}`))["data"] as Row[];
const actionsOf = async (target: string) =>
  (
    await c.http.database.kysely
      .selectFrom("audit")
      .select("action")
      .where("target", "=", target)
      .where("action", "like", "%.read")
      .execute()
  ).map(({ action }) => action);

test("the list shows newest first, and is narrowed by kind, state, id and the start of a link_id", async () => {
  const ids = (rows: Row[]) => rows.map((row) => row["id"]);
  assert.deepEqual(ids(await list()), [open, id]);
  assert.deepEqual(ids(await list("?state=processed")), [id]);
  assert.deepEqual(ids(await list("?search=customer-0043")), [open]);
  assert.deepEqual(ids(await list("?search=customer-00")), [open, id]);
  assert.deepEqual(ids(await list(`?search=${id}`)), [id]);
  assert.deepEqual(ids(await list("?kind=entity")), []);
  const [row] = await list("?state=processed");
  assert.deepEqual(
    [row?.["link_id"], row?.["accounts"], row?.["statements"], row?.["failed_statements"], row?.["from"]],
    ["customer-0042", 1, 1, 0, "2024-01-01"],
  );
  const first = await get("/cases?limit=1");
  const next = await get(`/cases?limit=1&cursor=${String(first["next"])}`);
  assert.deepEqual(
    [...(first["data"] as Row[]), ...(next["data"] as Row[])].map((one) => one["id"]),
    [open, id],
  );
  assert.equal(next["next"], null);
});

test("a state that there is not, and a cursor of another list, are refused", async () => {
  for (const query of ["?state=gone", "?cursor=bm9uZQ"]) {
    assert.equal((await c.ask(`/cases${query}`)).status, 400, query);
  }
});

test("one shows its accounts masked, what they cover, and how its statements were proven", async () => {
  const detail = await get(`/cases/${id}`);
  const [account] = detail["accounts_detail"] as Row[];
  assert.match(String(account?.["account_number"]), /^X+\d{4}$/);
  assert.deepEqual(account?.["months"], ["2024-01", "2024-02", "2024-03"]);
  assert.deepEqual(account?.["missing"], []);
  const [statement] = detail["statements_detail"] as Row[];
  assert.equal(statement?.["account_id"], account?.["id"]);
  assert.deepEqual(statement?.["steps"], {
    identity: "completed",
    transactions: "completed",
    processing: "completed",
    fraud: "completed",
  });
  assert.ok((await actionsOf(`session:${id}`)).includes("case.read"));
});

test("the analysis gives balances, months, salary, recurring payments and fraud of each account", async () => {
  const { accounts } = await get(`/cases/${id}/analysis`);
  const [account] = accounts as Row[];
  assert.equal(account?.["minor_digits"], 2);
  const months = account?.["months"] as Row[];
  assert.deepEqual(
    months.map(({ month, credits, credit_count }) => [month, credits, credit_count]),
    [
      ["2024-01", 8_500_000, 1],
      ["2024-02", 8_500_000, 1],
      ["2024-03", 8_500_000, 1],
    ],
  );
  const balances = account?.["balances"] as { day: string; balance: number }[];
  assert.deepEqual(balances.find(({ day }) => day === "2024-01-01")?.balance, 9_500_000);
  const { salary, recurring, score } = account as {
    salary: Row[];
    recurring: { debits: Row[] };
    score: unknown;
  };
  assert.equal(salary.length, 3);
  assert.ok(recurring.debits.length > 0);
  assert.equal(score, null);
});

test("the transactions are the newest first, with their categories and proofs", async () => {
  const { data } = await get(`/cases/${id}/transactions`);
  const rows = data as Row[];
  assert.equal(rows.length, 14);
  assert.equal(rows[0]?.["day"], "2024-03-20");
  assert.ok(rows.every((row) => row["proof"] === "chain" && typeof row["amount"] === "number"));
  const none = await get(`/cases/${id}/transactions?account_id=${open}`);
  assert.deepEqual(none["data"], []);
  assert.ok((await actionsOf(`session:${id}`)).includes("transactions.read"));
});

test("a statement's proof names its rows; its file and its pages come as downloads, each with an audit row", async () => {
  const detail = await get(`/cases/${id}`);
  const statement = String((detail["statements_detail"] as Row[])[0]?.["id"]);
  const proof = await get(`/cases/${id}/statements/${statement}`);
  assert.equal((proof["rows"] as Row[]).length, 14);
  assert.equal(proof["has_file"], true);
  const file = await c.ask(`/cases/${id}/statements/${statement}/file`);
  assert.equal(file.status, 200);
  assert.match(file.text, /^%PDF/);
  assert.match(file.headers.get("content-disposition") ?? "", /^attachment/);
  const pages = await c.ask(`/cases/${id}/statements/${statement}/pages`);
  assert.match(pages.text, /^<!doctype html>/);
  assert.match(pages.headers.get("content-disposition") ?? "", /^attachment/);
  const report = await c.ask(`/cases/${id}/report`);
  assert.equal(report.status, 200);
  assert.equal(report.text.slice(0, 2), "PK");
  assert.equal((await actionsOf(`session:${id}`)).filter((action) => action === "files.read").length, 2);
});

test("what is another's, of another session, or deleted, is not there", async () => {
  const other = await c.http.newEnvironment();
  const detail = await get(`/cases/${id}`);
  const statement = String((detail["statements_detail"] as Row[])[0]?.["id"]);
  for (const path of [
    "",
    "/analysis",
    "/transactions",
    "/report",
    `/statements/${statement}`,
    `/statements/${statement}/file`,
    `/statements/${statement}/pages`,
  ]) {
    const { status } = await c.ask(`/cases/${id}${path}`, { as: other.credentials });
    assert.equal(status, 404, path);
  }
  assert.equal((await c.ask(`/cases/${open}/statements/${statement}`)).status, 404);
  assert.equal((await c.ask("/cases/not-an-id")).status, 404);
  const gone = await c.http.newSession({ link_id: "customer-gone" });
  await c.http.call(`${V1}/session_data/${gone}/delete/`, { method: "DELETE" });
  assert.equal((await c.ask(`/cases/${gone}`)).status, 404);
});

test("an owner deletes a session, with an audit row; an entity, and what is another's, stay", async () => {
  const doomed = await c.http.newSession({ link_id: "customer-doomed" });
  const other = await c.http.newEnvironment();
  const remove = (target: string, as = c.http.credentials) =>
    c.ask(`/cases/${target}`, { method: "DELETE", as });
  assert.equal((await remove(doomed, other.credentials)).status, 404);
  const made = await c.http.call(`${V1}/entity/`, { json: { link_id: "customer-kept" } });
  assert.ok(made.status < 300, made.text);
  const entity = (made.body as { entity_id: string }).entity_id;
  assert.equal((await remove(entity)).status, 404);
  const gone = await remove(doomed);
  assert.deepEqual([gone.status, gone.body], [200, { id: doomed, deleted: true }]);
  assert.equal((await c.ask(`/cases/${doomed}`)).status, 404);
  assert.equal((await remove(doomed)).status, 404);
  assert.equal((await c.http.call(`${V1}/session_data/${doomed}/progress/`)).status, 410);
  const rows = await c.http.database.kysely
    .selectFrom("audit")
    .select("action")
    .where("target", "=", `session:${doomed}`)
    .execute();
  assert.deepEqual(
    rows.map(({ action }) => action),
    ["session.create", "session.delete"],
  );
});
