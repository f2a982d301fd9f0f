/** Endpoints through the console: what can be set, what is shown, who may. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Webhook } from "standardwebhooks";
import { allPages, openConsole, pageOf, type AskOptions, type Console } from "./console-setup.ts";
import { startReceiver } from "./deliveries-fixture.ts";
import { field, type Answer } from "./http-setup.ts";

let c: Console;
before(async () => {
  c = await openConsole();
});
after(() => c.close());

const HIDDEN = "https://hooks.example/in?token=hidden-url";
const WANTED = { url: HIDDEN, format: "session" };

async function create(json: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
  const answer = await c.ask("/endpoints", { json: { ...WANTED, ...json } });
  assert.equal(answer.status, 201, answer.text);
  return answer.body as Record<string, unknown>;
}
const bodyOf = ({ status, body, text }: Answer) => {
  assert.equal(status, 200, text);
  return body as Record<string, unknown>;
};
const post = (path: string, options: AskOptions = {}) => c.ask(path, { method: "POST", ...options });
const actions = async (id: string) =>
  (
    await c.http.database.kysely
      .selectFrom("audit")
      .select("action")
      .where("target", "=", `webhook_endpoint:${id}`)
      .orderBy("id")
      .execute()
  ).map(({ action }) => action);

test("an endpoint is made with all that can be said about it, and shows it but for its secrets", async () => {
  const json = {
    description: "Loan desk",
    event_types: ["ENRICHMENT_NOTIFICATION"],
    ordered: false,
    order_hold_seconds: 60,
    schedule: [1, 2, 3],
    timeout_ms: 5000,
    max_in_flight: 3,
    rate_limit: 20,
    pause_after: 5,
    pause_span_seconds: 10,
    headers: { "X-Tenant": "hidden-tenant" },
    secret_key: "hidden-key",
    enabled: false,
  };
  const made = await create(json);
  assert.match(String(made["secret"]), /^whsec_/);
  const id = String(made["id"]);
  const answer = await c.ask(`/endpoints/${id}`);
  assert.equal(answer.text.includes("hidden"), false, answer.text);
  assert.equal(answer.headers.get("cache-control"), "no-store");
  const { headers, secret_key: _, enabled: __, ...plain } = json;
  const shown = bodyOf(answer);
  for (const [name, value] of Object.entries(plain)) assert.deepEqual(shown[name], value, name);
  assert.deepEqual(
    Object.keys(shown["headers"] ?? {}),
    Object.keys(headers).map((name) => name.toLowerCase()),
  );
  assert.equal(shown["has_secret_key"], true);
  assert.equal(shown["url"], "https://hooks.example/in?token=***");
  assert.equal(shown["status"], "disabled");
  assert.ok(shown["status_reason"]);
  assert.equal(shown["schedule_is_own"], true);
  assert.deepEqual(await actions(id), ["webhook_endpoint.create"]);
});

test("an address that no delivery can reach is refused, when it is made and when it is changed", async () => {
  const json = { url: "http://169.254.169.254/latest", format: "session" };
  const refused = await post("/endpoints", { json });
  assert.equal(refused.status, 400);
  assert.match(refused.text, /"url: Private and special addresses are not allowed\."/);
  const made = await create({});
  const changed = await c.ask(`/endpoints/${String(made["id"])}`, {
    method: "PATCH",
    json: { url: "http://[::ffff:10.0.0.1]/" },
  });
  assert.equal(changed.status, 400);
});

test("what is masked is revealed with an audit row, and cannot come back masked", async () => {
  const made = await create({ headers: { "x-tenant": "hidden-tenant" }, secret_key: "hidden-key" });
  const id = String(made["id"]);
  const revealed = bodyOf(await post(`/endpoints/${id}/reveal`));
  assert.equal(revealed["url"], HIDDEN);
  assert.deepEqual(revealed["headers"], { "x-tenant": "hidden-tenant" });
  assert.equal(revealed["secret_key"], "hidden-key");
  const [secret] = revealed["secrets"] as { secret: string; kind: string }[];
  assert.equal(secret?.secret, made["secret"]);
  assert.deepEqual(await actions(id), ["webhook_endpoint.create", "webhook_endpoint.reveal_secrets"]);
  for (const json of [{ url: "https://hooks.example/in?token=***" }, { headers: { "x-tenant": "***" } }]) {
    const { status, text } = await c.ask(`/endpoints/${id}`, { method: "PATCH", json });
    assert.equal(status, 400, text);
    assert.match(text, /write it in full/);
  }
  assert.equal(bodyOf(await post(`/endpoints/${id}/reveal`))["url"], HIDDEN);
});

test("a change changes what it names; a fault changes nothing", async () => {
  const id = String((await create({ description: "before", max_in_flight: 4 }))["id"]);
  const patch = (json: unknown) => c.ask(`/endpoints/${id}`, { method: "PATCH", json });
  const changed = bodyOf(await patch({ description: "after", schedule: null, rate_limit: 5 }));
  assert.deepEqual(
    [changed["description"], changed["max_in_flight"], changed["rate_limit"]],
    ["after", 4, 5],
  );
  const wrong: [unknown, RegExp][] = [
    [{ url: "ftp://hooks.example" }, /url/],
    [{ timeout_ms: 1 }, /timeout_ms/],
    [{ max_in_flight: "many" }, /max_in_flight/],
    [{ event_types: ["NOTHING"] }, /event_types/],
    [{ headers: { "webhook-id": "mine" } }, /headers/],
    [{ schedule: [-1] }, /schedule/],
    [{ format: "event" }, /format/],
    [{ description: "x\0" }, /description/],
    ["text", /./],
  ];
  for (const [json, said] of wrong) {
    const { status, body } = await patch(json);
    const { error } = body as { error: { code: string; message: string } };
    assert.deepEqual([status, error.code], [400, "INVALID_REQUEST"], JSON.stringify(json));
    assert.match(error.message, said);
  }
  const { updated_at: _, ...left } = bodyOf(await c.ask(`/endpoints/${id}`));
  const { updated_at: __, ...was } = changed;
  assert.deepEqual(left, was);
  assert.deepEqual(await actions(id), ["webhook_endpoint.create", "webhook_endpoint.update"]);
});

test("what is wrong with a new endpoint is said, and nothing is made", async () => {
  const count = async () => (await allPages(c, "/endpoints?limit=200")).length;
  const before = await count();
  for (const json of [
    {},
    { url: HIDDEN },
    { ...WANTED, secret: "short" },
    { ...WANTED, wrong: 1 },
    [],
    "text",
  ]) {
    const { status, body } = await post("/endpoints", { json });
    assert.equal(status, 400, JSON.stringify(json));
    assert.equal((body as { error: { code: string } }).error.code, "INVALID_REQUEST");
  }
  const { status } = await c.http.call("/console/api/endpoints", {
    body: "<a/>",
    headers: { authorization: `Bearer ${c.http.credentials.apiKey}`, "content-type": "text/xml" },
  });
  assert.equal(status, 415);
  assert.equal(await count(), before);
});

test("pausing, resuming and disabling are idempotent and audited", async () => {
  const id = String((await create())["id"]);
  for (const [verb, status] of [
    ["pause", "paused"],
    ["pause", "paused"],
    ["resume", "enabled"],
    ["disable", "disabled"],
    ["resume", "enabled"],
  ]) {
    const shown = bodyOf(await post(`/endpoints/${id}/${verb}`));
    assert.equal(shown["status"], status);
    assert.equal(shown["status_reason"] === null, status === "enabled");
  }
  assert.deepEqual(await actions(id), [
    "webhook_endpoint.create",
    "webhook_endpoint.pause",
    "webhook_endpoint.enable",
    "webhook_endpoint.disable",
    "webhook_endpoint.enable",
  ]);
  const paused = pageOf(await c.ask("/endpoints?status=paused")).data;
  assert.equal(
    paused.some((endpoint) => endpoint["id"] === id),
    false,
  );
});

test("the list pages newest first and says what waits and how late it is", async () => {
  const { credentials: as, envId } = await c.http.newEnvironment();
  const made: string[] = [];
  for (let n = 0; n < 5; n++) {
    const { body } = await post("/endpoints", { json: WANTED, as });
    made.unshift(field(body, "id"));
  }
  for (const resource of ["session:w1", "session:w1", "session:w2"]) await c.record({ resource, envId });
  await c.http.database.pool.query(
    "update queue set due_at = now() - interval '90 s' where env_id = $1 and resource = 'session:w2'",
    [envId],
  );
  const rows = await allPages({ ask: (path) => c.ask(path, { as }) }, "/endpoints?limit=2");
  assert.deepEqual(
    rows.map(({ id }) => id),
    made,
  );
  for (const { waiting, waiting_is_exact, lag_seconds } of rows) {
    assert.deepEqual([waiting, waiting_is_exact], [3, true]);
    assert.ok(Number(lag_seconds) >= 90 && Number(lag_seconds) < 120, String(lag_seconds));
  }
});

test("a rotated secret signs beside the old one until the overlap ends", async () => {
  const made = await create();
  const path = `/endpoints/${String(made["id"])}`;
  const rotated = bodyOf(await post(`${path}/rotate-secret`, { json: { overlap_seconds: 60 } }));
  assert.equal(rotated["old_until"], "2024-04-25T10:01:00.123456Z");
  const { secrets } = bodyOf(await post(`${path}/reveal`)) as { secrets: Record<string, unknown>[] };
  assert.deepEqual(
    secrets.map(({ secret, expires_at }) => [secret, expires_at]),
    [
      [made["secret"], rotated["old_until"]],
      [rotated["secret"], null],
    ],
  );
  assert.match(
    String(bodyOf(await post(`${path}/rotate-secret`, { json: { kind: "v1a" } }))["public_key"]),
    /^whpk_/,
  );
  assert.equal((await post(`${path}/rotate-secret`, { json: { overlap_seconds: -1 } })).status, 400);
  assert.match(String(bodyOf(await post(`${path}/rotate-secret`))["secret"]), /^whsec_/);
});

test("a test event arrives signed, is in the history, and resumes a paused endpoint", async () => {
  const receiver = await startReceiver((_, response) => {
    response.setHeader("set-cookie", "hidden=1");
    response.end("thanks");
  });
  try {
    c.http.setNow(Temporal.Now.instant().toString());
    const made = await create({ url: receiver.url });
    const id = String(made["id"]);
    await post(`/endpoints/${id}/pause`);
    const answer = await post(`/endpoints/${id}/test`);
    const sent = bodyOf(answer);
    assert.deepEqual([sent["delivered"], sent["resumed"], sent["status"]], [true, true, 200]);
    assert.equal(sent["response_body"], "thanks");
    assert.equal(answer.text.includes("hidden"), false);
    const [received] = receiver.ledger;
    assert.ok(received);
    assert.equal(received.id, sent["event_id"]);
    new Webhook(String(made["secret"])).verify(received.body.toString(), received.headers);
    const [attempt] = pageOf(await c.ask(`/attempts?endpoint_id=${id}`)).data;
    assert.ok(attempt);
    assert.equal(attempt["event_id"], sent["event_id"]);
    assert.equal(attempt["outcome"], "delivered");
    const detail = bodyOf(await c.ask(`/attempts/${String(attempt["id"])}`)) as { request: { body: string } };
    assert.equal(detail.request.body, received.body.toString());
    assert.equal(bodyOf(await c.ask(`/endpoints/${id}`))["status"], "enabled");
  } finally {
    await receiver.close();
    c.http.setNow("2024-04-25T10:00:00.123456Z");
  }
});

test("deleted, an endpoint is gone with its queue and its replays", async () => {
  const id = String((await create())["id"]);
  await c.record({ resource: "session:deleted" });
  assert.equal(bodyOf(await c.ask(`/endpoints/${id}`))["waiting"], 1);
  const replay = field((await post("/replays", { json: { endpoint_id: id } })).body, "id");
  assert.deepEqual(bodyOf(await c.ask(`/endpoints/${id}`, { method: "DELETE" })), { id, deleted: true });
  for (const path of [`/endpoints/${id}`, `/replays/${replay}`, `/deliveries?endpoint_id=${id}`])
    assert.equal((await c.ask(path)).status, 404, path);
});

test("another environment's endpoint is absent, whatever is asked of it", async () => {
  const { credentials: as } = await c.http.newEnvironment();
  const id = String((await create())["id"]);
  const before = await actions(id);
  const asked: [string, AskOptions][] = [
    [`/endpoints/${id}`, {}],
    [`/endpoints/${id}`, { method: "PATCH", json: { description: "theirs" } }],
    [`/endpoints/${id}`, { method: "DELETE" }],
    ...["pause", "resume", "disable", "rotate-secret", "reveal", "test"].map((verb): [string, AskOptions] => [
      `/endpoints/${id}/${verb}`,
      { method: "POST" },
    ]),
  ];
  for (const [path, options] of asked) {
    const { status, body } = await c.ask(path, { ...options, as });
    assert.deepEqual([status, body], [404, { error: { code: "NOT_FOUND", message: "Not found." } }], path);
    assert.equal((await c.ask(path, { ...options, as: null })).status, 401);
  }
  assert.deepEqual(pageOf(await c.ask("/endpoints", { as })).data, []);
  assert.deepEqual(await actions(id), before);
});

const tagOf = (path: string): string => {
  if (path.startsWith("/console/api/cases")) return "Sessions and entities";
  return /\/(keys|settings|audit|requests)/.test(path) ? "Settings" : "Deliveries";
};

test("the document has the console's routes, and no other, under its tags", async () => {
  const { paths } = (await c.http.call("/openapi.json")).body as {
    paths: Record<string, Record<string, { tags: string[] }>>;
  };
  const routes = Object.entries(paths)
    .filter(([path]) => path.startsWith("/console/api/"))
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { tags }]) => {
        assert.deepEqual(tags, [tagOf(path)]);
        return `${method} ${path.slice("/console/api".length)}`;
      }),
    );
  assert.deepEqual(routes.sort(), [
    "delete /cases/{case_id}",
    "delete /endpoints/{endpoint_id}",
    "delete /keys/{key_id}",
    "get /attempts",
    "get /attempts/{attempt_id}",
    "get /audit",
    "get /cases",
    "get /cases/{case_id}",
    "get /cases/{case_id}/analysis",
    "get /cases/{case_id}/statements/{statement_id}",
    "get /cases/{case_id}/transactions",
    "get /deliveries",
    "get /endpoint-health",
    "get /endpoints",
    "get /endpoints/{endpoint_id}",
    "get /event-types",
    "get /events",
    "get /events/{event_id}",
    "get /keys",
    "get /replays",
    "get /replays/{replay_id}",
    "get /requests",
    "get /settings",
    "get /settings/journey",
    "get /settings/open-banking",
    "patch /endpoints/{endpoint_id}",
    "patch /keys/{key_id}",
    "patch /settings",
    "patch /settings/journey",
    "patch /settings/open-banking",
    "post /endpoints",
    "post /endpoints/{endpoint_id}/disable",
    "post /endpoints/{endpoint_id}/pause",
    "post /endpoints/{endpoint_id}/resume",
    "post /endpoints/{endpoint_id}/reveal",
    "post /endpoints/{endpoint_id}/rotate-secret",
    "post /endpoints/{endpoint_id}/test",
    "post /events/{event_id}/resend",
    "post /keys",
    "post /keys/{key_id}/rotate",
    "post /replays",
    "post /replays/{replay_id}/cancel",
  ]);
});
