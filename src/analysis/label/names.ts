/** Whether a printed name is one of the known ones, in whatever order, case and spacing it is written. */
import { companyWords, foldWords, isBusiness } from "../relations/words.ts";

const TITLES = new Set(
  "MR MRS MS MISS DR SHRI SMT SRI KUM M S MESSRS LTD LIMITED PVT PRIVATE LLP PLC INC CO COMPANY".split(" "),
);

const wordsOf = (name: string): string[] =>
  name
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim()
    .split(" ")
    .filter((word) => word !== "" && !TITLES.has(word));

/** Banks cut names off; below this many letters a beginning proves nothing. */
const MIN_PREFIX = 8;

/** By its trade; the legal form alone may be left out on either side. */
const isFirm = (name: string): boolean => isBusiness(companyWords(foldWords(name)));

export type NameTest = (name: string) => boolean;

/** RAMESH PATIL TRADERS is not the holder RAMESH PATIL; `companies` are the holder's as they are written. */
export function ownNamesTest(holders: readonly string[], companies: readonly string[]): NameTest {
  const isHolder = namesTest(holders);
  const isOwnFirm = namesTest([...holders.filter(isFirm), ...companies]);
  return (name) => isOwnFirm(name) || (isHolder(name) && !isFirm(name));
}

/**
 * `ASHA RAO` is `Mrs. Rao Asha`, and `ASHA RAO CONSULT` is the beginning of `Asha Rao Consulting Pvt Ltd`.
 * Answers are remembered: a statement names the same people again and again.
 */
export function namesTest(names: readonly string[]): NameTest {
  const sorted = new Set<string>();
  const joined: string[] = [];
  for (const name of names) {
    const words = wordsOf(name);
    const whole = words.join("");
    if (whole.length < 3) continue;
    sorted.add(words.toSorted().join(" "));
    joined.push(whole);
  }
  if (joined.length === 0) return () => false;
  const remembered = new Map<string, boolean>();
  const test = (name: string): boolean => {
    const words = wordsOf(name);
    if (sorted.has(words.toSorted().join(" "))) return true;
    const whole = words.join("");
    if (whole.length < MIN_PREFIX) return joined.includes(whole);
    return joined.some(
      (known) => known.startsWith(whole) || (known.length >= MIN_PREFIX && whole.startsWith(known)),
    );
  };
  return (name) => {
    let answer = remembered.get(name);
    if (answer === undefined) {
      answer = test(name);
      remembered.set(name, answer);
    }
    return answer;
  };
}
