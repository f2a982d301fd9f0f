import { Button, ColorInput, Grid, Group, Stack, TagsInput, TextInput } from "@mantine/core";
import { useForm, type UseFormReturnType } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "../api/client.ts";
import { journeySettings, type JourneySettings } from "../api/hosted-settings.ts";
import { ErrorNote } from "../parts/faults.tsx";
import { notifyDone } from "../parts/notify.ts";
import { Page, RowsSkeleton, Section } from "../parts/page.tsx";
import { JourneyPreview } from "../settings/journey-preview.tsx";
import { isLogoLink, isOrigin, isSupportLink } from "../settings/links.ts";
import { useEnvironment } from "../shell/viewer.ts";

export function JourneySettingsPage() {
  const environment = useEnvironment();
  const query = useQuery(journeySettings(environment));
  return (
    <Page
      title="Journey"
      about={`How the pages look on which your customers upload statements and connect their bank in ${environment}.`}
    >
      <ErrorNote error={query.error} retry={() => void query.refetch()} />
      {query.data ? <Form key={environment} settings={query.data} /> : null}
      {query.isPending ? <RowsSkeleton rows={8} height={64} /> : null}
    </Page>
  );
}

interface Values {
  name: string;
  color: string;
  logo_url: string;
  support_url: string;
  origins: string[];
}

const valuesOf = (settings: JourneySettings): Values => ({
  name: settings.name ?? "",
  color: settings.color ?? "",
  logo_url: settings.logo_url ?? "",
  support_url: settings.support_url ?? "",
  origins: settings.origins,
});

const bodyOf = (values: Values): JourneySettings => ({
  name: values.name.trim() || null,
  color: values.color.trim().toLowerCase() || null,
  logo_url: values.logo_url.trim() || null,
  support_url: values.support_url.trim() || null,
  origins: values.origins,
});

const SWATCHES = ["#4f46e5", "#0f766e", "#0369a1", "#15803d", "#b45309", "#be123c", "#7e22ce", "#1f2937"];

function Form({ settings }: { settings: JourneySettings }) {
  const environment = useEnvironment();
  const client = useQueryClient();
  const form = useForm<Values>({
    initialValues: valuesOf(settings),
    validate: {
      color: (color) => (color === "" || /^#[0-9a-f]{6}$/i.test(color) ? null : "A colour such as #4f46e5."),
      logo_url: (url) => (isLogoLink(url.trim()) ? null : "An address that begins with https://."),
      support_url: (url) =>
        isSupportLink(url.trim()) ? null : "An address that begins with https:// or mailto:.",
      origins: (origins) =>
        origins.every(isOrigin) ? null : "Origins such as https://app.example.com, without a path.",
    },
  });
  const save = useMutation({
    mutationFn: (values: Values) =>
      call<JourneySettings>("/settings/journey", { environment, method: "PATCH", json: bodyOf(values) }),
    onSuccess: (saved) => {
      client.setQueryData(journeySettings(environment).queryKey, saved);
      form.setValues(valuesOf(saved));
      form.resetDirty(valuesOf(saved));
      notifyDone("The settings have been saved.");
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
      <Stack gap="lg">
        <Looks form={form} />
        <Embedding form={form} />
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

type SettingsForm = UseFormReturnType<Values>;

function Looks({ form }: { form: SettingsForm }) {
  return (
    <Section title="Looks" about="A session’s own logo_url wins over this one.">
      <Grid gap="xl">
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Stack>
            <TextInput
              label="Name"
              description="Empty: the organisation’s name."
              maxLength={80}
              {...form.getInputProps("name")}
            />
            <ColorInput
              label="Colour"
              description="Of buttons and links. Text on it stays readable, whatever you choose."
              placeholder="#4f46e5"
              format="hex"
              swatches={SWATCHES}
              eyeDropperButtonProps={{ "aria-label": "Pick a colour from the screen" }}
              {...form.getInputProps("color")}
            />
            <TextInput
              label="Logo"
              description="Of a picture, shown 32 px high. Empty: the first letter of the name."
              placeholder="https://…"
              maxLength={2048}
              {...form.getInputProps("logo_url")}
            />
            <TextInput
              label="Support link"
              description="Where a customer finds help. Empty: no link is shown."
              placeholder="https://… or mailto:…"
              maxLength={2048}
              {...form.getInputProps("support_url")}
            />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <JourneyPreview dress={bodyOf(form.values)} />
        </Grid.Col>
      </Grid>
    </Section>
  );
}

function Embedding({ form }: { form: SettingsForm }) {
  return (
    <Section
      title="Embedding"
      about="Whose pages may put the journey into a frame, and are told how it ends."
    >
      <TagsInput
        label="Allowed origins"
        description="Nobody where empty: the journey then opens as a page of its own."
        placeholder={form.values.origins.length === 0 ? "https://app.example.com" : ""}
        maxTags={20}
        splitChars={[",", " "]}
        acceptValueOnBlur
        {...form.getInputProps("origins")}
      />
    </Section>
  );
}
