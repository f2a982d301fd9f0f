import { AppShell, Burger, Button, Center, Group, Stack, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Outlet, useRouterState } from "@tanstack/react-router";
import { Suspense, useEffect } from "react";
import { call } from "../api/client.ts";
import { RowsSkeleton } from "../parts/page.tsx";
import { EnvironmentSwitch } from "./environment-switch.tsx";
import { NavBar } from "./nav-bar.tsx";
import { OrganisationSwitch } from "./organisation-switch.tsx";
import { UserMenu } from "./user-menu.tsx";
import { useEnvironment, useViewer } from "./viewer.ts";

/** What stands around every page behind sign-in. */
export function Shell() {
  const [isOpen, nav] = useDisclosure(false);
  const environment = useEnvironment();
  const { organisation } = useViewer();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  useEffect(() => nav.close(), [path, nav.close]);
  if (!organisation) return <NoOrganisation />;
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 232, breakpoint: "sm", collapsed: { mobile: !isOpen } }}
      padding={{ base: "md", sm: "xl" }}
    >
      <div className="bb-env-bar" data-environment={environment} />
      <AppShell.Header>
        <a className="bb-skip" href="#content">
          To the content
        </a>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap" gap="xs">
          <Group gap="xs" wrap="nowrap" miw={0}>
            <Burger
              opened={isOpen}
              onClick={nav.toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={isOpen ? "Close the menu" : "Open the menu"}
            />
            <Logo />
            <OrganisationSwitch />
          </Group>
          <Group gap="sm" wrap="nowrap">
            <EnvironmentSwitch />
            <UserMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" className="bb-nav" data-open={isOpen}>
        <NavBar />
      </AppShell.Navbar>
      <AppShell.Main className="bb-main" id="content" tabIndex={-1}>
        <Suspense fallback={<RowsSkeleton rows={8} />}>
          <Outlet />
        </Suspense>
      </AppShell.Main>
    </AppShell>
  );
}

export function Logo() {
  return (
    <svg
      width="26"
      height="26"
      viewBox="0 0 32 32"
      role="img"
      aria-label="Bankbell"
      style={{ flexShrink: 0 }}
    >
      <rect width="32" height="32" rx="8" fill="#4f46e5" />
      <path
        d="M16 7a6 6 0 0 0-6 6v4.5L8 21h16l-2-3.500V13a6 6 0 0 0-6-6Zm-2.500 16a2.500 2.500 0 0 0 5 0Z"
        fill="#fff"
      />
    </svg>
  );
}

function NoOrganisation() {
  const leave = async () => {
    await call("/auth/sign-out", { json: {} });
    location.assign("/console/sign-in");
  };
  return (
    <Center mih="100dvh" p="md">
      <Stack align="center" maw={420} ta="center">
        <Title order={1} size="h3">
          You belong to no organisation
        </Title>
        <Text c="dimmed">
          An owner has removed you, or has yet to invite you. Ask for an invitation, then open its link.
        </Text>
        <Button variant="default" onClick={() => void leave()}>
          Sign out
        </Button>
      </Stack>
    </Center>
  );
}
