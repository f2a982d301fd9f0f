import { PasswordInput, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";

export const SHORTEST_PASSWORD = 10;

export const passwordFault = (password: string): string | null =>
  password.length < SHORTEST_PASSWORD ? `At least ${SHORTEST_PASSWORD} characters.` : null;

interface Account {
  name: string;
  password: string;
}

/** Name and password of a new account. */
export function AccountFields<T extends Account>({ form }: { form: UseFormReturnType<T> }) {
  return (
    <>
      <TextInput
        label="Your name"
        autoComplete="name"
        required
        maxLength={100}
        key={form.key("name")}
        {...form.getInputProps("name")}
      />
      <PasswordInput
        label="Password"
        description={`At least ${SHORTEST_PASSWORD} characters; a few words are easier to remember than signs.`}
        autoComplete="new-password"
        required
        maxLength={200}
        key={form.key("password")}
        {...form.getInputProps("password")}
      />
    </>
  );
}
