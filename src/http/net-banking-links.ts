/**
 * Where an entity's customer connects a bank (`/n/…`): a page that only a link of ours opens, for a day. The signature
 * stands in the path, so that the page's forms keep it.
 */
import type { LinkSigner } from "../platform/signed-links.ts";

export interface EntityVisit {
  /** The environment's public id. */
  env: string;
  entityId: string;
  /** The contract's identifier in lower case. */
  bank: string;
}

export interface NetBankingLinks {
  linkTo(visit: EntityVisit, now: Temporal.Instant): { url: string; expiresAt: Temporal.Instant };
  /** `proof` is the last segment of the path. */
  verify(visit: EntityVisit, proof: string, now: Temporal.Instant): boolean;
}

const VALID = { hours: 24 };

export const entityVisitPath = ({ env, entityId, bank }: EntityVisit): string =>
  `/n/${env}/${entityId}/${bank}`;

/** @param publicUrl without a slash at its end */
export const createNetBankingLinks = (links: LinkSigner, publicUrl: string): NetBankingLinks => ({
  linkTo(visit, now) {
    const path = entityVisitPath(visit);
    const expiresAt = now.add(VALID);
    const { searchParams } = new URL(links.sign({ env: visit.env, path }, expiresAt), "http://localhost");
    const proof = `${searchParams.get("expires")}.${searchParams.get("signature")}`;
    return { url: `${publicUrl}${path}/${proof}`, expiresAt };
  },
  verify(visit, proof, now) {
    const [expires, signature, more] = proof.split(".");
    const target = { env: visit.env, path: entityVisitPath(visit) };
    return more === undefined && links.verify(target, { expires, signature }, now);
  },
});
