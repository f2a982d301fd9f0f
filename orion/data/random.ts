/** Numbers that are the same for the same words: every figure of the sandbox follows from its seed. */

export interface Random {
  /** 0 <= x < 1. */
  next(): number;
  /** Whole, both ends included. */
  between(least: number, most: number): number;
  /** Throws for an empty list. */
  pick<T>(list: readonly T[]): T;
}

/** mulberry32 over FNV-1a of the words. For invented data only: nothing here is secret. */
export function randomOf(...words: readonly (string | number)[]): Random {
  let state = fnv1a(words.join("|"));
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    between,
    pick(list) {
      const one = list[between(0, list.length - 1)];
      if (one === undefined) throw new RangeError("There is nothing to pick from.");
      return one;
    },
  };
}

/** Digits that look like a number at a bank. */
export function digitsOf(length: number, ...words: readonly (string | number)[]): string {
  const random = randomOf("digits", ...words);
  return Array.from({ length }, () => random.between(0, 9)).join("");
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
