import { Tooltip } from "@mantine/core";
import type { EndpointHealth } from "../api/types.ts";

const HOURS = 24;
const HOUR_MS = 3_600_000;
const [BAR, GAP, HEIGHT] = [4, 1, 24];

/** Outcomes of the last 24 hours: a bar an hour, what failed on top in red. Told in words to who cannot see it. */
export function Sparkline({ health }: { health: EndpointHealth | undefined }) {
  const hours = lastHours(health);
  const most = Math.max(1, ...hours.map(({ delivered, failed }) => delivered + failed));
  const delivered = hours.reduce((sum, hour) => sum + hour.delivered, 0);
  const failed = hours.reduce((sum, hour) => sum + hour.failed, 0);
  const words =
    delivered + failed === 0
      ? "Nothing was sent in the last 24 hours"
      : `Last 24 hours: ${delivered} delivered, ${failed} failed${health?.is_complete === false ? " (of the newest 2,000 attempts)" : ""}`;
  const scale = (count: number) => (count === 0 ? 0 : Math.max(2, (count / most) * HEIGHT));
  return (
    <Tooltip label={words}>
      <svg
        width={HOURS * (BAR + GAP)}
        height={HEIGHT}
        role="img"
        aria-label={words}
        style={{ display: "block" }}
      >
        {hours.map((hour, index) => {
          const x = index * (BAR + GAP);
          const good = scale(hour.delivered);
          const bad = scale(hour.failed);
          return (
            <g key={hour.at}>
              <rect x={x} y={HEIGHT - 2} width={BAR} height={2} rx={1} fill="var(--bb-line)" />
              <rect
                x={x}
                y={HEIGHT - good}
                width={BAR}
                height={good}
                rx={1}
                fill="var(--mantine-color-teal-6)"
              />
              <rect
                x={x}
                y={HEIGHT - good - bad}
                width={BAR}
                height={bad}
                rx={1}
                fill="var(--mantine-color-red-6)"
              />
            </g>
          );
        })}
      </svg>
    </Tooltip>
  );
}

function lastHours(health: EndpointHealth | undefined) {
  const known = new Map(health?.hours.map((hour) => [Date.parse(hour.at), hour]));
  const now = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  return Array.from({ length: HOURS }, (_, index) => {
    const at = now - (HOURS - 1 - index) * HOUR_MS;
    return { at, delivered: known.get(at)?.delivered ?? 0, failed: known.get(at)?.failed ?? 0 };
  });
}
