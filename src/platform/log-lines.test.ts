import assert from "node:assert/strict";
import { test } from "node:test";
import { createLog } from "./telemetry.ts";
import { readable } from "./log-lines.ts";

function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  let text = "";
  write(createLog("debug", { write: (line) => (text += line) }));
  return text;
}

test("a line reads as time, level, message and fields", () => {
  const line = logged((log) => log.info({ method: "GET", status: 200 }, "request"));
  assert.match(readable(line, false), /^\d\d:\d\d:\d\d info {2}request method=GET status=200$/);
});

test("an error brings its stack", () => {
  const line = logged((log) => log.error({ err: new Error("boom") }, "failed"));
  assert.match(readable(line, false), /error failed\nError: boom\n +at /);
});

test("secrets and personal data do not pass, at any depth that we log", () => {
  const secret = "do-not-show";
  const line = logged((log) => {
    log.info({
      apiKey: secret,
      headers: { "x-api-key": secret, "server-hash": secret },
      body: { pdf_password: secret },
    });
    log.warn({
      account: { name: secret, account_number: secret },
      request: { headers: { authorization: secret } },
    });
  });
  assert.ok(!line.includes(secret));
  assert.equal(line.match(/\[redacted\]/g)?.length, 7);
});

test("an error is logged without what hangs on it", () => {
  const error = Object.assign(new Error("connection lost", { cause: new Error("reset") }), {
    code: "08006",
    client: { secretKey: 12_345 },
  });
  const line = logged((log) => log.warn({ err: error }, "lost"));
  assert.ok(!line.includes("12345"));
  assert.match(line, /"code":"08006"/);
  assert.match(line, /"message":"reset"/);
});
