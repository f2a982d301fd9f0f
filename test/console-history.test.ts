/** Events, deliveries and attempts as the console lists them, and what it must not show. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { listEvents } from "../src/store/history.ts";
import { allPages, openConsole, pageOf, type Console } from "./console-setup.ts";

let c: Console;
before(async () => {
  c = await openConsole();
});
after(() => c.close());

const ids = (rows: Record<string, unknown>[], name = "id") => rows.map((row) => row[name]);
const NOT_FOUND = { error: { code: "NOT_FOUND", message: "Not found." } };

test("events page by keyset: what is recorded between two pages neither shifts nor repeats a row", async () => {
  const recorded: string[] = [];
  for (let n = 0; n < 9; n++) recorded.unshift((await c.record({ resource: "session:paged" })).publicId);
  const rows = await allPages(c, "/events?resource=session:paged&limit=2", () =>
    c.record({ resource: "session:paged" }),
  );
  assert.deepEqual(ids(rows), recorded);
});

test("deliveries and attempts page by keyset too, while others are recorded", async () => {
  const one = await c.endpoint({ event_types: ["SESSION_EXPIRY_NOTIFICATION"] });
  const two = await c.endpoint({ event_types: ["SESSION_EXPIRY_NOTIFICATION"] });
  const wanted: [string, string][] = [];
  const record = (n: number) =>
    c.record({ type: "SESSION_EXPIRY_NOTIFICATION", resource: `session:d${n}`, subject: "paged" });
  for (let n = 0; n < 5; n++) {
    const event = await record(n);
    wanted.unshift([event.publicId, two.publicId], [event.publicId, one.publicId]);
    for (const { id } of [one, two]) {
      // The same time, so that the number decides.
      await c.attempt({
        endpoint_id: id,
        event_id: event.id,
        event_at: Temporal.Instant.from("2024-04-25T09:00:00Z"),
      });
    }
  }
  const path = "/deliveries?subject=paged&limit=3";
  const between = async () => {
    const { id } = await record(99);
    await c.attempt({ endpoint_id: one.id, event_id: id, at: Temporal.Instant.from("2024-04-25T09:30:00Z") });
  };
  const rows = await allPages(c, path, between);
  assert.deepEqual(
    rows.map(({ event_id, endpoint_id }) => [event_id, endpoint_id]),
    wanted,
  );
  const attempts = await allPages(
    c,
    "/attempts?type=SESSION_EXPIRY_NOTIFICATION&limit=3&to=2024-04-25T09:10:00Z",
    between,
  );
  assert.equal(attempts.length, 10);
  assert.equal(new Set(ids(attempts)).size, 10);
});

test("a delivery says where it stands, and each state can be asked for", async () => {
  const at = Temporal.Instant.from("2024-04-25T09:00:00Z");
  const endpoint = await c.endpoint();
  const record = async (name: string) => c.record({ resource: `session:${name}`, subject: "states" });
  const mine = { endpoint_id: endpoint.id };
  const waiting = await record("s1");
  const behind = await record("s1");
  const retrying = await record("s2");
  await c.http.database.pool.query(
    "update queue set attempt = 1, due_at = now() + interval '1 h' where event_id = $1 and endpoint_id = $2",
    [retrying.id, endpoint.id],
  );
  await c.attempt({ ...mine, event_id: retrying.id, outcome: "failed", status: 502 });
  const delivered = await record("s3");
  await c.attempt({ ...mine, event_id: delivered.id, status: 200 });
  const exhausted = await record("s4");
  await c.attempt({ ...mine, event_id: exhausted.id, outcome: "exhausted", error: "timeout" });
  await c.http.database.kysely
    .insertInto("exhausted_deliveries")
    .values({
      env_id: c.http.envId,
      ...mine,
      event_id: exhausted.id,
      event_at: at,
      retention: 0,
      resource: "session:s4",
      attempts: 12,
      exhausted_at: at,
    })
    .execute();
  const withdrawn = await record("s5");
  await c.attempt({ ...mine, event_id: withdrawn.id, outcome: "failed" });
  await c.http.database.pool.query("delete from queue where event_id = $1", [withdrawn.id]);
  const expired = await record("s6");
  await c.attempt({ ...mine, event_id: expired.id, outcome: "expired" });

  const expected = {
    waiting: [behind.publicId, waiting.publicId],
    retrying: [retrying.publicId],
    delivered: [delivered.publicId],
    exhausted: [exhausted.publicId],
    withdrawn: [withdrawn.publicId],
    expired: [expired.publicId],
  };
  const path = `/deliveries?endpoint_id=${endpoint.publicId}&subject=states`;
  for (const [status, events] of Object.entries(expected)) {
    const rows = await allPages(c, `${path}&limit=1&status=${status}`);
    assert.deepEqual(ids(rows, "event_id"), events, status);
    assert.deepEqual(new Set(ids(rows, "status")), new Set([status]));
  }
  const all = await allPages(c, `${path}&limit=3`);
  assert.equal(all.length, 7);
  const again = all.find(({ status }) => status === "retrying");
  assert.equal(again?.["attempts"], 1);
  assert.equal(again["last_status"], 502);
  assert.ok(again["next_attempt_at"]);
});

test("an event is read with its exact bytes and its deliveries; an audit row says by whom", async () => {
  await c.endpoint();
  const event = await c.record({ resource: "session:read" });
  const { status, body } = await c.ask(`/events/${event.publicId}`);
  assert.equal(status, 200);
  const read = body as { bodies: unknown; deliveries: { status: string }[] };
  assert.match(JSON.stringify(read.bodies), /^\[\{"format":"session","body":"\{\\"n\\":\d+\}"\}\]$/);
  assert.ok(read.deliveries.length > 0);
  const rows = await c.http.database.kysely
    .selectFrom("audit")
    .select("actor")
    .where("target", "=", `event:${event.publicId}`)
    .execute();
  assert.equal(rows.length, 1);
  assert.match(rows[0]?.actor ?? "", /^api_key:key_/);
});

test("an attempt is shown in full, but what is secret is masked", async () => {
  const endpoint = await c.endpoint({ url: "https://hooks.example/in?token=hidden-query" });
  const event = await c.record({ resource: "session:full" });
  await c.attempt({
    endpoint_id: endpoint.id,
    event_id: event.id,
    resource: "session:full",
    status: 200,
    address: "203.0.113.9",
    dns_us: 100,
    connect_us: 200,
    tls_us: 300,
    first_byte_us: 400,
    total_us: 500,
    request_headers: JSON.stringify({
      "webhook-id": event.publicId,
      "x-secret-key": "hidden-a",
      "X-Custom": "hidden-b",
    }),
    response_headers: JSON.stringify({
      "content-type": "text/plain",
      "set-cookie": "sid=hidden-c",
      "x-api-key": "hidden-d",
    }),
    response_body: Buffer.from("thanks"),
  });
  const [row] = pageOf(await c.ask("/attempts?resource=session:full")).data;
  assert.equal(row?.["event_id"], event.publicId);
  const { status, body, text } = await c.ask(`/attempts/${String(row?.["id"])}`);
  assert.equal(status, 200);
  assert.equal(text.includes("hidden"), false, text);
  const { request, response, timings_us } = body as Record<string, Record<string, unknown>>;
  assert.deepEqual(request?.["headers"], {
    "webhook-id": event.publicId,
    "x-secret-key": "***",
    "X-Custom": "***",
  });
  assert.equal(request?.["url"], "https://hooks.example/in?token=***");
  assert.match(String(request?.["body"]), /^\{"n":\d+\}$/);
  assert.deepEqual(response, {
    status: 200,
    headers: { "content-type": "text/plain", "set-cookie": "***", "x-api-key": "***" },
    body: "thanks",
    body_encoding: "utf8",
  });
  assert.deepEqual(timings_us, { dns: 100, connect: 200, tls: 300, first_byte: 400, total: 500 });
});

test("bytes that are no text come as base64", async () => {
  const endpoint = await c.endpoint();
  const event = await c.record({ resource: "session:bytes" });
  await c.attempt({
    endpoint_id: endpoint.id,
    event_id: event.id,
    resource: "session:bytes",
    status: 200,
    response_body: Buffer.from([0xff, 0x00]),
  });
  const [row] = pageOf(await c.ask("/attempts?resource=session:bytes")).data;
  const { body } = await c.ask(`/attempts/${String(row?.["id"])}`);
  const { response } = body as { response: Record<string, unknown> };
  assert.equal(response["body"], "/wA=");
  assert.equal(response["body_encoding"], "base64");
});

test("another environment's rows are absent, in lists and by id", async () => {
  const { credentials: as } = await c.http.newEnvironment();
  const endpoint = await c.endpoint();
  const event = await c.record({ resource: "session:mine" });
  await c.attempt({ endpoint_id: endpoint.id, event_id: event.id, resource: "session:mine" });
  const [row] = pageOf(await c.ask("/attempts?resource=session:mine")).data;
  const replay = await c.ask("/replays", { json: { endpoint_id: endpoint.publicId } });
  const replayId = (replay.body as { id: string }).id;
  for (const list of ["/events", "/deliveries", "/attempts", "/replays"]) {
    assert.deepEqual(pageOf(await c.ask(list, { as })), { data: [], next: null }, list);
  }
  const json = { endpoint_id: endpoint.publicId };
  const absent: [string, { method?: string; json?: unknown }][] = [
    [`/events/${event.publicId}`, {}],
    [`/attempts/${String(row?.["id"])}`, {}],
    [`/replays/${replayId}`, {}],
    [`/replays/${replayId}/cancel`, { method: "POST" }],
    [`/events/${event.publicId}/resend`, { json }],
    ["/replays", { json }],
    [`/deliveries?endpoint_id=${endpoint.publicId}`, {}],
    [`/attempts?event_id=${event.publicId}`, {}],
  ];
  for (const [path, options] of absent) {
    const { status, body } = await c.ask(path, { ...options, as });
    assert.deepEqual({ status, body }, { status: 404, body: NOT_FOUND }, path);
  }
  const kept = await c.ask(`/replays/${replayId}`);
  assert.equal((kept.body as { status: string }).status, "running");
});

test("a time range leaves out the partitions beyond it", async () => {
  const { pool, kysely } = c.http.database;
  await pool.query("select make_day_partitions(30, '2024-05-01', 3)");
  for (const day of ["2024-05-01", "2024-05-02", "2024-05-03"]) {
    await c.record({ resource: `session:${day}`, retention: 30, at: `${day}T10:00:00Z` });
  }
  const from = Temporal.Instant.from("2024-05-02T00:00:00Z");
  const to = Temporal.Instant.from("2024-05-03T00:00:00Z");
  const query = "/events?from=2024-05-02T00:00:00Z&to=2024-05-03T00:00:00Z";
  assert.deepEqual(ids(pageOf(await c.ask(query)).data, "resource"), ["session:2024-05-02"]);
  const explaining = kysely.withPlugin({
    transformQuery: ({ node }) =>
      node.kind === "RawNode"
        ? { ...node, sqlFragments: [`explain ${node.sqlFragments[0]}`, ...node.sqlFragments.slice(1)] }
        : node,
    transformResult: async ({ result }) => result,
  });
  const plan = JSON.stringify(
    await listEvents(explaining, c.http.envId, { from, to }, { before: null, limit: 10 }),
  );
  assert.match(plan, /events_30_20240502/);
  assert.equal(/events_30_2024050[13]/.test(plan), false, plan);
});

test("what is wrong with a question is said, and nothing else", async () => {
  const wrong: [string, number, string][] = [
    ["/events?cursor=nonsense", 400, "INVALID_CURSOR"],
    [`/events?cursor=${Buffer.from('["deliveries","1","1"]').toString("base64url")}`, 400, "INVALID_CURSOR"],
    [
      `/attempts?cursor=${Buffer.from('["attempts","noon","1"]').toString("base64url")}`,
      400,
      "INVALID_CURSOR",
    ],
    ["/events?limit=0", 400, "INVALID_REQUEST"],
    ["/events?limit=x", 400, "INVALID_REQUEST"],
    ["/events?from=yesterday", 400, "INVALID_REQUEST"],
    ["/deliveries?status=lost", 400, "INVALID_REQUEST"],
    ["/events/evt_nobody", 404, "NOT_FOUND"],
    ["/attempts/att_1_1_1", 404, "NOT_FOUND"],
    ["/attempts/1", 404, "NOT_FOUND"],
    ["/nowhere", 404, "NOT_FOUND"],
  ];
  for (const [path, status, code] of wrong) {
    const answer = await c.ask(path);
    const { error } = answer.body as { error: { code: string; message: string } };
    assert.deepEqual([answer.status, error.code], [status, code], path);
    assert.ok(error.message.length > 5);
  }
});

test("without a key, or with a wrong one, nothing is answered", async () => {
  const { credentials } = c.http;
  for (const as of [
    null,
    { ...credentials, apiKey: "wrong" },
    { ...credentials, apiKey: credentials.serverHash },
  ]) {
    const { status, body, headers } = await c.ask("/events", { as });
    assert.equal(status, 401);
    assert.equal((body as { error: { code: string } }).error.code, "UNAUTHENTICATED");
    assert.equal(headers.get("www-authenticate"), "Bearer");
  }
});

test("the catalogue lists every type", async () => {
  const { data } = pageOf(await c.ask("/event-types"));
  assert.ok(ids(data, "type").includes("ENRICHMENT_NOTIFICATION"));
});
