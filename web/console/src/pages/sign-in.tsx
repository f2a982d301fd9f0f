import { Alert, Anchor, Button, Checkbox, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { call } from "../api/client.ts";
import { CardPage } from "../parts/card-page.tsx";
import { ErrorNote } from "../parts/faults.tsx";

/** Paths of ours alone, below `/console`: a link must not lead elsewhere after sign-in. */
const placeOf = (to: string | undefined) => (to?.startsWith("/") === true ? `/console${to}` : "/console/");

export function SignInPage() {
  const { to } = useSearch({ from: "/sign-in" });
  const [needsCode, setNeedsCode] = useState(false);
  const enter = () => location.assign(placeOf(to));
  return needsCode ? (
    <SecondFactor onDone={enter} />
  ) : (
    <Password onDone={(twoFactor) => (twoFactor ? setNeedsCode(true) : enter())} />
  );
}

function Password({ onDone }: { onDone: (twoFactor: boolean) => void }) {
  const form = useForm({ initialValues: { email: "", password: "" } });
  const first = useQuery({ queryKey: ["first"], queryFn: () => call<{ needed: boolean }>("/first-owner") });
  const signIn = useMutation({
    mutationFn: (json: typeof form.values) => call<{ two_factor: boolean }>("/auth/sign-in", { json }),
    onSuccess: (answer) => onDone(answer.two_factor),
  });
  return (
    <CardPage title="Sign in to Bankbell">
      <form onSubmit={form.onSubmit((values) => signIn.mutate(values))}>
        <Stack>
          {first.data?.needed === true ? (
            <Alert color="bell" title="Nobody can sign in yet">
              The first owner is made with the link that the server has printed at its start. Is it older than
              a day? Start the server again: it prints another.
            </Alert>
          ) : null}
          <ErrorNote error={signIn.error} />
          <TextInput
            label="E-mail address"
            type="email"
            autoComplete="username"
            required
            data-autofocus
            {...form.getInputProps("email")}
          />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            required
            {...form.getInputProps("password")}
          />
          <Button type="submit" size="md" loading={signIn.isPending} fullWidth>
            Sign in
          </Button>
          <Anchor size="sm" renderRoot={(props) => <Link {...props} to="/reset-password" />}>
            Forgot your password?
          </Anchor>
        </Stack>
      </form>
    </CardPage>
  );
}

function SecondFactor({ onDone }: { onDone: () => void }) {
  const [usesBackup, setUsesBackup] = useState(false);
  const form = useForm({ initialValues: { code: "", trust: false } });
  const verify = useMutation({
    mutationFn: ({ code, trust }: typeof form.values) =>
      call("/auth/two-factor", {
        json: usesBackup
          ? { backup_code: code.trim() }
          : { code: code.replaceAll(/\s/g, ""), trust_device: trust },
      }),
    onSuccess: onDone,
  });
  return (
    <CardPage
      title="One more step"
      about={
        usesBackup
          ? "Type one of the back-up codes that you kept. Each works once."
          : "Type the six digits that your authenticator app shows."
      }
    >
      <form onSubmit={form.onSubmit((values) => verify.mutate(values))}>
        <Stack>
          <ErrorNote error={verify.error} />
          <TextInput
            label={usesBackup ? "Back-up code" : "Code"}
            inputMode={usesBackup ? "text" : "numeric"}
            autoComplete="one-time-code"
            required
            autoFocus
            {...form.getInputProps("code")}
          />
          {usesBackup ? null : (
            <Checkbox
              label="Do not ask on this device for 30 days"
              {...form.getInputProps("trust", { type: "checkbox" })}
            />
          )}
          <Button type="submit" size="md" loading={verify.isPending} fullWidth>
            Verify
          </Button>
          <Anchor
            component="button"
            type="button"
            size="sm"
            onClick={() => {
              form.reset();
              verify.reset();
              setUsesBackup(!usesBackup);
            }}
          >
            {usesBackup ? "Use the authenticator app" : "Use a back-up code"}
          </Anchor>
        </Stack>
      </form>
    </CardPage>
  );
}
