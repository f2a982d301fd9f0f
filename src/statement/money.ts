/** Amounts as statements print them, to minor units. No float is ever involved. */

export type DecimalMark = "." | ",";

export interface Amount {
  /** Signed minor units as printed: a minus or brackets make it negative, Dr and Cr do not. */
  minor: bigint;
  mark: "dr" | "cr" | null;
  /** ISO 4217 where the symbol or code says it beyond doubt. */
  currency: string | null;
  /** How sure the shape is: `decimal` 1,234.56 · `grouped` 1,234 · `plain` 1234 (may be a cheque number). */
  form: "decimal" | "grouped" | "plain";
}

/** `$` and `kr` name several currencies: money, but which is for the document to say. */
const SYMBOLS: Readonly<Record<string, string | null>> = {
  "₹": "INR", "`": "INR", "RS": "INR", "RS.": "INR", "₦": "NGN", "€": "EUR", "£": "GBP", "$": null, "S$": "SGD", "US$": "USD",
  "A$": "AUD", "C$": "CAD", "HK$": "HKD", "NZ$": "NZD", "R$": "BRL", "¥": null, "￥": null, "元": "CNY", "円": "JPY",
  "₱": "PHP", "₫": "VND", "฿": "THB", "₩": "KRW", "₺": "TRY", "₽": "RUB", "₴": "UAH", "₪": "ILS", "₵": "GHS",
  "GH₵": "GHS", "GHC": "GHS", "RM": "MYR", "RP": "IDR", "RP.": "IDR", "KSH": "KES", "KSHS": "KES", "USH": "UGX",
  "TSH": "TZS", "R": "ZAR", "N": "NGN", "KR": null, "KR.": null, "ZŁ": "PLN", "KČ": "CZK", "FT": "HUF", "LEI": "RON",
  "FR.": "CHF", "SFR.": "CHF", "DHS": "AED", "DHS.": "AED", "EURO": "EUR", "EUROS": "EUR", "৳": "BDT", "TK": "BDT",
}; // prettier-ignore

const CODES = new Set(
  (
    "AED AUD BDT BGN BHD BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP GHS HKD HUF IDR ILS INR ISK JOD JPY KES KRW KWD LKR " +
    "MAD MUR MXN MYR NGN NOK NPR NZD OMR PEN PHP PKR PLN QAR RON RUB RWF SAR SEK SGD THB TND TRY TWD TZS UAH UGX USD " +
    "UYU VND XAF XOF ZAR ZMW"
  ).split(" "),
);

/** Soll and Haben stand behind German amounts (`1.234,56 S`), OD behind overdrawn British ones. */
const MARKS: Readonly<Record<string, "dr" | "cr">> = {
  DR: "dr", D: "dr", DB: "dr", DEBIT: "dr", S: "dr", SOLL: "dr", OD: "dr",
  CR: "cr", C: "cr", CREDIT: "cr", H: "cr", HABEN: "cr",
}; // prettier-ignore

const DIGIT = /\d/;
const PLAIN = /^-?[\d.,]+$/;
const NUMBER = /\d[\d.,' ]*\d|(?<![\p{L}])[.,]\d+|\d/u;

/**
 * Reads one whole cell as an amount, or refuses it (null): `1,234.56`, `1,23,456.78`, `1.234,56`, `1 234,56`,
 * `1'234.56`, `12.50-`, `(12.50)`, `1,234.56 Cr`, `₦204.31`, `SGD 15,450.75`, `-19,25 €`, `+0.88`.
 * Refuses dates, references, rates with more decimals than the currency has, and grouping that no country uses.
 * @param exponent decimal places of the currency's minor unit
 */
export function parseAmount(text: string, decimal: DecimalMark, exponent = 2): Amount | null {
  if (text.length > 40 || !DIGIT.test(text)) return null;
  if (PLAIN.test(text)) {
    const negative = text.startsWith("-");
    const number = parseNumber(negative ? text.slice(1) : text, decimal, exponent);
    return (
      number && {
        minor: negative ? -number.minor : number.minor,
        mark: null,
        currency: null,
        form: number.form,
      }
    );
  }
  if (lettersOf(text) > MOST_LETTERS) return null;
  const plain = text.replace(/[−–—‐]/g, "-").replace(/[\u00a0\u202f\u2009]/g, " ").replace(/(?<=\d)[’´`](?=\d)/g, "'"); // prettier-ignore
  // `1'234.-` and `1.234,-` have no cents; behind `5,000/-` nothing follows.
  const whole = exponent === 0 ? "" : decimal + "0".repeat(exponent);
  const clean = plain.replace(/(?<=\d)(?:[.,]-+|\/-)$/, whole).trim();
  const match = NUMBER.exec(clean);
  if (match === null) return null;
  const around = readAffixes(clean.slice(0, match.index), clean.slice(match.index + match[0].length));
  const number = around && parseNumber(match[0], decimal, exponent);
  if (around === null || number === null) return null;
  return {
    minor: around.negative ? -number.minor : number.minor,
    mark: around.mark,
    currency: around.currency,
    form: number.form,
  };
}

/** Two words of `CREDIT`, the longest that stands beside an amount. */
const MOST_LETTERS = 12;

function lettersOf(text: string): number {
  let letters = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i) | 0x20;
    if (code >= 0x61 && code <= 0x7a) letters += 1;
  }
  return letters;
}

interface Affixes {
  negative: boolean;
  mark: "dr" | "cr" | null;
  currency: string | null;
}

const AFFIX = /[-+()*]|[^-+()\s*]+/g;

/** What stands before and behind the digits: at most one sign (or brackets), one currency, one mark. */
function readAffixes(before: string, behind: string): Affixes | null {
  const found: Affixes = { negative: false, mark: null, currency: null };
  let signs = 0;
  let words = 0;
  let brackets = "";
  for (const side of [before, behind]) {
    for (const [token] of side.toUpperCase().matchAll(AFFIX)) {
      if (token === "(" || token === ")") brackets += token;
      else if (token === "-" || token === "+") {
        signs += 1;
        found.negative = token === "-";
      } else if (token !== "*") {
        words += 1;
        if (!readAffix(token, side === before, found)) return null;
      }
    }
  }
  if (signs > 1 || words > 2 || (brackets !== "" && brackets !== "()")) return null;
  // `(1,234.56)` is a negative amount; `1,234.56 (Dr)` is a mark in brackets.
  if (brackets === "()" && before.includes("(")) found.negative = true;
  return found;
}

/** One letter before the digits is a currency (`N500`, `R1 234.56`), behind them a mark (`500.00 D`). */
function readAffix(token: string, before: boolean, found: Affixes): boolean {
  const word = token.replace(/[.,:]+$/, "");
  const mark = word.length === 1 && before ? undefined : MARKS[word];
  if (mark !== undefined) {
    if (found.mark !== null) return false;
    found.mark = mark;
    return true;
  }
  if ((word === "N" || word === "R") && !before) return false;
  const currency = CODES.has(word) ? word : (SYMBOLS[token] ?? SYMBOLS[word]);
  if (currency === undefined || (found.currency !== null && currency !== null && found.currency !== currency))
    return false;
  found.currency = currency ?? found.currency;
  return true;
}

const ZEROS = /^0{1,2}$/;

type Digits = Pick<Amount, "minor" | "form">;

/** Longer runs of bare digits are references, phone or card numbers. */
const LONGEST_PLAIN = 9;
const GROUP_MARKS: Readonly<Record<DecimalMark, readonly string[]>> = {
  ".": [",", "'", " "],
  ",": [".", "'", " "],
};

function parseNumber(text: string, decimal: DecimalMark, exponent: number): Digits | null {
  const at = text.lastIndexOf(decimal);
  const whole = at < 0 ? text : text.slice(0, at);
  const part = at < 0 ? "" : text.slice(at + 1);
  // Yen have no decimals, and some banks print `.00` all the same.
  const idle = exponent === 0 && ZEROS.test(part);
  if (at >= 0 && (part.length === 0 || (part.length > exponent && !idle) || !allDigits(part))) return null;
  const digits = ungroup(whole, GROUP_MARKS[decimal]);
  if (digits === null) return null;
  const grouped = digits.length !== whole.length;
  // `07.10` is a date and `000123` a reference. `08,151.97` is a misprint: once read, arithmetic speaks against it.
  const short = at < 0 || digits.length <= 2;
  if (digits.length > 1 && digits.startsWith("0") && short && !grouped) return null;
  if (at < 0 && !grouped && digits.length > LONGEST_PLAIN) return null;
  const minor = BigInt((digits || "0") + (idle ? "" : part.padEnd(exponent, "0")));
  return { minor, form: at >= 0 ? "decimal" : grouped ? "grouped" : "plain" };
}

/** Digits without their group marks, or null where the groups are not by three or the Indian two-two-three. */
function ungroup(whole: string, marks: readonly string[]): string | null {
  if (allDigits(whole)) return whole;
  const mark = marks.find((candidate) => whole.includes(candidate));
  if (mark === undefined) return null;
  const groups = whole.split(mark);
  const [first = "", ...rest] = groups;
  const last = rest.pop() ?? "";
  if (!groups.every(allDigits) || first === "" || last.length !== 3) return null;
  const byThree = first.length <= 3 && rest.every((group) => group.length === 3);
  const indian =
    mark === "," && first.length <= 2 && rest.length > 0 && rest.every((group) => group.length === 2);
  return byThree || indian ? groups.join("") : null;
}

function allDigits(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

export function abs(minor: bigint): bigint {
  return minor < 0n ? -minor : minor;
}

/** A number with at least one mark in it; `%` behind it makes it a rate. */
const MARKED = /(?<![\d.,/]|\d-)\d[\d.,']*[.,]\d+(?![\d.,/]|\s?%)/g;

/** So many numbers more on one side settle it: a long document need not be read to its end. */
const SETTLED = 200;

/** How often each mark stands before decimals: beyond doubt, and as far as one can tell. */
interface Votes {
  sure: Record<DecimalMark, number>;
  weak: Record<DecimalMark, number>;
}

const other = (mark: DecimalMark): DecimalMark => (mark === "," ? "." : ",");

/**
 * Whether the document writes 1,234.56 or 1.234,56. `07.10` may be the seventh of October and says nothing;
 * a number with both marks says most. Where no number has two decimals, `12,5` and `1.234.567` tell. The point wins
 * a tie.
 * @param exponent decimal places of the currency's minor unit: of dinars `1.250` is a bit more than one
 */
export function detectDecimalMark(texts: Iterable<string>, exponent = 2): DecimalMark {
  const votes: Votes = { sure: { ".": 0, ",": 0 }, weak: { ".": 0, ",": 0 } };
  for (const text of texts) {
    if (!text.includes(",") && !text.includes(".")) continue;
    for (const [number] of text.matchAll(MARKED)) vote(votes, number, exponent);
    if (Math.abs(votes.sure[","] - votes.sure["."]) >= SETTLED) break;
  }
  const { sure, weak } = votes;
  const told = sure[","] + sure["."] > 0 ? sure : weak;
  return told[","] > told["."] ? "," : ".";
}

function vote({ sure, weak }: Votes, number: string, exponent: number): void {
  const at = Math.max(number.lastIndexOf(","), number.lastIndexOf("."));
  const mark: DecimalMark = number[at] === "," ? "," : ".";
  const whole = number.slice(0, at);
  const part = number.slice(at + 1);
  const repeated = whole.includes(mark);
  if (whole.includes(other(mark))) {
    // `1.234,567` is a quantity of something, or an amount of dinars.
    if (!repeated && part.length <= Math.max(2, exponent)) sure[mark] += 5;
  } else if (repeated) {
    if (part.length === 3) weak[other(mark)] += 1;
  } else if (part.length === exponent && exponent > 0) {
    if (!couldBeDayMonth(whole, part)) sure[mark] += 1;
  } else if (part.length === 3) weak[other(mark)] += 1;
  else if (part.length < 3) weak[mark] += couldBeDayMonth(whole, part) ? 0 : 1;
}

function couldBeDayMonth(a: string, b: string): boolean {
  return a.length === 2 && ((Number(a) <= 31 && Number(b) <= 12) || (Number(a) <= 12 && Number(b) <= 31));
}

const BY_MARK = /(?<![\d.,])\d{1,3}(?:[.,']\d{2,3})+[.,]\d{1,3}(?![\d.,])/g;
const BY_SPACE = /(?<![\d.,] ?)\d{1,3}(?: \d{3})+[.,]\d{1,3}(?![\d.,])/g;

/** Whether the document groups its digits by marks rather than by spaces: `12 345.67` are then two numbers. */
export function groupsByMark(texts: Iterable<string>): boolean {
  let marks = 0;
  let spaces = 0;
  for (const text of texts) {
    if (!/[.,]\d/.test(text)) continue;
    marks += text.match(BY_MARK)?.length ?? 0;
    spaces += text.match(BY_SPACE)?.length ?? 0;
    if (Math.abs(marks - spaces) >= SETTLED) break;
  }
  return marks > spaces;
}
