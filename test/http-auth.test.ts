/** Who may call: the four shapes of a refusal, transport, revocation, limits, and what the log says of a request. */
import assert from "node:assert/strict";
import { Writable } from "node:stream";
import { after, before, test } from "node:test";
import { createLog } from "../src/platform/telemetry.ts";
import { fullStatement } from "./intake-setup.ts";
import {
  isEnvelope,
  isUploadError,
  multipart,
  newCredentials,
  NOBODY,
  openHttp,
  V1,
  type CallOptions,
  type Http,
} from "./http-setup.ts";

let http: Http;
before(async () => {
  http = await openHttp();
});
after(() => http.close());

const DENIED = "Authentication credentials were not provided";

/** Every way in which a call that needs both headers can lack them. */
function incomplete(): CallOptions[] {
  const { apiKey, serverHash } = http.credentials;
  const other = newCredentials();
  const only = (headers: Record<string, string>): CallOptions => ({ as: null, headers });
  return [
    only({}),
    only({ "x-api-key": apiKey }),
    only({ "server-hash": serverHash }),
    only({ "x-api-key": apiKey, "server-hash": "" }),
    only({ "x-api-key": apiKey, "server-hash": other.serverHash }),
    only({ "x-api-key": other.apiKey, "server-hash": serverHash }),
    only({ "x-api-key": apiKey.toUpperCase(), "server-hash": serverHash }),
    only({ "x-api-key": serverHash, "server-hash": apiKey }),
  ];
}

test("shape B: session_data, whatever is missing or wrong", async () => {
  const id = await http.newSession();
  const paths: [string, string][] = [
    ["GET", `${id}/session_upload_status/`],
    ["POST", `${id}/initiate_processing/`],
    ["GET", `${id}/progress/`],
    ["GET", `${id}/session_status/`],
    ["GET", `${id}/transactions/`],
    ["GET", `${id}/webhook_payloads/`],
    ["POST", "update_webhook/"],
    ["GET", "malformed/progress/"],
    ["GET", `${NOBODY}/progress/`],
  ];
  for (const [method, path] of paths) {
    for (const way of incomplete()) {
      isEnvelope(
        await http.call(`${V1}/session_data/${path}`, { method, ...way }),
        403,
        "ACCESS_DENIED",
        DENIED,
      );
    }
  }
});

test("a valid key with another environment's hash is refused", async () => {
  const { credentials } = await http.newEnvironment();
  const as = { apiKey: http.credentials.apiKey, serverHash: credentials.serverHash };
  isEnvelope(await http.call(`${V1}/session_data/${NOBODY}/progress/`, { as }), 403, "ACCESS_DENIED", DENIED);
});

test("shape C: session creation", async () => {
  const { apiKey } = http.credentials;
  const { apiKey: wrong } = newCredentials();
  const { credentials: other } = await http.newEnvironment();
  const ways: CallOptions[] = [
    { json: { link_id: "c" }, as: null },
    { json: {}, as: null },
    { form: { link_id: "c" }, as: null },
    { method: "POST", as: null },
    { json: { link_id: "c", api_key: wrong }, as: null },
    { json: { link_id: "c", api_key: "" }, as: null },
    { json: { link_id: "c", api_key: 5 }, as: null },
    { json: { link_id: "c" }, as: null, headers: { "x-api-key": wrong } },
    { json: { link_id: "c", api_key: apiKey }, as: null, headers: { "x-api-key": wrong } },
    { json: { link_id: "c", api_key: wrong }, as: null, headers: { "x-api-key": apiKey } },
    { json: { link_id: "c", api_key: other.apiKey }, as: null, headers: { "x-api-key": apiKey } },
  ];
  for (const way of ways) {
    isEnvelope(
      await http.call(`${V1}/session/`, way),
      401,
      "AUTHENTICATION_CREDENTIALS_NOT_PROVIDED",
      DENIED,
    );
  }
});

test("shape D: upload_session", async () => {
  const id = await http.newSession();
  const body = multipart({ session_id: id, upload_type: "PDF" }, http.fileOf(fullStatement()));
  const path = `${V1}/statement/upload_session/`;
  const error = { code: "INVALID_API_KEY", message: "Authentication credentials were not provided." };
  const { apiKey } = newCredentials();
  const { serverHash } = http.credentials;
  for (const headers of [{}, { "x-api-key": "" }, { "x-api-key": apiKey }, { "server-hash": serverHash }]) {
    isUploadError(await http.call(path, { multipart: body, as: null, headers }), 403, error);
  }
  const headers = { "x-api-key": http.credentials.apiKey };
  assert.equal(
    (await http.call(path, { multipart: body, as: null, headers })).status,
    200,
    "the key alone is enough",
  );
});

test("another environment's session is absent, for uploads too", async () => {
  const { credentials } = await http.newEnvironment();
  const foreign = await http.newSession({}, credentials);
  const answer = await http.upload(foreign, http.fileOf(fullStatement()));
  isUploadError(answer, 404, { code: "SESSION_NOT_FOUND", message: "The provided Session ID is invalid" });
});

test("plain HTTP from elsewhere is refused in the shape of the path; TLS at a trusted proxy is not", async () => {
  const own = await openHttp({ trustedProxies: ["127.0.0.0/8"] });
  try {
    // To the server, 127.0.0.1 is then a proxy, and what it says of the client's connection counts.
    const by = (proto: string) => ({
      headers: { "x-forwarded-proto": proto, "x-forwarded-for": "203.0.113.9" },
    });
    const session = `${V1}/session_data/${NOBODY}/progress/`;
    const https = "HTTPS is required.";
    for (const proto of ["http", "https, http", "http, https", "", "wss"]) {
      isEnvelope(await own.call(session, by(proto)), 403, "ACCESS_DENIED", https);
    }
    const upload = await own.call(`${V1}/statement/upload_session/`, { method: "POST", ...by("http") });
    isUploadError(upload, 403, { code: "ACCESS_DENIED", message: https });
    isEnvelope(
      await own.call(`${V1}/session/`, { json: { link_id: "c" }, ...by("http") }),
      403,
      "ACCESS_DENIED",
      https,
    );
    // A path of the entity flow, which is not served yet, has its shape already.
    const entity = await own.call(`${V1}/entity/`, by("http"));
    assert.deepEqual([entity.status, entity.body], [403, { detail: https }]);
    assert.equal((await own.call(session, by("https"))).status, 404);
    assert.equal((await own.call("/healthz", by("http"))).status, 200);
  } finally {
    await own.close();
  }
});

test("what an untrusted caller claims about its connection is not heard", async () => {
  const claim = { "x-forwarded-proto": "http", "x-forwarded-for": "203.0.113.9" };
  const { status } = await http.call(`${V1}/session_data/${NOBODY}/progress/`, { headers: claim });
  assert.equal(status, 404, "the connection itself is loopback");
});

test("a key that is revoked stops within seconds", async () => {
  const own = await openHttp();
  try {
    const id = await own.newSession();
    await own.database.pool.query("update api_keys set revoked_at = now()");
    const path = `${V1}/session_data/${id}/session_upload_status/`;
    const deadline = performance.now() + 5000;
    let status = 200;
    while (status === 200 && performance.now() < deadline) ({ status } = await own.call(path));
    assert.equal(status, 403);
  } finally {
    await own.close();
  }
});

test("wrong keys from one address are slowed down, known keys and missing ones are not", async () => {
  const own = await openHttp({ rateLimits: { perKey: 1000, wrongKeys: 3 } });
  try {
    const path = `${V1}/session_data/${NOBODY}/progress/`;
    assert.equal((await own.call(path)).status, 404, "now the key is known");
    for (let guess = 0; guess < 3; guess++)
      assert.equal((await own.call(path, { as: newCredentials() })).status, 403);
    isEnvelope(
      await own.call(path, { as: newCredentials() }),
      429,
      "TOO_MANY_REQUESTS",
      "Request was throttled.",
    );
    const slowed = await own.call(path, { as: newCredentials() });
    assert.ok(Number(slowed.headers.get("retry-after")) > 0);
    assert.equal((await own.call(path)).status, 404);
    assert.equal((await own.call(path, { as: null })).status, 403);
  } finally {
    await own.close();
  }
});

test("requests are counted per key and session: polling one session never takes from another", async () => {
  const own = await openHttp({ rateLimits: { perKey: 5, wrongKeys: 100 } });
  try {
    const ids = [NOBODY, NOBODY.replace("4000", "4001")];
    const poll = (id = "") => own.call(`${V1}/session_data/${id}/progress/`);
    for (let time = 0; time < 5; time++) assert.equal((await poll(ids[0])).status, 404);
    isEnvelope(await poll(ids[0]), 429, "TOO_MANY_REQUESTS", "Request was throttled.");
    assert.equal((await poll(ids[1])).status, 404);
  } finally {
    await own.close();
  }
});

test("the log has one event per request, without keys, bodies, names or queries", async () => {
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  const own = await openHttp({ log: createLog("info", sink) });
  try {
    const id = await own.newSession({ link_id: "a very private reference" });
    const file = own.fileOf(fullStatement({ name: "Private Person" }));
    await own.upload(id, file, { pdf_password: "hidden-password" }, "?identity=true&token=hidden-token");
    await own.call(`${V1}/session_data/${id}/progress/?x=hidden-query`);
  } finally {
    await own.close();
  }
  const text = lines.join("");
  const { apiKey, serverHash } = own.credentials;
  const secrets = [
    apiKey,
    serverHash,
    "private reference",
    "Private",
    "hidden",
    "5413699704",
    "statement.pdf",
  ];
  for (const secret of secrets) assert.equal(text.includes(secret), false, secret);
  const events = lines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ msg }) => msg === "request");
  assert.deepEqual(
    events.map(({ method, route, status, outcome }) => [method, route, status, outcome]),
    [
      ["POST", `${V1}/session/`, 200, undefined],
      ["POST", `${V1}/statement/upload_session/`, 200, undefined],
      ["GET", `${V1}/session_data/:session_id/progress/`, 400, "PROCESSING_NOT_REQUESTED"],
    ],
  );
  assert.equal(new Set(events.map(({ req_id }) => req_id)).size, 3);
});
