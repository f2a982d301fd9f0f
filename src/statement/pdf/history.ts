/**
 * What a PDF's bytes tell of its versions. A PDF is changed by writing new objects behind the old ones
 * (ISO 32000-1, 7.5.6): the old ones stay, so it can be seen which were replaced.
 *
 * Only read where there is a second version; one pass over the file for the marks costs a few ms per 10 MB.
 */

import type { FileHistory, FileUpdate } from "../types.ts";
import { objectsIn } from "./objects.ts";
import type { RawObject } from "./objects.ts";

/** A file with more versions was made by a program that saves after every step; the last ones tell enough. */
const MAX_VERSIONS = 20;
/** `startxref`, an offset, `%%EOF`: the end of one version. */
const END = /^startxref\s+(\d{1,12})\s+%%EOF/;
/** A linearised file ends its first part with offset 0: not a version of its own (annex F). */
const LINEARISED = "0";

/** Ends of the file's versions, as offsets behind their `%%EOF`. */
function versionEnds(bytes: Buffer): number[] {
  const ends: number[] = [];
  for (let at = bytes.indexOf("startxref"); at >= 0; at = bytes.indexOf("startxref", at + 9)) {
    const match = END.exec(bytes.toString("latin1", at, at + 48));
    if (match === null || match[1] === LINEARISED) continue;
    ends.push(at + match[0].length);
  }
  return ends;
}

const XMP_PRODUCER = /<pdf:Producer>([^<]{1,200})<\/pdf:Producer>|pdf:Producer="([^"]{1,200})"/g;
/** A file holds one description of itself; more come with its pictures and are not asked. */
const MAX_XMP = 4;
const XMP_REACH = 8192;

/** Programs that the file's own XMP names. Pictures bring XMP too, but none that names a PDF producer. */
function xmpProducers(bytes: Buffer): string[] {
  const found: string[] = [];
  let at = bytes.indexOf("pdf:Producer");
  for (let count = 0; at >= 0 && count < MAX_XMP; count += 1) {
    const text = bytes.toString("utf8", Math.max(0, at - 1), at + XMP_REACH);
    for (const [, element, attribute] of text.matchAll(XMP_PRODUCER)) found.push(element ?? attribute ?? "");
    at = bytes.indexOf("pdf:Producer", at + XMP_REACH);
  }
  return found;
}

/** `(…)` without escapes, as programs sign; a UTF-16 or encrypted string names nobody here. */
const INFO_PRODUCER = /\/Producer\s*\(([\x20-\x5b\x5d-\x7e\xa0-\xff]{1,200}?)\)/;

const isPage = (dictionary: string): boolean => /\/Type\s*\/Page\b(?!s)/.test(dictionary);

/** Object numbers that a page draws. */
function contentsOf(dictionary: string): number[] {
  const match = /\/Contents\s*(\[[^\]]*\]|\d+\s+\d+\s+R)/.exec(dictionary);
  return Array.from((match?.[1] ?? "").matchAll(/(\d+)\s+\d+\s+R/g), ([, number]) => Number(number));
}

/** Keys of the private data that programs keep on pages they worked on: `/PieceInfo << /Illustrator 12 0 R >>`. */
function touchedPages(bytes: Buffer): FileHistory["touched"] {
  if (bytes.indexOf("/PieceInfo") < 0) return null;
  const pages = [...objectsIn(bytes, 0, bytes.length).values()].filter(({ dictionary }) =>
    isPage(dictionary),
  );
  const programs = pages.map(({ dictionary }) => {
    const keys = /\/PieceInfo\s*<<([\s\S]*)/.exec(dictionary)?.[1];
    return keys === undefined ? null : (/^\s*\/([\w#.-]{1,60})/.exec(keys)?.[1] ?? null);
  });
  const known = programs.filter((program) => program !== null);
  if (known.length === 0) return null;
  return { pages: known.length, of: pages.length, programs: [...new Set(known)] };
}

type Objects = Map<number, RawObject>;

/** Pages whose drawing an update replaces or adds to: their object numbers. */
function redrawnPages(before: Objects, update: Objects): number[] {
  const redrawn = new Set<number>();
  for (const [number, object] of before) {
    if (!isPage(object.dictionary)) continue;
    const now = update.get(number);
    const contents = contentsOf(object.dictionary);
    if (now !== undefined && contentsOf(now.dictionary).join(" ") !== contents.join(" ")) redrawn.add(number);
    for (const content of contents) {
      const [was, is] = [before.get(content), update.get(content)];
      // Written again as it was: some programs save whole pages.
      if (is !== undefined && (was === undefined || !is.bytes.equals(was.bytes))) redrawn.add(number);
    }
  }
  return [...redrawn];
}

function updateOf(before: Objects, update: Objects): FileUpdate {
  const dictionaries = [...update.values()].map(({ dictionary }) => dictionary);
  const signs = dictionaries.map((text) => INFO_PRODUCER.exec(text)?.[1]?.trim());
  return {
    objects: update.size,
    replaced: [...update.keys()].filter((number) => before.has(number)).length,
    redrawnPages: redrawnPages(before, update).length,
    addedPages: [...update].filter(([number, { dictionary }]) => isPage(dictionary) && !before.has(number))
      .length,
    signed: dictionaries.some((text) => /\/Type\s*\/Sig\b|\/ByteRange\b/.test(text)),
    producer: signs.find((sign) => sign !== undefined) ?? null,
  };
}

/** The file's versions after the first, and who signed them. Never throws for what the bytes say. */
export function readHistory(file: Uint8Array): FileHistory {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const producers = xmpProducers(bytes);
  const ends = versionEnds(bytes);
  const updates: FileUpdate[] = [];
  const touched = touchedPages(bytes);
  if (ends.length < 2 || ends.length > MAX_VERSIONS) return { updates, producers, touched };
  const known = objectsIn(bytes, 0, ends[0] ?? 0);
  for (const [index, end] of ends.slice(1).entries()) {
    const update = objectsIn(bytes, ends[index] ?? 0, end);
    const found = updateOf(known, update);
    // Word ends its files with an empty second version (a hybrid cross-reference): nothing changed.
    if (found.objects > 0) updates.push(found);
    if (found.producer !== null) producers.push(found.producer);
    for (const [number, object] of update) known.set(number, object);
  }
  return { updates, producers, touched };
}
