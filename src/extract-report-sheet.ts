/** A page's picture with what was read drawn over it. */

import { html, raw } from "./extract-report-html.ts";
import type { Html } from "./extract-report-html.ts";
import { moneyText } from "./extract-table.ts";
import type { Box, CellRole, PlacedColumn, PlacedFact, PlacedRow, Sheet } from "./statement/report/types.ts";
import type { Break, Statement, Transaction } from "./statement/types.ts";

/** How a row is marked: by its proof, or as broken. Signs, so that nothing is told by colour alone. */
export type Mark = "chain" | "totals" | "none" | "broken";

export const MARKS: Readonly<Record<Mark, { sign: string; short: string; words: string }>> = {
  chain: { sign: "✓", short: "balance", words: "follows from the balance before it" },
  totals: { sign: "Σ", short: "totals", words: "vouched for by the printed totals" },
  none: { sign: "·", short: "unproven", words: "rests on nothing" },
  broken: { sign: "✗", short: "broken", words: "contradicts the balance before it" },
};

export function markOf(statement: Statement, row: number): Mark {
  if (statement.verification.breaks.some((found) => found.row === row)) return "broken";
  return statement.transactions[row]?.proof ?? "none";
}

const ROLES: Readonly<Record<CellRole, string>> = {
  date: "Date",
  "value date": "Value date",
  narration: "Narration",
  reference: "Reference",
  debit: "Debit",
  credit: "Credit",
  amount: "Amount",
  balance: "Balance",
};

/** Two decimals of a point are far finer than the picture. */
const dots = (points: number): string => String(Math.round(points * 100) / 100);

function rectangle(name: string, { x0, y0, x1, y1 }: Box, margin: number): Html {
  const [x, y] = [dots(x0 - margin), dots(y0 - margin)];
  const [width, height] = [dots(x1 - x0 + 2 * margin), dots(y1 - y0 + 2 * margin)];
  return html`<rect class="${name}" x="${x}" y="${y}" width="${width}" height="${height}" rx="1.5" />`;
}

/** Widths of letters of a system font, in ems: good enough for a box around a short label. */
const LETTER = 0.64;
const LABEL_SIZE = 6.5;

const widthOf = (text: string): number => text.length * LETTER * LABEL_SIZE + 6;

/** A label on its own ground, its left or right end at x, its foot at y. */
function label(name: string, text: string, x: number, y: number, end: "left" | "right"): Html {
  const width = widthOf(text);
  const left = end === "left" ? x : x - width;
  const top = y - LABEL_SIZE - 3;
  return html`<g class="label ${name}"
    ><rect
      x="${dots(left)}"
      y="${dots(top)}"
      width="${dots(width)}"
      height="${dots(LABEL_SIZE + 3)}"
      rx="2"
    /><text x="${dots(left + width / 2)}" y="${dots(y - 2.6)}" font-size="${LABEL_SIZE}" text-anchor="middle"
      >${text}</text
    ></g
  >`;
}

function column(placed: PlacedColumn): Html {
  const { role, x0, y0, y1, labelled } = placed;
  const foot = labelled === "above" ? y0 - 4 : y1 + LABEL_SIZE + 8;
  return html`<g class="column"
    >${rectangle("band", placed, 3)}${label("of-column", ROLES[role], x0 - 3, foot, "left")}</g
  >`;
}

/** What names a fact in print stands left of it or above: the label goes to the right, where the page has room. */
function fact(placed: PlacedFact, pageWidth: number): Html {
  const { name, x0, x1, y0, y1 } = placed;
  const foot = (y0 + y1 + LABEL_SIZE + 3) / 2;
  const hasRoom = x1 + 3 + widthOf(name) < pageWidth;
  const [x, end] = hasRoom ? ([x1 + 3, "left"] as const) : ([x0 - 3, "right"] as const);
  return html`<g class="fact"
    ><title>${name}</title>${rectangle("frame", placed, 1.5)}${label("of-fact", name, x, foot, end)}</g
  >`;
}

/** Left of the row where there is room, else inside it. */
const signPlace = (x0: number): number => Math.max(7, x0 - 8);

/** Right of the page, where nothing is printed: what a broken row should have said. Points. */
const GUTTER = 118;

function gutterNote(placed: PlacedRow, found: Break, currency: string | null, pageWidth: number): Html {
  const middle = (placed.y0 + placed.y1) / 2;
  const [from, to] = [dots(placed.x1 + 1.5), dots(pageWidth + 6)];
  const text = `✗ expected ${moneyText(found.expected, currency)}`;
  return html`<path
      class="lead"
      d="M${from} ${dots(middle)}H${to}"
    />${label("of-break", text, pageWidth + 6, middle + (LABEL_SIZE + 3) / 2, "left")}`;
}

interface Shown {
  placed: PlacedRow;
  statement: Statement;
  transaction: Transaction;
  found: Break | undefined;
}

/** A row with what it says and where it breaks. */
function shownRow(placed: PlacedRow, statements: readonly Statement[]): Shown | null {
  const statement = statements[placed.statement];
  const transaction = statement?.transactions[placed.row];
  if (statement === undefined || transaction === undefined) return null;
  const found = statement.verification.breaks.find((one) => one.row === placed.row);
  return { placed, statement, transaction, found };
}

function row({ placed, statement, transaction, found }: Shown, pageWidth: number): Html {
  const mark = markOf(statement, placed.row);
  const { sign, words } = MARKS[mark];
  const amount = moneyText(transaction.amount, statement.currency);
  const title = `${transaction.date.toString()} ${transaction.direction} ${amount}: ${words}`;
  const id = `${placed.statement}-${placed.row}`;
  const middle = (placed.y0 + placed.y1) / 2;
  return html`<a class="row ${mark}" id="p${id}" href="#t${id}" data-row="${id}"
    ><title>${title}</title
    >${rectangle("line", placed, 1.5)}${placed.cells.map((cell) => rectangle("cell", cell, 0.5))}<text
      class="sign"
      x="${dots(signPlace(placed.x0))}"
      y="${dots(middle + 3)}"
      font-size="9"
      text-anchor="middle"
      >${sign}</text
    >${found !== undefined && gutterNote(placed, found, statement.currency, pageWidth)}</a
  >`;
}

/**
 * One page. Without a picture the boxes stand on white.
 * @param gutter whether any page of the report has broken rows: all pages are shown at one size
 */
export function sheetHtml(
  sheet: Sheet,
  total: number,
  statements: readonly Statement[],
  gutter: boolean,
): Html {
  const { number, width, height, png, columns, facts } = sheet;
  const rows = sheet.rows.map((placed) => shownRow(placed, statements)).filter((shown) => shown !== null);
  const wide = width + (gutter ? GUTTER : 0);
  const picture =
    png === null
      ? html`<div class="blank" style="width: ${percent(width / wide)}"></div>`
      : html`<img
          alt="Page ${number}"
          style="width: ${percent(width / wide)}"
          src="data:image/png;base64,${raw(Buffer.from(png).toString("base64"))}"
        />`;
  const described = `${rows.length} of the rows read stand on page ${number}`;
  return html`<figure class="sheet">
    <div class="paper" style="aspect-ratio: ${dots(wide)} / ${dots(height)}">
      ${picture}<svg viewBox="0 0 ${dots(wide)} ${dots(height)}" role="group" aria-label="${described}">
        ${columns.map(column)}${facts.map((placed) => fact(placed, width))}${rows.map((shown) => row(shown, width))}
      </svg>
    </div>
    <figcaption>
      Page ${number} of
      ${total}${png === null && " (no picture)"}${rows.length === 0 && " · no row was read here"}
    </figcaption>
  </figure> `;
}

const percent = (share: number): string => `${dots(100 * share)}%`;
