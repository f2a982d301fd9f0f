import { Text, Tooltip, type TextProps } from "@mantine/core";
import { useEffect, useState } from "react";

const zoned = new Intl.DateTimeFormat(undefined, {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});
const withYear = new Intl.DateTimeFormat(undefined, {
  year: "numeric",
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
});
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto", style: "short" });
const UNITS = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
] as const;

/** In the viewer's zone. */
export function formatInstant(iso: string): string {
  const at = new Date(iso);
  return at.getFullYear() === new Date().getFullYear() ? zoned.format(at) : withYear.format(at);
}

function formatAgo(iso: string, now: number): string {
  const seconds = Math.round((Date.parse(iso) - now) / 1000);
  const [unit, size] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
  return relative.format(Math.trunc(seconds / size), unit);
}

/** An instant in the viewer's zone, with UTC on hover and on focus; `ago`: how long since. */
export function Time({ at, ago = false, ...text }: { at: string; ago?: boolean } & TextProps) {
  const now = useNow(ago);
  return (
    <Tooltip
      label={`${at.replace("T", " ").replace(/\.?\d*Z$/, "")} UTC`}
      events={{ hover: true, focus: true, touch: true }}
    >
      <Text span inherit {...text} style={{ whiteSpace: "nowrap" }}>
        <time dateTime={at}>{ago ? formatAgo(at, now) : formatInstant(at)}</time>
      </Text>
    </Tooltip>
  );
}

function useNow(isNeeded: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!isNeeded) return;
    const timer = setInterval(() => setNow(Date.now()), 10_000);
    return () => clearInterval(timer);
  }, [isNeeded]);
  return now;
}

/** Seconds to words: `90` → `1 min 30 s`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  const whole = Math.round(seconds);
  const parts = [
    [Math.floor(whole / 86_400), "d"],
    [Math.floor(whole / 3600) % 24, "h"],
    [Math.floor(whole / 60) % 60, "min"],
    [whole % 60, "s"],
  ] as const;
  const shown = parts.filter(([count]) => count > 0).slice(0, 2);
  return shown.length === 0 ? "0 s" : shown.map(([count, unit]) => `${count} ${unit}`).join(" ");
}

export const formatMicros = (micros: number): string =>
  micros < 1000
    ? `${micros} µs`
    : micros < 1_000_000
      ? `${Math.round(micros / 1000)} ms`
      : `${(micros / 1_000_000).toFixed(1)} s`;
