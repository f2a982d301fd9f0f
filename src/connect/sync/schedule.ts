/** When an account is synced next, and what a sync reads. Pure. */

/** By hand at most once in this time (reference §1.3). */
export const BY_HAND_EVERY = Temporal.Duration.from({ hours: 1 });
/** What banks book late, or correct, lies within it. */
const OVERLAP = { hours: 14 * 24 };
/** A hotel's reservation is pending for weeks; what is older has been forgotten by the bank. */
export const PENDING_WITHIN = { hours: 60 * 24 };
/** Where the consent names no `retro_date`: longer than a bank keeps. */
const RETRO_YEARS = 7;

const RETRY_S = { first: 60, most: 6 * 3600 };

/** After `failures` in a row; the bank's own wish counts where it is longer. */
export function retryAt(
  now: Temporal.Instant,
  failures: number,
  retryAfterS: number | null,
): Temporal.Instant {
  const planned = Math.min(RETRY_S.first * 2 ** Math.max(0, failures - 1), RETRY_S.most);
  return now.add({ seconds: Math.max(planned, Math.min(retryAfterS ?? 0, 86_400)) });
}

/** Null where it is synced by hand only. `interval` is an ISO 8601 duration of days and less. */
export function nextSyncAt(now: Temporal.Instant, interval: string | null): Temporal.Instant | null {
  if (interval === null) return null;
  return now.add({ seconds: Math.round(Temporal.Duration.from(interval).total("seconds")) });
}

export interface Covered {
  synced_from: Temporal.Instant | null;
  synced_to: Temporal.Instant | null;
}

export interface Range {
  from: Temporal.Instant;
  to: Temporal.Instant;
}

/**
 * What to ask for: everything the consent allows on the first sync, or where it reaches further back than what was
 * read; otherwise from before the last sync, and from the oldest pending row.
 */
export function rangeToRead(
  { synced_from, synced_to }: Covered,
  retroDate: Temporal.PlainDate | null,
  pendingSince: Temporal.Instant | null,
  timeZone: string,
  now: Temporal.Instant,
): Range {
  const day = retroDate ?? now.toZonedDateTimeISO(timeZone).toPlainDate().subtract({ years: RETRO_YEARS });
  const allowed = day.toZonedDateTime(timeZone).toInstant();
  if (synced_from === null || synced_to === null) return { from: allowed, to: now };
  if (retroDate !== null && Temporal.Instant.compare(allowed, synced_from) < 0)
    return { from: allowed, to: now };
  const overlapping = synced_to.subtract(OVERLAP);
  const from = pendingSince && earlier(pendingSince, overlapping) ? pendingSince : overlapping;
  return { from: earlier(from, allowed) ? allowed : from, to: now };
}

/** After reading a range in full. What lies between an old period and a new one is never claimed as covered. */
export function coveredAfter({ synced_from, synced_to }: Covered, { from, to }: Range): Range {
  const touches = synced_from !== null && synced_to !== null && !earlier(synced_to, from);
  return { from: touches && earlier(synced_from, from) ? synced_from : from, to };
}

export const earlier = (a: Temporal.Instant, b: Temporal.Instant): boolean =>
  Temporal.Instant.compare(a, b) < 0;

/**
 * What is left of a range when a stream of pages breaks off: banks list newest first or oldest first. Null where nothing
 * was read, or in no order.
 */
export function restOf(
  range: Range,
  first: Temporal.Instant | null,
  last: Temporal.Instant | null,
): Range | null {
  if (!first || !last || first.equals(last)) return null;
  return earlier(last, first) ? { from: range.from, to: last } : { from: last, to: range.to };
}
