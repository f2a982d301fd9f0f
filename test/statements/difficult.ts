/** Cases that real statements are difficult by; `README.md` lists each difficulty with its layout. */
import type { AccountSpec, Spec } from "./types.ts";

const account = (seed: number, rows: number, more: Partial<AccountSpec> = {}): AccountSpec => ({
  from: "2024-01-01",
  to: "2024-03-31",
  rows,
  seed,
  ...more,
});
const long = { narration: "long" } as const;

const one = (
  name: string,
  brand: string,
  layout: string,
  made: AccountSpec,
  more: Partial<Spec> = {},
): Spec => ({
  name,
  brand,
  layout,
  accounts: [made],
  ...more,
});

const shared = account(390, 120);

export const difficult: readonly Spec[] = [
  one("above", "lotus", "narration-above", account(301, 60, long)),
  one("above-tight", "baroda", "narration-above-tight", account(302, 70, long)),
  one("above-over-pages", "lotus", "narration-above-over-pages", account(303, 80, long)),
  one("around", "canara", "narration-around", account(304, 60, long)),
  one("around-over-pages", "lotus", "narration-around-over-pages", account(305, 80, long)),
  one("below-over-pages", "lotus", "narration-below-over-pages", account(306, 80, long)),
  one("date-in-the-middle", "harbour", "date-in-the-middle", account(307, 50, long)),
  one("serial-below", "icici", "serial-below", account(308, 60, long)),
  one("torn-date-time", "lotus", "torn-date-time", account(309, 55)),
  one("torn-mark", "lotus", "torn-mark", account(310, 55)),
  one("torn-year", "harbour", "torn-year", account(311, 55, { from: "2023-12-01", to: "2024-01-31" })),
  one("torn-narration", "lotus", "torn-narration", account(312, 60, long)),
  one("mark-below", "lotus", "mark-below", account(313, 60)),
  one("mark-below-overdrawn", "lotus", "mark-below", account(314, 40, { opening: -2_500_00n })),
  one("column-after-balance", "axis", "column-after-balance", account(321, 70)),
  one("available-after-balance", "lotus", "available-after-balance", account(322, 70)),
  one("nine-columns", "lotus", "nine-columns", account(323, 70)),
  one("bilingual-lines", "dbs", "bilingual-lines", account(324, 50)),
  one("bilingual-slashes", "harbour", "bilingual-slashes", account(325, 50)),
  one("moving-columns", "lotus", "moving-columns", account(326, 110)),
  one("moving-far", "lotus", "moving-far", account(327, 90)),
  one("reversals", "lotus", "reversals", account(328, 60, { reversalEvery: 8 })),
  one("blank-balances", "harbour", "blank-balances", account(329, 60)),
  one("no-balances", "harbour", "no-balances", account(330, 40)),
  one("no-balances-signed", "harbour", "no-balances-signed", account(331, 40)),
  one("dashes", "harbour", "dashes", account(332, 60)),
  one("zeros-credit-first", "lotus", "zeros-credit-first", account(333, 60)),
  one("newest-first-two-columns", "harbour", "newest-first-two-columns", account(334, 60)),
  one("boxed", "harbour", "boxed", account(341, 90)),
  one("carried-each-page", "lotus", "carried-each-page", account(342, 120)),
  one("balance-lines-after", "lotus", "balance-lines-after", account(343, 60)),
  one("daily-grid-after", "harbour", "daily-grid-after", account(344, 60)),
  one("tables-after", "lotus", "tables-after", account(345, 60)),
  one("grid-and-lines-after", "lotus", "grid-and-lines-after", account(346, 60)),
  one("totals-with-opening", "lotus", "totals-with-opening", account(347, 60)),
  one("listed-day-end", "harbour", "listed-day-end", account(348, 70)),
  one("cent-drift", "lotus", "listed", account(349, 60, { drift: [11, 29] })),
  one("no-closing", "lotus", "column-after-balance", account(351, 90), { change: { closingRow: null } }),
  one("no-closing-sums-after", "lotus", "tables-after", account(353, 25), {
    change: { head: "two-blocks", openingRow: "Opening Balance", closingRow: null, totalsRow: null },
  }),
  one("carried-to-the-end", "lotus", "carried-each-page", account(352, 90), {
    change: { closingRow: "Balance carried forward" },
  }),
  one("one-row", "lotus", "listed", account(350, 1)),
  {
    name: "two-accounts-one-head",
    brand: "lotus",
    layout: "listed",
    accounts: [account(361, 24), account(362, 60)],
    oneHead: true,
  },
  {
    name: "three-cards",
    brand: "prairie",
    layout: "card",
    accounts: [
      account(363, 18, { card: true }),
      account(364, 12, { card: true }),
      account(365, 15, { card: true }),
    ],
    oneHead: true,
  },
  {
    name: "three-months-in-one-file",
    brand: "lotus",
    layout: "listed",
    accounts: [
      { ...shared, slice: { from: "2024-01-01", to: "2024-01-31" } },
      { ...shared, slice: { from: "2024-02-01", to: "2024-02-29" } },
      { ...shared, slice: { from: "2024-03-01", to: "2024-03-31" } },
    ],
  },
  {
    name: "months-under-one-head",
    brand: "lotus",
    layout: "listed",
    accounts: [
      { ...shared, slice: { from: "2024-01-01", to: "2024-01-31" } },
      { ...shared, slice: { from: "2024-02-01", to: "2024-02-29" } },
      { ...shared, slice: { from: "2024-03-01", to: "2024-03-31" } },
    ],
    oneHead: true,
  },
  one("lost-in-the-middle", "lotus", "listed", account(371, 200), { lostPages: [3] }),
  one("lost-at-the-end", "lotus", "narration-below-over-pages", account(372, 200), {
    lostPages: [6, 7],
    change: { splitRows: false },
  }),
  one("lost-at-the-start", "lotus", "carried-each-page", account(373, 150), { lostPages: [1] }),
];
