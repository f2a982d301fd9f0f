import { Anchor, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Consent } from "../../api/open-banking.ts";
import { formatDay } from "../../parts/money.tsx";
import { Time } from "../../parts/time.tsx";
import { useEnvironment } from "../../shell/viewer.ts";
import { BankName, StatusBadge, type Column } from "./parts.tsx";

export const consentColumns: readonly Column<Consent>[] = [
  { head: "Consent", cell: (row) => <ConsentLink consent={row} /> },
  { head: "Status", cell: ({ status }) => <StatusBadge status={status} /> },
  { head: "Bank", cell: ({ provider }) => <BankName id={provider} /> },
  {
    head: "Ends",
    cell: ({ expiry_date: day }) => <span style={{ whiteSpace: "nowrap" }}>{formatDay(day)}</span>,
  },
  { head: "Created", cell: ({ created_at: at }) => <Time at={at} size="sm" /> },
];

function ConsentLink({ consent }: { consent: Consent }) {
  const environment = useEnvironment();
  return (
    <>
      <Anchor
        size="sm"
        fw={550}
        ff="monospace"
        renderRoot={(props) => (
          <Link
            {...props}
            to="/$environment/open-banking/consents/$id"
            params={{ environment, id: consent.id }}
          />
        )}
      >
        {consent.id}
      </Anchor>
      <Text size="xs" c="dimmed">
        {consent.scopes.join(", ")}
      </Text>
    </>
  );
}
