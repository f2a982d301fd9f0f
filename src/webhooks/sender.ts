/** One attempt: signed, sent through the guarded client, its answer read as far as it is kept. */
import type { Outgoing } from "../platform/outgoing.ts";
import type { AttemptDetail, Claimed } from "../store/queue.ts";
import { liveKeys, type Receiver } from "./endpoint-book.ts";
import { sign } from "./signing.ts";

/** What is kept of an answer's body. */
const KEEP_BYTES = 64 * 1024;
/** Read further, so that the connection can be used again; beyond it is cut. */
const READ_BYTES = 256 * 1024;
/** The status has decided already: a body that drips does not hold the lane for long. */
const BODY_MS = 5000;

export interface Sendable extends Claimed {
  publicId: string;
  body: Buffer;
}

export interface Sent {
  history: AttemptDetail;
  retryAfter: string | null;
}

export async function send(
  outgoing: Outgoing,
  receiver: Receiver,
  claimed: Sendable,
  now: Temporal.Instant,
): Promise<Sent> {
  const headers = {
    "content-type": "application/json",
    "user-agent": "Bankbell",
    ...sign(liveKeys(receiver, now), claimed.publicId, now, claimed.body),
  };
  const answer = await outgoing.send({
    url: receiver.url,
    method: "POST",
    headers,
    body: claimed.body,
    timeoutMs: receiver.timeoutMs,
    bodyTimeoutMs: BODY_MS,
    keepBytes: KEEP_BYTES,
    maxBytes: READ_BYTES,
    connections: receiver.maxInFlight,
    pool: receiver.publicId,
  });
  return {
    history: {
      at: now,
      status: answer.status,
      error: answer.error,
      address: answer.address,
      connectUs: answer.connectUs,
      firstByteUs: answer.firstByteUs,
      totalUs: answer.totalUs,
      requestHeaders: headers,
      responseHeaders: answer.headers && storable(answer.headers),
      responseBody: answer.body,
      retention: receiver.retention,
    },
    retryAfter: answer.headers?.["retry-after"] ?? null,
  };
}

/** jsonb holds neither U+0000 nor half a surrogate pair. */
function storable(headers: Record<string, string>): Record<string, string> {
  const clean: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers))
    clean[name] = value.replaceAll("\0", "").toWellFormed();
  return clean;
}
