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
 * A column with as many accounts as rows names the other side's.
 */
export function splitByKey(rows: readonly Row[], regions: readonly GridRegion[], read: Read): Statement[] {
  const known = regions.flatMap((region) => region.rows);
  const parts = partsOf(known);
  const whole = named(read(rows), known);
  const fewer = parts.size <= MOST_ACCOUNTS && (parts.size <= known.length / 2 || hasCurrencies(known));
  if (parts.size < 2 || !fewer) return whole;
  const split = [...parts.values()].flatMap((part) => named(read(part), part));
  return strength(split) > strength(whole) || (strength(whole) === 0 && !isProven(whole)) ? split : whole;
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

function isProven(statements: readonly Statement[]): boolean {
  return statements.every(({ verification }) => verification.status === "proven");
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
