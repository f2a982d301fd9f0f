import {
  Alert,
  Button,
  Group,
  Paper,
  Radio,
  SimpleGrid,
  Stack,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useForm, type UseFormReturnType } from "@mantine/form";
import { IconLockOpen } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { EndpointFormat } from "../api/types.ts";
import { ErrorNote } from "../parts/faults.tsx";
import { Advanced } from "./advanced.tsx";
import { EventsBox } from "./events-box.tsx";
import { validate, type WebhookValues } from "./values.ts";

export type WebhookForm = UseFormReturnType<WebhookValues>;

interface Props {
  initial: WebhookValues;
  /** The format never changes once it is made. */
  isNew: boolean;
  submit: string;
  isPending: boolean;
  error: unknown;
  onSubmit: (values: WebhookValues) => void;
  onCancel: () => void;
  /** Above the fields. */
  note?: (form: WebhookForm) => ReactNode;
}

export function WebhookFormView({
  initial,
  isNew,
  submit,
  isPending,
  error,
  onSubmit,
  onCancel,
  note,
}: Props) {
  const form: WebhookForm = useForm({ initialValues: initial, validate });
  const { format } = form.values;
  return (
    <form onSubmit={form.onSubmit(onSubmit)} noValidate>
      <Stack gap="lg">
        {note?.(form)}
        <Paper p="lg">
          <Stack gap="lg">
            <TextInput
              label="URL"
              description="Where Bankbell sends a POST with JSON. A key in the query is sent back untouched and masked in lists."
              placeholder="https://your-server.example/webhooks?key=…"
              type="url"
              required
              {...form.getInputProps("url")}
            />
            {/^http:\/\//i.test(form.values.url) ? <PlainHttp /> : null}
            <Textarea
              label="Description"
              placeholder="Loan desk"
              autosize
              minRows={1}
              maxLength={1024}
              {...form.getInputProps("description")}
            />
            {isNew ? (
              <FormatChoice
                value={format}
                onChange={(chosen) => form.setValues({ format: chosen, eventTypes: ["*"] })}
              />
            ) : null}
            <EventsBox
              format={format}
              value={form.values.eventTypes}
              error={typeof form.errors["eventTypes"] === "string" ? form.errors["eventTypes"] : undefined}
              onChange={(types) => form.setFieldValue("eventTypes", types)}
            />
          </Stack>
        </Paper>
        <Advanced form={form} />
        <ErrorNote error={error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={isPending}>
            {submit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function PlainHttp() {
  return (
    <Alert color="orange" icon={<IconLockOpen size={18} />} title="We strongly recommend HTTPS">
      <Text size="sm">
        Over http:// whoever stands between can read what is sent, bank data included. It works, but use
        https:// for anything real.
      </Text>
    </Alert>
  );
}

const FORMATS: { value: EndpointFormat; label: string; description: string }[] = [
  {
    value: "session",
    label: "Sessions",
    description: "BankConnect: completion, expiry and enrichment of sessions",
  },
  { value: "entity", label: "Entities", description: "BankConnect: statements of entities" },
  {
    value: "event",
    label: "Events",
    description: "Open banking: consents, accounts, payments, and Bankbell's own",
  },
];

function FormatChoice({
  value,
  onChange,
}: {
  value: EndpointFormat;
  onChange: (format: EndpointFormat) => void;
}) {
  return (
    <Radio.Group
      label="What it is about"
      description="Decides how the body looks. It cannot be changed later."
      value={value}
      onChange={(chosen) => onChange(FORMATS.find((one) => one.value === chosen)?.value ?? value)}
    >
      <SimpleGrid mt="xs" cols={{ base: 1, sm: 3 }}>
        {FORMATS.map((one) => (
          <Radio.Card key={one.value} value={one.value} p="md" radius="md">
            <Group wrap="nowrap" align="flex-start">
              <Radio.Indicator />
              <div>
                <Text fw={600} size="sm">
                  {one.label}
                </Text>
                <Text size="xs" c="dimmed">
                  {one.description}
                </Text>
              </div>
            </Group>
          </Radio.Card>
        ))}
      </SimpleGrid>
    </Radio.Group>
  );
}
