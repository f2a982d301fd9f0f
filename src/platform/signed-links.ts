/**
 * Links that open one file for a while to whoever holds them: no API key, only a signature over path, environment
 * and expiry. HMAC-SHA256 under a key of its own, derived from the master key, so that every process signs alike and
 * a link says nothing of the keys that seal data.
 */
import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import type { SealKey } from "./crypto.ts";

/** What a link opens. */
export interface LinkTarget {
  /** The environment's public id, `env_…`. */
  env: string;
  /** Of the URL, as the program writes it: `/files/…`, without a query. */
  path: string;
}

/** As they stand in the query. */
export interface LinkProof {
  expires?: string | undefined;
  signature?: string | undefined;
}

export interface LinkSigner {
  /** Path and query, valid until `expires` (cut to the second). */
  sign(target: LinkTarget, expires: Temporal.Instant): string;
  /** False for whatever was changed, left out or has expired; why is nobody's business. */
  verify(target: LinkTarget, proof: LinkProof, now: Temporal.Instant): boolean;
}

const PURPOSE = "bankbell signed links v1";

export function createLinkSigner(master: SealKey): LinkSigner {
  const key = Buffer.from(hkdfSync("sha256", master.bytes, Buffer.alloc(0), PURPOSE, 32));
  // As JSON, so that no two targets are written alike.
  const mac = ({ env, path }: LinkTarget, expires: string): string =>
    createHmac("sha256", key)
      .update(JSON.stringify([env, path, expires]))
      .digest("base64url");
  return {
    sign(target, expires) {
      const seconds = String(Math.floor(expires.epochMilliseconds / 1000));
      return `${target.path}?expires=${seconds}&signature=${mac(target, seconds)}`;
    },
    verify(target, { expires = "", signature = "" }, now) {
      // As text, for one way of writing each: the last of 43 characters has neighbours that decode alike.
      if (!/^[1-9]\d{0,11}$/.test(expires) || !/^[\w-]{43}$/.test(signature)) return false;
      const isRight = timingSafeEqual(Buffer.from(signature), Buffer.from(mac(target, expires)));
      return isRight && now.epochMilliseconds < Number(expires) * 1000;
    },
  };
}
