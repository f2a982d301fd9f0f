/** What a consent's dates mean. Pure; a day begins and ends in the organisation's time zone. */

type Dates = { status: string; expiry_date: Temporal.PlainDate; reconfirm_by: Temporal.PlainDate | null };

/** A customer confirms again at least this often (reference §3.2). */
export const RECONFIRM_DAYS = 90;
/** A consent that nobody touches ends after this (reference §3.2). */
export const UNTOUCHED = { hours: 7 * 24 };

export const dateIn = (timeZone: string, now: Temporal.Instant): Temporal.PlainDate =>
  now.toZonedDateTimeISO(timeZone).toPlainDate();

/** One calendar year on (29 February: the 28th), or as many days as the organisation has set. */
export const defaultExpiry = (today: Temporal.PlainDate, days: number | null): Temporal.PlainDate =>
  today.add(days === null ? { years: 1 } : { days }, { overflow: "constrain" });

export const reconfirmBy = (timeZone: string, at: Temporal.Instant): Temporal.PlainDate =>
  dateIn(timeZone, at).add({ days: RECONFIRM_DAYS });

/** The first instant after the day. */
export const endOfDay = (date: Temporal.PlainDate, timeZone: string): Temporal.Instant =>
  date.add({ days: 1 }).toZonedDateTime(timeZone).toInstant();

export const isExpired = ({ expiry_date }: Dates, timeZone: string, now: Temporal.Instant): boolean =>
  Temporal.PlainDate.compare(expiry_date, dateIn(timeZone, now)) < 0;

/**
 * Whether the bank may be asked in its name now: authorized, not past its end, and confirmed within 90 days. What is
 * not confirmed stays authorized and waits for `renewed_at`.
 */
export function mayRead(consent: Dates, timeZone: string, now: Temporal.Instant): boolean {
  const { status, reconfirm_by } = consent;
  if (status !== "authorized" || isExpired(consent, timeZone, now)) return false;
  return reconfirm_by === null || Temporal.PlainDate.compare(reconfirm_by, dateIn(timeZone, now)) >= 0;
}

/** When reading stops unless somebody does something, and what that would be. */
export function accessEnd({ expiry_date, reconfirm_by }: Omit<Dates, "status">): {
  date: Temporal.PlainDate;
  by: "expiry" | "reconfirmation";
} {
  if (reconfirm_by !== null && Temporal.PlainDate.compare(reconfirm_by, expiry_date) < 0)
    return { date: reconfirm_by, by: "reconfirmation" };
  return { date: expiry_date, by: "expiry" };
}
