/** Where the session webhooks go, and what was due to it. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { isEnvelope, multipart, openHttp, V1, type Http } from "./http-setup.ts";

let http: Http;
before(async () => {
  http = await openHttp();
});
after(() => http.close());

test("the webhook's URL is set, set again, and left alone by what is wrong with it", async () => {
  const path = `${V1}/session_data/update_webhook/`;
  const stored = () =>
    http.database.kysely
      .selectFrom("webhook_endpoints")
      .select(["url", "mode", "slot"])
      .where("env_id", "=", http.envId)
      .execute();
  const set = await http.call(path, {
    json: { webhook_url: "https://example.com/a?key=1", webhook_mode: 1 },
  });
  assert.equal(set.status, 200);
  assert.deepEqual(set.body, { message: "success" });
  assert.deepEqual(await stored(), [{ url: "https://example.com/a?key=1", mode: 1, slot: "session" }]);

  const wrong: [unknown, string][] = [
    [{}, "webhook_url, This field is required."],
    [{ webhook_url: null }, "webhook_url, This field may not be null."],
    [{ webhook_url: "" }, "webhook_url, This field may not be blank."],
    [{ webhook_url: "nonsense" }, "webhook_url, Enter a valid URL."],
    [{ webhook_url: "ftp://example.com" }, "webhook_url, Enter a valid URL."],
    [{ webhook_url: "https://a:b@example.com" }, "webhook_url, Enter a valid URL."],
    [{ webhook_url: "https://example.com/\0" }, "webhook_url, Null characters are not allowed."],
    [{ webhook_url: "https://example.com/b", webhook_mode: 9 }, 'webhook_mode, "9" is not a valid choice.'],
    [
      { webhook_url: "https://example.com/b", webhook_mode: "x" },
      "webhook_mode, A valid integer is required.",
    ],
  ];
  for (const [json, message] of wrong) {
    const { status, body } = await http.call(path, { json });
    assert.equal(status, 400);
    assert.deepEqual(body, { error: { code: "INVALID_REQUEST", message } });
  }
  assert.equal((await stored())[0]?.url, "https://example.com/a?key=1");

  await http.call(path, { json: { webhook_url: "http://localhost:9/x" } });
  assert.deepEqual(await stored(), [{ url: "http://localhost:9/x", mode: 0, slot: "session" }]);
  const audit = await http.database.kysely
    .selectFrom("audit")
    .select("detail")
    .where("action", "=", "webhook.update")
    .execute();
  assert.equal(audit.length, 2);
  assert.equal(JSON.stringify(audit).includes("key=1"), false, "a key in the URL's query is not audited");
});

test("what was due while no URL was set is listed too, and nothing where nothing was due", async () => {
  const { credentials } = await http.newEnvironment();
  const id = await http.newSession({}, credentials);
  const { status, body } = await http.call(`${V1}/session_data/${id}/webhook_payloads/`, { as: credentials });
  assert.equal(status, 200);
  assert.deepEqual(body, { payloads: [] });
});

test("the webhook is set by form too; another media type is refused", async () => {
  const path = `${V1}/session_data/update_webhook/`;
  const form = { webhook_url: "https://example.com/form", webhook_mode: "3" };
  assert.deepEqual((await http.call(path, { form })).body, { message: "success" });
  const byParts = { webhook_url: "https://example.com/parts", webhook_mode: "1" };
  assert.deepEqual((await http.call(path, { multipart: multipart(byParts) })).body, { message: "success" });
  const xml = { body: "<a/>", headers: { "content-type": "text/xml" } };
  isEnvelope(await http.call(path, xml), 415, "UNSUPPORTED_MEDIA_TYPE", "Unsupported media type `text/xml`");
  isEnvelope(await http.call(path, { method: "PUT" }), 405, "METHOD_NOT_ALLOWED", "Method PUT not allowed.");
});

test("an address that no delivery can reach is refused when it is set", async () => {
  const set = (http: Http, webhook_url: string) =>
    http.call(`${V1}/session_data/update_webhook/`, { json: { webhook_url } });
  const own = await openHttp({ allowNetworks: ["10.1.0.0/16"] });
  try {
    for (const host of [
      "169.254.169.254",
      "10.2.0.1",
      "127.0.0.1",
      "0x7f.1",
      "2130706433",
      "[::1]",
      "[::ffff:10.2.0.1]",
      "[fd00:ec2::254]",
      "0.0.0.0",
    ])
      // prettier-ignore
      isEnvelope(
        await set(own, `http://${host}:8080/hook`),
        400,
        "INVALID_REQUEST",
        "webhook_url, Private and special addresses are not allowed.",
      );
    // Nothing was set by any of them.
    const stored = await own.database.kysely.selectFrom("webhook_endpoints").select("url").execute();
    assert.deepEqual(stored, []);
    // An allowed network, a public address, and a name, wherever it leads today.
    for (const host of ["10.1.2.3", "93.184.215.14", "[2606:2800:21f::1]", "localhost", "metadata.internal"])
      assert.equal((await set(own, `http://${host}/hook`)).status, 200, host);
  } finally {
    await own.close();
  }
});

test("each environment has its own webhook", async () => {
  const { credentials, envId } = await http.newEnvironment();
  const json = { webhook_url: "https://example.com/other" };
  await http.call(`${V1}/session_data/update_webhook/`, { json, as: credentials });
  const rows = await http.database.kysely
    .selectFrom("webhook_endpoints")
    .select("env_id")
    .where("url", "=", "https://example.com/other")
    .execute();
  assert.deepEqual(rows, [{ env_id: envId }]);
});

test("setting the webhook of a paused endpoint resumes it and tells of it", async () => {
  const { credentials, envId } = await http.newEnvironment();
  const set = (webhook_url: string) =>
    http.call(`${V1}/session_data/update_webhook/`, { json: { webhook_url }, as: credentials });
  assert.equal((await set("https://example.com/first")).status, 200);
  await http.database.kysely
    .updateTable("webhook_endpoints")
    .set({ status: "paused", status_reason: "10 in a row" })
    .where("env_id", "=", envId)
    .execute();
  assert.equal((await set("https://example.com/second")).status, 200);
  const endpoint = await http.database.kysely
    .selectFrom("webhook_endpoints")
    .select(["url", "status", "status_reason"])
    .where("env_id", "=", envId)
    .executeTakeFirstOrThrow();
  assert.deepEqual(endpoint, { url: "https://example.com/second", status: "enabled", status_reason: null });
  const told = await http.database.kysely
    .selectFrom("event_bodies")
    .select(["type", "body"])
    .where("env_id", "=", envId)
    .execute();
  assert.deepEqual(
    told.map(({ type }) => type),
    ["webhook.resumed"],
  );
  assert.match(told[0]?.body.toString() ?? "", /"status":"enabled"/);
  assert.match(told[0]?.body.toString() ?? "", /example\.com\/second/);
  // Of one that is enabled nothing is told.
  assert.equal((await set("https://example.com/third")).status, 200);
  const { length } = await http.database.kysely
    .selectFrom("events")
    .select("id")
    .where("env_id", "=", envId)
    .execute();
  assert.equal(length, 1);
});
