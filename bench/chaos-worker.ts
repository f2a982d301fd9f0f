/**
 * A dispatcher that is made to die. Arguments: JSON of its connection, the lease in ms, requests at once, and by how
 * many ms its clock is wrong; a message `{step}` moves that clock again.
 */
import type { PoolConfig } from "pg";
import { createOutgoing } from "../src/platform/outgoing.ts";
import { createLog, createMetrics } from "../src/platform/telemetry.ts";
import { createDispatcher } from "../src/webhooks/dispatcher.ts";
import { MASTER } from "./delivery-world.ts";

const [connection = "{}", leaseMs = "", inFlight = "", wrongBy = "0"] = process.argv.slice(2);
let offsetMs = Number(wrongBy);
process.on("message", ({ step }: { step: number }) => {
  offsetMs += step;
});
process.on("disconnect", () => process.exit());

const dispatcher = createDispatcher({
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by chaos-run.ts
  connection: JSON.parse(connection) as PoolConfig,
  master: MASTER,
  outgoing: createOutgoing({ allowNetworks: ["127.0.0.0/8"] }),
  clock: () => Temporal.Now.instant().add({ milliseconds: offsetMs }),
  log: createLog("silent"),
  metrics: createMetrics(),
  leaseMs: Number(leaseMs),
  sweepMs: 200,
  quick: Number(inFlight),
  all: Number(inFlight),
});
await dispatcher.start();
process.send?.("started");
