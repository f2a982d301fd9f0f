import { Tabs } from "@mantine/core";
import { Code } from "../parts/code.tsx";
import { Section } from "../parts/page.tsx";
import { VERIFY_NODE, VERIFY_PYTHON, VERIFY_SHELL } from "./snippets.ts";

const SNIPPETS = [
  { value: "node", label: "Node.js", text: VERIFY_NODE },
  { value: "python", label: "Python", text: VERIFY_PYTHON },
  { value: "shell", label: "By hand", text: VERIFY_SHELL },
];

export function Verification() {
  return (
    <Section
      title="Verify signatures"
      about="Deliveries follow Standard Webhooks: any of its libraries verifies them. Verify the bytes as they came, before you parse them."
    >
      <Tabs defaultValue="node">
        <Tabs.List mb="sm">
          {SNIPPETS.map(({ value, label }) => (
            <Tabs.Tab key={value} value={value}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {SNIPPETS.map(({ value, label, text }) => (
          <Tabs.Panel key={value} value={value}>
            <Code text={text} label={`Verification in ${label}`} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </Section>
  );
}
