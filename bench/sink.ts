/**
 * A receiver that counts, in a process of its own; `sink-process.ts` starts it and says what to do.
 * `/hook` is answered 200, `/hang` never. Where an id arrived first is kept on request, for latencies.
 */
import { headerOf, startRawServer } from "./raw-server.ts";

let arrivals = new Map<string, number>();
let duplicated = 0;
let wanted: number | null = null;

const { port } = await startRawServer(({ path, head }) => {
  if (path === "/hang") return "never";
  const id = headerOf(head, "webhook-id");
  if (arrivals.has(id)) duplicated++;
  else arrivals.set(id, performance.timeOrigin + performance.now());
  if (wanted !== null && arrivals.size >= wanted) tell(false);
  return 200;
});

function tell(withArrivals: boolean): void {
  wanted = null;
  process.send?.({ seen: arrivals.size, duplicated, arrivals: withArrivals ? [...arrivals] : [] });
}

process.on("message", (message: { reset?: true; reach?: number; report?: true }) => {
  if (message.reset) {
    arrivals = new Map();
    duplicated = 0;
    process.send?.({ reset: true });
  } else if (message.report) {
    tell(true);
  } else {
    wanted = message.reach ?? 0;
    if (arrivals.size >= wanted) tell(false);
  }
});
process.on("disconnect", () => process.exit());
process.send?.({ port });
