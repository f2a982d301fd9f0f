/**
 * Which role may do what with a cookie session: the one table. A route that is not in it is not registered, so that
 * nothing is open by forgetting. (An API key does what it does by itself: it belongs to a program, not to a person.)
 */
import type { MemberRole } from "../../store/schema-signin.ts";

/** From the least. Each may do what those before it may. */
export const ROLES = ["viewer", "developer", "owner"] as const satisfies readonly MemberRole[];

/** `<method> <path below /console/api>` → the least role. */
export const LEAST_ROLE: Readonly<Record<string, MemberRole>> = {
  "GET /endpoints": "viewer",
  "GET /endpoints/:endpoint_id": "viewer",
  "GET /endpoint-health": "viewer",
  "GET /event-types": "viewer",
  "GET /events": "viewer",
  "GET /events/:event_id": "viewer",
  "GET /deliveries": "viewer",
  "GET /attempts": "viewer",
  "GET /attempts/:attempt_id": "viewer",
  "GET /replays": "viewer",
  "GET /replays/:replay_id": "viewer",
  "GET /requests": "viewer",
  "GET /news": "viewer",
  "GET /cases": "viewer",
  "GET /cases/:case_id": "viewer",
  "GET /cases/:case_id/analysis": "viewer",
  "GET /cases/:case_id/transactions": "viewer",
  "GET /cases/:case_id/statements/:statement_id": "viewer",
  "GET /cases/:case_id/statements/:statement_id/file": "viewer",
  "GET /cases/:case_id/statements/:statement_id/pages": "viewer",
  "GET /cases/:case_id/report": "viewer",
  "POST /endpoints": "developer",
  "PATCH /endpoints/:endpoint_id": "developer",
  "DELETE /endpoints/:endpoint_id": "developer",
  "POST /endpoints/:endpoint_id/pause": "developer",
  "POST /endpoints/:endpoint_id/resume": "developer",
  "POST /endpoints/:endpoint_id/disable": "developer",
  "POST /endpoints/:endpoint_id/rotate-secret": "developer",
  "POST /endpoints/:endpoint_id/reveal": "developer",
  "POST /endpoints/:endpoint_id/test": "developer",
  "POST /events/:event_id/resend": "developer",
  "POST /replays": "developer",
  "POST /replays/:replay_id/cancel": "developer",
  "DELETE /cases/:case_id": "owner",
  "GET /keys": "owner",
  "POST /keys": "owner",
  "PATCH /keys/:key_id": "owner",
  "POST /keys/:key_id/rotate": "owner",
  "DELETE /keys/:key_id": "owner",
  "GET /settings": "owner",
  "GET /settings/open-banking": "owner",
  "PATCH /settings/open-banking": "owner",
  "GET /settings/journey": "owner",
  "PATCH /settings/journey": "owner",
  "PATCH /settings": "owner",
  "GET /team": "owner",
  "POST /team/invitations": "owner",
  "DELETE /team/invitations/:invitation_id": "owner",
  "PATCH /team/members/:member_id": "owner",
  "DELETE /team/members/:member_id": "owner",
  "GET /team/sessions": "owner",
  "DELETE /team/sessions/:session_id": "owner",
  "GET /audit": "owner",
};

/** Below it stands the open-banking contract as it is. */
export const OPEN_BANKING = "/open-banking";

/** Null where the table has no such route. Of the open-banking contract everybody reads, and developers do the rest. */
export function leastRole(method: string, path: string): MemberRole | null {
  if (path.startsWith(`${OPEN_BANKING}/`)) return method === "GET" ? "viewer" : "developer";
  return LEAST_ROLE[`${method} ${path}`] ?? null;
}

export const isAtLeast = (role: MemberRole, least: MemberRole): boolean =>
  ROLES.indexOf(role) >= ROLES.indexOf(least);
