/** The banks that can be connected (reference §3.8). */
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Provider } from "../../connect/providers/provider.ts";
import type { OpenbankingDeps } from "./context.ts";
import { describeRoute, TAGS } from "./documentation.ts";
import { listOf, oneOf } from "./fields.ts";
import { listAnswer, listBody, listExample, listQuery, readPage } from "./lists.ts";

const ROLES = ["ais", "pis"] as const;

const query = z.object({
  ...listQuery,
  roles: listOf(oneOf(ROLES), 2, {
    description: "Only banks that have each of these: `roles[]=ais`.",
  }).optional(),
});

export const providerView = z.object({
  id: z.string(),
  object: z.literal("provider"),
  name: z.string(),
  roles: z.array(z.enum(ROLES)),
  logo_url: z.string().nullable(),
  bg_colors: z.array(z.string()),
  health_status: z.enum(["healthy", "degraded", "down"]),
});

const EXAMPLE = {
  id: "orion",
  object: "provider",
  name: "Orion",
  roles: ["ais", "pis"],
  logo_url: null,
  bg_colors: ["#1b2a49"],
  health_status: "healthy",
};

/** By name: the configured ones are few, and a page is cut from all of them. */
const LIST = { name: "/providers", order: [["position", "bigint"]] } as const;

export function providerRoutes(app: FastifyInstance, { connect, db }: OpenbankingDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "GET",
    url: "/providers",
    schema: {
      ...describeRoute({
        id: "listProviders",
        tag: TAGS.consents,
        summary: "Banks",
        description: "Those that this server is configured for, by name, and how they last answered.",
        answer: listAnswer(providerView),
        answerDescription: "One page.",
        example: listExample(EXAMPLE, "/providers"),
      }),
      querystring: query,
    },
    handler: async (request) => {
      const wanted = request.query.roles ?? [];
      const all = connect.providers
        .all()
        .filter(({ roles }) => wanted.every((role) => roles.includes(role)))
        .toSorted((a, b) => a.name.localeCompare(b.name, "en"));
      const health = new Map(
        (await db.selectFrom("provider_health").select(["provider", "status"]).execute()).map(
          ({ provider, status }) => [provider, status],
        ),
      );
      const page = readPage(request.query, LIST);
      const rows = all.map((provider, position) => ({ provider, position: BigInt(position) }));
      return listBody(request, page, cut(rows, page), {
        list: LIST,
        total: all.length,
        keyOf: ({ position }) => [position],
        view: ({ provider }) => ({
          ...viewOf(provider),
          health_status: health.get(provider.id) ?? "healthy",
        }),
      });
    },
  });
}

function cut<T>(rows: T[], { limit, offset, position }: ReturnType<typeof readPage>) {
  const key = Number(position?.key[0] ?? 0);
  if (position?.way === "before") {
    const start = Math.max(0, key - limit);
    return { rows: rows.slice(start, key), more: start > 0 };
  }
  const start = position === null ? offset : key + 1;
  return { rows: rows.slice(start, start + limit), more: rows.length > start + limit };
}

const viewOf = ({ id, name, roles, logoUrl, bgColors }: Provider) => ({
  id,
  object: "provider" as const,
  name,
  roles: [...roles],
  logo_url: logoUrl,
  bg_colors: [...bgColors],
});
