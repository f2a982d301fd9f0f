import { Alert, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { Copyable } from "../parts/copy.tsx";

/** A signing secret right after it was made. */
export function SecretDialog({ secret, onClose }: { secret: string | null; onClose: () => void }) {
  return (
    <Modal opened={secret !== null} onClose={onClose} title="Signing secret" size="lg">
      <Stack>
        <Text size="sm">
          Each delivery is signed with it (Standard Webhooks). Give it to your receiver, so that it can tell
          our requests from others’.
        </Text>
        <Alert color="gray">
          <Copyable value={secret ?? ""} label="Copy the secret" />
        </Alert>
        <Text size="sm" c="dimmed">
          You can reveal it again on the webhook’s page; that leaves a line in the audit log.
        </Text>
        <Group justify="flex-end">
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
