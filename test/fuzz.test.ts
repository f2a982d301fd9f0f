/**
 * Every documented operation with requests that its own schema, and malice, make: no answer may be a 5xx, and every error is
 * JSON in the shape of its contract. `FUZZ_REQUESTS` (5,000) and `FUZZ_SEED` change how many and which.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { z } from "zod";
import { fullStatement } from "./intake-setup.ts";
import { fakeBank } from "./connect-fake-provider.ts";
import { field, openHttp, V1, type Http } from "./http-setup.ts";
import { asker, basic } from "./openbanking-setup.ts";
import { makeThings } from "./openbanking-things.ts";

const REQUESTS = Number(process.env["FUZZ_REQUESTS"] ?? 5000);
const SEED = Number(process.env["FUZZ_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const AT_ONCE = 8;

const schemaOf: z.ZodType<Schema> = z.lazy(() =>
  z.looseObject({
    type: z.union([z.string(), z.array(z.string())]).optional(),
    enum: z.array(z.unknown()).optional(),
    properties: z.record(z.string(), schemaOf).optional(),
    items: schemaOf.optional(),
    examples: z.array(z.unknown()).optional(),
  }),
);
interface Schema {
  type?: string | string[] | undefined;
  enum?: unknown[] | undefined;
  properties?: Record<string, Schema> | undefined;
  items?: Schema | undefined;
  examples?: unknown[] | undefined;
}
const operationOf = z.looseObject({
  parameters: z
    .array(z.looseObject({ name: z.string(), in: z.string(), schema: schemaOf.optional() }))
    .optional(),
  requestBody: z
    .looseObject({ content: z.record(z.string(), z.looseObject({ schema: schemaOf.optional() })) })
    .optional(),
});
const documentOf = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), operationOf)),
});

interface Operation {
  method: string;
  path: string;
  query: { name: string; schema: Schema }[];
  types: string[];
  body: Schema | null;
}

interface Request {
  path: string;
  init: RequestInit;
}

/** What has broken parsers before: NUL, halves of surrogate pairs, numbers out of range, paths, very long text. */
const NASTY = [
  "",
  " ",
  "\0",
  "\ud800",
  "%00",
  "%",
  "../../etc/passwd",
  "'; drop table sessions; --",
  "\u202e\u0000abc",
  "NaN",
  "1e999",
  "-1",
  "99999999999999999999",
  "31/02/2024",
  "01/01/0000",
  "9999-12-31T23:59:60Z",
  "+275760-09-13T00:00:00.001Z",
  "http://127.0.0.1:9/hook",
  "http://[::1]:9/",
  "https://user:pass@example.com/",
  "__proto__",
  "constructor",
  "🙂".repeat(300),
  "x".repeat(70_000),
] as const;

test(`${REQUESTS} requests to every documented operation, none answered 5xx`, async (t) => {
  t.diagnostic(`FUZZ_SEED=${SEED}`);
  const { providers } = fakeBank({ clock: () => Temporal.Instant.from("2024-04-25T10:00:00Z"), id: "orion" });
  const http = await openHttp({ rateLimits: { perKey: 1e9, wrongKeys: 1e9 }, connect: { providers } });
  try {
    const operations = readOperations((await http.call("/openapi.json")).body);
    assert.ok(operations.length > 50);
    const ids = await realIds(http);
    const requests = fc.sample(requestOf(http, operations, ids), { numRuns: REQUESTS, seed: SEED });
    let next = 0;
    const statuses = new Map<number, number>();
    const sender = async () => {
      for (;;) {
        const request = requests[next++];
        if (!request) return;
        const status = await checked(http, request);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, sender));
    t.diagnostic(
      [...statuses]
        .sort(([a], [b]) => a - b)
        .map(([status, n]) => `${status}: ${n}`)
        .join(", "),
    );
    // Not all of it bounces off the door.
    assert.ok((statuses.get(200) ?? 0) > REQUESTS / 50);
    assert.equal((await http.call("/healthz")).status, 200);
  } finally {
    await http.close();
  }
});

async function checked(http: Http, { path, init }: Request): Promise<number> {
  const what = () =>
    `${init.method} ${path.slice(0, 300)} ${JSON.stringify(init.headers)} ${shown(init.body)}`;
  const response = await fetch(`${http.url}${path}`, init);
  const text = await response.text();
  const { status } = response;
  // An overloaded machine sheds load, and says when to come again.
  if (status === 503 && response.headers.has("retry-after")) return status;
  assert.ok(status < 500, `${status} ${text.slice(0, 300)}: ${what()}`);
  if (status >= 400) {
    const body: unknown = JSON.parse(text);
    assert.ok(typeof body === "object" && body !== null && Object.keys(body).length > 0, what());
  }
  return status;
}

const shown = (body: unknown): string =>
  typeof body === "string" ? body.slice(0, 500) : body instanceof Uint8Array ? `${body.length} bytes` : "";

function readOperations(document: unknown): Operation[] {
  return Object.entries(documentOf.parse(document).paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { parameters = [], requestBody }]) => {
      // It never ends by itself.
      if (path === "/events/stream") return [];
      const content = Object.entries(requestBody?.content ?? {});
      return {
        method: method.toUpperCase(),
        path,
        query: parameters
          .filter((parameter) => parameter.in === "query")
          .map(({ name, schema = {} }) => ({ name, schema })),
        types: content.map(([type]) => type),
        body: content[0]?.[1].schema ?? null,
      };
    }),
  );
}

/** By the name of the parameter: what is there, so that requests come further than "not found". */
async function realIds(http: Http): Promise<Record<string, string[]>> {
  const open = await http.newSession();
  const done = await http.newSession({ accept_anything: true });
  const uploaded = await http.upload(done, http.fileOf(fullStatement()));
  await http.call(`${V1}/session_data/${done}/initiate_processing/`, { method: "POST" });
  await http.runJob("process_session", done);
  const form = { link_id: "fuzzed", file: Buffer.from(http.fileOf(fullStatement())).toString("base64") };
  const entity = await http.call(`${V1}/statement/bankless_upload_base64/`, { form });
  const bearer = { authorization: `Bearer ${http.credentials.apiKey}` };
  const json = { url: "http://127.0.0.1:9/hook", format: "session" };
  const endpoint = await http.call("/console/api/endpoints", { json, headers: bearer, as: null });
  const events = await http.call("/console/api/events", { headers: bearer, as: null });
  const event = /"id":"(evt_[^"]+)"/.exec(events.text)?.[1] ?? "evt_none";
  const { bank_account, consent, customer, vendor, batch_payment, ...things } = await makeThings({
    http,
    ask: asker(http),
  });
  return {
    // By the first part of the path, where the parameter is called `id`.
    customers: [customer],
    vendors: [vendor],
    consents: [consent],
    consent_links: [things.consent_link],
    apps: [things.template],
    files: [things.file],
    bank_accounts: [bank_account],
    payments: [things.payment],
    batch_payments: [batch_payment],
    webhooks: [things.webhook],
    events: [things.event],
    app_id: [things.app],
    customer: [customer],
    vendor: [vendor],
    consent: [consent],
    bank_account: [bank_account],
    batch_payment: [batch_payment],
    session_id: [open, done],
    entity_id: [field(entity.body, "entity_id")],
    account_id: [field(uploaded.body, "account_id")],
    statement_id: [field(uploaded.body, "statement_id")],
    endpoint_id: [field(endpoint.body, "id")],
    event_id: [event],
  };
}

function requestOf(
  http: Http,
  operations: Operation[],
  ids: Record<string, string[]>,
): fc.Arbitrary<Request> {
  const value = valueOf(ids);
  return fc
    .constantFrom(...operations)
    .chain((operation) =>
      fc.record({
        operation: fc.constant(operation),
        // What is deleted would answer 410 ever after.
        path: pathOf(operation.path, operation.method === "DELETE" ? {} : ids),
        query: queryOf(operation.query, value),
        body: bodyOf(operation, value),
        headers: headersOf(http, operation.path),
      }),
    )
    .map(({ operation, path, query, body, headers }) => ({
      path: `${path}${query}`,
      init: {
        method: operation.method,
        headers: { ...headers, ...(body.type === null ? {} : { "content-type": body.type }) },
        ...(body.content === null ? {} : { body: body.content }),
      },
    }));
}

function pathOf(path: string, ids: Record<string, string[]>): fc.Arbitrary<string> {
  const parts = path.split("/").map((part) => {
    const name = /^\{(.+)\}$/.exec(part)?.[1];
    if (name === undefined) return fc.constant(part);
    const wild = fc.oneof(fc.constantFrom(...NASTY.slice(0, -2)), fc.uuid(), fc.string({ maxLength: 40 }));
    const odd = wild.map((text) => encodeURIComponent(text.toWellFormed()).replaceAll(".", "%2E") || "x");
    const known = ids[name] ?? ids[path.split("/")[1] ?? ""];
    return known ? fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...known) }, odd) : odd;
  });
  return fc.tuple(...parts).map((made) => made.join("/"));
}

const queryOf = (
  parameters: Operation["query"],
  value: (schema: Schema, name: string) => fc.Arbitrary<unknown>,
) =>
  fc
    .tuple(
      ...parameters.map(({ name, schema }) =>
        fc.option(value(schema, name)).map((made) => [name, made] as const),
      ),
    )
    .map((pairs) => {
      const given = pairs.filter(([, made]) => made !== null && made !== undefined);
      const query = new URLSearchParams(given.map(([name, made]) => [name, plain(made).slice(0, 4000)]));
      return given.length === 0 ? "" : `?${query.toString()}`;
    });

const plain = (made: unknown): string =>
  (typeof made === "string" ? made : (JSON.stringify(made) ?? "")).toWellFormed();

interface Body {
  type: string | null;
  content: string | Uint8Array<ArrayBuffer> | null;
}

/** As its types say, as none of them, cut short, or not there. */
function bodyOf(
  { method, types, body }: Operation,
  value: (schema: Schema, name: string) => fc.Arbitrary<unknown>,
): fc.Arbitrary<Body> {
  const none = fc.constant<Body>({ type: null, content: null });
  if (method === "GET" || method === "DELETE") return none;
  const made = body ? value(body, "") : fc.jsonValue();
  const right = fc
    .tuple(made, fc.constantFrom(...(types.length > 0 ? types : ["application/json"])))
    .map(written);
  const junk = fc
    .tuple(
      fc.uint8Array({ maxLength: 300 }),
      fc.constantFrom(
        "application/json",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "text/plain",
        "x",
      ),
    )
    .map(([bytes, type]): Body => ({ type, content: new Uint8Array(bytes) }));
  const cut = right.map(({ type, content }): Body => ({
    type,
    content: typeof content === "string" ? content.slice(0, content.length >> 1) : content,
  }));
  return fc.oneof({ weight: 8, arbitrary: right }, junk, cut, none);
}

function written([made, type]: [unknown, string]): Body {
  if (type === "application/json") return { type, content: JSON.stringify(made) ?? "null" };
  const fields = typeof made === "object" && made !== null ? Object.entries(made) : [];
  if (type !== "multipart/form-data")
    return {
      type,
      content: new URLSearchParams(fields.flatMap(([name, one]) => flat(name, one))).toString(),
    };
  const parts = fields.map(([name, one]) => {
    const file = name === "file" ? '; filename="a.pdf"' : "";
    const safe = name.replace(/["\r\n]/g, "");
    return `--fuzz\r\ncontent-disposition: form-data; name="${safe}"${file}\r\n\r\n${plain(one)}\r\n`;
  });
  return { type: "multipart/form-data; boundary=fuzz", content: `${parts.join("")}--fuzz--\r\n` };
}

/** `payments[0][amount]`: what is nested, as forms nest. */
function flat(name: string, value: unknown): [string, string][] {
  if (typeof value !== "object" || value === null || Object.keys(value).length === 0)
    return [[name, plain(value)]];
  return Object.entries(value).flatMap(([key, one]) =>
    flat(`${name.toWellFormed()}[${key.toWellFormed()}]`, one),
  );
}

/** Several requests share one, so that some are answered from memory and some clash. */
const KEYS = [
  {},
  {},
  {},
  { "idempotency-key": "k1" },
  { "idempotency-key": "k2" },
  { "idempotency-key": "k".repeat(41) },
];

const headersOf = (http: Http, path: string): fc.Arbitrary<Record<string, string>> => {
  const { apiKey, serverHash } = http.credentials;
  const right: Record<string, string> = path.startsWith("/console/")
    ? { authorization: `Bearer ${apiKey}`, "server-hash": serverHash }
    : path.startsWith("/bank-connect/")
      ? { "x-api-key": apiKey, "server-hash": serverHash }
      : { authorization: basic(http.credentials) };
  const wrong = fc.constantFrom<Record<string, string>>(
    {},
    { "x-api-key": "wrong", "server-hash": "wrong", authorization: "Bearer wrong" },
    { authorization: "Basic Og==" },
  );
  const keyed = fc.constantFrom(...KEYS).map((key) => Object.assign({}, right, key));
  return fc.oneof({ weight: 12, arbitrary: keyed }, wrong);
};

/** Of a schema: what it says, its example, a real id of that name, or something it did not expect. */
function valueOf(ids: Record<string, string[]>) {
  const odd = fc.oneof(
    fc.constantFrom<unknown>(...NASTY, null, true, 0, -1, 2 ** 53, 1.5, [], {}, [[[]]], { a: { b: null } }),
    fc.string({ maxLength: 60, unit: "binary" }),
  );
  const value = (schema: Schema, name: string): fc.Arbitrary<unknown> => {
    const known = [...(ids[name] ?? []), ...(schema.enum ?? []), ...(schema.examples ?? [])];
    const right = rightOf(schema);
    return fc.oneof(
      { weight: 5, arbitrary: known.length > 0 ? fc.oneof(fc.constantFrom(...known), right) : right },
      { weight: 1, arbitrary: odd },
    );
  };
  const rightOf = (schema: Schema): fc.Arbitrary<unknown> => {
    const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
    if (schema.properties) {
      const entries = Object.entries(schema.properties).map(
        ([name, one]) => [name, value(one, name)] as const,
      );
      return fc.record(Object.fromEntries(entries), { requiredKeys: [] });
    }
    if (type === "integer" || type === "number")
      return fc.oneof(fc.integer({ min: -5, max: 100 }), fc.integer());
    if (type === "boolean") return fc.boolean();
    if (type === "array") return fc.array(value(schema.items ?? {}, ""), { maxLength: 4 });
    if (type === "object") return fc.dictionary(fc.string({ maxLength: 10 }), fc.jsonValue(), { maxKeys: 4 });
    return fc.string({ maxLength: 60 });
  };
  return value;
}
