/** One amount painted over another: `overlay_fraud`. */

import type { Figure, Page, Statement, TextDocument } from "../types.ts";
import { createLocator, digitsOf } from "./places.ts";
import type { MetadataFinding } from "./types.ts";

/** Share of the smaller one that both must cover, across and down. */
const COVERED = 0.5;
/** Shorter figures touch by accident. */
const LEAST_DIGITS = 3;
/** A faint watermark of digits is far larger. */
const ALIKE = 1.6;

/**
 * Two visible amounts of unlike digits on one spot, one of them the amount or balance of a row. A column that runs
 * into its neighbour overlaps at the edge, bold by printing twice has the same digits: neither is meant.
 */
export function findOverlayFraud(
  document: TextDocument,
  statements: readonly Statement[],
): MetadataFinding[] {
  const locate = createLocator(statements);
  return document.pages.flatMap((page) =>
    overlaps(page).flatMap(([under, over]): MetadataFinding[] => {
      const place = locate(page, under) ?? locate(page, over);
      if (place === null) return [];
      const { statement, row, cell } = place;
      const evidence = { page: page.number, cell, painted_first: under.text, painted_over: over.text };
      return [
        { type: "overlay_fraud", reason: "amount_over_amount", weight: "accuses", statement, row, evidence },
      ];
    }),
  );
}

/** Pairs in painting order. */
function overlaps(page: Page): [Figure, Figure][] {
  const figures = (page.paint?.figures ?? [])
    .map((figure, order) => ({ figure, order }))
    .filter(({ figure }) => !figure.hidden)
    .sort((a, b) => a.figure.y0 - b.figure.y0);
  const found: [Figure, Figure][] = [];
  figures.forEach((one, index) => {
    for (let next = index + 1; next < figures.length; next += 1) {
      const other = figures[next];
      if (other === undefined || other.figure.y0 >= one.figure.y1) break;
      if (!covers(one.figure, other.figure)) continue;
      found.push(one.order < other.order ? [one.figure, other.figure] : [other.figure, one.figure]);
    }
  });
  return found;
}

function covers(a: Figure, b: Figure): boolean {
  if (a.size > ALIKE * b.size || b.size > ALIKE * a.size) return false;
  const across = Math.min(a.x1, b.x1) - Math.max(a.x0, b.x0);
  const down = Math.min(a.y1, b.y1) - Math.max(a.y0, b.y0);
  if (across < COVERED * Math.min(a.x1 - a.x0, b.x1 - b.x0)) return false;
  if (down < COVERED * Math.min(a.y1 - a.y0, b.y1 - b.y0)) return false;
  const [under, over] = [digitsOf(a.text), digitsOf(b.text)];
  return under !== over && under.length >= LEAST_DIGITS && over.length >= LEAST_DIGITS;
}
