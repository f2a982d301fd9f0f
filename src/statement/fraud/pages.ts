/** A page that another program painted: `page_fraud`. */

import type { FileHistory, Page, Statement, TextDocument } from "../types.ts";
import { programOf } from "./producers.ts";
import type { MetadataFinding } from "./types.ts";

/** Fewer pages show no habit. */
const LEAST_PAGES = 3;
/** Fewer amounts on a page may all be of one kind. */
const LEAST_FIGURES = 4;
/** So many pages painted alike are the habit. */
const HABIT_SHARE = 0.75;

/**
 * Of one statement's pages, those whose amounts are in fonts that paint no amount on the others. Compared by family:
 * a program that makes each page by itself gives each its own subset of one font.
 */
export function findPageFraud(document: TextDocument, statements: readonly Statement[]): MetadataFinding[] {
  return statements.flatMap(({ transactions }, index) => {
    const numbers = new Set(transactions.map((row) => row.page));
    const pages = document.pages
      .filter((page) => numbers.has(page.number))
      .map((page) => ({ page, families: familiesOf(page, document.fonts ?? []) }))
      .filter(({ families }) => families !== null);
    if (pages.length < LEAST_PAGES) return [];
    const shares = (a: Set<string> | null, b: Set<string> | null): boolean =>
      a !== null && b !== null && [...a].some((family) => b.has(family));
    return pages.flatMap(({ page, families }): MetadataFinding[] => {
      const unlike = pages.filter((other) => !shares(other.families, families));
      const alike = unlike.filter((other) => unlike.every((one) => shares(one.families, other.families)));
      if (alike.length < HABIT_SHARE * pages.length - 1 || alike.length < LEAST_PAGES - 1) return [];
      const evidence = {
        page: page.number,
        fonts: [...(families ?? [])],
        other_fonts: [...(alike[0]?.families ?? [])],
        other_pages: alike.length,
      };
      return [
        { type: "page_fraud", reason: "page_in_other_fonts", weight: "accuses", statement: index, row: null, evidence }, // prettier-ignore
      ];
    });
  });
}

/**
 * Some pages, and not all, bear a program's private data: an editor's accuses, any other is noted. A template that a
 * designer drew is on every page.
 */
export function findTouchedPages({ touched }: FileHistory): MetadataFinding[] {
  if (touched === null || touched.pages === touched.of) return [];
  const { pages, of, programs } = touched;
  const isEdited = programs.some((name) => programOf(name)?.kind === "editor" || EDITOR_KEYS.has(name));
  const weight = isEdited ? "accuses" : "notes";
  const evidence = { touched_pages: pages, pages: of, programs };
  return [
    { type: "page_fraud", reason: "pages_touched_by_program", weight, statement: null, row: null, evidence }, // prettier-ignore
  ];
}

/** What editors sign their private data with, where it is not their name. */
const EDITOR_KEYS = new Set(["Illustrator", "InDesign", "Photoshop", "PhotoshopPDF", "CorelDRAW"]);

/** Null where the page holds too few amounts to tell. */
function familiesOf(page: Page, fonts: readonly string[]): Set<string> | null {
  const figures = page.paint?.figures.filter((figure) => !figure.hidden) ?? [];
  if (figures.length < LEAST_FIGURES) return null;
  const families = new Set(
    figures.flatMap((figure) => figure.fonts.map((font) => familyOf(fonts[font] ?? ""))),
  );
  // A font without a name may be any.
  return families.has("") ? null : families;
}

/** `ABCDEF+Arial-BoldMT` and `Arial` are one family. */
export function familyOf(font: string): string {
  return font
    .replace(/^[A-Z]{6}\+/, "")
    .replace(
      /[-,](?=bold|italic|oblique|regular|roman|medium|light|semi|book|cond|narrow|black|thin|extra|normal).*$/i,
      "",
    )
    .replace(/(?:PS)?MT$/, "")
    .replace(/PS$/, "")
    .toLowerCase();
}
