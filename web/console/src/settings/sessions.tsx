import { Badge, Box, Button, Table, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "../api/client.ts";
import { mySessions, teamSessions } from "../api/queries.ts";
import type { SigninSession } from "../api/types.ts";
import { ErrorNote } from "../parts/faults.tsx";
import { notifyDone, notifyFault } from "../parts/notify.ts";
import { RowsSkeleton, Section } from "../parts/page.tsx";
import { Time } from "../parts/time.tsx";
import { useEnvironment } from "../shell/viewer.ts";

/** Who is signed in where: one's own sessions, or the whole team's. */
export function Sessions({ whose }: { whose: "me" | "team" }) {
  const environment = useEnvironment();
  const mine = useQuery({ ...mySessions, enabled: whose === "me" });
  const all = useQuery({ ...teamSessions(environment), enabled: whose === "team" });
  const query = whose === "me" ? mine : all;
  return (
    <Section
      title="Sessions"
      about={whose === "me" ? "Where you are signed in." : "Where the members of the team are signed in."}
    >
      <ErrorNote error={query.error} retry={() => void query.refetch()} />
      {query.data ? <SessionTable rows={query.data.data} whose={whose} /> : <RowsSkeleton rows={2} />}
    </Section>
  );
}

function SessionTable({ rows, whose }: { rows: SigninSession[]; whose: "me" | "team" }) {
  const environment = useEnvironment();
  const client = useQueryClient();
  const path = whose === "me" ? "/me/sessions" : "/team/sessions";
  const end = useMutation({
    mutationFn: (id: string) => call(`${path}/${id}`, { environment, method: "DELETE" }),
    onSuccess: () => notifyDone("Signed out there."),
    onError: notifyFault,
    onSettled: () => client.invalidateQueries(),
  });
  return (
    <Box className="bb-table-wrap">
      <Table className="bb-stack" miw={520}>
        <Table.Tbody>
          {rows.map((session) => (
            <Table.Tr key={session.id}>
              <Table.Td>
                <Text size="sm" fw={550}>
                  {whose === "team" ? `${session.user.name} · ` : ""}
                  {deviceOf(session.user_agent)}{" "}
                  {session.current ? (
                    <Badge
                      color="teal"
                      c="light-dark(var(--mantine-color-teal-9), var(--mantine-color-teal-2))"
                    >
                      this one
                    </Badge>
                  ) : null}
                </Text>
                <Text size="xs" c="dimmed">
                  {session.ip_address ?? "unknown address"} · signed in <Time at={session.created_at} />
                </Text>
              </Table.Td>
              <Table.Td ta="right">
                {session.current ? null : (
                  <Button size="xs" variant="default" onClick={() => end.mutate(session.id)}>
                    Sign out
                  </Button>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Box>
  );
}

const BROWSERS = [
  [/Edg\//, "Edge"],
  [/Firefox\//, "Firefox"],
  [/Chrom(e|ium)\//, "Chrome"],
  [/Safari\//, "Safari"],
] as const;
const SYSTEMS = [
  [/Android/, "Android"],
  [/iPhone|iPad/, "iOS"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/Linux/, "Linux"],
] as const;

/** `Firefox on Linux`, as far as the browser tells. */
function deviceOf(userAgent: string | null): string {
  const text = userAgent ?? "";
  const browser = BROWSERS.find(([pattern]) => pattern.test(text))?.[1];
  const system = SYSTEMS.find(([pattern]) => pattern.test(text))?.[1];
  if (browser === undefined) return "A program";
  return system === undefined ? browser : `${browser} on ${system}`;
}
