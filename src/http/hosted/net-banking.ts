/** The page on which an entity's customer gives their bank leave for one look, `/n/<env>/<entity>/<bank>/<proof>`. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { beginVisit } from "../../connect/net-banking.ts";
import type { Provider } from "../../connect/providers/provider.ts";
import type { Environment } from "../../store/environments.ts";
import { findEnvironmentId } from "../../store/environments.ts";
import { findEntity, type Entity } from "../../store/entities.ts";
import { isUuidV4 } from "../../platform/ids.ts";
import { entityVisitPath, type NetBankingLinks } from "../net-banking-links.ts";
import { readBrowser } from "./browser-cookie.ts";
import { sendOn } from "./choosing.ts";
import { field, lookOf, sendPage, unknownPage, type HostedDeps } from "./context.ts";
import type { Look } from "./layout.ts";
import { permissionPage } from "./pages.ts";

export interface NetBankingDeps extends HostedDeps {
  netBankingLinks: NetBankingLinks;
}

/** What an entity asks for: it names no range. */
const MONTHS = 12;

interface Visit {
  env: Environment;
  entity: Entity;
  provider: Provider;
  look: Look;
  path: string;
}

export function netBankingPages(app: FastifyInstance, deps: NetBankingDeps): void {
  const { connect } = deps;
  const limit = app.rateLimit({
    max: 60,
    timeWindow: 60_000,
    keyGenerator: ({ params }) => `n ${field(params, "entity_id") ?? ""}`,
  });
  const schema = { hide: true };
  const url = "/n/:env/:entity_id/:bank/:proof";
  app.get(url, { schema }, async (request, reply) => {
    const visit = await resolve(deps, request);
    return sendPage(reply, pageOf(visit, connect.clock()));
  });
  app.post(url, { schema, preHandler: limit }, async (request, reply) => begin(deps, request, reply));
  app.post(`${url}/cancel`, { schema, preHandler: limit }, async (request, reply) => {
    const { env, entity, provider } = await resolve(deps, request);
    const visit = { sessionId: entity.id, bank: provider.bankNames[0] ?? provider.id, provider: provider.id };
    return reply.redirect(await connect.netBanking.landingUrl(env, visit, "NB000"), 303);
  });
}

async function resolve(
  { connect, netBankingLinks }: NetBankingDeps,
  request: FastifyRequest,
): Promise<Visit> {
  const { params } = request;
  const [envId, entityId, bank, proof] = ["env", "entity_id", "bank", "proof"].map(
    (name) => field(params, name) ?? "",
  );
  const asked = { env: envId ?? "", entityId: entityId ?? "", bank: bank ?? "" };
  if (!isUuidV4(asked.entityId) || !netBankingLinks.verify(asked, proof ?? "", connect.clock()))
    throw unknownPage();
  const id = await findEnvironmentId(connect.db, asked.env);
  const env = id === null ? null : await connect.environment(id);
  const entity = env && (await findEntity(connect.db, env.id, asked.entityId));
  const provider = connect.providers.all().find(({ bankNames }) => bankNames.includes(asked.bank));
  if (!env || !entity || !provider?.ais) throw unknownPage();
  const path = `${entityVisitPath(asked)}/${proof ?? ""}`;
  return { env, entity, provider, path, look: await lookOf(connect, env, null, path) };
}

function pageOf({ env, provider, look, path }: Visit, now: Temporal.Instant): string {
  const today = now.toZonedDateTimeISO(env.timeZone).toPlainDate();
  return permissionPage(
    {
      look,
      path,
      template: null,
      scopes: ["accounts", "balance", "transactions"],
      retroDate: today.subtract({ months: MONTHS }),
      // One look: what was granted is given back as soon as the data is in.
      expiryDate: today.add({ days: 1 }),
      mayChange: false,
    },
    { id: provider.id, name: provider.name, isUp: true },
  );
}

async function begin(
  deps: NetBankingDeps,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { connect } = deps;
  const { env, entity, provider, look, path } = await resolve(deps, request);
  const today = connect.clock().toZonedDateTimeISO(env.timeZone).toPlainDate();
  const from = today.subtract({ months: MONTHS }).toZonedDateTime({ timeZone: env.timeZone }).toInstant();
  const browser = readBrowser(request, connect.publicUrl);
  const begun = await beginVisit(connect, env, { sessionId: entity.id, provider, browser, from });
  return sendOn(connect, reply, { look, path, template: null, provider: provider.id }, begun);
}
