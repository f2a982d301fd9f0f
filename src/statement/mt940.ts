/** MT940, the customer statement message of SWIFT (Standards MT, category 9), as banks send it: framed or bare. */
import { minorDigits } from "./currency.ts";
import { compareDays, dayFrom } from "./days.ts";
import { exactMinor } from "./exact.ts";
import { isBic, isIban } from "./identity-codes.ts";
import { type Entry, type Ledger, statementOf } from "./ledger.ts";
import { type Details, readDetails, readOwnField, referenceOf } from "./mt940-details.ts";
import type { Facts, Identity, Period, Statement } from "./types.ts";
import { Unreadable } from "./unreadable.ts";

/** A field with its lines, the first without its tag. */
interface Field {
  tag: string;
  lines: string[];
  /** 1-based line of the file. */
  line: number;
}

interface Balance {
  /** `60M` and `62M`: the statement goes on in another message. */
  interim: boolean;
  date: Temporal.PlainDate;
  currency: string;
  minor: bigint;
}

/** One message: an account's bookings between two balances. */
interface Message {
  account: string;
  /** Of `:28C:`: the statement's number without its page. */
  number: string;
  /** Institution codes from around the message. */
  frame: string[];
  /** Where the bank's own field says it. */
  holder: string | null;
  opening: Balance | null;
  closing: Balance | null;
  entries: Entry[];
  totals: Facts["printedTotals"];
}

/** `:NS:` is banks' own, and none of the field before it. */
const TAG = /^:(\d\d[A-Z]?|NS):(.*)$/;
/** A message's end, SWIFT's blocks around it, and the control characters of older lines. */
// oxlint-disable-next-line no-control-regex -- SOH, STX and ETX are what is looked for
const END = /^(?:-(?:\}.*|XXX)?\s*|\{\d:.*|[\u0001-\u0003].*)$/;
const START = /^:20:/m;
const BODY = /^:6[01][FM]?:/m;

/** Whether a text is a customer statement message. */
export function isMt940(text: string): boolean {
  return START.test(text) && BODY.test(text);
}

/** Every statement, in the file's order. Throws Unreadable where a field that must be there does not say what it must. */
export function readMt940(text: string): Statement[] {
  const ledgers: { ledger: Ledger; last: Message }[] = [];
  const seen = new Set<string>();
  for (const { fields, frame } of messagesOf(text)) {
    const content = contentOf(fields);
    if (seen.has(content)) continue;
    seen.add(content);
    const message = readMessage(fields, frame);
    const before = ledgers.at(-1);
    if (before !== undefined && continues(before.last, message)) extend(before.ledger, before.last, message);
    else ledgers.push({ ledger: toLedger(message), last: message });
    const now = ledgers.at(-1);
    if (now !== undefined) now.last = message;
  }
  return ledgers.map(({ ledger }) => statementOf(ledger)).filter((statement) => statement !== null);
}

/** Fields by message: each starts with `:20:` and ends with a lone `-`, or with the next one. */
function messagesOf(text: string): { fields: Field[]; frame: string[] }[] {
  const messages: { fields: Field[]; frame: string[] }[] = [];
  let frame: string[] = [];
  let open: Field | null = null;
  text.split(/\r\n|\n|\r/).forEach((line, index) => {
    const match = TAG.exec(line);
    if (match !== null) {
      const [, tag = "", value = ""] = match;
      open = { tag, lines: [value], line: index + 1 };
      if (tag === "20") {
        messages.push({ fields: [], frame });
        frame = [];
      }
      messages.at(-1)?.fields.push(open);
    } else if (END.test(line)) {
      open = null;
      frame.push(line);
    } else if (open === null) frame.push(line);
    else open.lines.push(line);
  });
  return messages;
}

/** A message may be sent again under another reference: number, balances and entries say which statement it is. */
function contentOf(fields: readonly Field[]): string {
  return fields
    .filter(({ tag }) => tag !== "20")
    .map(({ tag, lines }) => `${tag} ${lines.join("\n")}`)
    .join("\n");
}

function readMessage(fields: readonly Field[], frame: string[]): Message {
  const message: Message = {
    account: "",
    number: "",
    frame,
    holder: null,
    opening: null,
    closing: null,
    entries: [],
    totals: [],
  };
  let open: OpenEntry | null = null;
  for (const field of fields) {
    const [first = ""] = field.lines;
    if (field.tag === "25" || field.tag === "25P") message.account = first.trim();
    else if (field.tag === "28" || field.tag === "28C") message.number = first.split("/")[0] ?? "";
    else if (field.tag === "60F" || field.tag === "60M") message.opening = readBalance(field, null);
    else if (field.tag === "62F" || field.tag === "62M") {
      const closing = readBalance(field, message.opening);
      // In another currency it closes nothing.
      message.closing = closing.currency === (message.opening ?? closing).currency ? closing : null;
      open = null;
    } else if (field.tag === "61") {
      open = readEntry(field, minorDigits(message.opening?.currency ?? null));
      if (open !== null) message.entries.push(open.entry);
    } else if (field.tag === "86") {
      if (open !== null) describe(open, readDetails(field.lines));
      else if (message.closing !== null) message.totals = readTotals(first, message.closing);
    } else if (field.tag === "NS") {
      if (open !== null) describe(open, readOwnField(field.lines));
      else message.holder = holderOf(field.lines);
    }
  }
  return message;
}

/** Some closing balances leave the currency to the opening one. */
const BALANCE = /^([DC])(\d{6})([A-Z]{3})?([\d,]+)\s*$/;

function readBalance({ tag, lines, line }: Field, opening: Balance | null): Balance {
  const [, mark = "", day = "", named, amount = ""] = BALANCE.exec(lines[0] ?? "") ?? [];
  const currency = named ?? opening?.currency ?? "";
  const date = dayOf(day);
  const minor = exactMinor(amount, minorDigits(currency));
  if (date === null || minor === null) throw new Unreadable(`:${tag}:`, line);
  return { interim: tag.endsWith("M"), date, currency, minor: mark === "D" ? -minor : minor };
}

/** `YYMMDD`. */
function dayOf(text: string): Temporal.PlainDate | null {
  const match = /^(\d\d)(\d\d)(\d\d)$/.exec(text);
  if (match === null) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return dayFrom(year < 70 ? 2000 + year : 1900 + year, month, day);
}

/** An entry whose details are still to come, and the bank's reference, which stands in for want of a better one. */
interface OpenEntry {
  entry: Entry;
  bankReference: string | null;
}

/** Value date, entry date, mark (`RC` takes a credit back, `RD` a debit), funds code, amount, kind, reference. */
const ENTRY = /^(\d{6})(\d{4})?(E?[DC]|R[DC])([A-Z])?(\d*,?\d*)([A-Z][A-Z0-9 ]{3})?(.*)$/;
const SIGNS: Readonly<Record<string, bigint>> = { C: 1n, RD: 1n, D: -1n, RC: -1n };

/** Null for an expected entry (`EC`, `ED`): it is not booked. */
function readEntry({ lines, line }: Field, exponent: number): OpenEntry | null {
  const match = ENTRY.exec(lines[0] ?? "");
  const valueDate = valueDay(match?.[1] ?? "");
  const amount = exactMinor(match?.[5] ?? "", exponent);
  if (match === null || valueDate === null || amount === null) throw new Unreadable(":61:", line);
  const sign = SIGNS[match[3] ?? ""];
  if (sign === undefined) return null;
  const date = match[2] === undefined ? valueDate : bookedOn(match[2], valueDate);
  if (date === null) throw new Unreadable(":61:", line);
  const [customer = "", bank = ""] = (match[7] ?? "").split("//");
  const bankReference = referenceOf(bank);
  const entry: Entry = {
    kind: "entry",
    date,
    valueDate,
    description: readDetails(lines.slice(1)).text,
    reference: referenceOf(customer) ?? bankReference,
    minor: sign * amount,
    line,
  };
  return { entry, bankReference };
}

/** Interest is dated `0230` where a month has thirty days: that is February's last. */
function valueDay(text: string): Temporal.PlainDate | null {
  return dayOf(text) ?? dayOf(text.replace(/02(?:29|30)$/, "0228"));
}

/** The entry date has no year: it is the one nearest to the value date, also across New Year. */
function bookedOn(text: string, valueDate: Temporal.PlainDate): Temporal.PlainDate | null {
  const years = [0, 1, -1].map((years) => (valueDate.year + years) % 100);
  const days = years
    .map((year) => dayOf(String(year).padStart(2, "0") + text))
    .filter((day) => day !== null)
    .map((day) => ({ day, off: Math.abs(day.until(valueDate).days) }));
  return days.toSorted((a, b) => a.off - b.off)[0]?.day ?? null;
}

/** The other side's reference says more than the bank's own. */
function describe({ entry, bankReference }: OpenEntry, { text, reference }: Details): void {
  if (text !== "") entry.description = text;
  if (reference !== null && entry.reference === bankReference) entry.reference = reference;
}

/** `:NS:22Test GmbH`: the holder, in the field that is each bank's own. */
function holderOf(lines: readonly string[]): string | null {
  const [, name = ""] = /^22(.*\p{L}.*)$/u.exec(lines[0] ?? "") ?? [];
  return name.trim() === "" ? null : name.trim();
}

/** ING closes with `D000004C000002D25,24C28,71`: counts and sums of debits and credits. */
const TOTALS = /^D(\d{6})C(\d{6})D([\d,]+)C([\d,]+)\s*$/;

function readTotals(text: string, { currency }: Balance): Facts["printedTotals"] {
  const [, debits, credits, debit = "", credit = ""] = TOTALS.exec(text) ?? [];
  const exponent = minorDigits(currency);
  const [out, into] = [exactMinor(debit, exponent), exactMinor(credit, exponent)];
  if (debits === undefined || credits === undefined || out === null || into === null) return [];
  return [
    { kind: "debit_count", printed: BigInt(debits) },
    { kind: "credit_count", printed: BigInt(credits) },
    { kind: "debit", printed: out },
    { kind: "credit", printed: into },
  ];
}

/** A message that opens with an interim balance goes on with the statement before it: same account, same number. */
function continues(before: Message, message: Message): boolean {
  return (
    before.closing?.interim === true &&
    message.opening?.interim === true &&
    before.account === message.account &&
    (before.number === message.number || before.closing.minor === message.opening.minor)
  );
}

/** Where a message between the two is missing, its balances differ, and the chain breaks there. */
function extend(ledger: Ledger, before: Message, message: Message): void {
  const line = message.entries[0]?.line ?? ledger.entries.at(-1)?.line ?? 1;
  for (const balance of [before.closing, message.opening])
    if (balance !== null) ledger.entries.push({ kind: "mark", minor: balance.minor, line });
  for (const entry of message.entries) ledger.entries.push(entry);
  ledger.closing = message.closing?.minor ?? null;
  ledger.totals = message.totals;
  const { period } = ledger;
  if (period !== null && message.closing !== null)
    ledger.period = { from: period.from, to: message.closing.date };
}

function toLedger(message: Message): Ledger {
  const { opening, closing, entries, totals, account, frame, holder } = message;
  const identity = accountOf(account, opening?.currency ?? "");
  return {
    identity: { ...identity, bic: identity.bic ?? frameBic(frame), name: holder },
    currency: opening?.currency || closing?.currency || null,
    period: periodOf(message),
    opening: opening?.minor ?? null,
    closing: closing?.minor ?? null,
    totals,
    entries: [...entries],
    // `TRIODOSBANK/0390123456` names the bank in words.
    bankTexts: account.includes("/") ? [account.split("/")[0] ?? ""] : [],
  };
}

/** The opening balance is that of the evening before, unless something was booked on its day. */
function periodOf({ opening, closing, entries }: Message): Period | null {
  if (opening === null || closing === null) return null;
  const first = entries.map(({ date }) => date).toSorted(compareDays)[0];
  const next = opening.date.add({ days: 1 });
  const from = first !== undefined && compareDays(first, opening.date) > 0 && compareDays(next, closing.date) <= 0 ? next : opening.date; // prettier-ignore
  return compareDays(from, closing.date) <= 0 ? { from, to: closing.date } : null;
}

/** `NL91ABNA0417164300EUR`, `DEUTDEFF/1234567`, `50880050/0194776700888`, `UBRTHUHB/1234567/HUF`, `517852257`. */
function accountOf(text: string, currency: string): Pick<Identity, "accountNumber" | "iban" | "bic"> {
  const parts = text.replace(/\s+/g, "").replace(/\/[A-Z]{3}$/, "").split("/"); // prettier-ignore
  const bic = parts.length > 1 && isBic(parts[0] ?? "") ? (parts[0] ?? null) : null;
  const last = parts.at(-1) ?? "";
  const number = currency !== "" && last.endsWith(currency) ? last.slice(0, -currency.length) : last;
  const iban = isIban(number) ? number : null;
  return { accountNumber: iban ?? (number === "" ? null : number), iban, bic };
}

/** `{1:F01INGBNL2AXXXX…}`, `0000 01INGBNL2AXXXX00001`, `ABNANL2A`: the sender's terminal holds its BIC. */
function frameBic(frame: readonly string[]): string | null {
  for (const line of frame) {
    const [, terminal, bare] =
      /(?:F01|^0000 01)([A-Z]{6}[A-Z0-9]{2})|^([A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)\s*$/.exec(line) ?? [];
    const bic = terminal ?? bare;
    if (bic !== undefined && isBic(bic)) return bic;
  }
  return null;
}
