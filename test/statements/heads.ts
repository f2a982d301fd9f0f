/** The upper part of the first page: whose bank, whose account, which period, which balances. */
import { formatBalance, formatDate, formatSigned, withYear } from "./format.ts";
import { type Canvas, lineHeight, MARGIN, put, putRight, withStyle } from "./canvas.ts";
import type { Account, HeadStyle, Layout } from "./types.ts";

/** Sums over the printed rows, in minor units. */
export interface Sums {
  debit: bigint;
  credit: bigint;
  debits: number;
  credits: number;
}

export interface Scene {
  canvas: Canvas;
  layout: Layout;
  account: Account;
  sums: Sums;
  withoutSummary: boolean;
  withoutNumber: boolean;
}

type Pair = readonly [label: string, value: string];

const balanceText = (scene: Scene, minor: bigint): string =>
  formatBalance(minor, scene.layout.money, scene.layout.balanceStyle);

function bankName(scene: Scene, x: number, y: number): void {
  const { canvas, layout, account } = scene;
  withStyle(canvas.doc, layout, { bold: true, size: 15, colour: account.brand.colour }, () =>
    put(canvas.doc, account.brand.name, x, y),
  );
}

function addressBlock(scene: Scene, x: number, y: number): number {
  const { canvas, layout, account } = scene;
  const step = lineHeight(layout) + 1;
  [account.holder, ...account.address].forEach((line, i) => put(canvas.doc, line, x, y + i * step));
  return y + (1 + account.address.length) * step;
}

function pairList(scene: Scene, pairs: readonly Pair[], x: number, y: number, gap: number): number {
  const { canvas, layout } = scene;
  const step = lineHeight(layout) + 1;
  pairs.forEach(([label, value], i) => {
    put(canvas.doc, label, x, y + i * step);
    put(canvas.doc, value, x + gap, y + i * step);
  });
  return y + pairs.length * step;
}

function numberPair(scene: Scene, label: string, colon = ""): Pair[] {
  return scene.withoutNumber ? [] : [[label, colon + scene.account.printedNumber]];
}

function codePairs({ account }: Scene, ifscLabel: string, micrLabel: string): Pair[] {
  const pairs: Pair[] = [];
  if (account.ifsc !== null) pairs.push([ifscLabel, `: ${account.ifsc}`]);
  if (account.micr !== null) pairs.push([micrLabel, `: ${account.micr}`]);
  return pairs;
}

function periodText({ account, layout }: Scene, between: string): string {
  // A year is always named in the head, also where the rows leave it out.
  const style = withYear(layout.date);
  return `${formatDate(account.period.from, style)}${between}${formatDate(account.period.to, style)}`;
}

function twoBlocks(scene: Scene): void {
  const { canvas, layout, account } = scene;
  canvas.doc.rect(0, 0, layout.page[0], 8).fill(account.brand.colour);
  canvas.doc.fillColor("black");
  bankName(scene, MARGIN, 22);
  const left = addressBlock(scene, MARGIN, 58);
  const right = pairList(
    scene,
    [
      ["Account Branch", `: ${account.branch}`],
      ["Cust ID", `: ${account.number.slice(-8)}`],
      ...numberPair(scene, "Account No", ": "),
      ["Account Type", `: ${account.type}`],
      ...codePairs(scene, "RTGS/NEFT IFSC", "MICR"),
      ["Currency", `: ${account.brand.currency}`],
    ],
    layout.page[0] - 240,
    46,
    90,
  );
  canvas.y = Math.max(left, right) + 8;
  put(canvas.doc, `Statement From : ${periodText(scene, "  To : ")}`, MARGIN, canvas.y);
  canvas.y += 18;
}

function leftList(scene: Scene): void {
  const { canvas, account, withoutSummary } = scene;
  bankName(scene, MARGIN, 24);
  canvas.y = pairList(
    scene,
    [
      ["Account Name", `: ${account.holder}`],
      ["Address", `: ${account.address[0] ?? ""}`],
      ...account.address.slice(1).map((line): Pair => ["", `  ${line}`]),
      ...numberPair(scene, "Account Number", ": "),
      ["Account Description", `: ${account.type} ACCOUNT`],
      ["Branch", `: ${account.branch}`],
      ...codePairs(scene, "IFS Code", "MICR Code"),
      ["Currency", `: ${account.brand.currency}`],
      ...(withoutSummary
        ? []
        : ([
            ["Opening Balance", `: ${balanceText(scene, account.opening)}`],
            ["Closing Balance", `: ${balanceText(scene, account.closing)}`],
          ] as Pair[])),
    ],
    MARGIN,
    56,
    120,
  );
  put(canvas.doc, `Account Statement from ${periodText(scene, " to ")}`, MARGIN, canvas.y + 8);
  canvas.y += 28;
}

function centred(scene: Scene): void {
  const { canvas, layout, account } = scene;
  const middle = layout.page[0] / 2;
  bankName(scene, middle - 70, 22);
  put(canvas.doc, `BRANCH: ${account.branch}`, middle - 70, 42);
  put(canvas.doc, "STATEMENT OF ACCOUNT", middle - 70, 56);
  put(canvas.doc, `ACCOUNT NAME: ${account.holder}`, MARGIN, 74);
  account.address.forEach((line, i) => put(canvas.doc, line, MARGIN, 86 + i * 11));
  const right = [
    `PERIOD: ${periodText(scene, " TO ")}`,
    ...(scene.withoutNumber ? [] : [`ACCOUNT NO.: ${account.printedNumber}`]),
    `CURRENCY: ${account.brand.currency}`,
    ...(account.ifsc === null ? [] : [`IFSC CODE: ${account.ifsc}`]),
    ...(account.micr === null ? [] : [`MICR CODE: ${account.micr}`]),
  ];
  right.forEach((line, i) => put(canvas.doc, line, layout.page[0] - 290, 74 + i * 11));
  canvas.y = 148;
}

function labelsAbove(scene: Scene): void {
  const { canvas, layout, account, sums } = scene;
  bankName(scene, 36, 24);
  withStyle(canvas.doc, layout, { bold: true, size: 12 }, () => put(canvas.doc, "Account Statement", 36, 48));
  const money = (minor: bigint): string => formatSigned(minor, layout.money);
  const grid: readonly (readonly Pair[])[] = [
    [
      ["Account Name", account.holder],
      ...numberPair(scene, "Account Number"),
      ["Currency", account.brand.currency],
    ],
    [
      ["Period", periodText(scene, " - ")],
      ["Account Type", account.type],
      ["Address", account.address.join("\n")],
    ],
    ...(scene.withoutSummary
      ? []
      : ([
          [
            ["Opening Balance", money(account.opening)],
            ["Total Debit", money(sums.debit)],
            ["Debit Count", String(sums.debits)],
          ],
          [
            ["Closing Balance", money(account.closing)],
            ["Total Credit", money(sums.credit)],
            ["Credit Count", String(sums.credits)],
          ],
        ] as const)),
  ];
  canvas.y = 76;
  for (const row of grid) {
    row.forEach(([label, value], c) => {
      const x = 36 + c * 170;
      withStyle(canvas.doc, layout, { size: 7, colour: "#777777" }, () =>
        put(canvas.doc, label, x, canvas.y),
      );
      value.split("\n").forEach((line, i) => put(canvas.doc, line, x, canvas.y + 11 * (i + 1)));
    });
    canvas.y += 23 + 11 * Math.max(...row.map(([, value]) => value.split("\n").length));
  }
}

function summaryBox(scene: Scene): void {
  const { canvas, layout, account, sums } = scene;
  const { doc } = canvas;
  bankName(scene, layout.page[0] - 250, 24);
  addressBlock(scene, 50, 84);
  const codes = [
    ...(account.brand.sortCode === undefined ? [] : [`Sort code ${account.brand.sortCode}`]),
    ...(scene.withoutNumber ? [] : [`Account number ${account.printedNumber}`]),
    ...(account.brand.bic === undefined ? [] : [`BIC ${account.brand.bic}`]),
  ];
  put(doc, codes.join("     "), 50, 168);
  withStyle(doc, layout, { bold: true, size: 10 }, () =>
    put(doc, `Your statement: ${periodText(scene, " to ")}`, 50, 182),
  );
  const x = layout.page[0] - 250;
  const pounds = (minor: bigint): string =>
    formatBalance(
      minor,
      { ...layout.money, symbol: account.brand.currency === "GBP" ? "£" : "" },
      layout.balanceStyle,
    );
  if (!scene.withoutSummary) {
    doc.rect(x - 8, 62, 218, 84).stroke("#999999");
    withStyle(doc, layout, { bold: true }, () => put(doc, "At a glance", x, 68));
    const lines: readonly Pair[] = [
      ["Opening balance", pounds(account.opening)],
      ["Money in", pounds(sums.credit)],
      ["Money out", pounds(sums.debit)],
      ["Closing balance", pounds(account.closing)],
    ];
    lines.forEach(([label, value], i) => {
      put(doc, label, x, 84 + i * 15);
      putRight(doc, value, x + 200, 84 + i * 15);
    });
  }
  canvas.y = 208;
}

function dutch(scene: Scene): void {
  const { canvas, account, sums, layout } = scene;
  bankName(scene, 40, 24);
  withStyle(canvas.doc, layout, { bold: true, size: 12 }, () => put(canvas.doc, "Rekeningafschrift", 40, 50));
  const euro = (minor: bigint): string => `${formatSigned(minor, layout.money)} €`;
  const left = pairList(
    scene,
    [
      ["Rekeninghouder", account.holder],
      ...account.address.map((line): Pair => ["", line]),
      ...numberPair(scene, "Rekeningnummer"),
      ["BIC", account.brand.bic ?? ""],
      ["Periode", periodText(scene, " t/m ")],
    ],
    40,
    74,
    90,
  );
  const right = scene.withoutSummary
    ? 0
    : pairList(
        scene,
        [
          ["Beginsaldo", euro(account.opening)],
          ["Totaal bij", euro(sums.credit)],
          ["Totaal af", euro(sums.debit)],
          ["Eindsaldo", euro(account.closing)],
        ],
        350,
        74,
        90,
      );
  canvas.y = Math.max(left, right) + 14;
}

function german(scene: Scene): void {
  const { canvas, account, layout } = scene;
  bankName(scene, 380, 24);
  const left = addressBlock(scene, 40, 90);
  pairList(
    scene,
    [
      ["Kontoinhaber", account.holder],
      ...numberPair(scene, "IBAN"),
      ["BIC", account.brand.bic ?? ""],
      ["Währung", account.brand.currency],
    ],
    330,
    90,
    70,
  );
  withStyle(canvas.doc, layout, { bold: true, size: 11 }, () =>
    put(canvas.doc, `Kontoauszug vom ${periodText(scene, " bis ")}`, 40, left + 24),
  );
  canvas.y = left + 50;
}

function card(scene: Scene): void {
  const { canvas, account, layout, sums } = scene;
  const { doc } = canvas;
  bankName(scene, 40, 24);
  addressBlock(scene, 40, 64);
  withStyle(doc, layout, { bold: true, size: 11, colour: account.brand.colour }, () =>
    put(doc, "ACCOUNT SUMMARY", 320, 50),
  );
  const money = { ...layout.money, symbol: "$" };
  const lines: readonly Pair[] = [
    ...numberPair(scene, "Account Number:"),
    ["Opening/Closing Date", periodText(scene, " - ")],
    ...(scene.withoutSummary
      ? []
      : ([
          ["Previous Balance", formatSigned(-account.opening, money)],
          ["Payments, Credits", `-${formatSigned(sums.credit, money)}`],
          ["Purchases", `+${formatSigned(sums.debit, money)}`],
          ["New Balance", formatSigned(-account.closing, money)],
        ] as Pair[])),
    ["Credit Access Line", "$25,000.00"],
  ];
  lines.forEach(([label, value], i) => {
    put(doc, label, 320, 70 + i * 14);
    putRight(doc, value, 572, 70 + i * 14);
  });
  withStyle(doc, layout, { bold: true, size: 11, colour: account.brand.colour }, () =>
    put(doc, "ACCOUNT ACTIVITY", 40, 186),
  );
  canvas.y = 206;
}

/** A second account or card under the head of the first. */
function section(scene: Scene): void {
  const { canvas, account, layout, sums, withoutSummary } = scene;
  canvas.y += 16;
  const isCard = layout.head === "card";
  const money = (minor: bigint): string =>
    isCard ? formatSigned(-minor, layout.money) : balanceText(scene, minor);
  const [opening, closing] = isCard
    ? ["Previous Balance", "New Balance"]
    : ["Opening Balance", "Closing Balance"];
  const sumPairs: Pair[] = [
    ["Payments, Credits", `-${formatSigned(sums.credit, layout.money)}`],
    ["Purchases", `+${formatSigned(sums.debit, layout.money)}`],
  ];
  canvas.y = pairList(
    scene,
    [
      ...numberPair(scene, isCard ? "Card Number" : "Account Number"),
      ...(withoutSummary ? [] : [[opening, money(account.opening)] as const]),
      ...(withoutSummary || !isCard ? [] : sumPairs),
      ...(withoutSummary ? [] : [[closing, money(account.closing)] as const]),
    ],
    40,
    canvas.y,
    120,
  );
  canvas.y += 10;
}

export const heads: Readonly<Record<HeadStyle, (scene: Scene) => void>> = {
  "two-blocks": twoBlocks,
  "left-list": leftList,
  centred,
  "labels-above": labelsAbove,
  "summary-box": summaryBox,
  dutch,
  german,
  card,
  section,
};
