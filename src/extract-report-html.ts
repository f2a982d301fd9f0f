/** HTML that escapes what is put into it: statements are other people's files. */

import { printable } from "./extract-table.ts";

/** Text that is HTML already. Made by `html` and `raw` alone. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Part = Html | string | number | null | false | readonly Part[];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Safe as text and inside a quoted attribute; control and direction marks become spaces. */
export function escapeHtml(text: string): string {
  return printable(text).replaceAll(/[&<>"']/g, (letter) => ENTITIES[letter] ?? "");
}

function textOf(part: Part): string {
  if (part === null || part === false) return "";
  if (part instanceof Html) return part.text;
  if (typeof part === "string") return escapeHtml(part);
  if (typeof part === "number") return String(part);
  return part.map(textOf).join("");
}

/** Values are escaped unless they are HTML; null and false are nothing. Attributes are to be quoted. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const pieces = strings.map((piece, index) => piece + textOf(parts[index] ?? null));
  return new Html(pieces.join(""));
}

/** For our own text only: style, script, pictures. */
export function raw(text: string): Html {
  return new Html(text);
}
