/** Whose statement it is: the bank, and which account of the session. Pure. */
import type { Statement } from "../statement/types.ts";
import { IntakeError } from "./errors.ts";

/** Proof that makes up for not knowing the bank. */
const PROVEN_ENOUGH: ReadonlySet<string> = new Set(["proven", "partly", "rounding"]);

export const OTHER_BANK = "other";

/**
 * The identifier under which a statement is taken.
 * - A named bank must be the detected one; where none is detected the caller's word is taken for a statement that
 *   proves itself. Otherwise a name would be the way round proof: nothing says that it is a statement of that bank.
 * - Without a name the detected bank counts; without either, a statement that proves itself is `other`.
 * Throws IntakeError BANK_NAME_MISMATCH, BANK_NAME_UNDETECTED.
 */
export function chooseBank(
  statement: Statement,
  named: string | null,
  unknownBanks: "accept" | "refuse",
): string {
  const detected = statement.bank && statement.bank.id !== OTHER_BANK ? statement.bank.id : null;
  const isProven = PROVEN_ENOUGH.has(statement.verification.status);
  if (named !== null) {
    if (detected === null ? isProven : detected === named) return named;
    throw new IntakeError("bank", "BANK_NAME_MISMATCH", { bank: named });
  }
  if (detected !== null) return detected;
  if (unknownBanks === "accept" && isProven) return OTHER_BANK;
  throw new IntakeError("bank", "BANK_NAME_UNDETECTED");
}

export interface AccountKey {
  bank_name: string;
  account_number: string | null;
  iban: string | null;
  currency: string;
}

/**
 * The account of the session that a statement belongs to, or null for a new one. The same number wins; else the one
 * number that agrees with it where both are readable. Where several agree none is chosen: a merge of two accounts
 * would be wrong silently, a second account is seen.
 */
export function findAccount<A extends AccountKey>(accounts: readonly A[], wanted: AccountKey): A | null {
  const same = accounts.filter((a) => a.bank_name === wanted.bank_name && a.currency === wanted.currency);
  const { account_number: number, iban } = wanted;
  if (iban !== null) {
    const byIban = same.find((a) => a.iban === iban);
    if (byIban) return byIban;
  }
  if (number === null) return same.find((a) => a.account_number === null) ?? null;
  const exact = same.find((a) => a.account_number !== null && plain(a.account_number) === plain(number));
  if (exact) return exact;
  const agreeing = same.filter((a) => a.account_number !== null && numbersAgree(a.account_number, number));
  return agreeing.length === 1 ? (agreeing[0] ?? null) : null;
}

/** At least so many readable characters must agree before two masked numbers are taken for one. */
const READABLE = 3;

/**
 * Whether two printed numbers can be the same account: `XXXXXX9704` and `5413699704`, `****9704` and `XX 9704`.
 * Banks mask with X, * or dots, and not always to the number's length: where the lengths differ the ends count.
 */
export function numbersAgree(a: string, b: string): boolean {
  const [x, y] = [plain(a), plain(b)];
  if (x === y) return true;
  if (!isMasked(x) && !isMasked(y)) return false;
  const length = Math.min(x.length, y.length);
  let readable = 0;
  for (let fromEnd = 1; fromEnd <= length; fromEnd++) {
    const [p, q] = [x.at(-fromEnd), y.at(-fromEnd)];
    if (p === MASK || q === MASK) continue;
    if (p !== q) return false;
    readable += 1;
  }
  return readable >= READABLE;
}

/** The number that says more; the first where both say the same. */
export function fullerNumber(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return readableLength(b) > readableLength(a) ? b : a;
}

const MASK = "X";
const isMasked = (text: string): boolean => text.includes(MASK);
const readableLength = (text: string): number => plain(text).replaceAll(MASK, "").length;

/** Without spaces and hyphens, masks all alike; leading zeros go, since SBI prints them on some pages only. */
function plain(number: string): string {
  const text = number
    .toUpperCase()
    .replace(/[*•#●]/g, MASK)
    .replace(/[^A-Z0-9]/g, "");
  return text.replace(/^0+(?=.{4})/, "");
}
