import type { Layout } from "../types.ts";
import { abroad } from "./abroad.ts";
import { indian } from "./india.ts";

export const layouts: readonly Layout[] = [...indian, ...abroad];

export function layoutOf(id: string): Layout {
  const found = layouts.find((layout) => layout.id === id);
  if (found === undefined) throw new Error(`no layout ${id}`);
  return found;
}
