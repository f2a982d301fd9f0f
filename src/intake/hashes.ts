import { sha256Hex } from "../platform/crypto.ts";
import type { TransactionRow } from "../store/transactions.ts";

type Said = Pick<TransactionRow, "date" | "direction" | "amount" | "balance" | "description">;

/**
 * Names the transactions of one account, in their order: of what a row says and, since a bank may print the same row
 * twice, of how often it was said before. 32 hexadecimal digits, the same whenever it is read.
 */
export function hasher(accountId: string): (row: Said) => string {
  const seen = new Map<string, number>();
  return (row) => {
    const said = [row.date, row.direction, row.amount, row.balance, row.description].join("|");
    const times = seen.get(said) ?? 0;
    seen.set(said, times + 1);
    return sha256Hex(`${accountId}|${said}|${times}`).slice(0, 32);
  };
}
