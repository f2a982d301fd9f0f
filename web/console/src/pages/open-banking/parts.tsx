/** What the open-banking pages share: a table that grows page by page, badges, money in major units, a time line. */
import {
  Alert,
  Anchor,
  Badge,
  Button,
  Group,
  Paper,
  Table,
  Text,
  Timeline,
  Tooltip,
  type MantineColor,
} from "@mantine/core";
import {
  useInfiniteQuery,
  useQuery,
  type InfiniteData,
  type UseInfiniteQueryResult,
} from "@tanstack/react-query";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { ConsentStatus, OpenBankingList, PaymentStatus, Provider } from "../../api/open-banking.ts";
import { openBankingList, openBankingObject } from "../../api/open-banking.ts";
import { events } from "../../api/queries.ts";
import { ErrorNote } from "../../parts/faults.tsx";
import { RowsSkeleton } from "../../parts/page.tsx";
import { Time } from "../../parts/time.tsx";
import { useEnvironment } from "../../shell/viewer.ts";

export interface Column<T> {
  head: string;
  cell: (row: T) => ReactNode;
  isNumber?: boolean;
  /** Never squeezed into a narrow column. */
  isWords?: boolean;
}

interface ListProps<T> {
  label: string;
  path: string;
  filters?: Readonly<Record<string, string | undefined>>;
  columns: readonly Column<T>[];
  empty: ReactNode;
  /** It is the whole of a section, and needs no box of its own. */
  bleeds?: boolean;
}

export function ObjectList<T extends { id: string }>({
  label,
  path,
  filters = {},
  columns,
  empty,
  bleeds = false,
}: ListProps<T>) {
  const environment = useEnvironment();
  const list = useInfiniteQuery(openBankingList<T>(environment, path, filters));
  const rows = <Rows label={label} list={list} columns={columns} empty={empty} />;
  return (
    <>
      <ErrorNote error={list.error} retry={() => void list.refetch()} />
      {bleeds ? <div className="bb-bleed">{rows}</div> : <Paper style={{ overflow: "hidden" }}>{rows}</Paper>}
      {list.hasNextPage ? (
        <Group justify="center" mt={bleeds ? 40 : "md"}>
          <Button
            variant="default"
            loading={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            Show more
          </Button>
        </Group>
      ) : null}
    </>
  );
}

function Rows<T extends { id: string }>({
  label,
  list,
  columns,
  empty,
}: {
  label: string;
  list: UseInfiniteQueryResult<InfiniteData<OpenBankingList<T>>>;
  columns: readonly Column<T>[];
  empty: ReactNode;
}) {
  if (list.isPending) return <RowsSkeleton rows={6} />;
  const rows = list.data?.pages.flatMap(({ data }) => data) ?? [];
  if (rows.length === 0) return list.error ? null : empty;
  return (
    <div className="bb-table-wrap" tabIndex={0} role="region" aria-label={label}>
      <Table highlightOnHover miw={700}>
        <Table.Thead>
          <Table.Tr>
            {columns.map(({ head, isNumber }) => (
              <Table.Th key={head} {...(isNumber ? { ta: "right" } : {})}>
                {head}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.id}>
              {columns.map(({ head, cell, isNumber, isWords }) => (
                <Table.Td
                  key={head}
                  {...(isNumber ? { ta: "right" } : {})}
                  {...(isWords ? { className: "bb-words" } : {})}
                >
                  {cell(row)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

const LABELS: Record<ConsentStatus | PaymentStatus, { color: MantineColor; label: string }> = {
  new: { color: "gray", label: "New" },
  pending: { color: "blue", label: "Waiting for the customer" },
  authorized: { color: "teal", label: "Authorized" },
  executed: { color: "cyan", label: "Taken by the bank" },
  completed: { color: "teal", label: "Completed" },
  failed: { color: "red", label: "Failed" },
  canceled: { color: "gray", label: "Canceled" },
  expired: { color: "orange", label: "Expired" },
};

export const statusLabel = (status: ConsentStatus | PaymentStatus): string => LABELS[status].label;

export function StatusBadge({ status }: { status: ConsentStatus | PaymentStatus }) {
  const { color, label } = LABELS[status];
  return (
    <Badge color={color} c={`light-dark(var(--mantine-color-${color}-9), var(--mantine-color-${color}-2))`}>
      {label}
    </Badge>
  );
}

/** Major units, as the contract has them. */
export function Major({
  amount,
  currency,
  signed = false,
}: {
  amount: number;
  currency: string;
  signed?: boolean;
}) {
  const text = formatMajor(Math.abs(amount), currency);
  const isIn = signed && amount > 0;
  return (
    <Text
      span
      inherit
      {...(isIn ? { c: "light-dark(var(--mantine-color-teal-9), var(--mantine-color-teal-3))" } : {})}
      style={{ fontVariantNumeric: "tabular-nums", whiteSpace: "nowrap" }}
    >
      {amount < 0 ? "−" : isIn ? "+" : ""}
      {text}
    </Text>
  );
}

export function formatMajor(amount: number, currency: string): string {
  try {
    return new Intl.NumberFormat(undefined, { style: "currency", currency: currency.toUpperCase() }).format(
      amount,
    );
  } catch {
    // A currency that Intl does not know is three letters all the same.
    return `${amount.toFixed(2)} ${currency.toUpperCase()}`;
  }
}

/** What happened to an object, oldest first: its events. */
export function TimeLine({ resource }: { resource: string }) {
  const environment = useEnvironment();
  const list = useQuery(events(environment, { resource, limit: 100 }, "asking"));
  if (list.isPending) return <RowsSkeleton rows={3} />;
  const rows = [...(list.data?.data ?? [])].reverse();
  if (rows.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        Its events are older than history is kept.
      </Text>
    );
  }
  return (
    <Timeline active={rows.length} bulletSize={12} lineWidth={2} className="bb-timeline">
      {rows.map(({ id, type, created_at: at }) => (
        <Timeline.Item
          key={id}
          title={
            <Anchor
              size="sm"
              fw={550}
              renderRoot={(props) => (
                <Link {...props} to="/$environment/events/$id" params={{ environment, id }} />
              )}
            >
              {type}
            </Anchor>
          }
        >
          <Text size="xs" c="dimmed">
            <Time at={at} />
          </Text>
        </Timeline.Item>
      ))}
    </Timeline>
  );
}

/** Why it came to nothing; nothing where it did not. */
export function FailureNote({ code, message }: { code: string | null; message: string | null }) {
  if (message === null) return null;
  return (
    <Alert color="red" mt="md" icon={<IconAlertTriangle size={18} />} title={code ?? undefined}>
      {message}
    </Alert>
  );
}

/** By its name, where the server still reaches it. */
export function BankName({ id }: { id: string | null }) {
  const environment = useEnvironment();
  const banks = useQuery({
    ...openBankingObject<{ data: Provider[] }>(environment, "/providers"),
    staleTime: 60_000,
  });
  if (id === null) return <>not chosen yet</>;
  return <>{banks.data?.data.find((bank) => bank.id === id)?.name ?? id}</>;
}

/** Of whom it is. */
export function CustomerLink({ customer, vendor }: { customer: string | null; vendor: string | null }) {
  const environment = useEnvironment();
  if (customer === null) return <>{vendor ?? "—"}</>;
  return (
    <Anchor
      size="xs"
      ff="monospace"
      renderRoot={(props) => (
        <Link
          {...props}
          to="/$environment/open-banking/customers/$id"
          params={{ environment, id: customer }}
        />
      )}
    >
      {customer}
    </Anchor>
  );
}

const HEALTH: Record<"healthy" | "degraded" | "down", { color: MantineColor; label: string; tip: string }> = {
  healthy: { color: "teal", label: "Healthy", tip: "Its last answers came as they should." },
  degraded: { color: "orange", label: "Degraded", tip: "Some of its last answers failed." },
  down: {
    color: "red",
    label: "Down",
    tip: "It does not answer. Syncs and payments are tried again by themselves.",
  },
};

export function HealthBadge({ health }: { health: keyof typeof HEALTH }) {
  const { color, label, tip } = HEALTH[health];
  return (
    <Tooltip label={tip} events={{ hover: true, focus: true, touch: true }}>
      <Badge
        color={color}
        tabIndex={0}
        c={`light-dark(var(--mantine-color-${color}-9), var(--mantine-color-${color}-2))`}
      >
        {label}
      </Badge>
    </Tooltip>
  );
}
