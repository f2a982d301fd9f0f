/** Sheets as values: `workbook.ts` writes them. */
import type writeXlsxFile from "write-excel-file/node";
import { heading, text, type Cell } from "./cells.ts";
import type { Chart } from "./chart.ts";

export interface Sheet {
  /** At most 31 characters, without `[ ] : * ? / \`. */
  name: string;
  rows: Cell[][];
  /** In characters, column by column. */
  widths: number[];
  frozen: { rows: number; columns: number };
  /** Buttons to filter by on the first row. */
  filtered: boolean;
  chart: Chart | null;
}

/** What adds parts to a workbook that its writer does not know. */
export type WriterFeature = NonNullable<NonNullable<Parameters<typeof writeXlsxFile>[1]>["features"]>[number];

export interface Column<Row> {
  head: string;
  width: number;
  cell(row: Row): Cell;
}

/** One line per row under a head that stays in sight. `none`: what stands there where there is no row. */
export function tableSheet<Row>(
  name: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { none, frozenColumns = 0 }: { none: string; frozenColumns?: number },
): Sheet {
  const head = columns.map((column) => heading(column.head));
  const body = rows.map((row) => columns.map((column) => column.cell(row)));
  return {
    name,
    rows: [head, ...(body.length > 0 ? body : [[text(none)]])],
    widths: columns.map(({ width }) => width),
    frozen: { rows: 1, columns: frozenColumns },
    filtered: rows.length > 0,
    chart: null,
  };
}

/** `A`, `Z`, `AA`; columns are counted from 0. */
export function columnName(index: number): string {
  const rest = Math.floor(index / 26) - 1;
  return (rest < 0 ? "" : columnName(rest)) + String.fromCodePoint(65 + (index % 26));
}

/** `'Monthly'!$B$2:$B$13`; rows are counted from 1. */
export function rangeIn(sheet: string, column: number, from: number, to: number): string {
  const name = columnName(column);
  return `${quotedName(sheet)}!$${name}$${from}:$${name}$${to}`;
}

/** As formulas and names refer to a sheet. */
export const quotedName = (sheet: string): string => `'${sheet.replaceAll("'", "''")}'`;
