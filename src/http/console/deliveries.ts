/** What became of events at endpoints, and sending one again. */
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { DELIVERY_STATUSES, findEvent, listDeliveries } from "../../store/history.ts";
import { queueAgain } from "../../store/replays.ts";
import { inTransaction } from "../../store/transaction.ts";
import { callerOf } from "../keyring.ts";
import { audit, eventParams, found, type ConsoleDeps } from "./context.ts";
import { describeRoute } from "./documentation.ts";
import { openEndpoint, optionalEndpoint, sendableEndpoint } from "./endpoint-lookup.ts";
import { ConsoleError } from "./errors.ts";
import { keyOf, pageOf, pageQuery, readCursor, severalQuery, timeQuery, writeCursor } from "./paging.ts";
import { DELIVERY_EXAMPLE, deliveryView, viewDelivery } from "./views.ts";

const LIST = "deliveries";

const listQuery = z.object({
  ...pageQuery,
  ...timeQuery,
  endpoint_id: optionalEndpoint,
  type: severalQuery("Event types; may be repeated."),
  resource: z.string().max(300).optional().meta({ description: "Such as `session:<uuid>`." }),
  subject: z.string().max(300).optional().meta({ description: "link_id or customer." }),
  status: z
    .enum(DELIVERY_STATUSES)
    .optional()
    .meta({
      description:
        "`waiting` for its first attempt, `retrying`, `delivered`, `exhausted`, `expired`, or `withdrawn` after its " +
        "session or entity was deleted.",
    }),
});

const listDescription = describeRoute({
  id: "listDeliveries",
  summary: "Deliveries",
  description:
    "One row per event and endpoint, newest event first. A page searches a bounded part of the history: it may hold " +
    "fewer rows than `limit`, and `next` says whether there are more.",
  answer: pageOf(deliveryView),
  answerDescription: "One page.",
  example: { data: [DELIVERY_EXAMPLE], next: null },
  errors: ["INVALID_CURSOR"],
});

const resendDescription = describeRoute({
  id: "resendEvent",
  summary: "Send an event again",
  description:
    "To one endpoint, also where it never had a delivery of it. The same bytes and the same `webhook-id`, behind what " +
    "waits for its resource; its schedule starts anew.",
  status: 202,
  answer: z.object({ status: z.enum(["queued", "waiting"]) }),
  answerDescription: "`waiting`: it was queued already, and nothing has changed.",
  example: { status: "queued" },
  errors: ["ENDPOINT_DISABLED", "NO_BODY"],
});

const resendBody = z.strictObject({
  endpoint_id: z.string().meta({ description: "Where to.", examples: ["wh_2aUyqjCzEIiEcYMKj7TZtw"] }),
});

export function deliveryRoutes(app: FastifyInstance, deps: ConsoleDeps): void {
  const { db, authenticate } = deps;
  const typed = app.withTypeProvider<ZodTypeProvider>();

  typed.route({
    method: "GET",
    url: "/deliveries",
    onRequest: authenticate,
    schema: { ...listDescription, querystring: listQuery },
    handler: async (request) => {
      const { limit, cursor, type, endpoint_id, ...filter } = request.query;
      const { env } = callerOf(request);
      const endpointId = await openEndpoint(db, env.id, endpoint_id);
      const before = readCursor(cursor, LIST, ([event, endpoint]) => ({
        eventId: keyOf(event),
        endpointId: Number(keyOf(endpoint)),
      }));
      const { rows, next } = await listDeliveries(
        db,
        env.id,
        { ...filter, types: type, endpointId },
        { before, limit },
      );
      return {
        data: rows.map(viewDelivery),
        next: next && writeCursor(LIST, [next.eventId, next.endpointId]),
      };
    },
  });

  typed.route({
    method: "POST",
    url: "/events/:event_id/resend",
    onRequest: authenticate,
    schema: { ...resendDescription, params: eventParams, body: resendBody },
    handler: async (request, reply) => {
      const caller = callerOf(request);
      const status = await resend(deps, caller, request.params.event_id, request.body.endpoint_id);
      return reply.code(202).send({ status });
    },
  });
}

async function resend(
  { db, clock, wake }: ConsoleDeps,
  caller: ReturnType<typeof callerOf>,
  eventId: string,
  endpointId: string,
): Promise<"queued" | "waiting"> {
  const envId = caller.env.id;
  return inTransaction(db, async ({ trx, afterCommit }) => {
    const event = found(await findEvent(trx, envId, eventId));
    const endpoint = await sendableEndpoint(trx, envId, endpointId);
    const isThere = await trx
      .selectFrom("event_bodies")
      .select("event_id")
      .where("env_id", "=", envId)
      .where("event_id", "=", event.id)
      .where("format", "=", endpoint.format)
      .where("retention", "=", event.retention)
      .where("created_at", "=", event.at)
      .executeTakeFirst();
    if (!isThere) throw new ConsoleError("NO_BODY");
    const queued = await queueAgain(trx, { envId, endpointId: endpoint.id }, [event]);
    if (queued === 0) return "waiting";
    await audit(trx, caller, clock(), {
      action: "event.resend",
      target: `event:${event.publicId}`,
      detail: { endpoint: endpointId },
    });
    afterCommit(wake);
    return "queued";
  });
}
