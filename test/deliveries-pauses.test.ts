/** Endpoints that fail for long: paused, probed, resumed; heads that fail for long; deliveries that are exhausted. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import type { Clock } from "../src/platform/clock.ts";
import { attemptsOfEvent } from "../src/store/attempts.ts";
import { setContractEndpoint } from "../src/store/endpoints.ts";
import { inTransaction } from "../src/store/transaction.ts";
import { resumeEndpoint } from "../src/webhooks/manage.ts";
import {
  createEndpoint,
  createWorld,
  queueIsEmpty,
  record,
  startDispatcher,
  startReceiver,
  until,
  type Receiver,
  type TestDispatcher,
  type TestEndpoint,
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

async function receiver(...args: Parameters<typeof startReceiver>): Promise<Receiver> {
  const started = await startReceiver(...args);
  running.push(() => started.close());
  return started;
}

async function dispatcher(options?: Parameters<typeof startDispatcher>[1]): Promise<TestDispatcher> {
  const started = await startDispatcher(world, options);
  running.push(() => started.end());
  return started;
}

async function rowOf({ endpointId }: TestEndpoint) {
  return world.database.kysely
    .selectFrom("webhook_endpoints")
    .selectAll()
    .where("id", "=", endpointId)
    .executeTakeFirstOrThrow();
}

const statusOf = async (endpoint: TestEndpoint) => (await rowOf(endpoint)).status;
const types = (sink: Receiver) =>
  sink.ledger.map(({ body }) => (JSON.parse(body.toString()) as { type: string }).type);
const LEGACY = { schedule: Array<number>(40).fill(0), pause_after: 10, pause_span_s: 0 };

describe("pausing", () => {
  test("ten failures in a row pause the endpoint, nothing is dropped, and another endpoint hears of it", async () => {
    let status = 500;
    const sink = await receiver((_, response) => response.writeHead(status).end());
    const listener = await receiver();
    const endpoint = await createEndpoint(world, sink.url, LEGACY);
    await createEndpoint(world, listener.url, { format: "event" });
    const engine = await dispatcher();
    const { eventId } = await record(world, "session:paused", 1);
    for (let n = 2; n <= 5; n++) await record(world, "session:paused", n);
    engine.wake();
    await until(async () => (await statusOf(endpoint)) === "paused");
    assert.match((await rowOf(endpoint)).status_reason ?? "", /^1\d attempts in a row failed\.$/);
    await listener.until((ledger) => ledger.length === 1);
    const said = JSON.parse(listener.ledger[0]?.body.toString() ?? "") as {
      type: string;
      data: { object: { id: string; status: string; reason: string } };
    };
    assert.equal(said.type, "webhook.paused");
    assert.equal(said.data.object.id, (await rowOf(endpoint)).public_id);
    assert.equal(said.data.object.status, "paused");
    assert.equal((await record(world, "session:paused", 6)).lanes.length, 1, "it goes on queueing");

    status = 200;
    const resumed = await inTransaction(world.database.kysely, ({ trx }) =>
      resumeEndpoint(
        { trx, env: world.env, actor: "operator", now: Temporal.Now.instant() },
        said.data.object.id,
      ),
    );
    assert.ok(resumed.ok && resumed.changed);
    engine.wake(resumed.lanes);
    await until(() => queueIsEmpty(world));
    const attempts = await attemptsOfEvent(world.database.kysely, world.env.id, eventId ?? 0n);
    const failed = attempts.filter(({ outcome }) => outcome === "failed").length;
    assert.ok(failed >= 10 && failed <= 12, String(failed));
    assert.deepEqual(
      sink.ledger.slice(failed).map(({ n }) => n),
      [1, 2, 3, 4, 5, 6],
    );
    await listener.until(() => types(listener).includes("webhook.resumed"));
    const { rows } = await world.database.pool.query("select from endpoint_health");
    assert.equal(rows.length, 0, "a healthy endpoint has no row");
  });

  test("failures that a success interrupts, and that span too little, pause nothing", async () => {
    let minutes = 0;
    const clock: Clock = () => Temporal.Now.instant().add({ minutes });
    const sink = await receiver(({ n }, response) => response.writeHead(n === 10 ? 200 : 500).end());
    // One attempt each; the exhausted ones count as failures like any other.
    const endpoint = await createEndpoint(world, sink.url, {
      schedule: [],
      pause_after: 10,
      pause_span_s: 3600,
      max_in_flight: 1,
    });
    const engine = await dispatcher({ clock });
    const health = async () => {
      const { rows } = await world.database.pool.query<{ failures: number }>(
        "select failures from endpoint_health where endpoint_id = $1",
        [endpoint.endpointId],
      );
      return rows[0]?.failures ?? 0;
    };
    const fail = async (from: number, to: number) => {
      for (let n = from; n <= to; n++) await record(world, "session:span", n);
      engine.wake();
      await sink.until((ledger) => ledger.length === to);
    };
    await fail(1, 9);
    await until(async () => (await health()) === 9);
    minutes = 90;
    await fail(10, 10);
    await until(async () => (await health()) === 0);
    await fail(11, 22);
    await until(async () => (await health()) === 12);
    assert.equal(await statusOf(endpoint), "enabled", "twelve in a moment");
    minutes = 151;
    await fail(23, 23);
    await until(async () => (await statusOf(endpoint)) === "paused");
  });

  test("a probe tries one event and uses up no retry; when it succeeds the rest flows, one at first", async () => {
    let status = 500;
    let inFlight = 0;
    const widths: number[] = [];
    const sink = await receiver((_, response) => {
      widths.push(++inFlight);
      const answered = status;
      setTimeout(() => {
        inFlight--;
        response.writeHead(answered).end();
      }, 20);
    });
    const endpoint = await createEndpoint(world, sink.url, {
      ...LEGACY,
      schedule: [0, 3600],
      pause_after: 5,
    });
    const engine = await dispatcher({ probeMs: 200 });
    for (let n = 1; n <= 20; n++) await record(world, `session:probe-${n}`, n);
    engine.wake();
    await until(async () => (await statusOf(endpoint)) === "paused");
    await until(async () => {
      const { rows } = await world.database.pool.query("select from queue where lease_until > now()");
      return rows.length === 0 && inFlight === 0;
    });
    const before = sink.ledger.length;
    const attempts = async () => {
      const { rows } = await world.database.pool.query<{ sum: number }>(
        "select sum(attempt)::int as sum from queue",
      );
      return rows[0]?.sum;
    };
    const counted = await attempts();
    await sink.until((ledger) => ledger.length >= before + 3);
    assert.equal(Math.max(...widths.slice(before)), 1, "one at a time");
    assert.equal(await attempts(), counted);
    const failed = sink.ledger.length;
    status = 200;
    await until(() => queueIsEmpty(world));
    assert.equal(await statusOf(endpoint), "enabled");
    // The probe, then the first claim of a cap that starts anew.
    assert.deepEqual(widths.slice(failed, failed + 2), [1, 1]);
    assert.ok(Math.max(...widths.slice(failed)) <= 8);
    const delivered = new Set(sink.ledger.slice(failed).map(({ n }) => n));
    assert.equal(delivered.size, 20);
  });
});

test("setting the URL of an endpoint again enables it and starts its count anew", async () => {
  const sink = await receiver((_, response) => response.writeHead(500).end());
  const { kysely, pool } = world.database;
  const at = Temporal.Now.instant();
  const wanted = { url: sink.url, mode: 1, now: at };
  const set = await setContractEndpoint(kysely, world.env, "session", wanted);
  assert.ok(set.ok);
  await pool.query(
    "update webhook_endpoints set schedule = '{0,0,0,0,0,0}', pause_after = 3, pause_span_s = 0, version = version + 1",
  );
  const engine = await dispatcher();
  await record(world, "session:set-again", 1);
  engine.wake();
  const endpoint = { envId: world.env.id, endpointId: set.endpointId, secret: "" };
  await until(async () => (await statusOf(endpoint)) === "paused");
  await setContractEndpoint(kysely, world.env, "session", wanted);
  assert.equal(await statusOf(endpoint), "enabled");
  const { rows } = await pool.query("select from endpoint_health where probe_at is not null");
  assert.equal(rows.length, 0);
});

describe("order_hold", () => {
  test("a head that keeps failing lets its successors pass after the hold, and retries beside", async () => {
    let mended = false;
    const sink = await receiver(({ resource, n }, response) => {
      response.writeHead(resource === "session:held" && n === 1 && !mended ? 500 : 200).end();
    });
    const endpoint = await createEndpoint(world, sink.url, {
      schedule: [0, 0, ...Array<number>(20).fill(1)],
      order_hold_s: 2,
      pause_after: null,
      status_since: Temporal.Now.instant().subtract({ hours: 2 }),
    });
    const engine = await dispatcher();
    const started = performance.now();
    const { eventId } = await record(world, "session:held", 1);
    for (let n = 2; n <= 4; n++) await record(world, "session:held", n);
    engine.wake();
    await sink.until((ledger) => ledger.some(({ n }) => n === 4));
    assert.ok(performance.now() - started >= 2000);
    // Arrived is not yet settled.
    const settled = "select from queue where resource = 'session:held'";
    await until(async () => (await world.database.pool.query(settled)).rowCount === 0);
    const { rows } = await world.database.pool.query<{ resource: string; attempt: number }>(
      "select resource, attempt from queue where endpoint_id = $1",
      [endpoint.endpointId],
    );
    assert.deepEqual(
      rows.map(({ resource }) => resource),
      [`session:held#${eventId}`],
    );
    assert.ok((rows[0]?.attempt ?? 0) >= 3, "its schedule goes on");
    mended = true;
    await until(() => queueIsEmpty(world));
    const order = sink.ledger
      .map(({ n }) => n)
      .filter((n, index, all) => n !== 1 || index === all.length - 1);
    assert.deepEqual(order, [2, 3, 4, 1]);
    const attempts = await attemptsOfEvent(world.database.kysely, world.env.id, eventId ?? 0n);
    assert.deepEqual(new Set(attempts.map(({ resource }) => resource)), new Set(["session:held"]));
  });

  test("a head alone in its chain, and one whose endpoint was just resumed, stay where they are", async () => {
    const sink = await receiver((_, response) => response.writeHead(500).end());
    const other = await receiver();
    const held = { schedule: [0, 3600], order_hold_s: 1, pause_after: null };
    await createEndpoint(world, sink.url, {
      ...held,
      status_since: Temporal.Now.instant().add({ hours: 1 }),
    });
    const engine = await dispatcher();
    await record(world, "session:alone", 1);
    await record(world, "session:just-resumed", 1);
    await record(world, "session:just-resumed", 2);
    engine.wake();
    await sink.until((ledger) => ledger.length === 4);
    // A later event on an endpoint whose hold ends in the same moment is moved: by then these were looked at too.
    await createEndpoint(world, other.url);
    const control = await createEndpoint(world, sink.url, {
      ...held,
      event_types: ["SESSION_EXPIRY_NOTIFICATION", "ENRICHMENT_NOTIFICATION"],
      status_since: Temporal.Now.instant().subtract({ hours: 1 }),
    });
    await record(world, "session:control", 1);
    await record(world, "session:control", 2);
    engine.wake();
    const { rows } = await untilRows(() =>
      world.database.pool.query<{ resource: string }>(
        "select resource from queue where endpoint_id = $1 and strpos(resource, '#') > 0",
        [control.endpointId],
      ),
    );
    assert.equal(rows.length, 1);
    const { rows: moved } = await world.database.pool.query(
      "select from queue where endpoint_id <> $1 and strpos(resource, '#') > 0",
      [control.endpointId],
    );
    assert.equal(moved.length, 0);
  });
});

async function untilRows<T>(query: () => Promise<{ rows: T[] }>): Promise<{ rows: T[] }> {
  let answer = await query();
  await until(async () => {
    answer = await query();
    return answer.rows.length > 0;
  });
  return answer;
}

test("what is exhausted is told once to endpoints that name the type, and never of itself", async () => {
  const sink = await receiver((_, response) => response.writeHead(503).end());
  const told = await receiver((_, response) => response.writeHead(503).end());
  const all = await receiver();
  const endpoint = await createEndpoint(world, sink.url, { schedule: [0], pause_after: null });
  const once = { format: "event" as const, schedule: [0], pause_after: null };
  await createEndpoint(world, told.url, { ...once, event_types: ["webhook.exhausted"] });
  await createEndpoint(world, all.url, once);
  const engine = await dispatcher();
  const { publicId } = await record(world, "session:exhausted", 1);
  engine.wake();
  // Two attempts; the event that tells of it is exhausted in turn, and told to nobody.
  await until(async () => {
    const rows = await world.database.kysely.selectFrom("exhausted_deliveries").select("announced").execute();
    return rows.length === 2 && rows.every(({ announced }) => announced);
  });
  assert.equal(told.ledger.length, 2);
  assert.equal(new Set(told.ledger.map(({ id }) => id)).size, 1);
  const said = JSON.parse(told.ledger[0]?.body.toString() ?? "") as {
    type: string;
    data: { object: object };
  };
  assert.equal(said.type, "webhook.exhausted");
  const { event, attempts, id } = said.data.object as Record<string, unknown>;
  assert.deepEqual(event, { id: publicId, type: "ENRICHMENT_NOTIFICATION" });
  assert.equal(attempts, 2);
  assert.equal(id, (await rowOf(endpoint)).public_id);
  assert.deepEqual(types(all), []);
});
