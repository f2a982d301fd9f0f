/**
 * What a URL must be before it is stored or asked. Where it leads is checked at every connection
 * (`outgoing.ts`): a name that is public today may be private tomorrow.
 */

export type UrlFault = "not_a_url" | "too_long" | "not_http" | "credentials" | "port";

const MAX_LENGTH = 2048;

export interface UrlRules {
  /** Null allows every port. */
  ports?: ReadonlySet<number> | null;
}

export type CheckedUrl = { ok: true; url: URL } | { ok: false; reason: UrlFault };

/** http or https, at most 2048 characters, no user name or password, no space or control character. Pure. */
export function checkReceiverUrl(text: string, { ports = null }: UrlRules = {}): CheckedUrl {
  if (text.length > MAX_LENGTH) return { ok: false, reason: "too_long" };
  // The parser would drop line ends and trim spaces: what is stored would not be what is sent.
  if (/[\p{Cc} ]/u.test(text)) return { ok: false, reason: "not_a_url" };
  const url = URL.parse(text);
  if (!url) return { ok: false, reason: "not_a_url" };
  if (url.protocol !== "http:" && url.protocol !== "https:") return { ok: false, reason: "not_http" };
  if (url.username !== "" || url.password !== "") return { ok: false, reason: "credentials" };
  if (url.hostname === "") return { ok: false, reason: "not_a_url" };
  if (ports && !ports.has(portOf(url))) return { ok: false, reason: "port" };
  return { ok: true, url };
}

export function portOf(url: URL): number {
  if (url.port !== "") return Number(url.port);
  return url.protocol === "https:" ? 443 : 80;
}

/** For logs: a query's values may be keys. */
export function maskUrl(url: URL): string {
  const query = [...new Set(url.searchParams.keys())]
    .map((key) => `${encodeURIComponent(key)}=***`)
    .join("&");
  return `${url.origin}${url.pathname}${query === "" ? "" : `?${query}`}`;
}
