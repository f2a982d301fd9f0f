/** Days that are over go whole; what is undelivered stays deliverable, and what was class 0 stays. */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { recordEvent } from "../src/events/outbox.ts";
import { createLog } from "../src/platform/telemetry.ts";
import { eventsOfResource } from "../src/store/events.ts";
import { dropOldExhausted, dropOrphans } from "../src/store/queue-expiry.ts";
import type { Retention } from "../src/store/schema.ts";
import { retainHistory } from "../src/webhooks/jobs.ts";
import {
  createEndpoint,
  createWorld,
  queueIsEmpty,
  record,
  startDispatcher,
  startReceiver,
  until,
  type World,
  replay,
} from "./deliveries-fixture.ts";

let world: World;
before(async () => {
  world = await createWorld();
});
after(() => world.drop());
beforeEach(() =>
  world.database.pool.query(
    "delete from queue; delete from queue_next; delete from webhook_endpoints; delete from attempts; delete from events; delete from event_bodies",
  ),
);

const now = Temporal.Now.instant();
const daysAgo = (days: number) => now.subtract({ hours: days * 24 });
const dayOf = (at: Temporal.Instant) => at.toZonedDateTimeISO("UTC").toPlainDate().toString();
const retain = (at = now) =>
  retainHistory({ db: world.database.kysely, clock: () => at, log: createLog("silent") });

async function partition(kept: number, day: Temporal.Instant): Promise<void> {
  await world.database.pool.query("select make_day_partitions($1, $2, 1)", [kept, dayOf(day)]);
}

let recorded = 0;
async function recordAt(
  resource: string,
  retention: Retention,
  at: Temporal.Instant,
  n = 1,
): Promise<bigint> {
  const { eventId } = await recordEvent(world.database.kysely, {
    envId: world.env.id,
    key: `retention:${++recorded}`,
    type: "ENRICHMENT_NOTIFICATION",
    resource,
    subject: null,
    retention,
    at,
    bodies: (id) => ({ session: { id, resource, n } }),
  });
  assert.ok(eventId !== null);
  return eventId;
}

async function attemptAt(eventId: bigint, endpointId: number, kept: number, at: Temporal.Instant) {
  await world.database.pool.query(
    `insert into attempts (env_id, endpoint_id, event_id, event_at, resource, attempt, at, outcome, total_us, request_headers, retention)
     values ($1, $2, $3, $4, 'session:old', 1, $4, 'delivered', 1, '{}', $5)`,
    [world.env.id, endpointId, eventId, at, kept],
  );
}

const partitions = async () => {
  const { rows } = await world.database.pool.query<{ name: string }>(
    "select relname as name from pg_class where relname ~ '^(events|event_bodies|attempts)_[0-9]+_[0-9]{8}$' and relkind = 'r' order by 1",
  );
  return rows.map(({ name }) => name);
};
const count = async (table: string) => {
  const { rows } = await world.database.pool.query<{ n: number }>(`select count(*)::int as n from ${table}`);
  return rows[0]?.n;
};

describe("dropping days", () => {
  test("a day older than its class goes whole, one of its last day stays, in every class", async () => {
    const { endpointId } = await createEndpoint(world, "http://127.0.0.1:9/hook", { event_types: ["none"] });
    for (const kept of [7, 30, 90, 365] as const) {
      for (const days of [kept + 1, kept]) {
        const at = daysAgo(days);
        await partition(kept, at);
        await attemptAt(await recordAt(`session:old-${kept}-${days}`, kept, at), endpointId, kept, at);
      }
    }
    assert.equal((await partitions()).length, 24);
    await retain();
    assert.equal((await partitions()).length, 12);
    assert.deepEqual(
      [await count("events"), await count("event_bodies"), await count("attempts")],
      [4, 4, 4],
    );
    await retain();
    assert.equal((await partitions()).length, 12, "the second time there is nothing to do");
    const { rows } = await world.database.pool.query("select from event_keys where key like 'retention:%'");
    assert.equal(rows.length, 8, "keys stay");
  });

  test("rows in a default partition go by their age", async () => {
    const at = daysAgo(31);
    await attemptAt(await recordAt("session:default", 30, at), 1, 30, at);
    await recordAt("session:default", 30, daysAgo(1));
    await retain();
    assert.deepEqual(
      [await count("events"), await count("event_bodies"), await count("attempts")],
      [1, 1, 0],
    );
  });

  test("what is queued, waiting or exhausted is moved, delivered with the same bytes, and then let go", async () => {
    const sink = await startReceiver();
    const { endpointId } = await createEndpoint(world, sink.url, {
      status: "paused",
      status_since: daysAgo(1),
    });
    const at = daysAgo(32);
    await partition(30, at);
    const exhausted = await recordAt("session:exhausted", 30, at, 9);
    await world.database.pool.query("delete from queue");
    await world.database.pool.query(
      "insert into exhausted_deliveries (env_id, endpoint_id, event_id, event_at, retention, resource, attempts, exhausted_at) values ($1, $2, $3, $4, 30, 'session:exhausted', 12, $4)",
      [world.env.id, endpointId, exhausted, at],
    );
    await recordAt("session:kept", 30, at, 1);
    await recordAt("session:kept", 30, at, 2);
    const own = await recordAt("session:own", 0, at, 3);
    await world.database.pool.query("delete from queue where resource = 'session:own'");
    const before = await eventsOfResource(world.database.kysely, world.env.id, "session:kept");
    await retain();
    assert.deepEqual(
      (await partitions()).filter((name) => name.includes(dayOf(at).replaceAll("-", ""))),
      [],
    );
    assert.deepEqual(await eventsOfResource(world.database.kysely, world.env.id, "session:kept"), before);
    const { rows } = await world.database.pool.query<{ id: string; kept_from: number | null }>(
      "select id::text, kept_from from events where retention = 0 and id = any($1)",
      [[own, exhausted].map(String)],
    );
    assert.deepEqual(new Map(rows.map(({ id, kept_from }) => [BigInt(id), kept_from])).get(own), null);
    assert.deepEqual(new Map(rows.map(({ id, kept_from }) => [BigInt(id), kept_from])).get(exhausted), 30);

    await world.database.pool.query("update webhook_endpoints set status = 'enabled', version = version + 1");
    assert.equal(await replay(world, endpointId, exhausted), 1);
    const engine = await startDispatcher(world);
    try {
      await sink.until((ledger) => ledger.length === 3);
      await until(() => queueIsEmpty(world));
    } finally {
      await engine.end();
      await sink.close();
    }
    const chain = sink.ledger.filter(({ resource }) => resource === "session:kept").map(({ n }) => n);
    assert.deepEqual(chain, [1, 2]);
    assert.equal(sink.ledger.find(({ n }) => n === 9)?.resource, "session:exhausted");
    await retain();
    assert.deepEqual(await eventsOfResource(world.database.kysely, world.env.id, "session:kept"), []);
    assert.equal((await eventsOfResource(world.database.kysely, world.env.id, "session:own")).length, 1);
  });
});

test("undelivered for 90 days to an endpoint paused as long: over, with a row in the history", async () => {
  const { endpointId } = await createEndpoint(world, "http://127.0.0.1:9/hook", {
    status: "paused",
    status_since: daysAgo(91),
  });
  await createEndpoint(world, "http://127.0.0.1:9/hook", { status: "paused", status_since: daysAgo(80) });
  const first = await recordAt("session:expired", 0, daysAgo(92), 1);
  const second = await recordAt("session:expired", 0, daysAgo(91), 2);
  await recordAt("session:expired", 0, daysAgo(89), 3);
  await retain();
  const { rows } = await world.database.pool.query<{
    endpoint_id: number;
    event_id: string;
    outcome: string;
  }>("select endpoint_id, event_id::text, outcome from attempts order by id");
  assert.deepEqual(
    rows.map(({ endpoint_id, event_id, outcome }) => [endpoint_id, BigInt(event_id), outcome]),
    [
      [endpointId, first, "expired"],
      [endpointId, second, "expired"],
    ],
  );
  const { rows: queued } = await world.database.pool.query<{ mine: boolean; waiting: number }>(
    "select endpoint_id = $1 as mine, waiting from queue order by endpoint_id",
    [endpointId],
  );
  assert.deepEqual(queued, [
    { mine: true, waiting: 0 },
    { mine: false, waiting: 2 },
  ]);
});

test("what nobody can send any more goes: rows of endpoints that are gone, exhausted ones of 90 days ago", async () => {
  const { pool, kysely } = world.database;
  const lane = await createEndpoint(world, "http://127.0.0.1:9/hook");
  await record(world, "session:orphan", 1);
  await record(world, "session:orphan", 2);
  const now = Temporal.Now.instant();
  const insert = `insert into exhausted_deliveries
    (env_id, endpoint_id, event_id, event_at, retention, resource, attempts, exhausted_at, announced)
    values ($1, $2, $3, $4, 30, 'session:x', 12, $4, true)`;
  const days = (count: number) => now.subtract({ hours: 24 * count });
  await pool.query(insert, [lane.envId, lane.endpointId, 1, days(91)]);
  await pool.query(insert, [lane.envId, lane.endpointId, 2, days(89)]);
  assert.equal(await dropOldExhausted(kysely, now), 1);
  assert.equal(await dropOrphans(kysely), 0);
  // Somebody recorded while it was deleted.
  await pool.query("delete from webhook_endpoints where id = $1", [lane.endpointId]);
  assert.equal(await dropOrphans(kysely), 2);
});
