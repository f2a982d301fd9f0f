/**
 * Lists page by keyset, newest first: `cursor` names the last row that was given, so that what is recorded meanwhile
 * neither shifts nor repeats a row. It is opaque: base64url of JSON, with the list that it belongs to.
 */
import { z } from "zod";
import { ConsoleError } from "./errors.ts";

const limit = z.coerce
  .number()
  .int()
  .min(1)
  .max(200)
  .default(50)
  .meta({ description: "Rows at most, 1 to 200." });

export const pageQuery = {
  limit,
  cursor: z.string().max(200).optional().meta({ description: "`next` of the page before." }),
};

export const instantQuery = (description: string) =>
  z
    .string()
    .transform((text, context) => {
      try {
        return Temporal.Instant.from(text);
      } catch {
        // Temporal throws only for what is not an instant, and the caller reads so.
        context.addIssue({ code: "custom", message: "an instant such as 2026-01-31T12:00:00Z" });
        return z.NEVER;
      }
    })
    .optional()
    .meta({ description });

/** `?type=A&type=B`. */
export const severalQuery = (description: string) =>
  z
    .preprocess(
      (value) => (value === undefined || Array.isArray(value) ? value : [value]),
      z.array(z.string().min(1).max(200)).max(50).optional(),
    )
    .optional()
    .meta({ description });

export const timeQuery = {
  from: instantQuery("Not before this instant. Bounds what is searched."),
  to: instantQuery("Before this instant."),
};

export const pageOf = <T extends z.ZodType>(row: T) =>
  z.object({
    data: z.array(row),
    next: z.string().nullable().meta({ description: "`cursor` of the next page; null at the end." }),
  });

type Part = bigint | number | Temporal.Instant;

export function writeCursor(list: string, parts: readonly Part[]): string {
  return Buffer.from(JSON.stringify([list, ...parts.map(String)])).toString("base64url");
}

const cursor = z.array(z.string().max(64)).max(4);

/** The parts behind the list's name; null without a cursor. Throws INVALID_CURSOR for what `writeCursor` never wrote. */
export function readCursor<T>(
  text: string | undefined,
  list: string,
  read: (parts: string[]) => T | null,
): T | null {
  if (text === undefined) return null;
  try {
    const [name, ...parts] = cursor.parse(JSON.parse(Buffer.from(text, "base64url").toString()));
    const position = name === list ? read(parts) : null;
    if (position !== null) return position;
  } catch (error) {
    if (error instanceof ConsoleError) throw error;
    // BigInt, Temporal, JSON and zod each say in their own way that it is none of ours.
  }
  throw new ConsoleError("INVALID_CURSOR");
}

/** An internal key in a cursor; throws where it is none. */
export function keyOf(text: string | undefined): bigint {
  if (text === undefined || !/^\d{1,18}$/.test(text)) throw new ConsoleError("INVALID_CURSOR");
  return BigInt(text);
}
