/** A case's statements: what each says, how far it came, and why it failed. */
import { ActionIcon, Anchor, Group, Table, Text, Tooltip } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { CaseDetail, CaseStatement, Step } from "../../api/cases.ts";
import { formatSpan } from "../../parts/money.tsx";
import { notifyFault } from "../../parts/notify.ts";
import { Section } from "../../parts/page.tsx";
import { save } from "../../parts/save.ts";
import { useEnvironment } from "../../shell/viewer.ts";
import { VerificationBadge } from "./badges.tsx";

export function Statements({ detail }: { detail: CaseDetail }) {
  if (detail.statements_detail.length === 0) {
    return (
      <Section title="Statements">
        <Text size="sm" c="dimmed">
          Nothing has been uploaded yet. Files show up here as soon as they are read.
        </Text>
      </Section>
    );
  }
  return (
    <Section title="Statements">
      <div className="bb-table-wrap bb-bleed" tabIndex={0} role="region" aria-label="Statements">
        <Table miw={760}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>File</Table.Th>
              <Table.Th>Period</Table.Th>
              <Table.Th ta="right">Rows</Table.Th>
              <Table.Th>Proof</Table.Th>
              <Table.Th>Steps</Table.Th>
              <Table.Th>
                <span className="bb-sr">Download</span>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {detail.statements_detail.map((statement) => (
              <Row key={statement.id} caseId={detail.id} statement={statement} />
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </Section>
  );
}

function Row({ caseId, statement }: { caseId: string; statement: CaseStatement }) {
  const environment = useEnvironment();
  const file = useMutation({
    mutationFn: () => save(`/cases/${caseId}/statements/${statement.id}/file`, environment),
    onError: notifyFault,
  });
  return (
    <Table.Tr>
      <Table.Td maw={280} className="bb-words">
        <Anchor
          size="sm"
          fw={550}
          style={{ overflowWrap: "anywhere" }}
          renderRoot={(props) => (
            <Link
              {...props}
              to="/$environment/sessions/$id/statements/$statement"
              params={{ environment, id: caseId, statement: statement.id }}
            />
          )}
        >
          {statement.source === "online" ? "Net banking" : statement.file_name}
        </Anchor>
        {statement.error_message === null ? null : (
          <Text size="xs" c="light-dark(var(--mantine-color-red-8), var(--mantine-color-red-4))">
            {statement.error_message}
          </Text>
        )}
        {statement.is_fraud ? (
          <Text size="xs" c="light-dark(var(--mantine-color-red-8), var(--mantine-color-red-4))">
            {statement.fraud_type?.replaceAll("_", " ")}
          </Text>
        ) : null}
      </Table.Td>
      <Table.Td>
        <Text size="sm" style={{ whiteSpace: "nowrap" }}>
          {formatSpan(statement.from, statement.to)}
        </Text>
      </Table.Td>
      <Table.Td ta="right">{statement.transactions}</Table.Td>
      <Table.Td>
        {statement.verification === null ? "—" : <VerificationBadge status={statement.verification} />}
      </Table.Td>
      <Table.Td>
        <Steps steps={statement.steps} />
      </Table.Td>
      <Table.Td>
        <Tooltip label="Download the file">
          <ActionIcon
            variant="subtle"
            color="gray"
            loading={file.isPending}
            onClick={() => file.mutate()}
            aria-label={`Download ${statement.file_name}`}
          >
            <IconDownload size={16} />
          </ActionIcon>
        </Tooltip>
      </Table.Td>
    </Table.Tr>
  );
}

const STEPS = [
  ["identity", "Identity"],
  ["transactions", "Transactions"],
  ["processing", "Processing"],
  ["fraud", "Fraud checks"],
] as const;

function Steps({ steps }: { steps: CaseStatement["steps"] }) {
  return (
    <Group gap={6} wrap="nowrap">
      {STEPS.map(([name, words]) => (
        <Tooltip
          key={name}
          label={`${words}: ${steps[name]}`}
          events={{ hover: true, focus: true, touch: true }}
        >
          <span
            className="bb-step"
            data-step={steps[name] satisfies Step}
            tabIndex={0}
            role="img"
            aria-label={`${words}: ${steps[name]}`}
          />
        </Tooltip>
      ))}
    </Group>
  );
}
