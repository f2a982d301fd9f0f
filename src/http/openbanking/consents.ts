/** Consents: create, read, list, change, revoke (reference §3.2). There is no DELETE: it answers 404. */
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { revokeConsent, updateConsent } from "../../connect/consents/change.ts";
import { createConsent } from "../../connect/consents/create.ts";
import { endIfDue } from "../../connect/consents/timers.ts";
import type { Connect } from "../../connect/context.ts";
import { pageUrl } from "../../connect/hosted-codes.ts";
import { consentObject, type ConsentObject } from "../../connect/objects/consent.ts";
import {
  CONSENTS_ORDER,
  countConsents,
  findConsent,
  listConsents,
  type Consent,
} from "../../store/consents.ts";
import type { Environment } from "../../store/environments.ts";
import { callerOf } from "../keyring.ts";
import {
  CONSENT_ID,
  consentExample,
  consentView,
  ownerFields,
  returnUrlField,
  scopesField,
} from "./consent-views.ts";
import { found, idParams, type OpenbankingDeps } from "./context.ts";
import { describeRoute, TAGS } from "./documentation.ts";
import { changedMetadata, date, metadata, newMetadata, oneOf, optionalText, timestamp } from "./fields.ts";
import { keepInTransaction } from "./idempotency.ts";
import { listAnswer, listBody, listExample, listQuery, readPage } from "./lists.ts";
import { filterOwner, ownerOf } from "./owners.ts";

const newBody = z.object({
  ...ownerFields,
  scopes: scopesField(),
  provider: optionalText(64, {
    description: "The bank, by the id of `GET /providers`; without one the hosted page asks.",
    examples: ["orion"],
  }),
  return_url: returnUrlField(),
  retro_date: date({ description: "How far back to read: today or earlier." }).optional(),
  expiry_date: date({
    description:
      "The consent's last day: today or later. Absent: one calendar year after its creation, in the organisation's time zone.",
  }).optional(),
  metadata: metadata(),
});

const changeBody = z.object({
  renewed_at: timestamp({
    description:
      "The customer confirmed again at this instant: it lies between the last confirmation and now. Only while `authorized`.",
  }).optional(),
  metadata: metadata(),
});

const query = z.object({
  ...listQuery,
  customer: optionalText(200, { description: "Only theirs." }),
  vendor: optionalText(200, { description: "Only theirs." }),
  status: oneOf(["new", "pending", "authorized", "failed", "expired", "canceled"]).optional(),
});

const params = idParams("The consent's id.", CONSENT_ID);

const viewed = (connect: Connect, env: Environment, consent: Consent): ConsentObject =>
  consentObject(consent, pageUrl(connect, env.dataKey, "consents", consent));

export function consentRoutes(app: FastifyInstance, deps: OpenbankingDeps): void {
  createRoute(app, deps);
  readRoute(app, deps);
  listRoute(app, deps);
  updateRoute(app, deps);
  revokeRoute(app, deps);
}

function createRoute(app: FastifyInstance, { db, connect }: OpenbankingDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "POST",
    url: "/consents",
    schema: {
      ...describeRoute({
        id: "createConsent",
        tag: TAGS.consents,
        summary: "Ask a customer for consent",
        description:
          "Send the customer's browser to `redirect.consent_url`. With a `provider` it is `pending` at once; without one it is " +
          "`new` until its page is opened.",
        answer: consentView,
        answerDescription: "The consent.",
        example: consentExample,
        errors: ["missing_identity", "resource_missing", "idempotency_conflict"],
      }),
      body: newBody,
    },
    handler: async (request) => {
      const { env, actor } = callerOf(request);
      const { customer, vendor, scopes, provider, return_url, retro_date, expiry_date, metadata } =
        request.body;
      const terms = {
        customerId: await ownerOf(db, env.id, { customer, vendor }),
        scopes: scopes ?? null,
        provider: provider ?? null,
        returnUrl: return_url ?? null,
        retroDate: retro_date ?? null,
        expiryDate: expiry_date ?? null,
        metadata: newMetadata(metadata),
      };
      const consent = await createConsent(connect, env, terms, actor, (trx, made) =>
        keepInTransaction(trx, request, viewed(connect, env, made)),
      );
      return viewed(connect, env, consent);
    },
  });
}

function readRoute(app: FastifyInstance, { db, connect }: OpenbankingDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "GET",
    url: "/consents/:id",
    schema: {
      ...describeRoute({
        id: "getConsent",
        tag: TAGS.consents,
        summary: "One consent",
        description: "As it is now.",
        answer: consentView,
        answerDescription: "The consent.",
        example: consentExample,
        errors: ["resource_missing"],
      }),
      params,
    },
    handler: async (request) => {
      const { env } = callerOf(request);
      const { id } = request.params;
      const consent = found(await findConsent(db, env.id, id));
      // No answer depends on how quickly the timers ran.
      if (!(await endIfDue(connect, consent))) return viewed(connect, env, consent);
      return viewed(connect, env, found(await findConsent(db, env.id, id)));
    },
  });
}

function listRoute(app: FastifyInstance, { db, connect }: OpenbankingDeps): void {
  const list = { name: "consents", order: CONSENTS_ORDER };
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "GET",
    url: "/consents",
    schema: {
      ...describeRoute({
        id: "listConsents",
        tag: TAGS.consents,
        summary: "Consents",
        description: "Newest first; all of them, or those of an owner or a status.",
        answer: listAnswer(consentView),
        answerDescription: "One page.",
        example: listExample(consentExample, "/consents"),
        errors: ["resource_missing"],
      }),
      querystring: query,
    },
    handler: async (request) => {
      const { env } = callerOf(request);
      const { customer, vendor, status } = request.query;
      const page = readPage(request.query, list);
      const customerId = await filterOwner(db, env.id, { customer, vendor });
      const filter = {
        ...(customerId === undefined ? {} : { customerId }),
        ...(status === undefined ? {} : { status }),
      };
      const rows = await listConsents(db, env.id, filter, page);
      const total = await countConsents(db, env.id, filter);
      const view = (consent: Consent) => viewed(connect, env, consent);
      return listBody(request, page, rows, { list, total, keyOf: ({ id }) => [id], view });
    },
  });
}

function updateRoute(app: FastifyInstance, { connect }: OpenbankingDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "POST",
    url: "/consents/:id",
    schema: {
      ...describeRoute({
        id: "updateConsent",
        tag: TAGS.consents,
        summary: "Confirm or describe a consent",
        description:
          "`renewed_at` says that the customer confirmed again; the status stays, and the next 90 days begin then. " +
          "`metadata[name]=` removes one name, `metadata=` all of them.",
        answer: consentView,
        answerDescription: "Changed.",
        example: consentExample,
        errors: ["resource_missing", "invalid_state", "idempotency_conflict"],
      }),
      params,
      body: changeBody,
    },
    handler: async (request) => {
      const { env, actor } = callerOf(request);
      const { renewed_at, metadata } = request.body;
      const update = {
        renewedAt: renewed_at ?? null,
        metadata: (before: Record<string, string>) => changedMetadata(before, metadata),
      };
      return viewed(connect, env, await updateConsent(connect, env, request.params.id, update, actor));
    },
  });
}

function revokeRoute(app: FastifyInstance, { connect }: OpenbankingDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "POST",
    url: "/consents/:id/revoke",
    schema: {
      ...describeRoute({
        id: "revokeConsent",
        tag: TAGS.consents,
        summary: "Revoke a consent",
        description:
          "`canceled` from then on: the bank's tokens are erased, and the bank is told, again and again until it answers. " +
          "A consent that is canceled is answered as it is.",
        answer: consentView,
        answerDescription: "Canceled.",
        example: { ...consentExample, status: "canceled" },
        errors: ["resource_missing", "invalid_state", "idempotency_conflict"],
      }),
      params,
    },
    handler: async (request) => {
      const { env, actor } = callerOf(request);
      return viewed(connect, env, await revokeConsent(connect, env, request.params.id, actor));
    },
  });
}
