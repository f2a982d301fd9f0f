/** Which format a file has, told by what is in it: names and declared types are the sender's opinion. */
import { isCamt053 } from "./camt.ts";
import { type Delimiter, findDelimiter } from "./csv.ts";
import { isMt940 } from "./mt940.ts";
import { isOfx } from "./ofx.ts";
import { isZip } from "./spreadsheet.ts";
import { decodeText } from "./text.ts";

export type Format =
  | { kind: "pdf" }
  | { kind: "zip" }
  /** The container of Office before 2007, and of password-protected workbooks since. */
  | { kind: "ole"; encrypted: boolean }
  | { kind: "ofx" | "mt940" | "camt"; text: string }
  | { kind: "csv"; text: string; delimiter: Delimiter }
  /** Text of a kind that is known and not read: web pages, other XML. */
  | { kind: "markup" }
  | { kind: "unknown" };

const OLE = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
/** The header may stand behind some bytes of mail or printer prologue (ISO 32000-1, annex H). */
const PDF_WITHIN = 1024;

export function formatOf(bytes: Uint8Array): Format {
  if (isZip(bytes)) return { kind: "zip" };
  if (OLE.every((byte, index) => bytes[index] === byte))
    return { kind: "ole", encrypted: holdsWide(bytes, "EncryptedPackage") };
  if (holds(bytes.subarray(0, PDF_WITHIN), "%PDF-")) return { kind: "pdf" };
  const text = decodeText(bytes);
  if (text === null || text.trim() === "") return { kind: "unknown" };
  if (isOfx(text)) return { kind: "ofx", text };
  if (isCamt053(text)) return { kind: "camt", text };
  if (isMt940(text)) return { kind: "mt940", text };
  if (/^\s*<(?:\?xml|!doctype|html|table|\w+[\s>:])/i.test(text)) return { kind: "markup" };
  const delimiter = findDelimiter(text);
  return delimiter === null ? { kind: "unknown" } : { kind: "csv", text, delimiter };
}

function holds(bytes: Uint8Array, text: string): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(text);
}

/** In UTF-16, as the container's directory writes names. */
function holdsWide(bytes: Uint8Array, text: string): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(Buffer.from(text, "utf16le"));
}
