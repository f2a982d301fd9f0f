/** A file's pages with all that was found on them, for the report. */

import { layOut } from "../report/layout.ts";
import type { PageLayout, Sheet } from "../report/types.ts";
import type { Statement, TextDocument } from "../types.ts";
import type { Pdfium } from "./pdfium.ts";
import { drawPages } from "./picture.ts";

/**
 * Pages of a file that was read have their layout; of one that was refused only their picture is left, if it opens.
 * Throws where PDFium gives up.
 */
export function makeSheets(
  pdfium: Pdfium,
  bytes: Uint8Array,
  password: string | null,
  read: { document: TextDocument; statements: readonly Statement[] } | null,
): Sheet[] {
  const turns = read?.document.pages.map((page) => page.paint?.turned ?? 0) ?? [];
  const pictures = drawPages(pdfium, bytes, password, turns);
  if (read !== null) {
    return layOut(read.document, read.statements).map((layout, index) =>
      withPicture(layout, pictures[index]?.png ?? null),
    );
  }
  return pictures.flatMap((picture, index) => {
    if (picture === null) return [];
    const { width, height, png } = picture;
    return [withPicture({ number: index + 1, width, height, columns: [], rows: [], facts: [] }, png)];
  });
}

/** A picture of its own buffer, which can be moved to another thread. */
const withPicture = (layout: PageLayout, png: Buffer | null): Sheet => ({
  ...layout,
  png: png === null ? null : new Uint8Array(png),
});
