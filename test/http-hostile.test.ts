/** Input that nobody sends by accident: the contract's 4xx, never a 5xx, and the server lives on. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { Writable } from "node:stream";
import { after, before, test } from "node:test";
import * as fc from "fast-check";
import { fastify } from "fastify";
import { answerErrors } from "../src/http/bankconnect/answer.ts";
import { createLog } from "../src/platform/telemetry.ts";
import { NOBODY, openHttp, V1, type CallOptions, type Http } from "./http-setup.ts";

let http: Http;
let sessionId: string;
before(async () => {
  http = await openHttp();
  sessionId = await http.newSession();
});
after(() => http.close());

const UPLOAD = `${V1}/statement/upload_session/`;
const SESSION_FIELDS = [
  "link_id", "redirect_url", "from_date", "to_date", "max_from_date", "logo_url", "bank_name", "mode", "mobile_number",
  "session_expiry", "journey_mode", "accept_anything", "aa_journey_mode", "aa_recurring_tenure_month_count",
  "aa_recurring_frequency_value", "metadata", "__proto__", "constructor", "toString",
]; // prettier-ignore

/** Values that have broken parsers and databases before. */
const nasty = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.jsonValue(),
  fc.constantFrom(
    "\0", "\u0000abc", "\ud800", "\udc00\ud800", "\uffff", "'; drop table sessions; --", "%s%n", "../../etc/passwd",
    "9".repeat(400), "-1", "1e400", "NaN", "31/12/9999", "00/00/0000", "01/01/0001", "99999999999999999999",
    1e308, -0, 2 ** 53, 0.1, true, null, [[[]]], { $gt: "" }, "a".repeat(70_000),
  ), // prettier-ignore
);

test("session creation: any JSON object gets 200 or a 4xx in the contract's shape", async () => {
  const bodies = fc.dictionary(fc.constantFrom(...SESSION_FIELDS), nasty, { maxKeys: 8 });
  await fc.assert(
    fc.asyncProperty(bodies, fc.boolean(), async (fields, valid) => {
      const json = valid ? { ...fields, link_id: "c" } : fields;
      const { status, text, body } = await http.call(`${V1}/session/`, { json });
      assert.ok(status === 200 || (status >= 400 && status < 500), `${status} ${text}`);
      if (status !== 200)
        assert.deepEqual(Object.keys(Reflect.get(body as object, "error") as object), ["code", "message"]);
    }),
    { numRuns: 300 },
  );
});

test("random bytes under any content type, on every path that takes a body", async () => {
  const paths = [
    "/session/",
    "/statement/upload_session/",
    "/session_data/update_webhook/",
    `/session_data/${NOBODY}/initiate_processing/`,
  ];
  const types = [
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "text/plain",
    "",
    'a/b; c="',
    "application/json; charset=utf-16",
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...paths),
      fc.constantFrom(...types),
      fc.oneof(fc.uint8Array({ maxLength: 300 }), multipartNoise()),
      async (path, type, bytes) => {
        const options: CallOptions = {
          method: "POST",
          body: new Uint8Array(bytes),
          headers: { "content-type": type },
        };
        const { status, text } = await http.call(`${V1}${path}`, options);
        assert.ok(status >= 400 && status < 500, `${path} ${type}: ${status} ${text}`);
      },
    ),
    { numRuns: 300 },
  );
});

function multipartNoise() {
  const piece = fc.constantFrom(
    "--x",
    "--x--",
    "\r\n",
    "\n",
    'Content-Disposition: form-data; name="file"; filename="a"',
    'Content-Disposition: form-data; name="session_id"',
    "Content-Type: application/json",
    "{}",
    ":",
    "\0",
    'name="__proto__"',
    "é",
  );
  return fc.array(piece, { maxLength: 20 }).map((pieces) => new TextEncoder().encode(pieces.join("")));
}

test("upload: any fields in a form or in parts", async () => {
  const names = [
    "upload_type",
    "bank_name",
    "pdf_password",
    "account_category",
    "file",
    "file_url",
    "file_name",
    "__proto__",
  ];
  const fields = fc.dictionary(
    fc.constantFrom(...names),
    fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("PDF", "BASE64", "axis", "\0", "http://[::1]", "http://a b", "="),
    ),
  );
  await fc.assert(
    fc.asyncProperty(fields, fc.boolean(), async (given, parts) => {
      const all = Object.entries({ session_id: sessionId, ...given }).map(
        ([name, value]) => [name, value.toWellFormed()] as const,
      );
      const multipart = new FormData();
      for (const [name, value] of all) multipart.append(name, value);
      const { status, text } = await http.call(
        UPLOAD,
        parts ? { multipart } : { form: Object.fromEntries(all) },
      );
      assert.ok(status >= 400 && status < 500, `${status} ${text}`);
    }),
    { numRuns: 200 },
  );
});

test("upload: many parts, many files, fields twice, names that are prototypes", async () => {
  const many = new FormData();
  for (let n = 0; n < 200; n++) many.append(`f${n}`, "x");
  const files = new FormData();
  for (let n = 0; n < 3; n++) files.append("file", new Blob(["%PDF"]), "a.pdf");
  const twice = new FormData();
  for (const id of [sessionId, NOBODY]) twice.append("session_id", id);
  const prototype = new FormData();
  for (const name of ["__proto__", "constructor", "toString"]) prototype.append(name, "x");
  const wrongPart = new FormData();
  wrongPart.append("session_id", sessionId);
  wrongPart.append("other", new Blob(["%PDF"]), "a.pdf");
  const expected: [FormData, number, string][] = [
    [many, 400, "INVALID_FILE_OBJECT"],
    [files, 400, "INVALID_FILE_OBJECT"],
    [twice, 404, "SESSION_NOT_FOUND"],
    [prototype, 400, "INVALID_FILE_OBJECT"],
    [wrongPart, 400, "MISSING_FILE_OBJECT"],
  ];
  for (const [multipart, status, code] of expected) {
    const answer = await http.call(UPLOAD, { multipart });
    assert.deepEqual(
      [answer.status, Reflect.get(Reflect.get(answer.body as object, "error") as object, "code")],
      [status, code],
    );
  }
});

test("hostile paths and queries", async () => {
  const paths = [
    `${V1}/session_data/..%2f..%2fetc/progress/`,
    `${V1}/session_data/%00/progress/`,
    `${V1}/session_data/${NOBODY}/progress/?${"a=b&".repeat(1500)}`,
    `${V1}/session_data/${NOBODY}/progress/?__proto__[x]=1&x=%ff`,
    "/%",
    "/docs/..%2f..%2fpackage.json",
    "/docs/../package.json",
    "//bank-connect/v1/session/",
  ];
  for (const path of paths) {
    const { status, text } = await http.call(path);
    assert.ok(status >= 400 && status < 500, `${path}: ${status} ${text}`);
  }
});

test("a request that ends in the middle of a part is noted, and disturbs nothing", async () => {
  const { promise: noted, resolve } = Promise.withResolvers<Record<string, unknown>>();
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      const line = JSON.parse(chunk.toString()) as Record<string, unknown>;
      if (line["outcome"] === "aborted") resolve(line);
      done();
    },
  });
  const own = await openHttp({ log: createLog("info", sink) });
  try {
    const socket = connect(Number(new URL(own.url).port), "127.0.0.1");
    socket.write(
      `POST ${UPLOAD} HTTP/1.1\r\nHost: x\r\nx-api-key: ${own.credentials.apiKey}\r\n` +
        "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 100000\r\n\r\n--x\r\n" +
        'Content-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF',
    );
    await once(own.app.server, "request");
    socket.destroy();
    assert.equal((await noted)["route"], UPLOAD);
    assert.equal((await own.call("/healthz")).status, 200);
  } finally {
    await own.close();
  }
});

test("a chunked upload beyond the limit is refused, though it names no length", async () => {
  const head = `--x\r\nContent-Disposition: form-data; name="file"\r\n\r\n`;
  let sent = 0;
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      controller.enqueue(sent++ === 0 ? new TextEncoder().encode(head) : new Uint8Array(256 * 1024));
      if (sent > 20) controller.close();
    },
  });
  const response = await fetch(`${http.url}${UPLOAD}`, {
    method: "POST",
    body: stream,
    duplex: "half",
    headers: { "x-api-key": http.credentials.apiKey, "content-type": "multipart/form-data; boundary=x" },
  });
  assert.equal(response.status, 400);
  assert.match(await response.text(), /INVALID_FILE_OBJECT/);
});

test("drowning, the server says so in the contract's shape", async () => {
  const app = fastify();
  app.decorateRequest("uploadSession", "");
  app.decorateRequest("outcome", null);
  answerErrors(app, createLog("silent"));
  app.get("/", async () => {
    throw Object.assign(new Error("inside"), { statusCode: 503 });
  });
  const answer = await app.inject("/");
  assert.equal(answer.statusCode, 503);
  assert.deepEqual(answer.json(), { error: { code: "SERVICE_UNAVAILABLE", message: "Service unavailable" } });
  assert.equal(answer.headers["retry-after"], "1");
});

test("the log tells what was too large from what was damaged", async () => {
  const lines: Record<string, unknown>[] = [];
  let grown: () => void = () => undefined;
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      const line = JSON.parse(chunk.toString()) as Record<string, unknown>;
      if (line["route"] === UPLOAD) lines.push(line);
      grown();
      done();
    },
  });
  const own = await openHttp({
    log: createLog("info", sink),
    fetchFile: async () => ({ ok: false, reason: "too_large" }),
  });
  try {
    const id = await own.newSession();
    const beyond = new Uint8Array(1024 * 1024 + 1);
    const base64 = Buffer.alloc(2 * 1024 * 1024).toString("base64");
    const form = { session_id: id, upload_type: "BASE64", file: base64 };
    await own.upload(id, beyond);
    await own.upload(id, new Uint8Array(3 * 1024 * 1024));
    await own.call(UPLOAD, { form });
    await own.upload(id, own.badFile({ code: "STATEMENT_UNSUPPORTED_FORMAT", reason: "corrupt" }));
    const fetched = { session_id: id, upload_type: "PDF", file_url: "https://files.example/x.pdf" };
    await own.call(UPLOAD, { form: fetched });
    while (lines.length < 5) await new Promise<void>((resolve) => (grown = resolve));
    assert.deepEqual(
      lines.map(({ outcome }) => outcome),
      [
        "INVALID_FILE_OBJECT:too_large",
        "INVALID_FILE_OBJECT:too_large",
        "INVALID_FILE_OBJECT:too_large",
        "INVALID_FILE_OBJECT",
        "INVALID_FILE_URL:too_large",
      ],
    );
  } finally {
    await own.close();
  }
});
