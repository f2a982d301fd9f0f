/** What a consent may be asked for: checked values from the client's words. Pure. */
import type { Scope } from "../providers/provider.ts";
import { ConnectError } from "../errors.ts";

export const SCOPES: readonly Scope[] = ["accounts", "balance", "transactions"];

/** Longest way back that is asked of a bank, and longest time ahead. */
const MOST_YEARS = 10;
const LONGEST_URL = 2048;

/**
 * None given: all three. `accounts` is always among them, for the others are read account by account. Throws
 * ConnectError `invalid_parameter`.
 */
export function checkedScopes(given: readonly string[] | null): Scope[] {
  if (given === null || given.length === 0) return [...SCOPES];
  const unknown = given.find((scope) => !SCOPES.some((known) => known === scope));
  if (unknown !== undefined) {
    throw new ConnectError("invalid_parameter", `scopes[] knows ${SCOPES.join(", ")}.`, { param: "scopes" });
  }
  return SCOPES.filter((scope) => scope === "accounts" || given.includes(scope));
}

/** https, or http to this machine; no user name or password in it. Throws ConnectError `invalid_parameter`. */
export function checkedReturnUrl(given: string): string {
  const url = URL.parse(given);
  const isLocal = url !== null && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  const isAllowed = url?.protocol === "https:" || (url?.protocol === "http:" && isLocal);
  if (!url || !isAllowed || url.username !== "" || url.password !== "" || given.length > LONGEST_URL) {
    throw new ConnectError("invalid_parameter", "return_url is an https:// address (http:// on localhost).", {
      param: "return_url",
    });
  }
  return given;
}

/** From today on, at most ten years ahead. Throws ConnectError `invalid_parameter`. */
export function checkedExpiry(date: Temporal.PlainDate, today: Temporal.PlainDate): Temporal.PlainDate {
  return within(date, { from: today, to: today.add({ years: MOST_YEARS }) }, "expiry_date", "today or later");
}

/** Up to today, at most ten years back. Throws ConnectError `invalid_parameter`. */
export function checkedRetro(date: Temporal.PlainDate, today: Temporal.PlainDate): Temporal.PlainDate {
  return within(
    date,
    { from: today.subtract({ years: MOST_YEARS }), to: today },
    "retro_date",
    "today or earlier",
  );
}

function within(
  date: Temporal.PlainDate,
  { from, to }: { from: Temporal.PlainDate; to: Temporal.PlainDate },
  param: string,
  rule: string,
): Temporal.PlainDate {
  if (Temporal.PlainDate.compare(date, from) >= 0 && Temporal.PlainDate.compare(date, to) <= 0) return date;
  throw new ConnectError("invalid_parameter", `${param} is ${rule}, and within ${MOST_YEARS} years.`, {
    param,
  });
}
