/** What programs asked of the API: how it went, how long it took, with which key. No bodies. */
import { Badge, Box, Group, Paper, Select, Table, Text, TextInput, type MantineColor } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconListDetails, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import {
  REQUEST_METHODS,
  REQUEST_STATUSES,
  requests,
  type ApiRequest,
  type RequestSearch,
} from "../api/requests.ts";
import { LiveSwitch, Pager } from "../history/live.tsx";
import { useList } from "../history/use-list.ts";
import { CopyIcon } from "../parts/copy.tsx";
import { ErrorNote } from "../parts/faults.tsx";
import { Empty, Page, RowsSkeleton } from "../parts/page.tsx";
import { formatMicros, Time } from "../parts/time.tsx";
import { readRequestSearch } from "../search.ts";
import { useEnvironment } from "../shell/viewer.ts";

export function RequestsPage() {
  const environment = useEnvironment();
  const search = useSearch({ from: "/$environment/developers/requests" });
  const list = useList([environment, search]);
  const query = useQuery(requests(environment, { ...search, cursor: list.cursor, limit: 50 }, list.isLive));
  const rows = query.data?.data ?? [];
  return (
    <Page
      title="Requests"
      about="What your programs asked in the last seven days, newest first. Of successful reads at most 20 a second are kept, of everything else each one."
      actions={<LiveSwitch isLive={list.isLive} onChange={list.setLive} />}
    >
      <Filters />
      <ErrorNote error={query.error} retry={() => void query.refetch()} />
      <Paper style={{ overflow: "hidden" }}>
        {query.isPending ? <RowsSkeleton rows={10} height={56} /> : null}
        {query.data && rows.length === 0 ? <None isNarrow={Object.keys(search).length > 0} /> : null}
        {rows.length > 0 ? <Rows rows={rows} /> : null}
        <Pager trail={list.trail} next={query.data?.next ?? null} onMove={list.setTrail} />
      </Paper>
    </Page>
  );
}

function Filters() {
  const search = useSearch({ from: "/$environment/developers/requests" });
  const navigate = useNavigate({ from: "/$environment/developers/requests" });
  const [text, setText] = useState(search.search ?? "");
  const set = (change: { [name in keyof RequestSearch]?: string | null }) =>
    void navigate({ search: (before) => readRequestSearch({ ...before, ...change }), replace: true });
  const find = useDebouncedCallback((value: string) => set({ search: value.trim() }), 300);
  return (
    <Group gap="sm" align="flex-end">
      <TextInput
        label="Find"
        placeholder="part of a route, or an id in its path"
        leftSection={<IconSearch size={16} />}
        value={text}
        onChange={({ currentTarget: { value } }) => {
          setText(value);
          find(value);
        }}
        style={{ flex: "4 1 260px" }}
      />
      <Select
        label="Status"
        placeholder="Any"
        clearable
        data={REQUEST_STATUSES}
        value={search.status ?? null}
        onChange={(status) => set({ status })}
        style={{ flex: "1 1 120px" }}
        maw={200}
      />
      <Select
        label="Method"
        placeholder="Any"
        clearable
        data={REQUEST_METHODS}
        value={search.method ?? null}
        onChange={(method) => set({ method })}
        style={{ flex: "1 1 120px" }}
        maw={200}
      />
    </Group>
  );
}

function Rows({ rows }: { rows: ApiRequest[] }) {
  return (
    <Box className="bb-table-wrap" tabIndex={0} role="region" aria-label="Requests">
      <Table className="bb-stack" miw={860}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Status</Table.Th>
            <Table.Th>Request</Table.Th>
            <Table.Th ta="right">Took</Table.Th>
            <Table.Th>Key</Table.Th>
            <Table.Th>When</Table.Th>
            <Table.Th>Request id</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Row key={row.id} row={row} />
          ))}
        </Table.Tbody>
      </Table>
    </Box>
  );
}

function Row({ row }: { row: ApiRequest }) {
  return (
    <Table.Tr>
      <Table.Td>
        <Status status={row.status} />
      </Table.Td>
      <Table.Td className="bb-words">
        <Text size="xs" ff="monospace">
          <Text span inherit fw={650}>
            {row.method}
          </Text>{" "}
          {row.route}
        </Text>
        {row.target === null ? null : (
          <Text size="xs" c="dimmed" ff="monospace">
            {row.target}
          </Text>
        )}
        {row.error_code === null || row.status < 400 ? null : (
          <Text size="xs" c="light-dark(var(--mantine-color-red-8), var(--mantine-color-red-4))">
            {row.error_code}
          </Text>
        )}
      </Table.Td>
      <Table.Td ta="right" style={{ whiteSpace: "nowrap" }}>
        {formatMicros(row.total_us)}
      </Table.Td>
      <Table.Td maw={160}>
        <Text size="sm" truncate title={row.key}>
          {row.key_name ?? row.key}
        </Text>
      </Table.Td>
      <Table.Td>
        <Time at={row.at} />
      </Table.Td>
      <Table.Td>
        <Group gap={2} wrap="nowrap">
          <Text size="xs" ff="monospace" c="dimmed" title={row.id}>
            {row.id.slice(0, 8)}…
          </Text>
          <CopyIcon value={row.id} label={`Copy the request id ${row.id}`} />
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

const colorOf = (status: number): MantineColor =>
  status >= 500 ? "red" : status >= 400 ? "orange" : status >= 300 ? "gray" : "teal";

function Status({ status }: { status: number }) {
  const color = colorOf(status);
  return (
    <Badge color={color} c={`light-dark(var(--mantine-color-${color}-9), var(--mantine-color-${color}-2))`}>
      {status}
    </Badge>
  );
}

const None = ({ isNarrow }: { isNarrow: boolean }) => (
  <Empty
    icon={<IconListDetails size={36} stroke={1.4} />}
    title={isNarrow ? "Nothing fits these filters" : "No request yet"}
  >
    {isNarrow
      ? "Change the filters, or clear them."
      : "Call the API with a key of this environment. The call shows up here within a second."}
  </Empty>
);
