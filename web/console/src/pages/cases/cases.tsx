/** Sessions and entities: what came in, newest first. */
import { Anchor, Button, Group, Paper, Select, Table, Text, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconFileSearch, IconSearch } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { CASE_STATES, cases, type Case, type CaseSearch } from "../../api/cases.ts";
import { call } from "../../api/client.ts";
import type { Page as ApiPage } from "../../api/types.ts";
import { ErrorNote } from "../../parts/faults.tsx";
import { formatSpan } from "../../parts/money.tsx";
import { Empty, Page, RowsSkeleton } from "../../parts/page.tsx";
import { Time } from "../../parts/time.tsx";
import { useEnvironment } from "../../shell/viewer.ts";
import { CaseBadge, stateLabel } from "./badges.tsx";

export function CasesPage() {
  const environment = useEnvironment();
  const search = useSearch({ from: "/$environment/sessions" });
  const list = useInfiniteQuery({
    queryKey: [...cases(environment, search, undefined).queryKey, "pages"],
    queryFn: ({ pageParam }) =>
      call<ApiPage<Case>>("/cases", { environment, query: { ...search, cursor: pageParam, limit: 50 } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) > 1 ? false : 5000),
  });
  const rows = list.data?.pages.flatMap(({ data }) => data) ?? [];
  return (
    <Page
      title="Sessions and entities"
      about="Every customer journey and every entity of this environment, with what was uploaded and what became of it."
    >
      <Filters />
      <ErrorNote error={list.error} retry={() => void list.refetch()} />
      <Paper style={{ overflow: "hidden" }}>
        {list.isPending ? (
          <RowsSkeleton rows={8} />
        ) : rows.length === 0 ? (
          <NoCases search={search} />
        ) : (
          <CaseTable rows={rows} />
        )}
      </Paper>
      {list.hasNextPage ? (
        <Group justify="center">
          <Button
            variant="default"
            loading={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            Show more
          </Button>
        </Group>
      ) : null}
    </Page>
  );
}

function Filters() {
  const search = useSearch({ from: "/$environment/sessions" });
  const navigate = useNavigate({ from: "/$environment/sessions" });
  const [text, setText] = useState(search.search ?? "");
  const set = (change: Partial<Record<keyof CaseSearch, string | undefined>>) =>
    void navigate({ search: (before) => withoutEmpty({ ...before, ...change }), replace: true });
  const find = useDebouncedCallback((value: string) => set({ search: value.trim() }), 300);
  return (
    <Group gap="sm" align="flex-end">
      <TextInput
        label="Find"
        placeholder="link_id or id"
        leftSection={<IconSearch size={16} />}
        value={text}
        onChange={({ currentTarget: { value } }) => {
          setText(value);
          find(value);
        }}
        style={{ flex: "4 1 260px" }}
      />
      <Select
        label="Kind"
        data={[
          { value: "session", label: "Sessions" },
          { value: "entity", label: "Entities" },
        ]}
        placeholder="Both"
        clearable
        value={search.kind ?? null}
        onChange={(kind) => set({ kind: kind ?? undefined })}
        style={{ flex: "1 1 130px" }}
        maw={200}
      />
      <Select
        label="State"
        data={CASE_STATES.map((value) => ({ value, label: stateLabel(value) }))}
        placeholder="Any"
        clearable
        value={search.state ?? null}
        onChange={(state) => set({ state: state ?? undefined })}
        style={{ flex: "1 1 130px" }}
        maw={220}
      />
    </Group>
  );
}

const withoutEmpty = (search: Partial<Record<keyof CaseSearch, string | undefined>>): CaseSearch =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined && value !== ""));

function CaseTable({ rows }: { rows: Case[] }) {
  const environment = useEnvironment();
  return (
    <div className="bb-table-wrap" tabIndex={0} role="region" aria-label="Sessions and entities">
      <Table highlightOnHover miw={760}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Customer</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Period</Table.Th>
            <Table.Th ta="right">Accounts</Table.Th>
            <Table.Th ta="right">Statements</Table.Th>
            <Table.Th>Created</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.id}>
              <Table.Td maw={{ base: 190, sm: 280 }} style={{ overflowWrap: "anywhere" }}>
                <Anchor
                  fw={550}
                  size="sm"
                  lineClamp={2}
                  renderRoot={(props) => (
                    <Link {...props} to="/$environment/sessions/$id" params={{ environment, id: row.id }} />
                  )}
                >
                  {row.link_id ?? "without link_id"}
                </Anchor>
                <Text size="xs" c="dimmed" ff="monospace" truncate>
                  {row.kind === "entity" ? "entity " : ""}
                  {row.id}
                </Text>
              </Table.Td>
              <Table.Td>
                {row.kind === "entity" ? (
                  <Text size="sm" c="dimmed">
                    —
                  </Text>
                ) : (
                  <CaseBadge state={row.state} />
                )}
              </Table.Td>
              <Table.Td>
                <Text size="sm" style={{ whiteSpace: "nowrap" }}>
                  {formatSpan(row.from, row.to)}
                </Text>
              </Table.Td>
              <Table.Td ta="right">{row.accounts}</Table.Td>
              <Table.Td ta="right">
                {row.statements}
                {row.failed_statements > 0 ? (
                  <Text span size="xs" c="light-dark(var(--mantine-color-red-8), var(--mantine-color-red-4))">
                    {` (${row.failed_statements} failed)`}
                  </Text>
                ) : null}
              </Table.Td>
              <Table.Td>
                <Time at={row.created_at} size="sm" />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function NoCases({ search }: { search: CaseSearch }) {
  const isNarrow = Object.keys(search).length > 0;
  return (
    <Empty
      icon={<IconFileSearch size={36} stroke={1.4} />}
      title={isNarrow ? "Nothing fits these filters" : "No session yet"}
    >
      {isNarrow
        ? "Change the filters, or clear them. A link_id is found by how it begins."
        : "Create a session by POST /bank-connect/v1/session/ and send your customer to its redirect_url. What they upload shows up here."}
    </Empty>
  );
}
