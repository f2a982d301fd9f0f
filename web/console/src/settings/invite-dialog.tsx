import { Alert, Button, Group, Modal, Radio, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call } from "../api/client.ts";
import type { Role } from "../api/types.ts";
import { Copyable } from "../parts/copy.tsx";
import { ErrorNote } from "../parts/faults.tsx";
import { useEnvironment, useViewer } from "../shell/viewer.ts";

export const ROLES: { value: Role; label: string; description: string }[] = [
  { value: "viewer", label: "Viewer", description: "Sees webhooks, events and deliveries; changes nothing." },
  { value: "developer", label: "Developer", description: "Also changes webhooks, resends and replays." },
  { value: "owner", label: "Owner", description: "Also API keys, settings, the team and the audit log." },
];

interface Made {
  email: string;
  link: string;
  mailed: boolean;
}

export function InviteDialog({ onClose }: { onClose: () => void }) {
  const environment = useEnvironment();
  const client = useQueryClient();
  const form = useForm({ initialValues: { email: "", role: "developer" } });
  const invite = useMutation({
    mutationFn: (json: typeof form.values) => call<Made>("/team/invitations", { environment, json }),
    onSuccess: () => client.invalidateQueries({ queryKey: [environment, "team"] }),
  });
  return (
    <Modal opened onClose={onClose} title="Invite somebody" size="lg">
      {invite.data ? (
        <Invited made={invite.data} onClose={onClose} />
      ) : (
        <form onSubmit={form.onSubmit((values) => invite.mutate(values))}>
          <Stack>
            <ErrorNote error={invite.error} />
            <TextInput
              label="E-mail address"
              type="email"
              required
              data-autofocus
              {...form.getInputProps("email")}
            />
            <Radio.Group label="Role" {...form.getInputProps("role")}>
              <Stack gap="xs" mt="xs">
                {ROLES.map(({ value, label, description }) => (
                  <Radio key={value} value={value} label={label} description={description} />
                ))}
              </Stack>
            </Radio.Group>
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button type="submit" loading={invite.isPending}>
                Invite
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}

function Invited({ made, onClose }: { made: Made; onClose: () => void }) {
  const { sends_mail: sendsMail } = useViewer();
  return (
    <Stack>
      <Text size="sm">
        {made.mailed
          ? `The invitation has been sent to ${made.email}. This is its link, too:`
          : `${sendsMail ? "The mail could not be sent" : "No mail server is set"}: give ${made.email} this link yourself. It works for seven days.`}
      </Text>
      <Alert color="gray">
        <Copyable value={made.link} label="Copy the link" />
      </Alert>
      <Group justify="flex-end">
        <Button onClick={onClose}>Done</Button>
      </Group>
    </Stack>
  );
}
