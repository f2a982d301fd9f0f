/** What history shows of headers: what the standard names, in the clear; values that a customer chose, never. Pure. */

const MASK = "***";

/** Of a request of ours: none of these holds a secret. Everything else was configured for the endpoint. */
const CLEAR_REQUEST = new Set([
  "accept",
  "content-length",
  "content-type",
  "host",
  "user-agent",
  "webhook-id",
  "webhook-timestamp",
  "webhook-signature",
  "fx-signature",
]);
/** Of an answer: what a receiver sets for others than us. */
const SECRET_RESPONSE =
  /^(set-cookie2?|authorization|proxy-authenticate|proxy-authorization|www-authenticate)$/i;
const SECRET_LIKE = /secret|token|api[-_]?key|password|credential/i;

type Headers = Readonly<Record<string, string>>;

export const maskRequestHeaders = (headers: Headers): Record<string, string> =>
  masked(headers, (name) => !CLEAR_REQUEST.has(name.toLowerCase()));

export const maskResponseHeaders = (headers: Headers): Record<string, string> =>
  masked(headers, (name) => SECRET_RESPONSE.test(name) || SECRET_LIKE.test(name));

/** The names alone. */
export const maskHeaderValues = (headers: Headers): Record<string, string> => masked(headers, () => true);

function masked(headers: Headers, isSecret: (name: string) => boolean): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, isSecret(name) ? MASK : value]),
  );
}
