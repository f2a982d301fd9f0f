import { Alert, Button, Group, Select, Stack, Table, Tabs, Text } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { call } from "../api/client.ts";
import { deliveries, endpoints, event as eventQuery } from "../api/queries.ts";
import type { Delivery, EventDetail } from "../api/types.ts";
import { AttemptTimeline } from "../history/timeline.tsx";
import { Json } from "../parts/code.tsx";
import { Copyable } from "../parts/copy.tsx";
import { ErrorNote } from "../parts/faults.tsx";
import { notifyDone, notifyFault } from "../parts/notify.ts";
import { Page, RowsSkeleton, Section } from "../parts/page.tsx";
import { DeliveryBadge } from "../parts/status.tsx";
import { Time } from "../parts/time.tsx";
import { useEnvironment, useViewer } from "../shell/viewer.ts";

export function EventPage() {
  const environment = useEnvironment();
  const { id } = useParams({ from: "/$environment/events/$id" });
  // Its bytes never change, and reading them leaves an audit row.
  const query = useQuery({ ...eventQuery(environment, id), staleTime: Number.POSITIVE_INFINITY });
  const { data } = query;
  if (!data) {
    return (
      <Page title="Event">
        {query.isPending ? <RowsSkeleton rows={10} /> : <ErrorNote error={query.error} />}
      </Page>
    );
  }
  return (
    <Page
      title={data.type}
      about={
        <Group gap="md">
          <Copyable value={data.id} label="Copy the id" />
          <Time at={data.created_at} />
        </Group>
      }
    >
      <Body event={data} />
      <Deliveries event={data} />
      <Section title="Attempts" about="Every request that was sent for this event, newest first.">
        <AttemptTimeline eventId={data.id} />
      </Section>
    </Page>
  );
}

function Body({ event }: { event: EventDetail }) {
  const [first] = event.bodies;
  return (
    <Section
      title="Body"
      about={
        <>
          The exact bytes that every attempt sends. Resource: <code>{event.resource}</code>
          {event.subject === null ? "" : `, of ${event.subject}`}.
        </>
      }
    >
      {first === undefined ? (
        <Alert color="gray">The body has been erased with what it spoke of.</Alert>
      ) : event.bodies.length === 1 ? (
        <Json text={first.body} label="Body of the event" />
      ) : (
        <Tabs defaultValue={first.format}>
          <Tabs.List mb="sm">
            {event.bodies.map(({ format }) => (
              <Tabs.Tab key={format} value={format}>
                {format}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {event.bodies.map(({ format, body }) => (
            <Tabs.Panel key={format} value={format}>
              <Json text={body} label={`Body in the format ${format}`} />
            </Tabs.Panel>
          ))}
        </Tabs>
      )}
    </Section>
  );
}

function useResend(eventId: string) {
  const environment = useEnvironment();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (endpointId: string) =>
      call<{ status: "queued" | "waiting" }>(`/events/${eventId}/resend`, {
        environment,
        json: { endpoint_id: endpointId },
      }),
    onSuccess: async ({ status }) => {
      notifyDone(status === "queued" ? "Queued: it goes out now." : "It was queued already.");
      await client.invalidateQueries({ queryKey: [environment, "deliveries"] });
    },
    onError: notifyFault,
  });
}

/** All rows of the event: its resource in the second in which it was recorded. */
function useDeliveries({ id, resource, created_at: at, deliveries: known }: EventDetail): Delivery[] {
  const environment = useEnvironment();
  const to = new Date(Date.parse(at) + 1000).toISOString();
  const { data } = useQuery(deliveries(environment, { resource, from: at, to, limit: 200 }, "asking"));
  return data?.data.filter((row) => row.event_id === id) ?? known;
}

function Deliveries({ event }: { event: EventDetail }) {
  const rows = useDeliveries(event);
  const { may } = useViewer();
  return (
    <Section
      title="Deliveries"
      actions={
        may("developer") && event.bodies.length > 0 ? <SendElsewhere event={event} rows={rows} /> : undefined
      }
    >
      {rows.length === 0 ? (
        <Text size="sm" c="dimmed">
          No webhook asked for it when it was recorded. You can send it to one now.
        </Text>
      ) : (
        <DeliveryTable eventId={event.id} rows={rows} />
      )}
    </Section>
  );
}

function DeliveryTable({ eventId, rows }: { eventId: string; rows: Delivery[] }) {
  const environment = useEnvironment();
  const { may } = useViewer();
  const resend = useResend(eventId);
  const list = useQuery(endpoints(environment));
  const urls = new Map(list.data?.data.map(({ id, url }) => [id, url]));
  return (
    <div className="bb-table-wrap">
      <Table className="bb-stack" miw={560}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Webhook</Table.Th>
            <Table.Th>Status</Table.Th>
            <Table.Th>Attempts</Table.Th>
            <Table.Th>Next</Table.Th>
            <Table.Th>
              <span className="bb-skip">Send again</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ endpoint_id: id, type, status, attempts, next_attempt_at: next }) => (
            <Table.Tr key={id}>
              <Table.Td maw={320}>
                <Link
                  to="/$environment/webhooks/$id"
                  params={{ environment, id }}
                  style={{ color: "inherit" }}
                >
                  <Text size="sm" truncate>
                    {urls.get(id) ?? id}
                  </Text>
                </Link>
              </Table.Td>
              <Table.Td>
                <DeliveryBadge status={status} type={type} />
              </Table.Td>
              <Table.Td>{attempts}</Table.Td>
              <Table.Td>{next === null ? "–" : <Time at={next} ago size="sm" />}</Table.Td>
              <Table.Td ta="right">
                {may("developer") ? (
                  <Button
                    size="xs"
                    variant="default"
                    leftSection={<IconRefresh size={14} />}
                    loading={resend.isPending}
                    onClick={() => resend.mutate(id)}
                  >
                    Resend
                  </Button>
                ) : null}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function SendElsewhere({ event, rows }: { event: EventDetail; rows: Delivery[] }) {
  const environment = useEnvironment();
  const [chosen, setChosen] = useState<string | null>(null);
  const { data } = useQuery(endpoints(environment));
  const resend = useResend(event.id);
  const formats = new Set(event.bodies.map(({ format }) => format));
  const known = new Set(rows.map(({ endpoint_id: id }) => id));
  const others = (data?.data ?? []).filter(
    ({ id, format, status }) => !known.has(id) && formats.has(format) && status !== "disabled",
  );
  if (others.length === 0) return null;
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <Select
          aria-label="Another webhook"
          placeholder="Another webhook"
          size="xs"
          data={others.map(({ id, url }) => ({ value: id, label: url }))}
          value={chosen}
          onChange={setChosen}
        />
        <Button
          size="xs"
          variant="default"
          disabled={chosen === null}
          onClick={() => (chosen === null ? undefined : resend.mutate(chosen))}
        >
          Send
        </Button>
      </Group>
    </Stack>
  );
}
