/** What comes too late, twice or unreadable: it settles nothing that it does not name, loses nothing, stops nobody else. */
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { recordEvent } from "../src/events/outbox.ts";
import { attemptsOfEvent } from "../src/store/attempts.ts";
import { claim, release, type Claimed } from "../src/store/queue.ts";
import { dropOldDays } from "../src/store/retention.ts";
import { load, settle, type Settlement } from "../src/store/settle.ts";
import { stopEndpoint } from "../src/webhooks/pausing.ts";
import {
  createEndpoint,
  createWorld,
  record,
  startDispatcher,
  startReceiver,
  until,
  type World,
} from "./deliveries-fixture.ts";

let world: World;
before(async () => {
  world = await createWorld();
});
after(() => world.drop());
afterEach(async () => {
  await world.database.pool.query("delete from queue; delete from queue_next; delete from webhook_endpoints");
});

const NOWHERE = "http://127.0.0.1:9/hook";
const LEASE_MS = 60_000;

const result = (claimed: Claimed, status: number): Settlement => ({
  claimed,
  outcome: status < 300 ? "delivered" : "failed",
  dueIn: status < 300 ? null : 0,
  history: {
    at: Temporal.Now.instant(),
    status,
    error: null,
    address: null,
    dnsUs: null,
    tlsUs: null,
    connectUs: null,
    firstByteUs: null,
    totalUs: 1,
    requestHeaders: {},
    responseHeaders: null,
    responseBody: Buffer.alloc(0),
    retention: 30,
  },
});

const endLeases = () => world.database.pool.query("update queue set lease_until = '-infinity'");

async function claimOne(lane: { envId: number; endpointId: number }): Promise<Claimed> {
  const [claimed] = await claim(world.database.pool, [{ ...lane, retry: false, room: 1 }], LEASE_MS);
  assert.ok(claimed);
  return claimed;
}

test("a stale result settles neither the resource's next event nor the same one queued again", async () => {
  const { pool } = world.database;
  const lane = await createEndpoint(world, NOWHERE);
  await record(world, "session:late", 1);
  const stale = await claimOne(lane);
  await endLeases();
  const other = await claimOne(lane);
  assert.equal((await settle(pool, [result(other, 200)], LEASE_MS)).length, 1);
  // The row is gone; the next event makes it anew, and its lease is nobody else's.
  const { eventId } = await record(world, "session:late", 2);
  const next = await claimOne(lane);
  assert.deepEqual(await settle(pool, [result(stale, 200)], LEASE_MS), []);
  await release(pool, [stale]);
  assert.deepEqual(await claim(pool, [{ ...lane, retry: false, room: 1 }], LEASE_MS), []);
  assert.equal((await settle(pool, [result(next, 200)], LEASE_MS)).length, 1);
  assert.ok(eventId);
  assert.equal((await attemptsOfEvent(world.database.kysely, world.env.id, eventId)).length, 1);
});

test("a result whose acknowledgement was lost counts once", async () => {
  const { pool } = world.database;
  const lane = await createEndpoint(world, NOWHERE);
  const { eventId } = await record(world, "session:twice", 1);
  const claimed = await claimOne(lane);
  assert.equal((await settle(pool, [result(claimed, 500)], LEASE_MS)).length, 1);
  assert.deepEqual(await settle(pool, [result(claimed, 500)], LEASE_MS), []);
  const { rows } = await pool.query("select attempt from queue where resource = 'session:twice'");
  assert.deepEqual(rows, [{ attempt: 1 }]);
  assert.ok(eventId);
  assert.equal((await attemptsOfEvent(world.database.kysely, world.env.id, eventId)).length, 1);
});

test("a successor whose day is dropped between its settle and its load is sent from where it was moved", async () => {
  const { pool, kysely } = world.database;
  const lane = await createEndpoint(world, NOWHERE);
  await recordOld("session:moved", 32, 2);
  const [settled] = await settle(pool, [result(await claimOne(lane), 200)], LEASE_MS);
  assert.ok(settled?.successor);
  await dropOldDays(kysely, Temporal.Now.plainDateISO("UTC"));
  const [loaded] = await load(pool, [settled.successor]);
  assert.match(loaded?.body?.toString() ?? "", /"n":2/);
  // What another holds by now is not answered.
  await pool.query("update queue set gen = gen + 1 where resource = 'session:moved'");
  assert.deepEqual(await load(pool, [settled.successor]), []);
});

test("days that are dropped while their backlog drains lose nothing", async () => {
  const { kysely, pool } = world.database;
  const sink = await startReceiver((_, response) => void setTimeout(() => response.end(), 2));
  await createEndpoint(world, sink.url, { max_in_flight: 64 });
  const days = Array.from({ length: 6 }, (_, n) => 38 - n);
  for (const day of days) {
    const date = Temporal.Now.plainDateISO("UTC").subtract({ days: day }).toString();
    await pool.query("select make_day_partitions(30, $1, 1)", [date]);
  }
  for (const day of days) await Promise.all(range(15).map((n) => recordOld(`session:drain-${n}`, day, 6)));
  const engine = await startDispatcher(world);
  await sink.until((ledger) => ledger.length > 50);
  await dropOldDays(kysely, Temporal.Now.plainDateISO("UTC"));
  await until(
    async () => (await pool.query("select from queue union all select from queue_next")).rowCount === 0,
  );
  await engine.end();
  await sink.close();
  assert.equal(new Set(sink.ledger.map(({ id }) => id)).size, days.length * 15 * 6);
});

test("an endpoint that cannot be read is paused with the reason, and stops no other", async () => {
  const { pool } = world.database;
  const sink = await startReceiver();
  const bad = await createEndpoint(world, sink.url);
  const good = await createEndpoint(world, sink.url);
  await pool.query("update webhook_secrets set secret = '\\x00' where endpoint_id = $1", [bad.endpointId]);
  for (const n of range(10)) await record(world, `session:unreadable-${n}`, 1);
  const engine = await startDispatcher(world);
  await sink.until((ledger) => ledger.length === 10);
  const statusOf = async ({ endpointId }: { endpointId: number }) =>
    (await pool.query("select status, status_reason from webhook_endpoints where id = $1", [endpointId]))
      .rows[0];
  await until(async () => (await statusOf(bad)).status === "paused");
  assert.match((await statusOf(bad)).status_reason, /cannot be opened/);
  assert.equal((await statusOf(good)).status, "enabled");
  // Nothing of it is lost.
  const { rowCount } = await pool.query("select from queue where endpoint_id = $1", [bad.endpointId]);
  assert.equal(rowCount, 10);
  await engine.end();
  await sink.close();
});

test("what is known of an endpoint stops it only while it is still so, with an audit row", async () => {
  const { kysely } = world.database;
  const { endpointId } = await createEndpoint(world, NOWHERE);
  const { public_id: publicId, version } = await kysely
    .selectFrom("webhook_endpoints")
    .select(["public_id", "version"])
    .where("id", "=", endpointId)
    .executeTakeFirstOrThrow();
  const known = { envId: world.env.id, publicId, retention: 30 } as const;
  const now = Temporal.Now.instant();
  const stop = (at: number) =>
    stopEndpoint(kysely, { ...known, version: at }, { status: "disabled", reason: "410", actor: "job", now });
  const status = async () =>
    (
      await kysely
        .selectFrom("webhook_endpoints")
        .select("status")
        .where("id", "=", endpointId)
        .executeTakeFirst()
    )?.status;
  await stop(version + 1);
  assert.equal(await status(), "enabled");
  await stop(version);
  assert.equal(await status(), "disabled");
  const audited = await kysely
    .selectFrom("audit")
    .select("action")
    .where("target", "=", `webhook_endpoint:${publicId}`)
    .execute();
  assert.deepEqual(audited, [{ action: "webhook_endpoint.disable" }]);
});

const range = (length: number) => Array.from({ length }, (_, n) => n);

/** `events` of one resource, recorded so many days ago, one after the other. */
async function recordOld(resource: string, days: number, events: number): Promise<void> {
  for (let n = 1; n <= events; n++) {
    await recordEvent(world.database.kysely, {
      envId: world.env.id,
      key: `old:${resource}:${days}:${n}`,
      type: "ENRICHMENT_NOTIFICATION",
      resource,
      subject: null,
      retention: 30,
      at: Temporal.Now.instant().subtract({ hours: 24 * days }),
      bodies: () => ({ session: { resource, n } }),
    });
  }
}
