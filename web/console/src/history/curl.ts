import type { AttemptDetail } from "../api/types.ts";

/** For a POSIX shell: within single quotes nothing but the quote itself has a meaning. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** curl sets these by itself. */
const OWN = new Set(["host", "content-length", "connection"]);

/** The request as it was sent; masked values stay `***`. */
export function curlOf({ url, headers, body }: AttemptDetail["request"]): string {
  const lines = [
    `curl -X POST ${quoted(url ?? "")}`,
    ...Object.entries(headers)
      .filter(([name]) => !OWN.has(name.toLowerCase()))
      .map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(body === null ? [] : [`--data-raw ${quoted(body)}`]),
  ];
  return lines.join(" \\\n  ");
}
