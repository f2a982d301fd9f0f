/** Balances, totals and the currency that a document prints around its table. */
import { type DateOrder, placeDate, readDate } from "./dates.ts";
import { type Cell, type Label, placesOf, type Row } from "./identity-cells.ts";
import type { LabelKind } from "./identity-labels.ts";
import { type Amount, type DecimalMark, parseAmount } from "./money.ts";
import type { Facts, Period } from "./types.ts";

export interface MoneyHints {
  decimal: DecimalMark;
  dateOrder: DateOrder;
}

/** No amount is printed in more words than `- SGD 15,450.75 Cr`. */
const WORDS = 4;

/** The amount with which a cell begins, in as many of its words as belong to it. */
function amountOf(cell: Cell, decimal: DecimalMark, from = 0): Amount | null {
  for (let count = Math.min(WORDS, cell.tokens.length - from); count > 0; count -= 1) {
    const words = cell.tokens.slice(from, from + count).map(({ text }) => text);
    const amount = parseAmount(words.join(" "), decimal);
    if (amount !== null) return amount;
  }
  return null;
}

/** Signed: an overdrawn balance (`Dr`, `D`, a minus) is negative. */
function signed({ minor, mark }: Amount): bigint {
  return mark === "dr" && minor > 0n ? -minor : minor;
}

function amountUnder(rows: readonly Row[], label: Label, decimal: DecimalMark): Amount | null {
  for (const place of placesOf(rows, label)) {
    const amount = amountOf(place, decimal);
    // A bare whole number right behind a label is a count or a code sooner than money.
    if (amount !== null && (amount.form !== "plain" || amount.currency !== null || amount.minor === 0n))
      return amount;
  }
  return null;
}

function unique(values: readonly bigint[]): bigint[] {
  return [...new Set(values)];
}

/** `Balance as on 1 Apr 2024 : 12,345.67`: the date says which end of the period it stands at. */
interface DatedBalance {
  date: Temporal.PlainDate;
  minor: bigint;
}

function datedBalances(rows: readonly Row[], labels: readonly Label[], hints: MoneyHints): DatedBalance[] {
  const found: DatedBalance[] = [];
  for (const label of labels) {
    if (label.kind !== "balanceOn") continue;
    const row = rows[label.row];
    const rest = label.cell.tokens.slice(label.end);
    const date = readDate(rest.map(({ text }) => text).join(" "), hints.dateOrder);
    const placed = date && placeDate(date, null);
    if (row === undefined || placed === null || date === null) continue;
    const cells = [
      label.cell,
      ...row.cells.slice(row.cells.indexOf(label.cell) + 1, row.cells.indexOf(label.cell) + 2),
    ];
    const behind =
      label.end +
      wordsIn(
        rest.map(({ text }) => text),
        date.end,
      );
    const amount =
      amountOf(label.cell, hints.decimal, behind) ?? (cells[1] ? amountOf(cells[1], hints.decimal) : null);
    if (amount !== null) found.push({ date: placed, minor: signed(amount) });
  }
  return found;
}

/** How many words the first `length` characters of the joined words take. */
function wordsIn(words: readonly string[], length: number): number {
  let read = 0;
  let count = 0;
  while (count < words.length && read < length) {
    read += (words[count]?.length ?? 0) + 1;
    count += 1;
  }
  return count;
}

export interface Balances {
  opening: bigint[];
  closing: bigint[];
}

/** Candidates as printed, the most plausible first. A card's balance is what is owed, printed without a sign. */
export function readBalances(
  rows: readonly Row[],
  labels: readonly Label[],
  hints: MoneyHints,
  period: Period | null,
): Balances {
  const under = (kind: LabelKind): bigint[] =>
    labels
      .filter((label) => label.kind === kind)
      .map((label) => amountUnder(rows, label, hints.decimal))
      .filter((amount) => amount !== null)
      .map(signed);
  const dated = datedBalances(rows, labels, hints);
  const dates = dated.map(({ date }) => date).toSorted((a, b) => Temporal.PlainDate.compare(a, b));
  const [first] = dates;
  const last = dates.at(-1);
  const isOpening = (date: Temporal.PlainDate): boolean =>
    period === null
      ? first !== undefined && last !== undefined && !first.equals(last) && date.equals(first)
      : Temporal.PlainDate.compare(date, period.from) <= 0;
  const opening = dated.filter(({ date }) => isOpening(date)).map(({ minor }) => minor);
  const closing = dated.filter(({ date }) => !isOpening(date)).map(({ minor }) => minor);
  return {
    opening: unique([...under("opening"), ...opening]),
    // A later page repeats the balance that the last one closes with: the last said is the likeliest.
    closing: unique([...under("closing").toReversed(), ...closing.toReversed()]),
  };
}

type PrintedTotal = Facts["printedTotals"][number];

const absolute = (minor: bigint): bigint => (minor < 0n ? -minor : minor);

const MONEY_TOTALS: Readonly<Partial<Record<LabelKind, PrintedTotal["kind"]>>> = {
  debit: "debit",
  credit: "credit",
};
const COUNTS: Readonly<Partial<Record<LabelKind, PrintedTotal["kind"]>>> = {
  debitCount: "debit_count",
  creditCount: "credit_count",
  count: "count",
};

function countUnder(rows: readonly Row[], label: Label): bigint | null {
  for (const place of placesOf(rows, label)) {
    const digits = /^(\d{1,6})$/.exec(place.tokens[0]?.text ?? "")?.[1];
    if (digits !== undefined) return BigInt(digits);
  }
  return null;
}

/** `Debits` over a table is a column's title: alone it counts only beside the other words of a summary. */
const SUMMARY: ReadonlySet<LabelKind> = new Set([
  "opening",
  "closing",
  "debitCount",
  "creditCount",
  "count",
  "balanceOn",
]);
/** A summary's labels stand at most this many rows from one another. */
const NEAR = 5;

function isInSummary(label: Label, labels: readonly Label[], rows: readonly Row[]): boolean {
  const long = label.end - label.start > 1 && /total|tota|summe|合计|总/i.test(label.cell.text);
  if (long) return true;
  const page = rows[label.row]?.page;
  return labels.some(
    (other) =>
      SUMMARY.has(other.kind) && Math.abs(other.row - label.row) <= NEAR && rows[other.row]?.page === page,
  );
}

/** Printed sums and counts, amounts without sign; the parts of a card's summary come as one debit and one credit. */
export function readTotals(
  rows: readonly Row[],
  labels: readonly Label[],
  hints: MoneyHints,
): PrintedTotal[] {
  const totals: PrintedTotal[] = [];
  const add = (kind: PrintedTotal["kind"], printed: bigint): void => {
    if (!totals.some((total) => total.kind === kind && total.printed === printed))
      totals.push({ kind, printed });
  };
  for (const label of labels) {
    const money = MONEY_TOTALS[label.kind];
    const count = COUNTS[label.kind];
    if (money !== undefined && isInSummary(label, labels, rows)) {
      const amount = amountUnder(rows, label, hints.decimal);
      if (amount !== null) add(money, absolute(amount.minor));
    }
    if (count !== undefined) {
      const number = countUnder(rows, label);
      if (number !== null) add(count, number);
    }
  }
  const card = cardTotals(rows, labels, hints);
  if (card.debit !== null) add("debit", card.debit);
  if (card.credit !== null) add("credit", card.credit);
  return totals;
}

/** `Purchases +1,404.30`, `Fees Charged +2,471.62`: a card's debits are the sum of its parts, each named once. */
function cardTotals(
  rows: readonly Row[],
  labels: readonly Label[],
  hints: MoneyHints,
): { debit: bigint | null; credit: bigint | null } {
  const sum = (kind: LabelKind): bigint | null => {
    const parts = new Map<string, bigint>();
    for (const label of labels) {
      if (label.kind !== kind || !isInSummary(label, labels, rows)) continue;
      const name = label.cell.tokens
        .slice(label.start, label.end)
        .map(({ key }) => key)
        .join(" ");
      const amount = amountUnder(rows, label, hints.decimal);
      if (amount !== null && !parts.has(name)) parts.set(name, absolute(amount.minor));
    }
    return parts.size === 0 ? null : [...parts.values()].reduce((a, b) => a + b);
  };
  return { debit: sum("cardDebit"), credit: sum("cardCredit") };
}

/** Names of currencies, for `CURRENCY: SINGAPORE DOLLAR`. */
const NAMES: readonly (readonly [RegExp, string])[] = [
  [/singapore dollar/i, "SGD"],
  [/hong kong dollar/i, "HKD"],
  [/australian dollar/i, "AUD"],
  [/canadian dollar/i, "CAD"],
  [/(?:us|united states) dollar/i, "USD"],
  [/(?:indian )?rupees?\b/i, "INR"],
  [/naira/i, "NGN"],
  [/pounds? sterling|british pound/i, "GBP"],
  [/\beuros?\b/i, "EUR"],
  [/renminbi|yuan|人民币/i, "CNY"],
  [/dirham/i, "AED"],
  [/ringgit/i, "MYR"],
  [/rupiah/i, "IDR"],
  [/swiss franc|schweizer franken/i, "CHF"],
];

const CODE = /^\(?([A-Z]{3})\)?$/;
const KNOWN = new Set(
  "INR USD EUR GBP SGD NGN CNY HKD AUD CAD CHF AED MYR IDR THB PHP JPY KES GHS ZAR SAR QAR NZD SEK NOK DKK PLN TRY BRL MXN LKR BDT PKR NPR".split(
    " ",
  ),
);

/** ISO 4217 as labelled, or as most amounts around the table carry it; null where nothing says so. */
export function readCurrency(
  rows: readonly Row[],
  labels: readonly Label[],
  hints: MoneyHints,
): string | null {
  for (const label of labels) {
    if (label.kind !== "currency") continue;
    for (const place of placesOf(rows, label)) {
      const name = currencyIn(place.text);
      if (name !== null) return name;
    }
  }
  const votes = new Map<string, number>();
  let dollars = 0;
  for (const row of rows) {
    for (const cell of row.cells) {
      const amount =
        amountOf(cell, hints.decimal) ?? amountOf(cell, hints.decimal, Math.max(0, cell.tokens.length - 2));
      const code = amount?.currency ?? titleCurrency(cell.text);
      if (code !== null) votes.set(code, (votes.get(code) ?? 0) + 1);
      if (/^[-+]?\$|\(\$\)|^\$ /.test(cell.text)) dollars += 1;
    }
  }
  const [best] = [...votes].toSorted((a, b) => b[1] - a[1]);
  if (best !== undefined) return best[0];
  // A bare dollar with the month first is an American's.
  return dollars > 0 && hints.dateOrder === "mdy" ? "USD" : null;
}

function currencyIn(text: string): string | null {
  for (const word of text.split(/[\s/-]+/)) {
    const code = CODE.exec(word)?.[1];
    if (code !== undefined && KNOWN.has(code)) return code;
  }
  return NAMES.find(([name]) => name.test(text))?.[1] ?? null;
}

const IN_TITLE = /\((₹|₦|€|£|Rs\.?|[A-Z]{3})\)/;
const TITLE_SYMBOLS: Readonly<Record<string, string>> = {
  "₹": "INR",
  "₦": "NGN",
  "€": "EUR",
  "£": "GBP",
  Rs: "INR",
  "Rs.": "INR",
};

/** `Debit(₦)`, `(GBP) Balance`: the currency in brackets in a title. */
function titleCurrency(text: string): string | null {
  const inside = IN_TITLE.exec(text)?.[1];
  if (inside === undefined) return null;
  return TITLE_SYMBOLS[inside] ?? (KNOWN.has(inside) ? inside : null);
}
