import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { createTestDatabase, type TestDatabase } from "../../test/harness/database.ts";
import { sealKey } from "../platform/crypto.ts";
import { createEnvironment } from "../store/environments.ts";
import { createKeyring } from "./keyring.ts";

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.drop());

const master = sealKey(randomBytes(32));
const credentials = { apiKey: "an-invented-key", serverHash: "an-invented-hash" };

test("a key is remembered for three seconds, and a revoked one not a moment longer", async () => {
  const wanted = { organisation: "Test", mode: "sandbox", credentials, webhookSecret: "whsec_" } as const;
  const envId = await createEnvironment(database.kysely, master, wanted, Temporal.Now.instant());
  let now = 0;
  const keyring = createKeyring(database.kysely, master, Temporal.Now.instant, () => now);
  assert.equal(keyring.remembered(credentials.apiKey), undefined);
  const caller = await keyring.find(credentials.apiKey);
  assert.equal(caller?.env.id, envId);
  assert.match(caller.actor, /^api_key:key_/);
  assert.equal(await keyring.find("another"), null);
  assert.deepEqual([keyring.isFamiliar(credentials.apiKey), keyring.isFamiliar("another")], [true, false]);

  await database.pool.query("update api_keys set revoked_at = now()");
  now = 2999;
  assert.equal(await keyring.find(credentials.apiKey), caller);
  now = 3000;
  assert.equal(keyring.remembered(credentials.apiKey), undefined);
  assert.equal(keyring.isFamiliar(credentials.apiKey), true);
  assert.equal(await keyring.find(credentials.apiKey), null);
  assert.equal(keyring.isFamiliar(credentials.apiKey), false);
});
