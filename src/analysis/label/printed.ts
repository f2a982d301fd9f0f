/** What a reader finds in a narration, and how a name is cut out of what banks print around it. */
import { isLetter, isMachinery, isMonthOfMay } from "./fields.ts";
import { LOAN_PRODUCTS, TAILS } from "./machinery.ts";

/** Where things stand in the narration; -1 and null where they do not. */
export interface Found {
  nameStart: number;
  nameEnd: number;
  vpa: string | null;
  iban: string | null;
  account: string | null;
  reference: string | null;
}

export const nothingFound = (): Found => ({
  nameStart: -1,
  nameEnd: -1,
  vpa: null,
  iban: null,
  account: null,
  reference: null,
});

export const isDigit = (code: number): boolean => code >= 48 && code <= 57;

export function digitsIn(text: string, start: number, end: number): number {
  let digits = 0;
  for (let i = start; i < end; i += 1) if (isDigit(text.charCodeAt(i))) digits += 1;
  return digits;
}

/** `AMAZON.CO.UK*1O3AV3VL4`, `REVOLUT**1234`: an order's number, but not `UBER *TRIP`. */
const STARRED = /\*+ ?[A-Z]?\d/;

/** Takes a text field as the name, without the machinery in front of it (`SENT TO `). */
export function takeName(found: Found, upper: string, start: number, end: number): void {
  setName(found, upper, afterMachinery(upper, start, end), end);
}

/** Without what banks put after a name: ` 0097690162095 AT 01234 TOWN`, `_SMS OT`, `-LN0001122334`, ` POS DEBIT`. */
export function setName(found: Found, upper: string, start: number, end: number): void {
  let from = start;
  let to = end;
  const underscore = upper.indexOf("_", from);
  if (underscore > from && underscore < to) to = underscore;
  // `(Direct Debit)`.
  const bracket = upper.indexOf(" (", from);
  if (bracket > from && bracket < to && isMachinery(upper, bracket, to)) to = bracket;
  const star = upper.indexOf("*", from);
  if (star > from && star < to && STARRED.test(upper.slice(star, to))) to = star;
  to = beforeReference(upper, from, to);
  to = beforeTails(upper, from, to);
  while (to > from && !isWordEnd(upper.charCodeAt(to - 1))) to -= 1;
  while (from < to && !isWordStart(upper.charCodeAt(from))) from += 1;
  if (to - from < 2) return;
  found.nameStart = from;
  found.nameEnd = to;
}

/** Before the first word that is a number or a date; never the first word of all. */
function beforeReference(upper: string, from: number, to: number): number {
  for (
    let space = upper.indexOf(" ", from);
    space !== -1 && space < to;
    space = upper.indexOf(" ", space + 1)
  ) {
    let end = upper.indexOf(" ", space + 1);
    if (end === -1 || end > to) end = to;
    const digits = digitsIn(upper, space + 1, end);
    if (digits >= 5 || (digits === 4 && end - space <= 8))
      return beforeNumber(upper, space + 1, end) ?? space;
  }
  return to;
}

/** `lent`: a loan's word stood after it, so `PERSONAL` says which loan. */
export const isTail = (word: string, lent: boolean): boolean =>
  TAILS.has(word) || (lent && LOAN_PRODUCTS.has(word));

export const isLoanWord = (word: string): boolean => word === "LOAN" || word === "EMI";

/** `SALARY MAR 24`. */
const YEAR_OF_MONTH = /^[12]\d$/;
const AFTER_MONTH = /\b(?:JAN|FEB|MAR|APR|MAY|JUNE?|JULY?|AUG|SEPT?|OCT|NOV|DEC)\W*$/;

function beforeTails(upper: string, from: number, to: number): number {
  let end = to;
  let lent = false;
  for (;;) {
    while (end > from && !isWordEnd(upper.charCodeAt(end - 1))) end -= 1;
    let start = end;
    while (start > from && isWordStart(upper.charCodeAt(start - 1))) start -= 1;
    const word = upper.slice(start, end);
    const isMonth =
      (word === "MAY" && isMonthOfMay(upper, start, end)) ||
      (YEAR_OF_MONTH.test(word) && AFTER_MONTH.test(upper.slice(from, start)));
    if (start <= from || (!isMonth && !isTail(word, lent))) return end;
    lent ||= isLoanWord(word);
    end = start;
  }
}

/** Where the first word that is no machinery begins; `from` where there is none. */
export function afterMachinery(upper: string, from: number, to: number): number {
  let at = from;
  while (at < to) {
    while (at < to && !isWordStart(upper.charCodeAt(at))) at += 1;
    let end = at;
    while (end < to && isWordStart(upper.charCodeAt(end))) end += 1;
    if (end - at < 2 || !isMachinery(upper, at, end)) return at < to ? at : from;
    at = end;
  }
  return from;
}

/** `LIFE-0001122334` → the end of `LIFE`; null where nothing stands before the number. */
export function beforeNumber(upper: string, start: number, end: number): number | null {
  for (let i = start + 1; i < end; i += 1) {
    if (!isWordStart(upper.charCodeAt(i - 1)) || isWordStart(upper.charCodeAt(i))) continue;
    if (isDigitRun(upper, i + 1, end) && !isDigitRun(upper, start, i)) return i;
  }
  return null;
}

/** Whether a reference begins here: a digit, or few letters and then digits. */
function isDigitRun(upper: string, start: number, end: number): boolean {
  return digitsIn(upper, start, end) * 2 >= end - start && end > start;
}

export const isWordStart = (code: number): boolean => isDigit(code) || isLetter(code);
const isWordEnd = (code: number): boolean => isDigit(code) || isLetter(code) || code === 41;
