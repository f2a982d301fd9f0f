/** Rows of several accounts or currencies in one table, by the columns that name them. */
import { detectBank } from "./banks/detect.ts";
import type { GridRegion, GridTableRow } from "./grid-rows.ts";
import { isIban, readAccountNumber } from "./identity-codes.ts";
import { NO_METADATA, noFacts } from "./ledger.ts";
import type { Row } from "./rows.ts";
import type { Statement } from "./types.ts";

type Read = (rows: readonly Row[]) => Statement[];

/** More accounts than a customer has: the column names somebody else's. */
const MOST_ACCOUNTS = 12;

/**
 * Reads all rows together, or account by account where a column names several: whichever way arithmetic holds better.
 * Where both hold, the column is believed: the balances of two accounts may happen to join. A column with as many
 * accounts as rows names the other side's.
 */
export function splitByKey(rows: readonly Row[], regions: readonly GridRegion[], reader: Read): Statement[] {
  const read: Read = (some) => readWithFees(some, reader);
  const known = regions.flatMap((region) => region.rows);
  const parts = partsOf(known);
  const whole = named(read(rows), known);
  const fewer = parts.size <= MOST_ACCOUNTS && (parts.size <= known.length / 2 || hasCurrencies(known));
  if (parts.size < 2 || !fewer) return whole;
  const split = [...parts.values()].flatMap((part) => named(read(part), part));
  const [together, apart] = [strength(whole), strength(split)];
  // Where nothing can be proven, `Checking` and `Cash` are accounts of one's own; a number may be anybody's.
  const unproven = together === 0 && apart === 0 && (hasCurrencies(known) || !known.some(({ account }) => /\d/.test(account ?? ""))); // prettier-ignore
  // All rows but each account's first, which has none before it.
  const joins = apart > 0 && apart >= known.length - parts.size && together < known.length;
  return apart > together || unproven || joins ? split : whole;
}

/** A column of fees that the amounts do not count in: the balance says so. */
function readWithFees(rows: readonly Row[], read: Read): Statement[] {
  const plain = read(rows);
  const broken = plain.some(({ verification }) => verification.status === "broken");
  if (!broken || !rows.some((row) => feeOf(row) !== 0n)) return plain;
  const net = read(rows.map(withoutFee));
  return strength(net) > strength(plain) ? net : plain;
}

function feeOf(row: Row): bigint {
  return "fee" in row && typeof row.fee === "bigint" ? row.fee : 0n;
}

function withoutFee(row: Row): Row {
  const amount = row.cells.get("amount");
  const fee = feeOf(row);
  if (amount === undefined || fee === 0n) return row;
  return { ...row, cells: new Map(row.cells).set("amount", { ...amount, minor: amount.minor - fee }) };
}

function partsOf(rows: readonly GridTableRow[]): Map<string, GridTableRow[]> {
  const parts = new Map<string, GridTableRow[]>();
  for (const row of rows) {
    // A row that names none is a total or a balance of the whole.
    if (row.account === null && row.currency === null) continue;
    const key = `${row.account ?? ""} ${row.currency ?? ""}`;
    const part = parts.get(key);
    if (part === undefined) parts.set(key, [row]);
    else part.push(row);
  }
  return parts;
}

function hasCurrencies(rows: readonly GridTableRow[]): boolean {
  return new Set(rows.map(({ currency }) => currency)).size > 1;
}

/** Rows that hold. */
function strength(statements: readonly Statement[]): number {
  return statements.flatMap(({ transactions }) => transactions).filter(({ proof }) => proof !== "none")
    .length;
}

/** The account and currency that all rows name, where nothing around the table does. */
function named(statements: Statement[], rows: readonly GridTableRow[]): Statement[] {
  const account = common(rows.map((row) => row.account));
  const currency = common(rows.map((row) => row.currency));
  for (const statement of statements) {
    statement.currency = currency ?? statement.currency;
    const { identity } = statement;
    const number = account === null ? null : readAccountNumber(account.split(" "));
    if (number === null || identity.accountNumber !== null) continue;
    identity.accountNumber = number;
    if (!isIban(number)) continue;
    identity.iban = number;
    statement.bank ??= detectBank([], { ...noFacts(), identity }, NO_METADATA);
  }
  return statements;
}

function common(values: readonly (string | null)[]): string | null {
  const [only, other] = new Set(values.filter((value) => value !== null));
  return only !== undefined && other === undefined ? only : null;
}
