import { Menu, Text, UnstyledButton } from "@mantine/core";
import { IconCheck, IconSelector } from "@tabler/icons-react";
import { call } from "../api/client.ts";
import { useViewer } from "./viewer.ts";

/** The name alone where there is one organisation. */
export function OrganisationSwitch() {
  const { organisation, organisations } = useViewer();
  if (organisations.length < 2) {
    return (
      <Text fw={600} size="sm" truncate visibleFrom="xs">
        {organisation?.name}
      </Text>
    );
  }
  const change = async (id: string) => {
    await call("/me/organisation", { json: { organisation_id: id } });
    // Everything that was asked for is another organisation's.
    location.assign("/console/");
  };
  return (
    <Menu position="bottom-start" width={240}>
      <Menu.Target>
        <UnstyledButton
          aria-label="Change the organisation"
          style={{ display: "flex", alignItems: "center", gap: 4 }}
        >
          <Text fw={600} size="sm" truncate>
            {organisation?.name}
          </Text>
          <IconSelector size={16} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Organisations</Menu.Label>
        {organisations.map(({ id, name, role }) => (
          <Menu.Item
            key={id}
            onClick={() => void change(id)}
            rightSection={id === organisation?.id ? <IconCheck size={16} /> : null}
          >
            {name}
            <Text size="xs" c="dimmed">
              {role}
            </Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
