import { SimpleGrid, Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { Endpoint } from "../api/types.ts";
import { Section } from "../parts/page.tsx";
import { formatSeconds, Time } from "../parts/time.tsx";

export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text size="sm" component="div" style={{ overflowWrap: "anywhere" }}>
        {children}
      </Text>
    </div>
  );
}

/** How an endpoint is set. */
export function Facts({ endpoint }: { endpoint: Endpoint }) {
  const names = Object.keys(endpoint.headers);
  const schedule = endpoint.schedule.map(formatSeconds).join(", ");
  return (
    <Section title="Settings">
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="lg">
        <Fact label="Events">
          {endpoint.event_types.includes("*") ? "All (*)" : endpoint.event_types.join(", ")}
        </Fact>
        <Fact label="Format">
          {endpoint.format}
          {endpoint.contract_slot === null ? "" : " (set by update_webhook)"}
        </Fact>
        <Fact label="Order">
          {endpoint.ordered
            ? `Kept; a failing event holds its resource for ${formatSeconds(endpoint.order_hold_seconds)}`
            : "Not kept"}
        </Fact>
        <Fact label={endpoint.schedule_is_own ? "Own schedule of retries" : `Retries (${endpoint.preset})`}>
          {schedule === "" ? "None" : schedule}
        </Fact>
        <Fact label="At once, and per second">
          {endpoint.max_in_flight} at once,{" "}
          {endpoint.rate_limit === null ? "no limit" : `${endpoint.rate_limit} a second`}
        </Fact>
        <Fact label="Time-out">{formatSeconds(endpoint.timeout_ms / 1000)}</Fact>
        <Fact label="Pauses">
          {endpoint.pause_after === null
            ? "Never"
            : `After ${endpoint.pause_after} failures in a row over ${formatSeconds(endpoint.pause_span_seconds)}`}
        </Fact>
        <Fact label="Own headers">
          {names.length === 0 && !endpoint.has_secret_key
            ? "None"
            : [...names, ...(endpoint.has_secret_key ? ["x-secret-key"] : [])].join(", ")}
        </Fact>
        <Fact label="Created">
          <Time at={endpoint.created_at} />
        </Fact>
      </SimpleGrid>
    </Section>
  );
}
