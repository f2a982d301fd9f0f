/** The banks that this server reaches, and how they do. */
import { Badge, Group, Text } from "@mantine/core";
import { IconBuildingBank } from "@tabler/icons-react";
import type { Provider } from "../../api/open-banking.ts";
import { Empty, Page } from "../../parts/page.tsx";
import { HealthBadge, ObjectList, type Column } from "./parts.tsx";

const ROLES = { ais: "accounts", pis: "payments" };

const COLUMNS: readonly Column<Provider>[] = [
  {
    head: "Bank",
    cell: ({ id, name }) => (
      <>
        <Text size="sm" fw={550}>
          {name}
        </Text>
        <Text size="xs" c="dimmed" ff="monospace">
          {id}
        </Text>
      </>
    ),
  },
  {
    head: "Gives",
    cell: ({ roles }) => (
      <Group gap={6}>
        {roles.map((role) => (
          <Badge
            key={role}
            color="gray"
            c="light-dark(var(--mantine-color-gray-8), var(--mantine-color-gray-3))"
          >
            {ROLES[role]}
          </Badge>
        ))}
      </Group>
    ),
  },
  { head: "Health", cell: ({ health_status: health }) => <HealthBadge health={health} /> },
];

export function BanksPage() {
  return (
    <Page
      title="Banks"
      about="The banks that this server reaches. The operator names them in BANKBELL_PROVIDERS; Orion is the sandbox bank."
    >
      <ObjectList
        label="Banks"
        path="/providers"
        columns={COLUMNS}
        empty={
          <Empty icon={<IconBuildingBank size={36} stroke={1.4} />} title="No bank is configured">
            Start the server with BANKBELL_ORION=on for the sandbox bank, or name your banks in
            BANKBELL_PROVIDERS.
          </Empty>
        }
      />
    </Page>
  );
}
