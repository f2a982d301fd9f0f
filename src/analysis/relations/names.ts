/**
 * Is a printed name the holder's own? Narrations cut names, turn them round and write initials; relatives share the
 * surname. So every word of the shorter name must be found in the longer one, and what is left over must not be a
 * given name in front: RAMESH PATIL is RAMESH SURESH PATIL, but SUNITA RAMESH PATIL is his wife.
 */
import { isBusiness, personWords } from "./words.ts";

/** `maybe`: an initial and the surname only (A RAO), which fits a brother as well. */
export type Likeness = "same" | "maybe" | "other";

/** A word cut off by the narration's width keeps at least this many letters. */
const SHORTEST_CUT = 4;
/** Names run together (`ASHARAO`) must be this long to be anybody's in particular. */
const SHORTEST_JOINED = 6;
/** `RK` and `RKS` are initials run together. */
const LONGEST_INITIALS = 3;

/** Both as foldWords gives them. */
export function compareNames(ownName: readonly string[], printed: readonly string[]): Likeness {
  if (isBusiness(printed) !== isBusiness(ownName)) return "other";
  const own = personWords(ownName);
  const other = personWords(printed);
  if (own.length === 0 || other.length === 0) return "other";
  if (isJoined(own, other) || isJoined(other, own)) return "same";
  return compareWords(splitInitials(own, other), splitInitials(other, own));
}

/** The best likeness to any of the names. */
export function createLikeness(
  names: readonly (readonly string[])[],
): (printed: readonly string[]) => Likeness {
  // Every likeness rests on one whole word, so strangers, who are most, need no more than a look at their letters.
  const beginnings = new Set(names.flat().map(beginning));
  return (printed) => {
    if (printed.length > 1 && !printed.some((word) => beginnings.has(beginning(word)))) return "other";
    const found = new Set(names.map((name) => compareNames(name, printed)));
    return found.has("same") ? "same" : found.has("maybe") ? "maybe" : "other";
  };
}

/** What a word and its cut have in common. */
const beginning = (word: string): string => word.slice(0, SHORTEST_CUT - 1);

function compareWords(own: readonly string[], other: readonly string[]): Likeness {
  const [shorter, longer] = own.length <= other.length ? [own, other] : [other, own];
  const pairs = pairWords(shorter, longer);
  if (!pairs) return "other";
  if (shorter.length === 1) return longer.length === 1 && isWhole(shorter[0]) ? "same" : "other";
  const first = longer[0];
  if (first !== undefined && first.length > 1 && !pairs.used.has(0)) return "other";
  if (pairs.whole.length >= 2 || (pairs.whole.length === 1 && pairs.initials >= 2)) return "same";
  if (pairs.whole.length === 0) return "other";
  if (shorter.length === longer.length && shorter.toSorted().join() === longer.toSorted().join())
    return "same";
  // One whole word and one initial: the given name in full tells one person, the surname tells a family.
  return pairs.whole[0] === own.at(-1) ? "maybe" : "same";
}

interface Pairs {
  /** Words that both print in full. */
  whole: string[];
  initials: number;
  /** Positions in the longer name. */
  used: Set<number>;
}

/** Each word of the shorter name with one of the longer, or null where one has no partner. */
function pairWords(shorter: readonly string[], longer: readonly string[]): Pairs | null {
  const pairs: Pairs = { whole: [], initials: 0, used: new Set() };
  const take = (fits: (word: string, at: number) => boolean): string | null => {
    const at = longer.findIndex((word, index) => !pairs.used.has(index) && fits(word, index));
    if (at < 0) return null;
    pairs.used.add(at);
    return longer[at] ?? null;
  };
  const later: string[] = [];
  for (const [index, word] of shorter.entries()) {
    const last = index === shorter.length - 1;
    const found =
      word.length > 1 &&
      take(
        (each, at) => each === word || isCut(each, word, last) || isCut(word, each, at === longer.length - 1),
      );
    if (found) pairs.whole.push(found);
    else later.push(word);
  }
  for (const word of later) {
    if (!take((each) => (each.length === 1 || word.length === 1) && each[0] === word[0])) return null;
    pairs.initials += 1;
  }
  return pairs;
}

/** RAMESH KUMA for RAMESH KUMAR: only the last word printed may be cut. */
const isCut = (whole: string, cut: string, last: boolean): boolean =>
  last && cut.length >= SHORTEST_CUT && whole.length > cut.length && whole.startsWith(cut);

const isWhole = (word: string | undefined): boolean => word !== undefined && word.length >= SHORTEST_CUT;

/** ASHARAO and RAOASHA for ASHA RAO. */
function isJoined(parts: readonly string[], joined: readonly string[]): boolean {
  const [word] = joined;
  if (joined.length !== 1 || word === undefined || parts.length < 2 || word.length < SHORTEST_JOINED)
    return false;
  return parts.join("") === word || parts.toReversed().join("") === word;
}

/** RK SHARMA → R K SHARMA, unless the other name has RK too or begins a word with it. */
function splitInitials(words: readonly string[], other: readonly string[]): readonly string[] {
  if (!words.some((word) => word.length === 2 || word.length === LONGEST_INITIALS)) return words;
  return words.flatMap((word) => {
    if (word.length < 2 || word.length > LONGEST_INITIALS || other.includes(word)) return [word];
    const letters = Array.from(word);
    return letters.every((letter) => other.some((each) => each.startsWith(letter))) ? letters : [word];
  });
}

/** Letters of a company's name that must be there before the rest may be cut off. */
const SHORTEST_COMPANY_CUT = 8;

/**
 * Does the text name the company? Its words stand in it one after the other; at the text's end the last may be cut.
 * `company`: as companyWords gives it.
 */
export function namesCompany(company: readonly string[], text: readonly string[]): boolean {
  const [first] = company;
  if (first === undefined) return false;
  for (let at = text.indexOf(first); at >= 0; at = text.indexOf(first, at + 1)) {
    if (followsAt(company, text, at)) return true;
  }
  return false;
}

/** The first of the companies that a text names, by its place in the list; -1 where it names none. */
export function createCompanyFinder(
  companies: readonly (readonly string[])[],
): (text: readonly string[]) => number {
  const byFirstWord = Map.groupBy(companies.keys(), (index) => companies[index]?.[0] ?? "");
  return (text) => {
    let found = -1;
    for (const [at, word] of text.entries()) {
      for (const index of byFirstWord.get(word) ?? []) {
        const isEarlier = found < 0 || index < found;
        if (isEarlier && followsAt(companies[index] ?? [], text, at)) found = index;
      }
    }
    return found;
  };
}

function followsAt(company: readonly string[], text: readonly string[], at: number): boolean {
  let letters = 0;
  for (const [index, word] of company.entries()) {
    const printed = text[at + index];
    if (printed === undefined) return letters >= SHORTEST_COMPANY_CUT;
    letters += printed.length;
    if (printed === word) continue;
    const isLast = at + index === text.length - 1;
    return isLast && word.startsWith(printed) && letters >= SHORTEST_COMPANY_CUT;
  }
  return true;
}
