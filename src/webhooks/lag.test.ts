import assert from "node:assert/strict";
import { test } from "node:test";
import { createMetrics } from "../platform/telemetry.ts";
import { showLag } from "./lag.ts";

const due = (endpointId: number, seconds: number, retry = false) => ({
  envId: 1,
  endpointId,
  publicId: `wh_${endpointId}`,
  version: 1,
  retry,
  seconds,
});

test("the twenty furthest behind have a series, one for both lanes, and leave it when they catch up", async () => {
  const metrics = createMetrics();
  showLag(metrics, [...Array.from({ length: 30 }, (_, n) => due(n + 1, n + 1)), due(30, 99, true)]);
  const series = async () => {
    const metric = await metrics.registry.getSingleMetric("bankbell_endpoint_lag_seconds")?.get();
    return new Map(metric?.values.map(({ labels, value }) => [labels["endpoint"], value]));
  };
  assert.equal((await series()).size, 20);
  assert.equal((await series()).get("wh_30"), 99);
  assert.equal((await series()).has("wh_10"), false);
  assert.match(await metrics.registry.metrics(), /bankbell_queue_oldest_due_seconds 99/);
  showLag(metrics, [due(7, 2)]);
  assert.deepEqual([...(await series())], [["wh_7", 2]]);
  showLag(metrics, []);
  assert.equal((await series()).size, 0);
  assert.match(await metrics.registry.metrics(), /bankbell_queue_oldest_due_seconds 0/);
});
