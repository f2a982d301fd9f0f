/** What every route of this contract says about itself in OpenAPI. */
import type { FastifySchema } from "fastify";
import type { z } from "zod";
import { responseSchema } from "../schemas.ts";
import { answerError, ERRORS, type Detail, type ErrorCode, type Shape } from "./errors.ts";

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
  errors: readonly ErrorCode[];
  shape?: Shape;
  consumes?: readonly string[];
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
    tags: ["BankConnect sessions"],
    ...(route.security ? { security: route.security } : {}),
    ...(route.consumes ? { consumes: route.consumes } : {}),
    response: { [route.status]: answer, ...errorResponses(route.errors, route.shape ?? "envelope") },
  };
}

const SAMPLE: Detail = {
  field: "link_id",
  reason: "This field is required.",
  bank: "axis",
  method: "GET",
  mediaType: "text/plain",
  bankNames: ["axis", "hdfc"],
  retryAfter: 1,
  about: "frequency",
};

/** By status, with one example per code: what goes out, word for word. */
function errorResponses(codes: readonly ErrorCode[], shape: Shape): Record<string, Record<string, unknown>> {
  const byStatus = Map.groupBy(codes, (code) => ERRORS[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      String(status),
      {
        description: codes.map((code) => `\`${code}\``).join(", "),
        type: "object",
        additionalProperties: true,
        examples: codes.map((code) => answerError(code, shape, SAMPLE).body),
      },
    ]),
  );
}
