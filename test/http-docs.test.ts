/** The OpenAPI document, the page, and what an operator asks. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ALL_KINDS } from "../src/events/catalogue.ts";
import { renderDocs } from "../src/http/docs-page.ts";
import { openHttp, type Http } from "./http-setup.ts";
import { OPENBANKING_ROUTES } from "./openbanking-routes.ts";

let http: Http;
before(async () => {
  http = await openHttp();
});
after(() => http.close());

interface Operation {
  operationId: string;
  summary: string;
  tags?: string[];
  security?: Record<string, unknown>[];
  requestBody?: { content: Record<string, { schema: Record<string, unknown> }> };
  responses: Record<string, { description: string; content?: Record<string, Record<string, unknown>> }>;
}

interface Document {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  webhooks: Record<
    string,
    { post: { summary: string; requestBody: { content: Record<string, { example: unknown }> } } }
  >;
  components: { securitySchemes: Record<string, { name?: string; scheme?: string }> };
}

const document = async () => (await http.call("/openapi.json")).body as Document;

const V1 = "/bank-connect/v1";
const ROUTES = [
  "get /healthz",
  "get /readyz",
  "get /metrics",
  `post ${V1}/session/`,
  "post /bank-connect/v2/session/",
  `post ${V1}/statement/upload_session/`,
  `post ${V1}/session_data/update_webhook/`,
  `get ${V1}/session_data/{session_id}/session_upload_status/`,
  `post ${V1}/session_data/{session_id}/initiate_processing/`,
  `get ${V1}/session_data/{session_id}/progress/`,
  `get ${V1}/session_data/{session_id}/session_status/`,
  `get ${V1}/session_data/{session_id}/transactions/`,
  `get ${V1}/session_data/{session_id}/insights/`,
  `get ${V1}/session_data/{session_id}/identity/`,
  `get ${V1}/session_data/{session_id}/xlsx_report/`,
  `get ${V1}/session_data/{session_id}/predictors/`,
  `get ${V1}/session_data/{session_id}/eod_balances/`,
  `get ${V1}/session_data/{session_id}/monthly_analysis_updated/`,
  `get ${V1}/session_data/{session_id}/recurring_transactions/`,
  `get ${V1}/session_data/{session_id}/webhook_payloads/`,
  `post ${V1}/entity/`,
  `get ${V1}/entity/`,
  `get ${V1}/entity/{entity_id}/`,
  `get ${V1}/entity/{entity_id}/get_pdfs/`,
  `get ${V1}/session_data/{session_id}/get_pdfs/`,
  `delete ${V1}/session_data/{session_id}/delete/`,
  `get ${V1}/banks/catalogue/`,
  `post ${V1}/account_aggregator/get_recurring_consent_details/`,
  `post ${V1}/account_aggregator/fetch_recurring_aa_data/`,
  `post ${V1}/statement/upload/`,
  `post ${V1}/statement/bankless_upload/`,
  `post ${V1}/statement/upload_base64/`,
  `post ${V1}/statement/bankless_upload_base64/`,
  `post ${V1}/entity/update_webhook/`,
  `post ${V1}/entity/{entity_id}/net_banking_link/`,
  `get ${V1}/entity/webhook_payloads/`,
  `get ${V1}/entity/{entity_id}/accounts/`,
  `get ${V1}/entity/{entity_id}/identity/`,
  `get ${V1}/entity/{entity_id}/transactions/`,
  `get ${V1}/entity/{entity_id}/lender_transactions/`,
  `get ${V1}/entity/{entity_id}/salary/`,
  `get ${V1}/entity/{entity_id}/recurring_transactions/`,
  `get ${V1}/entity/{entity_id}/get_expense_categories/`,
  `get ${V1}/entity/{entity_id}/top_credits_debits/`,
  `get ${V1}/entity/{entity_id}/monthly_analysis_updated/`,
  `get ${V1}/entity/{entity_id}/monthly_analysis/`,
  `get ${V1}/entity/{entity_id}/xlsx_report/`,
  `get ${V1}/entity/{entity_id}/predictors/`,
  `get ${V1}/entity/{entity_id}/score/`,
  `get ${V1}/net_banking_health/`,
  ...Object.keys(OPENBANKING_ROUTES),
];

test("the document is OpenAPI 3.1 and has every route, and no other", async () => {
  const { openapi, info, paths, components } = await document();
  assert.equal(openapi, "3.1.0");
  assert.equal(info.title, "Bankbell");
  // The console's own are listed in console.test.ts.
  const routes = Object.entries(paths)
    .filter(([path]) => !path.startsWith("/console/api/"))
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`));
  assert.deepEqual(new Set(routes), new Set(ROUTES));
  assert.equal(routes.length, ROUTES.length);
  assert.deepEqual(
    Object.values(components.securitySchemes).map(({ name, scheme }) => name ?? scheme),
    ["x-api-key", "server-hash", "basic", "bearer"],
  );
});

test("every operation says what it is, what it needs and what it answers, with examples", async () => {
  const { paths } = await document();
  const ids = new Set<string>();
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const { operationId, summary, responses, security, tags } = operation;
      assert.ok(operationId && summary, `${method} ${path}`);
      assert.equal(ids.has(operationId), false, operationId);
      ids.add(operationId);
      if (tags?.includes("Operation")) continue;
      assert.ok(security, path);
      for (const [status, { description, content }] of Object.entries(responses)) {
        assert.notEqual(description, "Default Response");
        const media = content?.["application/json"] ?? content?.["text/event-stream"];
        assert.ok(media && ("example" in media || "examples" in media), `${method} ${path} ${status}`);
      }
    }
  }
});

test("every reference inside the document leads somewhere, and no schema is empty by accident", async () => {
  const text = JSON.stringify(await document());
  for (const [, pointer = ""] of text.matchAll(/"\$ref":"#([^"]+)"/g)) {
    const found = pointer
      .split("/")
      .slice(1)
      .reduce<unknown>((at, key) => Reflect.get(at as object, key), JSON.parse(text));
    assert.ok(found, pointer);
  }
  const { paths } = await document();
  const creation = paths[`${V1}/session/`]?.["post"]?.requestBody?.content;
  assert.deepEqual(Object.keys(creation ?? {})[0], "application/json");
  const schema = creation?.["application/json"]?.schema;
  assert.deepEqual(schema?.["required"], ["link_id"]);
  assert.ok(Object.keys(schema?.["properties"] ?? {}).length > 15);
});

test("webhooks come from the catalogue", async () => {
  const { webhooks } = await document();
  assert.deepEqual(
    Object.keys(webhooks),
    ALL_KINDS.map(({ type }) => type),
  );
  for (const [type, { post }] of Object.entries(webhooks)) {
    const example = post.requestBody.content["application/json"]?.example as Record<string, unknown>;
    // The entity flow's body has no name of its own.
    if ("entity_id" in example) continue;
    assert.equal(example["event_name"] ?? example["type"], type);
  }
});

test("the page shows every operation and event, and asks no other host", async () => {
  const { status, text, headers } = await http.call("/docs");
  assert.equal(status, 200);
  assert.match(headers.get("content-type") ?? "", /^text\/html/);
  const policy = headers.get("content-security-policy") ?? "";
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /style-src 'self'/);
  assert.equal(/script-src|unsafe|https?:/.test(policy), false, policy);
  assert.equal(/<script|\son\w+=|\sstyle=/i.test(text), false, "no script, no inline style");
  const loaded = [...text.matchAll(/<(?:link|img|script|iframe|source)\b[^>]*\b(?:href|src)="([^"]+)"/g)].map(
    ([, url]) => url,
  );
  assert.deepEqual(loaded, ["/docs/style.css"]);
  const links = [...text.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
  for (const id of links) assert.ok(text.includes(`id="${id}"`), `#${id}`);
  for (const { type } of ALL_KINDS) assert.ok(text.includes(type));
  for (const route of ROUTES) assert.ok(text.includes(route.split(" ")[1] ?? route), route);

  const style = await http.call("/docs/style.css");
  assert.match(style.headers.get("content-type") ?? "", /^text\/css/);
  assert.equal(/@import|url\(/.test(style.text), false);
  assert.equal((await http.call("/docs/")).status, 200);
});

test("what a document says cannot become markup", () => {
  const evil = "<script>alert(1)</script>";
  const operation = {
    operationId: evil,
    summary: evil,
    description: `\`${evil}\``,
    tags: ["t"],
    responses: { "200": { description: evil } },
  };
  const page = renderDocs({
    info: { title: evil, version: evil },
    tags: [{ name: "t" }],
    paths: { [evil]: { get: operation } },
  });
  assert.equal(page.includes("<script"), false);
});

test("alive, ready, measured", async () => {
  assert.deepEqual((await http.call("/healthz")).body, { status: "ok" });
  assert.deepEqual((await http.call("/readyz")).body, { status: "ready" });
  await http.database.pool.query(
    "insert into schema_migrations (number, name, hash) values (9999, 'x', 'x')",
  );
  const ahead = await http.call("/readyz");
  assert.equal(ahead.status, 503);
  assert.deepEqual(ahead.body, { status: "unavailable", reason: "migrations" });
  await http.database.pool.query("delete from schema_migrations where number = 9999");
  const { text, headers } = await http.call("/metrics");
  assert.match(headers.get("content-type") ?? "", /^text\/plain/);
  assert.match(text, /bankbell_http_request_seconds_count\{method="GET",route="\/healthz",status="200"\} 1/);
});

test("answers carry an id of their own and the headers that protect a browser", async () => {
  const { headers } = await http.call("/healthz", { headers: { "x-request-id": "mine" } });
  assert.match(headers.get("x-request-id") ?? "", /^[0-9a-f-]{36}$/);
  assert.equal(headers.get("x-content-type-options"), "nosniff");
  assert.equal(headers.get("x-powered-by"), null);
});

test("a close waits for the answer that is on its way", async () => {
  const own = await openHttp({
    fetchFile: async () => {
      void own.app.close();
      return { ok: false, reason: "status" };
    },
  });
  const session_id = await own.newSession();
  const answer = await own.call(`${V1}/statement/upload_session/`, {
    form: { session_id, file_url: "https://files.example/x" },
  });
  assert.equal(answer.status, 400);
  await own.close();
});
