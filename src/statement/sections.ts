import type { DateOrder } from "./dates.ts";
import { readFacts } from "./facts.ts";
import { namedPeriod } from "./facts-period.ts";
import { readIdentity } from "./identity.ts";
import { findLabels, toRows } from "./identity-cells.ts";
import type { Item } from "./interpret.ts";
import type { Row } from "./rows.ts";
import type { Region } from "./table.ts";
import type { TableStyle } from "./tableline.ts";
import type { Line, Period } from "./types.ts";

const ACCOUNT =
  /\b(?:account|acct|a\/c|card|konto|rekening|compte|cuenta|conta|conto|iban)\b[^\d*xX•]{0,24}([\dxX*•][\dxX*•\s-]{3,28}\d)/i;
/** Lines above a header that may name its account. */
const ABOVE = 10;

/** The last four digits of the account that stands nearest above a table, or null. */
function accountAbove(lines: readonly Line[]): string | null {
  for (const line of lines.slice(-ABOVE).toReversed()) {
    const digits = ACCOUNT.exec(line.text)?.[1]?.replace(/\D/g, "");
    if (digits !== undefined && digits.length >= 4) return digits.slice(-4);
  }
  return accountBelowLabel(lines);
}

const LABEL = /\b(?:account|a\/c|card|konto|rekening|iban)\b/i;

/** The last four digits of a number that stands below its label. */
function accountBelowLabel(lines: readonly Line[]): string | null {
  if (!lines.some(({ text }) => LABEL.test(text))) return null;
  const rows = toRows(lines);
  const digits = readIdentity(rows, findLabels(rows)).accountNumber?.replace(/\D/g, "") ?? "";
  return digits.length >= 4 ? digits.slice(-4) : null;
}

const BALANCE = /bal|saldo|solde|kontostand|余额|शेष/i;

/** The opening balance that stands nearest above a table, or null. Most pages name none: facts are not read for nothing. */
function openingAbove(lines: readonly Line[], style: TableStyle): bigint | null {
  if (!lines.some(({ text }) => BALANCE.test(text))) return null;
  return readFacts(lines, style).openingBalances.at(-1) ?? null;
}

/**
 * Rows by the opening balances that stand above their tables: months of one account below one another. A head that
 * repeats the same opening on each page begins nothing.
 */
export function splitByOpeningAbove(
  regions: readonly Region[],
  rows: readonly Row[],
  style: TableStyle,
): Row[][] {
  const sections: Row[][] = [];
  let opening: bigint | null = null;
  let region = -1;
  for (const row of rows) {
    const isNew = row.region !== region;
    region = row.region;
    const named = isNew ? openingAbove(regions[region]?.above ?? [], style) : null;
    const section = sections.at(-1);
    if (section === undefined || (named !== null && named !== opening)) sections.push([row]);
    else section.push(row);
    opening = named ?? opening;
  }
  return sections;
}

/** Two dates have three numbers at least (`1 March to 30 April 2024`); a longer line is prose. */
function mayNamePeriod({ text }: Line): boolean {
  return text.length <= 200 && (text.match(/\d+/g)?.length ?? 0) >= 3;
}

/** The period that the head above a table names, or null. */
function periodAbove(lines: readonly Line[], order: DateOrder): Period | null {
  return namedPeriod(toRows(lines.filter(mayNamePeriod)), order);
}

function areApart(a: Period, b: Period): boolean {
  return Temporal.PlainDate.compare(a.to, b.from) < 0 || Temporal.PlainDate.compare(b.to, a.from) < 0;
}

/** Rows by account and period: a table above which others are named starts the next section. */
export function splitByHead(regions: readonly Region[], rows: readonly Row[], order: DateOrder): Row[][] {
  const sections: Row[][] = [];
  let account: string | null = null;
  let period: Period | null = null;
  let region = -1;
  for (const row of rows) {
    const section = sections.at(-1);
    if (section !== undefined && row.region === region) {
      section.push(row);
      continue;
    }
    const above = regions[row.region]?.above ?? [];
    region = row.region;
    const named = accountAbove(above);
    const spans = periodAbove(above, order);
    const isOther = named !== null && account !== null && named !== account;
    const isLater = spans !== null && period !== null && areApart(spans, period);
    account = named ?? account;
    period = spans ?? period;
    if (section === undefined || isOther || isLater) sections.push([row]);
    else section.push(row);
  }
  return sections;
}

/**
 * Rows by statement: an opening balance in the middle of the table that is not the running balance, and from which
 * the next row follows, begins another one. A carried balance on each page equals the running one.
 */
export function splitByOpening(items: readonly Item[]): Row[][] {
  const sections: Row[][] = [];
  // The last printed balance with what moved since, and what the rows make of the one before: a misprint lets them differ.
  let printed: bigint | null = null;
  let reckoned = 0n;
  let movements = 0;
  items.forEach((item, index) => {
    const opens = item.kind === "balance" && item.word === "opening" && movements > 0 && printed !== null;
    const starts = opens && item.balance !== printed && item.balance !== reckoned && follows(items, index);
    const section = sections.at(-1);
    if (section === undefined || starts) {
      sections.push([item.row]);
      movements = 0;
    } else if (section.at(-1) !== item.row) section.push(item.row);
    if (item.kind === "total") return;
    if (item.kind === "movement") {
      movements += 1;
      reckoned += item.delta;
      printed = printed === null ? null : printed + item.delta;
    }
    if (item.balance === null) return;
    if (starts || printed === null || item.balance === printed) reckoned = item.balance;
    printed = item.balance;
  });
  return sections;
}

function follows(items: readonly Item[], at: number): boolean {
  const opening = items[at];
  if (opening?.kind !== "balance") return false;
  let sum = opening.balance;
  for (const item of items.slice(at + 1)) {
    if (item.kind === "total") continue;
    if (item.kind === "movement") sum += item.delta;
    if (item.balance !== null) return item.balance === sum;
  }
  return false;
}

/**
 * The lines around each section's rows, for its facts: from the heading that stands nearest above its first row, to the
 * next section's. Rows of transactions are left out: a narration may hold the words of any label, or name a bank.
 * @param known rows without a date of their own that were read as transactions
 */
export function linesOfSections(
  sections: readonly (readonly Row[])[],
  lines: readonly Line[],
  known: ReadonlySet<Row> = new Set(),
): Line[][] {
  const among = new Set(sections.flatMap(rowsAmongDated));
  const ofTable = (row: Row): boolean => row.word !== null || known.has(row) || among.has(row);
  const inRows = new Set(sections.flat().flatMap((row) => (ofTable(row) ? row.lines : [])));
  const place = new Map(sections.length < 2 ? [] : lines.map((line, index) => [line, index]));
  const starts = sections.map((rows, index) => {
    const previous = sections[index - 1]?.at(-1)?.lines.at(-1);
    const first = rows[0]?.lines[0];
    if (previous === undefined || first === undefined) return 0;
    return headingBetween(lines, place.get(previous) ?? 0, place.get(first) ?? 0);
  });
  return sections.map((_, index) =>
    lines.slice(starts[index], starts[index + 1]).filter((line) => !inRows.has(line)),
  );
}

/** Rows with a date, and those without one above a dated row of their page: below it may stand a summary. */
function rowsAmongDated(rows: readonly Row[]): Row[] {
  let dated = -1;
  return rows.toReversed().filter((row) => {
    if (row.ownDate) dated = row.region;
    return row.region === dated;
  });
}

/** A new page, else the block of lines that names the account, else the line below the widest gap. */
function headingBetween(lines: readonly Line[], from: number, to: number): number {
  let best = to;
  let widest = 0;
  const isFresh = lines[from]?.page !== lines[to]?.page;
  for (let i = to; i > from; i -= 1) {
    const [line, above] = [lines[i], lines[i - 1]];
    if (line === undefined || above === undefined) continue;
    if (line.page !== above.page) return i;
    if (!isFresh && i < to && ACCOUNT.test(line.text)) return blockTop(lines, i, from);
    const gap = line.y0 - above.y1;
    if (gap > widest) [best, widest] = [i, gap];
  }
  return best;
}

/** Lines of a block stand closer than this share of their height. */
const WITHIN = 0.6;

function blockTop(lines: readonly Line[], at: number, from: number): number {
  let top = at;
  for (let i = at; i > from + 1; i -= 1) {
    const [line, above] = [lines[i], lines[i - 1]];
    if (line === undefined || above === undefined || line.page !== above.page) break;
    if (line.y0 - above.y1 > WITHIN * (line.y1 - line.y0)) break;
    top = i - 1;
  }
  return top;
}
