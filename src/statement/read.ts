import { detectBank } from "./banks/detect.ts";
import { areTorn } from "./cells.ts";
import { minorDigits } from "./currency.ts";
import { detectDateOrder, placeDate } from "./dates.ts";
import { readFacts } from "./facts.ts";
import { findFurniture } from "./furniture.ts";
import { bestReading, type Reading } from "./hypotheses.ts";
import { toLines } from "./lines.ts";
import { abs, detectDecimalMark, groupsByMark } from "./money.ts";
import { findGaps, missingIn } from "./page-numbers.ts";
import { periodOf } from "./period.ts";
import { doubtRepeats } from "./repeats.ts";
import { readRows, type Row } from "./rows.ts";
import { linesOfSections, splitByHead, splitByOpening, splitByOpeningAbove } from "./sections.ts";
import { findTables, findTablesByGeometry, type Region } from "./table.ts";
import type { TableStyle } from "./tableline.ts";
import type {
  Facts,
  Line,
  Period,
  Statement,
  TextDocument,
  Transaction,
  VerificationStatus,
} from "./types.ts";

/** From the best to the worst that arithmetic may say. */
const VERDICTS: readonly VerificationStatus[] = ["proven", "partly", "rounding", "unverifiable", "broken"];

/**
 * Every statement that a document holds, in its order; none where no table of transactions was found.
 * Never throws for what the document says.
 */
export function readStatements(document: TextDocument): Statement[] {
  let best = readAs(document, "usual");
  if (worstOf(best) === 0 || !hasTornNumbers(document)) return best;
  // `28 6.26` may be a cheque's number beside an amount, or one amount; so may `12 345.67`: arithmetic decides.
  for (const gaps of ["torn", "apart"] as const) {
    const other = readAs(document, gaps);
    if (isBetter(other, best)) best = other;
  }
  return best;
}

/** What gaps between digits are: what the document seems to mean by them, kerning, or always between two numbers. */
type Gaps = "usual" | "torn" | "apart";

function isBetter(other: readonly Statement[], best: readonly Statement[]): boolean {
  const [rows, before] = [provenRows(other), provenRows(best)];
  const gain = worstOf(best) - worstOf(other);
  return rows >= before && (gain > 0 || (gain === 0 && rows > before));
}

/** Place among the verdicts; of nothing behind the last. */
function worstOf(statements: readonly Statement[]): number {
  if (statements.length === 0) return VERDICTS.length;
  return Math.max(...statements.map(({ verification }) => VERDICTS.indexOf(verification.status)));
}

function provenRows(statements: readonly Statement[]): number {
  const rows = statements.flatMap(({ transactions }) => transactions);
  return rows.filter(({ proof }) => proof !== "none").length;
}

function hasTornNumbers(document: TextDocument): boolean {
  return document.pages.some(({ words }) =>
    words.some((word, index) => {
      const before = words[index - 1];
      return before !== undefined && word.x0 > before.x0 && areTorn(before, word);
    }),
  );
}

function readAs(document: TextDocument, gaps: Gaps): Statement[] {
  const pages = document.pages.map((page) => ({ lines: toLines(page), height: page.height }));
  const lines = pages.flatMap((page) => page.lines);
  const texts = lines.map((line) => line.text);
  const style: TableStyle = {
    decimal: detectDecimalMark(texts),
    dateOrder: detectDateOrder(texts),
    exponent: minorDigits(null),
    torn: gaps === "torn",
    grouped: gaps === "apart" || groupsByMark(texts),
  };
  style.exponent = minorDigits(readFacts(pages[0]?.lines ?? [], style).currency);
  if (style.exponent !== minorDigits(null)) style.decimal = detectDecimalMark(texts, style.exponent);
  const furniture = findFurniture(pages);
  const tables = findTables(pages, style);
  const named = statementsOf(document, lines, tables, readRows(tables, furniture, style), style);
  if (named.length > 0) return withMissing(named, pages);
  // Dates beside numbers may be a letter: without a header only arithmetic makes a table of them.
  const stacks = findTablesByGeometry(pages, style);
  const found = statementsOf(document, lines, stacks, readRows(stacks, furniture, style), style);
  const proven = found.filter(({ verification }) => verification.status !== "unverifiable");
  return withMissing(proven, pages);
}

export function statementsOf(
  document: TextDocument,
  lines: readonly Line[],
  regions: readonly Region[],
  rows: readonly Row[],
  style: TableStyle,
): Statement[] {
  const sections =
    monthsOf(rows, regions, lines, style) ??
    splitByHead(regions, rows, style.dateOrder).flatMap((section) => readSections(section, lines, style));
  const known = new Set(sections.flatMap(({ reading }) => movementsOf(reading)));
  const around = linesOfSections(sections.map((section) => section.rows), lines, known); // prettier-ignore
  const statements: Statement[] = [];
  let first: Facts | null = null;
  sections.forEach((section, index) => {
    const single = sections.length === 1;
    const own = single ? section.facts : readFacts(around[index] ?? [], style);
    const facts = inherit(own, first);
    first ??= facts;
    const reading = single ? section.reading : read(section.rows, facts);
    if (reading === null) return;
    const statement = toStatement(reading, facts, periodOf(facts, lines, style.dateOrder), section.rows);
    // A period that the first of several names need not be the others'.
    if (own.period === null && statement.transactions.some(({ date }) => !isWithin(date, facts.period)))
      statement.period = null;
    if (single) statement.pages = { from: 1, to: document.pages.length };
    if (statement.transactions.length > 0) statements.push(statement);
  });
  const bank = first === null ? null : detectBank(around.flat(), first, document.metadata);
  for (const statement of statements) statement.bank = bank;
  return statements;
}

/** What holds of the pages that are there proves nothing of those that are not. */
function withMissing(statements: Statement[], pages: readonly { lines: readonly Line[] }[]): Statement[] {
  const gaps = findGaps(pages);
  for (const { verification, pages: span } of statements) {
    const missing = missingIn(gaps, span);
    if (missing.length === 0) continue;
    verification.missingPages = missing;
    if (verification.status === "proven") verification.status = "partly";
  }
  return statements;
}

function movementsOf(reading: Reading | null): Row[] {
  return reading?.items.filter((item) => item.kind === "movement").map((item) => item.row) ?? [];
}

interface Section {
  rows: Row[];
  facts: Facts;
  reading: Reading | null;
}

function isWithin(date: Temporal.PlainDate, period: Period | null): boolean {
  if (period === null) return true;
  const isAfter = Temporal.PlainDate.compare(date, period.to) > 0;
  return !isAfter && Temporal.PlainDate.compare(date, period.from) >= 0;
}

/** Months of one account, each below a heading with an opening balance of its own, where each of them holds. */
function monthsOf(
  rows: readonly Row[],
  regions: readonly Region[],
  lines: readonly Line[],
  style: TableStyle,
): Section[] | null {
  const parts = splitByOpeningAbove(regions, rows, style);
  if (parts.length < 2) return null;
  const around = linesOfSections(parts, lines);
  const sections = parts.map((part, index): Section => {
    const facts = readFacts(around[index] ?? [], style);
    return { rows: part, facts, reading: read(part, facts) };
  });
  const hold = sections.every(({ reading }) => reading?.verdict.verification.status === "proven");
  return hold ? sections : null;
}

/** One account's rows, and its statements where it has several. */
function readSections(rows: Row[], lines: readonly Line[], style: TableStyle): Section[] {
  const { facts, reading } = readSection(rows, lines, style);
  const unread = reading === null ? new Set() : unreadRows(rows, reading);
  if (unread.size > 0) return readSections(rows.filter((row) => !unread.has(row)), lines, style); // prettier-ignore
  const parts = reading === null || reading.hypothesis.reversed ? [rows] : splitByOpening(reading.items);
  if (parts.length <= 1) return [{ rows, facts, reading }];
  return parts.map((part) => ({ rows: part, facts, reading: null }));
}

/** Below a header a row without a date may be taken for the value of a heading: where rows do not close, it is tried without. */
function readSection(rows: Row[], lines: readonly Line[], style: TableStyle): Section {
  const facts = readFacts(linesOfSections([rows], lines)[0] ?? [], style);
  const reading = read(rows, facts);
  const dateless = movementsOf(reading).filter((row) => !row.ownDate);
  if (reading?.verdict.verification.status !== "broken" || dateless.length === 0) return { rows, facts, reading }; // prettier-ignore
  const own = readFacts(linesOfSections([rows], lines, new Set(dateless))[0] ?? [], style);
  const again = read(rows, own);
  const isBetter = again !== null && again.verdict.score > reading.verdict.score;
  return isBetter ? { rows, facts: own, reading: again } : { rows, facts, reading };
}

/** Numbers without a date that no transaction was made of: what stands there may be a head, and speak against the rows. */
function unreadRows(rows: readonly Row[], { items }: Reading): Set<Row> {
  const read = new Set(items.map(({ row }) => row));
  return new Set(rows.filter((row) => !row.ownDate && row.word === null && !read.has(row)));
}

function read(rows: readonly Row[], facts: Facts): Reading | null {
  return bestReading(rows, facts, facts.identity.accountType === "CREDIT_CARD");
}

/** Holder, bank codes and period are often said once, for all accounts of a file. */
function inherit(facts: Facts, first: Facts | null): Facts {
  if (first === null) return facts;
  const { identity } = facts;
  const { accountNumber, iban, accountType } = identity;
  const said = Object.fromEntries(Object.entries(identity).filter(([, value]) => value !== null));
  return {
    ...facts,
    identity: { ...first.identity, ...said, accountNumber, iban, accountType },
    currency: facts.currency ?? first.currency,
    period: facts.period ?? first.period,
  };
}

export function toStatement(
  reading: Reading,
  facts: Facts,
  period: Period | null,
  rows: readonly Row[],
): Statement {
  const { items, verdict } = reading;
  const movements = items.filter((item) => item.kind === "movement");
  const transactions: Transaction[] = [];
  movements.forEach(({ row, balance, column }, index) => {
    const date = row.date && placeDate(row.date, period);
    if (date === null) return;
    const delta = verdict.deltas[index] ?? 0n;
    transactions.push({
      date,
      valueDate: row.valueDate && placeDate(row.valueDate, period),
      description: row.description,
      reference: row.reference,
      direction: delta === 0n ? column : delta < 0n ? "debit" : "credit",
      amount: abs(delta),
      balance,
      proof: verdict.proofs[index] ?? "none",
      page: row.page,
      line: row.line,
    });
  });
  doubtRepeats(transactions, verdict.verification);
  return {
    bank: null,
    currency: facts.currency,
    identity: facts.identity,
    period: facts.period,
    openingBalance: verdict.opening,
    closingBalance: verdict.closing,
    transactions,
    verification: verdict.verification,
    pages: { from: rows[0]?.page ?? 1, to: rows.at(-1)?.page ?? 1 },
  };
}
