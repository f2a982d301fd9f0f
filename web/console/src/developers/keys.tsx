import { Badge, Box, Button, Menu, Stack, Table, Text } from "@mantine/core";
import { IconDots, IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../api/client.ts";
import { keys } from "../api/queries.ts";
import type { ApiKey, MadeKey } from "../api/types.ts";
import { Confirm } from "../parts/confirm.tsx";
import { ErrorNote } from "../parts/faults.tsx";
import { RowsSkeleton, Section } from "../parts/page.tsx";
import { Time } from "../parts/time.tsx";
import { useEnvironment } from "../shell/viewer.ts";
import { KeyDialog, MadeKeyDialog, type KeyChange } from "./key-dialogs.tsx";

type Open = { kind: "create" } | { kind: "rename" | "rotate" | "revoke"; key: ApiKey };

export function Keys() {
  const environment = useEnvironment();
  const query = useQuery(keys(environment));
  const [open, setOpen] = useState<Open | null>(null);
  const [made, setMade] = useState<MadeKey | null>(null);
  const rows = (query.data?.data ?? []).filter(({ revoked_at: at }) => at === null);
  return (
    <Section
      title="API keys"
      about={`Of the ${environment} environment. A key and its server hash are shown once, when they are made.`}
      actions={
        <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen({ kind: "create" })}>
          Create API key
        </Button>
      }
    >
      <ErrorNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending ? <RowsSkeleton rows={2} /> : null}
      {query.isSuccess && rows.length === 0 ? (
        <Text size="sm" c="dimmed">
          No key yet: create one, and your programs can call the API of the {environment} environment.
        </Text>
      ) : null}
      {rows.length > 0 ? <KeyTable rows={rows} onOpen={setOpen} /> : null}
      <Dialogs open={open} onClose={() => setOpen(null)} onMade={setMade} />
      <MadeKeyDialog made={made} onClose={() => setMade(null)} />
    </Section>
  );
}

function KeyTable({ rows, onOpen }: { rows: ApiKey[]; onOpen: (open: Open) => void }) {
  return (
    <Box className="bb-table-wrap">
      <Table className="bb-stack" miw={560}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th>Last used</Table.Th>
            <Table.Th>Created</Table.Th>
            <Table.Th w={60}>
              <span className="bb-skip">Actions</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((key) => (
            <Table.Tr key={key.id}>
              <Table.Td>
                <Text size="sm" fw={550}>
                  {key.name}
                </Text>
                {key.expires_at === null ? null : (
                  <Badge
                    color="orange"
                    c="light-dark(var(--mantine-color-orange-9), var(--mantine-color-orange-2))"
                  >
                    rotated; works until <Time at={key.expires_at} />
                  </Badge>
                )}
                {key.requires_server_hash ? null : (
                  <Text size="xs" c="dimmed">
                    works without server hash
                  </Text>
                )}
              </Table.Td>
              <Table.Td>
                {key.last_used_at === null ? "Never" : <Time at={key.last_used_at} ago size="sm" />}
              </Table.Td>
              <Table.Td>
                <Time at={key.created_at} size="sm" />
              </Table.Td>
              <Table.Td>
                <Menu position="bottom-end">
                  <Menu.Target>
                    <Button
                      variant="subtle"
                      color="gray"
                      px={6}
                      size="xs"
                      aria-label={`Actions for ${key.name}`}
                    >
                      <IconDots size={16} />
                    </Button>
                  </Menu.Target>
                  <Menu.Dropdown>
                    <Menu.Item onClick={() => onOpen({ kind: "rename", key })}>Rename</Menu.Item>
                    <Menu.Item onClick={() => onOpen({ kind: "rotate", key })}>Rotate</Menu.Item>
                    <Menu.Item color="red" onClick={() => onOpen({ kind: "revoke", key })}>
                      Revoke
                    </Menu.Item>
                  </Menu.Dropdown>
                </Menu>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Box>
  );
}

interface DialogsProps {
  open: Open | null;
  onClose: () => void;
  onMade: (made: MadeKey) => void;
}

function Dialogs({ open, onClose, onMade }: DialogsProps) {
  const environment = useEnvironment();
  const client = useQueryClient();
  const done = async () => {
    onClose();
    await client.invalidateQueries({ queryKey: [environment, "keys"] });
  };
  const path = open === null || open.kind === "create" ? "" : `/${open.key.id}`;
  const save = useMutation({
    mutationFn: async ({ name, requiresServerHash, overlapSeconds }: KeyChange) => {
      const fields = { name, requires_server_hash: requiresServerHash };
      if (open?.kind === "create") onMade(await call<MadeKey>("/keys", { environment, json: fields }));
      else if (open?.kind === "rotate")
        onMade(
          await call<MadeKey>(`/keys${path}/rotate`, {
            environment,
            json: { overlap_seconds: overlapSeconds },
          }),
        );
      else await call(`/keys${path}`, { environment, method: "PATCH", json: fields });
    },
    onSuccess: done,
  });
  const revoke = useMutation({
    mutationFn: () => call(`/keys${path}`, { environment, method: "DELETE" }),
    onSuccess: done,
  });
  const close = () => {
    save.reset();
    revoke.reset();
    onClose();
  };
  return (
    <Stack>
      {open !== null && open.kind !== "revoke" ? (
        <KeyDialog
          kind={open.kind}
          known={open.kind === "create" ? null : open.key}
          isPending={save.isPending}
          error={save.error}
          onSave={(change) => save.mutate(change)}
          onClose={close}
        />
      ) : null}
      <Confirm
        opened={open?.kind === "revoke"}
        title="Revoke this key?"
        verb="Revoke key"
        isPending={revoke.isPending}
        error={revoke.error}
        onConfirm={() => revoke.mutate()}
        onClose={close}
      >
        “{open?.kind === "revoke" ? open.key.name : ""}” stops working within three seconds. Programs that use
        it are refused from then on. To change it without a gap, rotate it.
      </Confirm>
    </Stack>
  );
}
