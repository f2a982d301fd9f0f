/** What `extract` prints for people. */

import { REASONS } from "./extract-findings.ts";
import { toDecimal } from "./statement/currency.ts";
import type { MetadataFinding } from "./statement/fraud/types.ts";
import type { Break, Statement, Transaction, VerificationStatus } from "./statement/types.ts";

export interface TableStyle {
  colour: boolean;
  /** Columns of the terminal; null when the output is no terminal and nothing is cut. */
  width: number | null;
}

type Paint = (text: string) => string;
interface Paints {
  bold: Paint;
  dim: Paint;
  good: Paint;
  bad: Paint;
  warn: Paint;
}

function paints(colour: boolean): Paints {
  const ansi =
    (open: number, close: number): Paint =>
    (text) =>
      colour && text !== "" ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return { bold: ansi(1, 22), dim: ansi(2, 22), good: ansi(32, 39), bad: ansi(31, 39), warn: ansi(33, 39) };
}

export const VERDICTS: Record<VerificationStatus, { paint: "good" | "warn" | "bad"; words: string }> = {
  proven: { paint: "good", words: "✓ proven: the arithmetic closes over every row" },
  partly: { paint: "warn", words: "~ partly proven: nothing contradicts, but not everything is held" },
  rounding: { paint: "warn", words: "~ proven but for rounding: the bank's own figures drift by up to 0.01" },
  broken: { paint: "bad", words: "✗ broken: the balances contradict the amounts" },
  unverifiable: { paint: "warn", words: "? unverifiable: the document prints neither balances nor totals" },
};
const MARKS: Record<Transaction["proof"], string> = { chain: "✓", totals: "Σ", none: "·" };
const MIN_DESCRIPTION = 16;
const MAX_DESCRIPTION = 60;

/**
 * Control characters would let a statement write to the terminal, and direction marks reorder the line.
 * Statements are other people's files.
 */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ");
}

/** East Asian wide characters take two columns. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/gu;
const columnsOf = (text: string): number => Array.from(text).length + (text.match(WIDE)?.length ?? 0);

const padEnd = (text: string, width: number): string =>
  text + " ".repeat(Math.max(0, width - columnsOf(text)));
const padStart = (text: string, width: number): string =>
  " ".repeat(Math.max(0, width - columnsOf(text))) + text;

function cut(text: string, width: number): string {
  if (columnsOf(text) <= width) return text;
  let kept = "";
  let used = 0;
  for (const character of text) {
    used += columnsOf(character);
    if (used > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

const THOUSANDS = /(?<=\d)(?=(?:\d{3})+$)/g;
const LAKHS = /(?<=\d)(?=(?:\d\d)*\d{3}$)/g;

/** Grouped as people of that currency expect: 1,23,456.78 for rupees, 123,456.78 elsewhere. */
export function moneyText(minor: bigint, currency: string | null): string {
  const [whole = "", part] = toDecimal(minor, currency).split(".");
  const grouped = whole.replaceAll(currency === "INR" ? LAKHS : THOUSANDS, ",");
  return part === undefined ? grouped : `${grouped}.${part}`;
}

function header(file: string, statement: Statement, paint: Paints): string[] {
  const { bank, identity, currency, period, verification } = statement;
  const title = [bank?.name ?? "Unknown bank", identity.accountNumber, currency].filter(
    (part) => part !== null,
  );
  const money = (minor: bigint | null): string => (minor === null ? "–" : moneyText(minor, currency));
  const verdict = VERDICTS[verification.status];
  const facts: [string, string | null][] = [
    ["Name", identity.name],
    ["Period", period === null ? null : `${period.from.toString()} to ${period.to.toString()}`],
    ["Balance", `${money(statement.openingBalance)} → ${money(statement.closingBalance)}`],
  ];
  return [
    `${paint.bold(printable(title.join(" · ")))}  ${paint.dim(printable(file))}`,
    ...facts.flatMap(([name, fact]) =>
      fact === null ? [] : [`${paint.dim(name.padEnd(8))}${printable(fact)}`],
    ),
    paint[verdict.paint](verdict.words),
    ...doubts(statement).map((doubt) => paint[verdict.paint](doubt)),
  ];
}

/** Why a statement whose rows all hold is not proven. */
export function doubts({ currency, verification }: Statement): string[] {
  const { missingPages, disagreements, openEnds = [], repeatedRows = [] } = verification;
  const pages = missingPages === undefined ? [] : [`Missing pages: ${missingPages.join(", ")}`];
  const others = disagreements?.map(({ kind, printed }) => {
    const value = kind.endsWith("count") ? String(printed) : moneyText(printed, currency);
    return `Said otherwise elsewhere: ${kind.replace("_", " ")} ${value}`;
  });
  const open = openEnds.map((end) => `No ${end} balance printed: rows cut off there would not be missed`);
  const repeated = repeatedRows.length === 0 ? [] : [`${repeatedRows.length} rows repeat those before them: printed twice?`]; // prettier-ignore
  return [...pages, ...(others ?? []), ...open, ...repeated];
}

interface Row {
  cells: [date: string, description: string, debit: string, credit: string, balance: string];
  proof: Transaction["proof"];
  broken: Break | undefined;
}

function toRows(statement: Statement): Row[] {
  const breaks = new Map(statement.verification.breaks.map((found) => [found.row, found]));
  return statement.transactions.map((row, index) => {
    const amount = moneyText(row.amount, statement.currency);
    const balance = row.balance === null ? "" : moneyText(row.balance, statement.currency);
    const [debit, credit] = row.direction === "debit" ? [amount, ""] : ["", amount];
    return {
      cells: [row.date.toString(), printable(row.description), debit, credit, balance],
      proof: row.proof,
      broken: breaks.get(index),
    };
  });
}

function body(statement: Statement, style: TableStyle, paint: Paints): string[] {
  const rows = toRows(statement);
  const titles: Row["cells"] = ["Date", "Description", "Debit", "Credit", "Balance"];
  const widths = titles.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => columnsOf(row.cells[column] ?? ""))),
  );
  const [date = 0, described = 0, ...amounts] = widths;
  // Two columns between cells, and the mark.
  const taken = date + amounts.reduce((sum, width) => sum + width + 2, 0) + 2 + 3;
  const room = style.width === null ? described : Math.min(style.width - taken, MAX_DESCRIPTION);
  const description = Math.min(described, Math.max(MIN_DESCRIPTION, room));
  const line = ([when, what, ...money]: Row["cells"]): string =>
    [
      when.padEnd(date),
      padEnd(cut(what, description), description),
      ...money.map((text, at) => padStart(text, amounts[at] ?? 0)),
    ].join("  ");
  return [
    paint.dim(line(titles)),
    ...rows.flatMap(({ cells, proof, broken }) => {
      if (broken === undefined) {
        const mark = proof === "none" ? paint.warn(MARKS.none) : paint.good(MARKS[proof]);
        return [`${line(cells)}  ${mark}`];
      }
      const expected = `expected ${moneyText(broken.expected, statement.currency)}`;
      return [`${paint.bad(line(cells))}  ${paint.bad(`✗ ${expected}`)}`];
    }),
  ];
}

/** One statement: who, when, the verdict, then its rows, each with a mark of its proof. Ends with a line feed. */
export function statementTable(
  file: string,
  statement: Statement,
  style: TableStyle,
  findings: readonly MetadataFinding[] = [],
): string {
  const paint = paints(style.colour);
  const count = statement.transactions.length;
  const rows = count === 0 ? [paint.dim("no transactions")] : body(statement, style, paint);
  const legend = `${count} transactions   ✓ follows from the balance before   Σ by the printed totals   · unproven`;
  const making = findings.map(({ weight, type, reason }) =>
    weight === "accuses"
      ? paint.bad(`✗ ${type}: ${REASONS[reason]}`)
      : paint.warn(`· noted: ${REASONS[reason]}`),
  );
  return `${[...header(file, statement, paint), ...making, "", ...rows, paint.dim(legend)].join("\n")}\n`;
}

/** One line for a file that was not read. */
export function failureLine(file: string, error: { code: string; message: string }, colour: boolean): string {
  return `${paints(colour).bad("✗")} ${printable(file)}: ${error.message} (${error.code})\n`;
}
