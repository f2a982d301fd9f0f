import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { Webhook } from "standardwebhooks";
import { eraseResource, eventsOfResource } from "../src/store/events.ts";
import { dueLanes } from "../src/store/queue.ts";
import { attemptsOfEvent } from "../src/store/attempts.ts";
import { setContractEndpoint } from "../src/store/endpoints.ts";
import { inTransaction } from "../src/store/transaction.ts";
import { recordEvent } from "../src/events/outbox.ts";
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
  type World,
  replay,
} from "./deliveries-fixture.ts";

let world: World;
const running: (Receiver | TestDispatcher)[] = [];
before(async () => {
  world = await createWorld();
});
after(() => world.drop());
afterEach(async () => {
  for (const each of running.splice(0).reverse()) await ("end" in each ? each.end() : each.close());
  await world.database.pool.query("delete from queue; delete from queue_next; delete from webhook_endpoints");
});

async function receiver(...args: Parameters<typeof startReceiver>): Promise<Receiver> {
  const started = await startReceiver(...args);
  running.push(started);
  return started;
}

async function dispatcher(...args: Parameters<typeof startDispatcher> | []): Promise<TestDispatcher> {
  const started = await startDispatcher(args[0] ?? world, args[1]);
  running.push(started);
  return started;
}

describe("recording", () => {
  test("an event whose transaction rolls back was never there", async () => {
    await createEndpoint(world, "http://127.0.0.1:9/hook");
    const gone = "session:rolled-back";
    await assert.rejects(
      inTransaction(world.database.kysely, async ({ trx }) => {
        await recordEvent(trx, {
          envId: world.env.id,
          key: "rolled-back",
          type: "ENRICHMENT_NOTIFICATION",
          resource: gone,
          subject: null,
          retention: 0,
          at: Temporal.Now.instant(),
          bodies: () => ({ session: {} }),
        });
        throw new Error("no");
      }),
    );
    assert.deepEqual(await eventsOfResource(world.database.kysely, world.env.id, gone), []);
    assert.ok(await queueIsEmpty(world));
    assert.equal((await record(world, gone, 1, "rolled-back")).recorded, true, "its key is free");
  });

  test("twenty recorders of one key make one event and one delivery", async () => {
    await createEndpoint(world, "http://127.0.0.1:9/hook");
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => record(world, "session:same", 1, "same-key")),
    );
    assert.equal(answers.filter(({ recorded }) => recorded).length, 1);
    assert.equal((await eventsOfResource(world.database.kysely, world.env.id, "session:same")).length, 1);
    const { rows } = await world.database.pool.query("select from queue");
    assert.equal(rows.length, 1);
  });

  test("only endpoints of the format that ask for the type and are not disabled queue it", async () => {
    const url = "http://127.0.0.1:9/hook";
    const all = await createEndpoint(world, url);
    const paused = await createEndpoint(world, url, { status: "paused" });
    const named = await createEndpoint(world, url, { event_types: ["ENRICHMENT_NOTIFICATION"] });
    await createEndpoint(world, url, { event_types: ["SESSION_EXPIRY_NOTIFICATION"] });
    await createEndpoint(world, url, { status: "disabled" });
    await createEndpoint(world, url, { format: "entity" });
    const { lanes } = await record(world, "session:fan", 1);
    assert.deepEqual(
      lanes.map(({ endpointId }) => endpointId).sort((a, b) => a - b),
      [all, paused, named].map(({ endpointId }) => endpointId),
    );
  });
});

describe("delivering", () => {
  test("a webhook arrives signed, with the stored bytes, and its attempt is in the history", async () => {
    const sink = await receiver();
    const endpoint = await createEndpoint(world, `${sink.url}?token=abc`);
    const engine = await dispatcher();
    const { eventId, publicId, lanes } = await record(world, "session:one", 1);
    engine.wake(lanes);
    await sink.until((ledger) => ledger.length === 1);
    const [got] = sink.ledger;
    assert.ok(got && eventId && publicId);
    assert.equal(got.id, publicId);
    new Webhook(endpoint.secret).verify(got.body, got.headers);
    assert.deepEqual(JSON.parse(got.body.toString()), { id: publicId, resource: "session:one", n: 1 });
    await until(() => queueIsEmpty(world));
    const [attempt, ...more] = await attemptsOfEvent(world.database.kysely, world.env.id, eventId);
    assert.ok(attempt);
    assert.deepEqual(more, []);
    assert.equal(attempt.outcome, "delivered");
    assert.equal(attempt.status, 200);
    assert.equal(attempt.attempt, 1);
    assert.equal(attempt.address, "127.0.0.1");
    assert.equal(attempt.response_body?.toString(), "ok");
    assert.ok(attempt.total_us >= (attempt.first_byte_us ?? 0));
  });

  test("another process's event is found without a wake", async () => {
    const sink = await receiver();
    await createEndpoint(world, sink.url);
    await dispatcher();
    await record(world, "session:unheard", 1);
    await sink.until((ledger) => ledger.length === 1);
  });

  test("order holds per resource across failures, and other resources do not wait", async () => {
    const failures = new Map<string, number>();
    const sink = await receiver(({ resource, n }, response) => {
      const failed = failures.get(`${resource} ${n}`) ?? 0;
      const fails = resource === "session:rough" && failed < n % 3;
      if (fails) failures.set(`${resource} ${n}`, failed + 1);
      response.writeHead(fails ? 500 : 200).end();
    });
    await createEndpoint(world, sink.url, { schedule: Array<number>(12).fill(0) });
    const engine = await dispatcher();
    for (let n = 1; n <= 12; n++) {
      await record(world, "session:rough", n);
      await record(world, "session:smooth", n);
    }
    engine.wake();
    await until(() => queueIsEmpty(world));
    const accepted = sink.ledger.filter(({ resource }) => resource === "session:rough").map(({ n }) => n);
    const inOrder = accepted.toSorted((a, b) => a - b);
    assert.deepEqual(accepted, inOrder);
    assert.deepEqual([...new Set(accepted)], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    const smooth = sink.ledger.filter(({ resource }) => resource === "session:smooth");
    assert.deepEqual(
      smooth.map(({ n }) => n),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
    );
    const last = (resource: string) =>
      Math.max(...sink.ledger.filter((one) => one.resource === resource).map(({ at }) => at));
    assert.ok(last("session:smooth") < last("session:rough"));
  });

  test("an endpoint that hangs does not delay another", async () => {
    const hanging = await receiver(() => undefined);
    const healthy = await receiver();
    const slow = await createEndpoint(world, hanging.url, { timeout_ms: 20_000, max_in_flight: 64 });
    await createEndpoint(world, healthy.url);
    for (let n = 0; n < 200; n++) await record(world, `session:${n}`, n);
    await dispatcher();
    await healthy.until((ledger) => ledger.length === 200);
    const ended = await world.database.kysely
      .selectFrom("attempts")
      .select("id")
      .where("endpoint_id", "=", slow.endpointId)
      .execute();
    assert.deepEqual(ended, [], "not one of the hanging requests has ended");
  });

  test("what is queued for a paused endpoint waits until it is enabled", async () => {
    const sink = await receiver();
    const other = await receiver();
    const { endpointId } = await createEndpoint(world, sink.url, { status: "paused" });
    await createEndpoint(world, other.url);
    const engine = await dispatcher();
    await record(world, "session:paused", 1);
    engine.wake();
    await other.until((ledger) => ledger.length === 1);
    assert.equal(sink.ledger.length, 0);
    await world.database.pool.query(
      "update webhook_endpoints set status = 'enabled', version = version + 1 where id = $1",
      [endpointId],
    );
    await sink.until((ledger) => ledger.length === 1);
  });

  test("a changed URL and secret hold for the next attempt", async () => {
    const before = await receiver((_, response) => response.writeHead(500).end());
    const after = await receiver();
    const env = world.env;
    const set = (url: string) =>
      setContractEndpoint(world.database.kysely, env, "session", {
        url,
        mode: 1,
        now: Temporal.Now.instant(),
      });
    const created = await set(before.url);
    assert.ok(created.ok && created.created);
    await world.database.pool.query(
      "update webhook_endpoints set schedule = '{1,1,1,1}', version = version + 1",
    );
    await dispatcher();
    await record(world, "session:moved", 1);
    await before.until((ledger) => ledger.length === 1);
    const changed = await set(after.url);
    assert.deepEqual(changed, { ...created, created: false });
    await after.until((ledger) => ledger.length === 1);
    const [got] = after.ledger;
    assert.ok(got);
    new Webhook(env.webhookSecret).verify(got.body, got.headers);
  });

  test("an endpoint without order: a failing event does not hold the next of its resource", async () => {
    const sink = await receiver(({ n }, response) => response.writeHead(n === 1 ? 500 : 200).end());
    await createEndpoint(world, sink.url, { ordered: false, schedule: [3600] });
    const engine = await dispatcher();
    const { eventId } = await record(world, "session:loose", 1);
    await record(world, "session:loose", 2);
    engine.wake();
    await sink.until((ledger) => ledger.some(({ n }) => n === 2));
    assert.ok(eventId);
    await until(
      async () => (await attemptsOfEvent(world.database.kysely, world.env.id, eventId)).length === 1,
    );
    const [attempt] = await attemptsOfEvent(world.database.kysely, world.env.id, eventId);
    assert.equal(attempt?.resource, "session:loose");
    assert.equal(attempt.outcome, "failed");
    const wait = (attempt.retry_at?.epochMilliseconds ?? 0) - attempt.at.epochMilliseconds;
    assert.ok(wait > 0.79 * 3_600_000 && wait < 1.21 * 3_600_000, String(wait));
  });

  test("410 disables the endpoint with the reason and keeps what is queued", async () => {
    const gone = await receiver((_, response) => response.writeHead(410).end());
    const { endpointId } = await createEndpoint(world, gone.url);
    const engine = await dispatcher();
    await record(world, "session:410", 1);
    await record(world, "session:410", 2);
    engine.wake();
    const row = async () =>
      world.database.kysely
        .selectFrom("webhook_endpoints")
        .selectAll()
        .where("id", "=", endpointId)
        .executeTakeFirstOrThrow();
    await until(async () => (await row()).status === "disabled");
    assert.match((await row()).status_reason ?? "", /410/);
    assert.equal((await record(world, "session:410", 3)).lanes.length, 0);
    const { rows } = await world.database.pool.query("select waiting from queue");
    assert.deepEqual(rows, [{ waiting: 1 }]);
  });

  test("a deleted session's deliveries are withdrawn and its stored answers erased", async () => {
    const kysely = world.database.kysely;
    let status = 200;
    const sink = await receiver((_, response) => response.writeHead(status).end("hello Zoë"));
    await createEndpoint(world, sink.url, { schedule: [3600] });
    await createEndpoint(world, sink.url, { schedule: [3600], ordered: false });
    const engine = await dispatcher();
    const { eventId } = await record(world, "session:deleted", 1);
    assert.ok(eventId);
    engine.wake();
    await until(() => queueIsEmpty(world));
    status = 500;
    await record(world, "session:deleted", 2);
    await record(world, "session:deleted", 3);
    await record(world, "session:deleted-not", 1);
    engine.wake();
    await sink.until((ledger) => ledger.length === 7);
    await until(async () => (await dueLanes(world.database.pool)).length === 0);
    await eraseResource(kysely, world.env.id, "session:deleted");
    const { rows } = await world.database.pool.query<{ resource: string }>(
      "select split_part(resource, '#', 1) as resource from queue union select resource from queue_next",
    );
    assert.deepEqual(rows, [{ resource: "session:deleted-not" }]);
    assert.deepEqual(await eventsOfResource(kysely, world.env.id, "session:deleted"), []);
    const kept = await attemptsOfEvent(kysely, world.env.id, eventId);
    assert.deepEqual(
      kept.map(({ response_body, response_headers }) => [response_body, response_headers]),
      [
        [null, null],
        [null, null],
      ],
    );
  });

  test("what is exhausted is kept and can be replayed with the same bytes and id", async () => {
    let status = 503;
    const sink = await receiver((_, response) => response.writeHead(status).end());
    const { endpointId } = await createEndpoint(world, sink.url, { schedule: [0, 0] });
    const engine = await dispatcher();
    const { eventId } = await record(world, "session:tired", 1);
    assert.ok(eventId);
    engine.wake();
    const kysely = world.database.kysely;
    await until(
      async () => (await kysely.selectFrom("exhausted_deliveries").selectAll().execute()).length === 1,
    );
    const outcomes = async () =>
      (await attemptsOfEvent(kysely, world.env.id, eventId)).map(({ outcome }) => outcome);
    assert.deepEqual(await outcomes(), ["failed", "failed", "exhausted"]);
    assert.ok(await queueIsEmpty(world));
    status = 200;
    // Else a sweep may deliver the first before the second is asked for.
    await engine.stop();
    assert.equal(await replay(world, endpointId, eventId), 1);
    assert.equal(await replay(world, endpointId, eventId), 0, "it waits already");
    await dispatcher();
    await until(async () => (await outcomes()).at(-1) === "delivered");
    assert.equal((await kysely.selectFrom("exhausted_deliveries").selectAll().execute()).length, 0);
    assert.equal(new Set(sink.ledger.map(({ id }) => id)).size, 1);
    assert.equal(new Set(sink.ledger.map(({ body }) => body.toString())).size, 1);
  });
});
