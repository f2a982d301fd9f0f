import { Button, Group, NativeSelect, Stack, Table, Text } from "@mantine/core";
import { IconEye, IconRefresh } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../api/client.ts";
import type { Endpoint, Revealed } from "../api/types.ts";
import { Copyable } from "../parts/copy.tsx";
import { ErrorNote } from "../parts/faults.tsx";
import { notifyDone } from "../parts/notify.ts";
import { Section } from "../parts/page.tsx";
import { Time } from "../parts/time.tsx";
import { useEnvironment } from "../shell/viewer.ts";
import { SecretDialog } from "./secret-dialog.tsx";

const OVERLAPS = [
  { value: "86400", label: "The old one signs beside it for a day" },
  { value: "604800", label: "… for a week" },
  { value: "3600", label: "… for an hour" },
  { value: "0", label: "The old one stops at once" },
];

/** Reveal and rotate. Both leave a line in the audit log. */
export function Secrets({ endpoint }: { endpoint: Endpoint }) {
  const environment = useEnvironment();
  const [overlap, setOverlap] = useState("86400");
  const [fresh, setFresh] = useState<string | null>(null);
  const path = `/endpoints/${endpoint.id}`;
  const reveal = useMutation({
    mutationFn: () => call<Revealed>(`${path}/reveal`, { environment, method: "POST" }),
  });
  const rotate = useMutation({
    mutationFn: () =>
      call<{ secret: string }>(`${path}/rotate-secret`, {
        environment,
        json: { overlap_seconds: Number(overlap) },
      }),
    onSuccess: ({ secret }) => {
      setFresh(secret);
      notifyDone("There is a new secret.");
      if (reveal.data) reveal.mutate();
    },
  });
  return (
    <Section
      title="Signing secrets"
      about="Each delivery carries webhook-id, webhook-timestamp and webhook-signature."
      actions={
        <Button
          variant="default"
          leftSection={<IconEye size={16} />}
          loading={reveal.isPending}
          onClick={() => reveal.mutate()}
        >
          Reveal
        </Button>
      }
    >
      <Stack>
        <ErrorNote error={reveal.error ?? rotate.error} />
        {reveal.data ? <SecretList revealed={reveal.data} /> : null}
        <Group align="flex-end">
          <NativeSelect
            label="Rotate"
            data={OVERLAPS}
            value={overlap}
            onChange={({ currentTarget }) => setOverlap(currentTarget.value)}
          />
          <Button
            variant="default"
            leftSection={<IconRefresh size={16} />}
            loading={rotate.isPending}
            onClick={() => rotate.mutate()}
          >
            Rotate secret
          </Button>
        </Group>
      </Stack>
      <SecretDialog secret={fresh} onClose={() => setFresh(null)} />
    </Section>
  );
}

function SecretList({ revealed }: { revealed: Revealed }) {
  return (
    <div className="bb-table-wrap">
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Secret</Table.Th>
            <Table.Th>Kind</Table.Th>
            <Table.Th>Until</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {revealed.secrets.map(({ secret, kind, expires_at: until, public_key: key }) => (
            <Table.Tr key={secret}>
              <Table.Td>
                <Copyable value={secret} label="Copy the secret" />
                {key === null ? null : <Copyable value={key} label="Copy the public key" />}
              </Table.Td>
              <Table.Td>{kind}</Table.Td>
              <Table.Td>{until === null ? <Text size="sm">In use</Text> : <Time at={until} />}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
