import { Badge, Box, Group, Paper, Select, Table, Text } from "@mantine/core";
import { IconListSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { audit } from "../api/queries.ts";
import type { AuditRow } from "../api/types.ts";
import { Pager } from "../history/live.tsx";
import { useList } from "../history/use-list.ts";
import { ErrorNote } from "../parts/faults.tsx";
import { Empty, Page, RowsSkeleton } from "../parts/page.tsx";
import { Time } from "../parts/time.tsx";
import { useEnvironment } from "../shell/viewer.ts";

const ABOUT = [
  { value: "team.", label: "Team" },
  { value: "user.", label: "Sign-in and security" },
  { value: "api_key.", label: "API keys" },
  { value: "settings.", label: "Settings" },
  { value: "webhook_endpoint.", label: "Webhooks" },
  { value: "event.", label: "Events read or resent" },
  { value: "attempt.", label: "Attempts read" },
  { value: "replay.", label: "Replays" },
  { value: "statement.", label: "Statements" },
  { value: "session.", label: "Sessions" },
];

export function AuditPage() {
  const environment = useEnvironment();
  const [action, setAction] = useState<string | null>(null);
  const list = useList([environment, action]);
  const query = useQuery(audit(environment, { action: action ?? undefined, cursor: list.cursor, limit: 50 }));
  return (
    <Page
      title="Audit log"
      about="Who changed or read what, in all environments of the organisation. Nobody can change it."
    >
      <Group>
        <Select
          aria-label="About"
          placeholder="Everything"
          size="xs"
          clearable
          data={ABOUT}
          value={action}
          onChange={setAction}
          clearButtonProps={{ "aria-label": "Clear the filter" }}
        />
      </Group>
      <ErrorNote error={query.error} retry={() => void query.refetch()} />
      <Paper>
        {query.isPending ? <RowsSkeleton rows={10} /> : null}
        {query.data?.data.length === 0 ? (
          <Empty icon={<IconListSearch size={36} stroke={1.4} />} title="Nothing yet">
            Every change, and every look at something sensitive, leaves a line here.
          </Empty>
        ) : null}
        {query.data && query.data.data.length > 0 ? <Rows rows={query.data.data} /> : null}
        <Pager trail={list.trail} next={query.data?.next ?? null} onMove={list.setTrail} />
      </Paper>
    </Page>
  );
}

function Rows({ rows }: { rows: AuditRow[] }) {
  return (
    <Box className="bb-table-wrap">
      <Table className="bb-stack" miw={760}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>When</Table.Th>
            <Table.Th>Who</Table.Th>
            <Table.Th>What</Table.Th>
            <Table.Th>On what</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.id}>
              <Table.Td>
                <Time at={row.at} size="sm" />
                <div>
                  <Badge size="xs" color={row.environment === "live" ? "teal" : "orange"} c="dimmed">
                    {row.environment}
                  </Badge>
                </div>
              </Table.Td>
              <Table.Td maw={220}>
                <Text size="sm">{row.actor_name ?? kindOf(row.actor)}</Text>
                <Text size="xs" c="dimmed" ff="monospace" truncate title={row.actor}>
                  {row.actor}
                </Text>
              </Table.Td>
              <Table.Td>
                <Text size="sm" fw={550}>
                  {row.action}
                </Text>
                <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
                  {detailOf(row.detail)}
                </Text>
              </Table.Td>
              <Table.Td maw={260}>
                <Text size="xs" ff="monospace" truncate title={row.target}>
                  {row.target}
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Box>
  );
}

const KINDS: Readonly<Record<string, string>> = {
  user: "Somebody who has gone",
  api_key: "An API key",
  job: "Bankbell itself",
  operator: "Operator of the server",
};
const kindOf = (actor: string) => KINDS[actor.split(":")[0] ?? ""] ?? actor;

const detailOf = (detail: Record<string, unknown>) =>
  Object.entries(detail)
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ");
