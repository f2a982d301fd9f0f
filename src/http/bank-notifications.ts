/**
 * Where banks post security event tokens (event notification profile of the UK standard). No key is asked for: the
 * token's signature says whose it is. 202 ends the bank's attempts, anything else makes it try again.
 */
import type { FastifyInstance, FastifyReply } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Connect } from "../connect/context.ts";
import { takeBankNotification, type Taken } from "../connect/notifications.ts";
import { connectionOf, isSecure, type IsTrusted } from "./transport.ts";

const MOST_BYTES = 64 * 1024;
const TYPES = ["application/jwt", "application/secevent+jwt"];

const STATUS: Readonly<Record<Taken["is"], number>> = {
  taken: 202,
  known: 202,
  of_no_concern: 202,
  unknown_provider: 404,
  not_believed: 400,
};

export async function bankNotificationRoutes(
  app: FastifyInstance,
  { connect, isTrusted }: { connect: Connect; isTrusted: IsTrusted },
): Promise<void> {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<string>(
    TYPES,
    { parseAs: "string", bodyLimit: MOST_BYTES },
    async (_request: unknown, body: string) => body,
  );
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "POST",
    url: "/providers/:id/event-notifications",
    schema: { params: z.object({ id: z.string().max(100) }), hide: true },
    handler: async (request, reply) => {
      if (!isSecure(connectionOf(request), isTrusted)) return end(reply, 403);
      const { body } = request;
      if (typeof body !== "string") return end(reply, 415);
      const taken = await takeBankNotification(connect, request.params.id, body.trim());
      // The bank's own keys could not be had: it is not the token's fault.
      const isBusy = taken.is === "not_believed" && ["unavailable", "rate_limited"].includes(taken.fault);
      return end(reply, isBusy ? 503 : STATUS[taken.is]);
    },
  });
}

const end = (reply: FastifyReply, status: number): FastifyReply => reply.code(status).send();
