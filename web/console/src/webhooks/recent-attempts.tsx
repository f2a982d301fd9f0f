import { Anchor, Button, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { attempts } from "../api/queries.ts";
import type { Attempt } from "../api/types.ts";
import { Section } from "../parts/page.tsx";
import { answerText, OutcomeBadge } from "../parts/status.tsx";
import { formatMicros, Time } from "../parts/time.tsx";
import { useEnvironment } from "../shell/viewer.ts";

export function RecentAttempts({ endpointId }: { endpointId: string }) {
  const environment = useEnvironment();
  const { data } = useQuery(attempts(environment, { endpoint_id: endpointId, limit: 8 }));
  const rows = data?.data ?? [];
  return (
    <Section
      title="Recent attempts"
      actions={
        <Button
          variant="default"
          size="xs"
          renderRoot={(props) => (
            <Link
              {...props}
              to="/$environment/deliveries"
              params={{ environment }}
              search={{ endpoint: endpointId }}
            />
          )}
        >
          All deliveries
        </Button>
      }
    >
      {rows.length === 0 ? (
        <Text size="sm" c="dimmed">
          Nothing has been sent yet. Send a test event to see whether your server answers.
        </Text>
      ) : (
        <div className="bb-table-wrap">
          <Table className="bb-stack" miw={520}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Event</Table.Th>
                <Table.Th>Outcome</Table.Th>
                <Table.Th>Answer</Table.Th>
                <Table.Th>When</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((attempt) => (
                <Row key={attempt.id} attempt={attempt} />
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
    </Section>
  );
}

function Row({ attempt }: { attempt: Attempt }) {
  const environment = useEnvironment();
  return (
    <Table.Tr>
      <Table.Td>
        {attempt.event_id === null ? (
          (attempt.type ?? "erased")
        ) : (
          <Anchor
            size="sm"
            renderRoot={(props) => (
              <Link
                {...props}
                to="/$environment/events/$id"
                params={{ environment, id: attempt.event_id ?? "" }}
              />
            )}
          >
            {attempt.type}
          </Anchor>
        )}
      </Table.Td>
      <Table.Td>
        <OutcomeBadge outcome={attempt.outcome} />
      </Table.Td>
      <Table.Td>
        {answerText(attempt.status, attempt.error)}, {formatMicros(attempt.timings_us.total)}
      </Table.Td>
      <Table.Td>
        <Time at={attempt.at} ago />
      </Table.Td>
    </Table.Tr>
  );
}
