/** The codes that name a bank or an account, and the shapes that prove them. */

/** ISO 13616: the remainder modulo 97 of the rearranged number is 1. Spaces must be gone. */
export function isIban(text: string): boolean {
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(text)) return false;
  let remainder = 0;
  for (const character of text.slice(4) + text.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
}

/** RBI: four letters of the bank, a zero, six of the branch. */
export function isIfsc(text: string): boolean {
  return /^[A-Z]{4}0[A-Z0-9]{6}$/.test(text);
}

/** ISO 9362: institution, country, location, and a branch that may be left out. */
export function isBic(text: string): boolean {
  return /^[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?$/.test(text);
}

/** Nine digits of the American Bankers Association, whose sum with weights 3, 7, 1 ends in zero. */
export function isRoutingNumber(text: string): boolean {
  if (!/^\d{9}$/.test(text) || text === "000000000") return false;
  let sum = 0;
  for (let at = 0; at < text.length; at += 1) sum += Number(text[at]) * ([3, 7, 1][at % 3] ?? 0);
  return sum % 10 === 0;
}

export function isMicr(text: string): boolean {
  return /^\d{9}$/.test(text);
}

/** `20-71-64`, `20 71 64` and `207164` are one sort code, written with hyphens. */
export function toSortCode(text: string): string | null {
  const match = /^(\d{2})[- ]?(\d{2})[- ]?(\d{2})$/.exec(text);
  return match ? match.slice(1).join("-") : null;
}

/** Groups in which numbers are printed: digits, masks, letters of an IBAN or of a bank's own prefix. */
const GROUP = /^[A-Z0-9Xx*•#-]+$/;
const MASK_OR_DIGITS = /^[\dXx*•-]+$/;
/** Not one more word than a number has, lest a date or a branch code joins it. */
const LONGEST = 34;

/**
 * The account number with which the words begin, without spaces: `6225 **** **** 7788`, `XXX-X-3456`,
 * `GG 76WFER 75020793`, `1612-7771-6576`. Null where the words begin with no number.
 */
export function readAccountNumber(words: readonly string[]): string | null {
  const groups: string[] = [];
  let length = 0;
  for (const word of words) {
    const group = word.replace(/^\(|[,.;)]+$/g, "");
    if (!GROUP.test(group) || length + group.length > LONGEST) break;
    // Behind a number in digits only digits and masks go on; an IBAN goes on with letters too.
    const first = groups[0];
    const ibanLike = first !== undefined && /^[A-Z]{2}(?:\d\d|$)/.test(first);
    const goesOn = ibanLike && (/\d/.test(group) || (groups.length === 1 && group.length === 4));
    if (first !== undefined && !MASK_OR_DIGITS.test(group) && !goesOn) break;
    if (first === undefined && !/[\d*X•]/.test(group) && !/^[A-Z]{2}$/.test(group)) break;
    groups.push(group);
    length += group.length;
  }
  const number = groups.join("");
  const digits = number.replace(/\D/g, "").length;
  const masks = number.replace(/[^Xx*•]/g, "").length;
  if (digits < 3 || digits + masks < 6 || /^\d{1,2}-\d{1,2}-\d{2,4}$/.test(number)) return null;
  return number;
}

export function isMasked(number: string): boolean {
  return /[Xx*•]{2,}/.test(number);
}
