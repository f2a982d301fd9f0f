import { Alert, Button, Group, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { call } from "../api/client.ts";
import { endpoint as endpointQuery } from "../api/queries.ts";
import type { Endpoint, Revealed } from "../api/types.ts";
import { ErrorNote } from "../parts/faults.tsx";
import { notifyDone, notifyFault } from "../parts/notify.ts";
import { Page, RowsSkeleton } from "../parts/page.tsx";
import { useEnvironment } from "../shell/viewer.ts";
import { WebhookFormView, type WebhookForm } from "../webhooks/form.tsx";
import { changesOf, headerRows, valuesOf, type WebhookValues } from "../webhooks/values.ts";

export function EditWebhookPage() {
  const environment = useEnvironment();
  const { id } = useParams({ from: "/$environment/webhooks/$id/edit" });
  const { data, error, isPending } = useQuery({ ...endpointQuery(environment, id), refetchInterval: false });
  return (
    <Page title="Edit webhook" about={data?.url}>
      {isPending ? <RowsSkeleton rows={8} height={60} /> : null}
      <ErrorNote error={error} />
      {data ? <Edit endpoint={data} /> : null}
    </Page>
  );
}

function Edit({ endpoint }: { endpoint: Endpoint }) {
  const environment = useEnvironment();
  const navigate = useNavigate();
  const client = useQueryClient();
  const { id } = endpoint;
  const before = valuesOf(endpoint);
  const back = () => void navigate({ to: "/$environment/webhooks/$id", params: { environment, id } });
  const save = useMutation({
    mutationFn: (values: WebhookValues) =>
      call<Endpoint>(`/endpoints/${id}`, { environment, method: "PATCH", json: changesOf(before, values) }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: [environment, "endpoints"] });
      notifyDone("The webhook has been changed.");
      back();
    },
  });
  const hasMasked = endpoint.url.includes("***") || Object.keys(endpoint.headers).length > 0;
  return (
    <WebhookFormView
      initial={before}
      isNew={false}
      submit="Save changes"
      isPending={save.isPending}
      error={save.error}
      onSubmit={(values) => save.mutate(values)}
      onCancel={back}
      note={(form) => (hasMasked ? <Masked id={id} form={form} /> : null)}
    />
  );
}

/** What is masked stays as it is unless it is changed, and then it is written in full. */
function Masked({ id, form }: { id: string; form: WebhookForm }) {
  const environment = useEnvironment();
  const reveal = useMutation({
    mutationFn: () => call<Revealed>(`/endpoints/${id}/reveal`, { environment, method: "POST" }),
    onSuccess: ({ url, headers }) => form.setValues({ url, headers: headerRows(headers) }),
    onError: notifyFault,
  });
  if (reveal.isSuccess) return null;
  return (
    <Alert color="gray">
      <Group justify="space-between">
        <Text size="sm">
          *** stands for a value that is not shown. It stays as it is unless you change it.
        </Text>
        <Button size="xs" variant="default" loading={reveal.isPending} onClick={() => reveal.mutate()}>
          Show values
        </Button>
      </Group>
    </Alert>
  );
}
