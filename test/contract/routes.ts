/** The routes as the OpenAPI document lists them, and what the reference says of each by its path alone (§1). */
import assert from "node:assert/strict";
import type { World } from "./setup.ts";

export interface Route {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** As in `/bank-connect/v1/entity/{entity_id}/`. */
  path: string;
  /** Names of what stands in braces. */
  ids: string[];
  /** Names of its query's fields, and of its body's. */
  query: string[];
  body: string[];
}

const METHODS = { get: "GET", post: "POST", put: "PUT", patch: "PATCH", delete: "DELETE" } as const;

interface Operation {
  security?: Record<string, unknown>[];
  parameters?: { in: string; name: string }[];
  requestBody?: { content: Record<string, { schema: { properties?: object } }> };
}

const fieldsOf = ({ requestBody }: Operation): string[] => [
  ...new Set(
    Object.values(requestBody?.content ?? {}).flatMap(({ schema }) => Object.keys(schema.properties ?? {})),
  ),
];

export async function routesOf({ ask }: Pick<World, "ask">): Promise<Route[]> {
  const { body } = await ask("/openapi.json");
  const { paths } = body as { paths: Record<string, Record<string, Operation>> };
  const routes = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(METHODS).flatMap(([name, method]): Route[] => {
      const operation = operations[name];
      // The open-banking contract has tests of its own (`openbanking-tenancy.test.ts`).
      if (!operation || operation.security?.some((way) => "basicKey" in way)) return [];
      const ids = [...path.matchAll(/\{(\w+)\}/g)].map(([, id = ""]) => id);
      const query = (operation.parameters ?? []).filter((one) => one.in === "query").map((one) => one.name);
      return [{ method, path, ids, query, body: fieldsOf(operation) }];
    }),
  );
  assert.ok(routes.length > 40, "the document lists the routes");
  return routes;
}

export const isBankconnect = ({ path }: Route): boolean => path.startsWith("/bank-connect/");

/** With these in place of the braces. */
export const fill = (path: string, ids: Readonly<Record<string, string>>): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const id = ids[name];
    assert.ok(id !== undefined, `an id for ${name} of ${path}`);
    return id;
  });

/** What a refused caller is answered: the four shapes. */
export interface Denial {
  shape: "A" | "B" | "C" | "D";
  /** Both headers, or `x-api-key` alone. */
  needs: "both" | "client";
}

const CLIENT_ONLY = /^\/bank-connect\/v\d\/(session\/|statement\/|net_banking_health\/)/;

export function denialOf({ method, path }: Route): Denial {
  const isCreation = method === "POST" && path === "/bank-connect/v1/entity/";
  const needs = CLIENT_ONLY.test(path) || isCreation ? "client" : "both";
  if (/\/v\d\/session\/$/.test(path)) return { shape: "C", needs };
  if (path.endsWith("/upload_session/")) return { shape: "D", needs };
  if (/\/v1\/(session_data|banks|account_aggregator)\//.test(path)) return { shape: "B", needs };
  return { shape: "A", needs };
}

export const DENIALS: Readonly<Record<Denial["shape"], { status: number; body: unknown }>> = {
  A: { status: 401, body: { detail: "Authentication credentials were not provided." } },
  B: {
    status: 403,
    body: { error: { code: "ACCESS_DENIED", message: "Authentication credentials were not provided" } },
  },
  C: {
    status: 401,
    body: {
      error: {
        code: "AUTHENTICATION_CREDENTIALS_NOT_PROVIDED",
        message: "Authentication credentials were not provided",
      },
    },
  },
  D: {
    status: 403,
    body: {
      session_id: "",
      statement_id: "",
      error: { code: "INVALID_API_KEY", message: "Authentication credentials were not provided." },
    },
  },
};
