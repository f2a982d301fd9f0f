import {
  Accordion,
  ActionIcon,
  Button,
  Group,
  NumberInput,
  PasswordInput,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  TextInput,
} from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import type { WebhookForm } from "./form.tsx";

/** What most leave as it is: order, rate, schedule, headers. */
export function Advanced({ form }: { form: WebhookForm }) {
  return (
    <Accordion variant="contained" multiple bg="var(--mantine-color-body)" style={{ borderRadius: 8 }}>
      <Accordion.Item value="delivery">
        <Accordion.Control>Order, rate and retries</Accordion.Control>
        <Accordion.Panel>
          <DeliverySettings form={form} />
        </Accordion.Panel>
      </Accordion.Item>
      <Accordion.Item value="headers">
        <Accordion.Control>Headers</Accordion.Control>
        <Accordion.Panel>
          <Headers form={form} />
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}

function DeliverySettings({ form }: { form: WebhookForm }) {
  return (
    <Stack>
      <Switch
        label="Keep order"
        description="Events of one session, entity, consent or payment come one after the other; others never wait."
        {...form.getInputProps("ordered", { type: "checkbox" })}
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <NumberInput
          label="A failing event holds its resource for (s)"
          description="Then what came after it flows."
          min={0}
          max={604_800}
          disabled={!form.values.ordered}
          {...form.getInputProps("orderHoldSeconds")}
        />
        <NumberInput
          label="Requests per second"
          description="Empty: no limit."
          min={1}
          max={10_000}
          {...form.getInputProps("rateLimit")}
        />
        <NumberInput
          label="Requests at once"
          description="1 to 128."
          min={1}
          max={128}
          {...form.getInputProps("maxInFlight")}
        />
        <NumberInput
          label="Time-out (ms)"
          description="1,000 to 30,000."
          min={1000}
          max={30_000}
          step={1000}
          {...form.getInputProps("timeoutMs")}
        />
        <Select
          label="Cadence"
          description="How often and how long it is tried again."
          allowDeselect={false}
          data={[
            { value: "standard", label: "Standard: 12 attempts over 3 days" },
            { value: "openbanking", label: "Open banking: every 3 s first" },
          ]}
          {...form.getInputProps("preset")}
        />
        <TextInput
          label="Own schedule"
          description="Seconds before each retry; empty: the cadence's."
          placeholder="5, 30, 120, 600"
          {...form.getInputProps("schedule")}
        />
        <NumberInput
          label="Pause after failures in a row"
          description="Nothing is lost while it is paused. Empty: never."
          min={1}
          max={10_000}
          {...form.getInputProps("pauseAfter")}
        />
      </SimpleGrid>
    </Stack>
  );
}

function Headers({ form }: { form: WebhookForm }) {
  const add = () => form.insertListItem("headers", { key: crypto.randomUUID(), name: "", value: "" });
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        Sent beside ours with every delivery, such as a token that your gateway wants. Values are masked once
        they are saved.
      </Text>
      {form.values.headers.map(({ key }, index) => (
        <Group key={key} align="flex-end" wrap="nowrap">
          <TextInput label="Name" flex={1} {...form.getInputProps(`headers.${index}.name`)} />
          <TextInput label="Value" flex={1} {...form.getInputProps(`headers.${index}.value`)} />
          <ActionIcon
            variant="default"
            size={36}
            aria-label="Remove the header"
            onClick={() => form.removeListItem("headers", index)}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      ))}
      <Group>
        <Button variant="default" size="xs" leftSection={<IconPlus size={14} />} onClick={add}>
          Add a header
        </Button>
      </Group>
      {form.values.format === "event" ? null : (
        <PasswordInput
          label="x-secret-key"
          description="Sent as this header; leave it empty to keep what is set."
          autoComplete="off"
          {...form.getInputProps("secretKey")}
        />
      )}
    </Stack>
  );
}
