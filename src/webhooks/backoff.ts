/** What an answer means, and when to come again. Pure. */

/** Seconds before each retry: 12 attempts in about 3 days and 4 hours. */
export const DEFAULT_SCHEDULE: readonly number[] = [
  5, 30, 120, 600, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400,
];
/**
 * The open-banking contract's legacy cadence, every 3 s, for the first minute. A receiver that is down is paused by then
 * (10 in a row); an event that alone is refused goes on like any other instead of being given up or hammered.
 */
const OPENBANKING_SCHEDULE: readonly number[] = [...Array<number>(20).fill(3), ...DEFAULT_SCHEDULE.slice(2)];

export type Preset = "standard" | "openbanking";
export const SCHEDULES: Readonly<Record<Preset, readonly number[]>> = {
  standard: DEFAULT_SCHEDULE,
  openbanking: OPENBANKING_SCHEDULE,
};
/** ±20 %: receivers that come back from an outage are not met by everybody at once. */
const JITTER = 0.2;
/** A receiver may ask for a day at most. */
const LONGEST_RETRY_AFTER = 86_400;
/** Too many requests, or nobody there behind the gateway: it speaks of the endpoint, not of the event. */
const BUSY: ReadonlySet<number> = new Set([429, 502, 503, 504]);
/** An endpoint's other events wait 5 minutes at most: a slip in one answer must not silence it for a day. */
const LONGEST_HOLD = 300;

export interface Attempted {
  /** Null where no answer came. */
  status: number | null;
  /** The header as it came. */
  retryAfter: string | null;
  /** 1-based. */
  attempt: number;
  schedule: readonly number[];
  now: Temporal.Instant;
  /** From 0 (included) to 1. */
  random: number;
}

export type Next =
  | { kind: "delivered" }
  | { kind: "retry"; afterSeconds: number }
  | { kind: "exhausted" }
  /** The receiver is gone for good: the endpoint is disabled, what is queued for it is kept. */
  | { kind: "disable"; reason: string; afterSeconds: number };

export type Meaning = "delivered" | "retry" | "disable";

/** The first that matches. 3xx is a failure and never followed: it would lead past the guard. */
const MEANINGS: readonly { from: number; to: number; meaning: Meaning }[] = [
  { from: 200, to: 299, meaning: "delivered" },
  { from: 410, to: 410, meaning: "disable" },
  { from: 300, to: 999, meaning: "retry" },
];

export function meaningOf(status: number | null): Meaning {
  if (status === null) return "retry";
  return MEANINGS.find(({ from, to }) => status >= from && status <= to)?.meaning ?? "retry";
}

export function nextStep(attempted: Attempted): Next {
  const meaning = meaningOf(attempted.status);
  if (meaning === "delivered") return { kind: "delivered" };
  const scheduled = attempted.schedule[attempted.attempt - 1];
  if (meaning === "disable") {
    // Enabled again, it starts where it stopped.
    return { kind: "disable", reason: "The receiver answered 410 Gone.", afterSeconds: scheduled ?? 0 };
  }
  if (scheduled === undefined) return { kind: "exhausted" };
  const asked = retryAfterSeconds(attempted.retryAfter, attempted.now);
  // "Not before": what is asked never shortens the schedule, and its jitter only adds.
  const afterSeconds = Math.max(
    scheduled * (1 - JITTER + 2 * JITTER * attempted.random),
    asked * (1 + JITTER * attempted.random),
  );
  return { kind: "retry", afterSeconds };
}

export const isBusy = (status: number | null): boolean => status !== null && BUSY.has(status);

/** Seconds for which a busy endpoint gets nothing more, whatever the event. */
export const holdSeconds = (retryAfter: string | null, now: Temporal.Instant): number =>
  Math.min(retryAfterSeconds(retryAfter, now), LONGEST_HOLD);

/** RFC 9110 10.2.3: seconds or an HTTP date; 0 where it is neither or past; a day at most. */
export function retryAfterSeconds(header: string | null, now: Temporal.Instant): number {
  if (header === null) return 0;
  const text = header.trim();
  const seconds = /^\d+$/.test(text) ? Number(text) : secondsUntil(text, now);
  return Math.min(Math.max(seconds, 0), LONGEST_RETRY_AFTER);
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/** `Sun, 06 Nov 1994 08:49:37 GMT`; the two obsolete forms are not read. */
const HTTP_DATE = /^[A-Z][a-z]{2}, (\d{2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}:\d{2}:\d{2}) GMT$/;

function secondsUntil(text: string, now: Temporal.Instant): number {
  const [, day, name = "", year, time] = HTTP_DATE.exec(text) ?? [];
  const month = String(MONTHS.indexOf(name) + 1).padStart(2, "0");
  if (year === undefined || month === "00") return 0;
  try {
    const until = Temporal.Instant.from(`${year}-${month}-${day}T${time}Z`);
    return (until.epochMilliseconds - now.epochMilliseconds) / 1000;
  } catch {
    // 31 Feb and 25:00 are nobody's wish.
    return 0;
  }
}
