/** Bytes of a text file to characters, by its byte order mark, its declaration, or what its bytes can be. */

/** `ENCODING` of XML, `CHARSET` of OFX 1.x; both stand within the first lines and are ASCII. */
const DECLARED = /encoding=["']([\w-]{3,20})["']|^CHARSET:([\w-]{3,20})/im;
const DECLARED_WITHIN = 400;
/** UTF-16 without a mark shows in the zeros of its first characters. */
const PROBE = 400;

/** Text files hold tabs, line ends, form feeds, and SWIFT's own frame (0x01 to 0x04, 0x1A at the end). */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const NOT_TEXT = /[\u0000\u0005-\u0008\u000e-\u0019\u001b-\u001f\u007f]/;

/**
 * UTF-8, UTF-16 in either order, the declared single-byte set, else windows-1252 (of which Latin-1 and ASCII are
 * parts). Null where the result is no text: it holds NUL or other characters that no text file has.
 */
export function decodeText(bytes: Uint8Array): string | null {
  const text = decode(bytes);
  return text === null || NOT_TEXT.test(text) ? null : text;
}

function decode(bytes: Uint8Array): string | null {
  const [a, b, c] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return read(bytes, "utf-8", false);
  if (a === 0xff && b === 0xfe) return read(bytes, "utf-16le", false);
  if (a === 0xfe && b === 0xff) return read(bytes, "utf-16be", false);
  const wide = wideOrder(bytes);
  if (wide !== null) return read(bytes, wide, false);
  return (
    read(bytes, "utf-8", true) ?? read(bytes, declared(bytes), false) ?? read(bytes, "windows-1252", false)
  );
}

/** Null where the bytes are not in this encoding (`fatal`), or the encoding is not known here. */
function read(bytes: Uint8Array, encoding: string, fatal: boolean): string | null {
  try {
    return new TextDecoder(encoding, { fatal }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return null;
    throw error;
  }
}

function wideOrder(bytes: Uint8Array): "utf-16le" | "utf-16be" | null {
  const probe = bytes.subarray(0, PROBE);
  const zeros = [0, 0];
  probe.forEach((byte, index) => {
    if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = zeros;
  const half = probe.length / 2;
  if (odd > 0.6 * half && even < 0.1 * half) return "utf-16le";
  return even > 0.6 * half && odd < 0.1 * half ? "utf-16be" : null;
}

/** `CHARSET:1252` is a code page; an unknown name falls back to windows-1252. */
function declared(bytes: Uint8Array): string {
  const head = new TextDecoder("windows-1252").decode(bytes.subarray(0, DECLARED_WITHIN));
  const match = DECLARED.exec(head);
  const name = match?.[1] ?? match?.[2] ?? "windows-1252";
  return /^125\d$/.test(name) ? `windows-${name}` : name.replace(/^8859-/, "iso-8859-");
}

/** One line for people: control characters and runs of white space become one space. */
export function foldSpaces(text: string): string {
  return text.toWellFormed().replace(/[\s\p{Cc}]+/gu, " ").trim(); // prettier-ignore
}
