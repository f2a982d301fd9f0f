/** The hosted page of a consent link, `/l/<code>`. Looking at it makes nothing; choosing Next makes the consent. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { accountProvider } from "../../connect/consents/create.ts";
import { beginConsent } from "../../connect/consents/trip.ts";
import type { Connect } from "../../connect/context.ts";
import { hashCode } from "../../connect/hosted-codes.ts";
import { followLink, linkStatus, termsOf } from "../../connect/links.ts";
import { refusedReturnUrl } from "../../connect/return-url.ts";
import { findLinkByCode, type ConsentLink } from "../../store/consent-links.ts";
import type { Environment } from "../../store/environments.ts";
import { loadOpenBankingRules } from "../../store/openbanking-settings.ts";
import { readBrowser } from "./browser-cookie.ts";
import { askPage, sendOn } from "./choosing.ts";
import {
  codeOf,
  field,
  lookOf,
  sendPage,
  Stop,
  templateOf,
  unknownPage,
  type HostedDeps,
} from "./context.ts";
import type { Look } from "./layout.ts";
import { noticePage } from "./pages.ts";
import { sendLogo, sendTheme } from "./theme.ts";

interface Visit {
  env: Environment;
  link: ConsentLink;
  look: Look;
  path: string;
  template: string | null;
}

export function linkPages(app: FastifyInstance, { connect }: HostedDeps): void {
  const limit = app.rateLimit({
    max: 60,
    timeWindow: 60_000,
    keyGenerator: (request) => `l ${codeOf(request)}`,
  });
  const schema = { hide: true };
  app.get("/l/:code", { schema }, (request, reply) => show(connect, request, reply));
  app.post("/l/:code", { schema, preHandler: limit }, (request, reply) => begin(connect, request, reply));
  app.post("/l/:code/cancel", { schema, preHandler: limit }, (request, reply) =>
    decline(connect, request, reply),
  );
  app.get("/l/:code/theme.css", { schema }, async (request, reply) =>
    sendTheme(connect, (await resolve(connect, request)).env, field(request.query, "template"), reply),
  );
  app.get("/l/:code/logo", { schema }, async (request, reply) =>
    sendLogo(connect, (await resolve(connect, request)).env, field(request.query, "template"), reply),
  );
}

async function resolve(
  connect: Connect,
  request: FastifyRequest,
): Promise<{ env: Environment; link: ConsentLink }> {
  const link = await findLinkByCode(connect.db, hashCode(codeOf(request)));
  if (!link) throw unknownPage();
  return { env: await connect.environment(link.env_id), link };
}

/** Throws Stop where the link cannot be followed any more. */
async function visitOf(connect: Connect, request: FastifyRequest, named: string | null): Promise<Visit> {
  const { env, link } = await resolve(connect, request);
  const template = await templateOf(connect, env, named);
  const path = `/l/${codeOf(request)}`;
  const look = await lookOf(connect, env, template, path);
  const status = linkStatus(link, connect.clock());
  if (status === "active") return { env, link, look, path, template: named };
  const says =
    status === "used"
      ? "A bank has been connected with it already."
      : `Ask ${look.appName} for a new one if you still want to connect your bank.`;
  throw new Stop(410, { mark: "quiet", title: "This link has ended", says: [says] }, look);
}

async function show(connect: Connect, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { env, link, look, path, template } = await visitOf(
    connect,
    request,
    field(request.query, "template"),
  );
  const { consentDays } = await loadOpenBankingRules(connect.db, env.id);
  const { scopes, retroDate, expiryDate } = termsOf(link, env, connect.clock(), consentDays);
  const asked = { look, path, template, scopes, retroDate, expiryDate };
  return sendPage(reply, await askPage(connect, request, asked, null));
}

async function begin(connect: Connect, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { env, link, look, path, template } = await visitOf(
    connect,
    request,
    field(request.body, "template"),
  );
  const provider = accountProvider(connect, field(request.body, "provider") ?? "").id;
  const consent = await followLink(connect, env, link.id, provider);
  const browser = readBrowser(request, connect.publicUrl);
  const outcome = await beginConsent(connect, env, consent.id, { provider, browser });
  return sendOn(connect, reply, { look, path, template, provider }, outcome);
}

/** There is no consent yet, so nothing fails: the customer is told, and may go back. */
async function decline(
  connect: Connect,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { link, look } = await visitOf(connect, request, field(request.body, "template"));
  const actions =
    link.return_url === null
      ? []
      : [{ label: `Back to ${look.appName}`, href: refusedReturnUrl(link.return_url) }];
  const says = [`Nothing is shared with ${look.appName}. You can close this page.`];
  return sendPage(
    reply,
    noticePage(look, { mark: "quiet", title: "You did not give permission", says, actions }),
  );
}
