/** What a reader must find: derived from the ledger and the layout, never from the file. */
import { decimalString } from "./format.ts";
import type { Sums } from "./heads.ts";
import { misprinted, truthRows } from "./rows.ts";
import type { Account, Entry, Layout, Spec, TruthStatement } from "./types.ts";

type Verification = TruthStatement["verification"];

function printedTotals(layout: Layout, sums: Sums): Verification["totals"] {
  const money: Verification["totals"] = [
    { kind: "debit", printed: decimalString(sums.debit) },
    { kind: "credit", printed: decimalString(sums.credit) },
  ];
  const counts: Verification["totals"] = [
    { kind: "debit_count", printed: String(sums.debits) },
    { kind: "credit_count", printed: String(sums.credits) },
  ];
  if (layout.summaryBelow || layout.head === "labels-above") return [...money, ...counts];
  const inHead = layout.head === "summary-box" || layout.head === "dutch" || layout.head === "card";
  return inHead || layout.totalsRow !== null ? money : [];
}

function breaksOf(account: Account, printed: readonly Entry[], spec: Spec): Verification["breaks"] {
  const { misprint } = spec;
  const row = misprint === undefined ? undefined : printed[misprint.row];
  if (misprint === undefined || row === undefined) return [];
  const before = printed[misprint.row - 1]?.balance ?? account.opening;
  const expected = before + (row.direction === "credit" ? row.amount : -row.amount);
  return [{ row: misprint.row, expected: decimalString(expected), printed: decimalString(row.balance) }];
}

function statusOf(layout: Layout, spec: Spec, breaks: Verification["breaks"]): Verification["status"] {
  if (breaks.length > 0) return "broken";
  const hasBalances = layout.columns.some(({ key }) => key === "balance");
  if (spec.withoutSummary !== true) return "proven";
  return hasBalances ? "partly" : "unverifiable";
}

function errorOf(bank: string, status: Verification["status"]): TruthStatement["error"] {
  const contradicted = status === "broken";
  if (bank !== "other") return contradicted ? "BALANCE_MISMATCH" : null;
  return contradicted || status === "unverifiable" ? "BANK_NAME_UNDETECTED" : null;
}

export function truthOf(account: Account, layout: Layout, spec: Spec, sums: Sums): TruthStatement {
  const printed = misprinted(account.entries, spec.misprint);
  const breaks = breaksOf(account, printed, spec);
  const status = statusOf(layout, spec, breaks);
  const silent = spec.withoutSummary === true;
  const printsCodes =
    layout.head === "two-blocks" || layout.head === "left-list" || layout.head === "centred";
  return {
    bank: account.brand.bank,
    currency: account.brand.currency,
    account_number: spec.withoutNumber === true ? null : account.number,
    name: account.holder,
    address: account.address.join(", "),
    ifsc: printsCodes ? account.ifsc : null,
    micr: printsCodes ? account.micr : null,
    period: { from: account.period.from.toString(), to: account.period.to.toString() },
    opening_balance: silent ? null : decimalString(account.opening),
    closing_balance: silent ? null : decimalString(account.closing),
    transactions: truthRows(printed, layout),
    verification: { status, breaks, totals: silent ? [] : printedTotals(layout, sums) },
    error: errorOf(account.brand.bank, status),
  };
}
