/** Whether PostgreSQL refused a text for its characters: NUL, or half a surrogate pair inside JSON. The caller's fault. */
import { DatabaseError } from "pg";

/** character_not_in_repertoire, untranslatable_character, and what jsonb says of a broken escape. */
const STATES: ReadonlySet<unknown> = new Set(["22021", "22P05", "22P02"]);
const BROKEN_ESCAPE =
  /^(invalid byte sequence|unsupported Unicode escape sequence|invalid input syntax for type json)/;

export const isUnstorableText = (error: unknown): boolean =>
  error instanceof DatabaseError && STATES.has(error.code) && BROKEN_ESCAPE.test(error.message);
