/** For those who run the server: alive, ready, metrics. */
import type { FastifyInstance } from "fastify";
import { sql, type Kysely } from "kysely";
import type { Metrics } from "../platform/telemetry.ts";
import { readMigrations, SQL_DIR } from "../store/migrate.ts";
import type { Schema } from "../store/schema.ts";
import { z } from "zod";
import { responseSchema } from "./schemas.ts";

export interface OperationDeps {
  db: Kysely<Schema>;
  metrics: Metrics;
}

const TAGS = ["Operation"];
const alive = responseSchema(z.object({ status: z.literal("ok") }), {
  description: "The process answers.",
  example: { status: "ok" },
});
const ready = responseSchema(z.object({ status: z.literal("ready") }), {
  description: "The database answers and has every migration.",
  example: { status: "ready" },
});
const notReady = responseSchema(
  z.object({ status: z.literal("unavailable"), reason: z.enum(["database", "migrations"]) }),
  {
    description: "Send no requests here yet.",
    example: { status: "unavailable", reason: "database" },
  },
);

export function operationRoutes(app: FastifyInstance, { db, metrics }: OperationDeps): void {
  const newest = readMigrations(SQL_DIR).length;

  app.get(
    "/healthz",
    {
      schema: {
        operationId: "healthz",
        summary: "Is the process alive?",
        tags: TAGS,
        response: { 200: alive },
      },
    },
    async () => ({ status: "ok" }),
  );

  app.get(
    "/readyz",
    {
      schema: {
        operationId: "readyz",
        summary: "Can it serve?",
        tags: TAGS,
        response: { 200: ready, 503: notReady },
      },
    },
    async (_request, reply) => {
      const applied = await appliedMigrations(db);
      if (applied === newest) return { status: "ready" };
      const reason = applied === null ? "database" : "migrations";
      return reply.code(503).send({ status: "unavailable", reason });
    },
  );

  app.get(
    "/metrics",
    {
      schema: {
        operationId: "metrics",
        summary: "Metrics in Prometheus' text format",
        tags: TAGS,
        produces: ["text/plain"],
      },
    },
    async (_request, reply) => {
      return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
    },
  );
}

/** Null where the database does not answer. */
async function appliedMigrations(db: Kysely<Schema>): Promise<number | null> {
  try {
    const { rows } = await sql<{
      count: number;
    }>`select count(*)::int as count from schema_migrations`.execute(db);
    return rows[0]?.count ?? 0;
  } catch {
    return null;
  }
}
