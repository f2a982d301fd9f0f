/** Whose account it is: by label, or by the address block that stands above the table. */
import { type Cell, type Label, labelAt, placesOf, type Row } from "./identity-cells.ts";

export interface Holder {
  name: string | null;
  address: string | null;
}

/** Words of banks, offices and titles: a line with one of them is nobody's name. */
const NOT_A_NAME =
  /\b(bank|banking|statement|account|page|customer care|service|services|branch|summary|transactions?|details|balance|office|box|limit|currency|period|www|date|deposits?|savings|dear|important|information|overview|kontoauszug|rekeningafschrift|total)\b|www\.|@|\d{3,}/iu;
const TITLE = /^(?:mr|mrs|ms|miss|dr|shri|smt|kum|m\/s|herr|frau|dhr|mevr|mw|monsieur|madame|prof)\b\.?/iu;
const NAME = /^[\p{L}][\p{L}\p{M}\d .,'’&()/-]*$/u;
/** Postcodes: six digits in India and Singapore, British ones, Dutch ones, five digits elsewhere. */
const POSTCODE = /\b\d{5,6}\b|\b\d{3} \d{3}\b|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b|\b\d{4} ?[A-Z]{2}\b/u;
const LONGEST_NAME = 60;
const LONGEST_LINE = 70;
/** An address has no more lines than this. */
const LINES = 7;

export function isName(text: string): boolean {
  if (text.length < 2 || text.length > LONGEST_NAME || !NAME.test(text) || NOT_A_NAME.test(text))
    return false;
  const letters = text.replace(/[^\p{L}\p{M}]/gu, "").length;
  return letters >= 2 && letters >= 0.6 * text.replace(/\s/g, "").length;
}

/** A labelled name first; else the first line of the best address block. */
export function readHolder(rows: readonly Row[], labels: readonly Label[]): Holder {
  const named = nameUnder(rows, labels);
  const address = addressUnder(rows, labels);
  if (named === null) {
    const block = addressBlock(rows);
    if (block === null) return { name: nameOnSlip(rows), address };
    // Beside an address block the label `Address` is the branch's.
    return { name: block.name, address: block.address };
  }
  return {
    name: named.text,
    address:
      address ??
      linesBelow(rows, named.cell, named.label) ??
      blockOf(rows, named.text) ??
      leftOver(rows, labels, named),
  };
}

interface Named {
  text: string;
  cell: Cell;
  label: Label;
}

function nameUnder(rows: readonly Row[], labels: readonly Label[]): Named | null {
  for (const label of labels) {
    if (label.kind !== "name") continue;
    for (const cell of placesOf(rows, label)) {
      const text = cell.text.replace(/\s*\|.*$/, "");
      if (isName(text) && !/^(?:address|account|and)\b/iu.test(text)) return { text, cell, label };
    }
  }
  return null;
}

function addressUnder(rows: readonly Row[], labels: readonly Label[]): string | null {
  for (const label of labels) {
    if (label.kind !== "address") continue;
    const [first] = placesOf(rows, label);
    if (first === undefined || first.text.length > 200) continue;
    const lines = [first.text, ...columnBelow(rows, first, label.cell.x0)];
    return joinLines(lines);
  }
  return null;
}

/** The lines under a labelled name, at its left edge or at the label's. */
function linesBelow(rows: readonly Row[], value: Cell, label: Label): string | null {
  const under = columnBelow(rows, value, label.cell.x0);
  if (under.length > 0) return joinLines(under);
  if (value.row !== label.row || value.x0 === label.cell.x0) return null;
  const left = { ...value, x0: label.cell.x0 };
  return joinLines(columnBelow(rows, left, label.cell.x0 - 20));
}

/** Cells that go on below at the same left edge without a gap, until a label or something that is no address. */
function columnBelow(rows: readonly Row[], start: Cell, labelEdge: number): string[] {
  const lines: string[] = [];
  let last = rows[start.row];
  for (let i = start.row + 1; i < rows.length && lines.length < LINES; i += 1) {
    const row = rows[i];
    if (row === undefined || last === undefined || row.page !== last.page) break;
    // A heading set larger than the lines below it is not one of them.
    if (row.y0 - last.y1 > 1.4 * Math.min(row.height, last.height)) break;
    // A label to the left of the column owns what stands in it.
    const owner = row.cells.find((cell) => cell.x0 < start.x0 - 12 && cell.x0 >= labelEdge - 3);
    if (owner !== undefined) break;
    const cell = row.cells.find((other) => Math.abs(other.x0 - start.x0) <= 12);
    if (cell === undefined) continue;
    // Between the name and its address stands who else may sign.
    if (lines.length === 0 && /^joint holder/iu.test(cell.text)) {
      last = row;
      continue;
    }
    if (
      labelAt(cell, 0) !== null ||
      cell.tokens.some(({ colon }) => colon) ||
      cell.text.length > LONGEST_LINE
    )
      break;
    last = row;
    if (!cell.text.includes("@")) lines.push(cell.text);
  }
  return lines;
}

function joinLines(lines: readonly string[]): string | null {
  const parts = lines.map((line) => line.trim().replace(/,+$/, "")).filter((line) => line !== "");
  return parts.length === 0 ? null : parts.join(", ");
}

interface Block {
  name: string;
  address: string;
  score: number;
}

/** The best stack of short lines that begins with a name and goes on like an address. */
function addressBlock(rows: readonly Row[]): Block | null {
  let best: Block | null = null;
  for (const row of rows) {
    // The account's own pages repeat their head; the first one is enough.
    if (row.page !== rows[0]?.page) break;
    for (const [at, cell] of row.cells.entries()) {
      // `Account Branch : HILLSIDE` is the value of its label.
      if (row.cells[at - 1]?.tokens.at(-1)?.colon === true) continue;
      const block = blockAt(rows, cell);
      if (block !== null && (best === null || block.score > best.score)) best = block;
    }
  }
  return best;
}

function blockAt(rows: readonly Row[], cell: Cell): Block | null {
  if (!isName(cell.text) || labelAt(cell, 0) !== null || cell.tokens.some(({ colon }) => colon)) return null;
  const words = cell.text.split(" ").length;
  if (words > 7 || (words < 2 && !TITLE.test(cell.text))) return null;
  const lines = columnBelow(rows, cell, cell.x0);
  const address = joinLines(lines);
  if (address === null || lines.length < 2 || NOT_A_NAME_BELOW.test(address)) return null;
  const score =
    (POSTCODE.test(lines.slice(-3).join(" ")) ? 3 : 0) +
    (TITLE.test(cell.text) ? 2 : 0) +
    (/\d/.test(address) ? 1 : 0) +
    (lines.length <= 6 ? 1 : 0);
  return score >= 3 ? { name: cell.text, address, score } : null;
}

/** A bank's own address stands under its name as a customer's does. */
const NOT_A_NAME_BELOW =
  /\b(registered office|head office|p\.?o\.? ?box|tel|fax|phone|toll free|customer care)\b/iu;

/** The address block whose first line is the name that a label has named. */
function blockOf(rows: readonly Row[], name: string): string | null {
  for (const row of rows) {
    const cell = row.cells.find(({ text }) => text.toLowerCase() === name.toLowerCase());
    const lines = cell && columnBelow(rows, cell, cell.x0);
    if (lines !== undefined && lines.length >= 2) return joinLines(lines);
  }
  return null;
}

const BOX = /\bp\.? ?o\.? ?box\b/iu;

/** On the slip at the foot of a card's page the payer's name stands beside the address to pay to. */
function nameOnSlip(rows: readonly Row[]): string | null {
  for (const { page, cells } of rows) {
    if (page !== rows[0]?.page) break;
    const [left, right, more] = cells;
    if (left === undefined || right === undefined || more !== undefined) continue;
    const isPerson = isName(left.text) && left.tokens.every(({ text }) => /^\p{Lu}/u.test(text));
    if (!isPerson || left.tokens.length < 2 || labelAt(left, 0) !== null) continue;
    const payee = columnBelow(rows, right, right.x0);
    if (payee.length >= 2 && BOX.test(payee.join(" ")) && POSTCODE.test(payee.join(" "))) return left.text;
  }
  return null;
}

/**
 * In a grid of labels above their values one value has no label of its own: beside name and number of the account that
 * is the address.
 */
function leftOver(rows: readonly Row[], labels: readonly Label[], { cell, label }: Named): string | null {
  if (cell.row === label.row) return null;
  const isUnder = (above: Cell, other: Cell): boolean =>
    Math.min(above.x1, other.x1) > Math.max(above.x0, other.x0);
  const heads = labels.filter(({ row }) => row === label.row);
  if (!heads.some(({ kind }) => kind === "accountNumber")) return null;
  const others = (rows[cell.row]?.cells ?? []).filter(
    (other) => !heads.some((head) => isUnder(head.cell, other)) && /\p{L}{2}/u.test(other.text),
  );
  const [only, second] = others;
  return only === undefined || second !== undefined || only.tokens.length < 2 ? null : only.text;
}
