/** Endpoints as they are managed: settings, secrets, status and tests, against real receivers. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, afterEach, before, describe, test } from "node:test";
import { Webhook } from "standardwebhooks";
import { createOutgoing } from "../src/platform/outgoing.ts";
import { inTransaction } from "../src/store/transaction.ts";
import { attemptsOfEvent } from "../src/store/attempts.ts";
import {
  createEndpoint,
  deleteEndpoint,
  disableEndpoint,
  getEndpoint,
  listEndpoints,
  pauseEndpoint,
  resumeEndpoint,
  revealSecrets,
  rotateSecret,
  sendTest,
  updateEndpoint,
  type Managing,
  type NewEndpoint,
} from "../src/webhooks/manage.ts";
import {
  createWorld,
  MASTER,
  queueIsEmpty,
  record,
  startDispatcher,
  startReceiver,
  until,
  type Receiver,
  type World,
} from "./deliveries-fixture.ts";

let world: World;
const running: (() => Promise<void>)[] = [];
before(async () => {
  world = await createWorld();
});
after(() => world.drop());
afterEach(async () => {
  for (const end of running.splice(0).reverse()) await end();
  await world.database.pool.query("delete from queue; delete from queue_next; delete from webhook_endpoints");
});

const now = () => Temporal.Now.instant();

function manage<T>(step: (managing: Managing) => Promise<T>, at = now()): Promise<T> {
  return inTransaction(world.database.kysely, ({ trx }) =>
    step({ trx, env: world.env, actor: "operator", now: at }),
  );
}

async function receiver(...args: Parameters<typeof startReceiver>): Promise<Receiver> {
  const started = await startReceiver(...args);
  running.push(() => started.close());
  return started;
}

async function engine() {
  const started = await startDispatcher(world);
  running.push(() => started.end());
  return started;
}

async function made(wanted: Partial<NewEndpoint> = {}) {
  const created = await manage((managing) =>
    createEndpoint(managing, { url: "https://receiver.example/hook", format: "session", ...wanted }),
  );
  assert.ok(created.ok, JSON.stringify(created));
  return created;
}

describe("settings", () => {
  test("defaults, and those of the open-banking preset", async () => {
    const { endpoint, secret } = await made();
    assert.match(secret, /^whsec_/);
    const { timeoutMs, pauseAfter, pauseSpanSeconds, schedule, orderHoldSeconds, rateLimit, ordered } =
      endpoint;
    assert.deepEqual([timeoutMs, pauseAfter, pauseSpanSeconds], [15_000, 10, 3600]);
    assert.deepEqual([orderHoldSeconds, rateLimit, ordered, schedule.length], [3600, null, true, 11]);
    const legacy = (await made({ format: "event", preset: "openbanking" })).endpoint;
    assert.deepEqual([legacy.timeoutMs, legacy.pauseAfter, legacy.pauseSpanSeconds], [10_000, 10, 0]);
    assert.deepEqual(legacy.schedule.slice(0, 20), Array(20).fill(3));
    assert.equal(legacy.ownSchedule, false);
    assert.deepEqual((await listEndpoints(world.database.kysely, world.env)).length, 2);
  });

  test("every fault is named, and nothing is made", async () => {
    const refused = await manage((managing) =>
      createEndpoint(managing, {
        url: "ftp://receiver.example",
        format: "event",
        eventTypes: ["ENRICHMENT_NOTIFICATION"],
        schedule: [-1],
        timeoutMs: 999,
        maxInFlight: 129,
        rateLimit: 0,
        pauseAfter: 0,
        orderHoldSeconds: 1.5,
        headers: { "webhook-id": "a", Host: "b", "x y": "c", "x-ok": "ü" },
        secretKey: "abc",
        secret: "short",
      }),
    );
    assert.ok(!refused.ok && refused.reason === "invalid");
    assert.deepEqual(
      refused.faults.map(({ field }) => field),
      [
        "url",
        "eventTypes",
        "orderHoldSeconds",
        "timeoutMs",
        "maxInFlight",
        "rateLimit",
        "pauseAfter",
        "schedule",
        "headers",
        "headers",
        "headers",
        "headers",
        "secretKey",
        "secret",
      ],
    );
    assert.deepEqual(await listEndpoints(world.database.kysely, world.env), []);
  });

  test("a change keeps what it does not name; another environment's endpoint is unknown", async () => {
    const { endpoint } = await made({ headers: { "X-Team": "one" }, rateLimit: 5 });
    const { publicId } = endpoint;
    const changed = await manage((managing) =>
      updateEndpoint(managing, publicId, { rateLimit: null, ordered: false, schedule: [1, 2] }),
    );
    assert.ok(changed.ok);
    assert.deepEqual(
      [changed.endpoint.rateLimit, changed.endpoint.ordered, changed.endpoint.schedule],
      [null, false, [1, 2]],
    );
    assert.deepEqual(changed.endpoint.headerNames, ["x-team"]);
    const elsewhere = await inTransaction(world.database.kysely, ({ trx }) =>
      updateEndpoint(
        { trx, env: { ...world.env, id: world.env.id + 1 }, actor: "operator", now: now() },
        publicId,
        { description: "x" },
      ),
    );
    assert.deepEqual(elsewhere, { ok: false, reason: "unknown" });
  });

  test("custom headers and x-secret-key are sent, kept encrypted, and masked in the history", async () => {
    const sink = await receiver();
    const headers = { authorization: "Bearer abcdefgh", "x-team": "loans" };
    const { endpoint } = await made({ url: sink.url, headers, secretKey: "chosen by the client" });
    const { rows } = await world.database.pool.query<{ headers: Buffer; secret_key: Buffer }>(
      "select headers, secret_key from webhook_endpoints",
    );
    const stored = Buffer.concat(rows.flatMap((row) => [row.headers, row.secret_key])).toString("latin1");
    assert.equal(/abcdefgh|chosen/.test(stored), false);
    assert.deepEqual(endpoint.headerNames, ["authorization", "x-team"]);
    await engine();
    const { eventId } = await record(world, "session:headers", 1);
    await sink.until((ledger) => ledger.length === 1);
    assert.equal(sink.ledger[0]?.headers["authorization"], headers.authorization);
    assert.equal(sink.ledger[0]?.headers["x-team"], "loans");
    assert.equal(sink.ledger[0]?.headers["x-secret-key"], "chosen by the client");
    await until(() => queueIsEmpty(world));
    const [attempt] = await attemptsOfEvent(world.database.kysely, world.env.id, eventId ?? 0n);
    assert.equal(attempt?.request_headers["x-secret-key"], "***");
    assert.equal(attempt.request_headers["authorization"], "***");
    assert.match(attempt.request_headers["webhook-signature"] ?? "", /^v1,/);
  });

  test("a deleted endpoint takes its queue with it", async () => {
    const { endpoint } = await made();
    await record(world, "session:deleted-endpoint", 1);
    await record(world, "session:deleted-endpoint", 2);
    assert.deepEqual(await manage((managing) => deleteEndpoint(managing, endpoint.publicId)), { ok: true });
    assert.ok(await queueIsEmpty(world));
    assert.equal(await getEndpoint(world.database.kysely, world.env, endpoint.publicId), null);
  });
});

describe("secrets", () => {
  test("during a rotation both secrets verify, after it only the new one", async () => {
    const sink = await receiver();
    const { endpoint, secret: old } = await made({ url: sink.url });
    await engine();
    const rotated = await manage((managing) =>
      rotateSecret(managing, endpoint.publicId, { overlapSeconds: 3600 }),
    );
    assert.ok(rotated.ok);
    await record(world, "session:rotated", 1);
    await sink.until((ledger) => ledger.length === 1);
    const [during] = sink.ledger;
    assert.ok(during);
    for (const secret of [old, rotated.secret]) new Webhook(secret).verify(during.body, during.headers);

    const again = await manage((managing) =>
      rotateSecret(managing, endpoint.publicId, { overlapSeconds: 0 }),
    );
    assert.ok(again.ok);
    await record(world, "session:rotated", 2);
    await sink.until((ledger) => ledger.length === 2);
    const last = sink.ledger[1];
    assert.ok(last);
    new Webhook(again.secret).verify(last.body, last.headers);
    assert.throws(() => new Webhook(rotated.secret).verify(last.body, last.headers));
    // Its overlap goes no further than the rotation without one.
    assert.throws(() => new Webhook(old).verify(last.body, last.headers));
  });

  test("an ed25519 secret beside the shared one; revealing them is audited", async () => {
    const { endpoint } = await made();
    const added = await manage((managing) => rotateSecret(managing, endpoint.publicId, { kind: "v1a" }));
    assert.ok(added.ok);
    assert.match(added.publicKey ?? "", /^whpk_/);
    const revealed = await manage((managing) => revealSecrets(managing, endpoint.publicId));
    assert.ok(revealed.ok);
    assert.deepEqual(
      revealed.secrets.map(({ kind, expiresAt, publicKey }) => [kind, expiresAt, publicKey]),
      [
        ["v1", null, null],
        ["v1a", null, added.publicKey],
      ],
    );
    const { rows } = await world.database.pool.query<{ detail: object }>(
      "select detail from audit where action = 'webhook_endpoint.reveal_secrets'",
    );
    assert.deepEqual(rows.at(-1)?.detail, { count: 2 });
  });
});

describe("tests", () => {
  const tools = () => {
    const outgoing = createOutgoing({ allowNetworks: ["127.0.0.0/8"] });
    running.push(() => outgoing.close());
    return { db: world.database.kysely, master: MASTER, outgoing, clock: now };
  };

  test("a test reaches a paused endpoint, resumes it on success, and stands in the history", async () => {
    let status = 500;
    const sink = await receiver((_, response) => response.writeHead(status).end());
    const text = "a-text-of-another-system";
    const { endpoint } = await made({ url: sink.url, format: "event", secret: text });
    const other = await made({ url: sink.url, format: "event" });
    const { publicId } = endpoint;
    const paused = await manage((managing) => pauseEndpoint(managing, publicId));
    assert.ok(paused.ok && paused.changed);
    const failed = await sendTest(tools(), world.env, "operator", publicId);
    assert.ok(failed.ok && !failed.delivered && !failed.resumed);
    status = 204;
    const sent = await sendTest(tools(), world.env, "operator", publicId);
    assert.ok(sent.ok && sent.delivered && sent.resumed);
    assert.equal((await getEndpoint(world.database.kysely, world.env, publicId))?.status, "enabled");
    const { headers, body } = sink.ledger[1] ?? {};
    assert.ok(headers && body);
    assert.equal(headers["webhook-id"], sent.eventId);
    const [, t, s] = /^t=([^;]+);s=([0-9a-f]{64})$/.exec(headers["fx-signature"] ?? "") ?? [];
    assert.equal(s, createHmac("sha256", text).update(`${t}.`).update(body).digest("hex"));
    assert.equal((JSON.parse(body.toString()) as { type: string }).type, "webhook.test");
    const { rows } = await world.database.pool.query<{ outcome: string }>(
      `select a.outcome from attempts a join events e on e.id = a.event_id where e.type = 'webhook.test' order by a.id`,
    );
    assert.deepEqual(
      rows.map(({ outcome }) => outcome),
      ["failed", "delivered"],
    );
    // The other endpoint heard of the pause and of the end of it; this one hears nothing of itself.
    const { rows: queued } = await world.database.pool.query<{ id: string; type: string }>(
      `select w.public_id as id, e.type from (select env_id, endpoint_id, event_id from queue
         union all select env_id, endpoint_id, event_id from queue_next) q
       join webhook_endpoints w on w.id = q.endpoint_id join events e on e.id = q.event_id order by e.id`,
    );
    assert.deepEqual(queued, [
      { id: other.endpoint.publicId, type: "webhook.paused" },
      { id: other.endpoint.publicId, type: "webhook.resumed" },
    ]);
  });

  test("a test of an endpoint that is not there is unknown", async () => {
    assert.deepEqual(await sendTest(tools(), world.env, "operator", "wh_none"), {
      ok: false,
      reason: "unknown",
    });
  });
});

test("created disabled it queues nothing until it is enabled; pausing twice changes nothing", async () => {
  const sink = await receiver();
  const { endpoint } = await made({ url: sink.url, enabled: false });
  const { publicId } = endpoint;
  assert.deepEqual((await record(world, "session:disabled", 1)).lanes, []);
  const resumed = await manage((managing) => resumeEndpoint(managing, publicId));
  assert.ok(resumed.ok && resumed.changed && resumed.lanes.length === 1);
  assert.equal((await record(world, "session:disabled", 2)).lanes.length, 1);
  const paused = await manage((managing) => pauseEndpoint(managing, publicId, "Maintenance."));
  const twice = await manage((managing) => pauseEndpoint(managing, publicId));
  assert.ok(paused.ok && paused.changed && twice.ok && !twice.changed);
  assert.equal(twice.endpoint.statusReason, "Maintenance.");
  const off = await manage((managing) => disableEndpoint(managing, publicId));
  assert.ok(off.ok && off.endpoint.status === "disabled");
});
