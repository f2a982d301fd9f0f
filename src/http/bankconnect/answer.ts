/** Whatever a request of this contract threw → one answer. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { bankIdentifiers } from "../../intake/banks.ts";
import { IntakeError } from "../../intake/errors.ts";
import type { Log } from "../../platform/telemetry.ts";
import { isDatabaseUnavailable } from "../../store/unavailable.ts";
import { isUnstorableText } from "../../store/unstorable.ts";
import { isMalformedMultipart, UnreadableBody } from "../parsers.ts";
import {
  answerError,
  ERRORS,
  Refusal,
  shapeOf,
  TOO_LARGE,
  type Detail,
  type ErrorCode,
  type Shape,
  type UploadIds,
} from "./errors.ts";

interface Outcome {
  code: ErrorCode;
  detail: Detail;
  ids?: Partial<UploadIds>;
}

export function answerErrors(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((error, request, reply) => {
    const shape = request.is404 ? shapeOf(request.url) : (request.routeOptions.config.shape ?? "envelope");
    const outcome = outcomeOf(error, request, shape);
    if (ERRORS[outcome.code].status >= 500) log.error({ err: error, req_id: request.id }, "request failed");
    return sendError(request, reply, outcome, shape);
  });
}

export function sendError(
  request: FastifyRequest,
  reply: FastifyReply,
  outcome: Outcome,
  shape: Shape,
): FastifyReply {
  const { code, detail, ids } = outcome;
  const known = { session_id: request.uploadSession, statement_id: "", ...ids };
  const { status, body } = answerError(code, shape, detail, known);
  request.outcome = detail.why === undefined ? code : `${code}:${detail.why}`;
  if (detail.retryAfter !== undefined) reply.header("retry-after", detail.retryAfter);
  return reply.code(status).type("application/json; charset=utf-8").send(JSON.stringify(body));
}

function outcomeOf(error: unknown, request: FastifyRequest, shape: Shape): Outcome {
  if (error instanceof Refusal) return { code: error.code, detail: error.detail };
  if (error instanceof IntakeError) return ofIntake(error);
  if (hasZodFastifySchemaValidationErrors(error)) return ofValidation(error.validation[0]);
  const { code, statusCode } = facts(error);
  if (code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") {
    if (isUpload(shape)) return { code: "NOT_A_FORM", detail: {} };
    return { code: "UNSUPPORTED_MEDIA_TYPE", detail: { mediaType: mediaTypeOf(request) } };
  }
  if (statusCode === 503 || isDatabaseUnavailable(error))
    return { code: "SERVICE_UNAVAILABLE", detail: { retryAfter: 1 } };
  // Too large, cut short, not what it says it is: Fastify and its plugins mark these 4xx.
  if (
    error instanceof UnreadableBody ||
    isUnstorableText(error) ||
    (statusCode >= 400 && statusCode < 500) ||
    isMalformedMultipart(error)
  ) {
    const detail = statusCode === 413 ? { why: TOO_LARGE } : {};
    return { code: isUpload(shape) ? "INVALID_FILE_OBJECT" : "INVALID_REQUEST", detail };
  }
  return { code: "INTERNAL_ERROR", detail: {} };
}

const isUpload = (shape: Shape): boolean => shape === "upload" || shape === "status";

function ofIntake(error: IntakeError): Outcome {
  const { code, bank, about, sessionId, statementId } = error;
  return {
    code,
    detail: { about, bankNames: bankIdentifiers, ...(bank === null ? {} : { bank }) },
    ids: {
      ...(sessionId === null ? {} : { session_id: sessionId }),
      ...(statementId === null ? {} : { statement_id: statementId }),
    },
  };
}

/** The first fault only, as the contract has it. One inside `metadata`, or of the body as a whole, is named by none. */
function ofValidation(fault: { instancePath: string; message?: string } | undefined): Outcome {
  const [field = "", inside] = (fault?.instancePath ?? "").split("/").slice(1);
  const detail =
    field === "" || inside !== undefined || field === "metadata"
      ? {}
      : { field, reason: fault?.message ?? "" };
  return { code: "INVALID_REQUEST", detail };
}

function mediaTypeOf(request: FastifyRequest): string {
  return (request.headers["content-type"] ?? "").split(";", 1).join("").trim().slice(0, 100);
}

function facts(error: unknown): { code: string; statusCode: number } {
  if (!(error instanceof Error)) return { code: "", statusCode: 500 };
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const statusCode = "statusCode" in error && typeof error.statusCode === "number" ? error.statusCode : 500;
  return { code, statusCode };
}
