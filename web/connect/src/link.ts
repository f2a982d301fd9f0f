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

/** How the customer came back from a bank, where they did: an `NB…` of the contract where it came to nothing. */
export type Return = { ok: true } | { ok: false; errorType: string };

export function readReturn(search: string): Return | null {
  const query = new URLSearchParams(search);
  const outcome = query.get("connection");
  if (outcome === "succeeded") return { ok: true };
  return outcome === "failed" ? { ok: false, errorType: query.get("error_type") ?? "NB000" } : null;
}

/** Told once: a reload is no second return. */
export function forgetReturn(): void {
  const url = new URL(location.href);
  for (const name of ["connection", "error_type"]) url.searchParams.delete(name);
  history.replaceState(null, "", url.href);
}
