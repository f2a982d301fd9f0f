/** API keys: list, make, name, rotate with an overlap, revoke. Key and server hash are shown once, when they are made. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { changeKey, countLasting, insertKey, listKeys, lockKey, type ApiKey } from "../../store/api-keys.ts";
import type { Credentials } from "../../store/environments.ts";
import { inTransaction, type InTransaction } from "../../store/transaction.ts";
import { callerOf } from "../keyring.ts";
import { audit, found, type ConsoleDeps } from "./context.ts";
import { describeRoute } from "./documentation.ts";
import { ConsoleError } from "./errors.ts";

const URL = "/keys";
const KEY_URL = "/keys/:key_id";
const TAG = "Settings";
const DAY_SECONDS = 86_400;
const MONTH_SECONDS = 30 * DAY_SECONDS;

const params = z.object({
  key_id: z.string().meta({ description: "The key's id.", examples: ["key_2aUyqjCzEIiEcYMKj7TZtw"] }),
});

const view = z.object({
  id: z.string(),
  name: z.string(),
  requires_server_hash: z.boolean(),
  created_at: z.string(),
  expires_at: z.string().nullable().meta({ description: "The end of a rotation's overlap." }),
  revoked_at: z.string().nullable(),
  last_used_at: z.string().nullable().meta({ description: "To the minute; null: never." }),
});
const made = view.extend({ api_key: z.string(), server_hash: z.string() });

const EXAMPLE = {
  id: "key_2aUyqjCzEIiEcYMKj7TZtw",
  name: "Loan desk",
  requires_server_hash: true,
  created_at: "2026-01-31T12:00:00Z",
  expires_at: null,
  revoked_at: null,
  last_used_at: "2026-01-31T15:20:04Z",
};
const MADE_EXAMPLE = { ...EXAMPLE, api_key: "5f0c…", server_hash: "91be…" };

const name = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .refine((text) => text.isWellFormed(), { error: "Not a valid string." })
  .meta({ examples: ["Loan desk"] });
const lenient = z.boolean().meta({
  description:
    "False: the key alone is enough where the contract asks for both headers; a hash that is sent must be right.",
});
const newKey = z.strictObject({ name, requires_server_hash: lenient.default(true) });
const changes = z.strictObject({ name: name.optional(), requires_server_hash: lenient.optional() });
const rotation = z.preprocess(
  (body) => body ?? {},
  z.strictObject({
    overlap_seconds: z
      .int()
      .min(0)
      .max(MONTH_SECONDS)
      .default(DAY_SECONDS)
      .meta({ description: "How long the old key works beside the new one.", examples: [DAY_SECONDS] }),
  }),
);

const shown = (key: ApiKey) => ({
  id: key.public_id,
  name: key.name,
  requires_server_hash: key.requires_server_hash,
  created_at: key.created_at.toString(),
  expires_at: key.expires_at?.toString() ?? null,
  revoked_at: key.revoked_at?.toString() ?? null,
  last_used_at: key.last_used_at?.toString() ?? null,
});

const shownOnce = ({ key, credentials }: { key: ApiKey; credentials: Credentials }) => ({
  ...shown(key),
  api_key: credentials.apiKey,
  server_hash: credentials.serverHash,
});

export function keyRoutes(app: FastifyInstance, deps: ConsoleDeps): void {
  const { db, authenticate } = deps;
  const typed = app.withTypeProvider<ZodTypeProvider>();
  typed.route({
    method: "GET",
    url: URL,
    onRequest: authenticate,
    schema: LIST,
    handler: async (request) => ({ data: (await listKeys(db, callerOf(request).env.id)).map(shown) }),
  });
  typed.route({
    method: "POST",
    url: URL,
    onRequest: authenticate,
    schema: { ...CREATE, body: newKey },
    handler: async (request, reply) => {
      const { name, requires_server_hash: requiresServerHash } = request.body;
      const at = deps.clock();
      const envId = callerOf(request).env.id;
      const created = await changed(deps, request, "create", async ({ trx }) => {
        const { key, credentials } = await insertKey(trx, { envId, name, requiresServerHash, at });
        return { key, answer: shownOnce({ key, credentials }) };
      });
      return reply.code(201).send(created);
    },
  });
  typed.route({
    method: "PATCH",
    url: KEY_URL,
    onRequest: authenticate,
    schema: { ...CHANGE, params, body: changes },
    handler: (request) =>
      changed(deps, request, "update", async ({ trx }) => {
        const known = found(await lockKey(trx, callerOf(request).env.id, request.params.key_id));
        const { name = known.name, requires_server_hash = known.requires_server_hash } = request.body;
        const key = await changeKey(trx, known, { name, requires_server_hash });
        return { key, answer: shown(key) };
      }),
  });
  endingRoutes(app, deps);
}

/** Rotation and revocation: never of the last key that lasts, which would lock its owner out. */
function endingRoutes(app: FastifyInstance, deps: ConsoleDeps): void {
  const { authenticate, clock } = deps;
  const typed = app.withTypeProvider<ZodTypeProvider>();
  typed.route({
    method: "POST",
    url: `${KEY_URL}/rotate`,
    onRequest: authenticate,
    schema: { ...ROTATE, params, body: rotation },
    handler: async (request, reply) => {
      const created = await changed(deps, request, "rotate", async ({ trx }) => {
        const at = clock();
        const known = found(await lockKey(trx, callerOf(request).env.id, request.params.key_id));
        const expires = at.add({ seconds: request.body.overlap_seconds });
        // One that ends already ends no later.
        if (known.expires_at === null || Temporal.Instant.compare(expires, known.expires_at) < 0)
          await changeKey(trx, known, { expires_at: expires });
        const { env_id: envId, name, requires_server_hash: requiresServerHash } = known;
        const { key, credentials } = await insertKey(trx, { envId, name, requiresServerHash, at });
        const detail = { replaces: known.public_id, overlap_seconds: request.body.overlap_seconds };
        return { key, detail, answer: shownOnce({ key, credentials }) };
      });
      return reply.code(201).send(created);
    },
  });
  typed.route({
    method: "DELETE",
    url: KEY_URL,
    onRequest: authenticate,
    schema: { ...REVOKE, params },
    handler: (request) =>
      changed(deps, request, "revoke", async ({ trx }) => {
        const { env } = callerOf(request);
        const lasting = await countLasting(trx, env.id);
        const known = found(await lockKey(trx, env.id, request.params.key_id));
        if (known.expires_at === null && lasting === 1) throw new ConsoleError("LAST_KEY");
        const key = await changeKey(trx, known, { revoked_at: clock() });
        return { key, answer: shown(key) };
      }),
  });
}

/** One change with its audit row, in one transaction. */
async function changed<T>(
  { db, clock }: ConsoleDeps,
  request: FastifyRequest,
  verb: "create" | "update" | "rotate" | "revoke",
  change: (tools: InTransaction) => Promise<{ key: ApiKey; detail?: object; answer: T }>,
): Promise<T> {
  return inTransaction(db, async (tools) => {
    const { key, detail, answer } = await change(tools);
    await audit(tools.trx, callerOf(request), clock(), {
      action: `api_key.${verb}`,
      target: `api_key:${key.public_id}`,
      detail: { requires_server_hash: key.requires_server_hash, ...detail },
    });
    return answer;
  });
}

const LIST = describeRoute({
  id: "listKeys",
  tag: TAG,
  owner: true,
  summary: "API keys",
  description:
    "Of this environment, oldest first, those that were revoked included. Keys themselves are not shown.",
  answer: z.object({ data: z.array(view) }),
  answerDescription: "All of them.",
  example: { data: [EXAMPLE] },
});
const CREATE = describeRoute({
  id: "createKey",
  tag: TAG,
  owner: true,
  summary: "Make an API key",
  description: "Key and server hash are shown in this answer and never again.",
  status: 201,
  answer: made,
  answerDescription: "The key.",
  example: MADE_EXAMPLE,
});
const CHANGE = describeRoute({
  id: "updateKey",
  tag: TAG,
  owner: true,
  summary: "Change an API key",
  description: "A running server heeds it within three seconds.",
  answer: view,
  answerDescription: "As it is now.",
  example: EXAMPLE,
});
const ROTATE = describeRoute({
  id: "rotateKey",
  tag: TAG,
  owner: true,
  summary: "Rotate an API key",
  description: "Makes another of the same name; the old one works until the overlap ends, by default a day.",
  status: 201,
  answer: made,
  answerDescription: "The new key.",
  example: MADE_EXAMPLE,
});
const REVOKE = describeRoute({
  id: "revokeKey",
  tag: TAG,
  owner: true,
  summary: "Revoke an API key",
  description: "It stops working within three seconds. The last key that lasts cannot be revoked.",
  answer: view,
  answerDescription: "Revoked.",
  example: { ...EXAMPLE, revoked_at: "2026-02-01T09:00:00Z" },
  errors: ["LAST_KEY"],
});
