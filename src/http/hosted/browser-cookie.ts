/** The cookie that binds trips to the browser that began them. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { isBrowser } from "../../connect/trips.ts";

const NAME = "bankbell_browser";
/** Longer than any trip, so that a second one finds the first one's. */
const MAX_AGE_S = 3600;

/** `__Host-`: of this host only, over HTTPS only. Plain names are for localhost. */
const nameFor = (publicUrl: string) => (publicUrl.startsWith("https:") ? `__Host-${NAME}` : NAME);

/** Null where there is none, or what it holds is none of ours. */
export function readBrowser(request: FastifyRequest, publicUrl: string): string | null {
  const wanted = `${nameFor(publicUrl)}=`;
  const pairs = (request.headers.cookie ?? "").split(";").map((pair) => pair.trim());
  const value = pairs.find((pair) => pair.startsWith(wanted))?.slice(wanted.length) ?? "";
  return isBrowser(value) ? value : null;
}

/** Lax: it comes along when the bank sends the browser back by a link, and not in frames or posts of others. */
export function writeBrowser(reply: FastifyReply, publicUrl: string, browser: string): void {
  const secure = publicUrl.startsWith("https:") ? "; Secure" : "";
  reply.header(
    "set-cookie",
    `${nameFor(publicUrl)}=${browser}; Path=/; Max-Age=${MAX_AGE_S}; HttpOnly; SameSite=Lax${secure}`,
  );
}
