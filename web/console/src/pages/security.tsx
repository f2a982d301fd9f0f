import { Button, Group, PasswordInput, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { call } from "../api/client.ts";
import { ErrorNote } from "../parts/faults.tsx";
import { notifyDone } from "../parts/notify.ts";
import { Page, Section } from "../parts/page.tsx";
import { passwordFault } from "../parts/password-fields.tsx";
import { Sessions } from "../settings/sessions.tsx";
import { TwoFactor } from "../settings/two-factor.tsx";
import { useViewer } from "../shell/viewer.ts";

export function SecurityPage() {
  const { user } = useViewer();
  return (
    <Page title="Your security" about={`How you sign in: ${user.email}.`}>
      <TwoFactor />
      <ChangePassword />
      <Sessions whose="me" />
    </Page>
  );
}

function ChangePassword() {
  const form = useForm({ initialValues: { current: "", next: "" }, validate: { next: passwordFault } });
  const change = useMutation({
    mutationFn: (json: typeof form.values) => call("/auth/password", { json }),
    onSuccess: () => {
      form.reset();
      notifyDone("The password has been changed; you are signed out everywhere else.");
    },
  });
  return (
    <Section title="Password">
      <form onSubmit={form.onSubmit((values) => change.mutate(values))}>
        <Stack maw={420}>
          <ErrorNote error={change.error} />
          <PasswordInput
            label="Your password now"
            autoComplete="current-password"
            required
            {...form.getInputProps("current")}
          />
          <PasswordInput
            label="The new one"
            autoComplete="new-password"
            required
            maxLength={200}
            {...form.getInputProps("next")}
          />
          <Group>
            <Button type="submit" variant="default" loading={change.isPending}>
              Change password
            </Button>
          </Group>
          <Text size="xs" c="dimmed">
            Your other sessions end with it.
          </Text>
        </Stack>
      </form>
    </Section>
  );
}
