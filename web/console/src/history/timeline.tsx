import { Button, Collapse, Group, Skeleton, Stack, Text, Timeline } from "@mantine/core";
import { IconCheck, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { attempt as attemptQuery, attempts } from "../api/queries.ts";
import type { Attempt, AttemptDetail } from "../api/types.ts";
import { Code, Json } from "../parts/code.tsx";
import { CopyTextButton } from "../parts/copy.tsx";
import { ErrorNote } from "../parts/faults.tsx";
import { RowsSkeleton } from "../parts/page.tsx";
import { answerText, outcomeColor, OutcomeBadge } from "../parts/status.tsx";
import { formatMicros, Time } from "../parts/time.tsx";
import { useEnvironment } from "../shell/viewer.ts";
import { curlOf } from "./curl.ts";

export function AttemptTimeline({ eventId }: { eventId: string }) {
  const environment = useEnvironment();
  const { data, error } = useQuery(attempts(environment, { event_id: eventId, limit: 50 }));
  if (error) return <ErrorNote error={error} />;
  if (!data) return <RowsSkeleton rows={3} />;
  if (data.data.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        Nothing has been sent yet.
      </Text>
    );
  }
  return (
    <Timeline bulletSize={24} lineWidth={2} active={-1}>
      {data.data.map((one) => (
        <Timeline.Item
          key={one.id}
          bullet={
            one.outcome === "delivered" ? (
              <IconCheck size={14} color="var(--mantine-color-teal-7)" />
            ) : (
              <IconX size={14} color={`var(--mantine-color-${outcomeColor(one.outcome)}-7)`} />
            )
          }
        >
          <Item attempt={one} />
        </Timeline.Item>
      ))}
    </Timeline>
  );
}

function Item({ attempt }: { attempt: Attempt }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Stack gap={6}>
      <Group gap="sm">
        <OutcomeBadge outcome={attempt.outcome} />
        <Text size="sm" fw={550}>
          {answerText(attempt.status, attempt.error)}
        </Text>
        <Text size="sm" c="dimmed">
          attempt {attempt.attempt} · {formatMicros(attempt.timings_us.total)} · <Time at={attempt.at} />
        </Text>
        <Button size="compact-xs" variant="subtle" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? "Hide" : "Request and response"}
        </Button>
      </Group>
      {attempt.retry_at === null ? null : (
        <Text size="xs" c="dimmed">
          Tried again from <Time at={attempt.retry_at} />
        </Text>
      )}
      <Collapse expanded={isOpen}>{isOpen ? <Detail id={attempt.id} /> : null}</Collapse>
    </Stack>
  );
}

function Detail({ id }: { id: string }) {
  const environment = useEnvironment();
  const { data, error } = useQuery(attemptQuery(environment, id));
  if (error) return <ErrorNote error={error} />;
  if (!data) return <Skeleton height={180} />;
  const { request, response } = data;
  return (
    <Stack gap="sm" mt="xs">
      <Timings attempt={data} />
      <Group justify="space-between">
        <Text size="sm" fw={600}>
          Request
        </Text>
        <CopyTextButton value={curlOf(request)}>Copy as curl</CopyTextButton>
      </Group>
      <Code
        text={`POST ${request.url ?? "(deleted)"}\n${headerLines(request.headers)}`}
        label="Headers of the request"
      />
      {request.body === null ? null : <Json text={request.body} label="Body of the request" />}
      <Text size="sm" fw={600}>
        Response
      </Text>
      {response === null ? (
        <Text size="sm" c="dimmed">
          None: {answerText(null, data.error)}.
        </Text>
      ) : (
        <>
          <Code
            text={`HTTP ${response.status}\n${headerLines(response.headers)}`}
            label="Headers of the response"
          />
          {response.body === null || response.body === "" ? null : (
            <Json text={response.body} label="Body of the response" />
          )}
        </>
      )}
    </Stack>
  );
}

const headerLines = (headers: Record<string, string>): string =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");

function Timings({ attempt }: { attempt: AttemptDetail }) {
  const { dns, connect, tls, first_byte: firstByte, total } = attempt.timings_us;
  const parts = [
    ["look-up", dns],
    ["connected", connect],
    ["TLS", tls],
    ["first byte", firstByte],
    ["total", total],
  ] as const;
  const shown = parts.flatMap(([name, micros]) =>
    micros === null ? [] : [`${name} ${formatMicros(micros)}`],
  );
  return (
    <Text size="xs" c="dimmed">
      {attempt.address === null ? "" : `${attempt.address} · `}
      {shown.join(" · ")}
    </Text>
  );
}
