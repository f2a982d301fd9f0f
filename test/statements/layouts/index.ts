import type { Layout } from "../types.ts";
import { abroad } from "./abroad.ts";
import { blocks } from "./blocks.ts";
import { columned } from "./columns.ts";
import { indian } from "./india.ts";
import { paged } from "./pages.ts";
import { written } from "./writing.ts";

export const layouts: readonly Layout[] = [
  ...indian,
  ...abroad,
  ...blocks,
  ...columned,
  ...paged,
  ...written,
];

export function layoutOf(id: string): Layout {
  const found = layouts.find((layout) => layout.id === id);
  if (found === undefined) throw new Error(`no layout ${id}`);
  return found;
}
