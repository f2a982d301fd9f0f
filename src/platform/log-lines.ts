/** Turns pino's JSON into lines for a person at a terminal; a log that goes to a file or a pipe stays JSON. */
import type { DestinationStream } from "pino";

const LEVELS: Record<number, { name: string; colour: number }> = {
  10: { name: "trace", colour: 90 },
  20: { name: "debug", colour: 90 },
  30: { name: "info", colour: 32 },
  40: { name: "warn", colour: 33 },
  50: { name: "error", colour: 31 },
  60: { name: "fatal", colour: 31 },
};

export interface TerminalStream {
  write(text: string): unknown;
}

export function terminalLog(out: TerminalStream, colour: boolean): DestinationStream {
  return { write: (line) => void out.write(`${readable(line, colour)}\n`) };
}

/** `12:30:01 info  request  method=GET status=200 ms=1.2`; an error's stack follows on lines of its own. */
export function readable(line: string, colour: boolean): string {
  const entry: Record<string, unknown> = JSON.parse(line);
  const { level, time, msg, err, ...rest } = entry;
  const { name, colour: code } = LEVELS[Number(level)] ?? { name: "log", colour: 0 };
  const at = typeof time === "string" ? time.slice(11, 19) : "";
  const paint = (text: string, shade: number) => (colour ? `\u001B[${shade}m${text}\u001B[0m` : text);
  const fields = Object.entries(rest).map(
    ([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  const message = typeof msg === "string" ? [msg] : [];
  const text = [paint(at, 90), paint(name.padEnd(5), code), ...message, ...fields].join(" ");
  return hasStack(err) ? `${text}\n${err.stack}` : text;
}

const hasStack = (value: unknown): value is { stack: string } =>
  typeof value === "object" && value !== null && "stack" in value && typeof value.stack === "string";
