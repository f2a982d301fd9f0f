import { Alert, Button, Group, Modal, NativeSelect, Stack, Switch, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconKey } from "@tabler/icons-react";
import type { ApiKey, MadeKey } from "../api/types.ts";
import { Code } from "../parts/code.tsx";
import { Copyable } from "../parts/copy.tsx";
import { ErrorNote } from "../parts/faults.tsx";
import { useEnvironment } from "../shell/viewer.ts";
import { sessionCall } from "./snippets.ts";

export interface KeyChange {
  name: string;
  requiresServerHash: boolean;
  overlapSeconds: number;
}

interface Props {
  kind: "create" | "rename" | "rotate";
  known: ApiKey | null;
  isPending: boolean;
  error: unknown;
  onSave: (change: KeyChange) => void;
  onClose: () => void;
}

const TITLES = { create: "Create API key", rename: "Change API key", rotate: "Rotate API key" } as const;
const VERBS = { create: "Create API key", rename: "Save", rotate: "Rotate" } as const;

export function KeyDialog({ kind, known, isPending, error, onSave, onClose }: Props) {
  const form = useForm({
    initialValues: {
      name: known?.name ?? "",
      requiresServerHash: known?.requires_server_hash ?? true,
      overlap: "86400",
    },
  });
  return (
    <Modal opened onClose={onClose} title={TITLES[kind]}>
      <form
        onSubmit={form.onSubmit(({ overlap, ...values }) =>
          onSave({ ...values, overlapSeconds: Number(overlap) }),
        )}
      >
        <Stack>
          <ErrorNote error={error} />
          {kind === "rotate" ? (
            <>
              <Text size="sm">
                Makes another key of the same name, “{known?.name}”. Put it into your programs while both
                work.
              </Text>
              <NativeSelect
                label="The old one works on for"
                data={[
                  { value: "3600", label: "an hour" },
                  { value: "86400", label: "a day" },
                  { value: "604800", label: "a week" },
                  { value: "0", label: "no time: it stops at once" },
                ]}
                {...form.getInputProps("overlap")}
              />
            </>
          ) : (
            <>
              <TextInput
                label="Name"
                description="Which program uses it."
                placeholder="Loan desk"
                required
                maxLength={100}
                data-autofocus
                {...form.getInputProps("name")}
              />
              <Switch
                label="Ask for the server hash, too"
                description="Calls that change or read much need both. Turn it off only for clients that know no server hash."
                {...form.getInputProps("requiresServerHash", { type: "checkbox" })}
              />
            </>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isPending}>
              {VERBS[kind]}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** The one time that a key is shown. */
export function MadeKeyDialog({ made, onClose }: { made: MadeKey | null; onClose: () => void }) {
  const environment = useEnvironment();
  return (
    <Modal
      opened={made !== null}
      onClose={onClose}
      title={`Your key “${made?.name ?? ""}”`}
      size="lg"
      closeOnClickOutside={false}
    >
      <Stack>
        <Alert color="orange" icon={<IconKey size={18} />} title="Copy both now">
          They are not shown again: only their digests are kept.
        </Alert>
        <div>
          <Text size="xs" c="dimmed">
            API key (x-api-key, or Authorization: Bearer)
          </Text>
          <Copyable value={made?.api_key ?? ""} label="Copy the API key" />
        </div>
        <div>
          <Text size="xs" c="dimmed">
            Server hash (server-hash)
          </Text>
          <Copyable value={made?.server_hash ?? ""} label="Copy the server hash" />
        </div>
        <Text size="sm">Try it in {environment}:</Text>
        <Code text={sessionCall(location.origin, made?.api_key ?? "")} label="A first call" />
        <Group justify="flex-end">
          <Button onClick={onClose}>I have copied them</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
