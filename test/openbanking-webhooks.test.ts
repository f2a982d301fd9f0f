/** `/webhooks` on the engine of the deliveries (reference §3.10, §5). What is sent is in openbanking-contract.test.ts. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ALL_KINDS } from "../src/events/catalogue.ts";
import { bodyOf, isError, openOpenBanking, record, type OpenBanking } from "./openbanking-setup.ts";

let bank: OpenBanking;
before(async () => {
  bank = await openOpenBanking();
});
after(() => bank.close());

const URL = "https://hooks.example/bank?key=0123%2F456&b=+x";

const create = async (form: [string, string][] = []) =>
  bodyOf(await bank.ask("/webhooks", { form: [["url", URL], ...form] }));

test("an endpoint is made with a secret that no other answer has; its URL is left as it is", async () => {
  const { secret, ...made } = await create([
    ["events[]", "consent.authorized"],
    ["metadata[a]", "1"],
  ]);
  assert.match(String(secret), /^whsec_/);
  assert.match(String(made["id"]), /^wh_[0-9A-Za-z]{22}$/);
  assert.deepEqual(made, {
    id: made["id"],
    object: "webhook",
    created_at: "2024-04-25T10:00:00Z",
    updated_at: "2024-04-25T10:00:00Z",
    url: URL,
    events: ["consent.authorized"],
    status: "enabled",
    failure_count: 0,
    metadata: { a: "1" },
  });
  assert.deepEqual(bodyOf(await bank.ask(`/webhooks/${String(made["id"])}`)), made);
  const list = bodyOf(await bank.ask("/webhooks"));
  assert.deepEqual(list["data"], [made]);
  assert.equal(record(list["paging"])["total"], 1);
  const row = await bank.http.database.kysely
    .selectFrom("webhook_endpoints")
    .select(["format", "preset", "pause_after", "pause_span_s", "schedule"])
    .executeTakeFirstOrThrow();
  assert.deepEqual(row, {
    format: "event",
    preset: "openbanking",
    pause_after: 10,
    pause_span_s: 0,
    schedule: null,
  });
});

test("events[] and url change, metadata merges; what is wrong changes nothing", async () => {
  const { secret: _, ...made } = await create([["metadata[a]", "1"]]);
  assert.deepEqual(made["events"], ["*"]);
  const path = `/webhooks/${String(made["id"])}`;
  const changed = bodyOf(
    await bank.ask(path, {
      form: [
        ["events[]", "consent.authorized"],
        ["events[]", "transaction.created"],
        ["metadata[b]", "2"],
      ],
    }),
  );
  assert.deepEqual(changed, {
    ...made,
    events: ["consent.authorized", "transaction.created"],
    metadata: { a: "1", b: "2" },
  });
  assert.deepEqual(bodyOf(await bank.ask(path, { form: [["events[]", "*"]] }))["events"], ["*"]);
  for (const [form, param] of [
    [[["events[]", "consent.revoked"]], "events[0]"],
    [[["events[]", "ENRICHMENT_NOTIFICATION"]], "events[0]"],
    [[["events[]", ""]], "events"],
    [[["url", "ftp://hooks.example/"]], "url"],
    [[["url", "https://user:pass@hooks.example/"]], "url"],
    [[["url", "http://10.0.0.1/"]], "url"],
    [[["url", "nowhere"]], "url"],
  ] as const)
    isError(await bank.ask(path, { form }), 400, "invalid_parameter", param);
  assert.deepEqual(bodyOf(await bank.ask(path))["events"], ["*"]);
  isError(await bank.ask("/webhooks", { form: {} }), 400, "missing_parameter", "url");
});

test("rotating answers the new secret once; deleting removes it", async () => {
  const made = await create();
  const path = `/webhooks/${String(made["id"])}`;
  const rotated = bodyOf(await bank.ask(`${path}/rotate`, { method: "POST" }));
  assert.match(String(rotated["secret"]), /^whsec_/);
  assert.notEqual(rotated["secret"], made["secret"]);
  bodyOf(await bank.ask(`${path}/rotate`, { form: { overlap_seconds: "0" } }));
  isError(
    await bank.ask(`${path}/rotate`, { form: { overlap_seconds: "-1" } }),
    400,
    "invalid_parameter",
    "overlap_seconds",
  );
  assert.equal("secret" in bodyOf(await bank.ask(path)), false);
  const { id } = made;
  assert.deepEqual(bodyOf(await bank.ask(path, { method: "DELETE" })), {
    id,
    object: "webhook",
    deleted: true,
  });
  for (const method of ["GET", "POST", "DELETE"])
    isError(await bank.ask(path, { method }), 404, "resource_missing");
  isError(await bank.ask(`${path}/rotate`, { method: "POST" }), 404, "resource_missing");
});

test("a paused endpoint is resumed by hand", async () => {
  const { id } = await create();
  await bank.http.database.kysely
    .updateTable("webhook_endpoints")
    .set({ status: "paused" })
    .where("public_id", "=", String(id))
    .execute();
  assert.equal(bodyOf(await bank.ask(`/webhooks/${String(id)}`))["status"], "paused");
  const resumed = bodyOf(await bank.ask(`/webhooks/${String(id)}/resume`, { method: "POST" }));
  assert.equal(resumed["status"], "enabled");

  // The event's object is the webhook itself, without what its URL's query says.
  const { data } = bodyOf(await bank.ask(`/events?resource=${String(id)}`));
  assert.ok(Array.isArray(data));
  const event = record(data[0]);
  assert.deepEqual([data.length, event["type"]], [1, "webhook.resumed"]);
  const { reason, status_since: since, url, ...told } = record(record(event["data"])["object"]);
  const { failure_count: failures, url: written, ...read } = resumed;
  assert.deepEqual(told, read);
  assert.deepEqual([reason, failures], [null, 0]);
  assert.match(String(since), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.equal(url, String(written).replace(/=[^&]+/g, "=***"));
});

test("endpoints of the BankConnect contract are not there", async () => {
  const json = { url: "https://hooks.example/", format: "session" };
  const headers = { authorization: `Bearer ${bank.http.credentials.apiKey}` };
  const made = record((await bank.http.call("/console/api/endpoints", { json, headers, as: null })).body);
  isError(await bank.ask(`/webhooks/${String(made["id"])}`), 404, "resource_missing");
  isError(await bank.ask(`/webhooks/${String(made["id"])}`, { method: "DELETE" }), 404, "resource_missing");
  assert.ok(!(await bank.ask("/webhooks")).text.includes(String(made["id"])));
});

test("every event of the catalogue can be asked for, by its name", async () => {
  const names = ALL_KINDS.filter(({ format }) => format === "event").map(({ type }) => type);
  const made = await create(names.map((name) => ["events[]", name]));
  assert.deepEqual(made["events"], names);
});

test("one catalogue: the code, the event picker, OpenAPI and the page name the same events", async () => {
  const { http } = bank;
  const all = ALL_KINDS.map(({ type }) => type);
  assert.equal(new Set(all).size, all.length);
  const headers = { authorization: `Bearer ${http.credentials.apiKey}` };
  const picker = record((await http.call("/console/api/event-types", { headers, as: null })).body);
  assert.ok(Array.isArray(picker["data"]));
  assert.deepEqual(
    picker["data"].map((kind) => record(kind)["type"]),
    all,
  );
  const openapi = record((await http.call("/openapi.json")).body);
  assert.deepEqual(Object.keys(record(openapi["webhooks"])), all);
  const { text } = await http.call("/docs");
  const shown = [...text.matchAll(/<article id="([^"]+)"/g)].map(([, id]) => id);
  assert.deepEqual(
    shown.filter((id) => id !== undefined && all.includes(id)),
    all,
  );
});
