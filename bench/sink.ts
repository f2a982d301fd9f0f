/** A receiver that counts, in a process of its own. Told what to do by messages; see `deliveries.ts`. */
import { createServer } from "node:http";

let ids = new Set<string>();
let duplicated = 0;
let latencies: number[] = [];
let wanted: number | null = null;

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    response.end();
    const id = request.headers["webhook-id"];
    if (typeof id !== "string") return;
    if (ids.has(id)) duplicated++;
    ids.add(id);
    const sentAt = /"sent_at":([\d.]+)/.exec(Buffer.concat(chunks).toString())?.[1];
    if (sentAt !== undefined) latencies.push(performance.timeOrigin + performance.now() - Number(sentAt));
    tellIfReached();
  });
});

function tellIfReached(): void {
  if (wanted === null || ids.size < wanted) return;
  wanted = null;
  process.send?.({ seen: ids.size, duplicated, latencies });
}

process.on("message", (message: { reset?: true; reach?: number }) => {
  if (message.reset) {
    ids = new Set();
    duplicated = 0;
    latencies = [];
    process.send?.({ reset: true });
  } else {
    wanted = message.reach ?? 0;
    tellIfReached();
  }
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.send?.({ port: typeof address === "object" && address ? address.port : 0 });
});
