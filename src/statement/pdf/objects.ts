/** The objects of a stretch of a PDF as they lie there, without its cross-reference table. */

import { constants, inflateSync } from "node:zlib";

export interface RawObject {
  /** Its text up to a stream, at most `DICTIONARY` characters, Latin-1. */
  dictionary: string;
  /** The whole object: equal bytes are the same object. Of an object inside an object stream, its text. */
  bytes: Buffer;
}

const DICTIONARY = 16_384;
/** An object stream holds 100 to 200 small objects; far more is made to cost memory. */
const MAX_INFLATED = 4 * 2 ** 20;
const MAX_UNPACKED = 32 * 2 ** 20;
const MAX_OBJECTS = 100_000;
const HEADER = /(?:^|[\s>])(\d{1,9})\s+\d{1,5}\s+obj\b/g;
/** Room for `123456789 65535 obj` before the word. */
const HEADER_ROOM = 24;

/** Objects by number; the last of equal numbers counts. What is encrypted stays closed. */
export function objectsIn(bytes: Buffer, from: number, to: number): Map<number, RawObject> {
  const found = new Map<number, RawObject>();
  const part = bytes.subarray(from, to);
  let room = MAX_UNPACKED;
  let at = part.indexOf("obj");
  while (at >= 0 && found.size < MAX_OBJECTS) {
    const head = part.toString("latin1", Math.max(0, at - HEADER_ROOM), at + 3);
    const number = Array.from(head.matchAll(HEADER)).at(-1)?.[1];
    if (number === undefined) {
      at = part.indexOf("obj", at + 3);
      continue;
    }
    const end = part.indexOf("endobj", at + 3);
    if (end < 0) return found;
    const bytes = part.subarray(at + 3, end);
    const object = { dictionary: dictionaryOf(bytes), bytes };
    found.set(Number(number), object);
    for (const [inner, packed] of room > 0 ? unpack(object) : []) {
      found.set(inner, packed);
      room -= packed.bytes.length;
    }
    at = part.indexOf("obj", end + 6);
  }
  return found;
}

function dictionaryOf(body: Buffer): string {
  const stream = body.indexOf("stream");
  return body.toString("latin1", 0, Math.min(DICTIONARY, stream < 0 ? body.length : stream));
}

/** Objects inside a compressed object stream (ISO 32000-1, 7.5.7): pairs of number and offset, then their texts. */
function unpack({ dictionary, bytes }: RawObject): [number, RawObject][] {
  if (!/\/Type\s*\/ObjStm\b/.test(dictionary)) return [];
  const first = Number(/\/First\s+(\d{1,9})/.exec(dictionary)?.[1] ?? Number.NaN);
  const text = inflated(bytes);
  if (text === null || !Number.isInteger(first)) return [];
  const numbers = text.slice(0, first).trim().split(/\s+/).map(Number);
  const found: [number, RawObject][] = [];
  for (let at = 0; at + 1 < numbers.length; at += 2) {
    const [number = 0, offset = 0, , next] = numbers.slice(at, at + 4);
    const inner = text.slice(first + offset, next === undefined ? undefined : first + next);
    found.push([number, { dictionary: inner.slice(0, DICTIONARY), bytes: Buffer.from(inner, "latin1") }]);
  }
  return found;
}

/** Null where it is encrypted, damaged, or packed another way. */
function inflated(body: Buffer): string | null {
  const word = body.indexOf("stream");
  if (word < 0) return null;
  const start = word + 6 + (body[word + 6] === 0x0d ? 2 : 1);
  try {
    return inflateSync(body.subarray(start), {
      maxOutputLength: MAX_INFLATED,
      finishFlush: constants.Z_SYNC_FLUSH,
    }).toString("latin1");
  } catch (error) {
    if (error instanceof Error && "code" in error) return null;
    throw error;
  }
}
