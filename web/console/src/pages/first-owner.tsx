import { Button, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../api/client.ts";
import { CardPage } from "../parts/card-page.tsx";
import { ErrorNote } from "../parts/faults.tsx";
import { AccountFields, passwordFault } from "../parts/password-fields.tsx";

/** The token stands behind the `#`: it is in no log and in no referrer. */
export function FirstOwnerPage() {
  const [token] = useState(() => location.hash.slice(1));
  const form = useForm({
    initialValues: { organisation: "", name: "", email: "", password: "" },
    validate: { password: passwordFault },
  });
  const create = useMutation({
    mutationFn: (values: typeof form.values) => call("/first-owner", { json: { ...values, token } }),
    onSuccess: () => location.assign("/console/"),
  });
  return (
    <CardPage
      title="Welcome to Bankbell"
      about="You are the first here: you own the console, and you can invite others."
    >
      <form onSubmit={form.onSubmit((values) => create.mutate(values))}>
        <Stack>
          <ErrorNote error={create.error} />
          <TextInput
            label="Organisation"
            description="What your team is called."
            autoComplete="organization"
            required
            maxLength={100}
            {...form.getInputProps("organisation")}
          />
          <TextInput
            label="E-mail address"
            type="email"
            autoComplete="username"
            required
            {...form.getInputProps("email")}
          />
          <AccountFields form={form} />
          <Button type="submit" size="md" loading={create.isPending} fullWidth>
            Create the owner
          </Button>
        </Stack>
      </form>
    </CardPage>
  );
}
