/**
 * API keys to callers, for every contract: a key is looked up by its SHA-256 and remembered for a moment. What goes out
 * when that fails is each contract's own.
 */
import { timingSafeEqual } from "node:crypto";
import type { FastifyRequest } from "fastify";
import type { Kysely } from "kysely";
import type { Clock } from "../platform/clock.ts";
import { sha256, type SealKey } from "../platform/crypto.ts";
import { findApiKey, loadEnvironment, type Environment } from "../store/environments.ts";
import type { MemberRole } from "../store/schema-signin.ts";
import type { Schema } from "../store/schema.ts";

export interface Caller {
  env: Environment;
  keyId: string;
  /** What audit rows name: `api_key:<public id>` or `user:<id>`. */
  actor: string;
  serverHashHash: Buffer;
  requiresServerHash: boolean;
  /** Who it is, where it is a person with a cookie rather than a program with a key. */
  person?: CallingPerson;
}

export interface CallingPerson {
  userId: string;
  role: MemberRole;
  /** `org_…`, and its number. */
  organisation: string;
  organisationId: number;
}

declare module "fastify" {
  interface FastifyRequest {
    caller: Caller | null;
  }
}

export interface Keyring {
  /** From memory only: undefined where it has to be looked up. */
  remembered(apiKey: string): Caller | undefined;
  /** True where it was valid when it was last looked up, however long ago. */
  isFamiliar(apiKey: string): boolean;
  find(apiKey: string): Promise<Caller | null>;
}

/** How long a revoked key may still work in a process that has just used it. */
const REMEMBERED_MS = 3000;
const MOST_KEYS = 10_000;

/** @param monotonic milliseconds that never run backwards */
export function createKeyring(
  db: Kysely<Schema>,
  master: SealKey,
  clock: Clock,
  monotonic: () => number = () => performance.now(),
): Keyring {
  const known = new Map<string, { caller: Caller; until: number }>();
  const asking = new Map<string, Promise<Caller | null>>();

  async function ask(apiKey: string, id: string): Promise<Caller | null> {
    const asked = monotonic();
    const found = await findApiKey(db, apiKey, clock());
    const env = found && (await loadEnvironment(db, master, found.envId));
    if (!found || !env) {
      known.delete(id);
      return null;
    }
    const { keyId, serverHashHash, requiresServerHash } = found;
    const caller = { env, keyId, serverHashHash, requiresServerHash, actor: `api_key:${keyId}` };
    if (known.size >= MOST_KEYS) known.clear();
    known.set(id, { caller, until: asked + REMEMBERED_MS });
    return caller;
  }

  const idOf = (apiKey: string) => sha256(apiKey).toString("base64");
  const remembered = (id: string) => {
    const entry = known.get(id);
    return entry && monotonic() < entry.until ? entry.caller : undefined;
  };
  return {
    remembered: (apiKey) => remembered(idOf(apiKey)),
    isFamiliar: (apiKey) => known.has(idOf(apiKey)),
    async find(apiKey) {
      const id = idOf(apiKey);
      const caller = remembered(id);
      if (caller) return caller;
      // A thousand requests that find the memory stale ask once.
      const before = asking.get(id);
      if (before) return before;
      const question = ask(apiKey, id).finally(() => asking.delete(id));
      asking.set(id, question);
      return question;
    },
  };
}

export interface RateLimits {
  /** Requests a minute of one key, or of one key on one session. */
  perKey: number;
  /** Wrong keys a minute from one address. */
  wrongKeys: number;
}

/**
 * Ruling 13 sets the size: a client polls each session every 2 s, so reads are counted per session. What is left
 * is a fuse against a loop gone wild, not a price list.
 */
export const RATE_LIMITS: RateLimits = { perKey: 60_000, wrongKeys: 600 };

/** Behind authentication there is always one. */
export function callerOf(request: FastifyRequest): Caller {
  if (!request.caller) throw new Error(`${request.routeOptions.url} is served without authentication`);
  return request.caller;
}

/** In constant time: only digests are compared. */
export const isServerHash = ({ serverHashHash }: Caller, serverHash: string): boolean =>
  timingSafeEqual(sha256(serverHash), serverHashHash);

/** Null where it is missing, empty or sent more than once. */
export function header(request: FastifyRequest, name: string): string | null {
  const value = request.headers[name];
  return typeof value === "string" && value !== "" ? value : null;
}
