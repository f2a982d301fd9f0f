/** Events: the list for people, and the feed for machines that pull. `event-stream.ts` pushes the same feed. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import {
  countFeedEvents,
  EVENT_ORDER,
  FEED_START,
  findFeedEvent,
  listFeedEvents,
  MOST_COUNTED,
  positionOf,
  readFeed,
  type FeedEvent,
  type FeedFilter,
} from "../../store/event-feed.ts";
import { recordAudit } from "../../store/audit.ts";
import { callerOf } from "../keyring.ts";
import { found, idParams, named, type OpenbankingDeps } from "./context.ts";
import { describeRoute, TAGS } from "./documentation.ts";
import { EVENT_ENVELOPE, openbankingEventBody } from "./event-bodies.ts";
import { eventQuery, filterOf } from "./event-query.ts";
import { optionalText, timestampQuery } from "./fields.ts";
import { listAnswer, listBody, listExample, listQuery, pathOf, readPage } from "./lists.ts";

const LIST = { name: "/events", order: EVENT_ORDER };
const EXAMPLE = openbankingEventBody("consent.created").example;

const query = z.object({
  ...listQuery,
  ...eventQuery,
  ...timestampQuery,
  after: optionalText(100, {
    description:
      "Pull: oldest first, behind the event of this id; `after=start` begins with the oldest that is kept. Absent: newest " +
      "first, for people.",
  }),
});

const page = listAnswer(EVENT_ENVELOPE);
const answer = page.extend({
  paging: page.shape.paging.extend({
    total: z.int().meta({ description: `Of all pages; counting stops at ${MOST_COUNTED}.` }),
    after: z
      .string()
      .nullable()
      .optional()
      .meta({ description: "Pull: what the next call sends as `after`, also at the end of what there is." }),
  }),
});

export function eventRoutes(app: FastifyInstance, deps: OpenbankingDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "GET",
    url: "/events",
    schema: {
      ...describeRoute({
        id: "listContractEvents",
        tag: TAGS.events,
        summary: "Events",
        description:
          "Without `after` newest first, for people to look through. With `after` it is a feed: oldest first, each event once; " +
          "an event whose transaction commits late comes late and is not passed by. Keep `paging.after` and send it as " +
          "`after` next time.",
        answer,
        answerDescription: "One page.",
        example: listExample(EXAMPLE, "/events"),
        errors: ["resource_missing"],
      }),
      querystring: query,
    },
    handler: async (request) => {
      const { after } = request.query;
      const filter = filterOf(request.query, callerOf(request).env.timeZone);
      return after === undefined
        ? newest(deps, request, request.query, filter)
        : pulled(deps, request, request.query, after, filter);
    },
  });
  readRoute(app, deps);
}

function readRoute(app: FastifyInstance, deps: OpenbankingDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "GET",
    url: "/events/:id",
    schema: {
      ...describeRoute({
        id: "getContractEvent",
        tag: TAGS.events,
        summary: "One event",
        description: "As it was delivered.",
        answer: EVENT_ENVELOPE,
        answerDescription: "The event.",
        example: EXAMPLE,
        errors: ["resource_missing"],
      }),
      params: idParams("The event's id: the `webhook-id` of its deliveries.", EXAMPLE.id),
    },
    handler: async (request) => {
      const event = found(await findFeedEvent(deps.db, callerOf(request).env.id, request.params.id));
      await auditRead(deps, request, 1);
      return viewOf(event);
    },
  });
}

type EventsQuery = z.output<typeof query>;

async function newest(
  deps: OpenbankingDeps,
  request: FastifyRequest,
  query: EventsQuery,
  filter: FeedFilter,
) {
  const { env } = callerOf(request);
  const page = readPage(query, LIST);
  const rows = await listFeedEvents(deps.db, env.id, filter, page);
  const total = await countFeedEvents(deps.db, env.id, filter, null);
  await auditRead(deps, request, rows.rows.length);
  return listBody(request, page, rows, { list: LIST, total, keyOf: ({ id }) => [id], view: viewOf });
}

async function pulled(
  deps: OpenbankingDeps,
  request: FastifyRequest,
  query: EventsQuery,
  after: string,
  filter: FeedFilter,
) {
  const { env } = callerOf(request);
  const { limit } = readPage(query, LIST);
  const start = after === "start" ? FEED_START : named(await positionOf(deps.db, env.id, after), "after");
  const { events, more } = await readFeed(deps.db, env.id, filter, start, limit);
  const total = await countFeedEvents(deps.db, env.id, filter, start);
  await auditRead(deps, request, events.length);
  const end = events.at(-1)?.publicId ?? after;
  return {
    data: events.map(viewOf),
    count: events.length,
    paging: {
      total,
      next: more ? pathOf(request, { limit, after: end }) : null,
      prev: null,
      after: end,
    },
  };
}

const viewOf = ({ body }: FeedEvent) => EVENT_ENVELOPE.parse(JSON.parse(body.toString()));

/** Events hold what the customer's bank says. A pull that brings nothing has read nothing. */
export async function auditRead(
  { db, clock }: Pick<OpenbankingDeps, "db" | "clock">,
  request: FastifyRequest,
  count: number,
  action: "events.read" | "events.stream" = "events.read",
): Promise<void> {
  const { env, actor } = callerOf(request);
  if (count === 0 && action === "events.read") return;
  await recordAudit(db, {
    envId: env.id,
    at: clock(),
    actor,
    action,
    target: `environment:${env.publicId}`,
    detail: { count },
  });
}
