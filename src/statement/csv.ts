/** CSV and its kin (TSV, semicolons, bars, carets, tildes): text to a grid of cells. */
import { parse } from "csv-parse/sync";
import { amountOf, dateOf } from "./grid-cells.ts";
import type { Grid } from "./grid.ts";
import { Damaged } from "./unreadable.ts";
import { roleOf } from "./vocabulary.ts";

const DELIMITERS = [",", ";", "\t", "|", "^", "~"] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** So much of the file shows its delimiter. */
const PROBE_CHARACTERS = 64 * 1024;
const PROBE_LINES = 200;
/** A table of transactions has three columns at least. */
const FEWEST = 3;
/** No record of a statement is longer; beyond it the delimiter or the quotes are wrong. */
const LONGEST_RECORD = 256 * 1024;

/**
 * The character that cuts the lines into most dates, amounts and known titles; null where none cuts two lines into
 * three cells with any of them: then it is no table.
 */
export function findDelimiter(text: string): Delimiter | null {
  const lines = text
    .slice(0, PROBE_CHARACTERS)
    .split(/\r\n|\n|\r/)
    .filter((line) => line.trim() !== "")
    .slice(0, PROBE_LINES);
  let best: { delimiter: Delimiter; score: number } | null = null;
  for (const delimiter of DELIMITERS) {
    const rows = lines.map((line) => splitLine(line, delimiter)).filter((cells) => cells.length >= FEWEST);
    const score = rows.flat().filter(isClean).length;
    if (rows.length > 0 && score > 2 && score > (best?.score ?? 0)) best = { delimiter, score };
  }
  return best?.delimiter ?? null;
}

/** Good enough to tell delimiters apart; the whole is parsed properly. */
function splitLine(line: string, delimiter: Delimiter): string[] {
  const cells: string[] = [];
  let cell = "";
  let quoted = false;
  for (const character of line) {
    if (character === '"') quoted = !quoted;
    else if (character === delimiter && !quoted) {
      cells.push(cell.trim());
      cell = "";
    } else cell += character;
  }
  cells.push(cell.trim());
  return cells;
}

/** A whole date, a whole amount, or the title of a column. Bare digits say nothing. */
function isClean(cell: string): boolean {
  if (cell === "" || cell.length > 40) return false;
  if (!/\d/.test(cell)) return roleOf(cell) !== null;
  const style = { decimal: ".", dateOrder: "dmy", exponent: 2 } as const;
  if (dateOf(cell, style) !== null || dateOf(cell, { ...style, dateOrder: "mdy" }) !== null) return true;
  return /[.,]\d/.test(cell) && [".", ","].some((decimal) => isAmount(cell, decimal === "." ? "." : ","));
}

function isAmount(cell: string, decimal: "." | ","): boolean {
  const amount = amountOf(cell, { decimal, exponent: 2 });
  return amount !== null && amount !== "unreadable";
}

/** The whole file as one grid. Throws Damaged where quotes or lines make no records. */
export function readCsv(text: string, delimiter: Delimiter): Grid {
  const records = parseRecords(text, delimiter, '"') ?? parseRecords(text, delimiter, false);
  if (records === null) throw new Damaged("The lines are no records of one table");
  const lines: number[] = [];
  let line = 1;
  for (const record of records) {
    lines.push(line);
    line += 1;
    for (const cell of record) if (cell.includes("\n")) line += cell.split("\n").length - 1;
  }
  return { rows: records.map((record) => record.map((cell) => cell.trim())), lines };
}

/** Null where the text does not fit: a quote that never ends, a record without end. */
function parseRecords(text: string, delimiter: Delimiter, quote: '"' | false): string[][] | null {
  try {
    return parse(text, {
      delimiter,
      quote,
      relax_quotes: true,
      relax_column_count: true,
      skip_empty_lines: false,
      max_record_size: LONGEST_RECORD,
    });
  } catch (error) {
    if (error instanceof Error && "code" in error && String(error.code).startsWith("CSV_")) return null;
    throw error;
  }
}
