/** The one table of the console's errors: code → HTTP status and message. All go out as `{"error": {"code", "message"}}`. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import type { Log } from "../../platform/telemetry.ts";
import { isDatabaseUnavailable } from "../../store/unavailable.ts";
import { isUnstorableText } from "../../store/unstorable.ts";
import { UnreadableBody } from "../parsers.ts";

interface Entry {
  status: number;
  message: string;
}

export const ERRORS = {
  INVALID_REQUEST: { status: 400, message: "The request is not valid." },
  INVALID_CURSOR: { status: 400, message: "`cursor` is not one that this list has given." },
  UNAUTHENTICATED: { status: 401, message: "Sign in, or send an API key as `Authorization: Bearer <key>`." },
  SIGN_IN_FAILED: { status: 401, message: "The e-mail address or the password is wrong." },
  WRONG_CODE: { status: 401, message: "The code is wrong or has been used." },
  SERVER_HASH_REQUIRED: { status: 401, message: "Send the key's server hash as `server-hash`, too." },
  HTTPS_REQUIRED: { status: 403, message: "HTTPS is required." },
  FOREIGN_ORIGIN: { status: 403, message: "The request does not come from the console's own pages." },
  ROLE_TOO_LOW: { status: 403, message: "Your role does not allow this: ask an owner." },
  NOT_A_MEMBER: { status: 403, message: "You belong to no organisation: ask an owner to invite you." },
  // What is forbidden looks like what is absent.
  NOT_FOUND: { status: 404, message: "Not found." },
  ENDPOINT_DISABLED: { status: 409, message: "The endpoint is disabled: enable it first." },
  NO_BODY: { status: 409, message: "The event has no body in the endpoint's format, or it has been erased." },
  LAST_KEY: { status: 409, message: "It is the last key: make another first." },
  LAST_OWNER: { status: 409, message: "It is the last owner: make another member an owner first." },
  ALREADY_MEMBER: { status: 409, message: "A member has this e-mail address already." },
  SIGN_IN_FIRST: {
    status: 409,
    message: "There is an account with this e-mail address: sign in with it, then accept.",
  },
  LINK_OVER: { status: 410, message: "The link has been used, or it is too old: ask for another." },
  REPLAY_OVER: { status: 409, message: "The replay has ended." },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, message: "Send application/json." },
  TOO_MANY_REQUESTS: { status: 429, message: "Too many requests." },
  INTERNAL_ERROR: { status: 500, message: "Something went wrong." },
  SERVICE_UNAVAILABLE: { status: 503, message: "Service unavailable." },
} as const satisfies Record<string, Entry>;

export type ErrorCode = keyof typeof ERRORS;

/** Thrown anywhere in a request; the error handler alone answers it. */
export class ConsoleError extends Error {
  override name = "ConsoleError";
  readonly code: ErrorCode;
  /** In place of the table's message; never holds a secret, for it goes out. */
  readonly said: string | null;
  readonly retryAfter: number | null;
  constructor(code: ErrorCode, said: string | null = null, retryAfter: number | null = null) {
    super(said ?? code);
    this.code = code;
    this.said = said;
    this.retryAfter = retryAfter;
  }
}

export const errorBody = (code: ErrorCode, said: string | null = null) => ({
  error: { code, message: said ?? ERRORS[code].message },
});

export function answerErrors(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((error, request, reply) => {
    const answer = consoleErrorOf(error);
    if (ERRORS[answer.code].status >= 500) log.error({ err: error, req_id: request.id }, "request failed");
    return sendError(request, reply, answer);
  });
  app.setNotFoundHandler((request, reply) => sendError(request, reply, new ConsoleError("NOT_FOUND")));
}

function sendError(
  request: FastifyRequest,
  reply: FastifyReply,
  { code, said, retryAfter }: ConsoleError,
): FastifyReply {
  request.outcome = code;
  if (retryAfter !== null) reply.header("retry-after", retryAfter);
  if (ERRORS[code].status === 401) reply.header("www-authenticate", "Bearer");
  return reply
    .code(ERRORS[code].status)
    .type("application/json; charset=utf-8")
    .send(JSON.stringify(errorBody(code, said)));
}

function consoleErrorOf(error: unknown): ConsoleError {
  if (error instanceof ConsoleError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const [fault] = error.validation;
    const field = (fault?.instancePath ?? "").split("/").slice(1).join(".");
    return new ConsoleError("INVALID_REQUEST", `${field === "" ? "" : `${field}: `}${fault?.message ?? ""}`);
  }
  const { code, statusCode } = facts(error);
  if (code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") return new ConsoleError("UNSUPPORTED_MEDIA_TYPE");
  if (statusCode === 503 || isDatabaseUnavailable(error))
    return new ConsoleError("SERVICE_UNAVAILABLE", null, 1);
  if (isUnstorableText(error)) return new ConsoleError("INVALID_REQUEST", "Null characters are not allowed.");
  if (error instanceof UnreadableBody || (statusCode >= 400 && statusCode < 500)) {
    return new ConsoleError("INVALID_REQUEST");
  }
  return new ConsoleError("INTERNAL_ERROR");
}

function facts(error: unknown): { code: string; statusCode: number } {
  if (!(error instanceof Error)) return { code: "", statusCode: 500 };
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const statusCode = "statusCode" in error && typeof error.statusCode === "number" ? error.statusCode : 500;
  return { code, statusCode };
}
