/** Who changed or read what: the list, of all environments of the organisation. */
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { listAudit } from "../../store/audit-log.ts";
import { findOrganisationId } from "../../store/environments.ts";
import { callerOf } from "../keyring.ts";
import type { ConsoleDeps } from "./context.ts";
import { describeRoute } from "./documentation.ts";
import { keyOf, pageOf, pageQuery, readCursor, timeQuery, writeCursor } from "./paging.ts";

const LIST = "audit";

const listQuery = z.object({
  ...pageQuery,
  ...timeQuery,
  action: z
    .string()
    .max(100)
    .regex(/^[a-z_.]*$/)
    .optional()
    .meta({ description: "How the action begins, such as `team.`." }),
  actor: z.string().max(100).optional().meta({ description: "Such as `user:usr_…`." }),
});

const row = z.object({
  id: z.string(),
  environment: z.enum(["live", "sandbox"]),
  at: z.string(),
  actor: z.string(),
  actor_name: z.string().nullable().meta({ description: "Of the person or the key, while it is there." }),
  action: z.string(),
  target: z.string(),
  detail: z.record(z.string(), z.unknown()),
});

const description = describeRoute({
  id: "listAudit",
  tag: "Settings",
  owner: true,
  summary: "Audit log",
  description: "Who changed or read what, in all environments of the organisation, newest first.",
  answer: pageOf(row),
  answerDescription: "One page.",
  example: {
    data: [
      {
        id: "4711",
        environment: "sandbox",
        at: "2026-01-31T12:00:00Z",
        actor: "user:usr_2aUyqjCzEIiEcYMKj7TZtw",
        actor_name: "Meera Iyer",
        action: "webhook_endpoint.create",
        target: "webhook_endpoint:wh_2aUyqjCzEIiEcYMKj7TZtw",
        detail: {},
      },
    ],
    next: null,
  },
  errors: ["INVALID_CURSOR"],
});

export function auditRoutes(app: FastifyInstance, { db, authenticate }: ConsoleDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "GET",
    url: "/audit",
    onRequest: authenticate,
    schema: { ...description, querystring: listQuery },
    handler: async (request) => {
      const { limit, cursor, ...filter } = request.query;
      const before = readCursor(cursor, LIST, ([id]) => keyOf(id));
      const organisationId = await findOrganisationId(db, callerOf(request).env.id);
      const rows = await listAudit(db, organisationId, filter, { before, limit: limit + 1 });
      const shown = rows.slice(0, limit);
      const last = shown.at(-1);
      return {
        data: shown.map((row) => ({
          id: String(row.id),
          environment: row.mode,
          at: row.at.toString(),
          actor: row.actor,
          actor_name: row.actorName,
          action: row.action,
          target: row.target,
          detail: row.detail,
        })),
        next: rows.length > limit && last ? writeCursor(LIST, [last.id]) : null,
      };
    },
  });
}
