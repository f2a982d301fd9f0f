/** The journey's Content-Security-Policy: its own files, one logo, and frames where the environment allows them. */
import type { FastifyRequest } from "fastify";
import { journeyDress } from "../../store/journey.ts";
import { findGuest, type GuestDeps } from "./guest.ts";
import { logoOf } from "./views.ts";

/** For the page at `?session_id=…&token=…`. Who has no session learns nothing of any: then only we may frame it. */
export async function journeyPolicy(deps: GuestDeps, { query }: FastifyRequest): Promise<string> {
  const guest = await findGuest(
    deps,
    queryText(query, "session_id").toLowerCase(),
    queryText(query, "token"),
  );
  if (!guest) return policyOf([], null);
  const dress = await journeyDress(deps.db, guest.env.id);
  return policyOf(dress.origins, logoOf(guest, dress));
}

function policyOf(origins: readonly string[], logo: string | null): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    ["img-src 'self'", ...(logo === null ? [] : [new URL(logo).origin])].join(" "),
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    ["frame-ancestors 'self'", ...origins].join(" "),
  ].join("; ");
}

function queryText(query: unknown, name: string): string {
  const value: unknown = typeof query === "object" && query !== null ? Reflect.get(query, name) : undefined;
  return typeof value === "string" ? value : "";
}
