/** What was paid, or is about to be. */
import { Button, Select, Skeleton, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconCash } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import {
  openBankingObject,
  openBankingPost,
  PAYMENT_STATUSES,
  type Payment,
} from "../../api/open-banking.ts";
import { queryClient } from "../../api/queries.ts";
import { Confirm } from "../../parts/confirm.tsx";
import { Copyable } from "../../parts/copy.tsx";
import { Fact, Facts } from "../../parts/facts.tsx";
import { ErrorNote } from "../../parts/faults.tsx";
import { notifyDone } from "../../parts/notify.ts";
import { Empty, Page, Section } from "../../parts/page.tsx";
import { Time } from "../../parts/time.tsx";
import { useEnvironment, useViewer } from "../../shell/viewer.ts";
import { readPaymentSearch } from "../../search.ts";
import {
  BankName,
  CustomerLink,
  FailureNote,
  formatMajor,
  ObjectList,
  StatusBadge,
  statusLabel,
  TimeLine,
} from "./parts.tsx";
import { paymentColumns } from "./payment-columns.tsx";

export function PaymentsPage() {
  const { status } = useSearch({ from: "/$environment/open-banking/payments" });
  const navigate = useNavigate({ from: "/$environment/open-banking/payments" });
  return (
    <Page title="Payments" about="What was paid, or is about to be, newest first.">
      <Select
        label="Status"
        placeholder="Any"
        clearable
        maw={260}
        data={PAYMENT_STATUSES.map((value) => ({ value, label: statusLabel(value) }))}
        value={status ?? null}
        onChange={(value) => void navigate({ search: readPaymentSearch({ status: value }), replace: true })}
      />
      <ObjectList
        label="Payments"
        path="/payments"
        filters={{ status }}
        columns={paymentColumns}
        empty={
          <Empty
            icon={<IconCash size={36} stroke={1.4} />}
            title={status ? "None with this status" : "No payment yet"}
          >
            Make one by POST /payments and send the payer to its consent_url.
          </Empty>
        }
      />
    </Page>
  );
}

export function PaymentPage() {
  const environment = useEnvironment();
  const { id } = useParams({ from: "/$environment/open-banking/payments/$id" });
  const payment = useQuery(openBankingObject<Payment>(environment, `/payments/${id}`, true));
  return (
    <Page
      title={payment.data ? formatMajor(payment.data.amount, payment.data.currency) : "Payment"}
      actions={payment.data ? <Cancel payment={payment.data} /> : null}
    >
      <ErrorNote error={payment.error} retry={() => void payment.refetch()} />
      {payment.isPending ? <Skeleton height={240} radius="md" /> : null}
      {payment.data ? <Detail payment={payment.data} /> : null}
    </Page>
  );
}

function Cancel({ payment }: { payment: Payment }) {
  const environment = useEnvironment();
  const { may } = useViewer();
  const [isOpen, dialog] = useDisclosure(false);
  const cancel = useMutation({
    mutationFn: () => openBankingPost<Payment>(environment, `/payments/${payment.id}/cancel`),
    onSuccess: async () => {
      dialog.close();
      notifyDone("The payment is canceled.");
      await queryClient.invalidateQueries({ queryKey: [environment, "open-banking"] });
    },
  });
  const isOpenStill =
    (payment.status === "new" || payment.status === "pending") && payment.batch_payment === null;
  if (!isOpenStill || !may("developer")) return null;
  return (
    <>
      <Button variant="default" onClick={dialog.open}>
        Cancel payment
      </Button>
      <Confirm
        opened={isOpen}
        title="Cancel this payment?"
        verb="Cancel payment"
        isPending={cancel.isPending}
        error={cancel.error}
        onConfirm={() => cancel.mutate()}
        onClose={dialog.close}
      >
        The payer has not authorized it yet. Its page will say that it was canceled.
      </Confirm>
    </>
  );
}

function Detail({ payment }: { payment: Payment }) {
  const { name, identification } = payment.recipient;
  return (
    <Stack>
      <Facts below={<FailureNote code={payment.failure_code} message={payment.failure_message} />}>
        <Fact label="Payment" wide>
          <Copyable value={payment.id} label="Copy the id" />
        </Fact>
        <Fact label="Status">
          <StatusBadge status={payment.status} />
        </Fact>
        <Fact label="To">{name}</Fact>
        <Fact label="Their account">{Object.values(identification).join(" ") || "—"}</Fact>
        <Fact label="Reference">{payment.reference ?? "—"}</Fact>
        <Fact label="Bank">
          <BankName id={payment.provider} />
        </Fact>
        <Fact label="Customer">
          <CustomerLink customer={payment.customer} vendor={payment.vendor} />
        </Fact>
        <Fact label="Created">
          <Time at={payment.created_at} />
        </Fact>
        <Fact label="Authorized">
          {payment.authed_at === null ? "—" : <Time at={payment.authed_at} size="sm" />}
        </Fact>
        <Fact label="Completed">
          {payment.completed_at === null ? "—" : <Time at={payment.completed_at} size="sm" />}
        </Fact>
      </Facts>
      <Section title="What happened">
        <TimeLine resource={`payment:${payment.id}`} />
      </Section>
    </Stack>
  );
}
