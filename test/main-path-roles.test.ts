/** The roles apart: one process answers requests, another processes and delivers; the wake crosses by way of the database. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { freePort, startChildServer, type ChildServer } from "../src/child-server.ts";
import { newKeys } from "../src/first-start.ts";
import { createEmptyDatabase, type TestDatabase } from "./harness/database.ts";
import { COMPLETION, ENRICHMENT, rangeOf, startLedger, until, type Receiver } from "./main-path-setup.ts";
import { bankbell, newFolder, removeFolder, type Run } from "./start-setup.ts";
import { statement } from "./statements/catalogue.ts";

let database: TestDatabase;
let http: ChildServer;
let worker: Run;
let folder: string;
let receiver: Receiver;

before(async () => {
  database = await createEmptyDatabase();
  folder = await newFolder();
  const env = { DATABASE_URL: database.url, BANKBELL_MASTER_KEY: randomBytes(32).toString("base64") };
  const keys = newKeys({ apiKey: null, serverHash: null, webhookSecret: null });
  const given = {
    BANKBELL_API_KEY: keys.apiKey,
    BANKBELL_SERVER_HASH: keys.serverHash,
    BANKBELL_WEBHOOK_SECRET: keys.webhookSecret,
    BANKBELL_DATA_DIR: folder,
  };
  // Both at once on an empty database: one of them makes the schema, one the sandbox.
  worker = bankbell(["serve", "--roles", "jobs,deliveries"], { env: { ...env, ...given } });
  const again = { url: `http://localhost:${await freePort()}`, keys, dataDir: folder };
  http = await startChildServer({ env, again, args: ["--roles", "http"] });
  receiver = await startLedger({ secret: http.keys.webhookSecret });
});
after(async () => {
  await receiver.close();
  worker.interrupt();
  assert.equal(await worker.ended, 0);
  await http.stop();
  await database.drop();
  await removeFolder(folder);
});

test("two processes, one database: the main path, promptly", async () => {
  // Shown by the one of them that made the sandbox.
  const shown = () => [http.printed(), worker.stdout()].filter((text) => text.includes("Your sandbox keys"));
  await until("the keys", () => shown().length > 0);
  assert.equal(shown().length, 1);
  const { client } = http;
  await client.updateWebhook(receiver.url);
  const { bytes } = await statement("kotak-january");
  const waits: number[] = [];
  for (let round = 0; round < 3; round++) {
    const range = rangeOf("2024-01-01", "2024-01-31");
    const { session_id } = await client.createSession({ link_id: "c-1", ...range });
    await client.upload({ session_id, file: bytes });
    const uploaded = performance.now();
    await receiver.accepted(session_id, COMPLETION);
    waits.push(performance.now() - uploaded);
    await client.initiateProcessing(session_id);
    const initiated = performance.now();
    await receiver.accepted(session_id, ENRICHMENT);
    waits.push(performance.now() - initiated);
    assert.equal((await client.status(session_id)).accounts[0]?.account_status, "completed");
  }
  // The sweep alone would take half a second on average; the best of three is free of the machine's other work.
  const [completion = Infinity, enrichment = Infinity] = [0, 1].map((which) =>
    Math.min(...waits.filter((_, at) => at % 2 === which)),
  );
  assert.ok(completion < 1000, `completion took ${completion} ms`);
  assert.ok(enrichment < 1000, `enrichment took ${enrichment} ms`);
});
