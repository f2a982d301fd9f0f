/** Event subscriptions, and polling for the notifications that are not pushed. */
import type { FastifyRequest } from "fastify";
import { newId, type Bank } from "../bank.ts";
import { signEvent } from "../notify.ts";
import { pollingRequest, subscriptionAnswer, subscriptionRequest } from "../schemas/events.ts";
import type { Client, Subscription } from "../types.ts";
import { envelope, ownCallerOfAny, parameter, type Resource } from "./call.ts";
import { notFound, readBody } from "./errors.ts";

const MOST_EVENTS = 100;

export function eventResources(bank: Bank): Resource[] {
  return [
    {
      method: "POST",
      path: "/event-subscriptions",
      async handle(request, reply) {
        const { client } = ownCallerOfAny(bank, request);
        const { Data } = readBody(subscriptionRequest, request.body);
        const subscription = keep(bank, newId("es"), client, Data);
        return reply
          .code(201)
          .send(envelope(bank, request, wire(subscription), { below: `/${subscription.id}` }));
      },
    },
    {
      method: "GET",
      path: "/event-subscriptions",
      async handle(request) {
        const { client } = ownCallerOfAny(bank, request);
        const own = [...bank.subscriptions.values()].filter(({ clientId }) => clientId === client.client_id);
        return envelope(bank, request, { EventSubscription: own.map(wire) });
      },
    },
    {
      method: "PUT",
      path: "/event-subscriptions/:id",
      async handle(request) {
        const { client, subscription } = ownSubscription(bank, request);
        const { Data } = readBody(subscriptionAnswer, request.body);
        return envelope(bank, request, wire(keep(bank, subscription.id, client, Data)));
      },
    },
    {
      method: "DELETE",
      path: "/event-subscriptions/:id",
      async handle(request, reply) {
        bank.subscriptions.delete(ownSubscription(bank, request).subscription.id);
        return reply.code(204).send();
      },
    },
    { method: "POST", path: "/events", handle: (request) => poll(bank, request) },
  ];
}

/** What was acknowledged, or could not be understood, is not sent again. There is no long polling. */
async function poll(bank: Bank, request: FastifyRequest): Promise<unknown> {
  const { client } = ownCallerOfAny(bank, request);
  const { ack = [], setErrs = {}, maxEvents = MOST_EVENTS } = readBody(pollingRequest, request.body);
  for (const jti of [...ack, ...Object.keys(setErrs)]) {
    if (bank.notifications.get(jti)?.clientId === client.client_id) bank.notifications.delete(jti);
  }
  const own = [...bank.notifications.values()].filter(
    ({ clientId, url }) => clientId === client.client_id && url === null,
  );
  const given = own.slice(0, Math.min(maxEvents, MOST_EVENTS));
  const sets = await Promise.all(given.map(async (one) => [one.jti, await signEvent(bank, one)] as const));
  return { moreAvailable: own.length > given.length, sets: Object.fromEntries(sets) };
}

function keep(
  bank: Bank,
  id: string,
  client: Client,
  data: { CallbackUrl?: string | undefined; Version: string; EventTypes?: string[] | undefined },
): Subscription {
  const subscription: Subscription = {
    id,
    clientId: client.client_id,
    version: data.Version,
    callbackUrl: data.CallbackUrl ?? null,
    eventTypes: data.EventTypes ?? null,
  };
  bank.subscriptions.set(id, subscription);
  return subscription;
}

function ownSubscription(
  bank: Bank,
  request: FastifyRequest,
): { client: Client; subscription: Subscription } {
  const { client } = ownCallerOfAny(bank, request);
  const subscription = bank.subscriptions.get(parameter(request, "id"));
  if (subscription?.clientId !== client.client_id) throw notFound("subscription");
  return { client, subscription };
}

const wire = ({ id, version, callbackUrl, eventTypes }: Subscription) => ({
  EventSubscriptionId: id,
  ...(callbackUrl === null ? {} : { CallbackUrl: callbackUrl }),
  Version: version,
  ...(eventTypes === null ? {} : { EventTypes: eventTypes }),
});
