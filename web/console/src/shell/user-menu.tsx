import { ActionIcon, Avatar, Menu, SegmentedControl, Text, useMantineColorScheme } from "@mantine/core";
import { IconLogout, IconShieldLock } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { call } from "../api/client.ts";
import { useEnvironment, useViewer } from "./viewer.ts";

export function UserMenu() {
  const { user, role } = useViewer();
  const environment = useEnvironment();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const signOut = async () => {
    await call("/auth/sign-out", { json: {} });
    location.assign("/console/sign-in");
  };
  return (
    <Menu position="bottom-end" width={250}>
      <Menu.Target>
        <ActionIcon
          variant="transparent"
          size={34}
          radius="xl"
          aria-label={`${initials(user.name)}: your account`}
        >
          <Avatar size={32} radius="xl" color="bell" variant="filled">
            {initials(user.name)}
          </Avatar>
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" fw={600} c="var(--mantine-color-text)" truncate>
            {user.name}
          </Text>
          <Text size="xs" c="dimmed" truncate>
            {user.email} · {role}
          </Text>
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconShieldLock size={16} />}
          renderRoot={(props) => (
            <Link {...props} to="/$environment/settings/security" params={{ environment }} />
          )}
        >
          Password, second factor, sessions
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Appearance</Menu.Label>
        <SegmentedControl
          aria-label="Appearance"
          fullWidth
          size="xs"
          mx={8}
          mb={8}
          value={colorScheme}
          onChange={(value) => setColorScheme(value)}
          data={[
            { label: "Light", value: "light" },
            { label: "Dark", value: "dark" },
            { label: "System", value: "auto" },
          ]}
        />
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  return [words[0], words.length > 1 ? words.at(-1) : ""]
    .map((word) => (word ?? "").charAt(0).toUpperCase())
    .join("");
}
