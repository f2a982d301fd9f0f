/** How customers see an environment, as its owner sets it. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openConsole, type Console } from "./console-setup.ts";

let c: Console;
before(async () => {
  c = await openConsole();
});
after(() => c.close());

const read = async (path: string) => (await c.ask(path)).body as Record<string, unknown>;
const change = (path: string, json: unknown) => c.ask(path, { method: "PATCH", json });

test("an environment begins with the defaults, and keeps what is not named", async () => {
  const before = await read("/settings/open-banking");
  assert.match(String(before["app_id"]), /^acc_[0-9A-Za-z]{24}$/);
  assert.deepEqual(
    [before["app_name"], before["support_url"], before["consent_days"], before["reminder_days"]],
    [null, null, null, [14, 7, 1]],
  );
  const first = await change("/settings/open-banking", { app_name: "Loan desk", reminder_days: [30, 7] });
  assert.equal(first.status, 200, first.text);
  const second = await change("/settings/open-banking", { consent_days: 90 });
  assert.deepEqual(second.body, {
    ...before,
    app_name: "Loan desk",
    reminder_days: [30, 7],
    consent_days: 90,
  });
  assert.deepEqual(await read("/settings/open-banking"), second.body);
});

test("the journey's looks are set, and refused where they could not be shown", async () => {
  const set = await change("/settings/journey", {
    color: "#0f766e",
    logo_url: "https://lender.example/logo.png",
    origins: ["https://app.lender.example"],
  });
  assert.equal(set.status, 200, set.text);
  const wrong: unknown[] = [
    { color: "red" },
    { logo_url: "http://lender.example/logo.png" },
    { logo_url: "javascript:alert(1)" },
    { support_url: "ftp://lender.example" },
    { origins: ["https://app.lender.example/path"] },
    { origins: ["*"] },
    { name: "" },
    { colour: "#0f766e" },
  ];
  for (const json of wrong)
    assert.equal((await change("/settings/journey", json)).status, 400, JSON.stringify(json));
  assert.deepEqual(await read("/settings/journey"), set.body);
});

test("reminders are days, each once", async () => {
  for (const days of [[0], [400], [7, 7], [1.5], Array.from({ length: 11 }, (_, at) => at + 1)])
    assert.equal((await change("/settings/open-banking", { reminder_days: days })).status, 400, String(days));
  assert.equal((await change("/settings/open-banking", { reminder_days: [] })).status, 200);
});

test("every change leaves an audit row that names what was changed, not what it holds", async () => {
  await change("/settings/journey", { support_url: "mailto:help@lender.example" });
  const rows = await c.http.database.kysely
    .selectFrom("audit")
    .select(["action", "detail"])
    .where("env_id", "=", c.http.envId)
    .where("action", "=", "journey.update")
    .orderBy("id", "desc")
    .execute();
  assert.deepEqual(rows[0]?.detail, { names: "support_url" });
});

test("another environment has its own", async () => {
  const { credentials: as } = await c.http.newEnvironment();
  const theirs = (await c.ask("/settings/journey", { as })).body as Record<string, unknown>;
  assert.deepEqual([theirs["color"], theirs["origins"]], [null, []]);
});
