import { Alert, Box, Button, Group, Stack, Text } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { call } from "../api/client.ts";
import type { Endpoint, TestResult } from "../api/types.ts";
import { Code } from "../parts/code.tsx";
import { ErrorNote } from "../parts/faults.tsx";
import { Section } from "../parts/page.tsx";
import { answerText } from "../parts/status.tsx";
import { formatMicros } from "../parts/time.tsx";
import { useEnvironment } from "../shell/viewer.ts";

/** A test event, sent at once, and what came back. */
export function SendTest({ endpoint }: { endpoint: Endpoint }) {
  const environment = useEnvironment();
  const client = useQueryClient();
  const send = useMutation({
    mutationFn: () => call<TestResult>(`/endpoints/${endpoint.id}/test`, { environment, method: "POST" }),
    onSettled: () => client.invalidateQueries({ queryKey: [environment] }),
  });
  return (
    <Section
      title="Test"
      about="Sends a signed webhook.test at once, and shows what your server answers."
      actions={
        <Button
          variant="light"
          leftSection={<IconSend size={16} />}
          loading={send.isPending}
          onClick={() => send.mutate()}
        >
          Send test event
        </Button>
      }
    >
      <ErrorNote error={send.error} />
      {send.data ? <Answer result={send.data} /> : null}
    </Section>
  );
}

function Answer({ result }: { result: TestResult }) {
  const environment = useEnvironment();
  const { delivered, resumed, status, error, total_us: micros, event_id: id, response_body: body } = result;
  return (
    <Stack gap="sm" role="status">
      <Alert color={delivered ? "teal" : "red"} title={delivered ? "Delivered" : "Not delivered"}>
        <Text size="sm">
          {answerText(status, error)} after {formatMicros(micros)}
          {result.address === null ? "" : ` from ${result.address}`}.{" "}
          {resumed ? "The webhook was paused and goes on now. " : ""}
          {delivered ? "" : "Any 2xx counts as delivered. "}
          <Link to="/$environment/events/$id" params={{ environment, id }} style={{ color: "inherit" }}>
            See the event
          </Link>
        </Text>
      </Alert>
      {body === "" ? null : (
        <Box>
          <Group mb={4}>
            <Text size="xs" c="dimmed">
              Body of the answer
            </Text>
          </Group>
          <Code text={body} label="Body of the answer" />
        </Box>
      )}
    </Stack>
  );
}
