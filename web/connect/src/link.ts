/** What `redirect_url` carried. It stays in the address, so that a reload resumes where the customer was. */
export interface Link {
  sessionId: string;
  /** Empty in links of version 1. */
  token: string;
}

export function readLink(search: string): Link {
  const query = new URLSearchParams(search);
  return { sessionId: query.get("session_id") ?? "", token: query.get("token") ?? "" };
}

/** How the customer came back from a bank, where they did. */
export type Return = { ok: true } | { ok: false; errorType: string; reason: string };

export function readReturn(search: string): Return | null {
  const query = new URLSearchParams(search);
  const outcome = query.get("connection");
  if (outcome === "succeeded") return { ok: true };
  if (outcome !== "failed") return null;
  return { ok: false, errorType: query.get("error_type") ?? "NB000", reason: query.get("reason") ?? "" };
}
