/** A dispatcher in a process of its own, for tests that kill it. Arguments: the database's URL, the lease in ms. */
import { createOutgoing } from "../src/platform/outgoing.ts";
import { createLog, createMetrics } from "../src/platform/telemetry.ts";
import { connectionOf } from "../src/store/connect.ts";
import { createDispatcher } from "../src/webhooks/dispatcher.ts";
import { MASTER } from "./deliveries-fixture.ts";

const [url = "", leaseMs = ""] = process.argv.slice(2);
const dispatcher = createDispatcher({
  connection: connectionOf(url),
  master: MASTER,
  outgoing: createOutgoing({ allowNetworks: ["127.0.0.0/8"] }),
  clock: () => Temporal.Now.instant(),
  log: createLog("silent"),
  metrics: createMetrics(),
  leaseMs: Number(leaseMs),
  sweepMs: 50,
  quick: 32,
  all: 32,
});
await dispatcher.start();
process.send?.("started");
