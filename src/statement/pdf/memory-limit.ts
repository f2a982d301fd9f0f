/**
 * Lowers the memory maximum that a WebAssembly module declares for itself.
 *
 * PDFium's module defines its own memory (it does not import one) with a maximum of 2 GiB, and a worker's
 * `resourceLimits` do not count WebAssembly memory: a 1.6 kB stream took 1,983 MB. The only place where the
 * limit can stand is the module's memory section, so the bytes are rewritten before they are compiled.
 * `memory.grow` past the maximum throws, Emscripten turns that into a failed allocation.
 * Format: WebAssembly Core 5.5.2 (sections) and 5.5.8 (memory section).
 */

/** One WebAssembly page. */
export const WASM_PAGE_BYTES = 65_536;

const HEADER_BYTES = 8;
const MEMORY_SECTION = 5;

/** Reads an unsigned LEB128 number: `[value, offset after it]`. */
function readLeb(bytes: Uint8Array, start: number): [number, number] {
  let value = 0;
  for (let at = start, shift = 0; shift < 35; at += 1, shift += 7) {
    const byte = bytes[at];
    if (byte === undefined) break;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return [value, at + 1];
  }
  throw new Error("not a WebAssembly module: a number is cut off");
}

function writeLeb(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

/** The memory section's new content: the same minimum, a maximum of at most `maxPages`. */
function limitedSection(bytes: Uint8Array, start: number, maxPages: number): number[] {
  const [count, flagsAt] = readLeb(bytes, start);
  const flags = bytes[flagsAt];
  // 0 = no maximum, 1 = a maximum; 2 and up are shared or 64-bit memories, which this build is not.
  if (count !== 1 || flags === undefined || flags > 1) throw new Error("unexpected memory section");
  const [minimum, maximumAt] = readLeb(bytes, flagsAt + 1);
  const declared = flags === 1 ? readLeb(bytes, maximumAt)[0] : maxPages;
  if (minimum > maxPages) throw new Error(`the module needs ${minimum} pages, the limit is ${maxPages}`);
  return [1, 1, ...writeLeb(minimum), ...writeLeb(Math.min(declared, maxPages))];
}

/**
 * A copy of the module `bytes` whose memory can never grow past `maxBytes` (rounded down to whole pages).
 * Throws when the bytes are no module, define no memory of their own, or start above the limit.
 */
export function limitMemory(bytes: Uint8Array, maxBytes: number): Uint8Array<ArrayBuffer> {
  if (bytes[0] !== 0 || bytes[1] !== 0x61 || bytes[2] !== 0x73 || bytes[3] !== 0x6d) {
    throw new Error("not a WebAssembly module: no magic number");
  }
  for (let at = HEADER_BYTES; at < bytes.length;) {
    const [size, contentAt] = readLeb(bytes, at + 1);
    if (bytes[at] === MEMORY_SECTION) {
      const content = limitedSection(bytes, contentAt, Math.floor(maxBytes / WASM_PAGE_BYTES));
      const section = [MEMORY_SECTION, ...writeLeb(content.length), ...content];
      const rest = bytes.subarray(contentAt + size);
      const limited = new Uint8Array(at + section.length + rest.length);
      limited.set(bytes.subarray(0, at));
      limited.set(section, at);
      limited.set(rest, at + section.length);
      return limited;
    }
    at = contentAt + size;
  }
  throw new Error("the module defines no memory of its own");
}
