/**
 * The kinds of field that this contract takes, with its own words for what is wrong with them. Blank and null are
 * absent where a field is optional: forms and generated clients send both for what they do not set.
 */
import { z } from "zod";

const REQUIRED = "This field is required.";
const NULL_CHARACTERS = "Null characters are not allowed.";

interface Described {
  description: string;
  example?: string | number | boolean;
}

const meta = ({ description, example }: Described) => ({
  description,
  ...(example === undefined ? {} : { examples: [example] }),
});

const blankAsAbsent = (value: unknown) => (value === null || value === "" ? undefined : value);
const numberAsText = (value: unknown) =>
  typeof value === "number" || typeof value === "bigint" ? String(value) : value;

/** PostgreSQL takes neither NUL nor half a surrogate pair; both are refused here, with the field's name. */
const plainText = () =>
  z
    .string({
      error: ({ input }) => {
        if (input === undefined) return REQUIRED;
        return input === null ? "This field may not be null." : "Not a valid string.";
      },
    })
    .refine((text) => !text.includes("\0"), { error: NULL_CHARACTERS, abort: true })
    .refine((text) => text.isWellFormed(), { error: "Not a valid string.", abort: true });

const limited = (max: number) =>
  // Characters, as people and PostgreSQL count them, not UTF-16 units.
  plainText().refine((text) => text.length <= max || Array.from(text).length <= max, {
    error: `Ensure this field has no more than ${max} characters.`,
    abort: true,
  });

/** Of a query: sent twice, the last one counts; empty is absent. */
export function lastText(value: unknown): string | null {
  const last: unknown = Array.isArray(value) ? value.at(-1) : value;
  return typeof last === "string" && last !== "" ? last : null;
}

/** Of a query. Described before its transformation: zod leaves out the examples of what it transforms. */
export const queryText = (described: Described) =>
  z
    .unknown()
    .meta({ ...meta(described), type: "string" })
    .transform(lastText)
    .optional();

/** Of a query: `true`, `1` and `yes` in any letter case are true. */
export const queryFlag = (described: Described) =>
  z
    .unknown()
    .meta({ ...meta({ example: "true", ...described }), type: "string", enum: ["true", "false"] })
    .transform((value) => /^(true|1|yes)$/i.test(lastText(value) ?? ""))
    .optional();

export function requiredText(max: number, described: Described) {
  const blank = (text: string) => text.trim() !== "";
  return z.preprocess(
    numberAsText,
    limited(max)
      .refine(blank, { error: "This field may not be blank." })
      .meta({ ...meta(described), maxLength: max }),
  );
}

export function optionalText(max: number, described: Described) {
  return optional(limited(max).meta({ ...meta(described), maxLength: max }), numberAsText);
}

/** http or https; nothing else may reach a browser through a redirect. */
export function optionalUrl(max: number, described: Described) {
  const url = limited(max).refine(isWebUrl, { error: "Enter a valid URL." });
  return optional(url.meta({ ...meta(described), format: "uri", maxLength: max }));
}

export function requiredUrl(max: number, described: Described) {
  const url = limited(max).refine(isWebUrl, { error: "Enter a valid URL." });
  return url.meta({ ...meta(described), format: "uri", maxLength: max });
}

export function optionalChoice<const T extends readonly [string, ...string[]]>(
  choices: T,
  described: Described,
) {
  const choice = z.enum(choices, {
    error: ({ input }) => `${JSON.stringify(shown(input))} is not a valid choice.`,
  });
  const known = (value: unknown) =>
    choices.find((one) => typeof value === "string" && one === value.toLowerCase());
  // Letter case varies between the contract's own pages (§9-18).
  return optional(choice.meta(meta(described)), (value) => known(value) ?? value);
}

export function optionalInteger(described: Described) {
  const integer = z.int({ error: "A valid integer is required." }).meta(meta(described));
  return optional(integer, (value) =>
    typeof value === "string" && /^\s*-?\d{1,15}\s*$/.test(value) ? Number(value) : value,
  );
}

const BOOLEANS: Readonly<Record<string, boolean>> = {
  true: true, t: true, yes: true, y: true, on: true, "1": true,
  false: false, f: false, no: false, n: false, off: false, "0": false,
}; // prettier-ignore

export function optionalBoolean(described: Described) {
  const boolean = z.boolean({ error: "Must be a valid boolean." }).meta(meta(described));
  return optional(boolean, (value) =>
    typeof value === "string" || typeof value === "number"
      ? (BOOLEANS[String(value).toLowerCase()] ?? value)
      : value,
  );
}

/**
 * Text whose form another step judges, because the contract gives it a code of its own (dates, mobile number). Of what
 * is no text its JSON is judged: `true` is no date. `type`: what the documentation says.
 */
export function optionalJudged(described: Described & { type?: string[] }) {
  const { type } = described;
  const text = plainText().meta({ ...meta(described), ...(type && { type }) });
  return optional(text, (value) =>
    value === undefined || typeof value === "string" ? value : JSON.stringify(value),
  );
}

function optional<T extends z.ZodType>(type: T, coerce: (value: unknown) => unknown = (value) => value) {
  return z.preprocess((value) => coerce(blankAsAbsent(value)), type.optional()).optional();
}

export function isWebUrl(text: string): boolean {
  if (!/^https?:\/\/[^\s/?#]+/i.test(text) || /[\s\\<>"]/.test(text)) return false;
  return URL.canParse(text);
}

/** What a message may repeat of the input: never more than a line. */
function shown(input: unknown): string {
  return (typeof input === "string" ? input : (JSON.stringify(input) ?? "")).slice(0, 50);
}
