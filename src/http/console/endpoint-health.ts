/** How each endpoint has fared: outcomes by the hour, for a small picture beside it. */
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { recentOutcomes } from "../../store/endpoint-outcomes.ts";
import { callerOf } from "../keyring.ts";
import type { ConsoleDeps } from "./context.ts";
import { describeRoute } from "./documentation.ts";
import { ENDPOINT_EXAMPLE } from "./endpoint-fields.ts";

const health = z.object({
  endpoint_id: z.string(),
  hours: z
    .array(z.object({ at: z.string(), delivered: z.int(), failed: z.int() }))
    .meta({ description: "Hours with attempts, oldest first; those without are not listed." }),
  is_complete: z.boolean().meta({ description: "False where only the newest 2,000 attempts were counted." }),
});

const description = describeRoute({
  id: "listEndpointHealth",
  summary: "Outcomes of the last 24 hours",
  description: "Attempts by endpoint and hour, from the last 24 hours.",
  answer: z.object({ data: z.array(health) }),
  answerDescription: "Every endpoint that had an attempt.",
  example: {
    data: [
      {
        endpoint_id: ENDPOINT_EXAMPLE.id,
        hours: [{ at: "2026-01-31T12:00:00Z", delivered: 1290, failed: 3 }],
        is_complete: true,
      },
    ],
  },
});

export function endpointHealthRoutes(app: FastifyInstance, { db, clock, authenticate }: ConsoleDeps): void {
  app.route({
    method: "GET",
    url: "/endpoint-health",
    onRequest: authenticate,
    schema: description,
    handler: async (request) => {
      const outcomes = await recentOutcomes(db, callerOf(request).env.id, clock());
      return {
        data: outcomes.map(({ endpoint, hours, isComplete }) => ({
          endpoint_id: endpoint,
          hours: hours.map(({ at, delivered, failed }) => ({ at: at.toString(), delivered, failed })),
          is_complete: isComplete,
        })),
      };
    },
  });
}
