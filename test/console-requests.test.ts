/** The request log: what programs asked, and that nothing of what they said is in it. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { randomUUID } from "node:crypto";
import { createRequestJournal } from "../src/http/request-journal.ts";
import { createLog } from "../src/platform/telemetry.ts";
import { openConsole, type Console } from "./console-setup.ts";
import { V1 } from "./http-setup.ts";

let c: Console;
before(async () => {
  c = await openConsole();
});
after(() => c.close());

type Row = Record<string, unknown>;
const list = async (query = ""): Promise<Row[]> => {
  const { status, body, text } = await c.ask(`/requests${query}`);
  assert.equal(status, 200, text);
  return (body as { data: Row[] }).data;
};

/** Rows are gathered for a second. */
async function until(fits: (rows: Row[]) => boolean, query = ""): Promise<Row[]> {
  for (let tries = 0; tries < 300; tries++) {
    const rows = await list(query);
    if (fits(rows)) return rows;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("The rows did not come.");
}

test("what a program asked is listed with its status, its time and its error, and nothing that it said", async () => {
  const made = await c.http.call(`${V1}/session/`, { json: { link_id: "a-secret-name" } });
  const id = (made.body as { session_id: string }).session_id;
  const refused = await c.http.call(`${V1}/session_data/${id}/progress/?name=a-secret-query`);
  assert.equal(refused.status, 400);
  const rows = await until((found) => found.some(({ status }) => status === 400));
  const failed = rows.find(({ status }) => status === 400);
  assert.deepEqual(
    [failed?.["method"], failed?.["target"], failed?.["error_code"], failed?.["id"]],
    ["GET", id, "PROCESSING_NOT_REQUESTED", refused.headers.get("x-request-id")],
  );
  assert.ok(Number(failed?.["total_us"]) > 0);
  assert.equal(JSON.stringify(rows).includes("a-secret"), false);
  const created = rows.find(({ route }) => String(route).endsWith("/session/"));
  assert.equal(created?.["status"], 200);
});

test("it is narrowed by status, method and what a path names", async () => {
  await until((rows) => rows.length > 0, "?status=4xx");
  assert.ok((await list("?status=4xx")).every(({ status }) => Number(status) >= 400 && Number(status) < 500));
  assert.ok((await list("?method=POST")).every(({ method }) => method === "POST"));
  const [failed] = await list("?status=4xx");
  assert.ok((await list(`?search=${String(failed?.["target"])}`)).length > 0);
  assert.ok((await list("?search=progress")).every(({ route }) => String(route).includes("progress")));
  assert.deepEqual(await list("?search=nothing-like-it"), []);
});

test("of successful reads 20 of a moment are kept, of those that fail every one", async () => {
  const { envId } = await c.http.newEnvironment();
  const db = c.http.database.kysely;
  const journal = createRequestJournal(db, () => Temporal.Now.instant(), createLog("silent"));
  const env = await c.http.intake.environment(envId);
  const caller = {
    env,
    keyId: "key_test",
    actor: "api_key:key_test",
    serverHashHash: Buffer.alloc(32),
    requiresServerHash: true,
  };
  const note = (status: number) =>
    journal.note(
      { caller, method: "GET", id: randomUUID(), outcome: null, params: {}, routeOptions: { url: "/read" } },
      { status, ms: 1 },
    );
  for (let n = 0; n < 60; n++) note(200);
  for (let n = 0; n < 30; n++) note(404);
  await journal.close();
  const rows = await db.selectFrom("request_log").select("status").where("env_id", "=", envId).execute();
  assert.deepEqual(
    [200, 404].map((status) => rows.filter((row) => row.status === status).length),
    [20, 30],
  );
});

test("another environment sees its own alone", async () => {
  const { credentials: as } = await c.http.newEnvironment();
  const { body } = await c.ask("/requests?search=progress", { as });
  assert.deepEqual((body as { data: Row[] }).data, []);
});
