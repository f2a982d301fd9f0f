/** Field `:86:` of MT940: what a booking was for, in the three ways in which banks write it. */
import { foldSpaces } from "./text.ts";

export interface Details {
  /** One line; empty where the field says nothing. */
  text: string;
  /** The payment's own reference where it is named. */
  reference: string | null;
}

/** Lines are cut at this length in the middle of words. */
const FULL_LINE = 65;
/** The German subfields hold this many characters and are cut likewise. */
const FULL_SUBFIELD = 27;

/** The code of the kind of booking, and the mark that starts each subfield. */
const GERMAN = /^\s*\d{3}([?~^>@+])(?=\d\d)/;

/** Reads the lines of the field. */
export function readDetails(lines: readonly string[]): Details {
  const mark = GERMAN.exec(lines[0] ?? "")?.[1];
  if (mark !== undefined) return readSubfields(glue(lines, FULL_LINE, mark), mark);
  const text = glue(lines, FULL_LINE);
  return KEYS.test(text) ? readKeys(text) : { text: foldSpaces(text), reference: null };
}

/** A piece that fills its place goes on in the next one without a space, and so does one before a mark. */
function glue(pieces: readonly string[], full: number, mark = ""): string {
  let text = "";
  let last = full;
  for (const piece of pieces) {
    const joined = last >= full || (mark !== "" && piece.startsWith(mark));
    text += joined ? piece : ` ${piece}`;
    last = piece.length;
  }
  return text;
}

/** `:NS:`, before SEPA the field of each bank's own: 01 to 14 say what for, 15 and 16 who. */
export function readOwnField(lines: readonly string[]): Details {
  const coded = lines.map((line) => /^(\d\d)(.*)$/.exec(line)).filter((match) => match !== null);
  const between = (from: number, to: number): string[] =>
    coded.filter(([, code]) => Number(code) >= from && Number(code) <= to).map(([, , value = ""]) => value);
  return { text: foldSpaces([...between(15, 16), ...between(1, 14)].join(" ")), reference: null };
}

/** `166?00GUTSCHRIFT?20SVWZ+Rechnung 12?21345?32MAX MUSTER` (German banks' structure, DFÜ agreement, annex 3). */
function readSubfields(text: string, mark: string): Details {
  const fields = new Map<string, string>();
  for (const part of text.split(mark).slice(1)) {
    const [, code, value = ""] = /^(\d\d)(.*)$/s.exec(part) ?? [];
    if (code !== undefined) fields.set(code, value);
  }
  const between = (from: number, to: number): string[] =>
    [...fields].filter(([code]) => Number(code) >= from && Number(code) <= to).map(([, value]) => value);
  const purpose = readPurpose(glue([...between(20, 29), ...between(60, 63)], FULL_SUBFIELD));
  const name = glue(between(32, 33), FULL_SUBFIELD);
  return {
    text: foldSpaces([fields.get("00") ?? "", name, purpose.text].join(" ")),
    reference: purpose.reference,
  };
}

/** `MTLG:` is the bank's own message. */
const SEPA =
  /(EREF\+|KREF\+|MREF\+|CRED\+|DEBT\+|COAM\+|OAMT\+|SVWZ\+|ABWA\+|ABWE\+|IBAN\+|BIC\+|PURP\+|ANAM\+|MTLG:)/;
const WORDS: readonly string[] = ["SVWZ+", "MTLG:", "ABWA+"];

/** `EREF+INV-12SVWZ+Invoice 12`: the words stand behind SVWZ, the payer's reference behind EREF. */
function readPurpose(text: string): Details {
  if (!SEPA.test(text)) return { text, reference: null };
  const pieces = text.split(new RegExp(SEPA, "g"));
  const values = new Map<string, string>();
  for (let i = 1; i < pieces.length; i += 2) values.set(pieces[i] ?? "", (pieces[i + 1] ?? "").trim());
  const words = [pieces[0] ?? "", ...WORDS.map((key) => values.get(key) ?? "")].join(" ");
  return { text: words.trim() === "" ? text : words, reference: referenceOf(values.get("EREF+") ?? "") };
}

const KEYS =
  /^\/(?:TRTP|EREF|NAME|REMI|ORDP|BENM|IBAN|BIC|CNTP|MARF|CSID|PREF|RTRN|PURP|TRCD|EREF|ADDR|ISDT)\//;
const KEY =
  /\/(TRTP|EREF|NAME|REMI|ORDP|BENM|IBAN|BIC|CNTP|MARF|CSID|PREF|RTRN|PURP|TRCD|ADDR|ISDT|ID|ULTB|ULTD|CTRY|SVCL|OCMT)\//g;

/** `/TRTP/SEPA OVERBOEKING/IBAN/…/NAME/A. JANSEN/REMI/Huur mei/EREF/…` (Dutch banks' structure). */
function readKeys(text: string): Details {
  const pieces = text.split(KEY);
  const values = new Map<string, string>();
  for (let i = 1; i < pieces.length; i += 2) {
    const key = pieces[i] ?? "";
    if (!values.has(key)) values.set(key, (pieces[i + 1] ?? "").trim());
  }
  // `/CNTP/IBAN/BIC/NAME/CITY/` names the other side in its third part.
  const party = values.get("NAME") ?? values.get("CNTP")?.split("/")[2] ?? "";
  const remittance = (values.get("REMI") ?? "").replace(/^(?:USTD|STRD)\/[^/]*\//, "");
  const words = foldSpaces([values.get("TRTP") ?? "", party, remittance.replace(/\/+$/, "")].join(" "));
  return { text: words === "" ? foldSpaces(text) : words, reference: referenceOf(values.get("EREF") ?? "") };
}

/** Null for what only says that there is none, or that it stands elsewhere. */
export function referenceOf(text: string): string | null {
  const bare = text.trim().replace(/\/+$/, "");
  return /^(?:|NOTPROVIDED|NONREF|KREF\+?|EREF\+?)$/.test(bare) ? null : bare;
}
