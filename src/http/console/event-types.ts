import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { ALL_KINDS, type EventKind } from "../../events/catalogue.ts";
import type { ConsoleDeps } from "./context.ts";
import { describeRoute } from "./documentation.ts";

const kind = z.object({
  type: z.string(),
  contract: z.enum(["bankconnect", "openbanking"]),
  format: z.enum(["entity", "session", "event"]),
  when: z.string(),
  description: z.string(),
  named_only: z.boolean().meta({ description: "`*` does not mean it: an endpoint must name it." }),
});

const CATALOGUE = ALL_KINDS.map(viewOf);

const description = describeRoute({
  id: "listEventTypes",
  summary: "Catalogue of event types",
  description: "Every type that an endpoint can ask for, and when it is recorded.",
  answer: z.object({ data: z.array(kind) }),
  answerDescription: "All of them: the catalogue has no pages.",
  example: { data: CATALOGUE.slice(0, 1) },
});

export function eventTypeRoutes(app: FastifyInstance, { authenticate }: ConsoleDeps): void {
  app.get("/event-types", { onRequest: authenticate, schema: description }, async () => ({
    data: CATALOGUE,
  }));
}

function viewOf({ type, contract, format, when, description, namedOnly }: EventKind) {
  return { type, contract, format, when, description, named_only: namedOnly === true };
}
