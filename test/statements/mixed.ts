/** Layouts that nobody thought of: widths, titles, signs, places and page breaks drawn by lot, with their truth. */
import { base, A4, A4_LANDSCAPE, LETTER } from "./layouts/base.ts";
import { createRandom, type Random } from "./random.ts";
import type { AccountSpec, Column, ColumnKey, HeadStyle, Layout, Spec } from "./types.ts";

const TITLES: Readonly<Partial<Record<ColumnKey, readonly string[]>>> = {
  serial: ["S No.", "Sr", "#"],
  date: ["Date", "Tran Date", "Transaction\nDate", "Posting Date"],
  valueDate: ["Value Date", "Value Dt"],
  narration: ["Description", "Particulars", "Narration", "Transaction Details", "Details"],
  reference: ["Ref No.", "Cheque No", "Chq/Ref No"],
  kind: ["Type", "Code"],
  branch: ["Branch", "Br. Code"],
  debit: ["Debit", "Withdrawals", "Paid out", "Money out", "Withdrawal\nAmount"],
  credit: ["Credit", "Deposits", "Paid in", "Money in", "Deposit\nAmount"],
  amount: ["Amount", "Transaction\nAmount"],
  mark: ["Dr/Cr", "DR / CR"],
  balance: ["Balance", "Closing Balance", "Running\nBalance"],
};
/** In ems of the layout's size: what the widest cell of the column takes. */
const WIDTHS: Readonly<Partial<Record<ColumnKey, number>>> = {
  serial: 3,
  date: 7.5,
  valueDate: 7.5,
  reference: 6.5,
  kind: 4,
  branch: 4.5,
  debit: 8.5,
  credit: 8.5,
  amount: 10,
  mark: 5,
  balance: 10.5,
};
const MONEY: ReadonlySet<ColumnKey> = new Set(["debit", "credit", "amount", "balance"]);

const INDIAN_HEADS: readonly HeadStyle[] = ["two-blocks", "left-list", "labels-above"];
const OTHER_HEADS: readonly HeadStyle[] = ["left-list", "summary-box", "labels-above"];

function keysOf(random: Random, hasBalance: boolean): ColumnKey[] {
  const [first, second] = random.chance(0.3)
    ? (["credit", "debit"] as const)
    : (["debit", "credit"] as const);
  const amounts: readonly ColumnKey[] = random.chance(0.6)
    ? [first, second]
    : random.chance(0.2)
      ? ["mark", "amount"]
      : ["amount"];
  return [
    ...(random.chance(0.2) ? (["serial"] as const) : []),
    "date",
    ...(random.chance(0.3) ? (["valueDate"] as const) : []),
    ...(random.chance(0.15) ? (["branch"] as const) : []),
    "narration",
    ...(random.chance(0.3) ? (["reference"] as const) : []),
    ...(random.chance(0.15) ? (["kind"] as const) : []),
    ...amounts,
    ...(hasBalance ? (["balance"] as const) : []),
  ];
}

/** Columns side by side over the page; the narration takes what is left. */
function columnsOf(keys: readonly ColumnKey[], layout: Layout, random: Random): Column[] {
  const gap = random.int(6, 12);
  const right =
    layout.page[0] - 32 - layout.movesBy - (layout.box === null ? 0 : layout.page[0] - layout.box);
  const em = layout.size * (layout.font === "Courier" ? 1.15 : 0.8);
  const titled = keys.map((key) => {
    const title = random.pick(TITLES[key] ?? [""]);
    const longest = Math.max(...title.split("\n").map((line) => line.length));
    return { key, title, width: key === "narration" ? 0 : Math.max(WIDTHS[key] ?? 0, longest * 0.75) * em };
  });
  const others = titled.reduce((sum, { width }) => sum + width + gap, 0);
  let x = 30;
  const columns: Column[] = [];
  for (const { key, title, width } of titled) {
    const own = key === "narration" ? right - 30 - others : width;
    columns.push({
      key,
      title,
      x0: x,
      x1: x + own,
      align: MONEY.has(key) ? "right" : "left",
      // A time of day goes below its date.
      ...(key === "date" && layout.timed ? { wrap: "words" } : {}),
    });
    x += own + gap;
  }
  return columns;
}

/** What a table without the balances of its head says at its ends. */
function endsOf(random: Random, isOrdered: boolean): Partial<Layout> {
  if (!isOrdered) return {};
  return {
    openingRow: random.pick([null, "Opening Balance", "BALANCE B/F", "Brought Forward"]),
    closingRow: random.pick([null, "Closing Balance", "BALANCE C/F", "Carried Forward"]),
    totalsRow: random.pick([null, null, "Total", "TOTALS"]),
    summaryBelow: random.chance(0.2),
  };
}

function signsOf(random: Random): Pick<Layout, "amountStyle" | "balanceStyle" | "emptyCell"> {
  return {
    amountStyle: random.pick([
      "minus",
      "plus-minus",
      "DrCr",
      "(Dr)(Cr)",
      "credit-CR",
      "trailing-minus",
    ] as const),
    balanceStyle: random.pick(["minus", "DrCr", "Cr-Dr-glued", "D-when-overdrawn", "brackets"] as const),
    emptyCell: random.pick(["", "", "-", "--", "0.00"] as const),
  };
}

function layoutOf(random: Random, isIndian: boolean): Layout {
  const hasBalance = random.chance(0.9);
  const isOrdered = random.chance(0.85);
  const heads = isIndian ? INDIAN_HEADS : OTHER_HEADS;
  const head = hasBalance ? random.pick(heads) : "labels-above";
  const valign = random.pick(["top", "top", "middle", "bottom"] as const);
  const carries = hasBalance && isOrdered && random.chance(0.2);
  const repeatHeader = random.chance(0.8);
  const page = random.pick([A4, A4, A4_LANDSCAPE, LETTER]);
  const layout: Layout = {
    ...base,
    id: "mixed",
    columns: [],
    page,
    font: random.pick(["Helvetica", "Helvetica", "Times-Roman", "Courier"] as const),
    size: random.pick([7, 7.5, 8]),
    rowGap: valign === "top" ? random.int(1, 8) : random.int(4, 9),
    date: random.pick([
      "dd/mm/yy",
      "dd/mm/yyyy",
      "dd-mm-yyyy",
      "dd-Mon-yyyy",
      "dd Mon yyyy",
      "ddMONyy",
      "dd Mon",
      "yyyy-mm-dd",
    ] as const),
    money: { decimal: ".", grouping: isIndian ? "indian" : random.pick(["western", "none"] as const) },
    ...signsOf(random),
    valign,
    timed: valign === "top" && random.chance(0.1),
    marksBelow: valign === "top" && random.chance(0.15),
    box: page === A4_LANDSCAPE && random.chance(0.2) ? page[0] - 135 : null,
    order: isOrdered ? "oldest-first" : "newest-first",
    dateOncePerDay: random.chance(0.2),
    balanceOncePerDay: isOrdered && random.chance(0.15),
    blankBalanceEvery: random.chance(0.1) ? random.int(4, 9) : null,
    ...(hasBalance ? endsOf(random, isOrdered) : {}),
    carry: carries ? { forward: "Carried Forward", brought: "Brought Forward" } : null,
    repeatHeader,
    splitRows: !carries && random.chance(0.3),
    rules: random.pick(["grid", "lines", "zebra", "none"] as const),
    headOnEveryPage: random.chance(0.2),
    head,
    movesBy: repeatHeader && random.chance(0.15) ? random.pick([7, 15, 24]) : 0,
    after: random.chance(0.15)
      ? [random.pick(["balance-lines", "daily-grid", "rates", "categories"] as const)]
      : [],
    footer: random.chance(0.3) ? ["This is a computer generated statement."] : [],
  };
  const columns = columnsOf(keysOf(random, hasBalance), layout, random);
  return { ...layout, columns };
}

/** A table with room for its narration; what a page cannot say (no balance, no total) is not asked for. */
function isPrintable({
  columns,
  after,
  head,
  openingRow,
  totalsRow,
  closingRow,
  summaryBelow,
  order,
  page,
  dateOncePerDay,
  box,
}: Layout): boolean {
  const narration = columns.find(({ key }) => key === "narration");
  if (totalsRow !== null && columns.every(({ key }) => key !== "debit")) return false;
  const hasBalance = columns.some(({ key }) => key === "balance");
  // Balances by date behind a summary, or above the newest row, are what no bank prints.
  const hasLines = after.includes("balance-lines");
  if (hasLines && (!hasBalance || summaryBelow || order === "newest-first")) return false;
  // Rows without date, balance or an end above them are the day's as far as anyone can tell.
  if (dateOncePerDay && closingRow === null && after.includes("categories")) return false;
  if (box !== null && after.length > 0) return false;
  if (summaryBelow && page[0] < 590) return false;
  if (head === "two-blocks" && !summaryBelow && (openingRow === null || closingRow === null)) return false;
  return narration !== undefined && narration.x1 - narration.x0 > 150;
}

/** What happens in the account that a layout must be able to show. */
function eventsOf(random: Random, { columns, head, summaryBelow }: Layout): Partial<AccountSpec> {
  const has = (wanted: ColumnKey): boolean => columns.some(({ key }) => key === wanted);
  const isCounted = head === "labels-above" || summaryBelow;
  return {
    ...(random.chance(0.15) ? { opening: -95_00n } : {}),
    ...(random.chance(0.2) && has("debit") && !isCounted ? { reversalEvery: random.int(5, 9) } : {}),
    ...(random.chance(0.08) && has("balance") ? { drift: [random.int(0, 9), random.int(10, 40)] } : {}),
  };
}

/** The break is at the misprinted row only where balances are printed, and in their order. */
function canMisprint({ columns, order }: Layout): boolean {
  return order === "oldest-first" && columns.some(({ key }) => key === "balance");
}

/** Files of one seed. */
export function mixed(seed: number, count: number): Spec[] {
  const random = createRandom(seed * 7919);
  const specs: Spec[] = [];
  while (specs.length < count) {
    const isIndian = random.chance(0.6);
    const layout = layoutOf(random, isIndian);
    if (!isPrintable(layout)) continue;
    const span = {
      from: random.pick(["2024-01-01", "2023-11-20"]),
      to: random.pick(["2024-02-29", "2024-03-31"]),
    };
    const account = (of: number): AccountSpec => ({
      ...span,
      rows: random.int(2, 90),
      seed: seed * 10_000 + specs.length + of * 5000,
      narration: random.pick(["usual", "long"] as const),
      ...eventsOf(random, layout),
    });
    const hasTwo = random.chance(0.08);
    const spec: Spec = {
      name: `mixed-${seed}-${specs.length}`,
      brand: random.pick(isIndian ? ["lotus", "hdfc", "canara"] : ["harbour", "barclays"]),
      layout: "listed",
      accounts: hasTwo ? [account(0), account(1)] : [account(0)],
      change: layout,
    };
    if (hasTwo) spec.oneHead = layout.head === "left-list";
    else if (canMisprint(layout) && random.chance(0.06))
      spec.misprint = { cell: random.pick(["balance", "amount"]), row: 1, by: 1_00n };
    specs.push(spec);
  }
  return specs;
}
