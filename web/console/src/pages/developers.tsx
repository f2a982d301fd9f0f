import { Anchor, Stack, Text } from "@mantine/core";
import { Keys } from "../developers/keys.tsx";
import { QuickStart } from "../developers/quick-start.tsx";
import { Verification } from "../developers/verification.tsx";
import { Page, Section } from "../parts/page.tsx";
import { useEnvironment, useViewer } from "../shell/viewer.ts";

export function DevelopersPage() {
  const environment = useEnvironment();
  const { may } = useViewer();
  return (
    <Page
      title="Developers"
      about={
        <>
          What your programs need. Every call is in the{" "}
          <Anchor href="/docs" target="_blank" underline="always">
            API reference
          </Anchor>
          .
        </>
      }
    >
      {may("owner") ? (
        <Keys />
      ) : (
        <Section title="API keys">
          <Text size="sm" c="dimmed">
            Keys of the {environment} environment are an owner’s: ask one of your team.
          </Text>
        </Section>
      )}
      <Stack gap="lg">
        <QuickStart />
        <Verification />
      </Stack>
    </Page>
  );
}
