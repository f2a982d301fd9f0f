/** What goes wrong on purpose: customers with a trait, and faults that a tester ordered. */
import { setTimeout as pause } from "node:timers/promises";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { findToken } from "../auth/grants.ts";
import type { Bank } from "../bank.ts";
import { userOf, type Behaviour } from "../data/users.ts";
import type { OrderedFault } from "../types.ts";
import { bearerOf } from "./call.ts";
import { ObError } from "./errors.ts";

type Trait = (bank: Bank, count: number) => Promise<void> | void;

const TRAITS: Partial<Record<Behaviour, Trait>> = {
  slow: ({ settings }) => pause(settings.slowMs),
  "down-data": () => {
    throw trouble(503);
  },
  limited: (_bank, count) => {
    if (count % 2 === 0) throw trouble(429, { "retry-after": "1" });
  },
  flaky: (_bank, count) => {
    if (count % 3 === 0) throw trouble(500);
  },
};

const trouble = (status: number, headers: Record<string, string> = {}): ObError =>
  new ObError(status, [{ ErrorCode: "UK.OBIE.UnexpectedError", Message: "This was asked for." }], headers);

/** `base`: below it customers' traits show. Faults may be ordered for any path but the sandbox's own. */
export function misbehave(app: FastifyInstance, bank: Bank, base: string): void {
  const counts = new Map<string, number>();
  app.decorateRequest("ordered_fault", null);
  app.addHook("preHandler", async (request, reply) => {
    const fault = orderedFor(bank, request);
    if (fault) {
      request.ordered_fault = fault;
      if (await happens(fault, reply)) return reply;
    }
    if (!request.url.startsWith(base)) return;
    const token = findToken(bank, "access", bearerOf(request) ?? "");
    const username = bank.consents.get(token?.consentId ?? "")?.username ?? "";
    const trait = TRAITS[userOf(username)?.behaviour ?? "plain"];
    if (!trait) return;
    const count = (counts.get(username) ?? 0) + 1;
    counts.set(username, count);
    await trait(bank, count);
  });
  app.addHook("onSend", async (request, reply) => {
    if (request.ordered_fault?.cut === "after") reply.raw.destroy();
  });
}

function orderedFor(bank: Bank, request: FastifyRequest): OrderedFault | null {
  if (request.url.startsWith("/_sandbox")) return null;
  const fault = bank.faults.find(
    ({ method, path, times }) =>
      times > 0 && (method ?? request.method) === request.method && request.url.includes(path),
  );
  if (!fault) return null;
  fault.times -= 1;
  return fault;
}

/** Whether nothing more is to be done. */
async function happens(
  { delay_ms, status, retry_after, cut }: OrderedFault,
  reply: FastifyReply,
): Promise<boolean> {
  if (delay_ms !== undefined) await pause(delay_ms);
  if (status !== undefined)
    throw trouble(status, retry_after === undefined ? {} : { "retry-after": `${retry_after}` });
  if (cut !== "before") return false;
  reply.hijack();
  reply.raw.destroy();
  return true;
}

declare module "fastify" {
  interface FastifyRequest {
    ordered_fault: OrderedFault | null;
  }
}
