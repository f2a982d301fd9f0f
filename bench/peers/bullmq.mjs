// Arguments: the sink's origin, jobs, the socket of Redis. Jobs are added beforehand; done when none is left.
import { Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import { CONCURRENCY, createPoster, readyForGo } from "./post.mjs";

const [origin, count, socket] = process.argv.slice(2);
const text = JSON.stringify({ session_id: "", note: "x".repeat(400) });
const connection = new Redis({ path: socket, maxRetriesPerRequest: null });
const queue = new Queue("posts", { connection });
const options = { removeOnComplete: true, attempts: 12, backoff: { type: "exponential", delay: 5000 } };
for (let from = 0; from < Number(count); from += 1000) {
  const jobs = Array.from({ length: Math.min(1000, count - from) }, (_, n) => ({
    name: "post",
    data: { id: `bullmq_${from + n}`, text },
    opts: options,
  }));
  await queue.addBulk(jobs);
}
const poster = createPoster(origin);
await readyForGo();
let left = Number(count);
const worker = new Worker("posts", ({ data }) => poster.post(data.id, data.text), {
  connection: connection.duplicate(),
  concurrency: CONCURRENCY,
});
worker.on("completed", () => {
  if (--left === 0) process.send("done");
});
process.on("disconnect", () => process.exit());
