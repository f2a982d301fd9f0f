/** What was recorded: the list, and one event with its bytes and its deliveries. */
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { bodiesOfEvent, deliveriesOfEvent, findEvent, listEvents } from "../../store/history.ts";
import { callerOf } from "../keyring.ts";
import { audit, eventParams, found, type ConsoleDeps } from "./context.ts";
import { describeRoute } from "./documentation.ts";
import { keyOf, pageOf, pageQuery, readCursor, severalQuery, timeQuery, writeCursor } from "./paging.ts";
import {
  DELIVERY_EXAMPLE,
  deliveryView,
  EVENT_EXAMPLE,
  eventView,
  viewDelivery,
  viewEvent,
} from "./views.ts";

const LIST = "events";

const listQuery = z.object({
  ...pageQuery,
  ...timeQuery,
  type: severalQuery("Event types; may be repeated."),
  resource: z.string().max(300).optional().meta({ description: "Such as `session:<uuid>`." }),
  subject: z.string().max(300).optional().meta({ description: "link_id or customer." }),
});

const listDescription = describeRoute({
  id: "listEvents",
  summary: "Events",
  description: "What was recorded, newest first, whether or not anybody wanted it.",
  answer: pageOf(eventView),
  answerDescription: "One page.",
  example: { data: [EVENT_EXAMPLE], next: null },
  errors: ["INVALID_CURSOR"],
});

const detail = eventView.extend({
  bodies: z.array(
    z.object({
      format: z.enum(["entity", "session", "event"]),
      body: z.string().meta({ description: "The exact bytes that every attempt sends." }),
    }),
  ),
  deliveries: z.array(deliveryView),
});

const readDescription = describeRoute({
  id: "getEvent",
  summary: "One event",
  description: "With its rendered bodies and its deliveries. Reading it leaves an audit row.",
  answer: detail,
  answerDescription: "Bodies are empty where the event has been erased.",
  example: {
    ...EVENT_EXAMPLE,
    bodies: [{ format: "session", body: '{"session_id":"409ed817-b824-4818-a7f7-dc532ce0d8fc"}' }],
    deliveries: [DELIVERY_EXAMPLE],
  },
});

export function eventRoutes(app: FastifyInstance, { db, clock, authenticate }: ConsoleDeps): void {
  const typed = app.withTypeProvider<ZodTypeProvider>();

  typed.route({
    method: "GET",
    url: "/events",
    onRequest: authenticate,
    schema: { ...listDescription, querystring: listQuery },
    handler: async (request) => {
      const { limit, cursor, type, ...filter } = request.query;
      const before = readCursor(cursor, LIST, ([id]) => keyOf(id));
      const events = await listEvents(
        db,
        callerOf(request).env.id,
        { ...filter, types: type },
        { before, limit: limit + 1 },
      );
      const shown = events.slice(0, limit);
      const last = shown.at(-1);
      return {
        data: shown.map(viewEvent),
        next: events.length > limit && last ? writeCursor(LIST, [last.id]) : null,
      };
    },
  });

  typed.route({
    method: "GET",
    url: "/events/:event_id",
    onRequest: authenticate,
    schema: { ...readDescription, params: eventParams },
    handler: async (request) => {
      const caller = callerOf(request);
      const event = found(await findEvent(db, caller.env.id, request.params.event_id));
      const bodies = await bodiesOfEvent(db, caller.env.id, event);
      const deliveries = await deliveriesOfEvent(db, caller.env.id, event);
      await audit(db, caller, clock(), { action: "event.read", target: `event:${event.publicId}` });
      return {
        ...viewEvent(event),
        bodies: bodies.map(({ format, body }) => ({ format, body: body.toString() })),
        deliveries: deliveries.map(viewDelivery),
      };
    },
  });
}
