/** What a reader must find: derived from the ledger and the layout, never from the file. */
import { decimalString } from "./format.ts";
import type { Sums } from "./heads.ts";
import { misprinted, truthRows } from "./rows.ts";
import type { Account, Entry, Layout, Spec, TruthStatement } from "./types.ts";

type Verification = TruthStatement["verification"];

function printedTotals(layout: Layout, sums: Sums, opening: bigint): Verification["totals"] {
  const credit = sums.credit + (layout.totalsIncludeOpening ? opening : 0n);
  const money: Verification["totals"] = [
    { kind: "debit", printed: decimalString(sums.debit, layout.money.digits) },
    { kind: "credit", printed: decimalString(credit, layout.money.digits) },
  ];
  const counts: Verification["totals"] = [
    { kind: "debit_count", printed: String(sums.debits) },
    { kind: "credit_count", printed: String(sums.credits) },
  ];
  if (layout.summaryBelow || layout.head === "labels-above") return [...money, ...counts];
  return sumsInHead(layout) || layout.totalsRow !== null ? money : [];
}

function sumsInHead({ head }: Layout): boolean {
  return head === "summary-box" || head === "labels-above" || head === "dutch" || head === "card";
}

function balancesInHead(layout: Layout): boolean {
  return sumsInHead(layout) || layout.head === "left-list";
}

/**
 * Each printed balance against the one before it and what moved since, in order of time: the row of a misprint, the
 * rows of the bank's own drift, and the first row behind a lost page. A misprinted balance contradicts the next row, too.
 */
function breaksOf(
  account: Account,
  printed: readonly Entry[],
  rows: readonly number[],
  layout: Layout,
  spec: Spec,
): Verification["breaks"] {
  const shown = truthRows(printed, layout);
  const breaks: Verification["breaks"] = [];
  const decimalOf = (minor: bigint): string => decimalString(minor, layout.money.digits);
  let expected: bigint | null = rows[0] === 0 && spec.withoutSummary !== true ? account.opening : null;
  rows.forEach((entry, row) => {
    const one = printed[entry];
    if (one === undefined) return;
    if (expected !== null) expected += one.direction === "credit" ? one.amount : -one.amount;
    if (shown[entry]?.balance === null) return;
    if (expected !== null && expected !== one.balance)
      breaks.push({ row, expected: decimalOf(expected), printed: decimalOf(one.balance) });
    expected = one.balance;
  });
  // The row after a misprinted balance breaks as well; the first one says what is wrong.
  return spec.misprint === undefined ? breaks : breaks.slice(0, 1);
}

/**
 * Ends that neither a balance nor totals hold. The last of several balances that are carried forward does not say that
 * no page follows.
 * @param turned the table goes over pages
 */
function openEndsOf(layout: Layout, spec: Spec, turned: boolean): Verification["openEnds"] {
  if (spec.withoutSummary === true) return ["opening", "closing"];
  const hasTotals = sumsInHead(layout) || layout.summaryBelow || layout.totalsRow !== null;
  const hasBalances = balancesInHead(layout) || layout.summaryBelow;
  const carries = turned && layout.carry !== null && /c\/f|carried/i.test(layout.closingRow ?? "");
  const ends: Verification["openEnds"] = [];
  if (!hasBalances && !hasTotals && layout.openingRow === null) ends.push("opening");
  if (!hasBalances && !hasTotals && (layout.closingRow === null || carries)) ends.push("closing");
  return ends;
}

function statusOf(
  layout: Layout,
  spec: Spec,
  breaks: Verification["breaks"],
  isOpen: boolean,
): Verification["status"] {
  const isDrift = breaks.every(({ expected, printed }) => {
    const off = BigInt(expected.replace(".", "")) - BigInt(printed.replace(".", ""));
    return off === 1n || off === -1n;
  });
  if (breaks.length > 0) return isDrift ? "rounding" : "broken";
  const hasBalances = layout.columns.some(({ key }) => key === "balance");
  if (spec.withoutSummary !== true) return spec.lostPages === undefined && !isOpen ? "proven" : "partly";
  return hasBalances ? "partly" : "unverifiable";
}

function errorOf(bank: string, status: Verification["status"]): TruthStatement["error"] {
  const contradicted = status === "broken";
  if (bank !== "other") return contradicted ? "BALANCE_MISMATCH" : null;
  return contradicted || status === "unverifiable" ? "BANK_NAME_UNDETECTED" : null;
}

/**
 * @param lost places in the ledger of the rows on pages that the file lacks
 * @param turned the rows stand on several pages
 */
export function truthOf(
  account: Account,
  layout: Layout,
  spec: Spec,
  sums: Sums,
  lost: ReadonlySet<number>,
  turned: boolean,
): TruthStatement {
  const printed = misprinted(account.entries, spec.misprint);
  const rows = [...printed.keys()].filter((entry) => !lost.has(entry));
  const breaks = breaksOf(account, printed, rows, layout, spec);
  const openEnds = openEndsOf(layout, spec, turned);
  const status = statusOf(layout, spec, breaks, openEnds.length > 0);
  const noStart = openEnds.includes("opening") || lost.has(0);
  const noEnd = openEnds.includes("closing") || (lost.has(printed.length - 1) && !balancesInHead(layout));
  const printsCodes =
    layout.head === "two-blocks" || layout.head === "left-list" || layout.head === "centred";
  const shown = truthRows(printed, layout);
  return {
    bank: account.brand.bank,
    currency: account.brand.currency,
    account_number: spec.withoutNumber === true ? null : account.number,
    name: account.holder,
    address: account.address.join(", "),
    ifsc: printsCodes ? account.ifsc : null,
    micr: printsCodes ? account.micr : null,
    period: { from: account.period.from.toString(), to: account.period.to.toString() },
    opening_balance: noStart ? null : decimalString(account.opening, layout.money.digits),
    closing_balance: noEnd ? null : decimalString(account.closing, layout.money.digits),
    transactions: rows.flatMap((entry) => shown[entry] ?? []),
    verification: {
      status,
      breaks,
      openEnds: status === "partly" ? openEnds : [],
      missingPages: [...(spec.lostPages ?? [])],
      totals: spec.withoutSummary === true || noEnd ? [] : printedTotals(layout, sums, account.opening),
    },
    error: errorOf(account.brand.bank, status),
  };
}
