import { Box, Paper, Table, Text } from "@mantine/core";
import { IconBolt } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { events } from "../api/queries.ts";
import type { BankbellEvent } from "../api/types.ts";
import { Filters } from "../history/filters.tsx";
import { LiveSwitch, Pager } from "../history/live.tsx";
import { useLiveList } from "../history/use-list.ts";
import { ErrorNote } from "../parts/faults.tsx";
import { Empty, Page, RowsSkeleton } from "../parts/page.tsx";
import { Time } from "../parts/time.tsx";
import { useEnvironment } from "../shell/viewer.ts";

const ROWS = 50;

export function EventsPage() {
  const environment = useEnvironment();
  const search = useSearch({ from: "/$environment/events" });
  const navigate = useNavigate({ from: "/$environment/events" });
  const list = useLiveList(environment, "events", search);
  const query = useQuery(
    events(environment, { ...search, cursor: list.cursor, limit: ROWS }, list.liveliness),
  );
  const isFiltered = Object.values(search).some((one) => one !== undefined);
  return (
    <Page
      title="Events"
      about="Everything that was recorded, whether or not a webhook asked for it."
      actions={<LiveSwitch isLive={list.isLive} onChange={list.setLive} />}
    >
      <Filters
        search={search}
        onChange={(changes) =>
          void navigate({ search: (before) => ({ ...before, ...changes }), replace: true })
        }
        onClear={() => void navigate({ search: {} })}
        isFiltered={isFiltered}
      />
      <ErrorNote error={query.error} retry={() => void query.refetch()} />
      <Paper>
        {query.isPending ? <RowsSkeleton rows={10} /> : null}
        {query.data?.data.length === 0 ? (
          <Empty
            icon={<IconBolt size={36} stroke={1.4} />}
            title={isFiltered ? "Nothing matches" : "No events yet"}
          >
            {isFiltered
              ? "Take a filter away, or look at a longer time."
              : "Create a session, upload a statement or connect a bank, and its events appear here at once."}
          </Empty>
        ) : null}
        {query.data && query.data.data.length > 0 ? <Rows rows={query.data.data} /> : null}
        <Pager trail={list.trail} next={query.data?.next ?? null} onMove={list.setTrail} />
      </Paper>
    </Page>
  );
}

function Rows({ rows }: { rows: BankbellEvent[] }) {
  const environment = useEnvironment();
  return (
    <Box className="bb-table-wrap">
      <Table className="bb-stack" miw={680} highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Event</Table.Th>
            <Table.Th>link_id or customer</Table.Th>
            <Table.Th>Resource</Table.Th>
            <Table.Th>Recorded</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ id, type, subject, resource, created_at: at }) => (
            <Table.Tr key={id}>
              <Table.Td>
                <Link
                  to="/$environment/events/$id"
                  params={{ environment, id }}
                  style={{ color: "inherit", textDecoration: "none" }}
                >
                  <Text size="sm" fw={550}>
                    {type}
                  </Text>
                </Link>
                <Text size="xs" c="dimmed" ff="monospace">
                  {id}
                </Text>
              </Table.Td>
              <Table.Td maw={200}>
                <Text size="sm" truncate>
                  {subject ?? "–"}
                </Text>
              </Table.Td>
              <Table.Td maw={280}>
                <Text size="xs" ff="monospace" truncate title={resource}>
                  {resource}
                </Text>
              </Table.Td>
              <Table.Td>
                <Time at={at} size="sm" />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Box>
  );
}
