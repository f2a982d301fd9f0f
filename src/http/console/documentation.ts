/** What every route of the console says about itself in OpenAPI. */
import type { z } from "zod";
import { responseSchema } from "../schemas.ts";
import { ERRORS, errorBody, type ErrorCode } from "./errors.ts";

export const TAG = "Deliveries";

export interface RouteDescription {
  id: string;
  /** `Deliveries` where it is not named. */
  tag?: string;
  summary: string;
  description: string;
  status?: number;
  answer: z.ZodType;
  answerDescription: string;
  example: unknown;
  /** The server hash is needed beside the key. */
  owner?: boolean;
  /** Beside those that every route has. */
  errors?: readonly ErrorCode[];
}

const COMMON: readonly ErrorCode[] = ["INVALID_REQUEST", "UNAUTHENTICATED", "NOT_FOUND"];

/** Without body, querystring and params: those are the route's own, for their types. */
export function describeRoute(route: RouteDescription) {
  const { answer, answerDescription, example, owner = false, errors = [] } = route;
  return {
    operationId: route.id,
    summary: route.summary,
    description: route.description,
    tags: [route.tag ?? TAG],
    security: [owner ? { bearerKey: [], serverHash: [] } : { bearerKey: [] }],
    response: {
      [route.status ?? 200]: responseSchema(answer, { description: answerDescription, example }),
      ...errorResponses([...COMMON, ...(owner ? (["SERVER_HASH_REQUIRED"] as const) : []), ...errors]),
    },
  };
}

/** By status, with one example per code. */
function errorResponses(codes: readonly ErrorCode[]): Record<string, Record<string, unknown>> {
  const byStatus = Map.groupBy(codes, (code) => ERRORS[code].status);
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
