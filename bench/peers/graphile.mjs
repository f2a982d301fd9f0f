// Arguments: the sink's origin, jobs, JSON of the connection. Jobs are added beforehand; done when none is left.
// With its local queue and batched completion: without them it is several times slower.
import { makeWorkerUtils, run } from "graphile-worker";
import { Pool } from "pg";
import { CONCURRENCY, createPoster, readyForGo } from "./post.mjs";

const [origin, count, connection] = process.argv.slice(2);
const text = JSON.stringify({ session_id: "", note: "x".repeat(400) });
const pgPool = new Pool({ ...JSON.parse(connection), max: 12 });
const utils = await makeWorkerUtils({ pgPool });
await utils.migrate();
// What it asks for; a broken connection ends the run.
pgPool.on("error", (error) => {
  throw error;
});
pgPool.on("connect", (one) =>
  one.on("error", (error) => {
    throw error;
  }),
);
const client = await pgPool.connect();
await client.query("set statement_timeout = 0");
await client.query(
  `select graphile_worker.add_job('post', json_build_object('id', 'graphile_' || n, 'text', $2::text))
  from generate_series(1, $1::int) n`,
  [count, text],
);
await client.query("vacuum analyze graphile_worker._private_jobs");
client.release();
const poster = createPoster(origin);
await readyForGo();
await run({
  pgPool,
  noHandleSignals: true,
  logger: undefined,
  taskList: { post: ({ id, text: body }) => poster.post(id, body) },
  preset: {
    worker: {
      concurrentJobs: CONCURRENCY,
      pollInterval: 1000,
      localQueue: { size: 500, refetchDelay: { durationMs: 10 } },
      completeJobBatchDelay: 0,
      failJobBatchDelay: 0,
    },
  },
});
for (;;) {
  const { rows } = await pgPool.query("select from graphile_worker._private_jobs limit 1");
  if (rows.length === 0) break;
  await new Promise((resolve) => setTimeout(resolve, 10));
}
process.send("done");
