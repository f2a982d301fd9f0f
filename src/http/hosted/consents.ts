/** The hosted page of a consent, `/c/<code>`. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { beginConsent, consentLanding, declineConsent } from "../../connect/consents/trip.ts";
import { takeStep } from "../../connect/consents/states.ts";
import { endIfDue } from "../../connect/consents/timers.ts";
import type { Connect } from "../../connect/context.ts";
import { hashCode } from "../../connect/hosted-codes.ts";
import { findConsent, findConsentByCode, lockConsent, type Consent } from "../../store/consents.ts";
import type { Environment } from "../../store/environments.ts";
import { inTransaction } from "../../store/transaction.ts";
import { readBrowser } from "./browser-cookie.ts";
import { askPage, sendOn } from "./choosing.ts";
import { codeOf, field, lookOf, sendPage, templateOf, unknownPage, type HostedDeps } from "./context.ts";
import type { Look } from "./layout.ts";
import { goingPage, noticePage, outcomeOf } from "./pages.ts";
import { sendLogo, sendTheme } from "./theme.ts";

interface Visit {
  env: Environment;
  consent: Consent;
  look: Look;
  path: string;
  /** As the visit names it. */
  template: string | null;
}

export function consentPages(app: FastifyInstance, { connect }: HostedDeps): void {
  const limit = app.rateLimit({
    max: 60,
    timeWindow: 60_000,
    keyGenerator: (request) => `c ${codeOf(request)}`,
  });
  const schema = { hide: true };
  app.get("/c/:code", { schema }, (request, reply) => show(connect, request, reply));
  app.post("/c/:code", { schema, preHandler: limit }, (request, reply) => begin(connect, request, reply));
  app.post("/c/:code/cancel", { schema, preHandler: limit }, (request, reply) =>
    decline(connect, request, reply),
  );
  app.get("/c/:code/theme.css", { schema }, async (request, reply) =>
    sendTheme(connect, (await resolve(connect, request)).env, field(request.query, "template"), reply),
  );
  app.get("/c/:code/logo", { schema }, async (request, reply) =>
    sendLogo(connect, (await resolve(connect, request)).env, field(request.query, "template"), reply),
  );
}

async function resolve(connect: Connect, request: FastifyRequest): Promise<{ env: Environment; id: bigint }> {
  const known = await findConsentByCode(connect.db, hashCode(codeOf(request)));
  if (!known) throw unknownPage();
  return { env: await connect.environment(known.envId), id: known.id };
}

/** Ends what is due first: no page depends on how quickly the timers ran. */
async function visitOf(connect: Connect, request: FastifyRequest, named: string | null): Promise<Visit> {
  const { env, id } = await resolve(connect, request);
  await endIfDue(connect, { env_id: env.id, id });
  const consent = await findConsent(connect.db, env.id, id);
  if (!consent) throw unknownPage();
  const template = await templateOf(connect, env, named);
  const path = `/c/${codeOf(request)}`;
  return { env, consent, look: await lookOf(connect, env, template, path), path, template: named };
}

async function show(connect: Connect, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const visit = await visitOf(connect, request, field(request.query, "template"));
  const { consent, look, path, template } = visit;
  const { status } = consent;
  if (status !== "new" && status !== "pending") return sendPage(reply, await ended(connect, visit, status));
  if (status === "new") await open(connect, consent);
  const asked = {
    look,
    path,
    template,
    scopes: consent.scopes,
    retroDate: consent.retro_date,
    expiryDate: consent.expiry_date,
  };
  return sendPage(reply, await askPage(connect, request, asked, consent.provider));
}

/** Somebody looks at it: from now on it waits. */
async function open(connect: Connect, { env_id, id }: Consent): Promise<void> {
  await inTransaction(connect.db, async ({ trx }) => {
    const locked = await lockConsent(trx, env_id, id);
    if (locked?.status === "new") await takeStep(trx, locked, "open", connect.clock());
  });
}

async function ended(
  connect: Connect,
  { env, consent, look }: Visit,
  status: Parameters<typeof outcomeOf>[0],
): Promise<string> {
  const bank = connect.providers.find(consent.provider ?? "")?.name ?? null;
  const outcome = outcomeOf(status, consent.failure_code, look.appName, bank);
  if (consent.return_url === null) return noticePage(look, outcome);
  const href = await consentLanding(connect, env, consent);
  return noticePage(look, {
    ...outcome,
    actions: [{ label: `Back to ${look.appName}`, href, primary: true }],
  });
}

async function begin(connect: Connect, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { body } = request;
  const { env, consent, look, path, template } = await visitOf(connect, request, field(body, "template"));
  // Decided meanwhile, in another tab: its page says how.
  if (consent.status !== "new" && consent.status !== "pending") return reply.redirect(path, 303);
  const browser = readBrowser(request, connect.publicUrl);
  const provider = field(body, "provider") ?? consent.provider;
  const outcome = await beginConsent(connect, env, consent.id, { provider, browser });
  return sendOn(connect, reply, { look, path, template, provider: provider ?? "" }, outcome);
}

async function decline(
  connect: Connect,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { env, consent, look, path } = await visitOf(connect, request, field(request.body, "template"));
  const declined = await declineConsent(connect, env, consent.id);
  if (declined.return_url === null) return reply.redirect(path, 303);
  const url = await consentLanding(connect, env, declined);
  const title = `We are taking you back to ${look.appName}.`;
  return sendPage(reply, goingPage(look, title, url, `Back to ${look.appName}`));
}
