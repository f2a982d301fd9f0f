import { Alert, Button, Center, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { ApiError } from "../api/client.ts";

/** What went wrong, and what to do about it. */
export function messageOf(error: unknown): string {
  if (error instanceof ApiError) return error.message;
  return "Something went wrong in this page. Load it again; if it happens once more, tell your operator.";
}

/** Beside what failed; null where nothing did. */
export function ErrorNote({ error, retry }: { error: unknown; retry?: () => void }) {
  if (error === null || error === undefined) return null;
  return (
    <Alert color="red" icon={<IconAlertTriangle size={18} />} role="alert">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{messageOf(error)}</Text>
        {retry ? (
          <Button size="xs" variant="default" onClick={retry}>
            Try again
          </Button>
        ) : null}
      </Stack>
    </Alert>
  );
}

export function PageFault({ error, reset }: { error: unknown; reset?: () => void }) {
  return (
    <Center mih="60vh" p="md">
      <Stack maw={480}>
        <ErrorNote error={error} {...(reset ? { retry: reset } : {})} />
      </Stack>
    </Center>
  );
}

export function NotFound() {
  return (
    <Center mih="60vh" p="md">
      <Stack align="center" gap="xs">
        <Title order={1} size="h3">
          There is no such page
        </Title>
        <Text c="dimmed">The link may be old, or what it showed has been deleted.</Text>
        <Button component="a" href="/console/" mt="sm">
          To the console
        </Button>
      </Stack>
    </Center>
  );
}
