/**
 * Who is on the other side, and the scheme's own reference: one reader per rail, because each bank orders its fields
 * in its own way. A reader answers with a place in the narration, so that names stay as printed.
 */

import { delimiterAfter, fieldsOf, type Field } from "./fields.ts";
import { PLACES } from "./machinery.ts";
import { isWordStart, nothingFound, takeName, type Found } from "./printed.ts";
import { readWords } from "./words.ts";

const textOf = (text: string, each: Field): string => text.slice(each.start, each.end);

function takeVpa(found: Found, upper: string, each: Field): void {
  const at = upper.indexOf("@", each.start);
  const handle = at + 1;
  if (at === each.start || handle >= each.end) return;
  // `To:asha@okbk`.
  const colon = upper.lastIndexOf(":", at);
  const start = colon > each.start ? colon + 1 : each.start;
  found.vpa = upper.slice(start, each.end).replaceAll(" ", "").toLowerCase();
}

/** Letters and digits only: no date, no time. */
function isCode(text: string, each: Field): boolean {
  for (let i = each.start; i < each.end; i += 1) if (!isWordStart(text.charCodeAt(i))) return false;
  return true;
}

/** An RRN has 12 digits; the first long number is it. */
function takeReference(found: Found, text: string, fields: readonly Field[]): void {
  for (const each of fields) {
    if (each.kind !== "number" && each.kind !== "reference") continue;
    if (each.end - each.start < 6 || !isCode(text, each)) continue;
    found.reference = textOf(text, each);
    if (each.end - each.start >= 10) return;
  }
}

const firstText = (fields: readonly Field[]): Field | undefined =>
  fields.find((each) => each.kind === "text");

/**
 * An address can hold the delimiter of its bank, so the cut is undone: `9950720425-2@axl`, and `ASHA R-ASHA-SHOP@okbk`, where a
 * single word stands between the name and the address.
 */
function rejoinVpa(upper: string, fields: Field[]): void {
  for (let i = 1; i < fields.length; i += 1) {
    const each = fields[i];
    const before = fields[i - 1];
    if (each?.kind !== "vpa" || before === undefined) continue;
    const numbered = upper.charCodeAt(each.start + 1) === 64 && before.kind === "number";
    const spaced = upper.slice(before.start, before.end).includes(" ");
    const between = i >= 2 && fields[i - 2]?.kind === "text" && before.kind !== "number" && !spaced;
    if (before.end + 1 === each.start && (numbered || between)) {
      fields.splice(i - 1, 2, { kind: "vpa", start: before.start, end: each.end });
    }
    return;
  }
}

/** `Paid to ASHA R`: a name, not a remark. */
const ADDRESSED = /^(?:PAYMENT|PAID|PAY|SENT|RECEIVED|RECD|TRANSFER|TRF) (?:TO|FROM|BY) /;

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
  // `REV-UPI-412345678901-asha@okbk-ASHA R`: the name comes last.
  const nameLast = upper.startsWith("REV");
  for (const [i, each] of fields.entries()) {
    if (each.kind === "vpa" && !seenVpa) {
      seenVpa = true;
      takeVpa(found, upper, each);
      const before = fields[i - 1];
      // The remark stands between the number and the address where no direction is printed.
      const remark = delimiter === 47 && numbered && !directed && before === name;
      if (remark && name !== undefined && !ADDRESSED.test(upper.slice(name.start, name.end)))
        name = undefined;
    } else if (each.kind === "number" && each.end - each.start >= 9 && name === undefined) {
      numbered = true;
    } else if (each.kind === "marker" && DIRECTIONS.has(textOf(upper, each))) {
      directed = true;
    } else if (
      each.kind === "text" &&
      name === undefined &&
      (nameLast || !(seenVpa && (delimiter === 45 || numbered)))
    ) {
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

/** Kotak: `Sent IMPS412345678901ASHA R/OKBK/…`. */
const GLUED_IMPS = /IMPS(\d{12})([A-Z][A-Z .]*)/;

/**
 * `IMPS-414212345678-ASHA R-OKBK-XXXXXXX9876-RENT` (HDFC), `MMT/IMPS/414212345678/RENT/ASHA R/OKBK0000001` (ICICI: the name
 * stands before the bank), `IMPS/P2A/414212345678/ASHA R/…` (Axis), `IMPS/414212345678/OKBK-xx024- ASHA R/…` (SBI).
 */
export function readImps(text: string, upper: string, railEnd: number): Found {
  const found = nothingFound();
  const glued = GLUED_IMPS.exec(upper);
  if (glued !== null) {
    found.reference = glued[1] ?? null;
    const nameEnd = glued.index + glued[0].length;
    takeName(found, upper, nameEnd - (glued[2] ?? "").length, nameEnd);
    return found;
  }
  const delimiter = delimiterAfter(upper, railEnd);
  if (delimiter === 0) return readWords(text, upper);
  const fields = fieldsOf(upper, railEnd, delimiter, delimiter);
  takeReference(found, text, fields);
  const account = fields.find((each) => each.kind === "account");
  if (account !== undefined) found.account = textOf(text, account);
  const remarkFirst = upper.startsWith("MMT") || upper.includes(" MMT/");
  const name = remarkFirst ? fields.findLast((each) => each.kind === "text") : firstText(fields);
  if (name === undefined) return found;
  const dash = upper.lastIndexOf("-", name.end);
  const start = dash > name.start && upper.slice(name.start, dash).includes("XX") ? dash + 1 : name.start;
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
  const name =
    fields.find((each) => each.kind === "text" && !LOAN.test(textOf(upper, each))) ??
    fields.find((each) => each.kind === "bank" || each.kind === "text");
  if (name !== undefined) takeName(found, upper, name.start, name.end);
  return found;
}

/** `HOME LOAN EMI` after a bank's name is no name. */
const LOAN = /^[A-Z]+ (?:[A-Z]+ )?(?:LOAN|EMI)(?: EMI)?$/;

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

/** SBI: `BY TRANSFER- IID862 trf-TRANSFER FROM 10448580001 ASHA R /`. */
const BETWEEN_ACCOUNTS = /TRANSFER (?:TO|FROM) (\d{9,}) ([A-Z][A-Z. ]+)/;

/** Transfers inside one bank and its bill payments: `INF/INFT/123/RENT/ASHA R`, `BIL/ONL/123/BESCOM/…`, `IB FUNDS TRANSFER CR-123`. */
export function readTransfer(text: string, upper: string): Found {
  const tpt = upper.indexOf("TPT-");
  if (tpt !== -1) return readTpt(text, upper, tpt);
  const found = nothingFound();
  const between = BETWEEN_ACCOUNTS.exec(upper);
  if (between !== null) {
    found.account = between[1] ?? null;
    const nameEnd = between.index + between[0].length;
    takeName(found, upper, nameEnd - (between[2] ?? "").length, nameEnd);
    return found;
  }
  const slash = upper.includes("/");
  if (!slash && !upper.includes("-")) return readWords(text, upper);
  const fields = fieldsOf(upper, 0, slash ? 47 : 45, slash ? 47 : 45);
  takeReference(found, text, fields);
  const name = upper.startsWith("INF/") ? fields.findLast((each) => each.kind === "text") : firstText(fields);
  if (name !== undefined) takeName(found, upper, name.start, name.end);
  const last = fields.at(-1);
  if (name === undefined && !slash && last?.kind === "number" && last.end - last.start >= 9) {
    found.account = textOf(text, last);
    found.reference = null;
  }
  return found;
}

/** `CCAVENUE/GREEN SHOP/123`, `PAYU*GREEN CABS 123`: the shop, and the gateway itself where no shop is printed. */
export function readGateway(text: string, upper: string, railEnd: number): Found {
  const found = nothingFound();
  const delimiter = upper.includes("/") ? 47 : upper.includes("*") ? 42 : 45;
  const fields = fieldsOf(upper, 0, delimiter, delimiter);
  takeReference(found, text, fields);
  const texts = fields.filter((each) => each.kind === "text");
  const gateway = texts.find((each) => each.start < railEnd && railEnd <= each.end + 1);
  const name = texts.find((each) => each !== gateway) ?? gateway;
  if (name !== undefined) takeName(found, upper, name.start, name.end);
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
  const name = fields.find(
    (each) => each.kind === "text" && each.end - each.start > 2 && !PLACES.has(textOf(upper, each)),
  );
  if (name !== undefined) takeName(found, upper, name.start, name.end);
  return found;
}

/** `POS 4123XXXXXXXX1234 GREEN SHOP PUNE POS DEBIT`, `VPS/GREEN SHOP/202406051120/…`, `TO ECM/791999/GREEN COM \1450 Page Mil`. */
export function readCard(text: string, upper: string, railEnd: number): Found {
  const delimiter = delimiterAfter(upper, railEnd);
  if (delimiter === 0) return readWords(text, upper);
  const found = nothingFound();
  const fields = fieldsOf(upper, railEnd, delimiter, delimiter === 47 ? 92 : delimiter);
  // `debit card-OTHPG 400912345678 GREEN SHOP PUNE`: the hyphen parts nothing.
  if (delimiter === 45 && fields[0]?.kind !== "account" && fields[0]?.kind !== "reference")
    return readWords(text, upper);
  const name = firstText(fields);
  if (name !== undefined) takeName(found, upper, name.start, name.end);
  return found;
}
