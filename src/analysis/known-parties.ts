/** A session's `metadata` (reference §2.1): `names`, `employer_names`, `companies_for_self_transfer`. */
import type { KnownParties } from "./types.ts";

/** More than anybody has; a bound on the work that a request can ask for. */
const MOST_NAMES = 100;
const LONGEST_NAME = 200;

/**
 * Reads what is there and skips the rest: a list may be one text, may hold other things, may be absent. White space
 * is folded; a name that differs from an earlier one by case only is left out. Never throws.
 */
export function readKnownParties(metadata: unknown): KnownParties {
  const fields = isRecord(metadata) ? metadata : {};
  return {
    ownNames: readNames(fields["names"]),
    employers: readNames(fields["employer_names"]),
    companies: readNames(fields["companies_for_self_transfer"]),
  };
}

function readNames(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  const names = new Map<string, string>();
  for (const each of list) {
    if (typeof each !== "string") continue;
    const name = each.trim().replace(/\s+/g, " ");
    if (name === "" || name.length > LONGEST_NAME) continue;
    const key = name.toUpperCase();
    if (!names.has(key)) names.set(key, name);
    if (names.size === MOST_NAMES) break;
  }
  return [...names.values()];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
