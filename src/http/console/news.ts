/**
 * Tells the console's lists that something was recorded, of either contract, as server-sent events; what it was they ask
 * for. It holds nothing of the events, so that a page which is open reads nothing that belongs in the audit log.
 */
import type { ServerResponse } from "node:http";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { Log } from "../../platform/telemetry.ts";
import { callerOf } from "../keyring.ts";
import { STREAM_LIMITS } from "../openbanking/event-limits.ts";
import { watchNews } from "../openbanking/event-news.ts";
import type { ConsoleDeps } from "./context.ts";
import { ConsoleError } from "./errors.ts";

const NEWS = "event: news\ndata: {}\n\n";
const HEARTBEAT = ": heartbeat\n\n";

export function newsRoute(app: FastifyInstance, deps: ConsoleDeps & { log: Log }): void {
  const { heartbeatMs, perEnvironment } = STREAM_LIMITS;
  const news = watchNews(deps.db, deps.log);
  const open = new Map<ServerResponse, number>();
  // Before the server waits for its connections: a stream never ends by itself.
  app.addHook("preClose", async () => {
    news.stop();
    for (const raw of open.keys()) raw.end();
  });
  app.route({
    method: "GET",
    url: "/news",
    exposeHeadRoute: false,
    onRequest: deps.authenticate,
    schema: { hide: true },
    handler: (request, reply) => {
      const { env } = callerOf(request);
      const count = [...open.values()].filter((id) => id === env.id).length;
      if (count >= perEnvironment) throw new ConsoleError("TOO_MANY_REQUESTS", null, 30);
      const raw = begin(reply);
      open.set(raw, env.id);
      const unsubscribe = news.subscribe(env.id, () => tell(raw, NEWS));
      // Who signs out, or is removed, while a page is open, is told no more.
      const stillMay = () =>
        deps.authenticate(request).then(
          () => tell(raw, HEARTBEAT),
          () => raw.end(),
        );
      const timer = setInterval(() => void stillMay(), heartbeatMs);
      raw.once("close", () => {
        clearInterval(timer);
        unsubscribe();
        open.delete(raw);
      });
    },
  });
}

/** From here on the answer is ours to write. */
function begin(reply: FastifyReply): ServerResponse {
  reply.hijack();
  const headers = Object.entries(reply.getHeaders()).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as const],
  );
  reply.raw.writeHead(200, {
    ...Object.fromEntries(headers),
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    connection: "close",
    // Proxies that gather answers would hold the stream back.
    "x-accel-buffering": "no",
  });
  reply.raw.write(": open\n\n");
  return reply.raw;
}

/** What a page has not taken yet says the same. */
function tell(raw: ServerResponse, piece: string): void {
  if (!raw.writableEnded && !raw.writableNeedDrain) raw.write(piece);
}
