import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { call } from "../api/client.ts";
import type { Endpoint } from "../api/types.ts";
import { Page } from "../parts/page.tsx";
import { useEnvironment } from "../shell/viewer.ts";
import { WebhookFormView } from "../webhooks/form.tsx";
import { SecretDialog } from "../webhooks/secret-dialog.tsx";
import { bodyOf, NEW_WEBHOOK, type WebhookValues } from "../webhooks/values.ts";

export function NewWebhookPage() {
  const environment = useEnvironment();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [made, setMade] = useState<(Endpoint & { secret: string }) | null>(null);
  const create = useMutation({
    mutationFn: (values: WebhookValues) =>
      call<Endpoint & { secret: string }>("/endpoints", {
        environment,
        json: { ...bodyOf(values), format: values.format },
      }),
    onSuccess: async (endpoint) => {
      await client.invalidateQueries({ queryKey: [environment, "endpoints"] });
      setMade(endpoint);
    },
  });
  const back = () => void navigate({ to: "/$environment/webhooks", params: { environment } });
  return (
    <Page
      title="Create webhook"
      about={`In ${environment}. It gets what is recorded from now on; a replay brings what was before.`}
    >
      <WebhookFormView
        initial={NEW_WEBHOOK}
        isNew
        submit="Create webhook"
        isPending={create.isPending}
        error={create.error}
        onSubmit={(values) => create.mutate(values)}
        onCancel={back}
      />
      <SecretDialog
        secret={made?.secret ?? null}
        onClose={() =>
          made
            ? void navigate({ to: "/$environment/webhooks/$id", params: { environment, id: made.id } })
            : undefined
        }
      />
    </Page>
  );
}
