/** Refusals in the words of the standard: OBErrorResponse1 of 3.1. */
import type { z } from "zod";

export interface Fault {
  ErrorCode: string;
  Message: string;
  Path?: string;
}

const NAMES: Record<number, string> = {
  400: "400 BadRequest",
  401: "401 Unauthorized",
  403: "403 Forbidden",
  404: "404 NotFound",
  405: "405 MethodNotAllowed",
  406: "406 NotAcceptable",
  415: "415 UnsupportedMediaType",
  429: "429 TooManyRequests",
  500: "500 InternalServerError",
  503: "503 ServiceUnavailable",
};

export class ObError extends Error {
  override name = "ObError";
  readonly status: number;
  readonly faults: readonly Fault[];
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, faults: readonly Fault[], headers: Record<string, string> = {}) {
    super(faults[0]?.Message ?? NAMES[status] ?? "Refused");
    this.status = status;
    this.faults = faults;
    this.headers = headers;
  }
}

/** One fault. `code` is what follows `UK.OBIE.`. */
export function refuse(status: number, code: string, message: string, path?: string): ObError {
  const fault = {
    ErrorCode: `UK.OBIE.${code}`,
    Message: message,
    ...(path === undefined ? {} : { Path: path }),
  };
  return new ObError(status, [fault]);
}

export const notFound = (what: string): ObError =>
  refuse(400, "Resource.NotFound", `There is no such ${what}.`);

export function errorBody(status: number, interactionId: string, faults: readonly Fault[]): unknown {
  const name = NAMES[status] ?? `${status}`;
  return { Code: name, Id: interactionId, Message: name.slice(4), Errors: faults };
}

/** Throws ObError 400 naming every fault of the body. */
export function readBody<T extends z.ZodType>(schema: T, body: unknown): z.infer<T> {
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  throw new ObError(400, read.error.issues.flatMap((issue) => faultsOf(issue, body)).slice(0, 20));
}

function faultsOf(issue: z.core.$ZodIssue, body: unknown): Fault[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => fault("Field.Unexpected", "The member is not known.", [...path, key]));
  }
  if (issue.code === "invalid_type" && at(body, path) === undefined) {
    return [fault("Field.Missing", "The member is missing.", path)];
  }
  if (issue.code === "invalid_format" && issue.format === "datetime") {
    return [fault("Field.InvalidDate", "The member is not a date and time with an offset.", path)];
  }
  return [fault("Field.Invalid", "The member's value is not allowed.", path)];
}

const fault = (code: string, message: string, path: readonly string[]): Fault => ({
  ErrorCode: `UK.OBIE.${code}`,
  Message: message,
  Path: path.join(".") || "Data",
});

function at(body: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null
        ? Object.getOwnPropertyDescriptor(value, key)?.value
        : undefined,
    body,
  );
}
