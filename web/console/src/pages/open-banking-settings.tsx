import { Alert, Button, Group, NumberInput, Stack, TagsInput, Text, TextInput } from "@mantine/core";
import { useForm, type UseFormReturnType } from "@mantine/form";
import { IconMail, IconMailOff } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "../api/client.ts";
import { openBankingSettings, type OpenBankingSettings } from "../api/hosted-settings.ts";
import { Copyable } from "../parts/copy.tsx";
import { ErrorNote } from "../parts/faults.tsx";
import { notifyDone } from "../parts/notify.ts";
import { Page, RowsSkeleton, Section } from "../parts/page.tsx";
import { useEnvironment, useViewer } from "../shell/viewer.ts";
import { isSupportLink } from "../settings/links.ts";

export function OpenBankingSettingsPage() {
  const environment = useEnvironment();
  const query = useQuery(openBankingSettings(environment));
  return (
    <Page
      title="Consents and app"
      about={`Who asks your customers for permission in ${environment}, how long it lasts, and when they are reminded.`}
    >
      <ErrorNote error={query.error} retry={() => void query.refetch()} />
      {query.data ? <Form key={environment} settings={query.data} /> : null}
      {query.isPending ? <RowsSkeleton rows={8} height={64} /> : null}
    </Page>
  );
}

interface Values {
  app_name: string;
  support_url: string;
  consent_days: number | "";
  reminder_days: string[];
}

const valuesOf = (settings: OpenBankingSettings): Values => ({
  app_name: settings.app_name ?? "",
  support_url: settings.support_url ?? "",
  consent_days: settings.consent_days ?? "",
  reminder_days: settings.reminder_days.map(String),
});

const bodyOf = (values: Values) => ({
  app_name: values.app_name.trim() || null,
  support_url: values.support_url.trim() || null,
  consent_days: values.consent_days === "" ? null : values.consent_days,
  reminder_days: values.reminder_days.map(Number),
});

const isReminder = (text: string): boolean =>
  /^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= 365;

function Form({ settings }: { settings: OpenBankingSettings }) {
  const environment = useEnvironment();
  const client = useQueryClient();
  const form = useForm<Values>({
    initialValues: valuesOf(settings),
    validate: {
      support_url: (url) =>
        isSupportLink(url.trim()) ? null : "An address that begins with https:// or mailto:.",
      reminder_days: (days) => (days.every(isReminder) ? null : "Whole days from 1 to 365."),
    },
  });
  const save = useMutation({
    mutationFn: (values: Values) =>
      call<OpenBankingSettings>("/settings/open-banking", {
        environment,
        method: "PATCH",
        json: bodyOf(values),
      }),
    onSuccess: (saved) => {
      client.setQueryData(openBankingSettings(environment).queryKey, saved);
      form.setValues(valuesOf(saved));
      form.resetDirty(valuesOf(saved));
      notifyDone("The settings have been saved.");
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
      <Stack gap="lg">
        <App form={form} settings={settings} />
        <Consents form={form} />
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

/** Reminders need the operator's mail server: whether there is one. */
function Mail() {
  const { sends_mail: sends } = useViewer();
  if (sends)
    return (
      <Alert color="teal" icon={<IconMail size={18} />}>
        <Text size="sm">This server sends mail: customers with an e-mail address are reminded.</Text>
      </Alert>
    );
  return (
    <Alert color="orange" icon={<IconMailOff size={18} />}>
      <Text size="sm">
        This server sends no mail, so nobody is reminded. The operator names a mail server in{" "}
        <code>BANKBELL_SMTP_URL</code>.
      </Text>
    </Alert>
  );
}

type SettingsForm = UseFormReturnType<Values>;

function App({ form, settings }: { form: SettingsForm; settings: OpenBankingSettings }) {
  return (
    <Section title="App" about="What the pages say on which your customers choose their bank and consent.">
      <Stack maw={480}>
        <div>
          <Text size="sm" fw={500}>
            App id
          </Text>
          <Text size="xs" c="dimmed" mb={4}>
            Names this environment in the addresses of its pages.
          </Text>
          <Copyable value={settings.app_id} label="Copy the app id" />
        </div>
        <TextInput
          label="App name"
          description="Who asks for permission, in the customer’s words."
          placeholder={settings.organisation}
          maxLength={80}
          {...form.getInputProps("app_name")}
        />
        <TextInput
          label="Support link"
          description="Where a customer finds help. Empty: no link is shown."
          placeholder="https://… or mailto:…"
          maxLength={2048}
          {...form.getInputProps("support_url")}
        />
      </Stack>
    </Section>
  );
}

function Consents({ form }: { form: SettingsForm }) {
  return (
    <Section title="Consents">
      <Stack maw={480}>
        <NumberInput
          label="Life of a consent (days)"
          description="Of a consent that names no end. Empty: one calendar year."
          placeholder="One year"
          min={1}
          max={3650}
          allowDecimal={false}
          {...form.getInputProps("consent_days")}
        />
        <TagsInput
          label="Reminders (days before the end)"
          description="By mail, with a link to confirm or to revoke. None where empty."
          placeholder={form.values.reminder_days.length === 0 ? "14" : ""}
          maxTags={10}
          splitChars={[",", " "]}
          acceptValueOnBlur
          {...form.getInputProps("reminder_days")}
        />
        <Mail />
      </Stack>
    </Section>
  );
}
