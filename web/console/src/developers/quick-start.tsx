import { Stack, Text } from "@mantine/core";
import { Code } from "../parts/code.tsx";
import { Section } from "../parts/page.tsx";
import { KEY_PLACEHOLDER, sessionCall, uploadCall } from "./snippets.ts";

export function QuickStart() {
  const { origin } = location;
  return (
    <Section title="Quick start" about={`Put your key in place of ${KEY_PLACEHOLDER}.`}>
      <Stack>
        <Text size="sm">
          1. Create a session. Its <code>redirect_url</code> is the page on which your customer uploads
          statements:
        </Text>
        <Code text={sessionCall(origin, KEY_PLACEHOLDER)} label="Create a session" />
        <Text size="sm">2. Or upload a statement yourself, and have it processed:</Text>
        <Code text={uploadCall(origin)} label="Upload a statement" />
        <Text size="sm">3. Create a webhook, and wait for ENRICHMENT_NOTIFICATION.</Text>
      </Stack>
    </Section>
  );
}
