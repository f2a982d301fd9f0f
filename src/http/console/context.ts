import type { FastifyRequest } from "fastify";
import type { Kysely } from "kysely";
import { z } from "zod";
import type { Clock } from "../../platform/clock.ts";
import type { SealKey } from "../../platform/crypto.ts";
import type { Outgoing } from "../../platform/outgoing.ts";
import type { Schema } from "../../store/schema.ts";
import { recordAudit, type AuditEntry } from "../../store/audit.ts";
import { inTransaction } from "../../store/transaction.ts";
import type { Managed, Managing, SettingFault } from "../../webhooks/manage.ts";
import { callerOf, type Caller } from "../keyring.ts";
import type { Authenticate } from "./auth.ts";
import { ConsoleError } from "./errors.ts";

/** What the console's routes borrow. */
export interface ConsoleDeps {
  db: Kysely<Schema>;
  master: SealKey;
  clock: Clock;
  /** The guarded client, for test events. */
  outgoing: Outgoing;
  /** After a commit that queued a delivery. */
  wake: () => void;
  authenticate: Authenticate;
  /** CIDRs of private networks that webhooks may reach. */
  allowNetworks: readonly string[];
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

/** One managed change in one transaction. Throws NOT_FOUND, or what `faultOf` makes of its faults; either rolls back. */
export async function manage<T extends object>(
  { db, clock }: ConsoleDeps,
  request: FastifyRequest,
  change: (managing: Managing) => Promise<Managed<T>>,
  faultOf: (faults: readonly SettingFault[]) => Error,
): Promise<{ ok: true } & T> {
  const { env, actor } = callerOf(request);
  return inTransaction(db, async ({ trx }) => {
    const managed = await change({ trx, env, actor, now: clock() });
    if (managed.ok) return managed;
    throw managed.reason === "unknown" ? new ConsoleError("NOT_FOUND") : faultOf(managed.faults);
  });
}
