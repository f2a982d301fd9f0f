/**
 * Shapes of bodies as values: the reference's field lists and its formats of dates (§7), compared key by key.
 *
 *   "uuid" "str" "num" "int" "bool" "url" "hash" …   a kind of value (KINDS)
 *   "DMY?"                                           the same, or null
 *   "=completed|failed"                              one of these words
 *   [shape], [shape, "or none"]                      a list that holds at least one, or may be empty
 *   { key: shape }                                   an object with these keys and no others; `"key?"` may be absent
 *   { "*": shape }                                   a map: any keys; `"*Mmm-YYYY"`: keys of this kind
 */
export type Shape = string | List | { readonly [key: string]: Shape };
type List = readonly [Shape] | readonly [Shape, "or none"];

const MONTH = "(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)";
const DAY = "(0[1-9]|[12][0-9]|3[01])";
const TIME = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]";
const YMD = `[12][0-9]{3}-(0[1-9]|1[0-2])-${DAY}`;
const text = (pattern: string) => {
  const whole = new RegExp(`^(?:${pattern})$`);
  return (value: unknown) => typeof value === "string" && whole.test(value);
};

/** By the names of the reference's §7, and plain kinds. */
const KINDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  any: () => true,
  str: (value) => typeof value === "string",
  "str+": text("[^]+"),
  num: (value) => typeof value === "number",
  int: (value) => Number.isInteger(value),
  bool: (value) => typeof value === "boolean",
  null: (value) => value === null,
  "[]": (value) => Array.isArray(value) && value.length === 0,
  uuid: text("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"),
  hash: text("[0-9a-f]{32}"),
  url: (value) => typeof value === "string" && /^https?:\/\//.test(value) && URL.canParse(value),
  masked: text("X+[0-9]{4}"),
  number: text("[0-9A-Z]{4,}"),
  DMY: text(`${DAY}/(0[1-9]|1[0-2])/[12][0-9]{3}`),
  YMD: text(YMD),
  TS: text(`${YMD} ${TIME}`),
  "TS+off": text(`${YMD} ${TIME}\\.[0-9]{6}\\+00:00`),
  ISO: text(`${YMD}T${TIME}\\.[0-9]{6}Z`),
  "YYYY-MM": text("[12][0-9]{3}-(0[1-9]|1[0-2])"),
  "Mmm-YYYY": text(`${MONTH}-[12][0-9]{3}`),
  "Mmm-YY": text(`${MONTH}-[0-9]{2}`),
  "M-YYYY": text("([1-9]|1[0-2])-[12][0-9]{3}"),
  "DD-Mmm-YY": text(`${DAY}-${MONTH}-[0-9]{2}`),
  "DD-Mmm-YYYY": text(`${DAY}-${MONTH}-[12][0-9]{3}`),
};

/** What of the value does not fit, each with its path; empty where all does. */
export function misfits(value: unknown, shape: Shape, path = "body"): string[] {
  if (typeof shape === "string") return fits(value, shape) ? [] : [`${path}: ${shown(value)} is no ${shape}`];
  if (isList(shape)) {
    const isEmpty = Array.isArray(value) && value.length === 0;
    if (!Array.isArray(value) || (isEmpty && shape.length === 1))
      return [`${path}: ${shown(value)} is no list with items`];
    return value.flatMap((item, index) => misfits(item, shape[0], `${path}[${index}]`));
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return [`${path}: ${shown(value)} is no object`];
  return misfitsOfObject({ ...value }, shape, path);
}

const isList = (shape: Shape): shape is List => Array.isArray(shape);

function misfitsOfObject(
  value: Record<string, unknown>,
  shape: { readonly [key: string]: Shape },
  path: string,
): string[] {
  const faults: string[] = [];
  const wild = Object.entries(shape).find(([key]) => key.startsWith("*"));
  const known = new Map(
    Object.entries(shape).flatMap(([key, item]) =>
      key.startsWith("*") ? [] : [[key.replace(/\?$/, ""), item]],
    ),
  );
  for (const key of Object.keys(shape)) {
    if (!key.startsWith("*") && !key.endsWith("?") && !(key in value))
      faults.push(`${path}.${key} is missing`);
  }
  for (const [key, item] of Object.entries(value)) {
    const wanted = known.get(key);
    if (wanted !== undefined) faults.push(...misfits(item, wanted, `${path}.${key}`));
    else if (!wild) faults.push(`${path}.${key} is not in the reference`);
    else {
      const [kind, inner] = wild;
      if (kind !== "*" && !fits(key, kind.slice(1)))
        faults.push(`${path}: the key ${key} is no ${kind.slice(1)}`);
      faults.push(...misfits(item, inner, `${path}.${key}`));
    }
  }
  return faults;
}

function fits(value: unknown, shape: string): boolean {
  if (shape.startsWith("=")) return typeof value === "string" && shape.slice(1).split("|").includes(value);
  const kind = KINDS[shape] ?? KINDS[shape.replace(/\?$/, "")];
  if (!kind) throw new Error(`There is no kind ${shape}.`);
  return kind(value) || (shape.endsWith("?") && value === null);
}

const shown = (value: unknown): string => (JSON.stringify(value) ?? "nothing").slice(0, 80);
