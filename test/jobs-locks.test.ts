/** Two runners on one database: the jobs of a dead one are taken over, those of a living one never. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Pool } from "pg";
import { startJobs, type JobRunner } from "../src/platform/jobs.ts";
import { createLog } from "../src/platform/telemetry.ts";
import { openPlainPool } from "../src/store/connect.ts";
import { until } from "./main-path-setup.ts";
import { createTestDatabase, type TestDatabase } from "./harness/database.ts";

const log = createLog("silent");
let database: TestDatabase;
const pools: Pool[] = [];
const runners: JobRunner[] = [];

before(async () => {
  database = await createTestDatabase();
});
after(async () => {
  for (const runner of runners) await runner.stop();
  for (const pool of pools) await pool.end();
  await database.drop();
});

async function runner(tasks: Record<string, (payload: unknown) => Promise<void>>): Promise<void> {
  const pool = openPlainPool({ connection: database.connection, name: "test jobs", size: 5, log });
  pools.push(pool);
  runners.push(await startJobs({ pool, tasks, cron: [], concurrency: 2, log }));
}

const addJob = (task: string) => database.pool.query("select graphile_worker.add_job($1)", [task]);

test("a job that takes long stays its runner's; one of a runner that died runs again", async () => {
  const began = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  let times = 0;
  await runner({
    long: async () => {
      times += 1;
      began.resolve();
      await end.promise;
      ended.resolve();
    },
  });
  await addJob("long");
  await began.promise;
  await until("the runner's lock", async () => {
    // The server is every test file's.
    const { rowCount } = await database.pool.query(`select from pg_locks where locktype = 'advisory'
      and database = (select oid from pg_database where datname = current_database())`);
    return rowCount === 1;
  });

  const rescued = Promise.withResolvers<void>();
  // As a process leaves it that was killed: locked by a runner that holds no lock. Both jobs look equally old.
  await addJob("orphan");
  await database.pool.query(
    `update graphile_worker._private_jobs
     set locked_at = now() - interval '1 hour', locked_by = coalesce(locked_by, 'pool-dead')`,
  );
  const tasks = { long: async () => void (times += 1), orphan: async () => rescued.resolve() };
  await runner(tasks);
  await rescued.promise;
  // Whatever is found below, the runners can stop.
  end.resolve();
  await ended.promise;
  assert.equal(times, 1, "what freed the orphan passed over the living");
});
