/** The sheets that list transactions and what was found among them. */
import { plainEvidence } from "../evidence.ts";
import type { FraudFinding, LabelledTransaction, RecurringSet, Relations, SalaryPayment } from "../types.ts";
import { count, day, money, month, number, text } from "./cells.ts";
import { inCurrency, linesIn, marksOf, type Line, type Owner } from "./input.ts";
import { tableSheet, type Column, type Sheet } from "./sheet.ts";

/** The column that tells accounts apart, where there are several. */
const ofOwner = <Row>(owners: readonly Owner[], owner: (row: Row) => Owner | undefined): Column<Row>[] =>
  owners.length > 1 ? [{ head: "Account", width: 26, cell: (row) => text(owner(row)?.label ?? null) }] : [];

/** Amounts name their currency in the head where all have one, else in a column of their own. */
const currencies = (owners: readonly Owner[]): string[] => [
  ...new Set(owners.map(({ currency }) => currency)),
];
function unitOf(owners: readonly Owner[]): string {
  const [only, ...more] = currencies(owners);
  return only !== undefined && more.length === 0 ? inCurrency({ currency: only }) : "";
}

const currencyColumn = <Row>(
  owners: readonly Owner[],
  owner: (row: Row) => Owner | undefined,
): Column<Row>[] =>
  currencies(owners).length > 1
    ? [{ head: "Currency", width: 10, cell: (row) => text(owner(row)?.currency ?? null) }]
    : [];

function lineColumns(owners: readonly Owner[]): Column<Line>[] {
  const unit = unitOf(owners);
  const only =
    (direction: "debit" | "credit") =>
    ({ owner, transaction }: Line) =>
      transaction.direction === direction ? money(transaction.amount, owner.money) : null;
  return [
    ...ofOwner<Line>(owners, ({ owner }) => owner),
    { head: "Date", width: 13, cell: ({ transaction }) => day(transaction.date) },
    { head: "Description", width: 58, cell: ({ transaction }) => text(transaction.narration) },
    { head: "Reference", width: 14, cell: ({ transaction }) => text(transaction.reference) },
    ...currencyColumn<Line>(owners, ({ owner }) => owner),
    { head: `Debit${unit}`, width: 16, cell: only("debit") },
    { head: `Credit${unit}`, width: 16, cell: only("credit") },
    {
      head: `Balance${unit}`,
      width: 17,
      cell: ({ owner, transaction }) => money(transaction.balance, owner.money),
    },
    { head: "Channel", width: 24, cell: ({ transaction }) => text(transaction.channel) },
    { head: "Category", width: 26, cell: ({ transaction }) => text(transaction.category) },
    { head: "Counterparty", width: 28, cell: ({ transaction }) => text(nameOf(transaction.counterparty)) },
  ];
}

const nameOf = ({ name, vpa, iban, account }: Line["transaction"]["counterparty"]): string | null =>
  name ?? vpa ?? iban ?? account;

export function transactionsSheet(
  lines: readonly Line[],
  owners: readonly Owner[],
  relations: Relations,
): Sheet {
  const marks = marksOf(relations);
  const columns: Column<Line>[] = [
    ...lineColumns(owners),
    { head: "Merchant category", width: 18, cell: ({ transaction }) => text(transaction.merchantCategory) },
    { head: "Description code", width: 20, cell: ({ transaction }) => text(transaction.description) },
    { head: "Scheme", width: 9, cell: ({ transaction }) => text(transaction.scheme) },
    { head: "Scheme reference", width: 22, cell: ({ transaction }) => text(transaction.schemeReference) },
    { head: "Marks", width: 24, cell: ({ transaction }) => text(marks(transaction.hash)) },
    { head: "Hash", width: 36, cell: ({ transaction }) => text(transaction.hash) },
  ];
  return tableSheet("Transactions", columns, lines, { none: "There are no transactions." });
}

/** Lenders and bounces: the transactions of one set, with what kind each is. */
export function setSheet(
  name: string,
  lines: readonly Line[],
  owners: readonly Owner[],
  set: { hashes: ReadonlySet<string>; relations: Relations },
): Sheet {
  const marks = marksOf(set.relations);
  const columns: Column<Line>[] = [
    ...lineColumns(owners),
    { head: "Kind", width: 26, cell: ({ transaction }) => text(marks(transaction.hash)) },
    { head: "Hash", width: 36, cell: ({ transaction }) => text(transaction.hash) },
  ];
  return tableSheet(name, columns, linesIn(lines, set.hashes), { none: "None found." });
}

const ownerIn = (owners: readonly Owner[]) => {
  const byId = new Map(owners.map((owner) => [owner.id, owner]));
  return (id: string) => byId.get(id);
};

export function salarySheet(payments: readonly SalaryPayment[], owners: readonly Owner[]): Sheet {
  const ownerOf = ownerIn(owners);
  const owner = ({ transaction }: SalaryPayment) => ownerOf(transaction.accountId);
  const columns: Column<SalaryPayment>[] = [
    ...ofOwner(owners, owner),
    { head: "Month", width: 12, cell: (payment) => month(payment.month) },
    { head: "Date", width: 13, cell: ({ transaction }) => day(transaction.date) },
    ...currencyColumn(owners, owner),
    {
      head: `Amount${unitOf(owners)}`,
      width: 16,
      cell: (payment) => amountOf(owner(payment), payment.transaction.amount),
    },
    { head: "Employer", width: 30, cell: ({ employer }) => text(employer) },
    { head: "Confidence (%)", width: 12, cell: ({ confidence }) => number(confidence) },
    { head: "Why", width: 60, cell: ({ reasons }) => text(reasons.join("; ")) },
    { head: "Description", width: 58, cell: ({ transaction }) => text(transaction.narration) },
    { head: "Hash", width: 36, cell: ({ transaction }) => text(transaction.hash) },
  ];
  return tableSheet("Salary", columns, payments, { none: "No salary found." });
}

const amountOf = (owner: Owner | undefined, amount: bigint) => (owner ? money(amount, owner.money) : null);

export function recurringSheet({ credits, debits }: Relations["recurring"], owners: readonly Owner[]): Sheet {
  const ownerOf = ownerIn(owners);
  const owner = ({ accountId }: RecurringSet) => ownerOf(accountId);
  const columns: Column<RecurringSet>[] = [
    ...ofOwner(owners, owner),
    { head: "Direction", width: 11, cell: ({ direction }) => text(direction) },
    { head: "Counterparty", width: 30, cell: ({ counterparty }) => text(nameOf(counterparty)) },
    { head: "Note", width: 40, cell: ({ cleanNote }) => text(cleanNote) },
    { head: "Channel", width: 22, cell: ({ channel }) => text(channel) },
    { head: "Times", width: 8, cell: ({ transactions }) => count(transactions.length) },
    ...currencyColumn(owners, owner),
    { head: `Median${unitOf(owners)}`, width: 16, cell: (set) => amountOf(owner(set), set.median) },
    {
      head: `Total${unitOf(owners)}`,
      width: 16,
      cell: (set) =>
        amountOf(
          owner(set),
          set.transactions.reduce((sum, { amount }) => sum + amount, 0n),
        ),
    },
    { head: "First", width: 13, cell: ({ start }) => day(start) },
    { head: "Last", width: 13, cell: ({ end }) => day(end) },
  ];
  return tableSheet("Recurring", columns, [...credits, ...debits], { none: "Nothing recurs." });
}

export interface FoundFraud {
  owner: Owner;
  finding: FraudFinding;
}

export function fraudSheet(
  found: readonly FoundFraud[],
  lines: readonly Line[],
  owners: readonly Owner[],
): Sheet {
  const byHash = new Map(lines.map((line) => [line.transaction.hash, line.transaction]));
  const about = ({ finding }: FoundFraud) =>
    finding.transactionHash === null ? undefined : byHash.get(finding.transactionHash);
  const columns: Column<FoundFraud>[] = [
    ...ofOwner<FoundFraud>(owners, ({ owner }) => owner),
    { head: "Rule", width: 34, cell: ({ finding }) => text(finding.type.replaceAll("_", " ")) },
    { head: "Category", width: 13, cell: ({ finding }) => text(finding.category) },
    { head: "Date", width: 13, cell: (row) => day(about(row)?.date ?? null) },
    { head: "Transaction", width: 50, cell: (row) => text(about(row)?.narration ?? null) },
    { head: "Evidence", width: 90, cell: (row) => text(evidenceText(row, (hash) => byHash.get(hash))) },
    { head: "Hash", width: 36, cell: ({ finding }) => text(finding.transactionHash) },
  ];
  return tableSheet("Fraud", columns, found, { none: "No rule held." });
}

const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/** `expected: 90; printed: 100; transactions: 2024-01-05 100, 2024-01-06 90`. */
function evidenceText(
  { owner, finding }: FoundFraud,
  said: (hash: string) => LabelledTransaction | undefined,
): string {
  const shown = (value: string): string => {
    const transaction = said(value);
    if (!transaction) return value;
    return `${transaction.date.toString()} ${Number(transaction.amount) / 10 ** owner.money.digits}`;
  };
  return Object.entries(plainEvidence(finding.evidence, owner.money.digits))
    .map(([key, value]) => {
      if (key === "weekday") return `weekday: ${WEEKDAYS[Number(value) - 1] ?? String(value)}`;
      const words = Array.isArray(value) ? value.map(shown).join(", ") : String(value);
      return `${key.replaceAll("_", " ")}: ${words}`;
    })
    .join("; ");
}
