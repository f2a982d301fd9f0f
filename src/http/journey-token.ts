/** The token in a v2 session's `redirect_url`: whoever knows only the session's id does not get into its journey. */
import type { LinkSigner } from "../platform/signed-links.ts";

export interface JourneyTokens {
  /** Valid until `expires`, cut to the second. */
  tokenOf(env: string, sessionId: string, expires: Temporal.Instant): string;
  verify(env: string, sessionId: string, token: string, now: Temporal.Instant): boolean;
}

const targetOf = (env: string, sessionId: string) => ({ env, path: `/connect/${sessionId}` });

export const createJourneyTokens = (links: LinkSigner): JourneyTokens => ({
  tokenOf(env, sessionId, expires) {
    const { searchParams } = new URL(links.sign(targetOf(env, sessionId), expires), "http://localhost");
    return `${searchParams.get("expires")}.${searchParams.get("signature")}`;
  },
  verify(env, sessionId, token, now) {
    const [expires, signature, more] = token.split(".");
    return more === undefined && links.verify(targetOf(env, sessionId), { expires, signature }, now);
  },
});
