import { Badge, Button, Group, Paper, Progress, Stack, Text } from "@mantine/core";
import { IconHistory, IconRefresh } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../api/client.ts";
import { endpoints, replays } from "../api/queries.ts";
import type { Replay } from "../api/types.ts";
import { ReplayDialog } from "../history/replay-dialog.tsx";
import { ErrorNote } from "../parts/faults.tsx";
import { notifyFault } from "../parts/notify.ts";
import { Empty, Page, RowsSkeleton } from "../parts/page.tsx";
import { formatInstant, Time } from "../parts/time.tsx";
import { useEnvironment, useViewer } from "../shell/viewer.ts";

export function ReplaysPage() {
  const environment = useEnvironment();
  const { may } = useViewer();
  const query = useQuery(replays(environment));
  const [isOpen, setOpen] = useState(false);
  const start = may("developer") ? (
    <Button leftSection={<IconRefresh size={16} />} onClick={() => setOpen(true)}>
      Replay events
    </Button>
  ) : undefined;
  return (
    <Page title="Replays" about="Events sent again to one webhook, by filter or time range." actions={start}>
      <ErrorNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending ? (
        <Paper>
          <RowsSkeleton rows={4} height={72} />
        </Paper>
      ) : null}
      {query.data?.data.length === 0 ? (
        <Paper>
          <Empty icon={<IconHistory size={36} stroke={1.4} />} title="No replays yet">
            After an outage of your server, or for a new webhook, replay what it missed: choose the webhook, a
            time range, and watch the progress here.
          </Empty>
        </Paper>
      ) : null}
      {query.data?.data.map((replay) => (
        <Card key={replay.id} replay={replay} />
      ))}
      {isOpen ? <ReplayDialog search={{}} onClose={() => setOpen(false)} /> : null}
    </Page>
  );
}

const COLORS = { running: "bell", completed: "teal", cancelled: "gray" } as const;
const LABELS = { running: "Running", completed: "Completed", cancelled: "Cancelled" } as const;

function Card({ replay }: { replay: Replay }) {
  const environment = useEnvironment();
  const client = useQueryClient();
  const { may } = useViewer();
  const { data } = useQuery(endpoints(environment));
  const url = data?.data.find(({ id }) => id === replay.endpoint_id)?.url ?? replay.endpoint_id;
  const cancel = useMutation({
    mutationFn: () => call(`/replays/${replay.id}/cancel`, { environment, method: "POST" }),
    onSettled: () => client.invalidateQueries({ queryKey: [environment, "replays"] }),
    onError: notifyFault,
  });
  const { status, total, queued, skipped } = replay;
  const done = queued + skipped;
  const percent = total === null ? 0 : total === 0 ? 100 : Math.min(100, (done / total) * 100);
  return (
    <Paper p="lg">
      <Stack gap="sm">
        <Group justify="space-between">
          <Group gap="sm">
            <Badge
              color={COLORS[status]}
              variant="light"
              c={`light-dark(var(--mantine-color-${COLORS[status]}-9), var(--mantine-color-${COLORS[status]}-2))`}
            >
              {LABELS[status]}
            </Badge>
            <Text size="sm" fw={550} style={{ overflowWrap: "anywhere" }}>
              {url}
            </Text>
          </Group>
          {status === "running" && may("developer") ? (
            <Button size="xs" variant="default" loading={cancel.isPending} onClick={() => cancel.mutate()}>
              Cancel replay
            </Button>
          ) : null}
        </Group>
        <Progress
          value={percent}
          color={COLORS[status]}
          aria-label="Progress of the replay"
          animated={status === "running"}
        />
        <Text size="sm" c="dimmed">
          {total === null ? "Counting…" : `${done.toLocaleString()} of ${total.toLocaleString()}`}
          {skipped > 0
            ? `, ${skipped.toLocaleString()} of them skipped (waiting already, or without a body)`
            : ""}{" "}
          · {wordsOf(replay.filter)} · begun <Time at={replay.created_at} ago />
        </Text>
      </Stack>
    </Paper>
  );
}

function wordsOf({ types, resource, subject, from, to, only }: Replay["filter"]): string {
  const parts = [
    only === "all" ? "everything" : "only undelivered",
    types?.join(", "),
    subject,
    resource,
    from === null ? null : `from ${formatInstant(from)}`,
    to === null ? null : `until ${formatInstant(to)}`,
  ];
  return parts.filter((part) => part !== null && part !== undefined).join(" · ");
}
