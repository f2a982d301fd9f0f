import { Button, Group, MultiSelect, Popover, Stack, TextInput } from "@mantine/core";
import { IconFilter, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState, type ReactNode } from "react";
import { eventTypes } from "../api/queries.ts";
import type { EventSearch } from "../search.ts";
import { useEnvironment } from "../shell/viewer.ts";

interface Props {
  search: EventSearch;
  onChange: (change: Partial<EventSearch>) => void;
  onClear: () => void;
  /** Filters of one page alone, before the others. */
  children?: ReactNode;
  isFiltered: boolean;
}

/** Filters of events and deliveries. They stand in the URL, so that a link shows the same. */
export function Filters({ search, onChange, onClear, children, isFiltered }: Props) {
  const environment = useEnvironment();
  const types = useQuery(eventTypes(environment));
  return (
    <Group gap="xs" align="center">
      {children}
      <MultiSelect
        aria-label="Event types"
        placeholder={search.type === undefined ? "All event types" : ""}
        size="xs"
        w={{ base: "100%", xs: 280 }}
        searchable
        clearable
        data={(types.data?.data ?? []).map(({ type }) => type)}
        value={search.type ?? []}
        onChange={(chosen) => onChange(chosen.length > 0 ? { type: chosen } : { type: undefined })}
        clearButtonProps={{ "aria-label": "Clear event types" }}
      />
      <SearchText
        label="link_id or customer"
        value={search.subject}
        onChange={(subject) => onChange({ subject })}
      />
      <MoreFilters search={search} onChange={onChange} />
      {isFiltered ? (
        <Button size="xs" variant="subtle" color="gray" leftSection={<IconX size={14} />} onClick={onClear}>
          Clear
        </Button>
      ) : null}
    </Group>
  );
}

function MoreFilters({ search, onChange }: Pick<Props, "search" | "onChange">) {
  const count = [search.resource, search.from, search.to].filter((one) => one !== undefined).length;
  return (
    <Popover position="bottom-end" width={300} trapFocus>
      <Popover.Target>
        <Button size="xs" variant="default" leftSection={<IconFilter size={14} />}>
          {count === 0 ? "More filters" : `More filters (${count})`}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          <SearchText
            label="Resource"
            placeholder="session:409ed817-…"
            isLabelled
            value={search.resource}
            onChange={(resource) => onChange({ resource })}
          />
          <InstantInput label="From" value={search.from} onChange={(from) => onChange({ from })} />
          <InstantInput label="Until" value={search.to} onChange={(to) => onChange({ to })} />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

interface SearchTextProps {
  label: string;
  placeholder?: string;
  isLabelled?: boolean;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}

const PAUSE_MS = 300;

/** Asks once the typing pauses. */
function SearchText({ label, placeholder = label, isLabelled = false, value, onChange }: SearchTextProps) {
  const [typed, setTyped] = useState(value ?? "");
  useEffect(() => setTyped(value ?? ""), [value]);
  useEffect(() => {
    if (typed === (value ?? "")) return;
    const timer = setTimeout(() => onChange(typed === "" ? undefined : typed), PAUSE_MS);
    return () => clearTimeout(timer);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- only what is typed starts the pause anew
  }, [typed]);
  return (
    <TextInput
      {...(isLabelled ? { label } : { "aria-label": label })}
      placeholder={placeholder}
      size="xs"
      w={isLabelled ? undefined : { base: "100%", xs: 190 }}
      value={typed}
      onChange={({ currentTarget }) => setTyped(currentTarget.value)}
    />
  );
}

interface InstantInputProps {
  label: string;
  value: string | undefined;
  onChange: (iso: string | undefined) => void;
}

/** Typed in the viewer's zone, kept in UTC. */
export function InstantInput({ label, value, onChange }: InstantInputProps) {
  return (
    <TextInput
      type="datetime-local"
      label={label}
      size="xs"
      value={value === undefined ? "" : toLocal(value)}
      onChange={({ currentTarget }) => {
        const at = new Date(currentTarget.value);
        onChange(Number.isNaN(at.getTime()) ? undefined : at.toISOString());
      }}
    />
  );
}

function toLocal(iso: string): string {
  const at = new Date(iso);
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}
