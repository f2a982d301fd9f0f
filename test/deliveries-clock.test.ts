/** Clocks that are wrong: those of the processes, and that of the database after a step back. */
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import type { Clock } from "../src/platform/clock.ts";
import { pullIn } from "../src/store/queue-clock.ts";
import { createStepWatch } from "../src/webhooks/chores.ts";
import {
  createEndpoint,
  createWorld,
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

async function receiver(): Promise<Receiver> {
  const sink = await startReceiver();
  running.push(() => sink.close());
  return sink;
}

async function dispatcher(options: Parameters<typeof startDispatcher>[1]): Promise<void> {
  const started = await startDispatcher(world, options);
  running.push(() => started.end());
}

test("two processes whose clocks differ by a minute give each endpoint its single place", async () => {
  const sink = await receiver();
  // Of two ids in a row one would have no place at all, and the other two.
  await createEndpoint(world, sink.url, { max_in_flight: 1 });
  await createEndpoint(world, sink.url, { max_in_flight: 1 });
  const late: Clock = () => Temporal.Now.instant().add({ minutes: 1 });
  await dispatcher({});
  await dispatcher({ clock: late });
  for (let n = 1; n <= 10; n++) await record(world, `session:${n}`, n);
  await until(() => queueIsEmpty(world));
  assert.equal(sink.ledger.length, 20);
});

test("what was recorded or claimed before a step back of the database's clock is delivered", async () => {
  const sink = await receiver();
  await createEndpoint(world, sink.url);
  const { pool } = world.database;
  await record(world, "session:recorded", 1);
  await record(world, "session:claimed", 1);
  await record(world, "session:live", 1);
  await record(world, "session:retry", 1);
  // As if the clock had stood an hour later then.
  await pool.query("update queue set due_at = due_at + interval '1 h' where resource <> 'session:live'");
  await pool.query(
    "update queue set gen = 1, lease_until = now() + interval '1 h' where resource = 'session:claimed'",
  );
  await pool.query(
    "update queue set gen = 1, lease_until = now() + interval '90 s' where resource = 'session:live'",
  );
  await pool.query("update queue set attempt = 1 where resource = 'session:retry'");
  assert.equal(await pullIn(world.database.kysely, 60_000), false);
  const { rows } = await pool.query<{ resource: string; due: boolean; lease: number }>(
    `select resource, due_at <= now() as due,
      round(greatest(extract(epoch from lease_until - now()), 0) / 30)::int as lease from queue order by resource`,
  );
  assert.deepEqual(rows, [
    { resource: "session:claimed", due: true, lease: 2 },
    { resource: "session:live", due: true, lease: 3 },
    { resource: "session:recorded", due: true, lease: 0 },
    { resource: "session:retry", due: false, lease: 0 },
  ]);

  await pool.query("update queue set due_at = due_at + interval '1 h' where resource = 'session:recorded'");
  await dispatcher({ leaseMs: 500 });
  await sink.until((ledger) => ledger.length === 3);
  assert.deepEqual(sink.ledger.map(({ resource }) => resource).sort(), [
    "session:claimed",
    "session:live",
    "session:recorded",
  ]);
});

test("a step back is noticed by a clock that only grows; forwards and slow answers are none", () => {
  const steppedBack = createStepWatch();
  const seen = [
    [1_000_000, 0],
    [1_001_000, 1000],
    [1_001_900, 2500],
    [4_603_000, 3000],
    [4_604_000, 4000],
    [1_005_000, 5000],
    [1_006_000, 6000],
  ] as const;
  assert.deepEqual(
    seen.map(([databaseMs, ourMs]) => steppedBack(databaseMs, ourMs)),
    [false, false, false, false, false, true, false],
  );
});
