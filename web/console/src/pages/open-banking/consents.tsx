/** By what right bank data are read: each consent, its time line, and its accounts. */
import { Button, Select, Skeleton, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconLink } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import {
  CONSENT_STATUSES,
  openBankingObject,
  openBankingPost,
  type BankAccount,
  type Consent,
} from "../../api/open-banking.ts";
import { queryClient } from "../../api/queries.ts";
import { Confirm } from "../../parts/confirm.tsx";
import { Copyable } from "../../parts/copy.tsx";
import { Fact, Facts } from "../../parts/facts.tsx";
import { ErrorNote } from "../../parts/faults.tsx";
import { formatDay } from "../../parts/money.tsx";
import { notifyDone } from "../../parts/notify.ts";
import { Empty, Page, Section } from "../../parts/page.tsx";
import { Time } from "../../parts/time.tsx";
import { useEnvironment, useViewer } from "../../shell/viewer.ts";
import { readConsentSearch } from "../../search.ts";
import { accountColumns } from "./account-columns.tsx";
import { consentColumns } from "./consent-columns.tsx";
import {
  BankName,
  CustomerLink,
  FailureNote,
  ObjectList,
  StatusBadge,
  statusLabel,
  TimeLine,
} from "./parts.tsx";

export function ConsentsPage() {
  const { status } = useSearch({ from: "/$environment/open-banking/consents" });
  const navigate = useNavigate({ from: "/$environment/open-banking/consents" });
  return (
    <Page title="Consents" about="By what right bank data are read, newest first.">
      <Select
        label="Status"
        placeholder="Any"
        clearable
        maw={260}
        data={CONSENT_STATUSES.map((value) => ({ value, label: statusLabel(value) }))}
        value={status ?? null}
        onChange={(value) => void navigate({ search: readConsentSearch({ status: value }), replace: true })}
      />
      <ObjectList
        label="Consents"
        path="/consents"
        filters={{ status }}
        columns={consentColumns}
        empty={
          <Empty
            icon={<IconLink size={36} stroke={1.4} />}
            title={status ? "None with this status" : "No consent yet"}
          >
            Make one by POST /consents and send your customer to its consent_url.
          </Empty>
        }
      />
    </Page>
  );
}

export function ConsentPage() {
  const environment = useEnvironment();
  const { id } = useParams({ from: "/$environment/open-banking/consents/$id" });
  const consent = useQuery(openBankingObject<Consent>(environment, `/consents/${id}`, true));
  return (
    <Page title="Consent" actions={consent.data ? <Revoke consent={consent.data} /> : null}>
      <ErrorNote error={consent.error} retry={() => void consent.refetch()} />
      {consent.isPending ? <Skeleton height={240} radius="md" /> : null}
      {consent.data ? <Detail consent={consent.data} /> : null}
    </Page>
  );
}

function Revoke({ consent }: { consent: Consent }) {
  const environment = useEnvironment();
  const { may } = useViewer();
  const [isOpen, dialog] = useDisclosure(false);
  const revoke = useMutation({
    mutationFn: () => openBankingPost<Consent>(environment, `/consents/${consent.id}/revoke`),
    onSuccess: async () => {
      dialog.close();
      notifyDone("The consent is revoked. The bank is told.");
      await queryClient.invalidateQueries({ queryKey: [environment, "open-banking"] });
    },
  });
  const isLive = ["new", "pending", "authorized"].includes(consent.status);
  if (!isLive || !may("developer")) return null;
  return (
    <>
      <Button variant="default" onClick={dialog.open}>
        Revoke
      </Button>
      <Confirm
        opened={isOpen}
        title="Revoke this consent?"
        verb="Revoke"
        isPending={revoke.isPending}
        error={revoke.error}
        onConfirm={() => revoke.mutate()}
        onClose={dialog.close}
      >
        Its accounts are not synced any more, and the bank is told. What was read stays. To read again, your
        customer has to consent again.
      </Confirm>
    </>
  );
}

function Detail({ consent }: { consent: Consent }) {
  return (
    <Stack>
      <Facts below={<FailureNote code={consent.failure_code} message={consent.failure_message} />}>
        <Fact label="Consent" wide>
          <Copyable value={consent.id} label="Copy the id" />
        </Fact>
        <Fact label="Status">
          <StatusBadge status={consent.status} />
        </Fact>
        <Fact label="Customer">
          <CustomerLink customer={consent.customer} vendor={consent.vendor} />
        </Fact>
        <Fact label="Bank">
          <BankName id={consent.provider} />
        </Fact>
        <Fact label="May read">{consent.scopes.join(", ")}</Fact>
        <Fact label="From">
          {consent.retro_date === null ? "what the bank gives" : formatDay(consent.retro_date)}
        </Fact>
        <Fact label="Ends">{formatDay(consent.expiry_date)}</Fact>
        <Fact label="Authorized">
          {consent.authed_at === null ? "—" : <Time at={consent.authed_at} size="sm" />}
        </Fact>
      </Facts>
      <Section title="Bank accounts">
        <ObjectList<BankAccount>
          bleeds
          label="Bank accounts"
          path="/bank_accounts"
          filters={{ consent: consent.id }}
          columns={accountColumns}
          empty={
            <Text size="sm" c="dimmed" px="lg" pb="lg">
              None yet. They show up moments after the customer has authorized.
            </Text>
          }
        />
      </Section>
      <Section title="What happened">
        <TimeLine resource={`consent:${consent.id}`} />
      </Section>
    </Stack>
  );
}
