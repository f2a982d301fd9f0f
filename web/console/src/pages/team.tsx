import { Box, Button, Group, NativeSelect, Table, Text } from "@mantine/core";
import { IconShieldCheck, IconUserPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../api/client.ts";
import { team } from "../api/queries.ts";
import type { Role, Team } from "../api/types.ts";
import { Confirm } from "../parts/confirm.tsx";
import { CopyTextButton } from "../parts/copy.tsx";
import { ErrorNote } from "../parts/faults.tsx";
import { notifyDone, notifyFault } from "../parts/notify.ts";
import { Page, RowsSkeleton, Section } from "../parts/page.tsx";
import { Time } from "../parts/time.tsx";
import { InviteDialog, ROLES } from "../settings/invite-dialog.tsx";
import { Sessions } from "../settings/sessions.tsx";
import { useEnvironment } from "../shell/viewer.ts";

type Member = Team["members"][number];

/** A change of the team; afterwards the list is asked for again. */
function useTeamChange<T>(change: (input: T) => Promise<unknown>, done?: string) {
  const environment = useEnvironment();
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => (done === undefined ? undefined : notifyDone(done)),
    onError: notifyFault,
    onSettled: () => client.invalidateQueries({ queryKey: [environment] }),
  });
}

export function TeamPage() {
  const environment = useEnvironment();
  const query = useQuery(team(environment));
  const [isInviting, setInviting] = useState(false);
  return (
    <Page
      title="Team"
      about="Who may use this console, in all environments of the organisation."
      actions={
        <Button leftSection={<IconUserPlus size={16} />} onClick={() => setInviting(true)}>
          Invite
        </Button>
      }
    >
      <ErrorNote error={query.error} retry={() => void query.refetch()} />
      <Section title="Members">
        {query.data ? <Members members={query.data.members} /> : <RowsSkeleton rows={3} />}
      </Section>
      {query.data && query.data.invitations.length > 0 ? (
        <Invitations invitations={query.data.invitations} />
      ) : null}
      <Sessions whose="team" />
      {isInviting ? <InviteDialog onClose={() => setInviting(false)} /> : null}
    </Page>
  );
}

function Members({ members }: { members: Member[] }) {
  const environment = useEnvironment();
  const [leaving, setLeaving] = useState<Member | null>(null);
  const remove = useTeamChange(
    (id: string) => call(`/team/members/${id}`, { environment, method: "DELETE" }),
    "Removed: they see nothing of the organisation any more.",
  );
  return (
    <Box className="bb-table-wrap">
      <Table className="bb-stack" miw={600}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Person</Table.Th>
            <Table.Th>Role</Table.Th>
            <Table.Th>Second factor</Table.Th>
            <Table.Th>Since</Table.Th>
            <Table.Th>
              <span className="bb-skip">Remove</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {members.map((member) => (
            <MemberRow key={member.id} member={member} onRemove={() => setLeaving(member)} />
          ))}
        </Table.Tbody>
      </Table>
      <Confirm
        opened={leaving !== null}
        title={`Remove ${leaving?.name ?? ""}?`}
        verb="Remove"
        isPending={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate(leaving?.id ?? "", { onSuccess: () => setLeaving(null) })}
        onClose={() => {
          remove.reset();
          setLeaving(null);
        }}
      >
        {leaving?.email} can no longer see anything of this organisation. What they did stays in the audit
        log. API keys go on working: revoke those that they knew.
      </Confirm>
    </Box>
  );
}

function MemberRow({ member, onRemove }: { member: Member; onRemove: () => void }) {
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={550}>
          {member.name} {member.you ? "(you)" : ""}
        </Text>
        <Text size="xs" c="dimmed">
          {member.email}
        </Text>
      </Table.Td>
      <Table.Td>
        <RoleSelect member={member} />
      </Table.Td>
      <Table.Td data-label="second factor">
        {member.two_factor ? (
          <Group gap={4}>
            <IconShieldCheck size={16} color="var(--mantine-color-teal-7)" /> On
          </Group>
        ) : (
          <Text size="sm" c="dimmed">
            Off
          </Text>
        )}
      </Table.Td>
      <Table.Td data-label="since">
        <Time at={member.created_at} size="sm" />
      </Table.Td>
      <Table.Td ta="right">
        <Button size="xs" variant="default" onClick={onRemove}>
          Remove
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}

function RoleSelect({ member }: { member: Member }) {
  const environment = useEnvironment();
  const change = useTeamChange(
    (role: Role) => call(`/team/members/${member.id}`, { environment, method: "PATCH", json: { role } }),
    "The role has been changed.",
  );
  return (
    <NativeSelect
      aria-label={`Role of ${member.name}`}
      size="xs"
      w={130}
      disabled={change.isPending}
      data={ROLES.map(({ value }) => value)}
      value={member.role}
      onChange={({ currentTarget }) => {
        const role = ROLES.find(({ value }) => value === currentTarget.value);
        if (role) change.mutate(role.value);
      }}
    />
  );
}

function Invitations({ invitations }: { invitations: Team["invitations"] }) {
  const environment = useEnvironment();
  const cancel = useTeamChange(
    (id: string) => call(`/team/invitations/${id}`, { environment, method: "DELETE" }),
    "The invitation has been taken back.",
  );
  return (
    <Section title="Invitations" about="Whoever holds the link can accept: give it to that person alone.">
      <Box className="bb-table-wrap">
        <Table className="bb-stack" miw={560}>
          <Table.Tbody>
            {invitations.map(({ id, email, role, link, inviter, expires_at: until }) => (
              <Table.Tr key={id}>
                <Table.Td>
                  <Text size="sm" fw={550}>
                    {email}
                  </Text>
                  <Text size="xs" c="dimmed">
                    {role}, by {inviter}; until <Time at={until} />
                  </Text>
                </Table.Td>
                <Table.Td ta="right">
                  <Group gap="xs" justify="flex-end" wrap="nowrap">
                    <CopyTextButton value={link}>Copy link</CopyTextButton>
                    <Button size="xs" variant="default" onClick={() => cancel.mutate(id)}>
                      Take back
                    </Button>
                  </Group>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Box>
    </Section>
  );
}
