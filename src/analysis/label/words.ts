/** Narrations without delimiters, as most British ones are: words to be skipped, a name, words after it. */
import { isLetter, isMachinery } from "./fields.ts";
import { HEAD_CODES, PLACES, STOPS } from "./machinery.ts";
import {
  afterMachinery,
  beforeNumber,
  digitsIn,
  isDigit,
  isLoanWord,
  isTail,
  isWordStart,
  nothingFound,
  setName,
  type Found,
} from "./printed.ts";

const VPA = /[A-Z0-9._-]+@[A-Z][A-Z0-9.]*/i;

const FROM = / FROM (?=[A-Z])/g;
const IBAN = /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b/;

/** ISO 13616: the first four characters go to the end, letters count from 10, and the whole leaves 1 when divided by 97. */
function isIban(text: string): boolean {
  let remainder = 0;
  for (const character of text.slice(4) + text.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
}

/** Words after the number can look like a part of it, so the end is tried from the longest to the shortest. */
function ibanIn(upper: string): string | null {
  const match = IBAN.exec(upper);
  if (match === null) return null;
  let end = match[0].length;
  while (end >= 15) {
    const iban = match[0].slice(0, end).replaceAll(" ", "");
    if (iban.length <= 34 && isIban(iban)) return iban;
    end = match[0].lastIndexOf(" ", end - 1);
  }
  return null;
}

interface Word {
  start: number;
  end: number;
  digits: number;
}

function wordsOf(upper: string, from: number): Word[] {
  const words: Word[] = [];
  let start = from;
  for (let i = from; i <= upper.length; i += 1) {
    let code = i === upper.length ? 32 : upper.charCodeAt(i);
    // `5123000007/GREEN SHOP`: the name hangs on the number.
    if (code === 47 && i > start && isDigit(upper.charCodeAt(i - 1)) && isLetter(upper.charCodeAt(i + 1)))
      code = 32;
    if (code !== 32 && code !== 44) continue;
    if (i > start) words.push({ start, end: i, digits: digitsIn(upper, start, i) });
    // A comma ends a name, so it stays visible as an empty word.
    if (code === 44) words.push({ start: i, end: i, digits: 0 });
    start = i + 1;
  }
  return words;
}

const isNumber = (word: Word): boolean => word.digits > 2 && word.digits * 2 >= word.end - word.start;

const isSkipped = (upper: string, word: Word, afterNumber: boolean): boolean =>
  word.start === word.end ||
  isNumber(word) ||
  (word.end - word.start === 1 ? afterNumber : isMachinery(upper, word.start, word.end));

/** `REF.LEADS`, `DES:PAYROLL`, `Ref#abc`. */
const LABELLED = /^(?:REF|DES|ID)[.:#]/;

function isStop(upper: string, word: Word): boolean {
  if (word.start === word.end || upper.charCodeAt(word.start) === 92) return true;
  if (word.digits >= 5) return true;
  const whole = upper.slice(word.start, word.end);
  if (whole.includes("@")) return true;
  if (word.digits > 0 && /^\d+\.\d+$/.test(whole)) return true;
  return STOPS.has(whole) || LABELLED.test(whole);
}

/**
 * Without delimiters: the words after the machinery, up to a reference or a date. `CARD PAYMENT TO GREEN SHOP 3458 ON 03-04-2024`.
 * `knownName`: where a merchant's name begins, -1 for nowhere.
 */
export function readWords(text: string, upper: string, knownName = -1): Found {
  const found = nothingFound();
  found.iban = ibanIn(upper);
  const vpa = upper.includes("@") ? VPA.exec(text) : null;
  if (vpa !== null) found.vpa = vpa[0].toLowerCase();
  let from = 0;
  // `FASTER PAYMENTS RECEIPT REF.RENT FROM ASHA R`: a reference can itself hold the word, so the last one counts.
  if (upper.includes(" FROM ")) for (const match of upper.matchAll(FROM)) from = match.index + 6;
  const words = wordsOf(upper, from);
  const first = firstWord(upper, words, knownName);
  let last = first;
  while (last < words.length) {
    const word = words[last];
    if (word === undefined || isStop(upper, word)) break;
    last += 1;
  }
  takeWordsReference(found, text, upper, words, last);
  const cut = words[last];
  const glued = cut === undefined || cut.digits < 5 ? null : beforeNumber(upper, cut.start, cut.end);
  last = glued === null ? withoutTail(upper, words, first, last) : last;
  const head = words[first];
  const tail = words[last - 1];
  if (head === undefined) return found;
  const start = isAt(head, knownName)
    ? nameAt(upper, head, knownName)
    : afterMachinery(upper, head.start, head.end);
  if (glued !== null) setName(found, upper, start, glued);
  else if (tail !== undefined && last > first) setName(found, upper, start, tail.end);
  return found;
}

/** Inside the word where a delimiter stands before the name: `SI-GREEN LIFE`. */
const nameAt = (upper: string, word: Word, position: number): number =>
  position > word.start && !isWordStart(upper.charCodeAt(position - 1)) ? position : word.start;

const isAt = (word: Word, position: number): boolean => word.start <= position && position < word.end;

function firstWord(upper: string, words: readonly Word[], knownName: number): number {
  let afterNumber = false;
  for (const [index, word] of words.entries()) {
    if (isAt(word, knownName)) return index;
    const code = index === 0 && words.length > 1 && HEAD_CODES.has(upper.slice(word.start, word.end));
    if (!code && !isSkipped(upper, word, afterNumber)) return index;
    afterNumber = word.digits > 2;
  }
  return words.length;
}

/** Shop numbers, towns and `POS DEBIT` stand after a name; its first word always stays. */
function withoutTail(upper: string, words: readonly Word[], first: number, last: number): number {
  let end = last;
  let lent = false;
  while (end > first + 1) {
    const word = words[end - 1];
    if (word === undefined) break;
    const whole = upper.slice(word.start, word.end);
    if (!isNumber(word) && !PLACES.has(whole) && !isTail(whole, lent)) break;
    lent ||= isLoanWord(whole);
    end -= 1;
  }
  return end;
}

function takeWordsReference(
  found: Found,
  text: string,
  upper: string,
  words: readonly Word[],
  from: number,
): void {
  for (let i = from; i < words.length; i += 1) {
    const word = words[i];
    if (word === undefined || word.start === word.end) continue;
    const whole = upper.slice(word.start, word.end);
    if (whole === "REF" || whole === "REFERENCE" || whole === "MANDATE") {
      const next = words[i + 1];
      if (next !== undefined && next.digits > 0) {
        found.reference = text.slice(next.start, next.end);
        return;
      }
    } else if (word.digits >= 6) {
      found.reference = text.slice(word.start, word.end);
      return;
    }
  }
}
