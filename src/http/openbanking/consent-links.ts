/** Consent links: create, read, list (reference §3.3). */
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { pageUrl } from "../../connect/hosted-codes.ts";
import { createConsentLink, linkStatus } from "../../connect/links.ts";
import { consentLinkObject } from "../../connect/objects/consent.ts";
import {
  countConsentLinks,
  findConsentLink,
  LINKS_ORDER,
  listConsentLinks,
  type ConsentLink,
} from "../../store/consent-links.ts";
import type { Environment } from "../../store/environments.ts";
import { callerOf } from "../keyring.ts";
import { LINK_ID, linkExample, linkView, ownerFields, returnUrlField, scopesField } from "./consent-views.ts";
import { found, idParams, type OpenbankingDeps } from "./context.ts";
import { describeRoute, TAGS } from "./documentation.ts";
import { metadata, newMetadata, oneOf, optionalText, whole } from "./fields.ts";
import { keepInTransaction } from "./idempotency.ts";
import { listAnswer, listBody, listExample, listQuery, readPage } from "./lists.ts";
import { filterOwner, ownerOf } from "./owners.ts";

const MOST_DAYS = 3650;

const newBody = z.object({
  ...ownerFields,
  type: oneOf(["single", "multiple"], {
    description: "`single` is used up by its first authorized consent; `multiple` is not. Absent: `single`.",
  }).optional(),
  scopes: scopesField(),
  expiry_days: whole(1, MOST_DAYS, {
    description: "Days until a consent of this link ends, and the link itself. Absent: a year, and 30 days.",
  }).optional(),
  retro_days: whole(0, MOST_DAYS, { description: "How many days back to read." }).optional(),
  return_url: returnUrlField(),
  metadata: metadata(),
});

const query = z.object({
  ...listQuery,
  customer: optionalText(200, { description: "Only theirs." }),
  vendor: optionalText(200, { description: "Only theirs." }),
});

export function consentLinkRoutes(app: FastifyInstance, deps: OpenbankingDeps): void {
  createRoute(app, deps);
  readRoute(app, deps);
  listRoute(app, deps);
}

function viewed({ connect }: OpenbankingDeps, env: Environment, link: ConsentLink) {
  const now = { ...link, status: linkStatus(link, connect.clock()) };
  return consentLinkObject(now, pageUrl(connect, env.dataKey, "consent_links", link));
}

function createRoute(app: FastifyInstance, deps: OpenbankingDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "POST",
    url: "/consent_links",
    schema: {
      ...describeRoute({
        id: "createConsentLink",
        tag: TAGS.consents,
        summary: "Make a link that asks for consent",
        description:
          "An address to send round. Whoever follows it and chooses a bank gives a consent of these terms, which points back " +
          "with `consent_link` and has the link's metadata.",
        answer: linkView,
        answerDescription: "The link.",
        example: linkExample,
        errors: ["missing_identity", "resource_missing", "idempotency_conflict"],
      }),
      body: newBody,
    },
    handler: async (request) => {
      const { env, actor } = callerOf(request);
      const { customer, vendor, type, scopes, expiry_days, retro_days, return_url, metadata } = request.body;
      const terms = {
        customerId: await ownerOf(deps.db, env.id, { customer, vendor }),
        type: type ?? "single",
        scopes: scopes ?? null,
        expiryDays: expiry_days ?? null,
        retroDays: retro_days ?? null,
        returnUrl: return_url ?? null,
        metadata: newMetadata(metadata),
      };
      const link = await createConsentLink(deps.connect, env, terms, actor, (trx, made) =>
        keepInTransaction(trx, request, viewed(deps, env, made)),
      );
      return viewed(deps, env, link);
    },
  });
}

function readRoute(app: FastifyInstance, deps: OpenbankingDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "GET",
    url: "/consent_links/:id",
    schema: {
      ...describeRoute({
        id: "getConsentLink",
        tag: TAGS.consents,
        summary: "One consent link",
        description: "As it is now.",
        answer: linkView,
        answerDescription: "The link.",
        example: linkExample,
        errors: ["resource_missing"],
      }),
      params: idParams("The link's id.", LINK_ID),
    },
    handler: async (request) => {
      const { env } = callerOf(request);
      return viewed(deps, env, found(await findConsentLink(deps.db, env.id, request.params.id)));
    },
  });
}

function listRoute(app: FastifyInstance, deps: OpenbankingDeps): void {
  const list = { name: "consent_links", order: LINKS_ORDER };
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "GET",
    url: "/consent_links",
    schema: {
      ...describeRoute({
        id: "listConsentLinks",
        tag: TAGS.consents,
        summary: "Consent links",
        description: "Newest first.",
        answer: listAnswer(linkView),
        answerDescription: "One page.",
        example: listExample(linkExample, "/consent_links"),
        errors: ["resource_missing"],
      }),
      querystring: query,
    },
    handler: async (request) => {
      const { env } = callerOf(request);
      const page = readPage(request.query, list);
      const { customer, vendor } = request.query;
      const owner = await filterOwner(deps.db, env.id, { customer, vendor });
      const rows = await listConsentLinks(deps.db, env.id, owner, page);
      const total = await countConsentLinks(deps.db, env.id, owner);
      const view = (link: ConsentLink) => viewed(deps, env, link);
      return listBody(request, page, rows, { list, total, keyOf: ({ id }) => [id], view });
    },
  });
}
