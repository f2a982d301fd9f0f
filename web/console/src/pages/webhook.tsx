import { Alert, Button, Group, Menu, SimpleGrid, Stack, Text } from "@mantine/core";
import { IconDots, IconEdit, IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { call } from "../api/client.ts";
import { endpoint as endpointQuery, endpointHealth } from "../api/queries.ts";
import type { Endpoint } from "../api/types.ts";
import { Copyable } from "../parts/copy.tsx";
import { ErrorNote } from "../parts/faults.tsx";
import { notifyDone, notifyFault } from "../parts/notify.ts";
import { Page, RowsSkeleton, Section } from "../parts/page.tsx";
import { EndpointBadge } from "../parts/status.tsx";
import { formatSeconds, Time } from "../parts/time.tsx";
import { useEnvironment, useViewer } from "../shell/viewer.ts";
import { DeleteWebhook } from "../webhooks/delete.tsx";
import { Facts } from "../webhooks/facts.tsx";
import { RecentAttempts } from "../webhooks/recent-attempts.tsx";
import { Secrets } from "../webhooks/secrets.tsx";
import { Sparkline } from "../webhooks/sparkline.tsx";
import { SendTest } from "../webhooks/test.tsx";

export function WebhookPage() {
  const environment = useEnvironment();
  const { id } = useParams({ from: "/$environment/webhooks/$id" });
  const query = useQuery(endpointQuery(environment, id));
  const { data } = query;
  if (!data) {
    return (
      <Page title="Webhook">
        {query.isPending ? <RowsSkeleton rows={10} /> : <ErrorNote error={query.error} />}
      </Page>
    );
  }
  return <Detail endpoint={data} />;
}

function Detail({ endpoint }: { endpoint: Endpoint }) {
  const { may } = useViewer();
  return (
    <Page
      title={endpoint.url}
      about={
        <Group gap="sm">
          <EndpointBadge status={endpoint.status} />
          {endpoint.description === "" ? null : <span>{endpoint.description}</span>}
          <Copyable value={endpoint.id} label="Copy the id" />
        </Group>
      }
      actions={may("developer") ? <Actions endpoint={endpoint} /> : undefined}
    >
      <NotEnabled endpoint={endpoint} />
      <Numbers endpoint={endpoint} />
      {may("developer") ? <SendTest endpoint={endpoint} /> : null}
      <RecentAttempts endpointId={endpoint.id} />
      <Facts endpoint={endpoint} />
      {may("developer") ? <Secrets endpoint={endpoint} /> : null}
    </Page>
  );
}

type Verb = "pause" | "resume" | "disable";
const DONE: Record<Verb, string> = {
  pause: "Paused: events go on queueing.",
  resume: "Resumed: what waits goes out now.",
  disable: "Disabled: nothing is queued for it from now on.",
};

function useVerb(id: string) {
  const environment = useEnvironment();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (verb: Verb) => call(`/endpoints/${id}/${verb}`, { environment, method: "POST" }),
    onSuccess: async (_answer, verb) => {
      notifyDone(DONE[verb]);
      await client.invalidateQueries({ queryKey: [environment, "endpoints"] });
    },
    onError: notifyFault,
  });
}

function NotEnabled({ endpoint }: { endpoint: Endpoint }) {
  const { may } = useViewer();
  const verb = useVerb(endpoint.id);
  if (endpoint.status === "enabled") return null;
  const isPaused = endpoint.status === "paused";
  return (
    <Alert color={isPaused ? "orange" : "gray"} title={isPaused ? "Paused" : "Disabled"}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          {endpoint.status_reason} Since <Time at={endpoint.status_since} ago />.{" "}
          {isPaused
            ? `${endpoint.waiting.toLocaleString()} deliveries wait; nothing is lost. Once your server answers again, resume it or send a test.`
            : "Nothing new is queued for it."}
        </Text>
        {may("developer") ? (
          <Button
            size="xs"
            leftSection={<IconPlayerPlay size={14} />}
            loading={verb.isPending}
            onClick={() => verb.mutate("resume")}
          >
            {isPaused ? "Resume" : "Enable"}
          </Button>
        ) : null}
      </Stack>
    </Alert>
  );
}

function Actions({ endpoint }: { endpoint: Endpoint }) {
  const environment = useEnvironment();
  const navigate = useNavigate();
  const verb = useVerb(endpoint.id);
  const [isDeleting, setDeleting] = useState(false);
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconEdit size={16} />}
        renderRoot={(props) => (
          <Link {...props} to="/$environment/webhooks/$id/edit" params={{ environment, id: endpoint.id }} />
        )}
      >
        Edit
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" px="xs" aria-label="More actions">
            <IconDots size={18} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {endpoint.status === "enabled" ? (
            <Menu.Item leftSection={<IconPlayerPause size={16} />} onClick={() => verb.mutate("pause")}>
              Pause (keep queueing)
            </Menu.Item>
          ) : (
            <Menu.Item leftSection={<IconPlayerPlay size={16} />} onClick={() => verb.mutate("resume")}>
              Resume
            </Menu.Item>
          )}
          {endpoint.status === "disabled" ? null : (
            <Menu.Item onClick={() => verb.mutate("disable")}>Disable (stop queueing)</Menu.Item>
          )}
          <Menu.Divider />
          <Menu.Item color="red" onClick={() => setDeleting(true)}>
            Delete webhook
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <DeleteWebhook
        endpoint={isDeleting ? endpoint : null}
        onClose={() => setDeleting(false)}
        onDeleted={() => void navigate({ to: "/$environment/webhooks", params: { environment } })}
      />
    </>
  );
}

function Numbers({ endpoint }: { endpoint: Endpoint }) {
  const environment = useEnvironment();
  const health = useQuery(endpointHealth(environment));
  const mine = health.data?.data.find(({ endpoint_id: id }) => id === endpoint.id);
  const delivered = mine?.hours.reduce((sum, hour) => sum + hour.delivered, 0) ?? 0;
  const failed = mine?.hours.reduce((sum, hour) => sum + hour.failed, 0) ?? 0;
  const tried = delivered + failed;
  return (
    <Section title="Health" about="Attempts of the last 24 hours" actions={<Sparkline health={mine} />}>
      <SimpleGrid cols={{ base: 2, sm: 4 }}>
        <Figure label="Delivered" value={delivered.toLocaleString()} />
        <Figure label="Success" value={tried === 0 ? "–" : `${((delivered / tried) * 100).toFixed(1)} %`} />
        <Figure
          label="Waiting"
          value={`${endpoint.waiting.toLocaleString()}${endpoint.waiting_is_exact ? "" : "+"}`}
        />
        <Figure label="Lag" value={formatSeconds(endpoint.lag_seconds)} />
      </SimpleGrid>
    </Section>
  );
}

function Figure({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text fw={650} size="xl" style={{ fontVariantNumeric: "tabular-nums" }}>
        {value}
      </Text>
    </div>
  );
}
