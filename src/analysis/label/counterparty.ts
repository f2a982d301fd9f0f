/**
 * Who is on the other side, and the scheme's own reference: one reader per rail, because each bank orders its fields
 * in its own way. A reader answers with a place in the narration, so that names stay as printed.
 */
import { delimiterAfter, fieldsOf, isLetter, isMachinery, type Field } from "./fields.ts";
import { MACHINERY, PLACES, STOPS } from "./machinery.ts";

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

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

function digitsIn(text: string, start: number, end: number): number {
  let digits = 0;
  for (let i = start; i < end; i += 1) if (isDigit(text.charCodeAt(i))) digits += 1;
  return digits;
}

/** Takes a text field as the name, without what some banks put after it: ` 0097690162095 AT 01234 TOWN`. */
function takeName(found: Found, upper: string, start: number, end: number): void {
  let from = start;
  let to = end;
  // `_SMS OT`, `_ref`: added by the channel.
  const underscore = upper.indexOf("_", from);
  if (underscore > from && underscore < to) to = underscore;
  for (
    let space = upper.indexOf(" ", from);
    space !== -1 && space < to;
    space = upper.indexOf(" ", space + 1)
  ) {
    let wordEnd = upper.indexOf(" ", space + 1);
    if (wordEnd === -1 || wordEnd > to) wordEnd = to;
    if (digitsIn(upper, space + 1, wordEnd) < 5) continue;
    to = space;
    break;
  }
  while (to > from && !isWordEnd(upper.charCodeAt(to - 1))) to -= 1;
  while (from < to && !isWordStart(upper.charCodeAt(from))) from += 1;
  if (to - from < 2) return;
  found.nameStart = from;
  found.nameEnd = to;
}

const isWordStart = (code: number): boolean => isDigit(code) || isLetter(code);
const isWordEnd = (code: number): boolean => isDigit(code) || isLetter(code) || code === 41;

const textOf = (text: string, each: Field): string => text.slice(each.start, each.end);

const VPA = /([A-Z0-9._-]+(?: [A-Z0-9._]+)?)@\s?([A-Z][A-Z0-9.]*)/i;

function takeVpa(found: Found, upper: string, each: Field): void {
  const at = upper.indexOf("@", each.start);
  const handle = at + 1;
  if (at === each.start || handle >= each.end) return;
  found.vpa = upper.slice(each.start, each.end).replaceAll(" ", "").toLowerCase();
}

/** An RRN has 12 digits; the first long number is it. */
function takeReference(found: Found, text: string, fields: readonly Field[]): void {
  for (const each of fields) {
    if (each.kind !== "number" && each.kind !== "reference") continue;
    if (each.end - each.start < 6) continue;
    found.reference = textOf(text, each);
    if (each.end - each.start >= 10) return;
  }
}

const firstText = (fields: readonly Field[]): Field | undefined =>
  fields.find((each) => each.kind === "text");

/** `9950720425-2@axl`: a numbered address holds the delimiter of its bank, so the cut is undone. */
function rejoinVpa(upper: string, fields: Field[]): void {
  for (let i = 1; i < fields.length; i += 1) {
    const each = fields[i];
    const before = fields[i - 1];
    if (each?.kind !== "vpa" || before === undefined) continue;
    if (upper.charCodeAt(each.start + 1) !== 64 || !isDigit(upper.charCodeAt(each.start))) continue;
    if (upper.charCodeAt(before.end) !== 45 || before.kind === "text") continue;
    fields.splice(i - 1, 2, { kind: "vpa", start: before.start, end: each.end });
    return;
  }
}

const DIRECTIONS = new Set(["DR", "CR", "P2A", "P2M", "P2P", "D", "C"]);

/**
 * `UPI-ASHA R-ASHA@OKBK-OKBK0000001-412345678901-RENT` (HDFC), `UPI/DR/412345678901/ASHA R/OKBK/asha@okbk/Payment` (SBI),
 * `UPI/ASHA R/asha@okbk/Rent/OK Bank/412345678901/…` and `UPI/412345678901/Rent/asha@okbk/OKBK` (ICICI, the remark first),
 * `UPI/P2A/412345678901/ASHA R/OK BANK` (Axis), `UPIOUT/412345678901/asha@okbk/Rent/0000` (Federal).
 */
export function readUpi(text: string, upper: string, railEnd: number): Found {
  const found = nothingFound();
  const delimiter = delimiterAfter(upper, railEnd);
  if (delimiter === 0) return readWords(text, upper);
  const fields = fieldsOf(upper, railEnd, delimiter, delimiter);
  if (delimiter === 45) rejoinVpa(upper, fields);
  takeReference(found, text, fields);
  let directed = false;
  let numbered = false;
  let name: Field | undefined;
  let seenVpa = false;
  for (const [i, each] of fields.entries()) {
    if (each.kind === "vpa" && !seenVpa) {
      seenVpa = true;
      takeVpa(found, upper, each);
      const before = fields[i - 1];
      // The remark stands between the number and the address where no direction is printed.
      if (delimiter === 47 && numbered && !directed && name !== undefined && before === name)
        name = undefined;
    } else if (each.kind === "number" && each.end - each.start >= 9 && name === undefined) {
      numbered = true;
    } else if (each.kind === "marker" && DIRECTIONS.has(textOf(upper, each))) {
      directed = true;
    } else if (each.kind === "text" && name === undefined && !(seenVpa && (delimiter === 45 || numbered))) {
      name = each;
    }
  }
  if (name !== undefined) takeName(found, upper, name.start, name.end);
  return found;
}

/**
 * `NEFT CR-OKBK0000001-ASHA R-…-N123…`, `NEFT*OKBK0000001*REF*ASHA R`, `NEFT/REF/ASHA R/OK BANK`, `RTGS/REF/IFSC/ASHA R`,
 * `NEFT OUT:REF:ASHA R`, `NEFT REF ASHA R`.
 */
export function readNeft(text: string, upper: string, railEnd: number): Found {
  const found = nothingFound();
  const delimiter = delimiterAfter(upper, railEnd);
  if (delimiter === 0) {
    const read = readWords(text, upper);
    takeReference(read, text, fieldsOf(upper, railEnd, 32, 32));
    return read;
  }
  const fields = fieldsOf(upper, railEnd, delimiter, delimiter === 58 ? 47 : delimiter);
  takeReference(found, text, fields);
  const name = firstText(fields);
  if (name !== undefined) takeName(found, upper, name.start, name.end);
  return found;
}

/**
 * `IMPS-414212345678-ASHA R-OKBK-XXXXXXX9876-RENT` (HDFC), `MMT/IMPS/414212345678/RENT/ASHA R/OKBK0000001` (ICICI: the name
 * stands before the bank), `IMPS/P2A/414212345678/ASHA R/…` (Axis), `IMPS/414212345678/OKBK-xx024- ASHA R/…` (SBI).
 */
export function readImps(text: string, upper: string, railEnd: number): Found {
  const found = nothingFound();
  const delimiter = delimiterAfter(upper, railEnd);
  if (delimiter === 0) return readWords(text, upper);
  const fields = fieldsOf(upper, railEnd, delimiter, delimiter);
  takeReference(found, text, fields);
  const account = fields.find((each) => each.kind === "account");
  if (account !== undefined) found.account = textOf(text, account);
  const remarkFirst = upper.startsWith("MMT") || upper.includes(" MMT/");
  const name = remarkFirst ? fields.findLast((each) => each.kind === "text") : firstText(fields);
  if (name === undefined) return found;
  const dash = upper.lastIndexOf("- ", name.end);
  const start = dash > name.start && upper.slice(name.start, dash).includes("XX") ? dash + 2 : name.start;
  takeName(found, upper, start, name.end);
  return found;
}

/** `ACH D- OK FINANCE-123`, `ACH/DR/OK FINANCE/123`, `ECS/REF/OK Finance`, `DEBIT ACHDr REF OK Finance`. A bank can be the creditor. */
export function readAch(text: string, upper: string, railEnd: number): Found {
  const found = nothingFound();
  const delimiter = delimiterAfter(upper, railEnd);
  if (delimiter === 0) {
    const read = readWords(text, upper);
    takeReference(read, text, fieldsOf(upper, railEnd, 32, 32));
    return read;
  }
  const fields = fieldsOf(upper, railEnd, delimiter, delimiter === 58 ? 44 : delimiter);
  takeReference(found, text, fields);
  const name = firstText(fields) ?? fields.find((each) => each.kind === "bank");
  if (name !== undefined) takeName(found, upper, name.start, name.end);
  return found;
}

/** `50100012345678-TPT-RENT-ASHA R`: the remark, then the name. One text alone is the remark. */
function readTpt(text: string, upper: string, at: number): Found {
  const found = nothingFound();
  const fields = fieldsOf(upper, at, 45, 45);
  const texts = fields.filter((each) => each.kind === "text" || each.kind === "marker").slice(1);
  const last = texts.at(-1);
  if (texts.length > 1 && last?.kind === "text") takeName(found, upper, last.start, last.end);
  const account = fieldsOf(upper, 0, 45, 45)[0];
  if (account?.kind === "number" && account.end - account.start >= 9) found.account = textOf(text, account);
  return found;
}

/** Transfers inside one bank and its bill payments: `INF/INFT/123/RENT/ASHA R`, `BIL/ONL/123/BESCOM/…`, `IB FUNDS TRANSFER CR-123`. */
export function readTransfer(text: string, upper: string, railEnd: number): Found {
  const tpt = upper.indexOf("TPT-");
  if (tpt !== -1) return readTpt(text, upper, tpt);
  const found = nothingFound();
  const slash = upper.includes("/");
  const dash = upper.includes("-");
  if (!slash && !dash) return readWords(text, upper);
  if (!slash && delimiterAfter(upper, railEnd) === 0) return readWords(text, upper);
  const fields = fieldsOf(upper, 0, slash ? 47 : 45, slash ? 47 : 45);
  takeReference(found, text, fields);
  const remarkFirst = upper.startsWith("INF/");
  const name = remarkFirst
    ? fields.findLast((each) => each.kind === "text")
    : (firstText(fields) ?? fields.find((each) => each.kind === "bank"));
  if (name !== undefined) takeName(found, upper, name.start, name.end);
  const last = fields.at(-1);
  if (name === undefined && !slash && last?.kind === "number" && last.end - last.start >= 9) {
    found.account = textOf(text, last);
    found.reference = null;
  }
  return found;
}

/** `CHQ PAID-MICR CTS-MU-GREEN SCHOOL`, `CLG/000451/GREEN MOTORS/OK BANK`, `… FOR PAYEE -GREEN CHITS`. */
export function readCheque(text: string, upper: string): Found {
  const found = nothingFound();
  const delimiter = upper.includes("/") && !upper.includes("W CHQ") && !upper.includes("W RTN") ? 47 : 45;
  if (!upper.includes(delimiter === 47 ? "/" : "-")) return readWords(text, upper);
  const payee = upper.indexOf("PAYEE");
  const fields = fieldsOf(upper, payee === -1 ? 0 : payee + 5, delimiter, delimiter);
  // Two letters are the clearing house's town.
  const name = fields.find((each) => each.kind === "text" && each.end - each.start > 2);
  if (name !== undefined) takeName(found, upper, name.start, name.end);
  return found;
}

/** `POS 4123XXXXXXXX1234 GREEN SHOP PUNE POS DEBIT`, `VPS/GREEN SHOP/202406051120/…`, `TO ECM/791999/GREEN COM \1450 Page Mil`. */
export function readCard(text: string, upper: string, railEnd: number): Found {
  if (delimiterAfter(upper, railEnd) !== 47) return readWords(text, upper);
  const found = nothingFound();
  const fields = fieldsOf(upper, railEnd, 47, 92);
  const name = firstText(fields);
  if (name !== undefined) takeName(found, upper, name.start, name.end);
  return found;
}

const FROM = / FROM (?=[A-Z])/g;
const IBAN = /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b/;

interface Word {
  start: number;
  end: number;
  digits: number;
}

function wordsOf(upper: string, from: number): Word[] {
  const words: Word[] = [];
  let start = from;
  for (let i = from; i <= upper.length; i += 1) {
    const code = i === upper.length ? 32 : upper.charCodeAt(i);
    if (code !== 32 && code !== 44) continue;
    if (i > start) words.push({ start, end: i, digits: digitsIn(upper, start, i) });
    // A comma ends a name, so it stays visible as an empty word.
    if (code === 44) words.push({ start: i, end: i, digits: 0 });
    start = i + 1;
  }
  return words;
}

const isSkipped = (upper: string, word: Word, afterNumber: boolean): boolean =>
  word.start === word.end ||
  (word.digits > 2 && word.digits * 2 >= word.end - word.start) ||
  (word.end - word.start === 1 ? afterNumber : isMachinery(upper, word.start, word.end));

const isStop = (upper: string, word: Word): boolean =>
  word.start === word.end ||
  word.digits >= 5 ||
  upper.charCodeAt(word.start) === 92 ||
  STOPS.has(
    upper
      .slice(word.start, word.end)
      .replace(/[.:]$/, "")
      .replace(/^REF\..*/, "REF"),
  );

/** Without delimiters: the words after the machinery, up to a reference or a date. `CARD PAYMENT TO GREEN SHOP 3458 ON 03-04-2024`. */
export function readWords(text: string, upper: string): Found {
  const found = nothingFound();
  const iban = IBAN.exec(upper);
  if (iban !== null) found.iban = iban[0].replaceAll(" ", "");
  const vpa = upper.includes("@") ? VPA.exec(text) : null;
  if (vpa !== null) found.vpa = vpa[0].replaceAll(" ", "").toLowerCase();
  let from = 0;
  // `FASTER PAYMENTS RECEIPT REF.RENT FROM ASHA R`: a reference can itself hold the word, so the last one counts.
  if (upper.includes(" FROM ")) for (const match of upper.matchAll(FROM)) from = match.index + 6;
  const words = wordsOf(upper, from);
  let first = 0;
  let afterNumber = false;
  for (; first < words.length; first += 1) {
    const word = words[first];
    if (word === undefined || !isSkipped(upper, word, afterNumber)) break;
    afterNumber = word.digits > 2;
  }
  let last = first;
  while (last < words.length) {
    const word = words[last];
    if (word === undefined || isStop(upper, word)) break;
    last += 1;
  }
  takeWordsReference(found, text, upper, words, last);
  last = withoutTail(upper, words, first, last);
  const head = words[first];
  const tail = words[last - 1];
  if (head !== undefined && tail !== undefined && last > first) takeName(found, upper, head.start, tail.end);
  return found;
}

/** Shop numbers, towns and `POS DEBIT` stand after a name; its first word always stays. */
function withoutTail(upper: string, words: readonly Word[], first: number, last: number): number {
  let end = last;
  while (end > first + 1) {
    const word = words[end - 1];
    if (word === undefined) break;
    const whole = upper.slice(word.start, word.end);
    if (
      !(word.digits > 2 && word.digits >= word.end - word.start - 1) &&
      !PLACES.has(whole) &&
      !MACHINERY.has(whole)
    )
      break;
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
