/** Orion, the sandbox bank: one HTTP server that speaks the UK Open Banking Read/Write API 3.1.11. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { accountConsentResources } from "./api/account-consents.ts";
import { accountResources } from "./api/accounts.ts";
import { interactionId, registerResources } from "./api/call.ts";
import { misbehave } from "./api/behaviour.ts";
import { errorBody, ObError, refuse } from "./api/errors.ts";
import { eventResources } from "./api/events.ts";
import { signAnswers } from "./api/jws.ts";
import { paymentConsentResources } from "./api/payment-consents.ts";
import { paymentResources } from "./api/payments.ts";
import { transactionResources } from "./api/transactions.ts";
import { discoveryRoutes } from "./auth/discovery.ts";
import { tokenRoutes } from "./auth/token.ts";
import { visitRoutes } from "./auth/visit.ts";
import { openBank, type Bank, type Clock, type Log, type Settings } from "./bank.ts";
import { startPusher } from "./notify.ts";
import { settlePayments } from "./payment-life.ts";
import { clientRequest, registerClient, type ClientRegistration } from "./sandbox-clients.ts";
import { advanceClock, sandboxRoutes } from "./sandbox.ts";

export interface OrionOptions {
  /** 0: any free one. */
  port: number;
  host: string;
  /** The same seed gives the same customers, accounts and history. */
  seed: string;
  /** A file that keeps consents, tokens and payments over a restart. Without one everything is forgotten. */
  statePath?: string;
  log?: Log;
  clock?: Clock;
  settings?: Partial<Settings>;
}

export interface Orion {
  /** Issuer, and base of everything: discovery is at `${url}/.well-known/openid-configuration`. */
  url: string;
  /** What `POST /_sandbox/clients` does. */
  register(client: ClientRegistration): void;
  /** Advances the bank's time. Throws RangeError for less than nothing. */
  advance(duration: Temporal.DurationLike): void;
  stop(): Promise<void>;
}

const BASE = "/open-banking/v3.1";
const STYLE = join(import.meta.dirname, "pages", "orion.css");
const MOST_BYTES = 256 * 1024;
const SETTLE_MS = 500;

/** Throws where the port is taken or the state cannot be read. */
export async function startOrion(options: OrionOptions): Promise<Orion> {
  const {
    port,
    host,
    seed,
    statePath,
    log = () => {},
    clock = () => Temporal.Now.instant(),
    settings,
  } = options;
  const bank = await openBank({ seed, statePath, clock, log, settings });
  const app = buildApp(bank);
  try {
    bank.url = await app.listen({ port, host });
  } catch (error) {
    bank.close();
    throw error;
  }
  const pusher = startPusher(bank);
  // Payments move on also while nobody asks.
  const settling = setInterval(() => settlePayments(bank), SETTLE_MS).unref();
  return {
    url: bank.url,
    register: (client) => void registerClient(bank, clientRequest.parse(client)),
    advance: (duration) => advanceClock(bank, Temporal.Duration.from(duration)),
    async stop() {
      clearInterval(settling);
      await app.close();
      await pusher.stop();
      bank.close();
    },
  };
}

function buildApp(bank: Bank): FastifyInstance {
  const app = fastify({ bodyLimit: MOST_BYTES, forceCloseConnections: true, exposeHeadRoutes: false });
  readBodies(app);
  answerFaults(app, bank);
  misbehave(app, bank, BASE);
  signAnswers(app, bank, `${BASE}/pisp`);
  const style = readFileSync(STYLE, "utf8");
  app.get("/healthz", async () => ({ status: "ok", bank: "orion" }));
  app.get("/orion.css", async (_request, reply) =>
    reply.type("text/css; charset=utf-8").header("cache-control", "max-age=3600").send(style),
  );
  discoveryRoutes(app, bank);
  tokenRoutes(app, bank);
  visitRoutes(app, bank);
  sandboxRoutes(app, bank);
  registerResources(app, `${BASE}/aisp`, [
    ...accountConsentResources(bank),
    ...accountResources(bank),
    ...transactionResources(bank),
  ]);
  registerResources(app, `${BASE}/pisp`, [...paymentConsentResources(bank), ...paymentResources(bank)]);
  registerResources(app, BASE, eventResources(bank));
  return app;
}

declare module "fastify" {
  interface FastifyRequest {
    /** As it came: what detached signatures are over. */
    raw_body: Buffer;
  }
}

function readBodies(app: FastifyInstance): void {
  app.decorateRequest("raw_body");
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    "application/json",
    { parseAs: "buffer" },
    async (request: FastifyRequest, body: Buffer) => {
      request.raw_body = body;
      if (body.length === 0) return undefined;
      try {
        return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body)) as unknown;
      } catch {
        throw refuse(400, "Resource.InvalidFormat", "The body is not JSON.");
      }
    },
  );
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string" },
    async (_request: FastifyRequest, body: string) => new URLSearchParams(body),
  );
}

/** Every refusal in the standard's shape; what nobody foresaw is logged and says nothing. */
function answerFaults(app: FastifyInstance, bank: Bank): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-content-type-options", "nosniff").header("referrer-policy", "no-referrer");
    if (!request.url.startsWith(BASE)) return;
    settlePayments(bank);
    const { id, valid } = interactionId(request);
    reply.header("x-fapi-interaction-id", id);
    if (!valid)
      throw refuse(400, "Header.Invalid", "x-fapi-interaction-id is no UUID.", "x-fapi-interaction-id");
    if (!accepts(request.headers.accept))
      throw refuse(406, "Header.Invalid", "Only application/json.", "Accept");
  });
  app.setErrorHandler((error, _request, reply) => {
    const known = error instanceof ObError ? error : fromFastify(error, bank);
    return sendError(reply, known);
  });
  app.setNotFoundHandler((_request, reply) =>
    sendError(reply, refuse(404, "Resource.NotFound", "There is nothing here.")),
  );
}

/** Whether JSON will do. */
const accepts = (header: string | undefined): boolean =>
  header === undefined || /(^|[\s,])(\*\/\*|application\/(\*|json))\s*(;|,|$)/i.test(header);

function sendError(reply: FastifyReply, error: ObError): FastifyReply {
  const id = String(reply.getHeader("x-fapi-interaction-id") ?? "none");
  return reply
    .code(error.status)
    .headers(error.headers)
    .send(errorBody(error.status, id, error.faults));
}

function fromFastify(error: unknown, bank: Bank): ObError {
  const status = error instanceof Error && "statusCode" in error ? error.statusCode : 500;
  if (status === 415) return refuse(415, "Header.Invalid", "Send application/json.", "Content-Type");
  if (typeof status === "number" && status < 500)
    return refuse(400, "Resource.InvalidFormat", "The request cannot be read.");
  bank.log({ err: error }, "unforeseen");
  return refuse(500, "UnexpectedError", "Something went wrong at the bank.");
}
