/** A narration as fields: cut at the delimiter of its bank, each told by its shape. */
import { BANK_CODES, MACHINERY } from "./machinery.ts";

export type FieldKind =
  | "empty"
  | "number"
  | "reference"
  | "ifsc"
  | "account"
  | "vpa"
  | "bank"
  | "marker"
  | "text";

export interface Field {
  kind: FieldKind;
  /** In the narration; white space at both ends left out. */
  start: number;
  end: number;
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;
export const isLetter = (code: number): boolean =>
  (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code > 127;

const MONTH_YEAR = /^[A-Z]{3}\d{2,4}$/;
const BANK_END = /\bBANK(?: LTD| LIMITED)?$/;
/** Cut off: `State Bank Of I`. */
const BANK_START =
  /^(?:STATE BANK|PUNJAB NAT|BANK OF (?:BAR|IND|MAH)|UNION BANK|CENTRAL BANK|KOTAK MAH|PAYTM PAYMENTS)/;
const IFSC = /^[A-Z]{4}0[A-Z0-9]{6}/;

const isPay = (upper: string, _: number, end: number): boolean => upper.startsWith(" PAY", end);

/** Machinery beside certain words only: `SALARY MAY` and `GOOGLE PAY`, but MAY THOMAS and GOOGLE PLAY. */
const SOMETIMES: ReadonlyMap<string, (upper: string, start: number, end: number) => boolean> = new Map([
  ["MAY", (upper, start, end) => isMonthOfMay(upper, start, end)],
  ["GOOGLE", isPay],
  ["APPLE", isPay],
]);

/** Whether all words between are machinery; numbers count as such. `upper` is the narration in capitals. */
export function isMachinery(upper: string, start: number, end: number): boolean {
  let from = start;
  while (from < end) {
    while (from < end && !isWord(upper.charCodeAt(from))) from += 1;
    let to = from;
    let digits = 0;
    while (to < end && isWord(upper.charCodeAt(to))) {
      if (isDigit(upper.charCodeAt(to))) digits += 1;
      to += 1;
    }
    if (to > from + 1 && digits * 2 <= to - from) {
      const word = upper.slice(from, to);
      const holds = SOMETIMES.get(word);
      if (holds ? !holds(upper, from, to) : !isMachineWord(word, digits)) return false;
    }
    from = to;
  }
  return true;
}

/** `JUN24` too. */
function isMachineWord(word: string, digits: number): boolean {
  if (MACHINERY.has(word)) return true;
  if (digits === 0 || !MONTH_YEAR.test(word)) return false;
  const month = word.slice(0, word.length - digits);
  return month === "MAY" || MACHINERY.has(month);
}

const PAID_FOR = /\b(?:SALARY|SAL|WAGES|PAYROLL|STIPEND|PENSION|EMI)\W*$/;
const YEAR = /^\W?(?:20)?[12]\d\b/;

/** May is a name as well, so only `SALARY MAY` and `MAY 2024` are the month. */
export const isMonthOfMay = (upper: string, start: number, end: number): boolean =>
  YEAR.test(upper.slice(end, end + 6)) || PAID_FOR.test(upper.slice(0, start));

const isWord = (code: number): boolean => isDigit(code) || isLetter(code);

/** `XXXXXXX9876`, `**7711`: an account number of which the bank shows the end. */
const isMask = (code: number): boolean => code === 88 || code === 120 || code === 42;

function kindOf(upper: string, start: number, end: number): FieldKind {
  if (start >= end) return "empty";
  let digits = 0;
  let letters = 0;
  let masks = 0;
  let spaces = 0;
  for (let i = start; i < end; i += 1) {
    const code = upper.charCodeAt(i);
    if (code === 64) return "vpa";
    if (isDigit(code)) digits += 1;
    else if (code === 32) spaces += 1;
    else if (isMask(code)) masks += 1;
    else if (isLetter(code)) letters += 1;
  }
  if (letters === 0 && masks >= 2) return "account";
  if (letters + masks === 0) return digits === 0 ? "marker" : "number";
  if (spaces === 0 && end - start === 11 && IFSC.test(upper.slice(start, end))) return "ifsc";
  if (spaces === 0 && digits >= 4 && digits * 2 >= end - start) return "reference";
  const whole = upper.slice(start, end);
  if (isBank(whole, spaces)) return "bank";
  return isMachinery(upper, start, end) ? "marker" : "text";
}

/** `OKBKVE`: a bank's code with two characters of its own. */
function isBank(whole: string, spaces: number): boolean {
  if (spaces === 0) return BANK_CODES.has(whole) || (whole.length <= 6 && BANK_CODES.has(whole.slice(0, 4)));
  return whole.length < 24 && (BANK_END.test(whole) || BANK_START.test(whole));
}

function field(upper: string, from: number, to: number): Field {
  let start = from;
  let end = to;
  while (start < end && upper.charCodeAt(start) <= 32) start += 1;
  while (end > start && upper.charCodeAt(end - 1) <= 32) end -= 1;
  return { kind: kindOf(upper, start, end), start, end };
}

/** Cuts at `delimiter` (and at `other`, where a bank mixes two) from `from` on. */
export function fieldsOf(upper: string, from: number, delimiter: number, other: number): Field[] {
  const fields: Field[] = [];
  let start = from;
  for (let i = from; i <= upper.length; i += 1) {
    const code = i === upper.length ? delimiter : upper.charCodeAt(i);
    if (code !== delimiter && code !== other) continue;
    if (i > start) fields.push(field(upper, start, i));
    start = i + 1;
  }
  return fields;
}

const SLASH = 47;
const DASH = 45;
const STAR = 42;
const COLON = 58;
/** `MOB-IMPS-CR/ASHA R/…`: the direction hangs on the rail, the fields come after it. */
const DIRECTED = /^-(?:CR|DR|IN|OUT)\//;

/** The delimiter that follows the rail's word at once or after a word such as `CR`; 0: none, words only. */
export function delimiterAfter(upper: string, railEnd: number): number {
  const limit = Math.min(upper.length, railEnd + 9);
  for (let i = railEnd; i < limit; i += 1) {
    const code = upper.charCodeAt(i);
    if (code === DASH && DIRECTED.test(upper.slice(i, i + 5))) return SLASH;
    if (code === SLASH || code === DASH || code === STAR || code === COLON) return code;
    if (isDigit(code)) return 0;
  }
  return 0;
}
