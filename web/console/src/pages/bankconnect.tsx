import {
  Button,
  Checkbox,
  Group,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  type ComboboxData,
} from "@mantine/core";
import { useForm, type UseFormReturnType } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "../api/client.ts";
import { settings as settingsQuery } from "../api/queries.ts";
import type { Settings } from "../api/types.ts";
import { ErrorNote } from "../parts/faults.tsx";
import { notifyDone } from "../parts/notify.ts";
import { Page, RowsSkeleton, Section } from "../parts/page.tsx";
import { useEnvironment } from "../shell/viewer.ts";

export function BankconnectPage() {
  const environment = useEnvironment();
  const query = useQuery(settingsQuery(environment));
  return (
    <Page
      title="BankConnect"
      about={`How statements are taken and judged in ${environment}. Servers heed a change within three seconds.`}
    >
      <ErrorNote error={query.error} retry={() => void query.refetch()} />
      {query.data ? <Form key={environment} settings={query.data} /> : <RowsSkeleton rows={8} height={64} />}
    </Page>
  );
}

type Values = Omit<Settings, "max_pages" | "retention"> & { max_pages: number | ""; retention: string };
type SettingsForm = UseFormReturnType<Values>;

const valuesOf = (settings: Settings): Values => ({
  ...settings,
  max_pages: settings.max_pages ?? "",
  retention: String(settings.retention),
});

const bodyOf = (values: Values) => ({
  ...values,
  max_pages: values.max_pages === "" ? null : values.max_pages,
  retention: Number(values.retention),
});

function Form({ settings }: { settings: Settings }) {
  const environment = useEnvironment();
  const client = useQueryClient();
  const form: SettingsForm = useForm({
    initialValues: valuesOf(settings),
    validate: { allowed_modes: (modes) => (modes.length === 0 ? "At least one." : null) },
  });
  const save = useMutation({
    mutationFn: (values: Values) =>
      call<Settings>("/settings", { environment, method: "PATCH", json: bodyOf(values) }),
    onSuccess: (saved) => {
      client.setQueryData(settingsQuery(environment).queryKey, saved);
      form.resetDirty();
      notifyDone("The settings have been saved.");
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <Stack gap="lg">
        <Sessions form={form} />
        <Acceptance form={form} />
        <Data form={form} />
        <ErrorNote error={save.error} />
        <Group justify="flex-end">
          <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
            Save settings
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

const MODES = [
  { value: "pdf", label: "Upload of statements" },
  { value: "online", label: "Net banking" },
  { value: "aa", label: "Account aggregator" },
];

function Sessions({ form }: { form: SettingsForm }) {
  return (
    <Section title="Sessions">
      <Stack>
        <NumberInput
          label="Life of a session (minutes)"
          description="Of a session that names no session_expiry; 5 to 43,200."
          min={5}
          max={43_200}
          maw={320}
          required
          {...form.getInputProps("session_minutes")}
        />
        <Checkbox.Group label="Ways that a session may offer" {...form.getInputProps("allowed_modes")}>
          <Group mt="xs">
            {MODES.map(({ value, label }) => (
              <Checkbox key={value} value={value} label={label} />
            ))}
          </Group>
        </Checkbox.Group>
        <Switch
          label="Accept anything"
          description="Skips date range and acceptance levels where a session does not say otherwise; never the proof."
          {...form.getInputProps("accept_anything", { type: "checkbox" })}
        />
      </Stack>
    </Section>
  );
}

const LEVEL_1: ComboboxData = [
  { value: "months", label: "Every month of the range is there" },
  { value: "dates", label: "Every day of the range is there" },
  { value: "none", label: "One statement is enough" },
];
const LEVEL_2: ComboboxData = [
  { value: "every_month", label: "Every month has a transaction" },
  { value: "first_and_last_month", label: "The first and the last month have one" },
  { value: "any", label: "Any month has one" },
  { value: "none", label: "None is needed" },
];
const UNKNOWN: ComboboxData = [
  { value: "accept", label: "Take it as bank “other” where its arithmetic proves it" },
  { value: "refuse", label: "Refuse it" },
];

function Acceptance({ form }: { form: SettingsForm }) {
  return (
    <Section title="Acceptance" about="When uploads are enough, and what is refused.">
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Select
          label="Uploads are enough when"
          allowDeselect={false}
          data={LEVEL_1}
          {...form.getInputProps("level_1")}
        />
        <NumberInput
          label="Days that may be missing"
          min={0}
          max={3660}
          disabled={form.values.level_1 !== "dates"}
          {...form.getInputProps("level_1_missing_days")}
        />
        <Select
          label="After processing"
          allowDeselect={false}
          data={LEVEL_2}
          {...form.getInputProps("level_2")}
        />
        <Select
          label="A statement of an unknown bank"
          allowDeselect={false}
          data={UNKNOWN}
          {...form.getInputProps("unknown_banks")}
        />
        <NumberInput
          label="Pages of a file at most"
          description="Empty: the server’s own limit."
          min={1}
          max={10_000}
          {...form.getInputProps("max_pages")}
        />
      </SimpleGrid>
      <Switch
        mt="md"
        label="Reject accounts that are inconsistent"
        description="insights_available is false where an account does not close or could not be read."
        {...form.getInputProps("to_reject_account", { type: "checkbox" })}
      />
    </Section>
  );
}

const RETENTION: ComboboxData = ["7", "30", "90", "365"].map((days) => ({
  value: days,
  label: `${days} days`,
}));

function Data({ form }: { form: SettingsForm }) {
  return (
    <Section title="Data">
      <Stack>
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <Select
            label="Deliveries and answers are kept for"
            allowDeselect={false}
            data={RETENTION}
            {...form.getInputProps("retention")}
          />
          <Select
            label="Time zone of the organisation"
            description="Today, month ends and expiry follow it, in all environments."
            searchable
            allowDeselect={false}
            data={zones(form.values.time_zone)}
            {...form.getInputProps("time_zone")}
          />
        </SimpleGrid>
        <Switch
          label="Mask account numbers everywhere"
          description="Only the last four digits, in webhooks too."
          {...form.getInputProps("mask_account_numbers", { type: "checkbox" })}
        />
        <Switch
          label="Show the score"
          description="Insights and reports carry it: uncalibrated points."
          {...form.getInputProps("show_score", { type: "checkbox" })}
        />
      </Stack>
    </Section>
  );
}

const zones = (own: string): string[] => [...new Set(["UTC", own, ...Intl.supportedValuesOf("timeZone")])];
