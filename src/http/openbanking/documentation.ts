/** What every route of this contract says about itself in OpenAPI. */
import type { z } from "zod";
import { responseSchema } from "../schemas.ts";
import { ERRORS, errorBody, type ErrorCode } from "./errors.ts";

/** Sections of `/docs`. */
export const TAGS = {
  customers: "Open banking: customers",
  consents: "Open banking: consents",
  accounts: "Open banking: bank accounts",
  payments: "Open banking: payments",
  events: "Open banking: events",
} as const;

export interface RouteDescription {
  id: string;
  tag: (typeof TAGS)[keyof typeof TAGS];
  summary: string;
  description: string;
  answer: z.ZodType;
  answerDescription: string;
  example: unknown;
  /** Beside those that every route has. */
  errors?: readonly ErrorCode[];
}

const COMMON: readonly ErrorCode[] = ["invalid_parameter", "unauthorized"];

/** Without body, querystring and params: those are the route's own, for their types. */
export function describeRoute(route: RouteDescription) {
  const { answer, answerDescription, example, errors = [] } = route;
  return {
    operationId: route.id,
    summary: route.summary,
    description: route.description,
    tags: [route.tag],
    consumes: ["application/x-www-form-urlencoded", "application/json"],
    security: [{ basicKey: [] }],
    response: {
      200: responseSchema(answer, { description: answerDescription, example }),
      ...errorResponses([...COMMON, ...errors]),
    },
  };
}

/** By status, with one example per code. */
function errorResponses(codes: readonly ErrorCode[]): Record<string, Record<string, unknown>> {
  const byStatus = Map.groupBy(new Set(codes), (code) => ERRORS[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      String(status),
      {
        description: codes.map((code) => `\`${code}\``).join(", "),
        type: "object",
        additionalProperties: true,
        examples: codes.map((code) => errorBody(code)),
      },
    ]),
  );
}
