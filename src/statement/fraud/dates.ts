/** When the file was made and changed: `date_fraud`. */

import type { DocumentMetadata, FileHistory, FileUpdate, Statement } from "../types.ts";
import { makersOf } from "./producers.ts";
import type { MetadataFinding } from "./types.ts";

/** Night runs make statements in one step and sign, encrypt or stamp them in the next. Hours. */
const SAME_RUN_HOURS = 24;
/** A clock may be set to another country's time; no zone is further from UTC. Hours. */
const CLOCK_HOURS = 26;
/** What updates of one program run may take. Minutes. */
const SAME_STEP_MINUTES = 10;
/** Programs that hide when a file was made write a fixed date: 1970, 1980, 2000-01-01. */
const EARLIEST = Temporal.Instant.from("2001-01-01T00:00:00Z");

interface Times {
  created: Temporal.Instant | null;
  modified: Temporal.Instant | null;
}

const instantOf = (text: string | null): Temporal.Instant | null => {
  const instant = text === null ? null : Temporal.Instant.from(text);
  return instant !== null && Temporal.Instant.compare(instant, EARLIEST) > 0 ? instant : null;
};

const hoursBetween = (from: Temporal.Instant, to: Temporal.Instant): number =>
  to.since(from, { largestUnit: "hour" }).total("hours");

/** Dates of the file against each other, against its rows, and its later versions. */
export function findDateFraud(
  metadata: DocumentMetadata,
  history: FileHistory,
  statements: readonly Statement[],
): MetadataFinding[] {
  const times = { created: instantOf(metadata.createdAt), modified: instantOf(metadata.modifiedAt) };
  return [
    ...ofTimes(times, metadata, statements),
    ...ofRows(times, statements),
    ...ofUpdates(times, metadata, history),
  ];
}

function ofTimes(
  { created, modified }: Times,
  metadata: DocumentMetadata,
  statements: readonly Statement[],
): MetadataFinding[] {
  if (created === null || modified === null) return [];
  const hours = hoursBetween(created, modified);
  const evidence = {
    created: created.toString(),
    modified: modified.toString(),
    hours: Math.round(hours),
    ...(metadata.producer === null ? {} : { producer: metadata.producer }),
  };
  if (hours < -CLOCK_HOURS) return [date("modified_before_creation", "notes", evidence)];
  if (hours <= SAME_RUN_HOURS) return [];
  // A bank's server locks or stamps an old file when it is asked for; a customer's tool unlocks or prints it.
  const { producer } = makersOf(metadata.producer, metadata.creator);
  const isServer = producer?.kind === "generator" || producer?.kind === "tool";
  const isInnocent = isServer || metadata.producer === null || namesBank(metadata, statements);
  return [date("modified_after_creation", isInnocent ? "notes" : "accuses", evidence)];
}

/** `Streamline PDFGen for OCBC Group`: a bank's own program signs with its name. */
function namesBank({ producer, creator }: DocumentMetadata, statements: readonly Statement[]): boolean {
  const bank = statements[0]?.bank ?? null;
  if (bank === null) return false;
  const signs = `${producer ?? ""} ${creator ?? ""}`.toLowerCase();
  const [first = ""] = bank.name.toLowerCase().split(" ");
  return signs.includes(bank.id) || (first.length > 3 && signs.includes(first));
}

/** A file cannot tell of a day that came after its last change. */
function ofRows({ created, modified }: Times, statements: readonly Statement[]): MetadataFinding[] {
  const written = [created, modified].filter((time) => time !== null).toSorted((a, b) => Temporal.Instant.compare(a, b)).at(-1); // prettier-ignore
  if (written === undefined) return [];
  return statements.flatMap(({ transactions }, index) => {
    const [first] = transactions;
    if (first === undefined) return [];
    const last = transactions.reduce((late, { date: day }) => (day === late || Temporal.PlainDate.compare(day, late) <= 0 ? late : day), first.date); // prettier-ignore
    const begins = last.toZonedDateTime("UTC").toInstant();
    if (hoursBetween(written, begins) <= CLOCK_HOURS) return [];
    const evidence = { written: written.toString(), last_row: last.toString() };
    // Payments that are booked ahead are printed by some banks.
    return [{ ...date("made_before_its_last_row", "notes", evidence), statement: index }];
  });
}

const redraws = (update: FileUpdate): boolean => update.redrawnPages > 0 || update.addedPages > 0;

function ofUpdates(times: Times, metadata: DocumentMetadata, { updates }: FileHistory): MetadataFinding[] {
  if (updates.length === 0) return [];
  const changed = updates.filter(redraws);
  const evidence = {
    updates: updates.length,
    objects: sum(updates, (update) => update.objects),
    replaced: sum(updates, (update) => update.replaced),
    redrawn_pages: sum(updates, (update) => update.redrawnPages),
    added_pages: sum(updates, (update) => update.addedPages),
    signed: updates.some((update) => update.signed),
  };
  if (changed.length === 0) return [date("updated_after_writing", "notes", evidence)];
  const weight = inOneStep(times, metadata) ? "notes" : "accuses";
  return [date("page_content_replaced", weight, evidence)];
}

/** A server's program that writes, then stamps each page, within minutes. */
function inOneStep({ created, modified }: Times, metadata: DocumentMetadata): boolean {
  if (created === null || modified === null) return false;
  const minutes = Math.abs(hoursBetween(created, modified)) * 60;
  return minutes <= SAME_STEP_MINUTES && makersOf(metadata.producer, null).producer?.kind === "generator";
}

const sum = (updates: readonly FileUpdate[], of: (update: FileUpdate) => number): number =>
  updates.reduce((total, update) => total + of(update), 0);

function date(
  reason: MetadataFinding["reason"],
  weight: MetadataFinding["weight"],
  evidence: MetadataFinding["evidence"],
): MetadataFinding {
  return { type: "date_fraud", reason, weight, statement: null, row: null, evidence };
}
