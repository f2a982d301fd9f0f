import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BankbellError, createBankbellClient } from "./client.ts";

interface Call {
  method: string;
  path: string;
  headers: Headers;
  body: string;
  form: Record<string, unknown>;
}

/** Answers in turn and keeps what was asked. */
function fakeServer(...answers: { status?: number; body: unknown }[]) {
  const calls: Call[] = [];
  const client = createBankbellClient({
    baseUrl: "https://bank.example/",
    apiKey: "key",
    serverHash: "hash",
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const form = request.headers.get("content-type")?.startsWith("multipart/") ?? false;
      calls.push({
        method: request.method,
        path: request.url.replace("https://bank.example/bank-connect/v1", ""),
        headers: request.headers,
        form: form ? Object.fromEntries(await request.formData()) : {},
        body: form ? "" : await request.text(),
      });
      const answer = answers[Math.min(calls.length, answers.length) - 1];
      return Response.json(answer?.body, { status: answer?.status ?? 200 });
    },
  });
  return { calls, client };
}

describe("client", () => {
  test("creates a session with the key in the body", async () => {
    const { calls, client } = fakeServer({ body: { session_id: "s", redirect_url: "r" } });
    assert.deepEqual(await client.createSession({ link_id: "customer-1" }), {
      session_id: "s",
      redirect_url: "r",
    });
    assert.equal(calls[0]?.path, "/session/");
    assert.deepEqual(JSON.parse(calls[0]?.body ?? ""), { link_id: "customer-1", api_key: "key" });
  });

  test("uploads bytes as a file and a URL as file_url", async () => {
    const { calls, client } = fakeServer({ body: { statement_id: "t" } });
    await client.upload({ session_id: "s", file: Buffer.from("%PDF"), pdf_password: "p" });
    await client.upload({ session_id: "s", file: { url: "https://files.example/a.pdf" } });
    const [bytes, link] = calls.map((call) => call.form);
    assert.ok(bytes?.["file"] instanceof File);
    assert.equal(await bytes["file"].text(), "%PDF");
    assert.equal(bytes["upload_type"], "PDF");
    assert.equal(bytes["pdf_password"], "p");
    assert.equal(link?.["file_url"], "https://files.example/a.pdf");
    assert.equal(calls[0]?.headers.get("x-api-key"), "key");
  });

  test("waits until processing is completed, then reads the status", async () => {
    const { calls, client } = fakeServer(
      { body: { session_progress: "processing" } },
      { body: { session_progress: "completed" } },
      { body: { session_id: "s", accounts: [] } },
    );
    assert.deepEqual(await client.waitUntilReady("s", { everyMs: 1 }), { session_id: "s", accounts: [] });
    assert.deepEqual(
      calls.map(({ path }) => path),
      ["/session_data/s/progress/", "/session_data/s/progress/", "/session_data/s/session_status/"],
    );
    assert.equal(calls[0]?.headers.get("server-hash"), "hash");
  });

  test("reads insights and the links of reports", async () => {
    const report = { link: "https://bank.example/files/reports/a.xlsx", account_id: "a" };
    const { calls, client } = fakeServer(
      { body: { session_id: "s", accounts: [] } },
      { body: { session_id: "s", reports: [report] } },
    );
    assert.deepEqual((await client.insights("s")).accounts, []);
    assert.deepEqual(await client.reports("s"), [report]);
    assert.deepEqual(
      calls.map(({ path }) => path),
      ["/session_data/s/insights/", "/session_data/s/xlsx_report/"],
    );
  });

  test("gives up in time", async () => {
    const { client } = fakeServer({ body: { session_progress: "processing" } });
    await assert.rejects(client.waitUntilReady("s", { everyMs: 1, timeoutMs: 5 }), { code: "TIMEOUT" });
  });

  test("names the contract's errors", async () => {
    const error = { code: "SESSION_NOT_FOUND", message: "The provided session ID is invalid" };
    const { client } = fakeServer({ status: 404, body: { error } }, { status: 401, body: { detail: "No." } });
    await assert.rejects(client.status("x"), (thrown) => {
      assert.ok(thrown instanceof BankbellError);
      assert.deepEqual([thrown.status, thrown.code, thrown.message], [404, error.code, error.message]);
      return true;
    });
    await assert.rejects(client.status("x"), { code: "", message: "No." });
  });
});
