/** API keys and settings through the console, over real HTTP: what is shown once, what locks nobody out, who may. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openConsole, type AskOptions, type Console } from "./console-setup.ts";
import { field, isEnvelope, V1, type Answer } from "./http-setup.ts";

let c: Console;
before(async () => {
  c = await openConsole();
});
after(() => c.close());

const post = (path: string, json?: unknown, options: AskOptions = {}) =>
  c.ask(path, { method: "POST", ...(json === undefined ? {} : { json }), ...options });
const codeOf = ({ body }: Answer) => (body as { error?: { code: string } }).error?.code;

/** A read of the BankConnect contract with this key, and a server hash where one is given. */
const readAs = async (apiKey: string, serverHash?: string) => {
  const headers = { "x-api-key": apiKey, ...(serverHash === undefined ? {} : { "server-hash": serverHash }) };
  return (await c.http.call(`${V1}/banks/catalogue/`, { as: null, headers })).status;
};

test("a key is shown once and works; its list holds neither key nor hash", async () => {
  const made = await post("/keys", { name: "  Loan desk " });
  assert.equal(made.status, 201, made.text);
  const [key, hash] = [field(made.body, "api_key"), field(made.body, "server_hash")];
  assert.match(key, /^[0-9a-f]{40}$/);
  assert.equal(await readAs(key, hash), 200);
  assert.equal(await readAs(key), 403);
  assert.equal(await readAs(key, "0".repeat(40)), 403);
  const listed = await c.ask("/keys");
  assert.equal(listed.text.includes(key) || listed.text.includes(hash), false);
  const names = (listed.body as { data: { name: string }[] }).data.map(({ name }) => name);
  assert.deepEqual(names, ["First key", "Loan desk"]);
});

test("of two keys that are revoked at once one stays; names are kept as they are or refused", async () => {
  const { credentials: as } = await c.http.newEnvironment();
  await post("/keys", { name: "Second" }, { as });
  const { data } = (await c.ask("/keys", { as })).body as { data: { id: string }[] };
  const ended = await Promise.all(data.map(({ id }) => c.ask(`/keys/${id}`, { method: "DELETE", as })));
  assert.deepEqual(new Set(ended.map(({ status }) => status)), new Set([200, 409]));
  for (const name of ["", "  ", "a\0b", "\ud800", "n".repeat(101)])
    assert.equal((await post("/keys", { name })).status, 400, JSON.stringify(name));
});

test("the key alone, which clients carry, makes no key and changes no setting", async () => {
  const alone = { authorization: `Bearer ${c.http.credentials.apiKey}` };
  const lenient = await post("/keys", { name: "Lenient", requires_server_hash: false });
  const lenientAlone = { authorization: `Bearer ${field(lenient.body, "api_key")}` };
  for (const headers of [alone, { ...alone, "server-hash": "0".repeat(32) }, lenientAlone])
    for (const [method, path] of [
      ["GET", "/keys"],
      ["POST", "/keys"],
      ["POST", `/keys/${field(lenient.body, "id")}/rotate`],
      ["DELETE", `/keys/${field(lenient.body, "id")}`],
      ["PATCH", "/settings"],
    ] as const) {
      const json = method === "GET" || method === "DELETE" ? {} : { json: {} };
      const answer = await c.http.call(`/console/api${path}`, { method, ...json, headers, as: null });
      assert.deepEqual([answer.status, codeOf(answer)], [401, "SERVER_HASH_REQUIRED"], `${method} ${path}`);
    }
});

test("a key that needs no server hash: alone it is enough, a wrong hash still fails", async () => {
  const made = await post("/keys", { name: "Old client", requires_server_hash: false });
  const [key, hash] = [field(made.body, "api_key"), field(made.body, "server_hash")];
  assert.equal(await readAs(key), 200);
  assert.equal(await readAs(key, hash), 200);
  assert.equal(await readAs(key, "0".repeat(40)), 403);
  const id = field(made.body, "id");
  const strict = await c.ask(`/keys/${id}`, { method: "PATCH", json: { requires_server_hash: true } });
  assert.equal((strict.body as { requires_server_hash: boolean }).requires_server_hash, true);
});

test("rotation: both work through the overlap, without one only the new one does", async () => {
  const { credentials } = await c.http.newEnvironment();
  const first = (await c.ask("/keys", { as: credentials })).body as { data: { id: string }[] };
  const id = first.data[0]?.id ?? "";
  const rotated = await post(`/keys/${id}/rotate`, undefined, { as: credentials });
  assert.equal(rotated.status, 201, rotated.text);
  assert.equal(await readAs(credentials.apiKey, credentials.serverHash), 200);
  const fresh = { apiKey: field(rotated.body, "api_key"), serverHash: field(rotated.body, "server_hash") };
  assert.equal(await readAs(fresh.apiKey, fresh.serverHash), 200);
  const keys = (await c.ask("/keys", { as: fresh })).body as { data: { expires_at: string | null }[] };
  assert.deepEqual(
    keys.data.map(({ expires_at }) => expires_at),
    ["2024-04-26T10:00:00.123456Z", null],
  );
  // The last key that lasts is not revoked; the one that ends anyway may be.
  const last = await c.ask(`/keys/${field(rotated.body, "id")}`, { method: "DELETE", as: fresh });
  assert.deepEqual([last.status, codeOf(last)], [409, "LAST_KEY"]);
  const revoked = await c.ask(`/keys/${id}`, { method: "DELETE", as: fresh });
  assert.equal(revoked.status, 200, revoked.text);
  const { env_id, expires_at } = await c.http.database.kysely
    .selectFrom("api_keys")
    .select(["env_id", "expires_at"])
    .where("public_id", "=", id)
    .executeTakeFirstOrThrow();
  assert.ok(env_id && expires_at);
  const actions = await c.http.database.kysely
    .selectFrom("audit")
    .select(["action", "detail"])
    .where("env_id", "=", env_id)
    .where("action", "like", "api_key.%")
    .orderBy("id")
    .execute();
  assert.deepEqual(
    actions.map(({ action, detail }) => [action, detail["replaces"]]),
    [
      ["api_key.rotate", id],
      ["api_key.revoke", undefined],
    ],
  );
});

test("keys of another environment are not there", async () => {
  const { credentials } = await c.http.newEnvironment();
  const own = (await c.ask("/keys")).body as { data: { id: string }[] };
  const path = `/keys/${own.data[0]?.id}`;
  for (const answer of [
    await c.ask(path, { method: "DELETE", as: credentials }),
    await c.ask(path, { method: "PATCH", json: { name: "Mine" }, as: credentials }),
    await post(`${path}/rotate`, {}, { as: credentials }),
  ])
    assert.deepEqual([answer.status, codeOf(answer)], [404, "NOT_FOUND"]);
});

test("settings are read, changed and heeded; what they do not take changes nothing", async () => {
  const { credentials: as, envId } = await c.http.newEnvironment();
  const before = await c.ask("/settings", { as });
  assert.deepEqual(before.body, {
    time_zone: "UTC",
    retention: 30,
    unknown_banks: "accept",
    mask_account_numbers: false,
    to_reject_account: false,
    session_minutes: 60,
    accept_anything: false,
    allowed_modes: ["pdf", "online", "aa"],
    max_pages: null,
    level_1: "months",
    level_1_missing_days: 0,
    level_2: "every_month",
    show_score: false,
  });
  const change = (json: object) => c.ask("/settings", { method: "PATCH", json, as });
  for (const json of [
    { session_minutes: 4 },
    { time_zone: "Mars/Olympus" },
    { allowed_modes: [] },
    { allowed_modes: ["pdf", "pdf"] },
    { max_pages: 0 },
    { retention: 31 },
    { level_1: "weeks" },
    { unknown: true },
  ]) {
    const answer = await change(json);
    assert.deepEqual([answer.status, codeOf(answer)], [400, "INVALID_REQUEST"], JSON.stringify(json));
  }
  assert.deepEqual((await c.ask("/settings", { as })).body, before.body);
  const wanted = {
    accept_anything: true,
    allowed_modes: ["online"],
    max_pages: 3,
    retention: 365,
    time_zone: "Asia/Kolkata",
  };
  const after = await change(wanted);
  assert.deepEqual(after.body, { ...(before.body as object), ...wanted });
  const audited = await c.http.database.kysely
    .selectFrom("audit")
    .select("detail")
    .where("env_id", "=", envId)
    .where("action", "=", "settings.update")
    .execute();
  assert.deepEqual(new Set(audited.map(({ detail }) => detail["name"])), new Set(Object.keys(wanted)));
});

test("what a session may ask for follows the settings", async () => {
  const settings = { accept_anything: true, allowed_modes: ["online" as const], max_pages: 1 };
  const { credentials: as } = await c.http.newEnvironment(settings);
  const create = (json: object) => c.http.call(`${V1}/session/`, { json: { link_id: "c-1", ...json }, as });
  isEnvelope(
    await create({ mode: "pdf", bank_name: "axis" }),
    403,
    "MODE_NOT_ENABLED",
    "Specified mode not enabled. Contact FinBox Admin.",
  );
  const acceptsOf = async (made: Answer) =>
    (
      await c.http.database.kysely
        .selectFrom("sessions")
        .select("accept_anything")
        .where("public_id", "=", field(made.body, "session_id"))
        .executeTakeFirstOrThrow()
    ).accept_anything;
  assert.equal(await acceptsOf(await create({})), true);
  assert.equal(await acceptsOf(await create({ accept_anything: false })), false);
});
