import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Intake } from "../../intake/context.ts";
import { isUuidV4 } from "../../platform/ids.ts";
import type { Outgoing } from "../../platform/outgoing.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Kysely } from "kysely";
import type { Schema } from "../../store/schema.ts";
import { recordAudit } from "../../store/audit.ts";
import type { Caller } from "../keyring.ts";
import type { Access } from "./auth.ts";
import type { JourneyTokens } from "../journey-token.ts";
import type { NetBankingLinks } from "../net-banking-links.ts";
import type { ReportLinks } from "../report-links.ts";
import type { StatementLinks } from "../statement-files.ts";
import { Refusal, type Shape } from "./errors.ts";
import { z } from "zod";

/** What this contract's routes borrow. */
export interface BankconnectDeps {
  db: Kysely<Schema>;
  clock: Clock;
  intake: Intake;
  access: Access;
  maxUploadBytes: number;
  /** The guarded client: `file_url` leads to public addresses only. */
  fetchFile: Outgoing["fetchFile"];
  /** CIDRs of private networks that webhooks may reach, as BANKBELL_ALLOW_NETWORKS names them. */
  allowNetworks: readonly string[];
  reportLinks: ReportLinks;
  statementLinks: StatementLinks;
  journeyTokens: JourneyTokens;
  netBankingLinks: NetBankingLinks;
  /** Without a slash at its end. */
  publicUrl: string;
}

declare module "fastify" {
  interface FastifyContextConfig {
    /** Of the errors of this route; the envelope where it is not set. */
    shape?: Shape;
  }
}

export const sessionParams = z.object({
  session_id: z
    .string()
    .meta({ description: "The session's id.", examples: ["bfb98ac5-7224-401b-a643-175235856187"] }),
});

/** Ruling 6: what is no UUID v4 is answered as one that is unknown. */
export function checkSessionId(text: string | undefined): string {
  if (text === undefined || !isUuidV4(text)) throw new Refusal("SESSION_NOT_FOUND");
  return text.toLowerCase();
}

/** Before the answer goes out: who read what is the customer's in full. A read that cannot be noted is not given. */
export async function auditRead(
  { db, clock }: Pick<BankconnectDeps, "db" | "clock">,
  { env, actor }: Caller,
  action: `${"transactions" | "webhook_payloads" | "insights" | "identity" | "report_links" | "files"}.read`,
  /** `session:<uuid>`, `entity:<uuid>`; how many of them. */
  { target, count }: { target: string; count: number },
): Promise<void> {
  await recordAudit(db, {
    envId: env.id,
    at: clock(),
    actor,
    action,
    target,
    detail: { count },
  });
}

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
type Method = (typeof METHODS)[number];

/** Answers every other method of this path with 405 and what is allowed, before anything else is looked at. */
export function onlyMethod(
  app: FastifyInstance,
  url: string,
  allowed: Method | readonly [Method, Method],
  shape: Shape = "envelope",
): void {
  const served: readonly Method[] = typeof allowed === "string" ? [allowed] : allowed;
  app.route({
    url,
    method: METHODS.filter((method) => !served.includes(method)),
    config: { shape },
    schema: { hide: true },
    onRequest: async (request, reply) => {
      reply.header("allow", served.join(", "));
      throw new Refusal("METHOD_NOT_ALLOWED", { method: request.method });
    },
    handler: (request: FastifyRequest) =>
      Promise.reject(new Refusal("METHOD_NOT_ALLOWED", { method: request.method })),
  });
}
