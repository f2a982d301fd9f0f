/**
 * The one table of this contract's errors: code → HTTP status, type and message. All go out as
 * `{"error": {"type", "code", "message", "param"?}}` (reference §1.2).
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { ConnectError } from "../../connect/errors.ts";
import type { Log } from "../../platform/telemetry.ts";
import { isDatabaseUnavailable } from "../../store/unavailable.ts";
import { isUnstorableText } from "../../store/unstorable.ts";
import { isMalformedMultipart, UnreadableBody } from "../parsers.ts";

interface Entry {
  status: number;
  message: string;
}

const entry = (status: number, message: string): Entry => ({ status, message });

export const ERRORS = {
  missing_identity: entry(400, "Name a `customer` or a `vendor`."),
  missing_parameter: entry(400, "A parameter is missing."),
  invalid_parameter: entry(400, "A parameter is not valid."),
  unreadable_body: entry(400, "The body is not what its content type says."),
  invalid_state: entry(400, "The object's status does not allow this."),
  unauthorized: entry(
    401,
    "Send the API key as the user name of HTTP Basic authentication, with an empty password.",
  ),
  https_required: entry(403, "HTTPS is required."),
  permission_denied: entry(403, "Your role does not allow this."),
  resource_missing: entry(404, "There is no such object or path."),
  request_timeout: entry(408, "The request took too long."),
  idempotency_conflict: entry(409, "This `Idempotency-Key` was sent with another request."),
  idempotency_in_progress: entry(409, "The first request with this `Idempotency-Key` has not ended yet."),
  body_too_large: entry(413, "The body is too large."),
  unsupported_media_type: entry(415, "Send application/x-www-form-urlencoded, or application/json."),
  rate_limited: entry(429, "Too many requests."),
  sync_rate_limited: entry(429, "This account was synced less than an hour ago."),
  too_many_streams: entry(429, "Too many event streams are open."),
  headers_too_large: entry(431, "The headers are too large."),
  internal_error: entry(500, "Something went wrong."),
  provider_unavailable: entry(503, "The bank does not answer."),
  service_unavailable: entry(503, "Service unavailable."),
} as const satisfies Record<string, Entry>;

export type ErrorCode = keyof typeof ERRORS;

const TYPES: Readonly<Record<number, string>> = {
  401: "authentication_error",
  403: "permission_error",
  429: "rate_limit_error",
};

const typeOf = (status: number): string => (status >= 500 ? "api_error" : (TYPES[status] ?? "request_error"));

export interface ErrorDetail {
  /** In place of the table's; never holds a secret or personal data, for it goes out. */
  message?: string;
  /** As the client writes it, such as `metadata[key]`. */
  param?: string;
  /** Seconds. */
  retryAfter?: number;
}

/** Thrown anywhere in a request; the error handler alone answers it. */
export class OpenBankingError extends Error {
  override name = "OpenBankingError";
  readonly code: ErrorCode;
  readonly detail: ErrorDetail;
  constructor(code: ErrorCode, detail: ErrorDetail = {}) {
    super(detail.message ?? code);
    this.code = code;
    this.detail = detail;
  }
}

export const errorBody = (code: ErrorCode, { message, param }: ErrorDetail = {}) => {
  const known = ERRORS[code];
  const error = { type: typeOf(known.status), code, message: message ?? known.message };
  return { error: param === undefined ? error : { ...error, param } };
};

export function answerErrors(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((error, request, reply) => {
    const answer = errorOf(error);
    if (answer.code === "internal_error") log.error({ err: error, req_id: request.id }, "request failed");
    return sendError(request, reply, answer);
  });
}

/** No route serves this path, or none with this method. */
export const sendNoRoute = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  sendError(request, reply, new OpenBankingError("resource_missing"));

function sendError(request: FastifyRequest, reply: FastifyReply, error: OpenBankingError): FastifyReply {
  const { code, detail } = error;
  const { status } = ERRORS[code];
  request.outcome = code;
  if (detail.retryAfter !== undefined) reply.header("retry-after", detail.retryAfter);
  if (status === 401) reply.header("www-authenticate", 'Basic realm="Bankbell", charset="UTF-8"');
  return reply
    .code(status)
    .type("application/json; charset=utf-8")
    .send(JSON.stringify(errorBody(code, detail)));
}

/** What `fields.ts` says of a value that is not there. */
export const MISSING = "is missing";

function errorOf(error: unknown): OpenBankingError {
  if (error instanceof OpenBankingError) return error;
  if (error instanceof ConnectError) return ofConnect(error);
  if (hasZodFastifySchemaValidationErrors(error)) {
    // An id in the path that cannot be one names nothing.
    if (error.validationContext === "params") return new OpenBankingError("resource_missing");
    return ofValidation(error.validation[0]);
  }
  const { code, statusCode } = facts(error);
  if (code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") return new OpenBankingError("unsupported_media_type");
  if (statusCode === 413) return new OpenBankingError("body_too_large");
  if (statusCode === 503 || isDatabaseUnavailable(error))
    return new OpenBankingError("service_unavailable", { retryAfter: 1 });
  if (isUnstorableText(error))
    return new OpenBankingError("invalid_parameter", { message: "Null characters are not allowed." });
  if (error instanceof UnreadableBody)
    return new OpenBankingError("unreadable_body", { message: error.message });
  if ((statusCode >= 400 && statusCode < 500) || isMalformedMultipart(error))
    return new OpenBankingError("unreadable_body");
  return new OpenBankingError("internal_error");
}

function ofConnect({ code, message, detail: { param, retryAfterS } }: ConnectError): OpenBankingError {
  return new OpenBankingError(code, {
    message,
    ...(param === undefined ? {} : { param }),
    ...(retryAfterS === undefined ? {} : { retryAfter: retryAfterS }),
  });
}

/** The first fault only. */
function ofValidation(fault: { instancePath: string; message?: string } | undefined): OpenBankingError {
  const [name = "", ...inside] = (fault?.instancePath ?? "").split("/").slice(1);
  const param = name + inside.map((part) => `[${part}]`).join("");
  const said = fault?.message ?? "is not valid";
  return new OpenBankingError(said === MISSING ? "missing_parameter" : "invalid_parameter", {
    message: param === "" ? ERRORS.invalid_parameter.message : `\`${param}\` ${said}.`,
    ...(param === "" ? {} : { param }),
  });
}

function facts(error: unknown): { code: string; statusCode: number } {
  if (!(error instanceof Error)) return { code: "", statusCode: 500 };
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const statusCode = "statusCode" in error && typeof error.statusCode === "number" ? error.statusCode : 500;
  return { code, statusCode };
}
