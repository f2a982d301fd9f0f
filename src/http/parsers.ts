/**
 * Bodies to values, strictly: bytes that are not UTF-8 are refused, never replaced, so that what a customer's name
 * lost on its way does not come back to them in a webhook. Of a field that is sent twice the last one counts.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";

/** The body is not what its content type says. Answered in the words of the contract. */
export class UnreadableBody extends Error {
  override name = "UnreadableBody";
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new UnreadableBody("The body is not UTF-8.", { cause });
  }
}

/** An empty body is undefined: several clients send the content type without one. */
export function parseJson(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return undefined;
  try {
    return JSON.parse(decodeUtf8(bytes));
  } catch (cause) {
    if (cause instanceof UnreadableBody) throw cause;
    throw new UnreadableBody("The body is not JSON.", { cause });
  }
}

/** A million fields in 6 MB held up everybody for 4 s; no call has more than 24. */
const MOST_FIELDS = 1000;

/** `application/x-www-form-urlencoded`. */
export function parseForm(bytes: Uint8Array): Record<string, string> {
  const fields: Record<string, string> = Object.create(null);
  for (const [name, value] of parsePairs(bytes)) fields[name] = value;
  return fields;
}

/** Its names and values in their order. */
export function parsePairs(bytes: Uint8Array): [name: string, value: string][] {
  const pairs = decodeUtf8(bytes).split("&", MOST_FIELDS + 1);
  if (pairs.length > MOST_FIELDS) throw new UnreadableBody("The form has too many fields.");
  return pairs.flatMap((pair): [string, string][] => {
    if (pair === "") return [];
    const at = pair.indexOf("=");
    const [name, value] = at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
    return [[unescape(name), unescape(value)]];
  });
}

function unescape(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch (cause) {
    throw new UnreadableBody("The form is not percent-encoded UTF-8.", { cause });
  }
}

/**
 * `multipart/form-data` of plain fields, in one piece. Fields only: a part with a file name is left out. For uploads
 * there is `upload-form.ts`, which reads parts as they come.
 */
export async function parseMultipart(
  bytes: Uint8Array,
  contentType: string,
): Promise<Record<string, string>> {
  // The parser would put U+FFFD in place of what is not UTF-8.
  decodeUtf8(bytes);
  const fields: Record<string, string> = Object.create(null);
  let form: FormData;
  try {
    form = await new Response(Buffer.from(bytes), { headers: { "content-type": contentType } }).formData();
  } catch (cause) {
    throw new UnreadableBody("The body is not multipart/form-data.", { cause });
  }
  for (const [name, value] of form) if (typeof value === "string") fields[name] = value;
  return fields;
}

/** Busboy's own errors carry no status. All say what is wrong with the caller's bytes. */
export function isMalformedMultipart(error: unknown): boolean {
  return (
    error instanceof Error &&
    /^(Multipart: |Unexpected end of multipart data|Part terminated early|Malformed (content type|part header|urlencoded))/.test(
      error.message,
    )
  );
}

const PARSERS = {
  json: { type: "application/json", parse: parseJson },
  form: { type: "application/x-www-form-urlencoded", parse: parseForm },
  multipart: { type: "multipart/form-data", parse: parseMultipart },
} as const;

/** Puts our parsers in place of Fastify's own within this scope. */
export function useParsers(
  scope: FastifyInstance,
  kinds: readonly (keyof typeof PARSERS)[],
  bodyLimit: number,
): void {
  scope.removeAllContentTypeParsers();
  for (const kind of kinds) {
    const { type, parse } = PARSERS[kind];
    scope.addContentTypeParser<Buffer>(
      type,
      { parseAs: "buffer", bodyLimit },
      async ({ headers }: FastifyRequest, body: Buffer) => parse(body, headers["content-type"] ?? ""),
    );
  }
}

/** For calls without a body: whatever is sent is dropped unread, so that no content type can spoil them. */
export function ignoreBodies(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser("*", (_request, payload, done) => {
    payload.resume();
    done(null);
  });
}
