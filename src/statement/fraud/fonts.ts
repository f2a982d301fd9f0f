/** Amounts that are painted otherwise than their column: `font_fraud`. */

import type { Direction, Figure, Page, Statement, TextDocument } from "../types.ts";
import { columnsOfPage, createLocator } from "./places.ts";
import type { Locate, Place } from "./places.ts";
import type { MetadataFinding } from "./types.ts";

/** A column of fewer figures shows no habit. */
const LEAST_FIGURES = 5;
/** So many of its figures must be painted alike. One changed amount changes the balances after it. */
const HABIT_SHARE = 0.6;
/** Sizes differ by more than scaling and rounding make of them: share and points. */
const OTHER_SIZE = 0.06;
const OTHER_POINTS = 0.4;
/** So many figures of another size on a page are its design. */
const MOST_OTHER_SIZED = 2;

interface Odd {
  page: Page;
  figure: Figure;
  place: Place;
  /** The others of its column: how they are painted, and which of them are odd too. */
  column: Figure[];
  others: Figure[];
  /** Of the rows of the usual ones. */
  directions: ReadonlySet<Direction>;
  font: number;
}

/**
 * Accuses where a font paints one or a few amounts and nothing else in the whole document, while the rest of their
 * rows is painted as ever: a bank's second font (bold totals, highlighted rows) paints other text too. Where all odd
 * amounts are of a kind (all credits, all negative) it may be the design: noted.
 */
export function findFontFraud(document: TextDocument, statements: readonly Statement[]): MetadataFinding[] {
  const locate = createLocator(statements);
  const odd: Odd[] = [];
  const sized: Odd[] = [];
  for (const page of document.pages) {
    for (const column of columnsOfPage(page)) {
      if (column.length < LEAST_FIGURES) continue;
      for (const one of oddFonts(page, column, locate)) odd.push(one);
      for (const one of oddSizes(page, column, locate)) sized.push(one);
    }
  }
  const lines = odd.length === 0 ? new Map<number, Set<string>>() : linesByFont(document);
  const foreign = odd.filter((one) => isForeign(one, odd, lines));
  return [
    ...foreign.map((one) => finding("amount_in_another_font", one, foreign, fontEvidence(one, document))),
    ...sized.map((one) => finding("amount_of_another_size", one, sized, sizeEvidence(one))),
  ];
}

function mostCommon<T>(values: readonly T[]): { value: T; count: number } | null {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [first] = [...counts].sort((a, b) => b[1] - a[1]);
  return first === undefined ? null : { value: first[0], count: first[1] };
}

const digitsIn = (text: string): string[] => text.match(/\d/g) ?? [];

const singleFont = ({ fonts }: Figure): number => (fonts.length === 1 ? (fonts[0] ?? -1) : -1);

function oddFonts(page: Page, column: readonly Figure[], locate: Locate): Odd[] {
  const habit = mostCommon(column.map(singleFont));
  if (habit === null || habit.value < 0) return [];
  if (habit.count === column.length || habit.count < HABIT_SHARE * column.length) return [];
  const usual = column.filter((figure) => singleFont(figure) === habit.value);
  // A font may lack a digit: then another has to paint it.
  const painted = new Set(usual.flatMap(({ text }) => digitsIn(text)));
  const others = column.filter((figure) => figure.fonts.some((font) => font !== habit.value));
  const directions = directionsOf(page, usual, locate);
  return others
    .filter(({ text }) => digitsIn(text).every((digit) => painted.has(digit)))
    .flatMap((figure) => {
      const place = locate(page, figure);
      const font = figure.fonts.find((one) => one !== habit.value) ?? habit.value;
      return place === null ? [] : [{ page, figure, place, column: usual, others, directions, font }];
    });
}

function oddSizes(page: Page, column: readonly Figure[], locate: Locate): Odd[] {
  const habit = mostCommon(column.map((figure) => Math.round(figure.size * 10)));
  if (habit === null || habit.count === column.length) return [];
  const size = habit.value / 10;
  const usual = column.filter((figure) => !isOtherSize(figure, size));
  const others = column.filter((figure) => isOtherSize(figure, size));
  if (others.length === 0 || others.length > MOST_OTHER_SIZED) return [];
  if (usual.length < HABIT_SHARE * column.length) return [];
  const directions = directionsOf(page, usual, locate);
  const widest = Math.max(...usual.map(({ x0, x1 }) => x1 - x0));
  return others.flatMap((figure) => {
    const place = locate(page, figure);
    // Long amounts are set smaller to fit their cell.
    const fitted = figure.size < size && ((figure.x1 - figure.x0) * size) / figure.size > widest;
    if (place === null || fitted || !isAloneOnLine(page, figure, size)) return [];
    return [{ page, figure, place, column: usual, others, directions, font: figure.fonts[0] ?? 0 }];
  });
}

function directionsOf(page: Page, figures: readonly Figure[], locate: Locate): Set<Direction> {
  const found = figures.map((figure) => locate(page, figure)?.direction);
  return new Set(found.filter((direction) => direction !== undefined));
}

const isOtherSize = (figure: Figure, size: number): boolean =>
  Math.abs(figure.size - size) > Math.max(OTHER_POINTS, OTHER_SIZE * size);

/** Another figure of its row has the usual size: the row as a whole is not set apart. */
function isAloneOnLine(page: Page, figure: Figure, size: number): boolean {
  return (page.paint?.figures ?? []).some(
    (other) => other !== figure && Math.abs(other.base - figure.base) < 2 && !isOtherSize(other, size),
  );
}

const lineKey = (page: Page, figure: Figure): string => `${page.number} ${Math.round(figure.base)}`;

function linesByFont(document: TextDocument): Map<number, Set<string>> {
  const found = new Map<number, Set<string>>();
  for (const page of document.pages) {
    for (const [line, fonts] of page.paint?.fontsByLine ?? []) {
      for (const font of fonts) {
        const lines = found.get(font) ?? new Set();
        lines.add(`${page.number} ${line}`);
        found.set(font, lines);
      }
    }
  }
  return found;
}

/** The font paints only on lines of odd amounts, and on this line it does not paint alone. */
function isForeign(one: Odd, odd: readonly Odd[], lines: ReadonlyMap<number, Set<string>>): boolean {
  const own = new Set(odd.filter(({ font }) => font === one.font).map(({ page, figure }) => lineKey(page, figure))); // prettier-ignore
  const isElsewhere = [...(lines.get(one.font) ?? [])].some((line) => !own.has(line));
  const beside = one.page.paint?.fontsByLine.get(Math.round(one.figure.base)) ?? new Set();
  return !isElsewhere && [...beside].some((font) => font !== one.font);
}

const NEGATIVE = /[-−(]|dr\b/i;

/** Whether what sets the odd ones apart is what they are: all credits, all debits, all negative. */
function isDesign(one: Odd, found: readonly Odd[]): boolean {
  const peers = found.filter(({ page, others }) => page === one.page && others === one.others);
  const isNegative = (figure: Figure): boolean => NEGATIVE.test(figure.text);
  const directions = new Set(peers.map(({ place }) => place.direction));
  const byDirection = directions.size === 1 && directions.isDisjointFrom(one.directions);
  const byMinus = peers.every(({ figure }) => isNegative(figure)) && !one.column.some(isNegative);
  return byMinus || byDirection;
}

function finding(
  reason: MetadataFinding["reason"],
  one: Odd,
  found: readonly Odd[],
  evidence: MetadataFinding["evidence"],
): MetadataFinding {
  const weight = isDesign(one, found) ? "notes" : "accuses";
  const { statement, row, cell } = one.place;
  const common = { page: one.page.number, cell, printed: one.figure.text, others: one.column.length };
  return { type: "font_fraud", reason, weight, statement, row, evidence: { ...common, ...evidence } };
}

function fontEvidence({ font, column }: Odd, { fonts }: TextDocument): MetadataFinding["evidence"] {
  const name = (index: number): string => fonts?.[index] ?? "";
  return { font: name(font), column_font: name(column[0]?.fonts[0] ?? -1) };
}

function sizeEvidence({ figure, column }: Odd): MetadataFinding["evidence"] {
  const rounded = (size: number): number => Math.round(size * 100) / 100;
  return { size: rounded(figure.size), column_size: rounded(column[0]?.size ?? 0) };
}
