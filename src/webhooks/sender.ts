/** One attempt: signed, sent through the guarded client, its answer read as far as it is kept. */
import type { Outgoing } from "../platform/outgoing.ts";
import type { AttemptDetail } from "../store/settle.ts";
import { liveKeys, type Receiver } from "./endpoint-book.ts";
import { sign } from "./signing.ts";

/** What is kept of an answer's body. */
const KEEP_BYTES = 64 * 1024;
/** Read further, so that the connection can be used again; beyond it is cut. */
const READ_BYTES = 256 * 1024;
/** The status has decided already: a body that drips does not hold the lane for long. */
const BODY_MS = 5000;

export interface Message {
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
  message: Message,
  now: Temporal.Instant,
): Promise<Sent> {
  const headers = {
    "content-type": "application/json",
    "user-agent": "Bankbell",
    ...sign(liveKeys(receiver, now), message.publicId, now, message.body, {
      fx: receiver.format === "event",
    }),
  };
  const configured = {
    ...receiver.headers,
    ...(receiver.secretKey !== null && { "x-secret-key": receiver.secretKey }),
  };
  const answer = await outgoing.send({
    url: receiver.url,
    method: "POST",
    // Ours last: what is configured cannot replace it.
    headers: { ...configured, ...headers },
    body: message.body,
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
      dnsUs: answer.dnsUs,
      tlsUs: answer.tlsUs,
      connectUs: answer.connectUs,
      firstByteUs: answer.firstByteUs,
      totalUs: answer.totalUs,
      // Configured values are secrets as a rule: the history says that they were sent, not what they were.
      requestHeaders: { ...mapValues(configured, "***"), ...headers },
      responseHeaders: answer.headers && storable(answer.headers),
      responseBody: answer.body,
      retention: receiver.retention,
    },
    retryAfter: answer.headers?.["retry-after"] ?? null,
  };
}

const mapValues = (headers: Record<string, string>, value: string) =>
  Object.fromEntries(Object.keys(headers).map((name) => [name, value]));

/** What can be read out of json again: it holds neither U+0000 nor half a surrogate pair. */
function storable(headers: Record<string, string>): Record<string, string> {
  const clean: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers))
    clean[name] = value.replaceAll("\0", "").toWellFormed();
  return clean;
}
