/** Requests that never become whole: each ends with an error in its path's shape, and its socket is let go of. */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { Writable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { promisify } from "node:util";
import { after, before, test } from "node:test";
import { createLog } from "../src/platform/telemetry.ts";
import { openHttp, V1, type Http } from "./http-setup.ts";
import { basic } from "./openbanking-setup.ts";

/** Short, so that the tests are; no honest request comes near. */
const LIMITS = { headersMs: 600, requestMs: 1200, everyMs: 50 };
const DRIP_MS = 40;

const outcomes: unknown[] = [];
let http: Http;
before(async () => {
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      outcomes.push((JSON.parse(chunk.toString()) as { outcome?: string }).outcome);
      done();
    },
  });
  http = await openHttp({ timeLimits: LIMITS, log: createLog("info", sink) });
});
after(() => http.close());

interface Ended {
  /** All that came back. */
  text: string;
  status: number;
  body: unknown;
  /** From the connection to its end. */
  ms: number;
}

/** Sends `head`, then `drop` again and again; resolves when the server ends the connection. */
async function drip(head: string, drop: string): Promise<Ended> {
  const began = performance.now();
  const socket = connect(Number(new URL(http.url).port), "127.0.0.1");
  // A drop may fall on a socket that has just been closed: that error is the end we wait for, too.
  const closed = new Promise((resolve) => {
    socket.on("error", () => undefined).on("close", resolve);
  });
  let text = "";
  socket.on("data", (chunk: Buffer) => (text += chunk.toString()));
  socket.write(head);
  const timer = setInterval(() => socket.write(drop), DRIP_MS);
  await closed;
  clearInterval(timer);
  const [top = "", json = ""] = text.split("\r\n\r\n");
  const body: unknown = json === "" ? null : JSON.parse(json);
  return { text, status: Number(/^HTTP\/1\.1 (\d+)/.exec(top)?.[1]), body, ms: performance.now() - began };
}

function headOf(path: string, type: string, more = "Content-Length: 50000"): string {
  const { apiKey, serverHash } = http.credentials;
  return [
    `POST ${V1}${path} HTTP/1.1`,
    "Host: x",
    `x-api-key: ${apiKey}`,
    `server-hash: ${serverHash}`,
    `Content-Type: ${type}`,
    more,
    "",
    "",
  ].join("\r\n");
}

const ENVELOPE = { error: { code: "REQUEST_TIMEOUT", message: "The request took too long." } };
const PART = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF';
const MULTIPART = "multipart/form-data; boundary=x";
const FORM = "application/x-www-form-urlencoded";

test("headers that trickle in, and a connection on which nothing comes", async () => {
  const ended = await Promise.all([drip("GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: ", "a"), drip("", "")]);
  for (const { status, body, ms } of ended) {
    assert.deepEqual([status, body], [408, ENVELOPE]);
    assert.ok(ms >= LIMITS.headersMs, `${ms} ms`);
  }
});

test("bodies that trickle in, in the shape of each path", async () => {
  const upload = { session_id: "", statement_id: "", ...ENVELOPE };
  const detail = { detail: "The request took too long." };
  const cases: [path: string, type: string, start: string, expected: unknown][] = [
    ["/session/", "application/json", '{"link_id":"', ENVELOPE],
    ["/session/", MULTIPART, '--x\r\nContent-Disposition: form-data; name="link_id"\r\n\r\n', ENVELOPE],
    ["/session_data/update_webhook/", "application/json", '{"webhook_url":"', ENVELOPE],
    ["/statement/upload_session/", MULTIPART, PART, upload],
    ["/statement/upload_session/", FORM, "file=", upload],
    ["/statement/bankless_upload/", MULTIPART, PART, detail],
    ["/entity/", FORM, "link_id=", detail],
  ];
  const ended = await Promise.all(cases.map(([path, type, start]) => drip(headOf(path, type) + start, "a")));
  for (const [n, { status, body, text, ms }] of ended.entries()) {
    assert.deepEqual([status, body], [408, cases[n]?.[3]], cases[n]?.[0] ?? "");
    assert.match(text, /^connection: close$/im);
    assert.ok(ms >= LIMITS.requestMs, `${ms} ms`);
  }
  // The log names each; a line that is missing would be waited for until the test's own limit.
  const named = () => outcomes.filter((outcome) => outcome === "REQUEST_TIMEOUT").length;
  while (named() < cases.length) await nextTurn();
});

test("a body that trickles in to the open-banking contract, in its shape", async () => {
  const head = headOf(
    "/customers",
    FORM,
    `Authorization: ${basic(http.credentials)}\r\nContent-Length: 1000`,
  );
  const { status, body } = await drip(`${head.replace(V1, "")}name=`, "a");
  const error = { type: "request_error", code: "request_timeout", message: "The request took too long." };
  assert.deepEqual([status, body], [408, { error }]);
});

test("what is refused before its body has come: answered once, and its body does not hold the socket", async () => {
  const chunked = "Transfer-Encoding: chunked";
  const chunk = `10000\r\n${"a".repeat(0x10000)}\r\n`;
  const { apiKey } = http.credentials;
  const [large, endless, stranger] = await Promise.all([
    drip(headOf("/session/", "application/json", "Content-Length: 1000000000"), "a"),
    drip(`${headOf("/session/", "application/json", chunked)}${chunk.repeat(5)}`, "1\r\na\r\n"),
    drip(`${headOf("/statement/upload_session/", MULTIPART).replace(apiKey, "nobody")}${PART}`, "a"),
  ]);
  for (const { body, text } of [large, endless]) {
    assert.deepEqual(body, { error: { code: "INVALID_REQUEST", message: "Something went wrong" } });
    assert.equal(text.match(/HTTP\/1\.1/g)?.length, 1);
  }
  assert.equal(stranger.status, 403);
  assert.equal(stranger.text.match(/HTTP\/1\.1/g)?.length, 1);
});

test("headers beyond 16 KiB, and bytes that are no HTTP", async () => {
  const [long, noise] = await Promise.all([
    drip(`GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: ${"a".repeat(20_000)}\r\n\r\n`, ""),
    drip("\x16\x03\x01 hello\r\n\r\n", ""),
  ]);
  assert.equal(long.status, 431);
  assert.deepEqual(long.body, {
    error: { code: "HEADERS_TOO_LARGE", message: "The headers are too large." },
  });
  assert.equal(noise.status, 400);
  assert.deepEqual(noise.body, { error: { code: "INVALID_REQUEST", message: "Something went wrong" } });
});

test("a hundred that trickle keep nobody else waiting, and leave no socket behind", async () => {
  const slow = Array.from({ length: 100 }, () =>
    drip(`${headOf("/statement/upload_session/", MULTIPART)}${PART}`, "a"),
  );
  let ended = false;
  const all = Promise.all(slow).then((answers) => {
    ended = true;
    return answers;
  });
  assert.equal((await http.call("/healthz")).status, 200);
  assert.equal(ended, false);
  assert.deepEqual(new Set((await all).map(({ status }) => status)), new Set([408]));
  // One stays: that of our own question, kept alive by `fetch`.
  const { server } = http.app;
  const open = await promisify<number>((done) => server.getConnections(done))();
  assert.ok(open <= 1, `${open} sockets`);
});

test("a form of more fields than any call has is refused, on every path that takes one", async () => {
  const form = Object.fromEntries(Array.from({ length: 1500 }, (_, n) => [`f${n}`, "x"]));
  const envelope = { error: { code: "INVALID_REQUEST", message: "Something went wrong" } };
  const file = { error: { code: "INVALID_FILE_OBJECT", message: "File object is invalid" } };
  const expected: [string, unknown][] = [
    ["/session/", envelope],
    ["/session_data/update_webhook/", envelope],
    ["/statement/upload_session/", { session_id: "", statement_id: "", ...file }],
    ["/statement/upload/", { entity_id: "", message: "PDF is not parsable", status: 6 }],
    ["/entity/", { detail: "Something went wrong" }],
    ["/entity/update_webhook/", { detail: "Something went wrong" }],
  ];
  for (const [path, body] of expected) {
    const answer = await http.call(`${V1}${path}`, { form });
    assert.deepEqual([answer.status, answer.body], [400, body], path);
  }
});
