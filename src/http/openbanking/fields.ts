/**
 * Parameters of this contract: forms bring texts, JSON may bring numbers and booleans. What is not known is ignored.
 * Messages complete the sentence "`param` …".
 */
import { z } from "zod";
import { MISSING } from "./errors.ts";

type Meta = { description?: string; examples?: unknown[] };

const says = (what: string) => ({
  error: (issue: { input?: unknown }) => (issue.input === undefined ? MISSING : what),
});

/** An empty value is none. */
const orNone = (value: unknown) => (value === "" || value === null ? undefined : value);

/** Documents what a preprocessed field takes. */
const field = <T extends z.ZodType>(
  prepare: (value: unknown) => unknown,
  schema: T,
  meta: Record<string, unknown>,
) => z.preprocess(prepare, schema).meta(meta);

const plainText = (max: number) =>
  z
    .string(says("is not one text"))
    .max(max, `has more than ${max} characters`)
    .refine((text) => !text.includes("\0") && text.isWellFormed(), "holds characters that are not text");

/** At least one character; spaces around it are cut. */
export const text = (max: number, meta: Meta = {}) =>
  field((value) => (typeof value === "string" ? orNone(value.trim()) : value), plainText(max).min(1), {
    type: "string",
    maxLength: max,
    ...meta,
  });

/** Undefined where it is absent or empty. */
export const optionalText = (max: number, meta: Meta = {}) =>
  field((value) => orNone(typeof value === "string" ? value.trim() : value), plainText(max).optional(), {
    type: "string",
    maxLength: max,
    ...meta,
  }).optional();

/** For updates: absent leaves it (undefined), empty clears it (null). */
export const clearableText = (max: number, meta: Meta = {}) =>
  field(
    (value) => (typeof value === "string" ? (orNone(value.trim()) ?? null) : value),
    plainText(max).nullable().optional(),
    { type: "string", maxLength: max, ...meta },
  ).optional();

/** `+44 20 …` and the like: digits, spaces and signs. */
export const PHONE = /^\+?[\d ()./-]{3,40}$/;
/** What a mail server could take; the mail that arrives is the proof. */
export const EMAIL = /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/;

/** One of a few words. */
export const oneOf = <const T extends readonly [string, ...string[]]>(words: T, meta: Meta = {}) =>
  field(orNone, z.enum(words, says(`is not one of ${words.join(", ")}`)), {
    type: "string",
    enum: [...words],
    ...meta,
  });

/** Three letters, lower-cased. */
export const currency = (meta: Meta = {}) =>
  field(
    (value) => (typeof value === "string" ? orNone(value.trim().toLowerCase()) : value),
    z.string(says("is not a currency")).regex(/^[a-z]{3}$/, "is not a currency such as gbp"),
    { type: "string", pattern: "^[A-Za-z]{3}$", examples: ["gbp"], ...meta },
  );

/** A whole number. */
export const whole = (min: number, max: number, meta: Meta = {}) =>
  field(
    (value) =>
      typeof value === "string" && /^[+-]?\d{1,15}$/.test(value.trim()) ? Number(value) : orNone(value),
    z
      .number(says("is not a whole number"))
      .int("is not a whole number")
      .min(min, `is less than ${min}`)
      .max(max, `is more than ${max}`),
    { type: "integer", minimum: min, maximum: max, ...meta },
  );

const YES: ReadonlySet<unknown> = new Set(["true", "1", "on"]);
const NO: ReadonlySet<unknown> = new Set(["false", "0", "off"]);

/** `true`, `false`, as texts of a form too. */
export const yesNo = (meta: Meta = {}) =>
  field(
    (value) => (YES.has(value) ? true : NO.has(value) ? false : orNone(value)),
    z.boolean(says("is neither true nor false")),
    { type: "boolean", ...meta },
  );

/** `name[]`, `name[0]`, a repeated name, one value, or an array of JSON. Empty items fall away. */
export const listOf = <T extends z.ZodType>(item: T, most: number, meta: Meta = {}) =>
  field(toList, z.array(item, says("is not a list")).max(most, `has more than ${most} items`), {
    type: "array",
    items: { type: "string" },
    ...meta,
  });

function toList(value: unknown): unknown {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) return value.filter((item) => item !== "");
  if (typeof value === "string") return value === "" ? [] : [value];
  if (typeof value !== "object" || !Object.keys(value).every((key) => /^\d+$/.test(key))) return value;
  // Whole numbers as names stand in ascending order.
  return Object.values(value).filter((item) => item !== "");
}

const METADATA = { pairs: 50, name: 64, value: 500 };

/** Names to texts. An empty value stands for "without this name" in updates, and falls away on creation. */
export const metadata = () =>
  field(
    (value) => (value === "" || value === null ? {} : value),
    z
      .record(
        z
          .string()
          .min(1, "has a name without characters")
          .max(METADATA.name, `has a name of more than ${METADATA.name} characters`),
        z.preprocess(
          (value) =>
            typeof value === "number" || typeof value === "boolean" ? String(value) : (value ?? ""),
          plainText(METADATA.value),
        ),
        says("is not metadata[name]=text"),
      )
      .refine((pairs) => Object.keys(pairs).length <= METADATA.pairs, `has more than ${METADATA.pairs} names`)
      .optional(),
    {
      type: "object",
      additionalProperties: { type: "string", maxLength: METADATA.value },
      description: "`metadata[name]=text`: up to 50 names of 64 characters, with texts of 500.",
    },
  ).optional();

/** What is stored at creation: without the empty ones. */
export const newMetadata = (wanted: Readonly<Record<string, string>> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== ""));

/** Named values replace or, empty, remove; `metadata=` removes all. */
export function changedMetadata(
  before: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>> | undefined,
): Record<string, string> {
  if (wanted === undefined) return { ...before };
  return Object.keys(wanted).length === 0 ? {} : newMetadata({ ...before, ...wanted });
}

/** `YYYY-MM-DD`. */
export const date = (meta: Meta = {}) =>
  field(
    orNone,
    z.string(says("is not a date such as 2026-01-31")).transform((value, context) => {
      const read = readDate(value);
      if (read) return read;
      context.addIssue({ code: "custom", message: "is not a date such as 2026-01-31" });
      return z.NEVER;
    }),
    { type: "string", format: "date", ...meta },
  );

/** An instant such as `2026-01-31T12:00:00Z`; any offset is taken. */
export const timestamp = (meta: Meta = {}) =>
  field(
    orNone,
    z.string(says(NOT_AN_INSTANT)).transform((value, context) => {
      const read = readInstant(value);
      if (read) return read;
      context.addIssue({ code: "custom", message: NOT_AN_INSTANT });
      return z.NEVER;
    }),
    { type: "string", format: "date-time", ...meta },
  );

/** Only https, as far as a browser takes it; without user name and fragment. */
export const httpsUrl = (meta: Meta = {}) =>
  field(
    (value) => (typeof value === "string" ? orNone(value.trim()) : value),
    plainText(2048).refine(isHttpsUrl, "is not an https:// address"),
    { type: "string", format: "uri", maxLength: 2048, ...meta },
  );

/** Loopback may be plain: nothing leaves the machine. */
function isHttpsUrl(value: string): boolean {
  if (/[\p{Cc} ]/u.test(value)) return false;
  const url = URL.parse(value);
  if (!url || url.username !== "" || url.password !== "" || url.hash !== "") return false;
  return (
    url.protocol === "https:" ||
    (url.protocol === "http:" && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname))
  );
}

const NOT_AN_INSTANT = "is not an instant such as 2026-01-31T12:00:00Z";
/** PostgreSQL's timestamps end before Temporal's. */
const YEARS = {
  from: Temporal.Instant.from("0001-01-01T00:00:00Z"),
  to: Temporal.Instant.from("9999-12-31T00:00:00Z"),
};

/** Null where it is none, or beyond the year 9999. */
export function readInstant(value: string): Temporal.Instant | null {
  // A plus sign that was not percent-encoded is a space.
  const read = attempt(() => Temporal.Instant.from(value.replace(/ (?=\d\d:?\d\d$)/, "+")));
  if (!read || Temporal.Instant.compare(read, YEARS.from) < 0 || Temporal.Instant.compare(read, YEARS.to) > 0)
    return null;
  return read;
}

/** Of `YYYY-MM-DD` alone; null where there is no such day. */
export const readDate = (value: string): Temporal.PlainDate | null =>
  /^\d{4}-\d{2}-\d{2}$/.test(value) && value >= "0001" ? attempt(() => Temporal.PlainDate.from(value)) : null;

/** Temporal throws only for what it cannot read. */
function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

/** What `timestamp.gte` and `timestamp.lte` bound: from (inclusive), before (exclusive). */
export interface Span {
  from: Temporal.Instant | null;
  before: Temporal.Instant | null;
}

/** Of a query; a date or an instant each, both inclusive. */
export const timestampQuery = {
  "timestamp.gte": dateOrInstant("Not before this date or instant."),
  "timestamp.lte": dateOrInstant("Not after this date or instant."),
};

type When = Temporal.Instant | Temporal.PlainDate;

function dateOrInstant(description: string) {
  const said = "is neither a date such as 2026-01-31 nor an instant such as 2026-01-31T12:00:00Z";
  return field(
    orNone,
    z
      .string(says(said))
      .transform((value, context): When => {
        const read = readDate(value) ?? readInstant(value);
        if (read) return read;
        context.addIssue({ code: "custom", message: said });
        return z.NEVER;
      })
      .optional(),
    { type: "string", description, examples: ["2026-01-31"] },
  ).optional();
}

/** @param timeZone IANA name: whose day a date is */
export function spanOf(
  query: { "timestamp.gte"?: When | undefined; "timestamp.lte"?: When | undefined },
  timeZone: string,
): Span {
  const { "timestamp.gte": from, "timestamp.lte": to } = query;
  const startOf = (day: Temporal.PlainDate) => day.toZonedDateTime(timeZone).toInstant();
  const isDate = (when: When) => when instanceof Temporal.PlainDate;
  return {
    from: from === undefined ? null : isDate(from) ? startOf(from) : from,
    before: to === undefined ? null : isDate(to) ? startOf(to.add({ days: 1 })) : endOfSecond(to),
  };
}

/** The wire shows whole seconds: what reads 12:44:55 is not after 12:44:55. */
function endOfSecond(at: Temporal.Instant): Temporal.Instant {
  const floor = at.round({ smallestUnit: "second", roundingMode: "floor" });
  return at.equals(floor) ? at.add({ seconds: 1 }) : at.add({ microseconds: 1 });
}
