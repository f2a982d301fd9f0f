/** How fast an endpoint is asked, and how its places are divided among processes. */
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { countDispatchers } from "../src/webhooks/bell.ts";
import {
  createEndpoint,
  createWorld,
  queueIsEmpty,
  record,
  startDispatcher,
  startReceiver,
  until,
  type TestDispatcher,
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

async function dispatcher(options?: Parameters<typeof startDispatcher>[1]): Promise<TestDispatcher> {
  const started = await startDispatcher(world, options);
  running.push(() => started.end());
  return started;
}

test("a rate limit holds for different resources and along one chain, and is used", async () => {
  const sink = await startReceiver();
  running.push(() => sink.close());
  await createEndpoint(world, sink.url, { rate_limit: 20 });
  for (let n = 1; n <= 15; n++) {
    await record(world, `session:${n}`, n);
    await record(world, "session:chain", 100 + n);
  }
  await dispatcher();
  await until(() => queueIsEmpty(world));
  const times = sink.ledger.map(({ at }) => at);
  assert.equal(times.length, 30);
  // A bucket of 5 and 20 more each second: never more than 25 within any second.
  for (const [index, at] of times.entries()) {
    const within = times.slice(index).filter((other) => other - at < 1000).length;
    assert.ok(within <= 26, `${within} within a second`);
  }
  const took = (times.at(-1) ?? 0) - (times[0] ?? 0);
  assert.ok(took > 1100 && took < 4000, `30 took ${took} ms`);
  const chain = sink.ledger.filter(({ resource }) => resource === "session:chain").map(({ n }) => n);
  assert.deepEqual(
    chain,
    chain.toSorted((a, b) => a - b),
  );
});

test("dispatchers count each other, and one that dies is gone at once", async () => {
  const pool = world.database.pool;
  const alone = await countDispatchers(pool, null);
  assert.deepEqual({ live: alone.live, rank: alone.rank }, { live: 1, rank: 0 });
  await dispatcher();
  const second = await dispatcher();
  // Whoever asks counts itself.
  await until(async () => (await countDispatchers(pool, null)).live === 3);
  const { rows } = await pool.query<{ pid: number }>(
    `select pid from pg_locks where locktype = 'advisory' and objsubid = 2 and classid = 48657
      and database = (select oid from pg_database where datname = current_database()) order by objid::bigint`,
  );
  assert.deepEqual(
    (await Promise.all(rows.map(({ pid }) => countDispatchers(pool, pid)))).map(({ live, rank }) => [
      live,
      rank,
    ]),
    [
      [2, 0],
      [2, 1],
    ],
  );
  await second.end();
  await until(async () => (await countDispatchers(pool, null)).live === 2);
});

test("an endpoint's places in flight are divided: two processes do not each take them all", async () => {
  let inFlight = 0;
  let most = 0;
  const sink = await startReceiver((_, response) => {
    most = Math.max(most, ++inFlight);
    setTimeout(() => {
      inFlight--;
      response.end();
    }, 10);
  });
  running.push(() => sink.close());
  await createEndpoint(world, sink.url, { max_in_flight: 5 });
  const engines = [await dispatcher(), await dispatcher()];
  await until(async () => (await countDispatchers(world.database.pool, null)).live === 3);
  // Both have swept since: a control event proves it.
  await record(world, "session:control", 0);
  await sink.until((ledger) => ledger.length === 1);
  for (let n = 1; n <= 120; n++) await record(world, `session:divided-${n}`, n);
  for (const engine of engines) engine.wake();
  await until(() => queueIsEmpty(world));
  assert.equal(sink.ledger.length, 121);
  // The odd place changes hands each minute: across that moment there may be one more.
  assert.ok(most <= 6, `${most} at once`);
  assert.ok(most >= 3, `${most} at once`);
});

test("endpoints that answered and then all hang do not delay another", async () => {
  let hangs = false;
  let hanging = 0;
  const tired = await startReceiver((_, response) => {
    if (hangs) hanging++;
    else response.end();
  });
  const healthy = await startReceiver();
  running.push(
    () => tired.close(),
    () => healthy.close(),
  );
  const ten = await Promise.all(
    Array.from({ length: 10 }, () => createEndpoint(world, tired.url, { timeout_ms: 20_000 })),
  );
  await createEndpoint(world, healthy.url);
  for (let n = 1; n <= 20; n++) await record(world, `session:answered-${n}`, n);
  // Ten times eight in flight are more than there is room for.
  const engine = await dispatcher({ quick: 16, all: 64 });
  await until(() => queueIsEmpty(world));
  hangs = true;
  for (let n = 1; n <= 10; n++) await record(world, `session:hangs-${n}`, n);
  // They take all that they get within the first of these seconds.
  const enough = performance.now() + 2500;
  for (let n = 1; performance.now() < enough; n++) {
    const { lanes } = await record(world, `session:after-${n}`, n);
    engine.wake(lanes);
    await healthy.until((ledger) => ledger.some(({ resource }) => resource === `session:after-${n}`));
  }
  assert.ok(hanging > 24, `${hanging} hang`);
  assert.ok(hanging <= 64 - 16, `${hanging} hang`);
  const { rows } = await world.database.pool.query(
    "select from attempts where endpoint_id = any($1) and outcome <> 'delivered'",
    [ten.map(({ endpointId }) => endpointId)],
  );
  assert.deepEqual(rows, [], "not one of the hanging requests has ended");
});

test("an endpoint that asks for a pause gets nothing until then, loses nothing, and goes on", async () => {
  let refusedAt = Infinity;
  const sink = await startReceiver(({ n }, response) => {
    if (n >= 20) refusedAt = Math.min(refusedAt, performance.now());
    if (performance.now() >= refusedAt && performance.now() < refusedAt + 2000)
      response.writeHead(429, { "retry-after": "2" });
    response.end();
  });
  running.push(() => sink.close());
  await createEndpoint(world, sink.url, { max_in_flight: 4, schedule: Array<number>(5).fill(0) });
  const engine = await dispatcher();
  for (let n = 0; n < 20; n++) await record(world, `session:fine-${n}`, n);
  await until(() => queueIsEmpty(world));
  for (let n = 20; n < 120; n++) await record(world, `session:asked-${n}`, n);
  engine.wake();
  await until(() => queueIsEmpty(world));
  const refused = sink.ledger.filter(({ n, at }) => n >= 20 && at < refusedAt + 2000);
  assert.ok(refused.length >= 1 && refused.length <= 4, `${refused.length} while it asked for none`);
  assert.equal(new Set(sink.ledger.map(({ n }) => n)).size, 120);
  const { rows } = await world.database.pool.query<{ failed: number; delivered: number }>(
    `select (count(*) filter (where outcome = 'failed'))::int as failed,
      (count(*) filter (where outcome = 'delivered'))::int as delivered
      from attempts join events e on e.id = event_id where e.resource like 'session:fine-%' or e.resource like 'session:asked-%'`,
  );
  assert.deepEqual(rows, [{ failed: refused.length, delivered: 120 }]);
});

test("a new URL ends the pause that the old one asked for", async () => {
  const busy = await startReceiver((_, response) => response.writeHead(503, { "retry-after": "300" }).end());
  const free = await startReceiver();
  running.push(
    () => busy.close(),
    () => free.close(),
  );
  const { endpointId } = await createEndpoint(world, busy.url);
  await dispatcher();
  await record(world, "session:old", 1);
  await busy.until((ledger) => ledger.length === 1);
  await until(
    async () => (await world.database.pool.query("select from queue where retry")).rows.length === 1,
  );
  await world.database.pool.query(
    "update webhook_endpoints set url = $2, version = version + 1 where id = $1",
    [endpointId, free.url],
  );
  await record(world, "session:new", 2);
  await free.until((ledger) => ledger.some(({ n }) => n === 2));
  assert.equal(busy.ledger.length, 1);
});
