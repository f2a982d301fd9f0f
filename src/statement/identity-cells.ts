/** Lines cut into cells, and labels with the values that belong to them: right of them, or below. */
import { keyOf, type LabelKind, labelTree } from "./identity-labels.ts";
import type { Line } from "./types.ts";

export interface Token {
  text: string;
  /** The text made comparable with the label tables. */
  key: string;
  /** A colon stood behind it. */
  colon: boolean;
  x0: number;
  x1: number;
}

/** Words that stand close together: one value, one label, or a label with its value. */
export interface Cell {
  tokens: Token[];
  /** The words joined by one space. */
  text: string;
  x0: number;
  x1: number;
  /** Index into the rows. */
  row: number;
}

export interface Row {
  page: number;
  y0: number;
  y1: number;
  /** Height of an ordinary word. */
  height: number;
  cells: Cell[];
}

export interface Label {
  kind: LabelKind;
  row: number;
  cell: Cell;
  /** Tokens of the cell from `start` to `end` (not included) are the label. */
  start: number;
  end: number;
}

/** Words further apart than this many heights stand in different cells; a space is a quarter to six tenths. */
const CELL_GAP = 1.15;
/** A value below its label stands no further down than this many heights. */
const BELOW = 3.2;

export function toRows(lines: readonly Line[]): Row[] {
  return lines.map((line, row) => {
    const height = heightOf(line);
    const cells: Cell[] = [];
    let open: Token[] = [];
    const close = (): void => {
      const [first] = open;
      const last = open.at(-1);
      if (first !== undefined && last !== undefined) cells.push(cellOf(open, first.x0, last.x1, row));
      open = [];
    };
    for (const word of line.words) {
      const last = open.at(-1);
      if (last !== undefined && word.x0 - last.x1 > CELL_GAP * height) close();
      for (const token of tokensOf(word.text, word.x0, word.x1)) {
        const before = open.at(-1);
        // A colon that stands alone belongs to the label before it, also when that is in another cell.
        if (token.text === ":" || token.text === "：") {
          const label = before ?? cells.at(-1)?.tokens.at(-1);
          if (label !== undefined) label.colon = true;
          if (before !== undefined) close();
        } else open.push(token);
      }
    }
    close();
    return { page: line.page, y0: line.y0, y1: line.y1, height, cells };
  });
}

function heightOf(line: Line): number {
  const heights = line.words.map((word) => word.y1 - word.y0).toSorted((a, b) => a - b);
  return Math.max(4, heights[Math.floor(heights.length / 2)] ?? line.y1 - line.y0);
}

function cellOf(tokens: Token[], x0: number, x1: number, row: number): Cell {
  return { tokens, text: tokens.map((token) => token.text).join(" "), x0, x1, row };
}

/** `No:1234` is a label and its value; `08:21:07` and `https://` are not. */
const GLUED = /^(\p{L}[\p{L}./-]*[:：])(?!\/\/)([^:：].*)$/u;

function tokensOf(text: string, x0: number, x1: number): Token[] {
  const glued = GLUED.exec(text);
  const [, label, value] = glued ?? [];
  if (label === undefined || value === undefined) return [tokenOf(text, x0, x1)];
  const cut = x0 + ((x1 - x0) * label.length) / text.length;
  return [tokenOf(label, x0, cut), tokenOf(value, cut, x1)];
}

function tokenOf(text: string, x0: number, x1: number): Token {
  // `: HDFC0333515` drawn as one word.
  const trimmed = /^[:：]./.test(text) ? text.slice(1) : text;
  return { text: trimmed, key: keyOf(trimmed), colon: /[:：]$/.test(trimmed), x0, x1 };
}

/** The longest label that begins at this token. */
export function labelAt(cell: Cell, start: number): Label | null {
  let node = labelTree;
  let found: Label | null = null;
  for (let i = start; i < cell.tokens.length; i += 1) {
    const token = cell.tokens[i];
    const next = token && node.next.get(token.key);
    if (token === undefined || next === undefined) break;
    node = next;
    if (node.kind !== null) found = { kind: node.kind, row: cell.row, cell, start, end: i + 1 };
    if (token.colon) break;
  }
  return found;
}

/**
 * Every label in reading order. A label begins its cell, follows a value, or is followed by a colon; words inside
 * a sentence are not labels, but for the number of an account. `Bank Name:` does not name the holder.
 */
export function findLabels(rows: readonly Row[]): Label[] {
  const labels: Label[] = [];
  for (const row of rows) {
    for (const cell of row.cells) {
      let i = 0;
      while (i < cell.tokens.length) {
        const label = labelAt(cell, i);
        if (label !== null && isLabel(label)) labels.push(label);
        i = label === null ? i + 1 : label.end;
      }
    }
  }
  return labels;
}

/** One word of these kinds says too little in the middle of a cell. */
const NEEDS_START: ReadonlySet<LabelKind> = new Set(["name", "address", "from", "to", "accountNumber"]);

function isLabel({ kind, cell, start, end }: Label): boolean {
  const before = cell.tokens[start - 1];
  if (before === undefined || /[\d*]/.test(before.text)) return true;
  const words = end - start;
  if (cell.tokens[end - 1]?.colon === true) return words > 1 || !NEEDS_START.has(kind);
  return (kind === "accountNumber" || kind === "cardNumber") && words > 1;
}

/** Where a value may stand, the most likely first. */
export function placesOf(rows: readonly Row[], label: Label): Cell[] {
  const places: Cell[] = [];
  const rest = restOf(label);
  if (rest !== null) return [rest];
  const cells = rows[label.row]?.cells ?? [];
  const right = cells[cells.indexOf(label.cell) + 1];
  if (right !== undefined && labelAt(right, 0) === null) places.push(right);
  // `Opening balance :    £    1,234.56`: a symbol alone is no value yet.
  const second = right && cells[cells.indexOf(right) + 1];
  if (right !== undefined && second !== undefined && right.text.length <= 3)
    places.push(joined(right, second));
  const below = cellBelow(rows, label.row, label.cell);
  if (below !== null && labelAt(below, 0) === null) places.push(below);
  return places;
}

/** What stands behind the label in its own cell, up to the next label. */
function restOf({ cell, end }: Label): Cell | null {
  if (end >= cell.tokens.length) return null;
  let stop = end;
  while (stop < cell.tokens.length) {
    const next = labelAt(cell, stop);
    if (next !== null && isLabel(next) && stop > end) break;
    stop += 1;
  }
  const tokens = cell.tokens.slice(end, stop);
  const [first] = tokens;
  const last = tokens.at(-1);
  return first && last ? cellOf(tokens, first.x0, last.x1, cell.row) : null;
}

function joined(a: Cell, b: Cell): Cell {
  return cellOf([...a.tokens, ...b.tokens], a.x0, b.x1, a.row);
}

/** The nearest cell below that shares the label's left edge, right edge or middle. */
export function cellBelow(rows: readonly Row[], from: number, cell: Cell): Cell | null {
  const start = rows[from];
  if (start === undefined) return null;
  for (let i = from + 1; i < rows.length && i <= from + 4; i += 1) {
    const row = rows[i];
    if (row === undefined || row.page !== start.page || row.y0 - start.y1 > BELOW * start.height) return null;
    const found = row.cells.find((other) => inColumn(cell, other));
    if (found !== undefined) return found;
  }
  return null;
}

const EDGE = 4;

function inColumn(a: Cell, b: Cell): boolean {
  if (Math.abs(a.x0 - b.x0) <= EDGE || Math.abs(a.x1 - b.x1) <= EDGE) return true;
  const shared = Math.min(a.x1, b.x1) - Math.max(a.x0, b.x0);
  return shared > 0.6 * Math.min(a.x1 - a.x0, b.x1 - b.x0);
}
