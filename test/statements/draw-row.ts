/** Draws one row of the table: each cell on its lines, over a page break where the layout splits rows. */
import { lineHeight, put, putCell, wrap, wrapAnywhere } from "./canvas.ts";
import type { Scene } from "./heads.ts";
import type { PrintedRow } from "./rows.ts";
import type { Column, Layout } from "./types.ts";

/** One line of one cell, so far below the row's top. */
interface Piece {
  text: string;
  column: Column;
  down: number;
}

export interface LaidRow {
  pieces: Piece[];
  /** In points, without the gap to the next row. */
  height: number;
}

/** The columns of the page that is being drawn: a table may stand further right on even pages. */
export function columnsOn({ canvas, layout }: Scene): readonly Column[] {
  const isEven = canvas.doc.bufferedPageRange().count % 2 === 0;
  if (layout.movesBy === 0 || !isEven) return layout.columns;
  return layout.columns.map((column) => ({
    ...column,
    x0: column.x0 + layout.movesBy,
    x1: column.x1 + layout.movesBy,
  }));
}

function linesOf(scene: Scene, column: Column, text: string): string[] {
  const { doc } = scene.canvas;
  if (text === "") return [];
  const width = column.x1 - column.x0;
  const isNarration = column.key === "narration";
  const breaks = column.wrap ?? (isNarration ? scene.layout.narrationBreaks : undefined);
  if (breaks === "anywhere") return wrapAnywhere(doc, text, width);
  if (breaks === "words") return wrap(doc, text, width);
  const mark = scene.layout.marksBelow ? /^(.*\d)\s?(\(?(?:Dr|Cr|CR)\)?)$/.exec(text) : null;
  return mark === null ? [text] : [mark[1] ?? "", mark[2] ?? ""];
}

/** Lines of free space above a cell of `own` lines in a row of `all`. */
function above(column: Column, layout: Layout, own: number, all: number): number {
  // Beside a number with its mark below it a date has one line; both start together.
  const place = column.valign ?? (column.key === "narration" ? "top" : layout.valign);
  if (place === "middle") return Math.max(0, (all - own) / 2);
  if (place === "bottom") return Math.max(0, all - own);
  return place === "second" ? 1 : 0;
}

export function layRow(scene: Scene, row: PrintedRow): LaidRow {
  const { layout } = scene;
  const step = lineHeight(layout);
  const cells = columnsOn(scene).map((column) => {
    const lines = linesOf(scene, column, row.cells[column.key] ?? "");
    return { column, lines, needs: lines.length + (column.valign === "second" ? 1 : 0) };
  });
  const all = Math.max(1, ...cells.map(({ needs }) => needs));
  const pieces = cells.flatMap(({ column, lines }) => {
    const first = above(column, layout, lines.length, all);
    return lines.map((text, i) => ({ text, column, down: (first + i) * step }));
  });
  return { pieces: pieces.sort((a, b) => a.down - b.down), height: all * step };
}

/**
 * Draws the row at the canvas's place.
 * @param bottom where a line must end; what would stand lower goes to the next page
 * @returns the page, 1-based, on which the row's first number stands
 */
export function drawPieces(scene: Scene, row: LaidRow, bottom: number, nextPage: () => void): number {
  const { canvas, layout } = scene;
  const step = lineHeight(layout);
  let top = canvas.y;
  let page = canvas.doc.bufferedPageRange().count;
  let isNumberSeen = false;
  for (const { text, column, down } of row.pieces) {
    if (top + down + step > bottom) {
      nextPage();
      top = canvas.y - down;
    }
    const isNumber = column.key === "debit" || column.key === "credit" || column.key === "amount";
    if (isNumber && !isNumberSeen) {
      page = canvas.doc.bufferedPageRange().count;
      isNumberSeen = true;
    }
    const here = columnsOn(scene).find(({ key }) => key === column.key) ?? column;
    if (column.key === "narration") put(canvas.doc, text, here.x0, top + down);
    else putCell(canvas.doc, text, here, top + down);
  }
  canvas.y = top + row.height;
  return page;
}
