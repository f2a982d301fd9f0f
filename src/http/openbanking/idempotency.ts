/**
 * `Idempotency-Key` on every POST (reference §6): the first answer is given again for 24 hours, byte for byte, with its
 * status. The same key with other content is 409. A duplicate waits for the first to end. What may come out differently
 * when it is tried again (5xx, 409, 429) is not kept.
 *
 * A handler that creates something calls `keepInTransaction` in the transaction that creates: a crash after the commit
 * then finds the answer, and cannot create a second one. Without that call the answer is kept after the handler.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Kysely } from "kysely";
import type { Clock } from "../../platform/clock.ts";
import { sha256 } from "../../platform/crypto.ts";
import {
  claimKey,
  keepAnswer,
  letGo,
  type Claimed,
  type KeyOwner,
  type StoredAnswer,
} from "../../store/idempotency.ts";
import type { Schema } from "../../store/schema.ts";
import { callerOf } from "../keyring.ts";
import { OpenBankingError } from "./errors.ts";

interface Claim {
  owner: KeyOwner;
  at: Temporal.Instant;
  /** What has been kept with the work, and goes out as it is. */
  kept: StoredAnswer | null;
}

declare module "fastify" {
  interface FastifyRequest {
    /** Null without `Idempotency-Key`, and once the claim has ended. */
    idempotency: Claim | null;
  }
}

const LONGEST = 40;
/** How long a duplicate waits for the first; then it is told to come again. */
const WAIT_MS = 5000;
const LOOK_MS = 100;

export interface IdempotencyDeps {
  db: Kysely<Schema>;
  clock: Clock;
}

export function replayAnswers(app: FastifyInstance, { db, clock }: IdempotencyDeps): void {
  app.decorateRequest("idempotency", null);
  // After validation: a request that cannot run claims nothing.
  app.addHook("preHandler", async (request, reply) => {
    const key = request.method === "POST" ? keyOf(request) : null;
    if (key === null) return;
    const { env } = callerOf(request);
    const owner = { envId: env.id, dataKey: env.dataKey, key };
    const claimed = await claim(db, owner, hashOf(request), clock);
    if (claimed.is === "other") throw new OpenBankingError("idempotency_conflict");
    if (claimed.is === "running") throw new OpenBankingError("idempotency_in_progress", { retryAfter: 1 });
    if (claimed.is === "claimed") {
      request.idempotency = { owner, at: claimed.at, kept: null };
      return;
    }
    const { status, body } = claimed.answer;
    // The serialiser would write it anew: these are the bytes already.
    return reply
      .code(status)
      .header("idempotent-replayed", "true")
      .type("application/json; charset=utf-8")
      .serializer((text: string) => text)
      .send(body);
  });
  app.addHook("onSend", async (request, reply, payload) => {
    const { idempotency: claim } = request;
    if (!claim) return payload;
    request.idempotency = null;
    const { statusCode: status } = reply;
    if (claim.kept?.status === status) return claim.kept.body;
    if (typeof payload === "string" && isFinal(status)) {
      await keepAnswer(db, claim.owner, claim.at, { status, body: payload });
    } else await letGo(db, claim.owner, claim.at);
    return payload;
  });
}

/**
 * In the transaction that creates, with what the handler is about to answer. Nothing without `Idempotency-Key`.
 * Throws where the claim has lapsed meanwhile: then nothing may commit.
 */
export async function keepInTransaction(
  trx: Kysely<Schema>,
  request: FastifyRequest,
  answer: object,
  status = 200,
): Promise<void> {
  const { idempotency: claim } = request;
  if (!claim) return;
  const stored = { status, body: JSON.stringify(answer) };
  if (!(await keepAnswer(trx, claim.owner, claim.at, stored)))
    throw new OpenBankingError("idempotency_in_progress", { retryAfter: 1 });
  claim.kept = stored;
}

const isFinal = (status: number) => status < 500 && status !== 409 && status !== 429;

function keyOf(request: FastifyRequest): string | null {
  const given = request.headers["idempotency-key"];
  if (given === undefined) return null;
  if (typeof given === "string" && given.length <= LONGEST && /^[\x21-\x7e]+$/.test(given)) return given;
  throw new OpenBankingError("invalid_parameter", {
    param: "Idempotency-Key",
    message: `\`Idempotency-Key\` has 1 to ${LONGEST} visible ASCII characters.`,
  });
}

/** Of method, path and content, whatever its content type: the fields are what was asked. */
function hashOf({ method, url, body }: FastifyRequest): Buffer {
  return sha256(`${method} ${url}\n${JSON.stringify(body ?? {}, sorted)}`);
}

/** Names in one order: a client that writes them in another has asked for the same. */
const sorted = (_name: string, value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** Waits while another request with this key runs. */
async function claim(db: Kysely<Schema>, owner: KeyOwner, hash: Buffer, clock: Clock): Promise<Claimed> {
  const until = performance.now() + WAIT_MS;
  for (;;) {
    const claimed = await claimKey(db, owner, hash, clock());
    if (claimed.is !== "running" || performance.now() > until) return claimed;
    await pause(LOOK_MS);
  }
}
