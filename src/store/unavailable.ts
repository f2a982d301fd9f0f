/** Whether an error says that the database cannot be had just now, so that asking again in a second is the answer. */
import { DatabaseError } from "pg";

/**
 * SQLSTATEs: 57P01 to 57P03 are a server that stops, has crashed, or starts; 53300 has no connection left; 08xxx are
 * connections that broke. 57014, a statement that ran too long, is none: it would run too long again.
 */
const STATES = /^(08...|57P0[123]|53300)$/;

/** Of a socket that was being opened: ENOENT is a Unix socket that is not there. */
const NOT_OPENED: ReadonlySet<unknown> = new Set([
  "ENOENT",
  "ECONNREFUSED",
  "EAGAIN",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);
/** Of one that was open. */
const BROKEN: ReadonlySet<unknown> = new Set(["ECONNRESET", "EPIPE", "ETIMEDOUT"]);
/** Of the database's name; a receiver's is never asked for in a request. */
const UNRESOLVED: ReadonlySet<unknown> = new Set(["ENOTFOUND", "EAI_AGAIN"]);

/** `pg` and `pg-pool` give these no code: they have only their words. */
const MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Client (has encountered a connection error|was closed) and is not queryable|Cannot use a pool after calling end)/;

export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? error.code : undefined;
  if (error instanceof DatabaseError) return STATES.test(String(code));
  if (MESSAGES.test(error.message)) return true;
  const syscall = "syscall" in error ? error.syscall : undefined;
  if (syscall === "connect" && NOT_OPENED.has(code)) return true;
  if (syscall === "getaddrinfo" && UNRESOLVED.has(code)) return true;
  if ((syscall === "read" || syscall === "write") && BROKEN.has(code)) return true;
  // Several addresses were tried, such as ::1 and 127.0.0.1 of localhost.
  return (
    error instanceof AggregateError && error.errors.length > 0 && error.errors.every(isDatabaseUnavailable)
  );
}
