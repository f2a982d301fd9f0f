/** A case's transactions: newest first, found by words, shown a hundred at a time. */
import { Button, Group, Paper, Select, Table, Text, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { caseTransactions, type CaseAccount, type CaseTransaction } from "../../api/cases.ts";
import { ErrorNote } from "../../parts/faults.tsx";
import { formatDay, Money } from "../../parts/money.tsx";
import { RowsSkeleton } from "../../parts/page.tsx";
import { useEnvironment } from "../../shell/viewer.ts";
import { ProofBadge } from "./badges.tsx";

const STEP = 100;

export function Transactions({
  id,
  accounts,
  digitsOf,
}: {
  id: string;
  accounts: CaseAccount[];
  digitsOf: (accountId: string) => number;
}) {
  const environment = useEnvironment();
  const list = useQuery(caseTransactions(environment, id));
  const [text, setText] = useState("");
  const [account, setAccount] = useState<string | null>(null);
  const [shown, setShown] = useState(STEP);
  const rows = (list.data?.data ?? []).filter((row) => fits(row, text, account));
  const currencies = new Map(accounts.map(({ id: own, currency }) => [own, currency]));
  if (list.isPending) return <RowsSkeleton rows={10} />;
  if (list.error) return <ErrorNote error={list.error} retry={() => void list.refetch()} />;
  return (
    <>
      <Filters text={text} onText={setText} accounts={accounts} account={account} onAccount={setAccount} />
      <Paper style={{ overflow: "hidden" }}>
        <div className="bb-table-wrap" tabIndex={0} role="region" aria-label="Transactions">
          <Table miw={760}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Day</Table.Th>
                <Table.Th>Narration</Table.Th>
                <Table.Th>Category</Table.Th>
                <Table.Th>Proof</Table.Th>
                <Table.Th ta="right">Amount</Table.Th>
                <Table.Th ta="right">Balance</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.slice(0, shown).map((row) => (
                <Row
                  key={`${row.account_id} ${row.hash}`}
                  row={row}
                  currency={currencies.get(row.account_id) ?? "INR"}
                  digits={digitsOf(row.account_id)}
                />
              ))}
            </Table.Tbody>
          </Table>
        </div>
      </Paper>
      <Text size="sm" c="dimmed" mt="sm" aria-live="polite">
        {Math.min(shown, rows.length)} of {rows.length} shown
      </Text>
      {rows.length > shown ? (
        <Group justify="center" mt="sm">
          <Button variant="default" onClick={() => setShown(shown + STEP)}>
            Show more
          </Button>
        </Group>
      ) : null}
    </>
  );
}

interface FilterProps {
  text: string;
  onText: (text: string) => void;
  accounts: CaseAccount[];
  account: string | null;
  onAccount: (id: string | null) => void;
}

function Filters({ text, onText, accounts, account, onAccount }: FilterProps) {
  return (
    <Group mb="md" gap="sm" align="flex-end">
      <TextInput
        label="Find"
        placeholder="narration, category or reference"
        leftSection={<IconSearch size={16} />}
        value={text}
        onChange={({ currentTarget: { value } }) => onText(value)}
        style={{ flex: "1 1 240px" }}
      />
      {accounts.length > 1 ? (
        <Select
          label="Account"
          placeholder="All"
          clearable
          data={accounts.map(({ id: value, bank_name: bank, account_number: number }) => ({
            value,
            label: `${bank} ${number ?? ""}`,
          }))}
          value={account}
          onChange={onAccount}
          w={260}
        />
      ) : null}
    </Group>
  );
}

function Row({ row, currency, digits }: { row: CaseTransaction; currency: string; digits: number }) {
  return (
    <Table.Tr>
      <Table.Td style={{ whiteSpace: "nowrap" }}>{formatDay(row.day)}</Table.Td>
      <Table.Td className="bb-words">
        <Text size="sm">{row.narration}</Text>
        {row.reference === null ? null : (
          <Text size="xs" c="dimmed">
            {row.reference}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Text size="sm">{row.category}</Text>
      </Table.Td>
      <Table.Td>
        <ProofBadge proof={row.proof} />
      </Table.Td>
      <Table.Td ta="right">
        <Money minor={row.amount} currency={currency} digits={digits} direction={row.direction} />
      </Table.Td>
      <Table.Td ta="right">
        {row.balance === null ? "—" : <Money minor={row.balance} currency={currency} digits={digits} />}
      </Table.Td>
    </Table.Tr>
  );
}

function fits(row: CaseTransaction, text: string, account: string | null): boolean {
  if (account !== null && row.account_id !== account) return false;
  const wanted = text.trim().toLowerCase();
  return [row.narration, row.category, row.reference ?? "", row.channel].some((own) =>
    own.toLowerCase().includes(wanted),
  );
}
