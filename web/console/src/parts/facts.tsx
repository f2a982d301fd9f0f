import { Paper, SimpleGrid, Text } from "@mantine/core";
import type { ReactNode } from "react";

/** What is known of a thing, at the head of its page; two beside each other on a phone. */
export function Facts({ children, below }: { children: ReactNode; below?: ReactNode }) {
  return (
    <Paper p="lg">
      <SimpleGrid cols={{ base: 2, md: 4 }} spacing="lg">
        {children}
      </SimpleGrid>
      {below}
    </Paper>
  );
}

/** @param wide takes the whole line on a phone, for ids */
export const Fact = ({
  label,
  wide = false,
  children,
}: {
  label: string;
  wide?: boolean;
  children: ReactNode;
}) => (
  <div className={wide ? "bb-fact-wide" : undefined} style={{ minWidth: 0 }}>
    <Text size="xs" c="dimmed" mb={4}>
      {label}
    </Text>
    <Text size="sm" component="div" style={{ overflowWrap: "anywhere" }}>
      {children}
    </Text>
  </div>
);
