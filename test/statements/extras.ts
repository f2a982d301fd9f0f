/** What stands beside and below the rows and is none of them: boxes, grids of balances, rates, sums by kind. */
import { bottomOf, lineHeight, MARGIN, put, putCell, putRight, withStyle } from "./canvas.ts";
import { columnsOn } from "./draw-row.ts";
import { formatBalance, formatDate, formatMoney } from "./format.ts";
import type { Scene } from "./heads.ts";
import type { AfterTable } from "./types.ts";

const REMARKS = [
  "IMPORTANT",
  "Rates change on 1 June.",
  "Your overdraft limit",
  "stays at 500.00 and",
  "costs nothing below",
  "25.00 in a month.",
  "Write to us or call",
  "0800 999 0199.",
] as const;

/** A box right of the table; its lines do not stand on those of the rows. */
export function drawBox(scene: Scene): void {
  const { canvas, layout } = scene;
  const { box } = layout;
  if (box === null) return;
  const top = canvas.y + 24;
  canvas.doc
    .rect(box - 4, top - 5, layout.page[0] - box - MARGIN + 4, REMARKS.length * 11.5 + 8)
    .stroke("#999999");
  withStyle(canvas.doc, layout, { size: layout.size - 0.5 }, () => {
    REMARKS.forEach((line, i) => put(canvas.doc, line, box, top + i * 11.5));
  });
}

/** The balance at the end of each of the last days. */
function dayEnds({ account }: Scene, most: number): [Temporal.PlainDate, bigint][] {
  const ends = new Map<string, [Temporal.PlainDate, bigint]>();
  for (const { date, balance } of account.entries) ends.set(date.toString(), [date, balance]);
  return [...ends.values()].slice(-most);
}

function balanceLines(scene: Scene): void {
  const { canvas, layout, account } = scene;
  const narration = columnsOn(scene).find(({ key }) => key === "narration");
  const titles = ["LEDGER BALANCE ON DATE", "CLEARED BALANCE ON DATE"];
  for (const title of titles) {
    const cells: Record<string, string> = {
      date: formatDate(account.period.to, layout.date),
      balance: formatBalance(account.closing, layout.money, layout.balanceStyle),
    };
    put(canvas.doc, title, narration?.x0 ?? MARGIN, canvas.y);
    for (const column of columnsOn(scene)) putCell(canvas.doc, cells[column.key] ?? "", column, canvas.y);
    canvas.y += lineHeight(layout) + layout.rowGap;
  }
}

function dailyGrid(scene: Scene): void {
  const { canvas, layout } = scene;
  const days = dayEnds(scene, 12);
  withStyle(canvas.doc, layout, { bold: true }, () => {
    put(canvas.doc, "DAILY ENDING BALANCE", MARGIN, canvas.y);
    for (let i = 0; i < 3; i += 1) {
      put(canvas.doc, "Date", MARGIN + i * 170, canvas.y + 14);
      putRight(canvas.doc, "Balance", MARGIN + 140 + i * 170, canvas.y + 14);
    }
  });
  canvas.y += 28;
  days.forEach(([date, balance], i) => {
    const x = MARGIN + (i % 3) * 170;
    put(canvas.doc, formatDate(date, layout.date), x, canvas.y);
    putRight(canvas.doc, formatBalance(balance, layout.money, layout.balanceStyle), x + 140, canvas.y);
    if (i % 3 === 2 || i === days.length - 1) canvas.y += lineHeight(layout) + 2;
  });
}

function table(scene: Scene, title: string, rows: readonly (readonly string[])[]): void {
  const { canvas, layout } = scene;
  withStyle(canvas.doc, layout, { bold: true }, () => put(canvas.doc, title, MARGIN, canvas.y));
  canvas.y += 14;
  for (const [first = "", ...others] of rows) {
    put(canvas.doc, first, MARGIN, canvas.y);
    others.forEach((text, i) => putRight(canvas.doc, text, 260 + i * 130, canvas.y));
    canvas.y += lineHeight(layout) + 2;
  }
}

function rates(scene: Scene): void {
  const { layout, account } = scene;
  const day = formatDate(account.period.from, layout.date);
  const money = (minor: bigint): string => formatMoney(minor, layout.money);
  table(scene, "INTEREST RATES", [
    ["Effective Date", "Balance from", "Annual Rate"],
    [day, money(0n), "2.50"],
    [day, money(1_000_000n), "3.00"],
    [day, money(5_000_000n), "3.50"],
  ]);
}

function categories(scene: Scene): void {
  const { layout, account } = scene;
  const sums = new Map<string, bigint>();
  for (const { kind, direction, amount } of account.entries)
    if (direction === "debit") sums.set(kind, (sums.get(kind) ?? 0n) + amount);
  table(scene, "YOUR SPENDING BY KIND", [
    ["Kind", "Number", "Amount"],
    ...[...sums].map(([kind, sum]) => [
      kind,
      String(account.entries.filter((entry) => entry.kind === kind).length),
      formatMoney(sum, layout.money),
    ]),
  ]);
}

const DRAW: Readonly<Record<AfterTable, (scene: Scene) => void>> = {
  "balance-lines": balanceLines,
  "daily-grid": dailyGrid,
  rates,
  categories,
};
/** In points; the tallest is the list of kinds. */
const TALLEST = 150;

/** Under the last row, on a page of its own where none is left of this one. */
export function drawAfter(scene: Scene, newPage: () => void): void {
  for (const kind of scene.layout.after) {
    if (scene.canvas.y + (kind === "balance-lines" ? 40 : TALLEST) > bottomOf(scene.layout)) newPage();
    if (kind !== "balance-lines") scene.canvas.y += 14;
    DRAW[kind](scene);
  }
}
