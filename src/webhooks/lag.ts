/** How far behind the endpoints are. At most twenty have a series of their own: the ones that are furthest behind. */
import { Gauge } from "prom-client";
import type { Metrics } from "../platform/telemetry.ts";
import type { DueLane } from "../store/queue.ts";

const MOST_ENDPOINTS = 20;
const NAME = "bankbell_endpoint_lag_seconds";

export type LagMetrics = Pick<Metrics, "registry" | "queueOldestDueSeconds">;

/** Both lanes of an endpoint are one series; endpoints that caught up leave it. */
export function showLag({ registry, queueOldestDueSeconds }: LagMetrics, due: readonly DueLane[]): void {
  const lags = new Map<string, number>();
  for (const { publicId, seconds } of due) lags.set(publicId, Math.max(seconds, lags.get(publicId) ?? 0));
  queueOldestDueSeconds.set(Math.max(0, ...lags.values()));
  const gauge = gaugeOf(registry);
  gauge.reset();
  const behind = [...lags].sort(([, one], [, other]) => other - one).slice(0, MOST_ENDPOINTS);
  for (const [endpoint, seconds] of behind) gauge.set({ endpoint }, seconds);
}

function gaugeOf(registry: Metrics["registry"]): Gauge<"endpoint"> {
  const known = registry.getSingleMetric(NAME);
  if (known instanceof Gauge) return known;
  return new Gauge({
    name: NAME,
    help: `Age of the oldest due delivery of each of the ${MOST_ENDPOINTS} endpoints furthest behind.`,
    labelNames: ["endpoint"],
    registers: [registry],
  });
}
