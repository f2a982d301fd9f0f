import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { Webhook } from "standardwebhooks";
import { describeWebhook, runListen, startReceiver, type ReceivedWebhook } from "./listen-command.ts";

const secret = `whsec_${Buffer.alloc(24, 5).toString("base64")}`;
const body = JSON.stringify({ event_name: "ENRICHMENT_NOTIFICATION", session_id: "s" });

function signedHeaders(by: string): Record<string, string> {
  const at = new Date();
  return {
    "webhook-id": "evt_1",
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": new Webhook(by).sign("evt_1", at, body),
  };
}

test("it verifies, answers and hands on", async (context) => {
  const got: ReceivedWebhook[] = [];
  const receiver = await startReceiver({ port: 0, secret, onWebhook: (webhook) => got.push(webhook) });
  context.after(() => receiver.close());
  const other = `whsec_${Buffer.alloc(24, 6).toString("base64")}`;
  const statuses: number[] = [];
  for (const headers of [signedHeaders(secret), signedHeaders(other), {}]) {
    statuses.push((await fetch(receiver.url, { method: "POST", headers, body })).status);
  }
  assert.deepEqual(statuses, [200, 401, 401]);
  assert.deepEqual(
    got.map(({ id, verified, fault }) => [id, verified, fault]),
    [
      ["evt_1", true, null],
      ["evt_1", false, "signature"],
      ["", false, "missing_header"],
    ],
  );
  assert.equal((await fetch(receiver.url)).status, 405);
  const [first] = got;
  assert.ok(first);
  const text = describeWebhook(first, process.stdout);
  assert.match(text, /ENRICHMENT_NOTIFICATION.*evt_1.*signature verified/s);
  assert.match(text, /"session_id": "s"/);
});

test("wrong usage is 2, a taken port is 1", async (context) => {
  const stream = Object.assign(new PassThrough(), { isTTY: false });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only write is used
  const io = {
    stdout: stream as unknown as NodeJS.WriteStream,
    stderr: stream as unknown as NodeJS.WriteStream,
    env: {},
  };
  assert.equal(await runListen(["--port", "many"], io), 2);
  assert.equal(await runListen(["--secret", "hunter2"], io), 2);
  assert.equal(await runListen(["--colour"], io), 2);
  const receiver = await startReceiver({ port: 0, secret: null, onWebhook: () => undefined });
  context.after(() => receiver.close());
  assert.equal(await runListen(["--port", new URL(receiver.url).port], io), 1);
});
