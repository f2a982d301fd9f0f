/** What the analysis found: salary, payments that come back, and what looks wrong, each with its evidence. */
import { Accordion, Badge, List, Stack, Table, Text } from "@mantine/core";
import type { AccountAnalysis, Finding, Recurring } from "../../api/cases.ts";
import { formatDay, formatMonth, Money } from "../../parts/money.tsx";
import { Section } from "../../parts/page.tsx";

export function Income({ account }: { account: AccountAnalysis }) {
  const { salary, currency, minor_digits: digits } = account;
  return (
    <Stack>
      <Section title="Salary">
        {salary.length === 0 ? (
          <Quiet>No salary was recognised.</Quiet>
        ) : (
          <div className="bb-table-wrap bb-bleed" tabIndex={0} role="region" aria-label="Salary">
            <Table miw={640}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Month</Table.Th>
                  <Table.Th>From</Table.Th>
                  <Table.Th>Why</Table.Th>
                  <Table.Th ta="right">Amount</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {salary.map(({ month, day, amount, employer, confidence, reasons }) => (
                  <Table.Tr key={`${day} ${amount}`}>
                    <Table.Td style={{ whiteSpace: "nowrap" }}>{formatMonth(month)}</Table.Td>
                    <Table.Td>{employer ?? "—"}</Table.Td>
                    <Table.Td className="bb-words">
                      <Text size="sm">{reasons.join(", ")}</Text>
                      <Text size="xs" c="dimmed">
                        {confidence} % sure
                      </Text>
                    </Table.Td>
                    <Table.Td ta="right">
                      <Money minor={amount} currency={currency} digits={digits} direction="credit" />
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </div>
        )}
      </Section>
      <Returning account={account} />
    </Stack>
  );
}

function Returning({ account }: { account: AccountAnalysis }) {
  const { recurring } = account;
  return (
    <Section title="Payments that come back">
      {recurring.debits.length + recurring.credits.length === 0 ? (
        <Quiet>None were recognised.</Quiet>
      ) : (
        <div
          className="bb-table-wrap bb-bleed"
          tabIndex={0}
          role="region"
          aria-label="Payments that come back"
        >
          <Table miw={640}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Note</Table.Th>
                <Table.Th>Seen</Table.Th>
                <Table.Th>First and last</Table.Th>
                <Table.Th ta="right">Median</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {recurring.credits.map((one) => (
                <RecurringRow key={keyOf(one)} one={one} direction="credit" account={account} />
              ))}
              {recurring.debits.map((one) => (
                <RecurringRow key={keyOf(one)} one={one} direction="debit" account={account} />
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
    </Section>
  );
}

/** `cash_deposit` → `Cash deposit` */
const sentence = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1).replaceAll("_", " ");

const keyOf = ({ note, from, median }: Recurring) => `${note} ${from} ${median}`;

function RecurringRow({
  one: { note, channel, count, from, to, median },
  direction,
  account,
}: {
  one: Recurring;
  direction: "debit" | "credit";
  account: AccountAnalysis;
}) {
  return (
    <Table.Tr>
      <Table.Td>
        {note}
        <Text size="xs" c="dimmed">
          {channel.replaceAll("_", " ")}
        </Text>
      </Table.Td>
      <Table.Td style={{ whiteSpace: "nowrap" }}>{count} times</Table.Td>
      <Table.Td style={{ whiteSpace: "nowrap" }}>
        {formatDay(from)} – {formatDay(to)}
      </Table.Td>
      <Table.Td ta="right">
        <Money
          minor={median}
          currency={account.currency}
          digits={account.minor_digits}
          direction={direction}
        />
      </Table.Td>
    </Table.Tr>
  );
}

export function Fraud({ account, findings }: { account: AccountAnalysis | null; findings: Finding[] }) {
  if (findings.length === 0) {
    return (
      <Section title="Nothing was found">
        <Quiet>
          No check says anything against {account === null ? "these statements" : "this account"}. That is no
          proof that nothing is wrong.
        </Quiet>
      </Section>
    );
  }
  return (
    <Section
      title={`${findings.length} ${findings.length === 1 ? "finding" : "findings"}`}
      about="What was seen, with what it was seen on."
    >
      <Accordion variant="separated" multiple>
        {findings.map((finding, at) => (
          <Accordion.Item key={`${finding.type} ${at}`} value={String(at)}>
            <Accordion.Control>
              <Badge
                mr="sm"
                color={finding.category === "metadata" ? "red" : "orange"}
                c={COLORS[finding.category === "metadata" ? "red" : "orange"]}
              >
                {sentence(finding.category)}
              </Badge>
              <Text span size="sm" fw={550}>
                {sentence(finding.type)}
              </Text>
            </Accordion.Control>
            <Accordion.Panel>
              <List size="sm" spacing={4}>
                {Object.entries(finding.evidence).map(([name, value]) => (
                  <List.Item key={name}>
                    <Text span fw={550} size="sm">
                      {sentence(name)}
                    </Text>
                    : {Array.isArray(value) ? value.join(", ") : String(value)}
                  </List.Item>
                ))}
              </List>
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </Section>
  );
}

const COLORS = {
  red: "light-dark(var(--mantine-color-red-9), var(--mantine-color-red-2))",
  orange: "light-dark(var(--mantine-color-orange-9), var(--mantine-color-orange-2))",
};

const Quiet = ({ children }: { children: React.ReactNode }) => (
  <Text size="sm" c="dimmed">
    {children}
  </Text>
);
