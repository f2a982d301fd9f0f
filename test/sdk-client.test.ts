/** The client of `sdk/` against the real server: what is new beside a session's main path. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createBankbellClient, type BankbellClient } from "../sdk/index.ts";
import { openHttp, type Http } from "./http-setup.ts";
import { fullStatement } from "./intake-setup.ts";

let http: Http;
let client: BankbellClient;
before(async () => {
  http = await openHttp();
  client = createBankbellClient({ baseUrl: http.url, ...http.credentials });
});
after(() => http.close());

test("an entity: made once, uploaded to, read, listed", async () => {
  const entity = await client.createEntity({ link_id: "customer-7", meta_data: { branch: 4 } });
  assert.deepEqual(await client.createEntity({ link_id: "customer-7" }), entity);
  assert.deepEqual(await client.entity(entity.entity_id), entity);
  assert.deepEqual(await client.entities({ link_id: "customer-7" }), {
    count: 1,
    next: null,
    previous: null,
    results: [entity],
  });
  const file = http.fileOf(fullStatement());
  const uploaded = await client.uploadEntityStatement({ link_id: "customer-7", file });
  assert.deepEqual([uploaded.entity_id, uploaded.status], [entity.entity_id, 1]);
  const read = await client.readEntity(entity.entity_id, "transactions");
  assert.ok(read.transactions.length > 0);
  assert.deepEqual(
    read.progress.map(({ statement_id }) => statement_id),
    [uploaded.statement_id],
  );
  const other = { account_id: uploaded.statement_id };
  assert.deepEqual((await client.readEntity(entity.entity_id, "transactions", other)).transactions, []);
  const [kept] = await client.entityFiles(entity.entity_id);
  assert.equal(kept?.statement_id, uploaded.statement_id);
});

test("an entity's refused upload and its webhooks", async () => {
  const locked = http.badFile({ code: "PASSWORD_INCORRECT" });
  const upload = client.uploadEntityStatement({ link_id: "customer-8", file: locked });
  await assert.rejects(upload, { status: 400, code: "3", message: "Password incorrect" });
  await client.updateEntityWebhook("http://127.0.0.1:9/hook");
  await client.uploadEntityStatement({ link_id: "customer-8", file: http.fileOf(fullStatement()) });
  const payloads = await client.entityWebhookPayloads("customer-8");
  assert.deepEqual(
    payloads.map(({ link_id, progress }) => [link_id, progress]),
    [["customer-8", "completed"]],
  );
});

test("a session's files, payloads and end; the catalogue", async () => {
  const { session_id } = await client.createSession({ link_id: "customer-9", accept_anything: true });
  await client.upload({ session_id, file: http.fileOf(fullStatement()) });
  const [file] = await client.files(session_id);
  assert.equal(file?.message, "Success");
  assert.ok(Array.isArray(await client.webhookPayloads(session_id)));
  await client.deleteSession(session_id);
  await assert.rejects(client.progress(session_id), { status: 410, code: "SESSION_DELETED" });
  assert.ok((await client.banks()).some(({ name }) => name === "HDFC"));
});
