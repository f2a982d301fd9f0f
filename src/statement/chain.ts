import type { Item, Movement } from "./interpret.ts";
import { abs } from "./money.ts";
import type { Break, Proof } from "./types.ts";
import type { BalanceWord } from "./vocabulary.ts";

/** What the running balance says of the movements, by their place among the movements. */
export interface Chain {
  /** Signed changes; those that only the balance can sign are signed. */
  deltas: bigint[];
  proofs: Proof[];
  breaks: Break[];
  /** Before the first movement: printed, or worked back from the first balance; null without any balance. */
  opening: bigint | null;
  /** Whether the opening is printed somewhere, so that the first row rests on it. */
  openingPrinted: boolean;
  /** Whether a row of its own names the balance behind the last movement as the one that closes. */
  closingPrinted: boolean;
  /** Whether one behind it is carried on, as others were on earlier pages. */
  carriedOn: boolean;
  /** The last printed balance, and the movements (with their sum) that stand behind it. */
  last: bigint | null;
  tail: { rows: number[]; sum: bigint };
  /** Links of the chain that hold. */
  links: number;
}

/**
 * Walks the running balance: each printed balance must be the one before it plus all that moved in between.
 * @param openings printed opening balances, the most plausible first; the one that fits the first row is taken.
 *   If none fits, the first row contradicts the document.
 */
export function walkChain(items: readonly Item[], openings: readonly bigint[]): Chain {
  const chain: Chain = {
    deltas: [],
    proofs: [],
    breaks: [],
    opening: null,
    openingPrinted: false,
    closingPrinted: false,
    carriedOn: false,
    last: null,
    tail: { rows: [], sum: 0n },
    links: 0,
  };
  const start = startOf(items, openings);
  if (start !== null) Object.assign(chain, { opening: start.opening, openingPrinted: start.printed });
  let previous = start?.printed === true ? start.opening : null;
  let group: number[] = [];
  let sum = 0n;
  const said = new Set<BalanceWord>();
  const settle = (balance: bigint): void => {
    if (previous !== null) judge(chain, group, previous + sum, balance);
    previous = balance;
    chain.last = balance;
    group = [];
    sum = 0n;
  };
  for (const item of items) {
    if (item.kind === "total") continue;
    // `₦0.00` of an empty second table below the first.
    if (item.kind === "balance" && item.weak && previous !== null && item.balance !== previous + sum)
      continue;
    if (item.kind === "movement") {
      [chain.closingPrinted, chain.carriedOn] = [false, false];
      const delta = item.free
        ? signFree(item, previous === null ? (start?.opening ?? null) : previous + sum)
        : item.delta;
      group.push(chain.deltas.push(delta) - 1);
      chain.proofs.push("none");
      sum += delta;
    }
    if (item.balance !== null) settle(item.balance);
    if (item.kind === "movement" || item.word === null) continue;
    // Where each page carries its balance forward or has sums, the last page read may not be the last one printed.
    const closes = item.word === "closing" || (item.word !== "opening" && !said.has(item.word));
    if (closes) chain.closingPrinted = true;
    else if (item.word !== "opening") chain.carriedOn = true;
    said.add(item.word);
  }
  chain.tail = { rows: group, sum };
  return chain;
}

function judge(chain: Chain, group: readonly number[], expected: bigint, printed: bigint): void {
  if (expected === printed) {
    for (const row of group) chain.proofs[row] = "chain";
    chain.links += group.length;
    return;
  }
  const row = group.at(-1) ?? Math.max(0, chain.proofs.length - 1);
  chain.breaks.push({ row, expected, printed });
}

/** The sign that makes the printed balance true; without a balance of its own the row counts as a debit. */
function signFree(item: Movement, before: bigint | null): bigint {
  if (before === null || item.balance === null) return -item.delta;
  return item.balance - before === item.delta ? item.delta : -item.delta;
}

/** The opening balance: a row of the table, else the printed candidate that fits, else worked back from the first balance. */
function startOf(
  items: readonly Item[],
  openings: readonly bigint[],
): { opening: bigint; printed: boolean } | null {
  let sum = 0n;
  let free: bigint | null = null;
  let first = true;
  const [named] = openings;
  for (const item of items) {
    if (item.kind === "total") continue;
    if (item.kind === "balance" && first) {
      // The page head names another opening than the table: the chain starts from the head, and breaks at the table.
      if (named === undefined || openings.includes(item.balance))
        return { opening: item.balance, printed: true };
      if (!item.weak) return { opening: named, printed: true };
      continue;
    }
    first = false;
    if (item.kind === "movement") {
      if (item.free && item.balance !== null && sum === 0n) free = abs(item.delta);
      else sum += item.delta;
    }
    if (item.balance === null) continue;
    const possible = free === null ? [item.balance - sum] : [item.balance + free, item.balance - free];
    const fits = possible.find((opening) => openings.includes(opening));
    if (fits !== undefined) return { opening: fits, printed: true };
    return named === undefined
      ? { opening: possible[0] ?? item.balance, printed: false }
      : { opening: named, printed: true };
  }
  return null;
}
