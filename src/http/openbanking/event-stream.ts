/**
 * Server-sent events: the feed of `events.ts`, pushed. A stream remembers nothing but its place: whoever comes back with
 * `Last-Event-ID` gets all that came meanwhile. It ends when the server stops, when its key is revoked, or when the client
 * takes nothing for a minute; `EventSource` then comes back by itself.
 */
import { Readable } from "node:stream";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import {
  FEED_START,
  feedEnd,
  positionOf,
  readFeed,
  type FeedEvent,
  type FeedFilter,
  type FeedPosition,
} from "../../store/event-feed.ts";
import { callerOf, header } from "../keyring.ts";
import { named, type OpenbankingDeps } from "./context.ts";
import { describeRoute, TAGS } from "./documentation.ts";
import { OpenBankingError } from "./errors.ts";
import { auditRead } from "./events.ts";
import { STREAM_LIMITS, type StreamLimits } from "./event-limits.ts";
import { watchNews, type News } from "./event-news.ts";
import { eventQuery, filterOf } from "./event-query.ts";
import { optionalText } from "./fields.ts";

const PAGE = 500;
/** What a client waits before it comes back. */
const RETRY_MS = 3000;

const query = z.object({
  ...eventQuery,
  after: optionalText(100, {
    description: "As `Last-Event-ID`, which goes before it; `start` begins with the oldest that is kept.",
  }),
});

function describeStream({ perEnvironment }: StreamLimits) {
  const described = describeRoute({
    id: "streamEvents",
    tag: TAGS.events,
    summary: "Events as a stream",
    description:
      "`text/event-stream`: `id` is the event's id, `event` its type, `data` the event as one line of JSON. Without " +
      "`Last-Event-ID` it begins now; with it nothing is lost that came between. A comment comes every 15 s. At most " +
      `${perEnvironment} streams at once.`,
    answer: z.string(),
    answerDescription: "",
    example: "",
    errors: ["resource_missing", "too_many_streams"],
  });
  const example =
    'id: evt_BziHSDpmRBDsdfxGebuC7a\nevent: consent.created\ndata: {"id":"evt_BziHSDpmRBDsdfxGebuC7a"}\n\n';
  const content = { "text/event-stream": { schema: { type: "string" }, example } };
  return {
    ...described,
    response: { ...described.response, 200: { description: "It never ends by itself.", content } },
  };
}

export function eventStreamRoute(
  app: FastifyInstance,
  deps: OpenbankingDeps,
  limits: StreamLimits = STREAM_LIMITS,
): void {
  const news = watchNews(deps.db, deps.log);
  const ending = new AbortController();
  const open = new Map<number, number>();
  // Before the server waits for its connections: a stream never ends by itself.
  app.addHook("preClose", async () => {
    ending.abort();
    news.stop();
  });
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "GET",
    url: "/events/stream",
    exposeHeadRoute: false,
    schema: {
      ...describeStream(limits),
      querystring: query,
    },
    handler: async (request, reply) => {
      const { env } = callerOf(request);
      const filter = filterOf(request.query, env.timeZone);
      const leave = enter(open, env.id, limits.perEnvironment);
      // However it ends: answered with an error, too.
      reply.raw.once("close", leave);
      const start = await startOf(deps, request, request.query.after);
      await auditRead(deps, request, 0, "events.stream");
      const { socket } = request.raw;
      socket.setTimeout(limits.stalledMs, () => socket.destroy());
      reply.header("content-type", "text/event-stream; charset=utf-8");
      reply.header("connection", "close");
      // Proxies that gather answers would hold the stream back.
      reply.header("x-accel-buffering", "no");
      const bell = createBell();
      ending.signal.addEventListener("abort", bell.end);
      reply.raw.once("close", () => {
        ending.signal.removeEventListener("abort", bell.end);
        bell.end();
      });
      if (ending.signal.aborted || socket.destroyed) bell.end();
      const { heartbeatMs } = limits;
      const pieces = told(deps, request, { news, bell, filter, start, heartbeatMs });
      return reply.serializer(String).send(Readable.from(pieces));
    },
  });
}

/** Throws too_many_streams; answers how to leave, once. */
function enter(open: Map<number, number>, envId: number, most: number): () => void {
  const count = open.get(envId) ?? 0;
  if (count >= most) throw new OpenBankingError("too_many_streams", { retryAfter: 30 });
  open.set(envId, count + 1);
  return () => {
    const left = (open.get(envId) ?? 1) - 1;
    if (left > 0) open.set(envId, left);
    else open.delete(envId);
  };
}

async function startOf(
  { db }: OpenbankingDeps,
  request: FastifyRequest,
  after: string | undefined,
): Promise<FeedPosition> {
  const last = header(request, "last-event-id");
  const from = last ?? after;
  if (from === undefined) return feedEnd(db);
  if (from === "start") return FEED_START;
  const position = await positionOf(db, callerOf(request).env.id, from);
  return named(position, last === null ? "after" : "Last-Event-ID");
}

interface Telling {
  news: News;
  bell: Bell;
  filter: FeedFilter;
  start: FeedPosition;
  heartbeatMs: number;
}

/** Text, piece by piece; ends when the client has gone, the server stops, or the key is no longer good. */
async function* told(
  deps: OpenbankingDeps,
  request: FastifyRequest,
  { news, bell, filter, start, heartbeatMs }: Telling,
): AsyncGenerator<string> {
  const { env } = callerOf(request);
  // Before the first read: what comes after it rings.
  const unsubscribe = news.subscribe(env.id, bell.ring);
  try {
    let position = start;
    let beat = performance.now();
    yield `retry: ${RETRY_MS}\n\n`;
    while (!bell.isOver()) {
      const page = await readFeed(deps.db, env.id, filter, position, PAGE);
      position = page.end;
      if (page.events.length > 0) yield page.events.map(messageOf).join("");
      // The time goes on while events come, too: none of them may be for this filter, and keys are revoked on busy days.
      const left = beat + heartbeatMs - performance.now();
      if (left > 0 && (page.more || bell.isOver() || (await bell.rung(left)))) continue;
      if (bell.isOver() || !(await isStillAllowed(deps, request))) return;
      beat = performance.now();
      yield ": heartbeat\n\n";
    }
  } finally {
    unsubscribe();
  }
}

/** The body is one line: JSON escapes the ends of lines. */
const messageOf = ({ publicId, type, body }: FeedEvent): string =>
  `id: ${publicId}\nevent: ${type}\ndata: ${body.toString()}\n\n`;

async function isStillAllowed({ authenticate }: OpenbankingDeps, request: FastifyRequest): Promise<boolean> {
  try {
    await authenticate(request);
    return true;
  } catch (error) {
    // What else may be wrong, such as the database, ends no stream.
    return !(error instanceof OpenBankingError && error.code === "unauthorized");
  }
}

interface Bell {
  ring(this: void): void;
  /** Nothing more is waited for. */
  end(this: void): void;
  isOver(): boolean;
  /** Whether it rang before the time was over. */
  rung(ms: number): Promise<boolean>;
}

/** Rung while nobody waits, it is remembered: no news is lost between a read and the wait. */
function createBell(): Bell {
  let isRung = false;
  let isOver = false;
  let waiting: (() => void) | null = null;
  return {
    ring: () => {
      isRung = true;
      waiting?.();
    },
    end: () => {
      isOver = true;
      waiting?.();
    },
    isOver: () => isOver,
    async rung(ms) {
      if (!isRung && !isOver) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          waiting = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        waiting = null;
      }
      const rang = isRung;
      isRung = false;
      return rang;
    },
  };
}
