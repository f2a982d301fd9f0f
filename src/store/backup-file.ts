/**
 * A backup's file: gzip of a line that names the format, then frames.
 *   frame   = kind (1 byte) · length (4 bytes, big endian) · that many bytes
 *   kind    = "H" header, "T" a table begins, "D" its rows as COPY's text, "E" it ends, "S" sequences, "Z" the end
 * All but "D" hold JSON. A file without "Z" was cut off.
 */
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";

export const MAGIC = "BANKBELL BACKUP 1\n";
const HEAD_BYTES = 5;
/** COPY's chunks are 64 kB; anything past this is not ours, and is not worth the memory. */
const FRAME_MAX_BYTES = 64 * 1024 * 1024;

export type FrameKind = "H" | "T" | "D" | "E" | "S" | "Z";

export interface Frame {
  kind: string;
  bytes: Buffer;
}

/** A file that is no backup, is of another format, or is damaged. */
export class BackupFileError extends Error {
  override name = "BackupFileError";
}

export function frame(kind: FrameKind, content: Buffer | object): Buffer {
  const bytes = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content));
  const head = Buffer.alloc(HEAD_BYTES);
  head.write(kind, 0, "latin1");
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

/** The frames of a file, in its order. Throws BackupFileError where it is not a whole backup. */
export async function* readFrames(file: string): AsyncGenerator<Frame, void, void> {
  const source = createReadStream(file);
  const gunzip = createGunzip();
  source.on("error", (error) => gunzip.destroy(error));
  source.pipe(gunzip);
  let rest: Buffer = Buffer.alloc(0);
  let begun = false;
  let ended = false;
  try {
    for await (const chunk of gunzip) {
      rest = Buffer.concat([rest, bufferOf(chunk)]);
      if (!begun) {
        if (rest.length < MAGIC.length) continue;
        if (rest.toString("latin1", 0, MAGIC.length) !== MAGIC)
          throw new BackupFileError(`${file} is not a backup`);
        rest = rest.subarray(MAGIC.length);
        begun = true;
      }
      for (let next = takeFrame(rest); next !== undefined; next = takeFrame(rest)) {
        rest = rest.subarray(HEAD_BYTES + next.bytes.length);
        ended = next.kind === "Z";
        yield next;
      }
    }
  } catch (error) {
    // zlib's own: "incorrect header check", "unexpected end of file".
    if (isZlibError(error)) throw new BackupFileError(`${file} is damaged or no backup: ${error.message}`);
    throw error;
  } finally {
    source.destroy();
    gunzip.destroy();
  }
  if (!ended || rest.length > 0) throw new BackupFileError(`${file} is cut off`);
}

function takeFrame(bytes: Buffer): Frame | undefined {
  if (bytes.length < HEAD_BYTES) return undefined;
  const length = bytes.readUInt32BE(1);
  if (length > FRAME_MAX_BYTES) throw new BackupFileError("a frame of the backup is too long");
  if (bytes.length < HEAD_BYTES + length) return undefined;
  return { kind: bytes.toString("latin1", 0, 1), bytes: bytes.subarray(HEAD_BYTES, HEAD_BYTES + length) };
}

function bufferOf(chunk: unknown): Buffer {
  if (Buffer.isBuffer(chunk)) return chunk;
  throw new TypeError("a stream of bytes was expected");
}

function isZlibError(error: unknown): error is Error {
  return error instanceof Error && "code" in error && String(error.code).startsWith("Z_");
}
