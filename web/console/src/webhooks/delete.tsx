import { Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call } from "../api/client.ts";
import type { Endpoint } from "../api/types.ts";
import { Confirm } from "../parts/confirm.tsx";
import { notifyDone } from "../parts/notify.ts";
import { useEnvironment } from "../shell/viewer.ts";

interface Props {
  /** Null: nothing is asked. */
  endpoint: Endpoint | null;
  onClose: () => void;
  onDeleted?: () => void;
}

export function DeleteWebhook({ endpoint, onClose, onDeleted }: Props) {
  const environment = useEnvironment();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: (id: string) => call(`/endpoints/${id}`, { environment, method: "DELETE" }),
    onSuccess: async () => {
      onClose();
      onDeleted?.();
      notifyDone("The webhook has been deleted.");
      await client.invalidateQueries({ queryKey: [environment, "endpoints"] });
    },
  });
  return (
    <Confirm
      opened={endpoint !== null}
      title="Delete this webhook?"
      verb="Delete webhook"
      isPending={remove.isPending}
      error={remove.error}
      onClose={() => {
        remove.reset();
        onClose();
      }}
      onConfirm={() => (endpoint ? remove.mutate(endpoint.id) : undefined)}
    >
      <Text size="sm" ff="monospace" mb="xs" style={{ overflowWrap: "anywhere" }}>
        {endpoint?.url}
      </Text>
      {endpoint && endpoint.waiting > 0
        ? `${endpoint.waiting.toLocaleString()} deliveries that wait for it are dropped with it. `
        : ""}
      Its attempts stay in the history. This cannot be taken back.
    </Confirm>
  );
}
