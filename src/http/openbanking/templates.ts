/** App templates: how the hosted consent page looks (reference §3.9). */
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { Kysely } from "kysely";
import { z } from "zod";
import { cleanHtml, cssFault } from "../../connect/template-content.ts";
import { seconds } from "../../events/envelope.ts";
import { base62 } from "../../platform/ids.ts";
import { recordAudit } from "../../store/audit.ts";
import type { Schema } from "../../store/schema.ts";
import {
  changeTemplate,
  countTemplates,
  deleteTemplate,
  findFile,
  findTemplate,
  insertTemplate,
  listTemplates,
  TEMPLATES_ORDER,
  type TemplateChange,
  type TemplateRow,
} from "../../store/templates.ts";
import { inTransaction } from "../../store/transaction.ts";
import { callerOf, type Caller } from "../keyring.ts";
import { APP_ID, appParams, checkApp } from "./apps.ts";
import { found, instant, metadataView, named, nullableText, type OpenbankingDeps } from "./context.ts";
import { describeRoute, TAGS } from "./documentation.ts";
import { changedMetadata, clearableText, metadata, newMetadata, text, yesNo } from "./fields.ts";
import { keepInTransaction } from "./idempotency.ts";
import { listAnswer, listBody, listExample, listQuery, readPage } from "./lists.ts";

const MOST_CSS = 2000;
const MOST_HTML = 10_000;

const looks = {
  app_name: clearableText(80, { description: "In the headline, in place of the organisation's name." }),
  file: clearableText(200, { description: "The logo: a file of `POST /files`." }),
  css: clearableText(MOST_CSS, {
    description: `At most ${MOST_CSS} characters, without anything that loads or runs something.`,
  }).superRefine((css, context) => {
    const fault = css ? cssFault(css) : null;
    if (fault !== null) context.addIssue({ code: "custom", message: `holds ${fault}` });
  }),
  header_html: clearableText(MOST_HTML, { description: "Above the content; cut down to harmless elements." }),
  footer_html: clearableText(MOST_HTML, { description: "Below the content; cut down to harmless elements." }),
  default: yesNo({ description: "Shown where no `template` is named; there is one at most." }).optional(),
  metadata: metadata(),
};

const newBody = z.object({ name: text(80), ...looks });
const changeBody = z.object({ name: text(80).optional(), ...looks });

const templateView = z.object({
  id: z.string(),
  object: z.literal("app_template"),
  created_at: instant,
  updated_at: instant,
  name: z.string(),
  app_name: nullableText,
  file: nullableText,
  css: nullableText,
  header_html: nullableText,
  footer_html: nullableText,
  default: z.boolean(),
  metadata: metadataView,
});

const TEMPLATE_ID = "k3Vb9XqT0Lw2";

const templateExample = {
  id: TEMPLATE_ID,
  object: "app_template",
  created_at: "2026-01-30T12:44:55Z",
  updated_at: "2026-01-30T12:44:55Z",
  name: "Green",
  app_name: "Sample Lending",
  file: "file_1Bq8Zs4Xw7Lm0Tv9Kd3PfR",
  css: ".consent-content { border-color: #1b7f4d; }",
  header_html: null,
  footer_html: "<p>Sample Lending is an agent of Sample Payments Ltd.</p>",
  default: true,
  metadata: {},
};

const params = appParams.extend({
  id: z
    .string()
    .max(200)
    .meta({ description: "The template's id.", examples: [TEMPLATE_ID] }),
});

export function templateRoutes(app: FastifyInstance, deps: OpenbankingDeps): void {
  createRoute(app, deps);
  readRoute(app, deps);
  listRoute(app, deps);
  updateRoute(app, deps);
  deleteRoute(app, deps);
}

const viewed = (row: TemplateRow) => ({
  id: row.public_id,
  object: "app_template" as const,
  created_at: seconds(row.created_at),
  updated_at: seconds(row.updated_at),
  name: row.name,
  app_name: row.app_name,
  file: row.file,
  css: row.css,
  header_html: row.header_html,
  footer_html: row.footer_html,
  default: row.is_default,
  metadata: row.metadata,
});

type Looks = Omit<z.output<typeof changeBody>, "metadata">;

/** Only what was sent; null clears. Throws `resource_missing` for a file that there is not. */
async function columnsOf(db: Kysely<Schema>, envId: number, given: Looks): Promise<TemplateChange> {
  const { name, app_name, file, css, header_html, footer_html } = given;
  const clean = (html: string | null) => (html === null ? null : cleanHtml(html) || null);
  return {
    ...(name === undefined ? {} : { name }),
    ...(app_name === undefined ? {} : { app_name }),
    ...(css === undefined ? {} : { css }),
    ...(header_html === undefined ? {} : { header_html: clean(header_html) }),
    ...(footer_html === undefined ? {} : { footer_html: clean(footer_html) }),
    ...(given.default === undefined ? {} : { is_default: given.default }),
    ...(file === undefined
      ? {}
      : { file_id: file === null ? null : named(await findFile(db, envId, file), "file").id }),
  };
}

const audit = (trx: Kysely<Schema>, { env, actor }: Caller, at: Temporal.Instant, step: string, id: string) =>
  recordAudit(trx, { envId: env.id, at, actor, action: `template.${step}`, target: `template:${id}` });

function createRoute(app: FastifyInstance, { db, clock }: OpenbankingDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "POST",
    url: "/apps/:app_id/templates",
    schema: {
      ...describeRoute({
        id: "createTemplate",
        tag: TAGS.consents,
        summary: "Make a template",
        description: "Add `template={id}` to a `consent_url` to choose it for one visit.",
        answer: templateView,
        answerDescription: "The template.",
        example: templateExample,
        errors: ["missing_parameter", "resource_missing", "idempotency_conflict"],
      }),
      params: appParams,
      body: newBody,
    },
    handler: async (request) => {
      const caller = callerOf(request);
      const { env } = caller;
      checkApp(env, request.params.app_id);
      const { metadata, ...given } = request.body;
      return inTransaction(db, async ({ trx }) => {
        const at = clock();
        const id = base62(12);
        await insertTemplate(trx, {
          ...(await columnsOf(trx, env.id, given)),
          name: given.name,
          env_id: env.id,
          public_id: id,
          metadata: JSON.stringify(newMetadata(metadata)),
          created_at: at,
          updated_at: at,
        });
        await audit(trx, caller, at, "create", id);
        const answer = viewed(found(await findTemplate(trx, env.id, id)));
        await keepInTransaction(trx, request, answer);
        return answer;
      });
    },
  });
}

function readRoute(app: FastifyInstance, { db }: OpenbankingDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "GET",
    url: "/apps/:app_id/templates/:id",
    schema: {
      ...describeRoute({
        id: "getTemplate",
        tag: TAGS.consents,
        summary: "One template",
        description: "As it is now.",
        answer: templateView,
        answerDescription: "The template.",
        example: templateExample,
        errors: ["resource_missing"],
      }),
      params,
    },
    handler: async (request) => {
      const { env } = callerOf(request);
      checkApp(env, request.params.app_id);
      return viewed(found(await findTemplate(db, env.id, request.params.id)));
    },
  });
}

function listRoute(app: FastifyInstance, { db }: OpenbankingDeps): void {
  const list = { name: "templates", order: TEMPLATES_ORDER };
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "GET",
    url: "/apps/:app_id/templates",
    schema: {
      ...describeRoute({
        id: "listTemplates",
        tag: TAGS.consents,
        summary: "Templates",
        description: "Newest first.",
        answer: listAnswer(templateView),
        answerDescription: "One page.",
        example: listExample(templateExample, `/apps/${APP_ID}/templates`),
        errors: ["resource_missing"],
      }),
      params: appParams,
      querystring: z.object(listQuery),
    },
    handler: async (request) => {
      const { env } = callerOf(request);
      checkApp(env, request.params.app_id);
      const page = readPage(request.query, list);
      const rows = await listTemplates(db, env.id, page);
      const total = await countTemplates(db, env.id);
      return listBody(request, page, rows, { list, total, keyOf: ({ id }) => [id], view: viewed });
    },
  });
}

function updateRoute(app: FastifyInstance, { db, clock }: OpenbankingDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "POST",
    url: "/apps/:app_id/templates/:id",
    schema: {
      ...describeRoute({
        id: "updateTemplate",
        tag: TAGS.consents,
        summary: "Change a template",
        description: "What is not sent stays; an empty value clears.",
        answer: templateView,
        answerDescription: "Changed.",
        example: templateExample,
        errors: ["resource_missing", "idempotency_conflict"],
      }),
      params,
      body: changeBody,
    },
    handler: async (request) => {
      const caller = callerOf(request);
      const { env } = caller;
      checkApp(env, request.params.app_id);
      const { metadata, ...given } = request.body;
      const { id } = request.params;
      return inTransaction(db, async ({ trx }) => {
        const at = clock();
        const before = found(await findTemplate(trx, env.id, id));
        await changeTemplate(trx, env.id, id, {
          ...(await columnsOf(trx, env.id, given)),
          metadata: JSON.stringify(changedMetadata(before.metadata, metadata)),
          updated_at: at,
        });
        await audit(trx, caller, at, "update", id);
        const answer = viewed(found(await findTemplate(trx, env.id, id)));
        await keepInTransaction(trx, request, answer);
        return answer;
      });
    },
  });
}

function deleteRoute(app: FastifyInstance, { db, clock }: OpenbankingDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "DELETE",
    url: "/apps/:app_id/templates/:id",
    schema: {
      ...describeRoute({
        id: "deleteTemplate",
        tag: TAGS.consents,
        summary: "Delete a template",
        description: "Visits that name it stop with an error.",
        answer: z.object({ id: z.string(), object: z.literal("app_template"), deleted: z.literal(true) }),
        answerDescription: "It is gone.",
        example: { id: TEMPLATE_ID, object: "app_template", deleted: true },
        errors: ["resource_missing"],
      }),
      params,
    },
    handler: async (request) => {
      const caller = callerOf(request);
      const { id } = request.params;
      checkApp(caller.env, request.params.app_id);
      await inTransaction(db, async ({ trx }) => {
        found((await deleteTemplate(trx, caller.env.id, id)) || null);
        await audit(trx, caller, clock(), "delete", id);
      });
      return { id, object: "app_template" as const, deleted: true as const };
    },
  });
}
