/** One session or entity: its accounts and what they cover, its statements, and what its transactions say. */
import { Alert, Anchor, Button, Group, Menu, Select, Skeleton, Stack, Tabs } from "@mantine/core";
import { IconAlertTriangle, IconDownload } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import {
  caseAnalysis,
  caseDetail,
  type AccountAnalysis,
  type CaseAccount,
  type CaseDetail,
} from "../../api/cases.ts";
import { Copyable } from "../../parts/copy.tsx";
import { Fact, Facts } from "../../parts/facts.tsx";
import { ErrorNote } from "../../parts/faults.tsx";
import { formatSpan } from "../../parts/money.tsx";
import { notifyFault } from "../../parts/notify.ts";
import { Page, RowsSkeleton, Section } from "../../parts/page.tsx";
import { Time } from "../../parts/time.tsx";
import { save } from "../../parts/save.ts";
import { useEnvironment } from "../../shell/viewer.ts";
import { CaseBadge } from "./badges.tsx";
import { DeleteMenu } from "./delete.tsx";
import { Coverage } from "./coverage.tsx";
import { Fraud, Income } from "./findings.tsx";
import { Statements } from "./statements.tsx";
import { Transactions } from "./transactions.tsx";

const Charts = lazy(async () => ({ default: (await import("./charts.tsx")).Charts }));

export function CasePage() {
  const environment = useEnvironment();
  const { id } = useParams({ from: "/$environment/sessions/$id" });
  const detail = useQuery(caseDetail(environment, id));
  const title = detail.data?.link_id ?? (detail.data?.kind === "entity" ? "Entity" : "Session");
  return (
    <Page title={title} actions={detail.data ? <Actions detail={detail.data} /> : null}>
      <ErrorNote error={detail.error} retry={() => void detail.refetch()} />
      {detail.isPending ? <CaseSkeleton /> : null}
      {detail.data ? <Detail detail={detail.data} /> : null}
    </Page>
  );
}

/** As tall as the facts, the tabs and the first account. */
const CaseSkeleton = () => (
  <Stack aria-hidden>
    <Skeleton height={174} radius="md" />
    <Skeleton height={38} radius="md" />
    <Skeleton height={220} radius="md" />
  </Stack>
);

function Actions({ detail }: { detail: CaseDetail }) {
  return (
    <>
      <Workbook detail={detail} />
      <DeleteMenu detail={detail} />
    </>
  );
}

function Workbook({ detail }: { detail: CaseDetail }) {
  const environment = useEnvironment();
  const report = useMutation({
    mutationFn: (account: string | null) =>
      save(`/cases/${detail.id}/report${account === null ? "" : `?account_id=${account}`}`, environment),
    onError: notifyFault,
  });
  if (detail.accounts_detail.length === 0) return null;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} />} loading={report.isPending}>
          Workbook
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => report.mutate(null)}>All accounts</Menu.Item>
        {detail.accounts_detail.map((account) => (
          <Menu.Item key={account.id} onClick={() => report.mutate(account.id)}>
            {nameOf(account)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

const nameOf = ({ bank_name: bank, account_number: number }: CaseAccount): string =>
  `${bank} ${number ?? ""}`.trim();

function Detail({ detail }: { detail: CaseDetail }) {
  const environment = useEnvironment();
  const analysis = useQuery({
    ...caseAnalysis(environment, detail.id),
    enabled: detail.accounts_detail.length > 0,
  });
  const [chosen, setChosen] = useState<string | null>(null);
  const account = detail.accounts_detail.find(({ id }) => id === chosen) ?? detail.accounts_detail[0];
  const figures = analysis.data?.accounts.find(({ account_id: own }) => own === account?.id);
  const digitsOf = (accountId: string) =>
    analysis.data?.accounts.find(({ account_id: own }) => own === accountId)?.minor_digits ?? 2;
  const found = analysis.data?.accounts.reduce((sum, { fraud }) => sum + fraud.length, 0) ?? 0;
  return (
    <Stack>
      <Summary detail={detail} />
      <Tabs defaultValue="overview" keepMounted={false}>
        <Tabs.List mb="md" className="bb-tabs">
          <Tabs.Tab value="overview">Overview</Tabs.Tab>
          <Tabs.Tab value="figures" disabled={!account}>
            Figures
          </Tabs.Tab>
          <Tabs.Tab value="income" disabled={!account}>
            Income and recurring
          </Tabs.Tab>
          <Tabs.Tab value="transactions" disabled={!account}>
            Transactions
          </Tabs.Tab>
          <Tabs.Tab value="fraud" disabled={!account}>
            Fraud{found > 0 ? ` (${found})` : ""}
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="overview">
          <Overview detail={detail} />
        </Tabs.Panel>
        <Tabs.Panel value="transactions">
          <Transactions id={detail.id} accounts={detail.accounts_detail} digitsOf={digitsOf} />
        </Tabs.Panel>
        {(["figures", "income", "fraud"] as const).map((tab) => (
          <Tabs.Panel key={tab} value={tab}>
            <AccountChoice
              accounts={detail.accounts_detail}
              chosen={account?.id ?? null}
              onChoose={setChosen}
            />
            <ErrorNote error={analysis.error} retry={() => void analysis.refetch()} />
            {analysis.isPending ? <RowsSkeleton rows={8} /> : null}
            {figures ? <Figures tab={tab} figures={figures} /> : null}
          </Tabs.Panel>
        ))}
      </Tabs>
    </Stack>
  );
}

function Figures({ tab, figures }: { tab: "figures" | "income" | "fraud"; figures: AccountAnalysis }) {
  if (tab === "income") return <Income account={figures} />;
  if (tab === "fraud") return <Fraud account={figures} findings={figures.fraud} />;
  return (
    <Suspense fallback={<Skeleton height={300} radius="md" />}>
      <Charts account={figures} />
    </Suspense>
  );
}

function AccountChoice({
  accounts,
  chosen,
  onChoose,
}: {
  accounts: CaseAccount[];
  chosen: string | null;
  onChoose: (id: string | null) => void;
}) {
  if (accounts.length < 2) return null;
  return (
    <Select
      label="Account"
      data={accounts.map((account) => ({ value: account.id, label: nameOf(account) }))}
      value={chosen}
      onChange={onChoose}
      allowDeselect={false}
      maw={340}
      mb="md"
    />
  );
}

function Summary({ detail }: { detail: CaseDetail }) {
  const isSession = detail.kind === "session";
  return (
    <Facts below={<Events detail={detail} />}>
      <Fact label={isSession ? "Session" : "Entity"} wide>
        <Copyable value={detail.id} label="Copy the id" />
      </Fact>
      {isSession ? (
        <>
          <Fact label="State">
            <CaseBadge state={detail.state} />
          </Fact>
          <Fact label="Period asked for">{formatSpan(detail.from, detail.to)}</Fact>
        </>
      ) : null}
      <Fact label="Created">
        <Time at={detail.created_at} />
      </Fact>
      {detail.expires_at === null || detail.state !== "open" ? null : (
        <Fact label="Expires">
          <Time at={detail.expires_at} ago />
        </Fact>
      )}
      {detail.completed_at === null ? null : (
        <Fact label="Uploads complete">
          <Time at={detail.completed_at} />
        </Fact>
      )}
      {detail.processed_at === null ? null : (
        <Fact label="Processed">
          <Time at={detail.processed_at} />
        </Fact>
      )}
    </Facts>
  );
}

function Events({ detail }: { detail: CaseDetail }) {
  const environment = useEnvironment();
  const search = { resource: `${detail.kind}:${detail.id}` };
  return (
    <Anchor
      size="sm"
      mt="md"
      display="inline-block"
      renderRoot={(props) => (
        <Link {...props} to="/$environment/events" params={{ environment }} search={search} />
      )}
    >
      Its events and deliveries
    </Anchor>
  );
}

function Overview({ detail }: { detail: CaseDetail }) {
  return (
    <Stack>
      {detail.accounts_detail.map((account) => (
        <Account key={account.id} account={account} />
      ))}
      <Statements detail={detail} />
    </Stack>
  );
}

function Account({ account }: { account: CaseAccount }) {
  return (
    <Section
      title={nameOf(account)}
      about={
        <Group gap="md">
          {[account.holder, account.account_type?.toLowerCase().replaceAll("_", " "), account.currency]
            .filter(Boolean)
            .map((fact) => (
              <span key={fact}>{fact}</span>
            ))}
        </Group>
      }
    >
      {account.error_message === null ? null : (
        <Alert
          color="red"
          icon={<IconAlertTriangle size={18} />}
          mb="md"
          title={account.error_code ?? undefined}
        >
          {account.error_message}
        </Alert>
      )}
      <Coverage covered={account.covered} missing={account.missing} />
    </Section>
  );
}
