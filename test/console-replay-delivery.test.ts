/** A replay from the job runner to the receiver: the same bytes and the same `webhook-id`, in order. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startJobs } from "../src/platform/jobs.ts";
import { createLog } from "../src/platform/telemetry.ts";
import { openPlainPool } from "../src/store/connect.ts";
import { listDeliveries } from "../src/store/history.ts";
import { findReplay } from "../src/store/replays.ts";
import { inTransaction } from "../src/store/transaction.ts";
import { replayTasks, startReplay } from "../src/webhooks/replay.ts";
import {
  createEndpoint,
  createWorld,
  queueIsEmpty,
  record,
  startDispatcher,
  startReceiver,
  until,
  type Received,
  type World,
} from "./deliveries-fixture.ts";

let world: World;
before(async () => {
  world = await createWorld();
});
after(() => world.drop());

test("what a receiver has had, and what was recorded before it was there, comes again as it was", async () => {
  const { kysely: db, connection } = world.database;
  const log = createLog("silent");
  const receiver = await startReceiver();
  const dispatcher = await startDispatcher(world);
  const pool = openPlainPool({ connection, name: "jobs", size: 4, log });
  const clock = () => Temporal.Now.instant();
  const tasks = replayTasks({ db, clock, wake: () => dispatcher.wake(), batchSize: 7 });
  const jobs = await startJobs({ pool, tasks, cron: [], concurrency: 2, log });
  try {
    // Nobody asks for these yet.
    for (let n = 0; n < 10; n++) await record(world, `session:${n % 3}`, n);
    const endpoint = await createEndpoint(world, receiver.url);
    for (let n = 10; n < 30; n++) await record(world, `session:${n % 3}`, n);
    dispatcher.wake();
    await receiver.until((ledger) => ledger.length === 20);
    await until(() => queueIsEmpty(world));

    const lane = { envId: world.env.id, endpointId: endpoint.endpointId };
    const { public_id: id } = await inTransaction(db, ({ trx }) =>
      startReplay(trx, { ...lane, filter: { only: "all" }, actor: "operator", at: clock() }),
    );
    await receiver.until((ledger) => ledger.length === 50);
    await until(() => queueIsEmpty(world));
    await until(async () => (await findReplay(db, world.env.id, id))?.status === "completed");
    const first = receiver.ledger.slice(0, 20);
    const again = receiver.ledger.slice(20);
    for (const { id, body } of first) {
      const same = again.find((received) => received.id === id);
      assert.ok(same?.body.equals(body), id);
    }
    for (const [resource, received] of Map.groupBy(again, (one: Received) => one.resource)) {
      const order = received.map(({ n }) => n);
      assert.deepEqual(
        order,
        order.toSorted((a, b) => a - b),
        resource,
      );
    }
    assert.equal(new Set(again.map(({ id }) => id)).size, 30);
    const { rows } = await listDeliveries(
      db,
      world.env.id,
      { endpointId: endpoint.endpointId },
      { before: null, limit: 50 },
    );
    assert.deepEqual(new Set(rows.map(({ status }) => status)), new Set(["delivered"]));
    assert.deepEqual(new Set(rows.map(({ attempts }) => attempts)), new Set([1, 2]));
    assert.equal(rows.length, 30);
  } finally {
    await jobs.stop();
    await pool.end();
    await dispatcher.end();
    await receiver.close();
  }
});
