import { ActionIcon, Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDotsVertical, IconTrash } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { CaseDetail } from "../../api/cases.ts";
import { call } from "../../api/client.ts";
import { queryClient } from "../../api/queries.ts";
import { Confirm } from "../../parts/confirm.tsx";
import { notifyDone } from "../../parts/notify.ts";
import { useEnvironment, useViewer } from "../../shell/viewer.ts";

/** Of sessions, by owners. */
export function DeleteMenu({ detail: { id, kind, link_id: linkId } }: { detail: CaseDetail }) {
  const environment = useEnvironment();
  const navigate = useNavigate();
  const { may } = useViewer();
  const [isOpen, dialog] = useDisclosure(false);
  const remove = useMutation({
    mutationFn: () => call(`/cases/${id}`, { environment, method: "DELETE" }),
    onSuccess: async () => {
      notifyDone("The session is deleted.");
      await navigate({ to: "/$environment/sessions", params: { environment } });
      queryClient.removeQueries({ queryKey: [environment, "case", id] });
      await queryClient.invalidateQueries({ queryKey: [environment, "cases"] });
    },
  });
  if (kind !== "session" || !may("owner")) return null;
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label="More actions">
            <IconDotsVertical size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            color="light-dark(var(--mantine-color-red-9), var(--mantine-color-red-4))"
            leftSection={<IconTrash size={16} />}
            onClick={dialog.open}
          >
            Delete session…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Confirm
        opened={isOpen}
        title="Delete this session?"
        verb="Delete session"
        isPending={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate()}
        onClose={dialog.close}
      >
        The files, transactions and personal data of <b>{linkId ?? id}</b> go, and what is not yet delivered
        of its events is withdrawn. Later calls of your programs answer 410. This cannot be taken back.
      </Confirm>
    </>
  );
}
