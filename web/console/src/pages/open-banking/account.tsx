/** A bank account: balances, syncs, transactions. */
import { Button, SegmentedControl, Skeleton, Stack, Text } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import {
  openBankingObject,
  openBankingPost,
  type Balance,
  type BankAccount,
  type BankTransaction,
  type Sync,
} from "../../api/open-banking.ts";
import { queryClient } from "../../api/queries.ts";
import { Copyable } from "../../parts/copy.tsx";
import { Fact, Facts } from "../../parts/facts.tsx";
import { ErrorNote } from "../../parts/faults.tsx";
import { notifyDone, notifyFault } from "../../parts/notify.ts";
import { Page, Section } from "../../parts/page.tsx";
import { Time } from "../../parts/time.tsx";
import { useEnvironment, useViewer } from "../../shell/viewer.ts";
import { maskedNumber } from "./account-columns.tsx";
import { BankName, CustomerLink, formatMajor, Major, ObjectList, type Column } from "./parts.tsx";

export function BankAccountPage() {
  const environment = useEnvironment();
  const { id } = useParams({ from: "/$environment/open-banking/accounts/$id" });
  const account = useQuery(openBankingObject<BankAccount>(environment, `/bank_accounts/${id}`));
  const sync = useQuery(openBankingObject<Sync>(environment, `/bank_accounts/${id}/sync`, true));
  return (
    <Page
      title={account.data ? (account.data.nickname ?? maskedNumber(account.data)) : "Bank account"}
      actions={sync.data ? <SyncButton id={id} sync={sync.data} /> : null}
    >
      <ErrorNote error={account.error} retry={() => void account.refetch()} />
      {account.isPending ? <Skeleton height={240} radius="md" /> : null}
      {account.data ? <Detail account={account.data} sync={sync.data ?? null} /> : null}
    </Page>
  );
}

function SyncButton({ id, sync }: { id: string; sync: Sync }) {
  const environment = useEnvironment();
  const { may } = useViewer();
  const ask = useMutation({
    mutationFn: () => openBankingPost<Sync>(environment, `/bank_accounts/${id}/sync`),
    onSuccess: async () => {
      notifyDone("The bank is asked. New transactions show up here.");
      await queryClient.invalidateQueries({ queryKey: [environment, "open-banking"] });
    },
    onError: notifyFault,
  });
  if (!may("developer")) return null;
  return (
    <Button
      variant="default"
      leftSection={<IconRefresh size={16} />}
      loading={ask.isPending || sync.status === "running"}
      onClick={() => ask.mutate()}
    >
      Sync now
    </Button>
  );
}

function Detail({ account, sync }: { account: BankAccount; sync: Sync | null }) {
  const environment = useEnvironment();
  const balances = useQuery(
    openBankingObject<{ data: Balance[] }>(environment, `/bank_accounts/${account.id}/balance`),
  );
  const { identification } = account;
  return (
    <Stack>
      <Facts>
        <Fact label="Account" wide>
          <Copyable value={account.id} label="Copy the id" />
        </Fact>
        <Fact label="Holder">{account.holder_name ?? "—"}</Fact>
        <Fact label="Bank">
          <BankName id={account.provider} />
        </Fact>
        <Fact label="Customer">
          <CustomerLink customer={account.customer} vendor={account.vendor} />
        </Fact>
        <Fact label="Number">
          {[
            identification.sort_code,
            identification.account_number ?? identification.iban ?? identification.pan,
          ]
            .filter(Boolean)
            .join(" ") || "—"}
        </Fact>
        {(balances.data?.data ?? []).map((balance) => (
          <Fact key={balance.type} label={balance.type === "actual" ? "Balance" : "Balance, with pending"}>
            <Text fw={600} size="lg">
              {formatMajor(balance.current, balance.currency)}
            </Text>
            {balance.available === null ? null : (
              <Text size="xs" c="dimmed">
                {formatMajor(balance.available, balance.currency)} available
              </Text>
            )}
          </Fact>
        ))}
        <Fact label="Synced">
          {sync === null || sync.synced_to === null ? "not yet" : <Time at={sync.synced_to} size="sm" ago />}
        </Fact>
      </Facts>
      <Transactions id={account.id} />
    </Stack>
  );
}

function Transactions({ id }: { id: string }) {
  const [status, setStatus] = useState("booked");
  return (
    <Section
      title="Transactions"
      actions={
        <SegmentedControl
          size="xs"
          value={status}
          onChange={setStatus}
          data={[
            { value: "booked", label: "Booked" },
            { value: "pending", label: "Pending" },
          ]}
        />
      }
    >
      <ObjectList<BankTransaction>
        bleeds
        label="Transactions"
        path={`/bank_accounts/${id}/transactions`}
        filters={{ status, limit: "50" }}
        columns={COLUMNS}
        empty={
          <Text size="sm" c="dimmed" px="lg" pb="lg">
            {status === "booked" ? "None yet. They show up after the first sync." : "Nothing is pending."}
          </Text>
        }
      />
    </Section>
  );
}

const COLUMNS: readonly Column<BankTransaction>[] = [
  { head: "When", cell: ({ timestamp }) => <Time at={timestamp} size="sm" /> },
  {
    head: "Description",
    isWords: true,
    cell: ({ description, merchant, reference }) => (
      <>
        <Text size="sm">{merchant ?? description}</Text>
        <Text size="xs" c="dimmed">
          {[...new Set([description, reference])]
            .filter((one) => one && one !== merchant && (one !== description || merchant !== null))
            .join(" · ")}
        </Text>
      </>
    ),
  },
  { head: "Category", cell: ({ category }) => category ?? "—" },
  {
    head: "Amount",
    isNumber: true,
    cell: ({ amount, currency }) => <Major amount={amount} currency={currency} signed />,
  },
  {
    head: "Balance",
    isNumber: true,
    cell: ({ balance, currency }) =>
      balance === null ? "—" : <Major amount={balance} currency={currency} />,
  },
];
