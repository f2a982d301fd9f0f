/** The compatibility checklist of the open-banking contract (reference §8), line by line, over HTTP. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { ALL_KINDS, type AnyEventType } from "../src/events/catalogue.ts";
import { envelope } from "../src/events/envelope.ts";
import { recordEvent } from "../src/events/outbox.ts";
import { fakeBank } from "./connect-fake-provider.ts";
import { MASTER, startDispatcher, startReceiver, until, type Receiver } from "./deliveries-fixture.ts";
import { bodyOf, isError, openOpenBanking, record, type OpenBanking } from "./openbanking-setup.ts";
import { makeThings } from "./openbanking-things.ts";
import type { Thing } from "./openbanking-routes.ts";

let bank: OpenBanking;
let things: Record<Thing, string>;
before(async () => {
  const { providers } = fakeBank({ clock: () => Temporal.Instant.from("2024-04-25T10:00:00Z"), id: "orion" });
  bank = await openOpenBanking({ master: MASTER, connect: { providers } });
  things = await makeThings(bank);
});
after(() => bank.close());

const rows = (page: Record<string, unknown>): Record<string, unknown>[] => {
  assert.ok(Array.isArray(page["data"]));
  return page["data"].map(record);
};

const consentOf = async (form: [string, string][]) =>
  bodyOf(
    await bank.ask("/consents", {
      form: [["customer", things.customer], ["return_url", "https://client.example/back?state=1"], ...form],
    }),
  );

test("1: Basic authentication with an empty password; a missing or bad key is 401 with an error body", async () => {
  assert.equal((await bank.ask("/customers")).status, 200);
  isError(await bank.ask("/customers", { as: null }), 401, "unauthorized");
  isError(await bank.ask("/customers", { as: { apiKey: "bad", serverHash: "" } }), 401, "unauthorized");
});

test("2: a consent with scopes[] and metadata[a] has a page, a status, and its metadata", async () => {
  const consent = await consentOf([
    ["scopes[]", "accounts"],
    ["scopes[]", "transactions"],
    ["metadata[a]", "1"],
  ]);
  assert.match(String(record(consent["redirect"])["consent_url"]), /^http/);
  assert.equal(typeof consent["status"], "string");
  assert.deepEqual([consent["scopes"], consent["metadata"]], [["accounts", "transactions"], { a: "1" }]);
});

test("3: a consent without scopes[] succeeds", async () => {
  assert.ok(Array.isArray((await consentOf([]))["scopes"]));
});

test("5: accounts by customer, by both, by consent alone; by none it is missing_identity", async () => {
  const { customer, consent, bank_account: id } = things;
  for (const query of [
    `customer=${customer}`,
    `consent=${consent}`,
    `customer=${customer}&consent=${consent}`,
  ]) {
    const page = bodyOf(await bank.ask(`/bank_accounts?${query}`));
    assert.deepEqual(
      rows(page).map((account) => account["id"]),
      [id],
      query,
    );
  }
  isError(await bank.ask("/bank_accounts"), 400, "missing_identity");
  isError(await bank.ask("/bank_accounts?"), 400, "missing_identity");
});

describe("8 and 9: 45 booked transactions and 5 pending ones", () => {
  before(() => addTransactions());
  const path = () => `/bank_accounts/${things.bank_account}/transactions`;

  test("20 by default, all with limit=100, 101 is 100; next leads through 45 distinct ids", async () => {
    const first = bodyOf(await bank.ask(path()));
    assert.deepEqual([first["count"], record(first["paging"])["total"]], [20, 45]);
    assert.equal(rows(bodyOf(await bank.ask(`${path()}?limit=100`))).length, 45);
    assert.equal(rows(bodyOf(await bank.ask(`${path()}?limit=101`))).length, 45);
    for (const [query, count] of [
      ["", 45],
      ["?status=booked", 45],
      ["?status=pending&limit=2", 5],
      ["?status=booked&timestamp.gte=2024-01-11&timestamp.lte=2024-01-20&limit=3", 10],
    ] as const) {
      const seen: Record<string, unknown>[] = [];
      for (let at: unknown = `${path()}${query}`; typeof at === "string";) {
        const page = bodyOf(await bank.ask(at));
        seen.push(...rows(page));
        at = record(page["paging"])["next"];
        if (query.includes("status") && typeof at === "string") assert.match(at, /[?&]status=/);
      }
      assert.equal(new Set(seen.map((row) => row["id"])).size, count, query);
      const status = query.includes("pending") ? "pending" : "booked";
      assert.ok(seen.every((row) => row["status"] === status));
    }
  });

  test("without status there are no pending ones", async () => {
    const page = bodyOf(await bank.ask(`${path()}?limit=100`));
    assert.ok(rows(page).every((row) => row["status"] === "booked"));
  });
});

test("10: revoking answers 200 and canceled, DELETE is 404", async () => {
  const { id } = await consentOf([]);
  const revoked = bodyOf(await bank.ask(`/consents/${String(id)}/revoke`, { method: "POST" }));
  assert.equal(revoked["status"], "canceled");
  isError(await bank.ask(`/consents/${String(id)}`, { method: "DELETE" }), 404, "resource_missing");
});

/** `t=<ISO 8601>;s=<hex>`: as a receiver verifies it, from the contract alone (§5). */
function verified(header: string, secret: string, body: Buffer | string): string {
  const [, t = "", s = ""] = /^t=([^;]+);s=([0-9a-f]{64})$/.exec(header) ?? [];
  assert.equal(createHmac("sha256", secret).update(`${t}.`).update(body).digest("hex"), s, header);
  return t;
}

test("12: the signature's vector", () => {
  const body =
    '{"id":"evt_0000000000000000000000","object":"event","created_at":"2020-01-30T12:44:55Z","type":"consent.created",' +
    '"data":{"object":{"id":"cst_0000000000000000000000","object":"consent","status":"pending"}}}';
  assert.equal(body.length, 205);
  const header = "t=2020-01-30T12:44:55Z;s=3c46448f2cc59f86b2fccd1236383bd89ebc098be6c3e9b5379fc00c1ae02a1a";
  assert.equal(verified(header, "bankbell_test_signing_secret", body), "2020-01-30T12:44:55Z");
});

async function endpointFor(sink: Receiver, form: [string, string][]) {
  const url = `${sink.url}?key=0123%2F456&b=+x`;
  const webhook = bodyOf(await bank.ask("/webhooks", { form: [["url", url], ...form] }));
  return { id: String(webhook["id"]), secret: String(webhook["secret"]) };
}

let told = 0;
const tell = (type: AnyEventType) =>
  recordEvent(bank.http.database.kysely, {
    envId: bank.http.envId,
    key: `contract:${++told}`,
    type,
    resource: `consent:cst_${told}`,
    subject: null,
    retention: 30,
    at: Temporal.Instant.from("2024-04-25T10:00:00Z"),
    bodies: (id) => ({
      event: envelope(id, type, Temporal.Instant.from("2024-04-25T10:00:00Z"), { id: "x", object: "x" }),
    }),
  });

test("11: after POST /webhooks/{id} with events[]=* every type is delivered, to the URL as it was given", async () => {
  const urls = new Set<string | undefined>();
  const sink = await startReceiver((_, response, request) => {
    urls.add(request.url);
    response.end();
  });
  const { id, secret } = await endpointFor(sink, [["events[]", "consent.authorized"]]);
  bodyOf(await bank.ask(`/webhooks/${id}`, { form: [["events[]", "*"]] }));
  const types = ALL_KINDS.filter(({ format, namedOnly }) => format === "event" && !namedOnly).map(
    ({ type }) => type as AnyEventType,
  );
  const dispatcher = await startDispatcher(bank.http);
  try {
    for (const type of types) await tell(type);
    await sink.until((ledger) => ledger.length >= types.length, 30_000);
    const bodies = sink.ledger.map(({ body }) => record(JSON.parse(body.toString())));
    assert.deepEqual(new Set(bodies.map((body) => body["type"])), new Set(types));
    assert.deepEqual(urls, new Set(["/hook?key=0123%2F456&b=+x"]));
    for (const { headers, body, id } of sink.ledger) {
      verified(headers["fx-signature"] ?? "", secret, body);
      // What is pushed is what the feed serves.
      const event = bodyOf(await bank.ask(`/events/${id}`));
      assert.deepEqual(event, JSON.parse(body.toString()));
    }
  } finally {
    await dispatcher.end();
    await sink.close();
    await bank.ask(`/webhooks/${id}`, { method: "DELETE" });
  }
});

test("12: each retry is signed with its own t; 10 failures pause the endpoint, and resuming delivers", async () => {
  let isDown = true;
  const sink = await startReceiver((_, response) => {
    response.statusCode = isDown ? 500 : 204;
    response.end();
  });
  const { id, secret } = await endpointFor(sink, []);
  // As if each attempt came its 3 s after the one before.
  const clock = () => Temporal.Instant.from("2024-04-25T10:00:00Z").add({ seconds: 3 * sink.ledger.length });
  const dispatcher = await startDispatcher(bank.http, { clock });
  const status = async () => bodyOf(await bank.ask(`/webhooks/${id}`))["status"];
  try {
    const { publicId } = await tell("consent.authorized");
    const ours = () => sink.ledger.filter((attempt) => attempt.id === publicId);
    await until(async () => {
      await bank.http.database.pool.query(
        "update queue set due_at = now() where attempt > 0 and due_at > now()",
      );
      return (await status()) === "paused";
    }, 60_000);
    assert.ok(ours().length >= 10, `${ours().length} attempts`);
    const times = ours().map(({ headers, body }) => verified(headers["fx-signature"] ?? "", secret, body));
    assert.equal(new Set(times).size, times.length);
    assert.equal(new Set(ours().map(({ body }) => body.toString())).size, 1);
    isDown = false;
    assert.equal(bodyOf(await bank.ask(`/webhooks/${id}/resume`, { method: "POST" }))["status"], "enabled");
    const before = ours().length;
    await until(() => ours().length > before, 30_000);
  } finally {
    await dispatcher.end();
    await sink.close();
  }
});

test("13: template CSS of 2001 characters is 400, an empty footer_html clears", async () => {
  const templates = `/apps/${things.app}/templates`;
  isError(
    await bank.ask(templates, { form: { name: "T", css: `a{color:red}${"/".repeat(1989)}` } }),
    400,
    "invalid_parameter",
    "css",
  );
  const made = bodyOf(await bank.ask(templates, { form: { name: "T", footer_html: "<p>Footer</p>" } }));
  assert.match(String(made["footer_html"]), /Footer/);
  const path = `${templates}/${String(made["id"])}`;
  assert.match(String(bodyOf(await bank.ask(path, { form: { app_name: "A" } }))["footer_html"]), /Footer/);
  assert.equal(bodyOf(await bank.ask(path, { form: { footer_html: "" } }))["footer_html"], null);
});

async function addTransactions(): Promise<void> {
  const { pool } = bank.http.database;
  await pool.query(
    `with account as (
       update bank_accounts set booked_count = 45, pending_count = 5 where public_id = $1 returning env_id, id
     )
     insert into bank_transactions
       (env_id, public_id, bank_account_id, status, at, amount, currency, description, bank_ref, created_at)
     select env_id, 'trn_' || n, id, case when n <= 45 then 'booked' else 'pending' end,
       timestamptz '2024-01-01 12:00Z' + n * interval '1 day', -n * 100, 'gbp', 'ROW ' || n, 'r' || n, now()
     from account, generate_series(1, 50) as n`,
    [things.bank_account],
  );
}
