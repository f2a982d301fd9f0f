/** What every route of this contract says about itself in OpenAPI. */
import type { FastifySchema } from "fastify";
import type { z } from "zod";
import { responseSchema } from "../schemas.ts";
import { answerError, ERRORS, sentCode, type Detail, type ErrorCode, type Shape } from "./errors.ts";

export const BOTH_KEYS = [{ clientKey: [], serverHash: [] }] as const;
export const CLIENT_KEY = [{ clientKey: [] }] as const;

/** The common errors of session_data (§2). */
export const COMMON_ERRORS = ["SESSION_NOT_FOUND", "SESSION_DELETED", "ACCESS_DENIED"] as const;

export interface RouteDescription {
  id: string;
  summary: string;
  description: string;
  security: FastifySchema["security"];
  status: number;
  answer: z.ZodType;
  answerDescription: string;
  example: unknown;
  /** Without those that every path has (`EVERYWHERE`). */
  errors: readonly ErrorCode[];
  /** For the examples of its errors, beside what stands for every route. */
  sample?: Detail;
  shape?: Shape;
  consumes?: readonly string[];
  flow?: "sessions" | "entities";
}

/** Without body, querystring and params: those are the route's own, for their types. */
export function describeRoute(route: RouteDescription) {
  const answer = responseSchema(route.answer, {
    description: route.answerDescription,
    example: route.example,
  });
  return {
    operationId: route.id,
    summary: route.summary,
    description: route.description,
    tags: [`BankConnect ${route.flow ?? "sessions"}`],
    ...(route.security ? { security: route.security } : {}),
    ...(route.consumes ? { consumes: route.consumes } : {}),
    response: { [route.status]: answer, ...errorResponses(route) },
  };
}

const SAMPLE: Detail = {
  field: "link_id",
  reason: "This field is required.",
  bank: "axis",
  mediaType: "text/plain",
  bankNames: ["axis", "hdfc"],
  about: "frequency",
};

/** Said once, in the document's description: listed with every operation they would bury what is its own. */
const EVERYWHERE: readonly ErrorCode[] = [
  "HTTPS_REQUIRED",
  "METHOD_NOT_ALLOWED",
  "TOO_MANY_REQUESTS",
  "SERVICE_UNAVAILABLE",
];

const WHEN: Partial<Record<ErrorCode, string>> = {
  HTTPS_REQUIRED: "over plain HTTP, unless from this machine",
  METHOD_NOT_ALLOWED: "for a method that the path does not have, with `Allow`",
  TOO_MANY_REQUESTS: "beyond the rate limit, with `Retry-After`",
  SERVICE_UNAVAILABLE: "while the database is away or the server overloaded, with `Retry-After`",
};

export const everywhere = (): string =>
  EVERYWHERE.map((code) => `${ERRORS[code].status} \`${sentCode(code)}\` ${WHEN[code]}`).join("; ");

const printed = (codes: readonly ErrorCode[]): string =>
  [...new Set(codes.map(sentCode))]
    .map((code) => (code === null ? "one without a code" : `\`${code}\``))
    .join(", ");

const isCoded = (shape: Shape): boolean => shape === "envelope" || shape === "upload";

/** By status, with one example per code: what goes out, word for word. */
function errorResponses(route: RouteDescription): Record<string, Record<string, unknown>> {
  const { errors, shape = "envelope", sample } = route;
  const detail = { ...SAMPLE, ...sample };
  const byStatus = Map.groupBy(errors, (code) => ERRORS[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      String(status),
      {
        description: isCoded(shape) ? printed(codes) : "In the words of the examples.",
        type: "object",
        additionalProperties: true,
        examples: codes.map((code) => answerError(code, shape, detail).body),
      },
    ]),
  );
}
