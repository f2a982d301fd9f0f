/**
 * The first owner: made by whoever holds the link that the server prints at its start while nobody can sign in. The
 * token stands behind the `#`, which browsers send to nobody; stored is its SHA-256.
 */
import { sql, type Kysely } from "kysely";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { sha256 } from "../../platform/crypto.ts";
import { base62 } from "../../platform/ids.ts";
import { countUsers } from "../../store/members.ts";
import type { Schema } from "../../store/schema.ts";
import { ConsoleError } from "../console/errors.ts";
import { auditTeam } from "./audit-team.ts";
import { inOurWords } from "./auth-errors.ts";
import { authHeaders, refuseExceeded, type SigninDeps } from "./context.ts";
import { newPassword, personName } from "./fields.ts";
import { passCookies } from "./person.ts";

const LINK_HOURS = 24;
export const FIRST_OWNER_PATH = "/console/first-owner";

/** The whole URL; null where somebody can sign in. Each start makes another: those before it work until one is used. */
export async function printableLink(
  db: Kysely<Schema>,
  publicUrl: string,
  now: Temporal.Instant,
): Promise<string | null> {
  if ((await countUsers(db)) > 0) return null;
  const token = base62(32);
  await db.deleteFrom("signin_first_links").where("expires_at", "<=", now).execute();
  await db
    .insertInto("signin_first_links")
    .values({ token_hash: sha256(token), expires_at: now.add({ hours: LINK_HOURS }) })
    .execute();
  return `${publicUrl}${FIRST_OWNER_PATH}#${token}`;
}

const body = z.strictObject({
  token: z.string().min(1).max(100),
  organisation: personName,
  name: personName,
  email: z.email().max(254),
  password: newPassword,
});

export function firstOwnerRoutes(app: FastifyInstance, deps: SigninDeps): void {
  const { db } = deps;
  const guesses = app.createRateLimit({ max: 20, timeWindow: 60_000, keyGenerator: ({ ip }) => ip });
  const typed = app.withTypeProvider<ZodTypeProvider>();
  typed.route({
    method: "GET",
    url: "/first-owner",
    schema: { hide: true },
    handler: async () => ({ needed: (await countUsers(db)) === 0 }),
  });
  typed.route({
    method: "POST",
    url: "/first-owner",
    onRequest: (request) => refuseExceeded(guesses, request, { increment: true }),
    schema: { hide: true, body },
    handler: async (request, reply) => {
      const headers = await inOurWords(() => makeOwner(deps, request.body, authHeaders(request)));
      passCookies(headers, reply);
      return reply.code(201).send({ created: true });
    },
  });
}

/** Throws LINK_OVER. Answers the headers with the session's cookie. */
async function makeOwner(
  { auth, clock }: SigninDeps,
  wanted: z.output<typeof body>,
  headers: Headers,
): Promise<Headers> {
  const { token, organisation, name, email, password } = wanted;
  return auth.transaction(async (trx) => {
    // Two people with two links: one of them is first.
    await sql`lock table signin_first_links in exclusive mode`.execute(trx);
    const link = await trx
      .selectFrom("signin_first_links")
      .select("token_hash")
      .where("token_hash", "=", sha256(token))
      .where("expires_at", ">", clock())
      .executeTakeFirst();
    if (!link || (await countUsers(trx)) > 0) throw new ConsoleError("LINK_OVER");
    const ours = await trx
      .selectFrom("organisations")
      .select(["id", "public_id"])
      .orderBy("id")
      .limit(1)
      .executeTakeFirstOrThrow();
    await trx.updateTable("organisations").set({ name: organisation }).where("id", "=", ours.id).execute();
    const made = await auth.api.signUpEmail({
      body: { name, email, password },
      headers,
      returnHeaders: true,
    });
    const userId = made.response.user.id;
    await auth.api.addMember({ body: { userId, organizationId: ours.public_id, role: "owner" } });
    await trx.deleteFrom("signin_first_links").execute();
    await auditTeam(trx, ours.id, clock(), {
      actor: `user:${userId}`,
      action: "team.first_owner",
      target: `user:${userId}`,
    });
    return made.headers;
  });
}
