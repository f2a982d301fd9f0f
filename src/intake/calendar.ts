import { consideredRange, type Span } from "../analysis/coverage.ts";
import type { Rules, Session } from "../store/sessions.ts";

/** The organisation's day. */
export const todayOf = (rules: Pick<Rules, "timeZone">, now: Temporal.Instant): Temporal.PlainDate =>
  now.toZonedDateTimeISO(rules.timeZone).toPlainDate();

export const rangeOf = (session: Pick<Session, "from_date" | "to_date">): Span => ({
  from: session.from_date,
  to: session.to_date,
});

/** The part of the session's range that acceptance looks at; null where all of it lies in the future. */
export const consideredRangeOf = (
  rules: Pick<Rules, "timeZone">,
  session: Pick<Session, "from_date" | "to_date">,
  now: Temporal.Instant,
): Span | null => consideredRange(rangeOf(session), todayOf(rules, now));
