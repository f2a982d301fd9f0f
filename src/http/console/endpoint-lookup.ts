/** From an endpoint's id on the wire to its row, in the caller's environment alone. */
import type { Kysely } from "kysely";
import { z } from "zod";
import type { EndpointFormat, Schema } from "../../store/schema.ts";
import { found } from "./context.ts";
import { ConsoleError } from "./errors.ts";

export const optionalEndpoint = z
  .string()
  .optional()
  .meta({ description: "The endpoint's id.", examples: ["wh_2aUyqjCzEIiEcYMKj7TZtw"] });

export interface EndpointKey {
  id: number;
  publicId: string;
  format: EndpointFormat;
  status: "enabled" | "paused" | "disabled";
}

/** Throws NOT_FOUND. */
export async function findEndpoint(
  db: Kysely<Schema>,
  envId: number,
  publicId: string,
): Promise<EndpointKey> {
  const row = await db
    .selectFrom("webhook_endpoints")
    .select(["id", "format", "status"])
    .where("env_id", "=", envId)
    .where("public_id", "=", publicId)
    .executeTakeFirst();
  return { ...found(row), publicId };
}

/** For a filter: undefined without one. */
export async function openEndpoint(
  db: Kysely<Schema>,
  envId: number,
  publicId: string | undefined,
): Promise<number | undefined> {
  return publicId === undefined ? undefined : (await findEndpoint(db, envId, publicId)).id;
}

/** A paused one keeps queueing; a disabled one takes nothing. */
export async function sendableEndpoint(
  db: Kysely<Schema>,
  envId: number,
  publicId: string,
): Promise<EndpointKey> {
  const endpoint = await findEndpoint(db, envId, publicId);
  if (endpoint.status === "disabled") throw new ConsoleError("ENDPOINT_DISABLED");
  return endpoint;
}
