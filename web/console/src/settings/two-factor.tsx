import { Alert, Badge, Button, Group, Modal, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { call } from "../api/client.ts";
import { me } from "../api/queries.ts";
import { Code } from "../parts/code.tsx";
import { Copyable } from "../parts/copy.tsx";
import { ErrorNote } from "../parts/faults.tsx";
import { notifyDone } from "../parts/notify.ts";
import { Section } from "../parts/page.tsx";
import { useViewer } from "../shell/viewer.ts";

const QrCode = lazy(() => import("./qr-code.tsx").then(({ QrCode }) => ({ default: QrCode })));

interface Enabled {
  uri: string;
  backup_codes: string[];
}

type Open = "enable" | "disable" | null;

export function TwoFactor() {
  const { user } = useViewer();
  const [open, setOpen] = useState<Open>(null);
  return (
    <Section
      title="Second factor"
      about="A code of an authenticator app, beside the password."
      actions={
        <Button
          variant={user.two_factor ? "default" : "filled"}
          onClick={() => setOpen(user.two_factor ? "disable" : "enable")}
        >
          {user.two_factor ? "Turn off" : "Set up"}
        </Button>
      }
    >
      {user.two_factor ? (
        <Badge color="teal" c="light-dark(var(--mantine-color-teal-9), var(--mantine-color-teal-2))">
          On
        </Badge>
      ) : (
        <Text size="sm" c="dimmed">
          Off. Whoever learns your password can sign in as you: set it up.
        </Text>
      )}
      {open === "enable" ? <Enable onClose={() => setOpen(null)} /> : null}
      {open === "disable" ? <Disable onClose={() => setOpen(null)} /> : null}
    </Section>
  );
}

function useRefreshMe() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: me.queryKey });
}

function Enable({ onClose }: { onClose: () => void }) {
  const [enabled, setEnabled] = useState<Enabled | null>(null);
  const [isConfirmed, setConfirmed] = useState(false);
  const refresh = useRefreshMe();
  const start = useMutation({
    mutationFn: (password: string) => call<Enabled>("/auth/two-factor/enable", { json: { password } }),
    onSuccess: setEnabled,
  });
  const confirm = useMutation({
    mutationFn: (code: string) =>
      call("/auth/two-factor/confirm", { json: { code: code.replaceAll(/\s/g, "") } }),
    onSuccess: async () => {
      setConfirmed(true);
      await refresh();
    },
  });
  return (
    <Modal opened onClose={onClose} title="Set up a second factor" size="lg" closeOnClickOutside={false}>
      {enabled === null ? (
        <AskPassword verb="Continue" isPending={start.isPending} error={start.error} onDone={start.mutate} />
      ) : isConfirmed ? (
        <BackupCodes codes={enabled.backup_codes} onClose={onClose} />
      ) : (
        <Scan uri={enabled.uri} isPending={confirm.isPending} error={confirm.error} onCode={confirm.mutate} />
      )}
    </Modal>
  );
}

function Disable({ onClose }: { onClose: () => void }) {
  const refresh = useRefreshMe();
  const disable = useMutation({
    mutationFn: (password: string) => call("/auth/two-factor/disable", { json: { password } }),
    onSuccess: async () => {
      notifyDone("The second factor is off.");
      onClose();
      await refresh();
    },
  });
  return (
    <Modal opened onClose={onClose} title="Turn the second factor off?">
      <AskPassword
        verb="Turn off"
        isPending={disable.isPending}
        error={disable.error}
        onDone={disable.mutate}
      />
    </Modal>
  );
}

interface AskProps {
  verb: string;
  isPending: boolean;
  error: unknown;
  onDone: (password: string) => void;
}

function AskPassword({ verb, isPending, error, onDone }: AskProps) {
  const form = useForm({ initialValues: { password: "" } });
  return (
    <form onSubmit={form.onSubmit(({ password }) => onDone(password))}>
      <Stack>
        <ErrorNote error={error} />
        <PasswordInput
          label="Your password"
          autoComplete="current-password"
          required
          data-autofocus
          {...form.getInputProps("password")}
        />
        <Group justify="flex-end">
          <Button type="submit" loading={isPending}>
            {verb}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface ScanProps {
  uri: string;
  isPending: boolean;
  error: unknown;
  onCode: (code: string) => void;
}

function Scan({ uri, isPending, error, onCode }: ScanProps) {
  const form = useForm({ initialValues: { code: "" } });
  const secret = new URL(uri).searchParams.get("secret") ?? "";
  return (
    <form onSubmit={form.onSubmit(({ code }) => onCode(code))}>
      <Stack>
        <Text size="sm">Scan this with your authenticator app, then type the six digits that it shows.</Text>
        <Group align="flex-start" wrap="wrap">
          <Suspense fallback={<div style={{ width: 180, height: 180 }} />}>
            <QrCode text={uri} />
          </Suspense>
          <Stack gap={4} maw={260}>
            <Text size="xs" c="dimmed">
              Or type this key into it:
            </Text>
            <Copyable value={secret} label="Copy the key" />
          </Stack>
        </Group>
        <ErrorNote error={error} />
        <TextInput
          label="Code"
          inputMode="numeric"
          autoComplete="one-time-code"
          required
          maw={200}
          {...form.getInputProps("code")}
        />
        <Group justify="flex-end">
          <Button type="submit" loading={isPending}>
            Confirm
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function BackupCodes({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  return (
    <Stack>
      <Alert color="teal" title="The second factor is on" />
      <Text size="sm">
        Keep these back-up codes where you find them without your phone. Each works once; they are not shown
        again.
      </Text>
      <Code text={codes.join("\n")} label="Back-up codes" />
      <Group justify="flex-end">
        <Button onClick={onClose}>I have kept them</Button>
      </Group>
    </Stack>
  );
}
