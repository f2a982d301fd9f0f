import type { Kysely } from "kysely";
import { z } from "zod";
import type { Connect } from "../../connect/context.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Outgoing } from "../../platform/outgoing.ts";
import type { Log } from "../../platform/telemetry.ts";
import type { Schema } from "../../store/schema.ts";
import type { IsTrusted } from "../transport.ts";
import type { Authenticate } from "./auth.ts";
import { OpenBankingError } from "./errors.ts";
import type { StreamLimits } from "./event-limits.ts";

/** What this contract's routes borrow. */
export interface OpenbankingDeps {
  db: Kysely<Schema>;
  clock: Clock;
  log: Log;
  connect: Connect;
  /** The guarded client: webhooks and what a caller names lead to public addresses only. */
  outgoing: Outgoing;
  authenticate: Authenticate;
  isTrusted: IsTrusted;
  /** CIDRs of private networks that webhooks may reach. */
  allowNetworks: readonly string[];
  streamLimits?: StreamLimits;
  /** Without a slash at its end. */
  publicUrl: string;
}

/** Absent, or another environment's: the caller cannot tell which. */
export function found<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new OpenBankingError("resource_missing");
  return value;
}

/** For a parameter that names something, where the path does not: 404 with the parameter. */
export function named<T>(value: T | null | undefined, param: string): T {
  if (value !== null && value !== undefined) return value;
  throw new OpenBankingError("resource_missing", { param, message: `There is no such \`${param}\`.` });
}

/** `/things/:id`. */
export const idParams = (description: string, example: string) =>
  z.object({
    id: z
      .string()
      .max(200)
      .refine((id) => !id.includes("\0"))
      .meta({ description, examples: [example] }),
  });

export const object = <const T extends string>(name: T) => z.literal(name);
export const instant = z.string().meta({ description: "ISO 8601 in UTC, whole seconds." });
export const nullableText = z.string().nullable();
export const metadataView = z.record(z.string(), z.string());
