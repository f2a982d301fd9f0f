import {
  Button,
  Group,
  Modal,
  Select,
  Stack,
  Text,
  TextInput,
  MultiSelect,
  SegmentedControl,
} from "@mantine/core";
import { useForm, type UseFormReturnType } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { call } from "../api/client.ts";
import { endpoints, eventTypes } from "../api/queries.ts";
import type { Replay } from "../api/types.ts";
import { ErrorNote } from "../parts/faults.tsx";
import type { DeliverySearch } from "../search.ts";
import { useEnvironment } from "../shell/viewer.ts";
import { InstantInput } from "./filters.tsx";

interface Values {
  endpoint: string;
  types: string[];
  subject: string;
  resource: string;
  from: string | undefined;
  to: string | undefined;
  only: string;
}

const initialOf = (search: DeliverySearch): Values => ({
  endpoint: search.endpoint ?? "",
  types: search.type ?? [],
  subject: search.subject ?? "",
  resource: search.resource ?? "",
  from: search.from,
  to: search.to,
  only: search.status === undefined || search.status === "delivered" ? "all" : "undelivered",
});

const bodyOf = ({ endpoint, types, subject, resource, from, to, only }: Values) => ({
  endpoint_id: endpoint,
  only,
  ...(types.length > 0 ? { types } : {}),
  ...(subject === "" ? {} : { subject }),
  ...(resource === "" ? {} : { resource }),
  ...(from === undefined ? {} : { from }),
  ...(to === undefined ? {} : { to }),
});

/** Sends again what matches a filter or a time range, to one webhook. */
export function ReplayDialog({ search, onClose }: { search: DeliverySearch; onClose: () => void }) {
  const environment = useEnvironment();
  const client = useQueryClient();
  const navigate = useNavigate();
  const form: UseFormReturnType<Values> = useForm({
    initialValues: initialOf(search),
    validate: { endpoint: (id) => (id === "" ? "Choose where to." : null) },
  });
  const start = useMutation({
    mutationFn: (values: Values) => call<Replay>("/replays", { environment, json: bodyOf(values) }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: [environment, "replays"] });
      onClose();
      await navigate({ to: "/$environment/replays", params: { environment } });
    },
  });
  return (
    <Modal opened onClose={onClose} title="Replay events" size="lg">
      <form onSubmit={form.onSubmit((values) => start.mutate(values))}>
        <Stack>
          <Text size="sm" c="dimmed">
            The same bytes and the same webhook-id go out again, in order, no faster than the webhook takes
            them. Your server may get what it has already: let it remember the webhook-id.
          </Text>
          <ErrorNote error={start.error} />
          <Fields form={form} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={start.isPending}>
              Start replay
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function Fields({ form }: { form: UseFormReturnType<Values> }) {
  const environment = useEnvironment();
  const list = useQuery(endpoints(environment));
  const types = useQuery(eventTypes(environment));
  const open = (list.data?.data ?? []).filter(({ status }) => status !== "disabled");
  return (
    <>
      <Select
        label="To webhook"
        required
        searchable
        data={open.map(({ id, url }) => ({ value: id, label: url }))}
        {...form.getInputProps("endpoint")}
      />
      <SegmentedControl
        aria-label="Which events"
        data={[
          { value: "undelivered", label: "Only what it has not taken" },
          { value: "all", label: "Everything that matches" },
        ]}
        {...form.getInputProps("only")}
      />
      <MultiSelect
        label="Event types"
        placeholder={form.values.types.length === 0 ? "Those that the webhook asks for" : ""}
        searchable
        clearable
        data={(types.data?.data ?? []).map(({ type }) => type)}
        {...form.getInputProps("types")}
      />
      <Group grow>
        <InstantInput
          label="From"
          value={form.values.from}
          onChange={(from) => form.setFieldValue("from", from)}
        />
        <InstantInput label="Until" value={form.values.to} onChange={(to) => form.setFieldValue("to", to)} />
      </Group>
      <Group grow>
        <TextInput label="link_id or customer" {...form.getInputProps("subject")} />
        <TextInput label="Resource" placeholder="session:…" {...form.getInputProps("resource")} />
      </Group>
    </>
  );
}
