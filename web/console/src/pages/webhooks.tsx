import { ActionIcon, Box, Button, Group, Paper, Table, Text, Tooltip } from "@mantine/core";
import { IconEdit, IconPlus, IconTrash, IconWebhook } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { endpointHealth, endpoints } from "../api/queries.ts";
import type { Endpoint, EndpointHealth } from "../api/types.ts";
import { ErrorNote } from "../parts/faults.tsx";
import { Empty, Page, RowsSkeleton } from "../parts/page.tsx";
import { EndpointBadge } from "../parts/status.tsx";
import { formatSeconds } from "../parts/time.tsx";
import { useEnvironment, useViewer } from "../shell/viewer.ts";
import { DeleteWebhook } from "../webhooks/delete.tsx";
import { Sparkline } from "../webhooks/sparkline.tsx";

export function WebhooksPage() {
  const environment = useEnvironment();
  const { may } = useViewer();
  const list = useQuery(endpoints(environment));
  const health = useQuery(endpointHealth(environment));
  const [deleting, setDeleting] = useState<Endpoint | null>(null);
  const rows = list.data?.data ?? [];
  const create = (
    <Button
      leftSection={<IconPlus size={16} />}
      renderRoot={(props) => <Link {...props} to="/$environment/webhooks/new" params={{ environment }} />}
    >
      Create webhook
    </Button>
  );
  return (
    <Page
      title="Webhooks"
      about="Where Bankbell tells your servers what has happened: signed, in order, and tried again until it arrives."
      actions={may("developer") && rows.length > 0 ? create : undefined}
    >
      <ErrorNote error={list.error} retry={() => void list.refetch()} />
      <Paper>
        {list.isPending ? <RowsSkeleton /> : null}
        {list.isSuccess && rows.length === 0 ? (
          <Empty
            icon={<IconWebhook size={36} stroke={1.4} />}
            title="No webhooks yet"
            action={may("developer") ? create : undefined}
          >
            Add a URL, choose the events you want, and send a test. Until then events are recorded all the
            same: you can replay them later, or read them under Events.
          </Empty>
        ) : null}
        {rows.length > 0 ? (
          <Box className="bb-table-wrap">
            <List rows={rows} health={health.data?.data ?? []} onDelete={setDeleting} />
          </Box>
        ) : null}
      </Paper>
      <DeleteWebhook endpoint={deleting} onClose={() => setDeleting(null)} />
    </Page>
  );
}

interface ListProps {
  rows: Endpoint[];
  health: EndpointHealth[];
  onDelete: (endpoint: Endpoint) => void;
}

function List({ rows, health, onDelete }: ListProps) {
  const { may } = useViewer();
  const byId = new Map(health.map((one) => [one.endpoint_id, one]));
  return (
    <Table className="bb-stack" miw={760} highlightOnHover>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>URL</Table.Th>
          <Table.Th>Events</Table.Th>
          <Table.Th>Status</Table.Th>
          <Table.Th>Last 24 hours</Table.Th>
          <Table.Th>Waiting</Table.Th>
          {may("developer") ? (
            <Table.Th w={96}>
              <Box className="bb-skip">Edit and delete</Box>
            </Table.Th>
          ) : null}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((endpoint) => (
          <Row key={endpoint.id} endpoint={endpoint} health={byId.get(endpoint.id)} onDelete={onDelete} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

interface RowProps {
  endpoint: Endpoint;
  health: EndpointHealth | undefined;
  onDelete: (endpoint: Endpoint) => void;
}

function Row({ endpoint, health, onDelete }: RowProps) {
  const environment = useEnvironment();
  const { may } = useViewer();
  const { id, url, description, event_types: types, status, status_reason: reason } = endpoint;
  const params = { environment, id };
  return (
    <Table.Tr>
      <Table.Td maw={{ base: 180, sm: 360 }}>
        <Link
          to="/$environment/webhooks/$id"
          params={params}
          style={{ color: "inherit", textDecoration: "none" }}
        >
          <Text size="sm" fw={550} truncate title={url}>
            {url}
          </Text>
        </Link>
        <Text size="xs" c="dimmed" truncate>
          {description === "" ? id : description}
        </Text>
      </Table.Td>
      <Table.Td>
        <Tooltip label={types.join(", ")} multiline maw={360} disabled={types.includes("*")}>
          <Text size="sm">{types.includes("*") ? "All" : `${types.length} of them`}</Text>
        </Tooltip>
        <Text size="xs" c="dimmed">
          {endpoint.format}
        </Text>
      </Table.Td>
      <Table.Td maw={220}>
        <EndpointBadge status={status} />
        {reason === null ? null : (
          <Text size="xs" c="dimmed" mt={4} lineClamp={2} title={reason}>
            {reason}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Sparkline health={health} />
      </Table.Td>
      <Table.Td data-label="waiting">
        <Waiting endpoint={endpoint} />
      </Table.Td>
      {may("developer") ? (
        <Table.Td>
          <RowActions endpoint={endpoint} onDelete={onDelete} />
        </Table.Td>
      ) : null}
    </Table.Tr>
  );
}

function RowActions({ endpoint, onDelete }: Omit<RowProps, "health">) {
  const environment = useEnvironment();
  const { id, url } = endpoint;
  return (
    <Group gap={4} wrap="nowrap">
      <Tooltip label="Edit">
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={`Edit ${url}`}
          renderRoot={(props) => (
            <Link {...props} to="/$environment/webhooks/$id/edit" params={{ environment, id }} />
          )}
        >
          <IconEdit size={18} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Delete">
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={`Delete ${url}`}
          onClick={() => onDelete(endpoint)}
        >
          <IconTrash size={18} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}

/** How much, and how late the oldest of it is. */
export function Waiting({ endpoint }: { endpoint: Endpoint }) {
  const { waiting, waiting_is_exact: isExact, lag_seconds: lag } = endpoint;
  return (
    <>
      <Text size="sm" style={{ fontVariantNumeric: "tabular-nums" }}>
        {waiting.toLocaleString()}
        {isExact ? "" : "+"}
      </Text>
      {lag > 1 ? (
        <Text size="xs" c="dimmed" style={{ whiteSpace: "nowrap" }}>
          {formatSeconds(lag)} late
        </Text>
      ) : null}
    </>
  );
}
