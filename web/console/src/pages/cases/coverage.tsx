/** Which days of which months an account's statements speak of. */
import { Box, Group, SimpleGrid, Text, Tooltip } from "@mantine/core";
import type { Span } from "../../api/cases.ts";
import { formatDay, formatMonth } from "../../parts/money.tsx";

const MOST_MONTHS = 24;

type DayState = "covered" | "missing" | "outside";

/** A calendar from the first to the last day that is asked for or covered; the latest two years where it is longer. */
export function Coverage({ covered, missing }: { covered: Span[]; missing: Span[] }) {
  const months = monthsOf([...covered, ...missing]).slice(-MOST_MONTHS);
  if (months.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        Its statements name no days.
      </Text>
    );
  }
  return (
    <Box>
      <SimpleGrid cols={{ base: 2, xs: 3, sm: 4, lg: 6 }} spacing="md">
        {months.map((month) => (
          <Month key={month} month={month} stateOf={(day) => stateOf(day, covered, missing)} />
        ))}
      </SimpleGrid>
      <Group gap="md" mt="sm">
        <Key state="covered" label="Covered" />
        <Key state="missing" label="Missing" />
      </Group>
      <Missing spans={missing} />
    </Box>
  );
}

function Month({ month, stateOf }: { month: string; stateOf: (day: string) => DayState }) {
  const days = Array.from(
    { length: daysIn(month) },
    (_, at) => `${month}-${String(at + 1).padStart(2, "0")}`,
  );
  const states = days.map(stateOf);
  const count = (state: DayState) => states.filter((one) => one === state).length;
  const summary = `${formatMonth(month)}: ${count("covered")} of ${days.length} days covered`;
  return (
    <Tooltip
      label={`${summary}${count("missing") > 0 ? `, ${count("missing")} missing` : ""}`}
      events={{ hover: true, focus: true, touch: true }}
    >
      <Box tabIndex={0} role="img" aria-label={summary}>
        <Text size="xs" fw={550} mb={4}>
          {formatMonth(month)}
        </Text>
        <div className="bb-days">
          {days.map((day, at) => (
            <span
              key={day}
              className={`bb-day bb-day-${states[at] ?? "outside"}`}
              {...(at === 0 ? { style: { gridColumnStart: weekdayOf(day) } } : {})}
            />
          ))}
        </div>
      </Box>
    </Tooltip>
  );
}

const Key = ({ state, label }: { state: DayState; label: string }) => (
  <Group gap={6}>
    <span className={`bb-day bb-day-${state}`} style={{ width: 10, height: 10 }} aria-hidden />
    <Text size="xs" c="dimmed">
      {label}
    </Text>
  </Group>
);

function Missing({ spans }: { spans: Span[] }) {
  if (spans.length === 0) return null;
  return (
    <Text size="sm" mt="xs">
      Missing:{" "}
      {spans
        .map(({ from, to }) => (from === to ? formatDay(from) : `${formatDay(from)} – ${formatDay(to)}`))
        .join("; ")}
    </Text>
  );
}

/** 1: Monday. */
const weekdayOf = (day: string): number => ((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7) + 1;

const stateOf = (day: string, covered: Span[], missing: Span[]): DayState => {
  if (covered.some(({ from, to }) => from <= day && day <= to)) return "covered";
  return missing.some(({ from, to }) => from <= day && day <= to) ? "missing" : "outside";
};

function monthsOf(spans: Span[]): string[] {
  const first = spans.map(({ from }) => from.slice(0, 7)).sort()[0];
  const last = spans
    .map(({ to }) => to.slice(0, 7))
    .sort()
    .at(-1);
  if (first === undefined || last === undefined) return [];
  const months: string[] = [];
  for (let month = first; month <= last; month = following(month)) months.push(month);
  return months;
}

function following(month: string): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, "0")}`;
}

const daysIn = (month: string): number => {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number, 0)).getUTCDate();
};
