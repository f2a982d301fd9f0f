/** Named cases, so that a test can say `await statement("hdfc-3-months")`. */
import { household } from "./household.ts";
import { difficult } from "./difficult.ts";
import { generate } from "./generate.ts";
import { textSpecs } from "./text/specs.ts";
import type { AccountSpec, Generated, Spec } from "./types.ts";

const months = (from: string, to: string, rows: number, seed: number): AccountSpec => ({
  from,
  to,
  rows,
  seed,
});

const overlap = months("2024-01-01", "2024-06-30", 150, 61);
const kotak = months("2024-01-01", "2024-03-31", 66, 67);

const plain: readonly Spec[] = [
  {
    name: "hdfc-3-months",
    brand: "hdfc",
    layout: "two-column",
    accounts: [{ ...months("2024-01-01", "2024-03-31", 84, 11), told: household }],
  },
  {
    name: "hdfc-10-pages",
    brand: "hdfc",
    layout: "two-column",
    accounts: [months("2023-07-01", "2023-12-31", 288, 12)],
  },
  {
    name: "hdfc-60-pages",
    brand: "hdfc",
    layout: "two-column",
    accounts: [months("2022-04-01", "2024-03-31", 1828, 13)],
  },
  {
    name: "hdfc-encrypted",
    brand: "hdfc",
    layout: "two-column",
    password: "AARA1990",
    accounts: [months("2024-02-01", "2024-02-29", 22, 14)],
  },
  {
    name: "hdfc-balance-off-by-one",
    brand: "hdfc",
    layout: "two-column",
    accounts: [months("2024-01-01", "2024-03-31", 70, 15)],
    misprint: { cell: "balance", row: 31, by: 100n },
  },
  {
    name: "hdfc-amount-off-by-one",
    brand: "hdfc",
    layout: "two-column",
    accounts: [months("2024-01-01", "2024-03-31", 70, 16)],
    misprint: { cell: "amount", row: 40, by: 100n },
  },
  {
    name: "hdfc-no-account-number",
    brand: "hdfc",
    layout: "two-column",
    withoutNumber: true,
    accounts: [months("2024-05-01", "2024-05-31", 20, 17)],
  },
  {
    name: "icici-serial",
    brand: "icici",
    layout: "serial",
    accounts: [months("2024-01-01", "2024-02-29", 58, 21)],
  },
  {
    name: "icici-overlap-a",
    brand: "icici",
    layout: "serial",
    accounts: [{ ...overlap, slice: { from: "2024-01-01", to: "2024-04-15" } }],
  },
  {
    name: "icici-overlap-b",
    brand: "icici",
    layout: "serial",
    accounts: [{ ...overlap, slice: { from: "2024-03-10", to: "2024-06-30" } }],
  },
  {
    name: "icici-two-accounts",
    brand: "icici",
    layout: "serial",
    accounts: [months("2024-01-01", "2024-01-31", 31, 22), months("2024-01-01", "2024-01-31", 17, 23)],
  },
  {
    name: "sbi-typewriter",
    brand: "sbi",
    layout: "typewriter",
    accounts: [months("2024-04-01", "2024-06-30", 74, 31)],
  },
  {
    name: "sbi-missing-month",
    brand: "sbi",
    layout: "typewriter",
    accounts: [{ ...months("2024-01-01", "2024-04-30", 60, 32), quietMonths: ["2024-03"] }],
  },
  {
    name: "axis-wrapped",
    brand: "axis",
    layout: "wrapped",
    accounts: [{ ...months("2024-01-01", "2024-03-31", 90, 41), narration: "long" }],
  },
  {
    name: "kotak-drcr",
    brand: "kotak",
    layout: "drcr",
    accounts: [months("2024-01-01", "2024-12-31", 180, 51)],
  },
  {
    name: "kotak-january",
    brand: "kotak",
    layout: "drcr",
    accounts: [{ ...kotak, slice: { from: "2024-01-01", to: "2024-01-31" } }],
  },
  {
    name: "kotak-february",
    brand: "kotak",
    layout: "drcr",
    accounts: [{ ...kotak, slice: { from: "2024-02-01", to: "2024-02-29" } }],
  },
  {
    name: "kotak-march",
    brand: "kotak",
    layout: "drcr",
    accounts: [{ ...kotak, slice: { from: "2024-03-01", to: "2024-03-31" } }],
  },
  {
    name: "pnb-carry-totals",
    brand: "pnb",
    layout: "carry-totals",
    accounts: [months("2024-01-01", "2024-06-30", 140, 71)],
  },
  {
    name: "baroda-carry-totals",
    brand: "baroda",
    layout: "carry-totals",
    accounts: [{ ...months("2023-10-01", "2024-01-31", 96, 72), narration: "long" }],
  },
  {
    name: "canara-one-page",
    brand: "canara",
    layout: "carry-totals",
    accounts: [months("2024-03-01", "2024-03-31", 14, 73)],
  },
  {
    name: "federal-credit-first",
    brand: "federal",
    layout: "credit-first",
    accounts: [months("2024-01-01", "2024-02-29", 52, 81)],
  },
  {
    name: "yes-no-opening",
    brand: "yes",
    layout: "two-column",
    withoutSummary: true,
    accounts: [months("2024-07-01", "2024-08-31", 40, 82)],
  },
  {
    name: "barclays-day-end",
    brand: "barclays",
    layout: "day-end",
    accounts: [months("2024-01-01", "2024-02-29", 77, 91)],
  },
  {
    name: "hsbc-day-blocks",
    brand: "hsbcuk",
    layout: "day-blocks",
    accounts: [{ ...months("2024-03-01", "2024-04-30", 110, 92), opening: -125_40n }],
  },
  {
    name: "natwest-new-year",
    brand: "natwest",
    layout: "first-date",
    accounts: [months("2023-12-10", "2024-01-09", 48, 93)],
  },
  {
    name: "monzo-newest-first",
    brand: "monzo",
    layout: "newest-first",
    accounts: [months("2024-01-01", "2024-03-31", 92, 94)],
  },
  {
    name: "dbs-credit-suffix",
    brand: "dbs",
    layout: "credit-suffix",
    accounts: [months("2024-01-01", "2024-01-31", 26, 95)],
  },
  {
    name: "deutsche-german",
    brand: "deutsche",
    layout: "german",
    accounts: [months("2024-01-01", "2024-03-31", 61, 96)],
  },
  {
    name: "chase-card",
    brand: "chase",
    layout: "card",
    accounts: [{ ...months("2024-05-08", "2024-06-07", 44, 97), card: true }],
  },
  {
    name: "other-signed",
    brand: "harbour",
    layout: "signed",
    accounts: [months("2024-01-01", "2024-02-29", 50, 101)],
  },
  {
    name: "other-dutch",
    brand: "polder",
    layout: "dutch",
    accounts: [months("2024-01-01", "2024-03-31", 66, 102)],
  },
  {
    name: "other-labels-above",
    brand: "lotus",
    layout: "labels-above",
    accounts: [months("2024-01-01", "2024-02-29", 45, 103)],
  },
  {
    name: "other-mentions-banks",
    brand: "lotus",
    layout: "two-column",
    accounts: [{ ...months("2024-01-01", "2024-03-31", 80, 107), narration: "mentions-banks" }],
  },
  {
    name: "other-once-a-day",
    brand: "lotus",
    layout: "two-column",
    accounts: [{ ...months("2024-01-01", "2024-03-31", 60, 108), narration: "mentions-banks" }],
    change: { dateOncePerDay: true, repeatHeader: false },
  },
  {
    name: "other-broken",
    brand: "lotus",
    layout: "credit-first",
    accounts: [months("2024-01-01", "2024-02-29", 45, 104)],
    misprint: { cell: "balance", row: 12, by: 5_000_00n },
  },
  {
    name: "other-card-unverifiable",
    brand: "prairie",
    layout: "card",
    withoutSummary: true,
    accounts: [{ ...months("2024-02-01", "2024-02-29", 24, 105), card: true }],
  },
  {
    name: "scanned",
    brand: "axis",
    layout: "wrapped",
    imageOnly: true,
    accounts: [months("2024-01-01", "2024-01-31", 1, 106)],
  },
  ...textSpecs,
];

export const specs: readonly Spec[] = [...plain, ...difficult];

export const names: readonly string[] = specs.map(({ name }) => name);

const made = new Map<string, Promise<Generated>>();

/** The file and truth of a named case; made once a process. Do not change the bytes. */
export async function statement(name: string): Promise<Generated> {
  const spec = specs.find((one) => one.name === name);
  if (spec === undefined) throw new Error(`no statement ${name}; there are ${names.join(", ")}`);
  const pending = made.get(name) ?? generate(spec);
  made.set(name, pending);
  return pending;
}

/** Seeds of the sweep keep their distance, so that no two accounts of it are alike. */
const STRIDE = 1000;

function variant(spec: Spec, seed: number): Spec {
  const accounts = spec.accounts.map((account, i) =>
    Object.assign({}, account, {
      // Slices of one ledger stay slices of one.
      seed: seed * STRIDE + account.seed + (account.slice === undefined ? i : 0),
      rows: 3 + ((account.rows * 7 + seed * 13) % 120),
    }),
  );
  const { misprint } = spec;
  const changed: Spec = { ...spec, name: `${spec.name}-${seed}`, accounts };
  if (misprint !== undefined)
    changed.misprint = { ...misprint, row: misprint.row % (accounts[0]?.rows ?? 1) };
  return changed;
}

/**
 * The cases again with other accounts, narrations and numbers of rows (3 to 122), so that page breaks fall elsewhere.
 * Left out: cases whose point is their size or their neighbour, the scan, and fonts that nobody can read.
 */
export function sweep(seed: number): Spec[] {
  const kept = specs.filter(
    ({ name }) => !/-pages$|scanned|no-unicode|overlap|january|february|march|lost/.test(name),
  );
  return kept.map((spec) => variant(spec, seed));
}
