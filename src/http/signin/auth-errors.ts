/** What better-auth throws, in the console's words. */
import { APIError } from "better-auth/api";
import { ConsoleError, type ErrorCode } from "../console/errors.ts";

/** By better-auth's code; what is not named is INVALID_REQUEST with better-auth's own message. */
const CODES: Readonly<Record<string, ErrorCode>> = {
  INVALID_EMAIL_OR_PASSWORD: "SIGN_IN_FAILED",
  INVALID_PASSWORD: "SIGN_IN_FAILED",
  INVALID_CODE: "WRONG_CODE",
  INVALID_BACKUP_CODE: "WRONG_CODE",
  INVALID_TWO_FACTOR_COOKIE: "UNAUTHENTICATED",
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: "TOO_MANY_REQUESTS",
  ACCOUNT_TEMPORARILY_LOCKED: "TOO_MANY_REQUESTS",
  YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER: "LAST_OWNER",
  YOU_CANNOT_LEAVE_THE_ORGANIZATION_WITHOUT_AN_OWNER: "LAST_OWNER",
  USER_IS_ALREADY_A_MEMBER_OF_THIS_ORGANIZATION: "ALREADY_MEMBER",
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: "SIGN_IN_FIRST",
  MEMBER_NOT_FOUND: "NOT_FOUND",
  INVITATION_NOT_FOUND: "LINK_OVER",
  INVALID_TOKEN: "LINK_OVER",
  YOU_ARE_NOT_THE_RECIPIENT_OF_THE_INVITATION: "SIGN_IN_FIRST",
};

/** Errors that are not better-auth's stay as they are. */
export function consoleErrorOfAuth(error: unknown): unknown {
  if (!(error instanceof APIError)) return error;
  const { code, message } = error.body ?? {};
  const known = CODES[code ?? ""];
  if (known) return new ConsoleError(known);
  if (error.statusCode === 401) return new ConsoleError("UNAUTHENTICATED");
  if (error.statusCode === 403) return new ConsoleError("ROLE_TOO_LOW");
  if (error.statusCode >= 500) return error;
  return new ConsoleError("INVALID_REQUEST", message ?? null);
}

/** As `work`, with better-auth's errors in the console's words. */
export async function inOurWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw consoleErrorOfAuth(error);
  }
}
