/** What a tester may do that no bank's client may: register clients, advance time, revoke, add entries, order faults. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { endTokens } from "./auth/grants.ts";
import { parameter } from "./api/call.ts";
import { notFound, readBody, refuse } from "./api/errors.ts";
import { penceOf, wireTime, type Bank } from "./bank.ts";
import { announce } from "./notify.ts";
import { sandboxPage } from "./pages/sandbox.ts";
import { CONTENT_POLICY } from "./pages/layout.ts";
import { settlePayments } from "./payment-life.ts";
import { accountByUser, newPosting } from "./sandbox-entries.ts";
import { clientRequest, registerClient } from "./sandbox-clients.ts";
import type { AccountConsent } from "./types.ts";

const duration = z
  .string()
  .regex(/^P(?!$)(\d+W|(\d+D)?(T(?!$)(\d+H)?(\d+M)?(\d+S)?)?)$/)
  .refine((text) => Temporal.Duration.from(text).sign >= 0);
const clockRequest = z.strictObject({ advance: duration });

const settingsRequest = z.strictObject({
  page_size: z.int().min(25).max(1000).optional(),
  slow_ms: z.int().min(0).max(60_000).optional(),
  timeout_ms: z.int().min(0).max(60_000).optional(),
  retry_ms: z.int().min(1).max(60_000).optional(),
});

const faultRequest = z.strictObject({
  method: z.enum(["GET", "POST", "PUT", "DELETE"]).optional(),
  path: z.string().min(1),
  times: z.int().min(1).max(1000).default(1),
  status: z.int().min(400).max(599).optional(),
  retry_after: z.int().min(0).optional(),
  delay_ms: z.int().min(0).max(60_000).optional(),
  cut: z.enum(["before", "after"]).optional(),
});

const entryRequest = z.strictObject({
  /** Whose account, and which: `current`, `savings`, `card`. */
  username: z.string(),
  account: z.string(),
  /** Pounds; negative for debits. */
  amount: z.string().regex(/^-?\d{1,9}(\.\d{1,2})?$/),
  text: z.string().min(1).max(100),
  /** Pending until it is booked by `PUT`. */
  pending: z.boolean().default(false),
});

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

export function sandboxRoutes(app: FastifyInstance, bank: Bank): void {
  app.register(async (room) => {
    room.addHook("onRequest", async (request) => checkNear(bank, request));
    const post = (path: string, handler: Handler) => room.post(`/_sandbox${path}`, handler);
    room.get("/_sandbox", async (_request, reply) =>
      reply
        .header("content-security-policy", CONTENT_POLICY)
        .header("cache-control", "no-store")
        .type("text/html; charset=utf-8")
        .send(sandboxPage(bank)),
    );
    room.get("/_sandbox/clock", async () => clockOf(bank));
    post("/clock", async (request, reply) => {
      const { advance } = readBody(clockRequest, plain(request.body));
      advanceClock(bank, Temporal.Duration.from(advance));
      return request.body instanceof URLSearchParams ? reply.redirect("/_sandbox", 303) : clockOf(bank);
    });
    post("/clients", async (request, reply) => {
      const client = registerClient(bank, readBody(clientRequest, request.body));
      return reply.code(201).send({ ...client, issuer: bank.url });
    });
    post("/consents/:id/revoke", async (request, reply) => {
      const consent = revoke(bank, parameter(request, "id"));
      return request.body instanceof URLSearchParams
        ? reply.redirect("/_sandbox", 303)
        : { ConsentId: consent.id, Status: consent.status };
    });
    post("/settings", async (request) => {
      const { page_size, slow_ms, timeout_ms, retry_ms } = readBody(settingsRequest, request.body);
      const { settings } = bank;
      bank.settings = {
        pageSize: page_size ?? settings.pageSize,
        slowMs: slow_ms ?? settings.slowMs,
        timeoutMs: timeout_ms ?? settings.timeoutMs,
        retryMs: retry_ms ?? settings.retryMs,
      };
      return bank.settings;
    });
    post("/faults", async (request, reply) => {
      bank.faults.push(readBody(faultRequest, request.body));
      return reply.code(201).send(bank.faults);
    });
    room.delete("/_sandbox/faults", async (_request, reply) => {
      bank.faults.length = 0;
      return reply.code(204).send();
    });
    post("/transactions", async (request, reply) => {
      const { username, account, amount, text, pending } = readBody(entryRequest, request.body);
      const { id: accountId } = accountByUser(bank, username, account);
      const minor = (amount.startsWith("-") ? -1 : 1) * (penceOf(amount.replace("-", "")) ?? 0);
      const posting = newPosting(bank, { accountId, minor, text, pending });
      return reply.code(201).send({ id: posting.id, account_id: accountId });
    });
    post("/transactions/:id/book", async (request) => {
      const posting = bank.postings.get(parameter(request, "id"));
      if (!posting) throw notFound("transaction");
      bank.postings.set(posting.id, { ...posting, bookedAt: posting.bookedAt ?? bank.now() });
      return { id: posting.id };
    });
  });
}

/** Time passes: what was to happen until then happens. Throws RangeError where it would go back. */
export function advanceClock(bank: Bank, by: Temporal.Duration): void {
  bank.advance(by.total({ unit: "milliseconds", relativeTo: Temporal.PlainDate.from("2026-01-01") }));
  settlePayments(bank);
}

const clockOf = (bank: Bank) => ({
  now: wireTime(bank.now()),
  ahead_seconds: Math.round((bank.now() - bank.realNow()) / 1000),
});

/** As the customer would do it in the bank's own app. Throws ObError. */
function revoke(bank: Bank, id: string): AccountConsent {
  const consent = bank.consents.get(id);
  if (consent?.kind !== "accounts") throw notFound("consent");
  if (consent.status !== "Authorised")
    throw refuse(400, "Resource.InvalidConsentStatus", "It is not authorised.");
  const revoked: AccountConsent = { ...consent, status: "Revoked", updated: bank.now() };
  bank.consents.set(id, revoked);
  endTokens(bank, id);
  const path = `/aisp/account-access-consents/${id}`;
  announce(bank, consent.clientId, "consent-authorization-revoked", {
    id,
    type: "account-access-consent",
    path,
  });
  return revoked;
}

const plain = (body: unknown): unknown => (body instanceof URLSearchParams ? Object.fromEntries(body) : body);

/** Only this machine, and no page of another site in its browser. */
function checkNear(bank: Bank, request: FastifyRequest): void {
  const { origin } = request.headers;
  const near = /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/.test(request.ip);
  const foreign = origin !== undefined && origin !== "null" && origin !== bank.url;
  const site = request.headers["sec-fetch-site"];
  if (!near || foreign || site === "cross-site")
    throw refuse(403, "Header.Invalid", "Only from this machine.");
}
