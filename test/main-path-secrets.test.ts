/** The main path at the most talkative log level: no secret and nothing personal in anything that is written down. */
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { startChildServer, type ChildServer } from "../src/child-server.ts";
import {
  clusterOf,
  connectTo,
  ENRICHMENT,
  rangeOf,
  startLedger,
  until,
  type Receiver,
} from "./main-path-setup.ts";
import { statement } from "./statements/catalogue.ts";

const MASTER_KEY = randomBytes(32).toString("base64");
const QUERY_KEY = "receivers-own-key-3141592653";
const FILE_NAME = "Diya Pothurani 2024.pdf";

let server: ChildServer;
let receiver: Receiver;
let log = "";

before(async () => {
  const env = { BANKBELL_LOG_LEVEL: "debug", BANKBELL_MASTER_KEY: MASTER_KEY };
  server = await startChildServer({ env, onLog: (text) => (log += text) });
  let failed = false;
  receiver = await startLedger({
    secret: server.keys.webhookSecret,
    // One attempt that fails is logged, too.
    answer: () => (failed ? 200 : ((failed = true), 500)),
  });
  await server.client.updateWebhook(`${receiver.url}?key=${QUERY_KEY}`);
});
after(async () => {
  await receiver.close();
  await server.stop();
});

async function play(name: string, from: string, to: string): Promise<void> {
  const { client } = server;
  const { session_id } = await client.createSession({
    link_id: "c-1",
    mobile_number: "9876501234",
    ...rangeOf(from, to),
  });
  const { bytes, truth } = await statement(name);
  const upload = { session_id, file: bytes, file_name: FILE_NAME };
  if (truth.password !== null) {
    await assert.rejects(client.upload({ ...upload, pdf_password: "not-the-password" }));
    await client.upload({ ...upload, pdf_password: truth.password });
  } else await client.upload(upload);
  await assert.rejects(client.upload({ ...upload, pdf_password: truth.password ?? "" }), {
    code: "STATEMENT_DUPLICATE",
  });
  await client.initiateProcessing(session_id);
  const database = await connectTo(server);
  await until("the enrichment", async () => {
    await database.query("update queue set due_at = now()");
    return receiver.of(session_id, ENRICHMENT).some(({ status }) => status === 200);
  });
  await database.end();
  await client.uploadStatus(session_id);
  await client.status(session_id);
  await client.transactions(session_id);
}

/** Requests that fail, which are the ones that talk. */
async function provoke(): Promise<void> {
  const { apiKey, serverHash } = server.keys;
  const v1 = `${server.url}/bank-connect/v1`;
  const headers = { "x-api-key": apiKey, "server-hash": serverHash, "content-type": "application/json" };
  const wrong = { ...headers, "server-hash": "a-wrong-hash-2718281828" };
  const none = "00000000-0000-4000-8000-000000000000";
  await fetch(`${v1}/session_data/${none}/progress/?key=${apiKey}`, { headers });
  await fetch(`${v1}/session_data/${none}/progress/`, { headers: wrong });
  await fetch(`${v1}/session/`, { method: "POST", headers, body: `{"api_key":"${apiKey}", broken` });
  await fetch(`${v1}/session/`, {
    method: "POST",
    headers,
    body: JSON.stringify({ api_key: apiKey, link_id: "c-1", mobile_number: "98765012345" }),
  });
}

test("neither the log, nor the terminal, nor PostgreSQL's log holds any of it", async () => {
  await play("hdfc-encrypted", "2024-02-01", "2024-02-29");
  await play("hdfc-balance-off-by-one", "2024-01-01", "2024-03-31");
  await provoke();
  await server.stop({ keepData: true });
  const postgres = await readFile(join(dirname(clusterOf(server.dataDir)), "postgres.log"), "utf8");
  assert.match(log, /"msg":"request"/, "it did talk");
  assert.match(log, /"level":20/, "at debug");
  assert.match(postgres, /database system is ready/);

  for (const [what, secret] of await secrets()) {
    for (const [where, text] of Object.entries({ log, postgres, terminal: server.printed() })) {
      const at = text.indexOf(secret);
      assert.equal(at, -1, `${what} in ${where}: …${text.slice(Math.max(0, at - 80), at)}`);
    }
  }
});

/** By what they are; longer ones also by a part, since a log may cut them. */
async function secrets(): Promise<[what: string, text: string][]> {
  const { apiKey, serverHash, webhookSecret } = server.keys;
  const all: [string, string][] = [
    ["API key", apiKey],
    ["API key's hash", createHash("sha256").update(apiKey).digest("hex")],
    ["server hash", serverHash],
    ["webhook secret", webhookSecret.slice("whsec_".length)],
    ["master key", MASTER_KEY],
    ["a wrong server hash", "a-wrong-hash-2718281828"],
    ["the receiver's own key", QUERY_KEY],
    ["a wrong PDF password", "not-the-password"],
    ["mobile number", "9876501234"],
    ["file name", "Pothurani"],
  ];
  for (const name of ["hdfc-encrypted", "hdfc-balance-off-by-one"]) {
    const { truth } = await statement(name);
    if (truth.password !== null) all.push(["PDF password", truth.password]);
    for (const { account_number, name: holder, address, ifsc, transactions } of truth.statements) {
      all.push(["account number", account_number ?? ""], ["holder", holder], ["IFSC", ifsc ?? ""]);
      all.push(["address", address.slice(0, 20)]);
      for (const { description } of transactions) all.push(["narration", description.slice(0, 24)]);
    }
  }
  for (const [what, text] of all) assert.ok(text.length >= 6, what);
  return all;
}
