/** Whose banks are connected. */
import { Anchor, Skeleton, Stack, Text } from "@mantine/core";
import { IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import {
  openBankingObject,
  type BankAccount,
  type Consent,
  type Customer,
  type Payment,
} from "../../api/open-banking.ts";
import { Copyable } from "../../parts/copy.tsx";
import { Fact, Facts } from "../../parts/facts.tsx";
import { ErrorNote } from "../../parts/faults.tsx";
import { Empty, Page, Section } from "../../parts/page.tsx";
import { Time } from "../../parts/time.tsx";
import { useEnvironment } from "../../shell/viewer.ts";
import { accountColumns } from "./account-columns.tsx";
import { consentColumns } from "./consent-columns.tsx";
import { ObjectList, type Column } from "./parts.tsx";
import { paymentColumns } from "./payment-columns.tsx";

const COLUMNS: Column<Customer>[] = [
  { head: "Name", cell: (row) => <CustomerLink id={row.id} name={row.name} /> },
  { head: "E-mail", cell: ({ email }) => email ?? "—" },
  { head: "Created", cell: ({ created_at: at }) => <Time at={at} size="sm" /> },
];

export function CustomersPage() {
  return (
    <Page title="Customers" about="Whose banks are connected. Your server makes them by POST /customers.">
      <ObjectList
        label="Customers"
        path="/customers"
        columns={COLUMNS}
        empty={
          <Empty icon={<IconUsers size={36} stroke={1.4} />} title="No customer yet">
            Make one by POST /customers, then ask for their consent by POST /consents.
          </Empty>
        }
      />
    </Page>
  );
}

function CustomerLink({ id, name }: { id: string; name: string }) {
  const environment = useEnvironment();
  return (
    <>
      <Anchor
        size="sm"
        fw={550}
        renderRoot={(props) => (
          <Link {...props} to="/$environment/open-banking/customers/$id" params={{ environment, id }} />
        )}
      >
        {name}
      </Anchor>
      <Text size="xs" c="dimmed" ff="monospace">
        {id}
      </Text>
    </>
  );
}

export function CustomerPage() {
  const environment = useEnvironment();
  const { id } = useParams({ from: "/$environment/open-banking/customers/$id" });
  const customer = useQuery(openBankingObject<Customer>(environment, `/customers/${id}`));
  return (
    <Page title={customer.data?.name ?? "Customer"}>
      <ErrorNote error={customer.error} retry={() => void customer.refetch()} />
      {customer.isPending ? <Skeleton height={120} radius="md" /> : null}
      {customer.data ? <Customer customer={customer.data} /> : null}
    </Page>
  );
}

function Customer({ customer }: { customer: Customer }) {
  const filters = { customer: customer.id };
  return (
    <Stack>
      <Facts>
        <Fact label="Customer" wide>
          <Copyable value={customer.id} label="Copy the id" />
        </Fact>
        <Fact label="E-mail">{customer.email ?? "—"}</Fact>
        <Fact label="Phone">{customer.phone ?? "—"}</Fact>
        <Fact label="Created">
          <Time at={customer.created_at} size="sm" />
        </Fact>
      </Facts>
      <Section title="Bank accounts">
        <ObjectList<BankAccount>
          bleeds
          label="Bank accounts"
          path="/bank_accounts"
          filters={filters}
          columns={accountColumns}
          empty={<None what="account" />}
        />
      </Section>
      <Section title="Consents">
        <ObjectList<Consent>
          bleeds
          label="Consents"
          path="/consents"
          filters={filters}
          columns={consentColumns}
          empty={<None what="consent" />}
        />
      </Section>
      <Section title="Payments">
        <ObjectList<Payment>
          bleeds
          label="Payments"
          path="/payments"
          filters={filters}
          columns={paymentColumns}
          empty={<None what="payment" />}
        />
      </Section>
    </Stack>
  );
}

const None = ({ what }: { what: string }) => (
  <Text size="sm" c="dimmed" px="lg" pb="lg">
    No {what} yet.
  </Text>
);
