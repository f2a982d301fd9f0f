import { AppShell, NavLink, ScrollArea } from "@mantine/core";
import { IconBook } from "@tabler/icons-react";
import { Link, useRouterState } from "@tanstack/react-router";
import { isAtLeast, NAV, type NavEntry } from "./nav.ts";
import { useEnvironment, useViewer } from "./viewer.ts";

export function NavBar() {
  const environment = useEnvironment();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  return (
    <>
      <AppShell.Section grow component={ScrollArea}>
        <nav aria-label="Main">
          {NAV.map((entry) => (
            <Entry key={entry.to} entry={entry} />
          ))}
        </nav>
      </AppShell.Section>
      <AppShell.Section>
        <NavLink
          renderRoot={(props) => <Link {...props} to={`/${environment}/reference`} />}
          active={path === `/${environment}/reference`}
          label="API reference"
          leftSection={<IconBook size={18} stroke={1.6} />}
          style={{ borderRadius: 8 }}
        />
      </AppShell.Section>
    </>
  );
}

function Entry({ entry }: { entry: NavEntry }) {
  const environment = useEnvironment();
  const { role } = useViewer();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const isHere = (to: string) => {
    const whole = `/${environment}${to}`;
    return path === whole || path.startsWith(`${whole}/`);
  };
  const children = (entry.children ?? []).filter(({ least }) => isAtLeast(role, least));
  const isOpen = isHere(entry.to) || children.some(({ to }) => isHere(to));
  const isAtChild = children.some(({ to }) => isHere(to));
  const { icon: Icon } = entry;
  return (
    <>
      <NavLink
        renderRoot={(props) => (
          <Link {...props} to={`/${environment}${entry.to}`} activeOptions={{ exact: true }} />
        )}
        label={entry.label}
        active={isHere(entry.to) && !isAtChild}
        leftSection={<Icon size={18} stroke={1.6} />}
        style={{ borderRadius: 8 }}
        mb={2}
      />
      {isOpen
        ? children.map(({ label, to }) => (
            <NavLink
              key={to}
              renderRoot={(props) => <Link {...props} to={`/${environment}${to}`} />}
              label={label}
              active={isHere(to)}
              pl={44}
              py={6}
              style={{ borderRadius: 8 }}
              mb={2}
            />
          ))
        : null}
    </>
  );
}
