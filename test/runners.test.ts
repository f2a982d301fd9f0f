/** Which jobs wait for which: a bank that does not answer holds up the asking of banks, and nothing else. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { addJob, startJobs, type JobRunner } from "../src/platform/jobs.ts";
import { runnersOf } from "../src/runners.ts";
import { openPlainPool } from "../src/store/connect.ts";
import { silentLog } from "../src/store/log.ts";
import { openSyncWorld, type SyncWorld } from "./sync-setup.ts";

let world: SyncWorld;
before(async () => {
  world = await openSyncWorld();
});
after(() => world.close());

test("a dead bank's jobs leave room for extraction's and for payments'", async () => {
  const { http, bank } = world;
  const plans = runnersOf(http.intake, http.connect);
  bank.addAccount("acc-1");
  const consent = await world.connectBank(await world.newCustomer());
  const { promise: silence, resolve: answer } = Promise.withResolvers<void>();
  const { promise: allWait, resolve: sayAllWait } = Promise.withResolvers<void>();
  const banks = plans.find(({ name }) => name === "banks");
  assert.ok(banks);
  let waiting = 0;
  bank.hook = async (method) => {
    if (method !== "ais.accounts") return;
    if (++waiting === banks.concurrency) sayAllWait();
    await silence;
  };
  for (let n = 0; n < 2 * banks.concurrency; n++)
    await addJob(http.connect.db, { task: "sync_consent", payload: { env: http.envId, consent } });

  const others = new Map(
    ["make_day_partitions", "sweep_payments"].map((task) => [task, Promise.withResolvers<void>()]),
  );
  const started: { runner: JobRunner; pool: ReturnType<typeof openPlainPool> }[] = [];
  for (const { name, tasks, concurrency, connections } of plans) {
    const { connection } = http.database;
    const pool = openPlainPool({ connection, name: `test ${name}`, size: connections, log: silentLog });
    const watched = Object.fromEntries(
      Object.entries(tasks).map(([task, run]) => [
        task,
        async (payload: unknown) => {
          await run(payload);
          others.get(task)?.resolve();
        },
      ]),
    );
    started.push({
      pool,
      runner: await startJobs({ pool, tasks: watched, cron: [], concurrency, log: http.connect.log }),
    });
  }
  await allWait;
  for (const task of others.keys()) await addJob(http.connect.db, { task, payload: {} });
  await Promise.all([...others.values()].map(({ promise }) => promise));
  assert.equal(waiting, banks.concurrency, "the bank is still silent");
  bank.hook = null;
  answer();
  for (const { runner, pool } of started) {
    await runner.stop();
    await pool.end();
  }
});

test("no task has two runners", () => {
  const names = runnersOf(world.http.intake, world.http.connect).flatMap(({ tasks }) => Object.keys(tasks));
  assert.deepEqual(
    names.filter((name, nth) => names.indexOf(name) !== nth),
    [],
  );
});
