import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { sealKey } from "../platform/crypto.ts";
import { newId } from "../platform/ids.ts";
import { createTestDatabase, type TestDatabase } from "../../test/harness/database.ts";
import { contractEndpoint, loadEndpoints, setContractEndpoint } from "./endpoints.ts";
import { createEnvironment, loadEnvironment, type Environment } from "./environments.ts";

const master = sealKey(Buffer.alloc(32, 3));
const now = Temporal.Instant.from("2024-04-16T07:47:40Z");
const later = now.add({ hours: 1 });
const webhookSecret = `whsec_${Buffer.alloc(24, 9).toString("base64")}`;
const url = "https://receiver.example/hook?key=a%2Fb";

let database: TestDatabase;
let env: Environment;
before(async () => {
  database = await createTestDatabase();
  const credentials = { apiKey: newId("key"), serverHash: newId("hash") };
  const wanted = { organisation: "Example Lending", mode: "sandbox", credentials, webhookSecret } as const;
  const loaded = await loadEnvironment(
    database.kysely,
    master,
    await createEnvironment(database.kysely, master, wanted, now),
  );
  assert.ok(loaded);
  env = loaded;
});
after(() => database.drop());
beforeEach(() => database.pool.query("delete from webhook_endpoints"));

const set = (wanted: { url: string; mode: number }, at = now) =>
  setContractEndpoint(database.kysely, env, "session", { ...wanted, now: at });

test("setting it twice keeps one endpoint with its secret, and counts the change", async () => {
  const first = await set({ url, mode: 1 });
  assert.ok(first.ok && first.created);
  const second = await set({ url: `${url}&b=2`, mode: 0 }, later);
  assert.deepEqual(second, { ...first, created: false });
  const loaded = await loadEndpoints(database.kysely, master, [first.endpointId], new Map());
  assert.deepEqual([loaded.endpoints.length, loaded.unreadable], [1, []]);
  const [endpoint] = loaded.endpoints;
  assert.equal(endpoint?.version, 2);
  assert.equal(endpoint.url, `${url}&b=2`);
  assert.equal(endpoint.format, "session");
  assert.deepEqual(endpoint.secrets, [{ secret: webhookSecret, expiresAt: null }]);
  assert.equal((await contractEndpoint(database.kysely, env.id, "session"))?.mode, 0);
  assert.equal(await contractEndpoint(database.kysely, env.id, "entity"), null);
});

test("the secret is not readable in the table", async () => {
  await set({ url, mode: 1 });
  const { secret } = await database.kysely
    .selectFrom("webhook_secrets")
    .select("secret")
    .executeTakeFirstOrThrow();
  assert.ok(!secret.includes(webhookSecret.slice(6)));
  assert.ok(!secret.includes(Buffer.alloc(24, 9)));
});

test("what is no receiver's URL or mode changes nothing", async () => {
  for (const wrong of [
    "",
    "receiver.example",
    "ftp://receiver.example/",
    "https://u:p@receiver.example/",
    `${url}${"a".repeat(2048)}`,
  ]) {
    assert.equal((await set({ url: wrong, mode: 1 })).ok, false, wrong);
  }
  for (const mode of [-1, 4, 1.5]) assert.deepEqual(await set({ url, mode }), { ok: false, reason: "mode" });
  assert.equal(await contractEndpoint(database.kysely, env.id, "session"), null);
});

test("a disabled endpoint is enabled by setting it again", async () => {
  const first = await set({ url, mode: 1 });
  assert.ok(first.ok);
  const status = async () => (await contractEndpoint(database.kysely, env.id, "session"))?.status;
  await database.kysely
    .updateTable("webhook_endpoints")
    .set({ status: "disabled", status_reason: "410" })
    .where("id", "=", first.endpointId)
    .execute();
  assert.equal(await status(), "disabled");
  await set({ url, mode: 1 }, later);
  assert.equal(await status(), "enabled");
});
