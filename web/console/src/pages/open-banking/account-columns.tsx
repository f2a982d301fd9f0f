import { Anchor, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { BankAccount } from "../../api/open-banking.ts";
import { useEnvironment } from "../../shell/viewer.ts";
import { BankName, type Column } from "./parts.tsx";

/** The last four, as on a card: the whole number is on the account's own page. */
export function maskedNumber({ identification: { account_number: number, iban, pan } }: BankAccount): string {
  const whole = number ?? iban ?? pan;
  return whole === undefined ? "—" : `•••• ${whole.slice(-4)}`;
}

export const accountColumns: readonly Column<BankAccount>[] = [
  { head: "Account", cell: (row) => <AccountLink account={row} /> },
  { head: "Bank", cell: ({ provider }) => <BankName id={provider} /> },
  { head: "Holder", cell: ({ holder_name: name }) => name ?? "—" },
  { head: "Kind", cell: ({ class: kind }) => kind?.replaceAll("_", " ") ?? "—" },
  { head: "Currency", cell: ({ currency }) => currency.toUpperCase() },
];

function AccountLink({ account }: { account: BankAccount }) {
  const environment = useEnvironment();
  return (
    <>
      <Anchor
        size="sm"
        fw={550}
        renderRoot={(props) => (
          <Link
            {...props}
            to="/$environment/open-banking/accounts/$id"
            params={{ environment, id: account.id }}
          />
        )}
      >
        {account.nickname ?? maskedNumber(account)}
      </Anchor>
      {account.nickname === null ? null : (
        <Text size="xs" c="dimmed">
          {maskedNumber(account)}
        </Text>
      )}
    </>
  );
}
