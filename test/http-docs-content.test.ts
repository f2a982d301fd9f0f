/** What the OpenAPI document says is what goes out. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { EVENT_BODIES } from "../src/http/bankconnect/event-bodies.ts";
import type { EventType } from "../src/events/catalogue.ts";
import { fullStatement } from "./intake-setup.ts";
import { multipart, openHttp, V1, type Http } from "./http-setup.ts";

let http: Http;
let document: Document;
before(async () => {
  http = await openHttp();
  document = (await http.call("/openapi.json")).body as Document;
});
after(() => http.close());

interface Schema {
  type?: string | string[];
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: unknown;
  minimum?: number;
  anyOf?: unknown;
}
interface Media {
  schema: Schema;
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}
interface Operation {
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { description: string; content?: Record<string, Media> }>;
}
interface Document {
  info: { description: string };
  paths: Record<string, Record<string, Operation>>;
  webhooks: Record<string, { post: Operation }>;
}

const operation = (method: string, path: string): Operation => {
  const found = document.paths[`${V1}${path}`]?.[method];
  assert.ok(found, path);
  return found;
};

function errorsOf({ responses }: Operation): { code: string | undefined; message: string }[] {
  return Object.entries(responses).flatMap(([status, { content }]) => {
    if (status.startsWith("2")) return [];
    return Object.values(content ?? {}).flatMap(({ example, examples = {} }) =>
      [example, ...Object.values(examples).map(({ value }) => value)]
        // The entity flow's errors carry no code.
        .filter((value) => typeof value === "object" && value !== null && "error" in value)
        .map(
          (value) => Reflect.get(value as object, "error") as { code: string | undefined; message: string },
        ),
    );
  });
}

test("no name of ours stands where a code of the wire is meant", async () => {
  const text = JSON.stringify(document);
  const page = (await http.call("/docs")).text;
  for (const name of [
    "NOT_A_FORM",
    "UNKNOWN_BANK_NAME",
    "HTTPS_REQUIRED",
    "ROUTE_NOT_ALLOWED",
    "undefined",
  ]) {
    assert.equal(text.includes(name), false, name);
    assert.equal(page.includes(name), false, name);
  }
  // Described codes are those of the examples.
  for (const methods of Object.values(document.paths)) {
    for (const { responses } of Object.values(methods)) {
      for (const [status, response] of Object.entries(responses)) {
        if (!status.startsWith("4")) continue;
        const described = [...response.description.matchAll(/`([A-Za-z_0-9]+)`/g)].map(([, code]) => code);
        const shown = errorsOf({ responses: { [status]: response } }).map(({ code }) => code);
        const printed = new Set(shown.filter((code) => code !== undefined));
        assert.deepEqual(new Set(described), printed, response.description);
        assert.equal(response.description.includes("without a code"), shown.includes(undefined));
      }
    }
  }
});

test("the upload lists every code that it can answer, and none that it cannot", () => {
  const codes = new Set(errorsOf(operation("post", "/statement/upload_session/")).map(({ code }) => code));
  for (const code of [
    "STATEMENT_TOO_MANY_PAGES",
    "STATEMENT_NO_TRANSACTIONS",
    "UNPARSABLE",
    "EXTRACTION_FAILED",
    "INVALID_REQUEST",
    "INVALID_FILE_OBJECT",
    "BANK_NAME_MISMATCH",
    "SESSION_DELETED",
  ])
    // prettier-ignore
    assert.ok(codes.has(code), code);
  assert.equal(codes.has("TRIAL_PERIOD_EXPIRED"), false);
});

test("an example speaks of the operation that it stands with", () => {
  const messages = (method: string, path: string) =>
    errorsOf(operation(method, path)).map(({ message }) => message);
  assert.ok(messages("post", "/session_data/update_webhook/").includes("webhook_url, Enter a valid URL."));
  assert.ok(messages("post", "/session/").includes("link_id, This field is required."));
  assert.ok(
    messages("post", "/statement/upload_session/").includes('upload_type, "ZIP" is not a valid choice.'),
  );
});

test("what every path may answer is said once, as it goes out", async () => {
  const { description } = document.info;
  for (const said of [
    "403 `ACCESS_DENIED`",
    "405 `METHOD_NOT_ALLOWED`",
    "429 `TOO_MANY_REQUESTS`",
    "503 `SERVICE_UNAVAILABLE`",
  ])
    assert.ok(description.includes(said), said);
  assert.ok((await http.call("/docs")).text.includes("<code>SERVICE_UNAVAILABLE</code>"));
});

test("types are those that are taken", () => {
  const { content } = operation("post", "/session/").requestBody ?? {};
  assert.deepEqual(Object.keys(content ?? {}), [
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
  ]);
  const fields = content?.["application/json"]?.schema.properties ?? {};
  assert.deepEqual(fields["session_expiry"]?.type, ["integer", "string"]);
  const { metadata } = fields;
  assert.deepEqual(metadata?.type, ["object", "null"]);
  assert.deepEqual(Object.keys(metadata?.properties ?? {}), [
    "names",
    "employer_names",
    "companies_for_self_transfer",
  ]);
  assert.equal(metadata?.properties?.["names"]?.type, "array");
  assert.equal(fields["aa_recurring_tenure_month_count"]?.minimum, undefined);
});

test("bodies that we send may grow", () => {
  const seen: unknown[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    if ("additionalProperties" in value) seen.push(value.additionalProperties);
    for (const inner of Object.values(value)) visit(inner);
  };
  visit(document.webhooks);
  for (const methods of Object.values(document.paths))
    for (const { responses } of Object.values(methods)) visit(responses);
  assert.equal(seen.includes(false), false);
});

test("what is sent has the documented fields, and no other", async () => {
  const id = await http.newSession();
  await http.upload(id, http.fileOf(fullStatement()));
  await http.call(`${V1}/session_data/${id}/initiate_processing/`, { method: "POST" });
  await http.runJob("process_session", id);
  const json = { webhook_url: "https://example.com/entity", webhook_mode: 1 };
  await http.call(`${V1}/entity/update_webhook/`, { json });
  await http.call(`${V1}/statement/bankless_upload/`, {
    multipart: multipart({ link_id: "documented" }, http.fileOf(fullStatement())),
  });
  const expiring = await http.newSession({ session_expiry: 5, accept_anything: true });
  http.setNow("2024-04-25T10:30:00Z");
  await http.runJob("expire_session", expiring);
  const seen = new Set<string>();
  const histories = [id, expiring].map((session) => `session_data/${session}/webhook_payloads/`);
  for (const history of [...histories, "entity/webhook_payloads/?link_id=documented"]) {
    const { body } = await http.call(`${V1}/${history}`);
    for (const payload of Reflect.get(body as object, "payloads") as Record<string, unknown>[]) {
      const { date_time: _, ...sent } = payload;
      const type = (sent["event_name"] ?? "ENTITY_STATEMENT_NOTIFICATION") as EventType;
      seen.add(type);
      // Parsing drops what the schema does not name.
      assert.deepEqual(EVENT_BODIES[type].body.parse(sent), sent);
    }
  }
  assert.deepEqual(seen, new Set(Object.keys(EVENT_BODIES)));
});
