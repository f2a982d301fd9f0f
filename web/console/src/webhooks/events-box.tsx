import { Box, Checkbox, Group, Input, Stack, Text, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { eventTypes } from "../api/queries.ts";
import type { EndpointFormat, EventType } from "../api/types.ts";
import { RowsSkeleton } from "../parts/page.tsx";
import { useEnvironment } from "../shell/viewer.ts";

interface Props {
  format: EndpointFormat;
  value: string[];
  error?: string | undefined;
  onChange: (types: string[]) => void;
}

/** The box titled Events: the catalogue of one format, grouped by what the events speak of, searchable; `*` is all. */
export function EventsBox({ format, value, error, onChange }: Props) {
  const environment = useEnvironment();
  const { data } = useQuery(eventTypes(environment));
  const [search, setSearch] = useState("");
  const isAll = value.includes("*");
  const offered = (data?.data ?? []).filter((kind) => kind.format === format);
  const shown = offered.filter((kind) => matches(kind, search));
  const toggle = (type: string, isOn: boolean) =>
    onChange(isOn ? [...value, type] : value.filter((one) => one !== type));
  return (
    <Input.Wrapper label="Events" labelElement="div" required error={error} id="events">
      <Box mt={4} style={{ border: "1px solid var(--bb-line)", borderRadius: 8, overflow: "hidden" }}>
        <Stack gap="sm" p="md" style={{ borderBottom: "1px solid var(--bb-line)" }}>
          <Checkbox
            label="All events (*)"
            description="Also those that come with later versions; not those that must be named."
            checked={isAll}
            onChange={({ currentTarget }) => toggle("*", currentTarget.checked)}
          />
          <TextInput
            aria-label="Search events"
            placeholder="Search events"
            leftSection={<IconSearch size={16} />}
            value={search}
            onChange={({ currentTarget }) => setSearch(currentTarget.value)}
          />
        </Stack>
        <Box
          mah={320}
          style={{ overflowY: "auto" }}
          p="md"
          tabIndex={0}
          role="group"
          aria-label="Event types"
        >
          {data === undefined ? <RowsSkeleton rows={4} /> : null}
          {data !== undefined && shown.length === 0 ? (
            <Text size="sm" c="dimmed">
              No event of this format matches “{search}”.
            </Text>
          ) : null}
          <Stack gap="lg">
            {[...Map.groupBy(shown, groupOf)].map(([group, kinds]) => (
              <Group key={group} gap="xs" align="stretch">
                <Stack gap="xs" w="100%">
                  <Text size="xs" fw={650} c="dimmed">
                    {group}
                  </Text>
                  {kinds.map((kind) => (
                    <Checkbox
                      key={kind.type}
                      label={kind.type}
                      description={`${kind.description}${kind.named_only ? " Only where it is named." : ""}`}
                      checked={value.includes(kind.type) || (isAll && !kind.named_only)}
                      disabled={isAll && !kind.named_only}
                      onChange={({ currentTarget }) => toggle(kind.type, currentTarget.checked)}
                      styles={{ label: { overflowWrap: "anywhere", fontWeight: 550 } }}
                    />
                  ))}
                </Stack>
              </Group>
            ))}
          </Stack>
        </Box>
      </Box>
    </Input.Wrapper>
  );
}

const matches = ({ type, description }: EventType, search: string) =>
  `${type} ${description}`.toLowerCase().includes(search.trim().toLowerCase());

/** `consent.created` → Consent; the BankConnect names say it in their first word. */
function groupOf({ type, format }: EventType): string {
  if (format !== "event") return format === "entity" ? "Entities" : "Sessions";
  const word = (type.split(".")[0] ?? type).replaceAll("_", " ");
  return word.charAt(0).toUpperCase() + word.slice(1);
}
