/** An account's figures as pictures. Its own chunk: charts are half of the console's weight. */
import "@mantine/charts/styles.css";
import { AreaChart, BarChart } from "@mantine/charts";
import { Box, Group, Progress, Stack, Text } from "@mantine/core";
import type { AccountAnalysis } from "../../api/cases.ts";
import { formatDay, formatMinor, formatMonth, formatShort, Money } from "../../parts/money.tsx";
import { Section } from "../../parts/page.tsx";

export function Charts({ account }: { account: AccountAnalysis }) {
  const { currency, minor_digits: digits } = account;
  const money = (minor: number) => formatMinor(minor, currency, digits);
  return (
    <Stack>
      <Section title="Balance" about="At the end of each day that the statements speak of.">
        {account.balances.length === 0 ? (
          <Text size="sm" c="dimmed">
            The statements print no balances.
          </Text>
        ) : (
          <Box role="img" aria-label={balanceSummary(account)}>
            <AreaChart
              h={240}
              data={account.balances.map(({ day, balance }) => ({ day, Balance: balance }))}
              dataKey="day"
              series={[
                {
                  name: "Balance",
                  color: "light-dark(var(--mantine-color-bell-6), var(--mantine-color-bell-4))",
                },
              ]}
              valueFormatter={money}
              xAxisProps={{ tickFormatter: formatDay, minTickGap: 48 }}
              yAxisProps={{ tickFormatter: (minor: number) => formatShort(minor, digits), width: 64 }}
              curveType="stepAfter"
              withDots={false}
              gridAxis="x"
              tooltipProps={{ labelFormatter: (day) => (typeof day === "string" ? formatDay(day) : "") }}
            />
          </Box>
        )}
      </Section>
      <Section title="Money in and out" about="By month.">
        <Box role="img" aria-label={flowSummary(account)}>
          <BarChart
            h={240}
            data={account.months.map(({ month, credits, debits }) => ({
              month: formatMonth(month),
              In: credits ?? 0,
              Out: debits ?? 0,
            }))}
            dataKey="month"
            series={[
              { name: "In", color: "teal.6" },
              { name: "Out", color: "orange.5" },
            ]}
            valueFormatter={money}
            yAxisProps={{ tickFormatter: (minor: number) => formatShort(minor, digits), width: 64 }}
            withLegend
            gridAxis="x"
          />
        </Box>
      </Section>
      <Categories account={account} />
    </Stack>
  );
}

function Categories({ account }: { account: AccountAnalysis }) {
  const { categories, currency, minor_digits: digits } = account;
  return (
    <Section title="Where money goes" about="Expenses by category, greatest first.">
      {categories.length === 0 ? (
        <Text size="sm" c="dimmed">
          No expenses.
        </Text>
      ) : (
        <Stack gap="md">
          {categories.map(({ category, amount, count, percentage }) => (
            <div key={category}>
              <Group justify="space-between" wrap="nowrap" align="baseline" mb={4}>
                <Text size="sm" tt="capitalize">
                  {category.replaceAll("_", " ")}{" "}
                  <Text span size="xs" c="dimmed" tt="none">
                    {count} {count === 1 ? "payment" : "payments"}
                  </Text>
                </Text>
                <Text size="sm" style={{ whiteSpace: "nowrap" }}>
                  <Money minor={amount} currency={currency} digits={digits} />{" "}
                  <Text span size="xs" c="dimmed">
                    {percentage} %
                  </Text>
                </Text>
              </Group>
              <Progress
                value={percentage}
                size="sm"
                color="light-dark(var(--mantine-color-bell-6), var(--mantine-color-bell-4))"
                aria-label={`${category}: ${percentage} %`}
              />
            </div>
          ))}
        </Stack>
      )}
    </Section>
  );
}

function balanceSummary({ balances, currency, minor_digits: digits }: AccountAnalysis): string {
  const [first, last] = [balances[0], balances.at(-1)];
  if (!first || !last) return "No balances";
  const of = ({ day, balance }: { day: string; balance: number }) =>
    `${formatMinor(balance, currency, digits)} on ${formatDay(day)}`;
  return `Balance from ${of(first)} to ${of(last)}`;
}

const flowSummary = ({ months, currency, minor_digits: digits }: AccountAnalysis): string =>
  months
    .map(({ month, credits, debits }) => {
      const money = (minor: number | null) => formatMinor(minor ?? 0, currency, digits);
      return `${formatMonth(month)}: ${money(credits)} in, ${money(debits)} out`;
    })
    .join("; ");
