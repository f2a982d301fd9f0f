import { Box, Group, Paper, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";

/** A page's frame: title, what it is for, and what can be done here. */
export function Page({
  title,
  about,
  actions,
  children,
}: {
  title: string;
  about?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  useDocumentTitle(`${title} · Bankbell`);
  return (
    <Stack gap="lg" maw={1180} mx="auto" pb={64}>
      <Group justify="space-between" align="flex-start" gap="md">
        <Box>
          <Title order={1} size={24} style={{ overflowWrap: "anywhere" }}>
            {title}
          </Title>
          {about === undefined ? null : (
            <Text c="dimmed" size="sm" mt={4} component="div" maw={680}>
              {about}
            </Text>
          )}
        </Box>
        {actions === undefined ? null : <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
}

export function Section({
  title,
  about,
  actions,
  children,
}: {
  title: string;
  about?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <Paper p="lg">
      <Group justify="space-between" align="flex-start" mb="md">
        <Box>
          <Title order={2} size={16}>
            {title}
          </Title>
          {about === undefined ? null : (
            <Text c="dimmed" size="sm" mt={2} component="div">
              {about}
            </Text>
          )}
        </Box>
        {actions}
      </Group>
      {children}
    </Paper>
  );
}

/** As tall as the rows that will come: nothing jumps when they do. */
export function RowsSkeleton({ rows = 6, height = 44 }: { rows?: number; height?: number }) {
  return (
    <Stack gap={1} aria-hidden p="sm">
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={height - 12} my={5} />
      ))}
    </Stack>
  );
}

/** An empty place that says what belongs there and how it gets there. */
export function Empty({
  icon,
  title,
  children,
  action,
}: {
  icon: ReactNode;
  title: string;
  children: ReactNode;
  action?: ReactNode;
}) {
  return (
    <Stack align="center" gap={6} py={48} px="md" ta="center">
      <Box c="dimmed" mb={4} aria-hidden>
        {icon}
      </Box>
      <Text fw={600}>{title}</Text>
      <Text c="dimmed" size="sm" maw={440} component="div">
        {children}
      </Text>
      {action === undefined ? null : <Box mt="sm">{action}</Box>}
    </Stack>
  );
}
