/** Who made the file: `author_fraud`. */

import type { DocumentMetadata, Statement } from "../types.ts";
import { makersOf, programOf, programsOfBank } from "./producers.ts";
import type { Makers } from "./producers.ts";
import type { MetadataFinding } from "./types.ts";

type Evidence = MetadataFinding["evidence"];

/**
 * - The program that wrote the file is an editor: accuses.
 * - The page was laid out in an editor: accuses, unless a server's program wrote the file from it. Banks fill
 *   templates that designers drew.
 * - An earlier version inside the same file was signed by an editor: accuses likewise.
 * - A tool rewrote the file, or the bank is known for another program: notes.
 * @param signs producers that the file's XMP and its earlier versions name
 */
export function findAuthorFraud(
  metadata: DocumentMetadata,
  signs: readonly string[],
  statements: readonly Statement[],
): MetadataFinding[] {
  const makers = makersOf(metadata.producer, metadata.creator);
  const found = [...ofMakers(makers, metadata), ...ofEarlier(makers, signs, metadata)];
  // Who edited or printed the file says more than that the bank did not.
  return found.length > 0 ? found : unlikeTheBank(makers, metadata, statements);
}

function ofMakers({ producer, earlier }: Makers, metadata: DocumentMetadata): MetadataFinding[] {
  const evidence = evidenceOf(metadata);
  if (producer?.kind === "editor") {
    return [author("producer_is_editor", "accuses", { ...evidence, program: producer.name })];
  }
  const editor = earlier.find(({ kind }) => kind === "editor");
  if (editor !== undefined) {
    const weight = producer?.kind === "generator" ? "notes" : "accuses";
    return [author("creator_is_editor", weight, { ...evidence, program: editor.name })];
  }
  if (producer?.kind === "tool") {
    return [author("rewritten_by_tool", "notes", { ...evidence, program: producer.name })];
  }
  return [];
}

function ofEarlier(
  { producer }: Makers,
  signs: readonly string[],
  metadata: DocumentMetadata,
): MetadataFinding[] {
  const sign = signs.find((text) => text !== metadata.producer && programOf(text)?.kind === "editor");
  if (sign === undefined || producer?.kind === "editor") return [];
  return [author("earlier_producer_is_editor", "accuses", { ...evidenceOf(metadata), earlier: sign })];
}

function unlikeTheBank(
  { producer, earlier }: Makers,
  metadata: DocumentMetadata,
  statements: readonly Statement[],
): MetadataFinding[] {
  const bank = statements[0]?.bank?.id ?? null;
  const known = bank === null ? null : programsOfBank(bank);
  if (bank === null || known === null || metadata.producer === null) return [];
  const names = [producer, ...earlier].map((program) => program?.name);
  if (names.some((name) => name !== undefined && known.includes(name))) return [];
  return [author("unlike_the_bank", "notes", { ...evidenceOf(metadata), bank, known: [...known] })];
}

function evidenceOf({ producer, creator }: DocumentMetadata): Evidence {
  return { ...(producer === null ? {} : { producer }), ...(creator === null ? {} : { creator }) };
}

function author(
  reason: MetadataFinding["reason"],
  weight: MetadataFinding["weight"],
  evidence: Evidence,
): MetadataFinding {
  return { type: "author_fraud", reason, weight, statement: null, row: null, evidence };
}
