import { Alert, Button, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { call } from "../api/client.ts";
import { CardPage } from "../parts/card-page.tsx";
import { ErrorNote } from "../parts/faults.tsx";
import { passwordFault, SHORTEST_PASSWORD } from "../parts/password-fields.tsx";

/** With a token behind the `#` a new password is chosen; without one a link is asked for. */
export function ResetPasswordPage() {
  const [token] = useState(() => location.hash.slice(1));
  return token === "" ? <AskForLink /> : <Choose token={token} />;
}

const BackToSignIn = () => (
  <Text size="sm">
    <Link to="/sign-in">Back to sign-in</Link>
  </Text>
);

function AskForLink() {
  const way = useQuery({
    queryKey: ["password-reset"],
    queryFn: () => call<{ by_mail: boolean }>("/auth/password-reset"),
  });
  const form = useForm({ initialValues: { email: "" } });
  const ask = useMutation({
    mutationFn: (json: typeof form.values) => call("/auth/password-reset", { json }),
  });
  return (
    <CardPage title="Forgot your password?">
      <Stack>
        <ErrorNote error={way.error ?? ask.error} />
        {way.data?.by_mail === false ? (
          <Text size="sm">
            This server sends no mail. Ask whoever runs Bankbell for your organisation: once a mail server is
            set there, a link for a new password can be sent from this page.
          </Text>
        ) : null}
        {ask.isSuccess ? (
          <Alert color="teal" role="status" title="Look into your mailbox">
            If somebody signs in with {form.values.email}, a link is on its way. It works for an hour.
          </Alert>
        ) : null}
        {way.data?.by_mail === true && !ask.isSuccess ? (
          <form onSubmit={form.onSubmit((values) => ask.mutate(values))}>
            <Stack>
              <TextInput
                label="E-mail address"
                type="email"
                autoComplete="username"
                required
                {...form.getInputProps("email")}
              />
              <Button type="submit" size="md" loading={ask.isPending} fullWidth>
                Send a link
              </Button>
            </Stack>
          </form>
        ) : null}
        <BackToSignIn />
      </Stack>
    </CardPage>
  );
}

function Choose({ token }: { token: string }) {
  const form = useForm({ initialValues: { password: "" }, validate: { password: passwordFault } });
  const choose = useMutation({
    mutationFn: ({ password }: typeof form.values) =>
      call("/auth/password-reset/confirm", { json: { token, password } }),
  });
  if (choose.isSuccess) {
    return (
      <CardPage title="Your password has been changed" about="You are signed out everywhere.">
        <BackToSignIn />
      </CardPage>
    );
  }
  return (
    <CardPage title="Choose a new password">
      <form onSubmit={form.onSubmit((values) => choose.mutate(values))}>
        <Stack>
          <ErrorNote error={choose.error} />
          <PasswordInput
            label="New password"
            description={`At least ${SHORTEST_PASSWORD} characters; a few words are easier to remember than signs.`}
            autoComplete="new-password"
            required
            maxLength={200}
            {...form.getInputProps("password")}
          />
          <Button type="submit" size="md" loading={choose.isPending} fullWidth>
            Change password
          </Button>
        </Stack>
      </form>
    </CardPage>
  );
}
