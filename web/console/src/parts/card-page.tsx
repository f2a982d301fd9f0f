import { Box, Center, Paper, Stack, Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";
import { Logo } from "../shell/shell.tsx";

/** A page before sign-in: one card. */
export function CardPage({
  title,
  about,
  children,
}: {
  title: string;
  about?: ReactNode;
  children: ReactNode;
}) {
  useDocumentTitle(`${title} · Bankbell`);
  return (
    <Box className="bb-main" component="main">
      <Center mih="100dvh" p="md">
        <Paper p={{ base: "lg", xs: "xl" }} w="100%" maw={420} shadow="sm">
          <Stack gap="lg">
            <Stack gap={6}>
              <Logo />
              <Title order={1} size={22} mt="xs">
                {title}
              </Title>
              {about === undefined ? null : (
                <Text c="dimmed" size="sm" component="div">
                  {about}
                </Text>
              )}
            </Stack>
            {children}
          </Stack>
        </Paper>
      </Center>
    </Box>
  );
}
