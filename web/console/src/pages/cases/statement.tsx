/** How one statement was read and why it is believed: its rows with their proofs, and its pages as drawn. */
import { Alert, Anchor, Button, Group, List, Paper, Skeleton, Stack, Table, Tabs, Text } from "@mantine/core";
import { IconAlertTriangle, IconArrowLeft, IconDownload } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { statementPages, statementProof, type StatementProof } from "../../api/cases.ts";
import { Fact, Facts } from "../../parts/facts.tsx";
import { ErrorNote } from "../../parts/faults.tsx";
import { formatDay, formatMinor, formatSpan, Money } from "../../parts/money.tsx";
import { notifyFault } from "../../parts/notify.ts";
import { Page } from "../../parts/page.tsx";
import { save } from "../../parts/save.ts";
import { useEnvironment } from "../../shell/viewer.ts";
import { ProofBadge, VerificationBadge } from "./badges.tsx";

export function StatementPage() {
  const environment = useEnvironment();
  const { id, statement } = useParams({ from: "/$environment/sessions/$id/statements/$statement" });
  const proof = useQuery(statementProof(environment, id, statement));
  const file = useMutation({
    mutationFn: () => save(`/cases/${id}/statements/${statement}/file`, environment),
    onError: notifyFault,
  });
  return (
    <Page
      title={proof.data?.statement.file_name ?? "Statement"}
      about={
        <Anchor
          size="sm"
          renderRoot={(props) => (
            <Link {...props} to="/$environment/sessions/$id" params={{ environment, id }} />
          )}
        >
          <Group gap={4} component="span">
            <IconArrowLeft size={14} aria-hidden />
            Back to its session
          </Group>
        </Anchor>
      }
      actions={
        proof.data?.has_file ? (
          <Button
            variant="default"
            leftSection={<IconDownload size={16} />}
            loading={file.isPending}
            onClick={() => file.mutate()}
          >
            File
          </Button>
        ) : null
      }
    >
      <ErrorNote error={proof.error} retry={() => void proof.refetch()} />
      {proof.isPending ? <Skeleton height={420} radius="md" /> : null}
      {proof.data ? <Proof proof={proof.data} id={id} /> : null}
    </Page>
  );
}

function Proof({ proof, id }: { proof: StatementProof; id: string }) {
  const [tab, setTab] = useState<string | null>("rows");
  const [target, setTarget] = useState<number | null>(null);
  const goTo = (row: number) => {
    setTab("rows");
    setTarget(row);
  };
  return (
    <Stack>
      <Verdict proof={proof} onRow={goTo} />
      <Tabs value={tab} onChange={setTab} keepMounted={false}>
        <Tabs.List mb="md" className="bb-tabs">
          <Tabs.Tab value="rows">Rows</Tabs.Tab>
          <Tabs.Tab value="pages" disabled={!proof.has_file}>
            On the page
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="rows">
          <Rows proof={proof} target={target} onReached={() => setTarget(null)} />
        </Tabs.Panel>
        <Tabs.Panel value="pages">
          <Pages id={id} statement={proof.statement.id} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

function Verdict({ proof, onRow }: { proof: StatementProof; onRow: (row: number) => void }) {
  const {
    statement,
    opening_balance: opening,
    closing_balance: closing,
    currency,
    minor_digits: digits,
  } = proof;
  const money = (minor: number | null) =>
    minor === null ? "not printed" : formatMinor(minor, currency ?? "INR", digits);
  return (
    <Facts below={<Faults proof={proof} money={money} onRow={onRow} />}>
      <Fact label="Arithmetic says">
        {statement.verification === null ? "—" : <VerificationBadge status={statement.verification} />}
      </Fact>
      <Fact label="Period">{formatSpan(statement.from, statement.to)}</Fact>
      <Fact label="Opening balance">{money(opening)}</Fact>
      <Fact label="Closing balance">{money(closing)}</Fact>
    </Facts>
  );
}

function Faults({
  proof: { statement, breaks },
  money,
  onRow,
}: {
  proof: StatementProof;
  money: (minor: number) => string;
  onRow: (row: number) => void;
}) {
  const alert = { color: "red", mt: "md", icon: <IconAlertTriangle size={18} /> };
  return (
    <>
      {statement.error_message === null ? null : (
        <Alert {...alert} title={statement.error_code ?? undefined}>
          {statement.error_message}
        </Alert>
      )}
      {breaks.length === 0 ? null : (
        <Alert {...alert} title="It does not add up here">
          <List size="sm" spacing={4}>
            {breaks.map(({ row, expected, printed }) => (
              <List.Item key={row}>
                <Anchor
                  component="button"
                  size="sm"
                  underline="always"
                  c="inherit"
                  onClick={() => onRow(row)}
                >
                  Row {row + 1}
                </Anchor>
                : the balance should be {money(Number(expected))}, the document prints{" "}
                {money(Number(printed))}.
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
    </>
  );
}

const STEP = 200;

/** @param target the row to be brought into sight */
function Rows({
  proof,
  target,
  onReached,
}: {
  proof: StatementProof;
  target: number | null;
  onReached: () => void;
}) {
  const [asked, setShown] = useState(STEP);
  const shown = Math.max(asked, (target ?? 0) + 1);
  const { rows } = proof;
  const broken = new Set(proof.breaks.map(({ row }) => row));
  useEffect(() => {
    if (target === null) return;
    const row = document.getElementById(idOf(target));
    row?.scrollIntoView({ block: "center" });
    row?.focus({ preventScroll: true });
    setShown(shown);
    onReached();
  }, [target, shown, onReached]);
  return (
    <Stack>
      <Paper style={{ overflow: "hidden" }}>
        <div className="bb-table-wrap" tabIndex={0} role="region" aria-label="Rows">
          <Table miw={760}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th ta="right">Row</Table.Th>
                <Table.Th>Day</Table.Th>
                <Table.Th>Narration</Table.Th>
                <Table.Th ta="right">Amount</Table.Th>
                <Table.Th ta="right">Balance</Table.Th>
                <Table.Th>Proof</Table.Th>
                <Table.Th>Stands on</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.slice(0, shown).map((row) => (
                <Row key={row.row} row={row} proof={proof} isBroken={broken.has(row.row)} />
              ))}
            </Table.Tbody>
          </Table>
        </div>
      </Paper>
      {rows.length > shown ? (
        <Group justify="center">
          <Button variant="default" onClick={() => setShown(shown + STEP)}>
            Show more ({rows.length - shown} left)
          </Button>
        </Group>
      ) : null}
    </Stack>
  );
}

const idOf = (row: number): string => `row-${row + 1}`;

function Row({
  row,
  proof: { currency, minor_digits: digits },
  isBroken,
}: {
  row: StatementProof["rows"][number];
  proof: StatementProof;
  isBroken: boolean;
}) {
  const money = { currency: currency ?? "INR", digits };
  return (
    <Table.Tr id={idOf(row.row)} tabIndex={-1} {...(isBroken ? { className: "bb-broken" } : {})}>
      <Table.Td ta="right" c="dimmed">
        {row.row + 1}
      </Table.Td>
      <Table.Td style={{ whiteSpace: "nowrap" }}>{formatDay(row.day)}</Table.Td>
      <Table.Td className="bb-words">
        <Text size="sm">{row.description}</Text>
        {row.repeated ? (
          <Text size="xs" c="dimmed">
            another statement has it, too
          </Text>
        ) : null}
      </Table.Td>
      <Table.Td ta="right">
        <Money minor={row.amount} {...money} direction={row.direction} />
      </Table.Td>
      <Table.Td ta="right">{row.balance === null ? "—" : <Money minor={row.balance} {...money} />}</Table.Td>
      <Table.Td>
        <ProofBadge proof={row.proof} />
      </Table.Td>
      <Table.Td c="dimmed" style={{ whiteSpace: "nowrap" }}>
        page {row.page}, line {row.line}
      </Table.Td>
    </Table.Tr>
  );
}

/** The page stands by itself and runs no script here: the frame has no rights. */
function Pages({ id, statement }: { id: string; statement: string }) {
  const environment = useEnvironment();
  const pages = useQuery(statementPages(environment, id, statement));
  if (pages.isPending) return <Skeleton height={600} radius="md" />;
  if (pages.error) return <ErrorNote error={pages.error} retry={() => void pages.refetch()} />;
  return (
    <iframe
      className="bb-pages"
      sandbox=""
      srcDoc={pages.data}
      title="The statement's pages with what was read"
    />
  );
}
