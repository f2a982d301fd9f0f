/** The body of an upload, however it is sent, within limits on each part and on the whole. */
import type { FastifyRequest } from "fastify";
import { Refusal, TOO_LARGE } from "./errors.ts";

export interface UploadForm {
  /** Of a field that is sent twice, the last. */
  fields: Record<string, string>;
  /** A part with a file name; a Base64 text is the field `file`. */
  file: { bytes: Buffer; name: string } | null;
  /** Percent-encoding turns a bare `+` into a space: then spaces in Base64 are pluses. */
  spacesArePluses: boolean;
}

/** Base64 takes 4/3, line ends and percent-encoded `+`, `/`, `=` some more. */
export const bodyLimitOf = (maxUploadBytes: number): number => Math.ceil(maxUploadBytes * 1.5) + 64 * 1024;

const FIELDS = 24;

/** Throws Refusal, or what the multipart parser throws. */
export async function readUploadForm(request: FastifyRequest, maxUploadBytes: number): Promise<UploadForm> {
  if (request.isMultipart()) return readMultipart(request, maxUploadBytes);
  const { body } = request;
  // Neither form nor multipart, as when no content type was sent.
  if (typeof body !== "object" || body === null) throw new Refusal("NOT_A_FORM");
  const fields: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(body)) if (typeof value === "string") fields[name] = value;
  return { fields, file: null, spacesArePluses: true };
}

async function readMultipart(request: FastifyRequest, maxUploadBytes: number): Promise<UploadForm> {
  const limit = bodyLimitOf(maxUploadBytes);
  const tooLarge = overLimit(request, limit);
  try {
    return await Promise.race([collect(request, maxUploadBytes), tooLarge.promise]);
  } finally {
    tooLarge.stop();
    // What is left unread would stand in the way of the connection's next request.
    request.raw.resume();
  }
}

async function collect(request: FastifyRequest, maxUploadBytes: number): Promise<UploadForm> {
  const fields: Record<string, string> = Object.create(null);
  let file: UploadForm["file"] = null;
  const parts = request.parts({
    limits: {
      fileSize: maxUploadBytes,
      fieldSize: bodyLimitOf(maxUploadBytes),
      fields: FIELDS,
      files: 1,
      parts: FIELDS + 1,
    },
  });
  for await (const part of parts) {
    if (part.type === "field") {
      if (part.valueTruncated) throw new Refusal("INVALID_FILE_OBJECT", { why: TOO_LARGE });
      if (typeof part.value === "string") fields[part.fieldname] = part.value;
    } else if (part.fieldname === "file") {
      file = { bytes: await part.toBuffer(), name: cleanFileName(part.filename) };
    } else {
      // Read, so that what follows can be.
      await part.toBuffer();
    }
  }
  return { fields, file, spacesArePluses: false };
}

/** Rejects once more than `limit` bytes have come in, whatever Content-Length said. */
function overLimit(request: FastifyRequest, limit: number): { promise: Promise<never>; stop(): void } {
  const { promise, reject } = Promise.withResolvers<never>();
  // Also when nobody waits any more.
  promise.catch(() => undefined);
  let seen = 0;
  const count = (chunk: Buffer) => {
    seen += chunk.length;
    if (seen <= limit) return;
    request.raw.unpipe();
    reject(new Refusal("INVALID_FILE_OBJECT", { why: TOO_LARGE }));
  };
  if (Number(request.headers["content-length"] ?? 0) > limit)
    reject(new Refusal("INVALID_FILE_OBJECT", { why: TOO_LARGE }));
  request.raw.on("data", count);
  return { promise, stop: () => request.raw.off("data", count) };
}

/** The last part of any path, without control characters, at most 255 characters. */
export function cleanFileName(name: string | undefined): string {
  const last = (name ?? "").split(/[/\\]/).at(-1) ?? "";
  const plain = last
    .toWellFormed()
    .replace(/\p{Cc}/gu, "")
    .trim();
  return Array.from(plain).slice(0, 255).join("");
}

/** Null where it is no Base64. Whitespace and a `data:` prefix are borne. */
export function decodeBase64(text: string, spacesArePluses: boolean): Buffer | null {
  const bare = text.replace(/^\s*data:[^,]{0,200};base64,/, "");
  const plain = (spacesArePluses ? bare.replaceAll(" ", "+") : bare).replace(/\s+/g, "");
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(plain) || plain.replace(/=+$/, "").length % 4 === 1) return null;
  return Buffer.from(plain, "base64");
}
