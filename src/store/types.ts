/**
 * How values cross between PostgreSQL and this program, for our own pools only (never globally:
 * graphile-worker keeps pg's defaults).
 *
 *   int8         bigint               date         Temporal.PlainDate
 *   timestamptz  Temporal.Instant     timestamp    Temporal.PlainDateTime
 *   numeric      string               bytea        Buffer
 *   json, jsonb  parsed on the way out; on the way in the caller stringifies, so that bigint is its choice
 *
 * PostgreSQL keeps microseconds, Temporal nanoseconds: what is finer is cut off on the way in.
 */
import { types, type CustomTypesConfig } from "pg";

type Parse = (text: string) => unknown;
const { builtins } = types;

/** pg's own parser; it answers any oid, its typing names only the built-in scalars. */
function builtInParser(oid: number, format: "text" | "binary" = "text"): Parse {
  // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- an enum on paper, a number in fact
  return types.getTypeParser(oid, format);
}

/** The oids of arrays, which pg's list of built-in types does not name. */
const ARRAY = { text: 1009, int8: 1016, timestamp: 1115, date: 1182, timestamptz: 1185 } as const;

const parsers = new Map<number, Parse>([
  [builtins.INT8, BigInt],
  [builtins.DATE, parseDate],
  [builtins.TIMESTAMPTZ, parseInstant],
  [builtins.TIMESTAMP, parseDateTime],
  [ARRAY.int8, arrayOf(BigInt)],
  [ARRAY.date, arrayOf(parseDate)],
  [ARRAY.timestamptz, arrayOf(parseInstant)],
  [ARRAY.timestamp, arrayOf(parseDateTime)],
]);

/** For `pg`'s `types` option. */
export const databaseTypes: CustomTypesConfig = {
  getTypeParser: (oid: number, format: "text" | "binary" = "text"): Parse =>
    (format === "text" ? parsers.get(oid) : undefined) ?? builtInParser(oid, format),
};

/** Makes a query's parameter into what pg sends rightly: Temporal values as text, arrays of them too. */
export function toParameter(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(toParameter);
  if (value instanceof Temporal.Instant) return plainYear(value.toString({ smallestUnit: "microsecond" }));
  if (value instanceof Temporal.PlainDateTime) {
    return plainYear(value.toString({ smallestUnit: "microsecond" }));
  }
  if (value instanceof Temporal.PlainDate) return plainYear(value.toString());
  return value;
}

/** Throws a RangeError for `infinity` and for years before Christ, which this program never writes. */
function parseDate(text: string): Temporal.PlainDate {
  return Temporal.PlainDate.from(wideYear(text));
}

/** `2024-04-16 07:47:40.806223+00`: sessions run in UTC, so the offset is whole hours. */
function parseInstant(text: string): Temporal.Instant {
  return Temporal.Instant.from(wideYear(text));
}

function parseDateTime(text: string): Temporal.PlainDateTime {
  return Temporal.PlainDateTime.from(wideYear(text));
}

/** PostgreSQL writes the year 12345 plainly, ISO 8601 as +012345. */
function wideYear(text: string): string {
  const digits = text.indexOf("-");
  return digits > 4 ? `+${text.slice(0, digits).padStart(6, "0")}${text.slice(digits)}` : text;
}

/** The way back: PostgreSQL reads `+012345-01-01` as a time zone. Throws for years before Christ. */
function plainYear(text: string): string {
  if (text.startsWith("-")) throw new RangeError(`${text}: years before Christ are not kept`);
  return text.replace(/^\+0*/, "");
}

function arrayOf(parse: Parse): Parse {
  // pg's own reader of text[] splits and unquotes; its elements are strings or null, nested for more dimensions.
  const split = builtInParser(ARRAY.text);
  const each = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(each);
    return typeof value === "string" ? parse(value) : value;
  };
  return (text) => each(split(text));
}
