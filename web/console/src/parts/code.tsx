import { Box } from "@mantine/core";
import { CopyIcon } from "./copy.tsx";

/** Text as it is, with a copy icon. It scrolls, so it can be reached with the keyboard. */
export function Code({ text, label }: { text: string; label: string }) {
  return (
    <Box pos="relative">
      <pre className="bb-code" tabIndex={0} aria-label={label}>
        {text}
      </pre>
      <Corner text={text} />
    </Box>
  );
}

const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|(-?\d[\d.eE+-]*|true|false|null)/g;

/** JSON, indented and coloured; what is no JSON is shown as it came. */
export function Json({ text, label }: { text: string; label: string }) {
  const pretty = indented(text);
  if (pretty === null) return <Code text={text} label={label} />;
  return (
    <Box pos="relative">
      <pre className="bb-code" tabIndex={0} aria-label={label}>
        {coloured(pretty)}
      </pre>
      <Corner text={text} />
    </Box>
  );
}

function Corner({ text }: { text: string }) {
  return (
    <Box pos="absolute" top={8} right={8}>
      <CopyIcon value={text} label="Copy" />
    </Box>
  );
}

function indented(text: string): string | null {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    // Not JSON: the caller shows the text itself.
    return null;
  }
}

function coloured(json: string) {
  const parts = [];
  let end = 0;
  for (const match of json.matchAll(TOKEN)) {
    const [whole, text, colon] = match;
    const kind = text === undefined ? "other" : colon === undefined ? "string" : "key";
    const value = text ?? whole;
    parts.push(json.slice(end, match.index));
    parts.push(
      <span key={match.index} className={`bb-json-${kind}`}>
        {value}
      </span>,
    );
    end = match.index + value.length;
  }
  parts.push(json.slice(end));
  return parts;
}
