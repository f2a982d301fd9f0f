/** Draws the table of transactions over as many pages as it takes. */
import { bottomOf, type Canvas, lineHeight, MARGIN, put, putCell, putRight, withStyle } from "./canvas.ts";
import { formatBalance, formatMoney } from "./format.ts";
import { heads, type Scene } from "./heads.ts";
import type { Cells, PrintedRow } from "./rows.ts";
import { columnsOn, drawPieces, layRow } from "./draw-row.ts";
import { drawAfter, drawBox } from "./extras.ts";
import type { Column, HeadStyle, Layout } from "./types.ts";

function columnOf(scene: Scene, key: Column["key"]): Column | undefined {
  return columnsOn(scene).find((column) => column.key === key);
}

function ruler(canvas: Canvas, layout: Layout, colour = "#999999"): void {
  canvas.doc
    .moveTo(MARGIN - 2, canvas.y)
    .lineTo(layout.page[0] - MARGIN + 6, canvas.y)
    .lineWidth(0.5)
    .stroke(colour);
}

function drawHeader(scene: Scene): void {
  const { canvas, layout, account } = scene;
  const lines = Math.max(...layout.columns.map(({ title }) => title.split("\n").length));
  const height = lines * lineHeight(layout) + 6;
  if (layout.rules === "grid" || layout.rules === "zebra") {
    canvas.doc
      .rect(MARGIN - 2, canvas.y - 3, layout.page[0] - 2 * MARGIN + 8, height)
      .fill(layout.rules === "grid" ? "#e8e8e8" : account.brand.colour);
  }
  const colour = layout.rules === "zebra" ? "white" : "black";
  withStyle(canvas.doc, layout, { bold: true, size: layout.size - 0.5, colour }, () => {
    for (const column of columnsOn(scene)) {
      column.title
        .split("\n")
        .forEach((line, i) => putCell(canvas.doc, line, column, canvas.y + i * lineHeight(layout)));
    }
  });
  canvas.y += height;
  if (layout.rules !== "none") ruler(canvas, layout, "#555555");
  canvas.y += 3;
}

function newPage(scene: Scene, withHeader: boolean): void {
  const { canvas, layout } = scene;
  canvas.doc.addPage();
  canvas.doc.font(layout.font).fontSize(layout.size).fillColor("black");
  canvas.y = 40;
  if (layout.headOnEveryPage) heads[layout.head](scene);
  if (withHeader && layout.repeatHeader) drawHeader(scene);
  if (withHeader) drawBox(scene);
}

/** A row that is no transaction: its title stands in the narration column. */
function drawNote(scene: Scene, title: string, cells: Cells): void {
  const { canvas, layout } = scene;
  withStyle(canvas.doc, layout, { bold: true }, () => {
    put(canvas.doc, title, columnOf(scene, "narration")?.x0 ?? MARGIN, canvas.y);
    for (const column of columnsOn(scene)) putCell(canvas.doc, cells[column.key] ?? "", column, canvas.y);
  });
  canvas.y += lineHeight(layout) + layout.rowGap;
}

function balanceCell({ layout }: Scene, minor: bigint): Cells {
  return { balance: formatBalance(minor, layout.money, layout.balanceStyle) };
}

function turnPage(scene: Scene, balance: bigint): void {
  const { carry } = scene.layout;
  if (carry !== null) drawNote(scene, carry.forward, balanceCell(scene, balance));
  newPage(scene, true);
  if (carry !== null) drawNote(scene, carry.brought, balanceCell(scene, balance));
}

/** @returns the page on which its numbers stand */
function drawRow(scene: Scene, row: PrintedRow, before: bigint, shaded: boolean): number {
  const { canvas, layout } = scene;
  const laid = layRow(scene, row);
  const step = lineHeight(layout);
  // A carry row needs a line of its own under the last row of the page.
  const bottom = bottomOf(layout) - (layout.carry === null ? 0 : step + layout.rowGap);
  const needed = layout.splitRows ? step : laid.height;
  if (canvas.y + needed > bottom) turnPage(scene, before);
  if (layout.rules === "zebra" && shaded) {
    canvas.doc
      .rect(MARGIN - 2, canvas.y - 2, layout.page[0] - 2 * MARGIN + 8, laid.height + layout.rowGap)
      .fill("#f3f3f3");
    canvas.doc.fillColor("black");
  }
  const page = drawPieces(scene, laid, bottomOf(layout), () => newPage(scene, true));
  canvas.y += layout.rowGap;
  if (layout.rules === "grid" || layout.rules === "lines") {
    canvas.y -= layout.rowGap / 2;
    ruler(canvas, layout, "#cccccc");
    canvas.y += layout.rowGap / 2;
  }
  return page;
}

/** The summary under the table: labels in one line, their values in the next. */
function drawSummary(scene: Scene): void {
  const { canvas, layout, account, sums } = scene;
  if (canvas.y + 60 > bottomOf(layout)) newPage(scene, false);
  canvas.y += 10;
  withStyle(canvas.doc, layout, { bold: true }, () =>
    put(canvas.doc, "STATEMENT SUMMARY :-", MARGIN, canvas.y),
  );
  const money = (minor: bigint): string => formatMoney(minor, layout.money);
  const pairs = [
    ["Opening Balance", formatBalance(account.opening, layout.money, layout.balanceStyle)],
    ["Dr Count", String(sums.debits)],
    ["Cr Count", String(sums.credits)],
    ["Debits", money(sums.debit)],
    ["Credits", money(sums.credit)],
    ["Closing Bal", formatBalance(account.closing, layout.money, layout.balanceStyle)],
  ] as const;
  pairs.forEach(([label, value], i) => {
    const right = 110 + i * 88;
    putRight(canvas.doc, label, right, canvas.y + 14);
    putRight(canvas.doc, value, right, canvas.y + 27);
  });
  canvas.y += 46;
}

function drawClosing(scene: Scene): void {
  const { layout, account, sums, canvas, withoutSummary } = scene;
  if (withoutSummary) return;
  const notes = (layout.totalsRow === null ? 0 : 1) + (layout.closingRow === null ? 0 : 1);
  if (canvas.y + notes * (lineHeight(layout) + layout.rowGap) > bottomOf(layout)) newPage(scene, true);
  if (layout.totalsRow !== null) {
    drawNote(scene, layout.totalsRow, {
      debit: formatMoney(sums.debit, layout.money),
      credit: formatMoney(sums.credit + (layout.totalsIncludeOpening ? account.opening : 0n), layout.money),
    });
  }
  if (layout.closingRow !== null) drawNote(scene, layout.closingRow, balanceCell(scene, account.closing));
  if (layout.summaryBelow) drawSummary(scene);
}

/**
 * Head, table and summary of one account, from the canvas's place downwards.
 * @returns for each row the page on which it stands
 */
export function drawAccount(scene: Scene, rows: readonly PrintedRow[], head: HeadStyle): number[] {
  const { canvas, layout, account, withoutSummary } = scene;
  heads[head](scene);
  drawHeader(scene);
  drawBox(scene);
  if (layout.openingRow !== null && !withoutSummary) {
    drawNote(scene, layout.openingRow, balanceCell(scene, account.opening));
  }
  const pages = rows.map((row, i) =>
    drawRow(scene, row, rows[i - 1]?.balance ?? account.opening, i % 2 === 1),
  );
  canvas.y += 2;
  drawClosing(scene);
  drawAfter(scene, () => newPage(scene, false));
  return pages;
}

/** Footer lines and page numbers, once the number of pages is known. */
export function drawFooters(canvas: Canvas, layout: Layout): number {
  const { start, count } = canvas.doc.bufferedPageRange();
  for (let i = start; i < start + count; i++) {
    canvas.doc.switchToPage(i);
    canvas.doc.font(layout.font).fontSize(6.5).fillColor("#666666");
    layout.footer.forEach((line, n) => put(canvas.doc, line, MARGIN, layout.page[1] - 40 + n * 9));
    putRight(canvas.doc, `Page ${i - start + 1} of ${count}`, layout.page[0] - MARGIN, layout.page[1] - 22);
  }
  return count;
}
