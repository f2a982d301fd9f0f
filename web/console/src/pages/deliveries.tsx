import { Box, Button, Paper, Select, Table, Text } from "@mantine/core";
import { IconRefresh, IconSend } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { deliveries, endpoints } from "../api/queries.ts";
import type { Delivery, DeliveryStatus } from "../api/types.ts";
import { Filters } from "../history/filters.tsx";
import { LiveSwitch, Pager } from "../history/live.tsx";
import { ReplayDialog } from "../history/replay-dialog.tsx";
import { useLiveList } from "../history/use-list.ts";
import { ErrorNote } from "../parts/faults.tsx";
import { Empty, Page, RowsSkeleton } from "../parts/page.tsx";
import { answerText, DeliveryBadge, deliveryLabel } from "../parts/status.tsx";
import { Time } from "../parts/time.tsx";
import { DELIVERY_STATUSES, type DeliverySearch } from "../search.ts";
import { useEnvironment, useViewer } from "../shell/viewer.ts";

const ROWS = 50;

export function DeliveriesPage() {
  const environment = useEnvironment();
  const search = useSearch({ from: "/$environment/deliveries" });
  const navigate = useNavigate({ from: "/$environment/deliveries" });
  const { may } = useViewer();
  const [isReplaying, setReplaying] = useState(false);
  const list = useLiveList(environment, "deliveries", search);
  const { endpoint, ...filter } = search;
  const query = useQuery(
    deliveries(
      environment,
      { ...filter, endpoint_id: endpoint, cursor: list.cursor, limit: ROWS },
      list.liveliness,
    ),
  );
  const isFiltered = Object.values(search).some((one) => one !== undefined);
  const change = (changes: Partial<DeliverySearch>) =>
    void navigate({ search: (before) => ({ ...before, ...changes }), replace: true });
  return (
    <Page
      title="Deliveries"
      about="What became of each event at each webhook."
      actions={
        <>
          <LiveSwitch isLive={list.isLive} onChange={list.setLive} />
          {may("developer") ? (
            <Button
              variant="default"
              size="xs"
              leftSection={<IconRefresh size={14} />}
              onClick={() => setReplaying(true)}
            >
              {isFiltered ? "Replay these" : "Replay"}
            </Button>
          ) : null}
        </>
      }
    >
      <Filters
        search={search}
        onChange={change}
        onClear={() => void navigate({ search: {} })}
        isFiltered={isFiltered}
      >
        <StatusSelect value={search.status} onChange={(status) => change({ status })} />
        <EndpointSelect value={endpoint} onChange={(id) => change({ endpoint: id })} />
      </Filters>
      <ErrorNote error={query.error} retry={() => void query.refetch()} />
      <Paper>
        {query.isPending ? <RowsSkeleton rows={10} /> : null}
        {query.data ? (
          <Rows rows={query.data.data} isFiltered={isFiltered} hasMore={query.data.next !== null} />
        ) : null}
        <Pager trail={list.trail} next={query.data?.next ?? null} onMove={list.setTrail} />
      </Paper>
      {isReplaying ? <ReplayDialog search={search} onClose={() => setReplaying(false)} /> : null}
    </Page>
  );
}

function StatusSelect({
  value,
  onChange,
}: {
  value: DeliveryStatus | undefined;
  onChange: (status: DeliveryStatus | undefined) => void;
}) {
  return (
    <Select
      aria-label="Status"
      placeholder="Any status"
      size="xs"
      w={150}
      clearable
      data={DELIVERY_STATUSES.map((status) => ({ value: status, label: deliveryLabel(status) }))}
      value={value ?? null}
      onChange={(chosen) => onChange(DELIVERY_STATUSES.find((status) => status === chosen))}
      clearButtonProps={{ "aria-label": "Clear the status" }}
    />
  );
}

function EndpointSelect({
  value,
  onChange,
}: {
  value: string | undefined;
  onChange: (id: string | undefined) => void;
}) {
  const environment = useEnvironment();
  const { data } = useQuery(endpoints(environment));
  return (
    <Select
      aria-label="Webhook"
      placeholder="Any webhook"
      size="xs"
      w={{ base: "100%", xs: 220 }}
      clearable
      searchable
      data={(data?.data ?? []).map(({ id, url }) => ({ value: id, label: url }))}
      value={value ?? null}
      onChange={(chosen) => onChange(chosen ?? undefined)}
      clearButtonProps={{ "aria-label": "Clear the webhook" }}
    />
  );
}

function Rows({ rows, isFiltered, hasMore }: { rows: Delivery[]; isFiltered: boolean; hasMore: boolean }) {
  const environment = useEnvironment();
  const { data } = useQuery(endpoints(environment));
  const urls = new Map(data?.data.map(({ id, url }) => [id, url]));
  if (rows.length === 0) {
    return (
      <Empty
        icon={<IconSend size={36} stroke={1.4} />}
        title={isFiltered ? "Nothing matches" : "No deliveries yet"}
      >
        {hasMore
          ? "A page searches a part of the history: there may be more under Older."
          : isFiltered
            ? "Take a filter away, or look at a longer time."
            : "They appear when an event is recorded that a webhook asks for. A test event is one."}
      </Empty>
    );
  }
  return (
    <Box className="bb-table-wrap">
      <Table className="bb-stack" miw={820} highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Event</Table.Th>
            <Table.Th>Webhook</Table.Th>
            <Table.Th>Status</Table.Th>
            <Table.Th>Last answer</Table.Th>
            <Table.Th>Recorded</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Row key={`${row.event_id} ${row.endpoint_id}`} delivery={row} url={urls.get(row.endpoint_id)} />
          ))}
        </Table.Tbody>
      </Table>
    </Box>
  );
}

function Row({ delivery, url }: { delivery: Delivery; url: string | undefined }) {
  const environment = useEnvironment();
  return (
    <Table.Tr>
      <Table.Td maw={{ base: 190, sm: 330 }}>
        <Link
          to="/$environment/events/$id"
          params={{ environment, id: delivery.event_id }}
          style={{ color: "inherit", textDecoration: "none" }}
        >
          <Text size="sm" fw={550} truncate title={delivery.type}>
            {delivery.type}
          </Text>
        </Link>
        <Text size="xs" c="dimmed" truncate title={delivery.resource}>
          {delivery.subject ?? delivery.resource}
        </Text>
      </Table.Td>
      <Table.Td maw={220}>
        <Text size="sm" truncate title={url}>
          {url ?? delivery.endpoint_id}
        </Text>
      </Table.Td>
      <Table.Td>
        <DeliveryBadge status={delivery.status} type={delivery.type} />
        {delivery.next_attempt_at === null || delivery.attempts === 0 ? null : (
          <Text size="xs" c="dimmed" mt={2}>
            again <Time at={delivery.next_attempt_at} ago />
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Text size="sm">
          {delivery.attempts === 0 ? "–" : answerText(delivery.last_status, delivery.last_error)}
        </Text>
        {delivery.attempts > 1 ? (
          <Text size="xs" c="dimmed">
            {delivery.attempts} attempts
          </Text>
        ) : null}
      </Table.Td>
      <Table.Td>
        <Time at={delivery.recorded_at} size="sm" />
      </Table.Td>
    </Table.Tr>
  );
}
