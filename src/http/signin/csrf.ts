/**
 * A cookie goes along with whatever page asks for it, so a request that lives by one must come from our own pages.
 * Three checks, each enough by itself in today's browsers: the cookie is SameSite=Lax; what the browser says of the
 * origin; and, for everything that may change something, a header that a foreign page cannot set without a preflight,
 * which we never answer.
 */
import type { FastifyRequest } from "fastify";
import { ConsoleError } from "../console/errors.ts";
import { header } from "../keyring.ts";

export const CSRF_HEADER = "x-bankbell-console";
const SAFE_METHODS = new Set(["GET", "HEAD"]);

/** Throws FOREIGN_ORIGIN. `publicUrl` is where browsers find us; a proxy may rewrite Host. */
export function refuseForeign(request: FastifyRequest, publicUrl: string): void {
  const site = header(request, "sec-fetch-site");
  // `none` is what the person typed: only ever a GET.
  const isOurSite = site === null || site === "same-origin" || (site === "none" && isSafe(request));
  const origin = header(request, "origin");
  const isOurOrigin = origin === null || originsOf(request, publicUrl).includes(origin);
  const isMarked = isSafe(request) || header(request, CSRF_HEADER) !== null;
  if (!isOurSite || !isOurOrigin || !isMarked) throw new ConsoleError("FOREIGN_ORIGIN");
}

const isSafe = ({ method }: FastifyRequest): boolean => SAFE_METHODS.has(method);

const originsOf = ({ protocol, host }: FastifyRequest, publicUrl: string): string[] => [
  `${protocol}://${host}`,
  new URL(publicUrl).origin,
];
