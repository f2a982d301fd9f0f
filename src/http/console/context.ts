import type { Kysely } from "kysely";
import { z } from "zod";
import type { Clock } from "../../platform/clock.ts";
import type { SealKey } from "../../platform/crypto.ts";
import type { Schema } from "../../store/schema.ts";
import { recordAudit, type AuditEntry } from "../../store/audit.ts";
import type { Caller } from "../bankconnect/auth.ts";
import type { Authenticate } from "./auth.ts";
import { ConsoleError } from "./errors.ts";

/** What the console's routes borrow. */
export interface ConsoleDeps {
  db: Kysely<Schema>;
  master: SealKey;
  clock: Clock;
  /** After a commit that queued a delivery. */
  wake: () => void;
  authenticate: Authenticate;
}

export const endpointParams = z.object({
  endpoint_id: z
    .string()
    .meta({ description: "The endpoint's id.", examples: ["wh_2aUyqjCzEIiEcYMKj7TZtw"] }),
});
export const eventParams = z.object({
  event_id: z
    .string()
    .meta({ description: "The event's id: the `webhook-id` of its deliveries.", examples: ["evt_7Hd…"] }),
});

/** Absent, or another environment's: the caller cannot tell which. */
export function found<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new ConsoleError("NOT_FOUND");
  return value;
}

/** In the transaction of the change, or before a read of something sensitive goes out. */
export async function audit(
  db: Kysely<Schema>,
  { env, actor }: Caller,
  at: Temporal.Instant,
  entry: Pick<AuditEntry, "action" | "target" | "detail">,
): Promise<void> {
  await recordAudit(db, { envId: env.id, at, actor, ...entry });
}
