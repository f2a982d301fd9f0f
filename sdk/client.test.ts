import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BankbellError, createBankbellClient } from "./index.ts";

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

describe("client of entities", () => {
  test("names the entity flow's errors: a number, or the field", async () => {
    const { client } = fakeServer(
      { status: 400, body: { entity_id: "e", message: "Password incorrect", status: 3 } },
      { status: 400, body: { bank_name: ["This field is required."], status: 0 } },
      { status: 404, body: { detail: "Not found." } },
      { status: 502, body: [] },
    );
    const file = Buffer.from("%PDF");
    const upload = () => client.uploadEntityStatement({ link_id: "c", file });
    await assert.rejects(upload(), { status: 400, code: "3", message: "Password incorrect" });
    await assert.rejects(upload(), { code: "0", message: "bank_name, This field is required." });
    await assert.rejects(client.entity("x"), { status: 404, code: "", message: "Not found." });
    await assert.rejects(client.entity("x"), { code: "", message: "The server answered 502." });
  });

  test("reads and uploads of entities go where the contract has them", async () => {
    const { calls, client } = fakeServer({ body: { statements: [], payloads: [], banks: [] } });
    const file = { url: "https://files.example/a.pdf" };
    await client.createEntity({ link_id: "c" });
    await client.entity("e");
    await client.entities();
    await client.entities({ page: 2, link_id: "a&b" });
    await client.uploadEntityStatement({ entity_id: "e", file });
    await client.uploadEntityStatement({ link_id: "c", bank_name: "axis", file });
    await client.readEntity("e", "accounts");
    await client.readEntity("e", "transactions", { account_id: "a" });
    assert.deepEqual(await client.entityFiles("e"), []);
    await client.updateEntityWebhook("https://a.example/");
    assert.deepEqual(await client.entityWebhookPayloads("c d"), []);
    assert.deepEqual(
      calls.map(({ method, path }) => `${method} ${path}`),
      [
        "POST /entity/",
        "GET /entity/e/",
        "GET /entity/",
        "GET /entity/?page=2&link_id=a%26b",
        "POST /statement/bankless_upload/?identity=true",
        "POST /statement/upload/?identity=true",
        "GET /entity/e/accounts/",
        "GET /entity/e/transactions/?account_id=a",
        "GET /entity/e/get_pdfs/",
        "POST /entity/update_webhook/",
        "GET /entity/webhook_payloads/?link_id=c+d",
      ],
    );
    assert.deepEqual(calls[4]?.form, { entity_id: "e", file_url: file.url });
    assert.deepEqual(calls[5]?.form, { link_id: "c", bank_name: "axis", file_url: file.url });
    assert.deepEqual(JSON.parse(calls[9]?.body ?? ""), {
      webhook_url: "https://a.example/",
      webhook_mode: 1,
    });
  });
});
