/** The app: which one a key belongs to, and the secret that signs the way back to `return_url` (reference §3.2). */
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { appIdOf } from "../../connect/app-id.ts";
import { rotateRedirectSecret } from "../../connect/return-url.ts";
import { recordAudit } from "../../store/audit.ts";
import type { Environment } from "../../store/environments.ts";
import { loadOpenBankingRules } from "../../store/openbanking-settings.ts";
import { inTransaction } from "../../store/transaction.ts";
import { callerOf } from "../keyring.ts";
import { found, type OpenbankingDeps } from "./context.ts";
import { describeRoute, TAGS } from "./documentation.ts";
import { keepInTransaction } from "./idempotency.ts";
import { listAnswer } from "./lists.ts";

export const APP_ID = "acc_4fT9sKq2ZbW7nXv0LhRd6YpM";

export const appParams = z.object({
  app_id: z
    .string()
    .max(200)
    .meta({ description: "The app's id, as `GET /apps` says.", examples: [APP_ID] }),
});

/** Throws `resource_missing` for the app of another environment. */
export const checkApp = (env: Environment, appId: string): string =>
  found(appId === appIdOf(env) ? appId : null);

const appView = z.object({
  id: z.string(),
  object: z.literal("app"),
  name: z.string(),
  mode: z.enum(["live", "sandbox"]),
});

const secretView = z.object({ id: z.string(), object: z.literal("app"), redirect_secret: z.string() });

const appExample = { id: APP_ID, object: "app", name: "Sample Lending", mode: "sandbox" };

export function appRoutes(app: FastifyInstance, deps: OpenbankingDeps): void {
  listRoute(app, deps);
  secretRoute(app, deps);
}

function listRoute(app: FastifyInstance, { db }: OpenbankingDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "GET",
    url: "/apps",
    schema: describeRoute({
      id: "listApps",
      tag: TAGS.consents,
      summary: "The key's app",
      description: "Each key belongs to one app: this says its id, which the paths of templates hold.",
      answer: listAnswer(appView),
      answerDescription: "One.",
      example: { data: [appExample], count: 1, paging: { total: 1, next: null, prev: null } },
    }),
    handler: async (request) => {
      const { env } = callerOf(request);
      const { appName, organisation } = await loadOpenBankingRules(db, env.id);
      const one = { id: appIdOf(env), object: "app" as const, name: appName ?? organisation, mode: env.mode };
      return { data: [one], count: 1, paging: { total: 1, next: null, prev: null } };
    },
  });
}

function secretRoute(app: FastifyInstance, { db, clock }: OpenbankingDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "POST",
    url: "/apps/:app_id/redirect_secret",
    schema: {
      ...describeRoute({
        id: "rotateRedirectSecret",
        tag: TAGS.consents,
        summary: "A new secret for the way back",
        description:
          "`fx_signature` on `return_url` is HMAC-SHA256, in hex, over `<fx_timestamp>.<fx_consent>` with this secret. It is " +
          "shown once; from now on nothing is signed with the one before.",
        answer: secretView,
        answerDescription: "The secret.",
        example: {
          id: APP_ID,
          object: "app",
          redirect_secret: "rs_sampleOnlySampleOnlySampleOnlySampleOnlySam",
        },
        errors: ["resource_missing", "idempotency_conflict"],
      }),
      params: appParams,
    },
    handler: async (request) => {
      const { env, actor } = callerOf(request);
      const id = checkApp(env, request.params.app_id);
      return inTransaction(db, async ({ trx }) => {
        const redirect_secret = await rotateRedirectSecret(trx, env);
        const action = "app.redirect_secret";
        await recordAudit(trx, { envId: env.id, at: clock(), actor, action, target: `app:${id}` });
        const answer = { id, object: "app" as const, redirect_secret };
        await keepInTransaction(trx, request, answer);
        return answer;
      });
    },
  });
}
