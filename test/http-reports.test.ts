/** Signed links to the workbooks: what they open, and everything that does not. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import readExcelFile from "read-excel-file/node";
import { NOBODY, NOW, openHttp, type Answer, type Http } from "./http-setup.ts";
import { processed, quarter, readOf, statementWith } from "./insights-setup.ts";

interface Reports {
  reports: { link: string; account_id: string }[];
}
interface Insights {
  accounts: { account_id: string; data: { xlsx_report_url: string; xml_report_url: null } }[];
  aggregate_xlsx_report_url: string;
  aggregate_xml_report_url: null;
}

let http: Http;
let sessionId: string;
let link: string;
let insights: Insights;
before(async () => {
  http = await openHttp();
  const second = statementWith([["2024-02-10", "CASH DEPOSIT", 500_00n]], {
    opening: 0n,
    number: "77700011122",
  });
  sessionId = await processed(http, [quarter(), second]);
  insights = await readOf<Insights>(http, sessionId, "insights");
  const { reports } = await readOf<Reports>(http, sessionId, "xlsx_report");
  assert.equal(reports.length, 2);
  assert.deepEqual(
    reports.map(({ account_id }) => account_id),
    insights.accounts.map(({ account_id }) => account_id),
  );
  link = reports[0]?.link ?? "";
});
after(() => http.close());

const PUBLIC_URL = "http://localhost:8080";

/** Path and query of a link, to be asked of the test's server. */
function local(url: string): string {
  assert.ok(url.startsWith(`${PUBLIC_URL}/files/reports/env_`), url);
  return url.slice(PUBLIC_URL.length);
}

async function download(url: string): Promise<{ response: Response; bytes: Buffer }> {
  const response = await fetch(`${http.url}${local(url)}`);
  return { response, bytes: Buffer.from(await response.arrayBuffer()) };
}

const withQuery = (url: string, change: Record<string, string>): string => {
  const changed = new URL(url);
  for (const [key, value] of Object.entries(change)) changed.searchParams.set(key, value);
  return changed.href;
};

test("a link opens the account's workbook without a key", async () => {
  const { response, bytes } = await download(link);
  assert.equal(response.status, 200);
  assert.deepEqual(
    ["content-type", "content-disposition", "cache-control", "x-content-type-options", "referrer-policy"].map(
      (name) => response.headers.get(name),
    ),
    [
      "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
      'attachment; filename="hdfc-9704.xlsx"',
      "no-store",
      "nosniff",
      "no-referrer",
    ],
  );
  const sheets = await readExcelFile(bytes);
  const transactions = sheets.find(({ sheet }) => sheet === "Transactions");
  assert.equal(transactions?.data.length, 15);
  assert.ok(transactions?.data.some((row) => row.includes("=SUM(A1:A9) TRANSFER")));
});

test("the insights link to the same reports, and to that of all accounts", async () => {
  const [first, second] = insights.accounts;
  assert.equal(first?.data.xlsx_report_url, link);
  assert.equal(first?.data.xml_report_url, null);
  assert.equal(insights.aggregate_xml_report_url, null);
  const other = await download(second?.data.xlsx_report_url ?? "");
  assert.match(other.response.headers.get("content-disposition") ?? "", /hdfc-1122\.xlsx/);
  const { response, bytes } = await download(insights.aggregate_xlsx_report_url);
  assert.equal(response.status, 200);
  const transactions = (await readExcelFile(bytes)).find(({ sheet }) => sheet === "Transactions");
  assert.equal(transactions?.data.length, 16);
});

test("a download is noted, with who could not be asked", async () => {
  await download(link);
  const row = await http.database.kysely
    .selectFrom("audit")
    .select(["actor", "action", "target", "detail"])
    .where("action", "=", "report.download")
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirstOrThrow();
  const report = insights.accounts[0]?.account_id;
  assert.deepEqual(
    [row.actor, row.target, row.detail["report"]],
    ["signed_link", `session:${sessionId}`, report],
  );
});

/** Exactly what a path answers that is not there. */
async function isAbsent(path: string): Promise<void> {
  const shown = ({ status, body }: Answer) => ({ status, body });
  const nowhere = await http.call("/files/nothing/at/all", { as: null });
  assert.deepEqual(shown(await http.call(path, { as: null })), shown(nowhere), path);
  assert.equal(nowhere.status, 404);
}

test("whatever was changed of a link opens nothing and tells nothing", async () => {
  const path = local(link);
  const [, , , env = "", , file = ""] = path.split("?", 1).join("").split("/");
  const { credentials } = await http.newEnvironment();
  const foreign = await http.newSession({}, credentials);
  const expires = new URL(link).searchParams.get("expires") ?? "";
  const later = String(Number(expires) + 60);
  for (const changed of [
    path.split("?", 1).join(""),
    local(withQuery(link, { expires: later })),
    local(withQuery(link, { signature: "A".repeat(43) })),
    local(withQuery(link, { signature: "" })),
    `${path}&signature=${"A".repeat(43)}`,
    path.replace(sessionId, NOBODY),
    path.replace(sessionId, foreign),
    path.replace(env, `env_${"0".repeat(22)}`),
    path.replace(file, "aggregate.xlsx"),
    path.replace(".xlsx", ".xml"),
    path.replace(".xlsx", ".xlsx.xlsx"),
    path.replace(".xlsx", ""),
  ]) {
    await isAbsent(changed);
  }
});

test("keys open nothing that the signature does not", async () => {
  const unsigned = local(link).split("?", 1).join("");
  assert.equal((await http.call(unsigned)).status, 404);
});

test("a link expires after an hour", async () => {
  try {
    http.setNow(Temporal.Instant.from(NOW).add({ minutes: 59, seconds: 59 }).toString());
    assert.equal((await download(link)).response.status, 200);
    http.setNow(Temporal.Instant.from(NOW).add({ hours: 1 }).toString());
    await isAbsent(local(link));
  } finally {
    http.setNow(NOW);
  }
});

test("a link to what was deleted since is as good as none", async () => {
  const id = await processed(http, [quarter()]);
  const { reports } = await readOf<Reports>(http, id, "xlsx_report");
  await http.database.kysely
    .updateTable("sessions")
    .set({ deleted_at: Temporal.Instant.from(NOW) })
    .where("public_id", "=", id)
    .execute();
  await isAbsent(local(reports[0]?.link ?? ""));
});

test("one link is not made to build workbooks without end", async () => {
  const id = await processed(http, [statementWith([["2024-02-10", "CASH", 1n]], { opening: 0n })]);
  const { reports } = await readOf<Reports>(http, id, "xlsx_report");
  const path = local(reports[0]?.link ?? "");
  // At once: one after the other a slow machine never makes 30 of them in a minute.
  const answers = await Promise.all(Array.from({ length: 40 }, () => http.call(path, { as: null })));
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200, 429]));
  assert.equal((await download(link)).response.status, 200, "others are not slowed by it");
});
