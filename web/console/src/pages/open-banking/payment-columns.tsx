import { Anchor, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Payment } from "../../api/open-banking.ts";
import { Time } from "../../parts/time.tsx";
import { useEnvironment } from "../../shell/viewer.ts";
import { Major, StatusBadge, type Column } from "./parts.tsx";

export const paymentColumns: readonly Column<Payment>[] = [
  { head: "To", cell: (row) => <PaymentLink payment={row} /> },
  { head: "Status", cell: ({ status }) => <StatusBadge status={status} /> },
  { head: "Reference", cell: ({ reference }) => reference ?? "—" },
  {
    head: "Amount",
    isNumber: true,
    cell: ({ amount, currency }) => <Major amount={amount} currency={currency} />,
  },
  { head: "Created", cell: ({ created_at: at }) => <Time at={at} size="sm" /> },
];

function PaymentLink({ payment }: { payment: Payment }) {
  const environment = useEnvironment();
  return (
    <>
      <Anchor
        size="sm"
        fw={550}
        renderRoot={(props) => (
          <Link
            {...props}
            to="/$environment/open-banking/payments/$id"
            params={{ environment, id: payment.id }}
          />
        )}
      >
        {payment.recipient.name}
      </Anchor>
      <Text size="xs" c="dimmed" ff="monospace">
        {payment.id}
      </Text>
    </>
  );
}
