/** Showing and changing the secrets that an endpoint signs with. Both leave an audit row. */
import { recordAudit } from "../store/audit.ts";
import { changeEndpoint, findEndpoint } from "../store/endpoint-rows.ts";
import { endSecrets, liveSecrets } from "../store/endpoint-secrets.ts";
import { addSecret } from "../store/endpoints.ts";
import type { Managed, Managing } from "./manage.ts";
import { newSecret, publicKeyOf, secretKind, signingKey, type SecretKind } from "./signing.ts";

export interface RevealedSecret {
  id: bigint;
  kind: SecretKind;
  secret: string;
  /** `whpk_…` of an ed25519 secret: what the receiver needs of it. */
  publicKey: string | null;
  createdAt: Temporal.Instant;
  /** It signs until then; null: until it is rotated. */
  expiresAt: Temporal.Instant | null;
}

export interface Rotation {
  /** What is rotated: secrets of other kinds stay. Default `v1`; the first of a kind is added this way too. */
  kind?: "v1" | "v1a";
  /** The new one, of any kind; without it one is drawn. */
  secret?: string;
  /** How long the old ones still sign: 0 to 2,592,000 (30 days), default 86,400. */
  overlapSeconds?: number;
}

const DAY_S = 86_400;
const LONGEST_OVERLAP_S = 30 * DAY_S;
/** One signature each: a header must stay short. */
const MOST_LIVE = 5;

/** The live secrets, oldest first. */
export async function revealSecrets(
  { trx, env, actor, now }: Managing,
  publicId: string,
): Promise<Managed<{ secrets: RevealedSecret[] }>> {
  const row = await findEndpoint(trx, env.id, publicId);
  if (!row) return { ok: false, reason: "unknown" };
  const secrets = await liveSecrets(trx, env.dataKey, row, now);
  await recordAudit(trx, {
    envId: env.id,
    at: now,
    actor,
    action: "webhook_endpoint.reveal_secrets",
    target: `webhook_endpoint:${publicId}`,
    detail: { count: secrets.length },
  });
  return {
    ok: true,
    secrets: secrets.map(({ id, secret, createdAt, expiresAt }) => ({
      id,
      kind: secretKind(secret),
      secret,
      publicKey: publicKeyOf(secret),
      createdAt,
      expiresAt,
    })),
  };
}

/** The old secrets of the kind sign beside the new one until the overlap ends. */
export async function rotateSecret(
  { trx, env, actor, now }: Managing,
  publicId: string,
  { kind = "v1", secret = newSecret(kind), overlapSeconds = DAY_S }: Rotation = {},
): Promise<Managed<{ secret: string; publicKey: string | null; oldUntil: Temporal.Instant }>> {
  const row = await findEndpoint(trx, env.id, publicId, { lock: true });
  if (!row) return { ok: false, reason: "unknown" };
  const fault = rotationFault(secret, overlapSeconds, row.format === "event");
  if (fault) return { ok: false, reason: "invalid", faults: [{ field: "secret", reason: fault }] };
  const live = await liveSecrets(trx, env.dataKey, row, now);
  if (overlapSeconds > 0 && live.length >= MOST_LIVE) {
    const reason = `${MOST_LIVE} secrets sign already: wait for one to end, or rotate without overlap.`;
    return { ok: false, reason: "invalid", faults: [{ field: "secret", reason }] };
  }
  const old = live.filter((stored) => secretKind(stored.secret) === secretKind(secret));
  const oldUntil = now.add({ seconds: overlapSeconds });
  await endSecrets(
    trx,
    row,
    old.map(({ id }) => id),
    oldUntil,
    now,
  );
  await addSecret(trx, env, { id: row.id, publicId }, secret, now);
  await changeEndpoint(trx, row, {}, now);
  await recordAudit(trx, {
    envId: env.id,
    at: now,
    actor,
    action: "webhook_endpoint.rotate_secret",
    target: `webhook_endpoint:${publicId}`,
    detail: { kind: secretKind(secret), overlap_s: overlapSeconds, replaced: old.length },
  });
  return { ok: true, secret, publicKey: publicKeyOf(secret), oldUntil };
}

function rotationFault(secret: string, overlapSeconds: number, fx: boolean): string | null {
  if (!Number.isInteger(overlapSeconds) || overlapSeconds < 0 || overlapSeconds > LONGEST_OVERLAP_S)
    return `The overlap is 0 to ${LONGEST_OVERLAP_S} seconds.`;
  try {
    return signingKey(secret).kind === "fx" && !fx ? "whsec_… or whsk_…" : null;
  } catch (error) {
    return error instanceof Error ? error.message : "Not a secret.";
  }
}
