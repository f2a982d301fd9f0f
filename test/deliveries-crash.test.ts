/** Workers that die, sleep or are stopped: nothing is lost, and at most what was in flight comes twice. */
import assert from "node:assert/strict";
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { claim, dueLanes, release } from "../src/store/queue.ts";
import { settle, type AttemptDetail } from "../src/store/settle.ts";
import { attemptsOfEvent } from "../src/store/attempts.ts";
import { createMetrics } from "../src/platform/telemetry.ts";
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
} from "./deliveries-fixture.ts";

let world: World;
before(async () => {
  world = await createWorld();
});
after(() => world.drop());
/** What a failed test leaves running would keep the process alive. */
const running: (() => Promise<void>)[] = [];
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

const QUICK = 32;
const LEASE_MS = 1500;

async function startWorker(): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, "deliveries-worker.ts"), [
    world.database.url,
    String(LEASE_MS),
  ]);
  running.push(() => kill(child));
  await once(child, "message");
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

test("workers killed with -9 in mid-flight lose nothing and repeat at most what was in flight", async () => {
  const sink = await receiver((_, response) => setTimeout(() => response.end("ok"), 2));
  await Promise.all(Array.from({ length: 8 }, () => createEndpoint(world, sink.url)));
  // 8 endpoints × 50 resources × 4 events.
  for (let n = 1; n <= 4; n++) {
    await Promise.all(Array.from({ length: 50 }, (_, resource) => record(world, `session:${resource}`, n)));
  }
  let kills = 0;
  let worker = await startWorker();
  for (const share of [100, 400, 700]) {
    await sink.until((ledger) => ledger.length >= share);
    await kill(worker);
    kills++;
    worker = await startWorker();
  }
  await until(() => queueIsEmpty(world), 20_000);
  await kill(worker);
  const perDelivery = new Map<string, number>();
  for (const { id } of sink.ledger) perDelivery.set(id, (perDelivery.get(id) ?? 0) + 1);
  assert.equal(perDelivery.size, 200, "each event arrived");
  for (const [id, times] of perDelivery)
    assert.ok(times >= 8, `${id} arrived ${times} times, not at 8 endpoints`);
  const repeated = sink.ledger.length - 1600;
  assert.ok(repeated <= kills * QUICK, `${repeated} repeated after ${kills} kills`);
});

test("order per resource holds across kills", async () => {
  const sink = await receiver();
  await createEndpoint(world, sink.url);
  for (let n = 1; n <= 40; n++) await record(world, "session:ordered", n);
  let worker = await startWorker();
  for (const share of [5, 20]) {
    await sink.until((ledger) => ledger.length >= share);
    await kill(worker);
    worker = await startWorker();
  }
  await until(() => queueIsEmpty(world), 20_000);
  await kill(worker);
  const order = sink.ledger.map(({ n }) => n);
  // A repeat may follow its first arrival, never a later event.
  assert.deepEqual(
    order,
    order.toSorted((a, b) => a - b),
  );
  assert.equal(new Set(order).size, 40);
});

const detail = (status: number): AttemptDetail => ({
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
});

test("a lease comes back by itself, and the late result of its first holder is refused", async () => {
  const { pool } = world.database;
  const endpoint = await createEndpoint(world, "http://127.0.0.1:9/hook");
  const { eventId } = await record(world, "session:late", 1);
  assert.ok(eventId);
  const asks = [{ ...endpoint, retry: false, room: 10 }];
  // Long enough that it holds through the next two lines on a machine that is busy.
  const [late] = await claim(pool, asks, 1500);
  assert.ok(late);
  assert.deepEqual(await claim(pool, asks, 1500), [], "leased");
  assert.deepEqual(await dueLanes(pool), [], "the sweep does not see it either");
  let second = await claim(pool, asks, 60_000);
  await until(async () => {
    if (second.length === 0) second = await claim(pool, asks, 60_000);
    return second.length > 0;
  });
  const [holder] = second;
  assert.ok(holder && holder.gen > late.gen);
  const stale = { claimed: late, outcome: "delivered", dueIn: null, history: detail(200) } as const;
  assert.deepEqual(await settle(pool, [stale], 60_000), []);
  await release(pool, [late]);
  assert.deepEqual(await claim(pool, asks, 60_000), [], "nor does it release another's lease");
  const good = { ...stale, claimed: holder };
  assert.deepEqual(await settle(pool, [good], 60_000), [{ index: 0, successor: null }]);
  const history = await attemptsOfEvent(world.database.kysely, world.env.id, eventId);
  assert.equal(history.length, 1);
});

test("a worker whose lease went to another records its result as stale", async () => {
  const { pool, kysely } = world.database;
  const metrics = createMetrics();
  let first = true;
  const sink = await receiver((_, response) => {
    const wait = first ? 700 : 0;
    first = false;
    setTimeout(() => response.end("ok"), wait);
  });
  const endpoint = await createEndpoint(world, sink.url);
  const { eventId } = await record(world, "session:stale", 1);
  assert.ok(eventId);
  await dispatcher({ leaseMs: 2000, sweepMs: 60_000, metrics });
  await sink.until((ledger) => ledger.length === 1);
  // Another worker, for whom the lease has ended.
  await pool.query("update queue set lease_until = '-infinity'");
  const [taken] = await claim(pool, [{ ...endpoint, retry: false, room: 1 }], 60_000);
  assert.ok(taken);
  await until(async () => (await attemptsOfEvent(kysely, world.env.id, eventId)).length > 0);
  const [attempt] = await attemptsOfEvent(kysely, world.env.id, eventId);
  assert.equal(attempt?.outcome, "stale");
  assert.ok(!(await queueIsEmpty(world)), "the delivery is still the other's");
});

test("stopping finishes what answers in time and gives the rest back", async () => {
  const quick = await receiver((_, response) => setTimeout(() => response.end("ok"), 100));
  const hanging = await receiver(() => undefined);
  await createEndpoint(world, quick.url);
  await createEndpoint(world, hanging.url, { timeout_ms: 30_000 });
  await record(world, "session:stop", 1);
  const engine = await dispatcher();
  await quick.until((ledger) => ledger.length === 1);
  await hanging.until((ledger) => ledger.length === 1);
  await engine.end();
  const { rows } = await world.database.pool.query<{ free: boolean }>(
    "select lease_until <= now() as free from queue",
  );
  assert.deepEqual(rows, [{ free: true }]);
});

test("a broken connection to the database is mended, and what waits is delivered", async () => {
  const sink = await receiver();
  await createEndpoint(world, sink.url);
  await dispatcher();
  await world.database.pool.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'bankbell deliveries' and datname = current_database()",
  );
  await record(world, "session:mended", 1);
  await sink.until((ledger) => ledger.length === 1);
  await until(() => queueIsEmpty(world));
});
