/** The HTTP server: what every request passes through, and the contracts and pages that are served. */
import { randomUUID } from "node:crypto";
import rateLimit from "@fastify/rate-limit";
import underPressure from "@fastify/under-pressure";
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { validatorCompiler } from "fastify-type-provider-zod";
import type { Kysely } from "kysely";
import type { Connect } from "../connect/context.ts";
import type { Intake } from "../intake/context.ts";
import type { Clock } from "../platform/clock.ts";
import type { SealKey } from "../platform/crypto.ts";
import type { Mailer } from "../platform/mail.ts";
import type { Outgoing } from "../platform/outgoing.ts";
import { createLinkSigner } from "../platform/signed-links.ts";
import type { Log, Metrics } from "../platform/telemetry.ts";
import type { Schema } from "../store/schema.ts";
import { createAccess } from "./bankconnect/auth.ts";
import { answerErrors } from "./bankconnect/answer.ts";
import { bankconnect, PREFIX, sendAbsent as sendAbsentThere } from "./bankconnect/routes.ts";
import { bankNotificationRoutes } from "./bank-notifications.ts";
import { createClientErrors, TIME_LIMITS, type TimeLimits } from "./client-errors.ts";
import type { CaseDeps } from "./console/cases/routes.ts";
import { bearerKey, keyOrCookie, type Authenticate } from "./console/auth.ts";
import { createKeyring, RATE_LIMITS, type RateLimits } from "./keyring.ts";
import { consoleOpenBanking } from "./console/open-banking.ts";
import { OPEN_BANKING } from "./console/roles.ts";
import { consolePages } from "./console/pages.ts";
import { consoleApi, CONSOLE_PREFIX } from "./console/routes.ts";
import { hostedPages } from "./hosted/routes.ts";
import { createJourneyTokens } from "./journey-token.ts";
import { createStatementLinks, statementFileRoutes } from "./statement-files.ts";
import type { BankConnections } from "./connect/bank-connections.ts";
import { bankConnections } from "./connect/net-banking.ts";
import { connectRoutes } from "./connect/routes.ts";
import { docsRoutes } from "./docs.ts";
import { fileRoutes } from "./files.ts";
import { registerOpenapi } from "./openapi.ts";
import { operationRoutes } from "./operation.ts";
import { basicKey } from "./openbanking/auth.ts";
import { answerErrors as answerRootErrors, sendNoRoute } from "./openbanking/errors.ts";
import type { StreamLimits } from "./openbanking/event-limits.ts";
import { openbanking } from "./openbanking/routes.ts";
import { createNetBankingLinks } from "./net-banking-links.ts";
import { createReportLinks } from "./report-links.ts";
import { createRequestJournal } from "./request-journal.ts";
import { logRequests } from "./request-log.ts";
import { createAuth } from "./signin/auth.ts";
import { cookieSession } from "./signin/person.ts";
import { sendSafeHeaders } from "./safe-headers.ts";
import { trustNetworks, type IsTrusted } from "./transport.ts";

export interface ServerDeps {
  db: Kysely<Schema>;
  /** Wraps the environments' data keys. */
  master: SealKey;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  intake: Intake;
  connect: Connect;
  /** A file read once more, as a page that shows how. */
  reportOf: CaseDeps["reportOf"];
  /** For test events, and for `file_url`. */
  outgoing: Outgoing;
  /** In place of `outgoing`'s own. */
  fetchFile?: Outgoing["fetchFile"];
  maxUploadBytes: number;
  /** CIDRs of private networks that webhooks may reach. */
  allowNetworks: readonly string[];
  /** CIDRs of proxies whose X-Forwarded-* headers are believed. */
  trustedProxies: readonly string[];
  /** In place of the configured providers: how the journey brings customers to banks. */
  bankConnections?: BankConnections;
  /** Null or absent: invitations are shown, not sent. */
  mailer?: Mailer | null;
  /** Without a slash at its end. */
  publicUrl: string;
  version: string;
  rateLimits?: RateLimits;
  /** Of `GET /events/stream`. */
  streamLimits?: StreamLimits;
  timeLimits?: TimeLimits;
  /** A loop that is later than this answers 503. Tests on a machine that is drowning have no limit. */
  mostLoopDelayMs?: number;
}

/** Longer than any load balancer's idle time, so that it is never we who close under a request. */
const KEEP_ALIVE_MS = 72_000;
/** Extraction runs in worker threads, so a loop that is this late is drowning. */
const MOST_LOOP_DELAY_MS = 3000;
/** Two of the second-long samples that lateness is judged by. */
const SETTLING_MS = 2000;

/** Outside `/bank-connect/` the host is the open-banking contract's. */
const sendAbsent = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  request.url.startsWith(`${PREFIX}/`) ? sendAbsentThere(request, reply) : sendNoRoute(request, reply);

/** Ready to listen. `close()` answers what has begun, then stops. */
export async function buildServer(deps: ServerDeps): Promise<FastifyInstance> {
  const isTrusted = trustNetworks(deps.trustedProxies);
  const { headersMs, requestMs, everyMs } = deps.timeLimits ?? TIME_LIMITS;
  const clientErrors = createClientErrors();
  const app = fastify({
    logger: false,
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    trustProxy: (address) => isTrusted(address),
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: requestMs,
    http: { headersTimeout: headersMs, connectionsCheckingInterval: everyMs },
    clientErrorHandler: (error, socket) => clientErrors.handle(error, socket),
    // What still comes in on open connections while we close is served: the database closes after us.
    return503OnClosing: false,
    forceCloseConnections: "idle",
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 8192 },
    frameworkErrors: (_error, request, reply) => {
      // A path that cannot be decoded is a path that is not there.
      request.outcome = null;
      request.uploadSession = "";
      void sendAbsent(request, reply);
    },
  });
  app.setValidatorCompiler(validatorCompiler);
  app.decorateRequest("caller", null);
  app.decorateRequest("outcome", null);
  app.decorateRequest("uploadSession", "");
  clientErrors.watch(app);
  const journal = createRequestJournal(deps.db, deps.clock, deps.log);
  app.addHook("onClose", () => journal.close());
  logRequests(app, deps.log, deps.metrics, (request) => clientErrors.endOf(request), journal);
  await protect(app, deps.mostLoopDelayMs ?? MOST_LOOP_DELAY_MS);
  await registerOpenapi(app, deps);
  // Outside the contract too: the plain envelope, and a 5xx never shows its message.
  answerErrors(app, deps.log);
  app.setNotFoundHandler(sendAbsent);

  await registerContracts(app, deps, isTrusted);
  await app.ready();
  return app;
}

/** What is served, contract by contract. */
async function registerContracts(
  app: FastifyInstance,
  deps: ServerDeps,
  isTrusted: IsTrusted,
): Promise<void> {
  const keyring = createKeyring(deps.db, deps.master, deps.clock);
  const limits = deps.rateLimits ?? RATE_LIMITS;
  const access = createAccess(app, keyring, limits);
  const basic = basicKey(app, keyring, limits);
  await app.register((scope) => openbanking(scope, { ...deps, authenticate: basic, isTrusted }));
  const links = createLinkSigner(deps.master);
  const netBankingLinks = createNetBankingLinks(links, deps.publicUrl);
  await app.register((scope) => hostedPages(scope, { connect: deps.connect, isTrusted, netBankingLinks }));
  await app.register((scope) => bankNotificationRoutes(scope, { connect: deps.connect, isTrusted }));
  const reportLinks = createReportLinks(links, deps.publicUrl);
  operationRoutes(app, deps);
  const journeyTokens = createJourneyTokens(links);
  const statementLinks = createStatementLinks(links, deps.publicUrl);
  await app.register(async (scope) => {
    // As a path at the root that is not there.
    answerRootErrors(scope, deps.log);
    fileRoutes(scope, { ...deps, links, isTrusted });
    statementFileRoutes(scope, { ...deps, links, isTrusted });
  });
  docsRoutes(app);
  await connectRoutes(app, {
    bankConnections: bankConnections(deps.connect),
    ...deps,
    journeyTokens,
    isTrusted,
  });
  const { outgoing, fetchFile = (url, limits) => outgoing.fetchFile(url, limits) } = deps;
  await app.register(
    (scope) =>
      bankconnect(scope, {
        ...deps,
        fetchFile,
        access,
        isTrusted,
        reportLinks,
        statementLinks,
        journeyTokens,
        netBankingLinks,
      }),
    {
      prefix: PREFIX,
    },
  );
  await registerConsole(app, deps, bearerKey(app, keyring, limits), isTrusted);
}

async function registerConsole(
  app: FastifyInstance,
  deps: ServerDeps,
  bearer: Authenticate,
  isTrusted: IsTrusted,
): Promise<void> {
  const signin = { ...deps, mailer: deps.mailer ?? null, auth: createAuth(deps) };
  const authenticate = keyOrCookie(bearer, cookieSession(signin, CONSOLE_PREFIX));
  const wake = () => deps.intake.wake();
  consolePages(app);
  await app.register((scope) => consoleOpenBanking(scope, { ...deps, authenticate, isTrusted }), {
    prefix: `${CONSOLE_PREFIX}${OPEN_BANKING}`,
  });
  await app.register((scope) => consoleApi(scope, { ...signin, wake, authenticate, isTrusted }), {
    prefix: CONSOLE_PREFIX,
  });
}

async function protect(app: FastifyInstance, mostLoopDelayMs: number): Promise<void> {
  sendSafeHeaders(app);
  await app.register(rateLimit, { global: false });
  // The start itself holds the loop for seconds on a small machine, and says nothing of what follows.
  let settledAt = Number.POSITIVE_INFINITY;
  app.addHook("onReady", async () => {
    settledAt = performance.now() + SETTLING_MS;
  });
  await app.register(underPressure, {
    maxEventLoopDelay: mostLoopDelayMs,
    retryAfter: 1,
    pressureHandler: async (request) => {
      // Whoever watches must see what is wrong.
      if (request.url === "/healthz" || request.url === "/metrics") return;
      if (performance.now() < settledAt) return;
      throw Object.assign(new Error("under pressure"), { statusCode: 503 });
    },
  });
}
