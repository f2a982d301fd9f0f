/**
 * The one client for every outgoing request: webhooks, `file_url`, banks. http and https only, no credentials in the
 * URL, every address judged and the connection pinned to it (`outgoing-connect.ts`), no redirect followed, no proxy
 * asked, headers, body and time bounded. It never throws for what the other side does: the error has a name.
 */
import type { Dispatcher } from "undici";
import type { ClientIdentity, MadeConnection, Resolve } from "./outgoing-connect.ts";
import { nameError, OutgoingFault, type OutgoingError } from "./outgoing-errors.ts";
import { createPools, type KeptPool } from "./outgoing-pools.ts";
import { checkReceiverUrl, type UrlFault } from "./receiver-url.ts";
import { fileNameOf } from "./file-name.ts";

export type { ClientIdentity } from "./outgoing-connect.ts";
export type { OutgoingError } from "./outgoing-errors.ts";

export interface OutgoingOptions {
  /** CIDRs of private networks that may be reached, as BANKBELL_ALLOW_NETWORKS names them. */
  allowNetworks: readonly string[];
  resolve?: Resolve;
  /** Null allows every port. */
  ports?: ReadonlySet<number> | null;
  /** PEM of further authorities to trust. */
  ca?: string;
  /** PEM: who we are, where the other side asks (mutual TLS). */
  identity?: ClientIdentity;
  /** Hosts (`name` or `name:port`) that an operator has written down: their addresses may be private. */
  knownHosts?: readonly string[];
}

export interface OutgoingRequest {
  url: string;
  method: "GET" | "POST" | "PUT" | "DELETE";
  headers: Record<string, string>;
  body: Uint8Array | null;
  /** For the whole: look-up, connection, request, answer. */
  timeoutMs: number;
  /** From the answer's head to the end of its body; never beyond the whole. */
  bodyTimeoutMs: number;
  /** The start of the answer's body that is kept. */
  keepBytes: number;
  /** Beyond it the connection is cut. */
  maxBytes: number;
  /** Connections at most to this origin for this pool. */
  connections: number;
  /** Requests share connections only with those of the same origin and pool. */
  pool: string;
  /** False: never sent a second time, not even where the connection had most likely been closed before. */
  repeatable?: boolean;
}

export interface OutgoingAnswer {
  /** Null where no head of an answer came. */
  status: number | null;
  headers: Record<string, string> | null;
  body: Buffer;
  /** Null where the whole answer came. With a status: the head came, the body not wholly. */
  error: OutgoingError | null;
  /** The address that the pool was last connected to. */
  address: string | null;
  /** Microseconds that the look-up and the TLS handshake of its new connection took; null on a kept one. */
  dnsUs: number | null;
  tlsUs: number | null;
  /** Microseconds from the start: connected (kept alive: at once), head of the answer, end. */
  connectUs: number | null;
  firstByteUs: number | null;
  totalUs: number;
}

export type FetchedFile =
  | { ok: true; bytes: Buffer; fileName: string }
  | { ok: false; reason: OutgoingError | UrlFault | "redirect" | "status" | "encoded" };

export interface Outgoing {
  send(request: OutgoingRequest): Promise<OutgoingAnswer>;
  /** GET of a public file: only a 200 in full, not compressed, of at most maxBytes. */
  fetchFile(url: string, limits: { maxBytes: number; timeoutMs: number }): Promise<FetchedFile>;
  /** Cuts what is running: it answers `stopped`. */
  close(): Promise<void>;
}

const MOST_URLS = 2000;

export function createOutgoing(options: OutgoingOptions): Outgoing {
  const { ports = null } = options;
  const pools = createPools(options);
  const known = new Map<string, ReturnType<typeof checkReceiverUrl>>();

  /** An endpoint's URL is the same a thousand times a second. */
  function check(url: string): ReturnType<typeof checkReceiverUrl> {
    const before = known.get(url);
    if (before) return before;
    if (known.size >= MOST_URLS) known.clear();
    const checked = checkReceiverUrl(url, { ports });
    known.set(url, checked);
    return checked;
  }

  async function send(request: OutgoingRequest): Promise<OutgoingAnswer> {
    const checked = check(request.url);
    if (!checked.ok) return unsent("forbidden_url");
    const begun = performance.now();
    const first = await sendOnce(checked.url, request);
    if (!first.stale || request.repeatable === false) return first.answer;
    // The receiver closed an idle connection just as we used it: it has most likely read nothing. Once, on a new one; if it
    // has read it after all, that is a repetition which at-least-once allows, and the webhook-id tells.
    const usedMs = performance.now() - begun;
    if (usedMs >= request.timeoutMs) return first.answer;
    const { answer } = await sendOnce(checked.url, { ...request, timeoutMs: request.timeoutMs - usedMs });
    return later(answer, Math.round(usedMs * 1000));
  }

  async function sendOnce(url: URL, request: OutgoingRequest): Promise<Exchanged> {
    const kept = pools.of(url, request.pool, request.connections);
    kept.running++;
    try {
      const exchanged = await exchange(kept, url, request);
      if (exchanged.stale) pools.retire(kept);
      return exchanged;
    } finally {
      kept.running--;
      kept.usedAt = performance.now();
    }
  }

  return {
    send,
    fetchFile: (url, limits) => fetchFile(send, url, ports, limits),
    close: () => pools.close(),
  };
}

const unsent = (error: OutgoingError): OutgoingAnswer => ({
  status: null,
  headers: null,
  body: Buffer.alloc(0),
  error,
  address: null,
  dnsUs: null,
  tlsUs: null,
  connectUs: null,
  firstByteUs: null,
  totalUs: 0,
});

interface Exchanged {
  answer: OutgoingAnswer;
  /** A connection that had brought answers before was reset before the head of this one. */
  stale: boolean;
}

/** Times count from the first sending. */
const later = (answer: OutgoingAnswer, us: number): OutgoingAnswer => ({
  ...answer,
  connectUs: answer.connectUs === null ? null : answer.connectUs + us,
  firstByteUs: answer.firstByteUs === null ? null : answer.firstByteUs + us,
  totalUs: answer.totalUs + us,
});

function exchange(kept: KeptPool, url: URL, request: OutgoingRequest): Promise<Exchanged> {
  const { promise, resolve } = Promise.withResolvers<Exchanged>();
  const start = performance.now();
  const since = () => Math.round((performance.now() - start) * 1000);
  const answer = unsent("failed");
  const chunks: Buffer[] = [];
  let received = 0;
  let done = false;
  let controller: Dispatcher.DispatchController | null = null;

  const finish = (error: OutgoingError | null, stale = false) => {
    if (done) return;
    done = true;
    clearTimeout(timer);
    const body = Buffer.concat(chunks).subarray(0, request.keepBytes);
    const address = kept.made?.address ?? null;
    resolve({ answer: { ...answer, body, error, address, totalUs: since() }, stale });
  };
  const cut = (error: OutgoingError) => {
    finish(error);
    controller?.abort(new OutgoingFault(error));
  };
  let timer = setTimeout(cut, request.timeoutMs, "timeout");

  kept.pool.dispatch(
    {
      path: url.pathname + url.search,
      method: request.method,
      headers: request.headers,
      body: request.body,
    },
    {
      onRequestStart(started) {
        controller = started;
        // Timed out while it waited for a connection: nothing is sent.
        if (done) started.abort(new OutgoingFault("timeout"));
        else {
          answer.connectUs = since();
          // Made while it waited: its own, or that of another that began at the same time.
          if (kept.made && kept.made.at >= start) Object.assign(answer, timesOf(kept.made));
        }
      },
      onResponseStart(_, status, headers) {
        if (done || status < 200) return;
        answer.status = status;
        answer.headers = plainHeaders(headers);
        answer.firstByteUs = since();
        const left = request.timeoutMs - answer.firstByteUs / 1000;
        if (left <= request.bodyTimeoutMs) return;
        clearTimeout(timer);
        timer = setTimeout(cut, request.bodyTimeoutMs, "timeout");
      },
      onResponseData(_, chunk) {
        if (done) return;
        // Copied: undici's chunk is a view of its parser's buffer.
        if (received < request.keepBytes) chunks.push(Buffer.from(chunk));
        received += chunk.length;
        if (received > request.maxBytes) cut("too_large");
      },
      onResponseEnd: () => finish(null),
      onResponseError: (_, error) => {
        const name = nameError(error);
        finish(name, name === "reset" && answer.status === null && kept.stale.has(error));
      },
    },
  );
  return promise;
}

const timesOf = ({ dnsUs, tlsUs }: MadeConnection) => ({ dnsUs, tlsUs });

function plainHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) plain[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return plain;
}

async function fetchFile(
  send: Outgoing["send"],
  url: string,
  ports: ReadonlySet<number> | null,
  { maxBytes, timeoutMs }: { maxBytes: number; timeoutMs: number },
): Promise<FetchedFile> {
  const checked = checkReceiverUrl(url, { ports });
  if (!checked.ok) return checked;
  const answer = await send({
    url,
    method: "GET",
    headers: { accept: "*/*", "accept-encoding": "identity", "user-agent": "Bankbell" },
    body: null,
    timeoutMs,
    bodyTimeoutMs: timeoutMs,
    keepBytes: maxBytes,
    maxBytes,
    connections: 4,
    pool: "file",
  });
  const { status, headers, error } = answer;
  if (status === null) return { ok: false, reason: error ?? "failed" };
  if (status >= 300 && status < 400) return { ok: false, reason: "redirect" };
  if (status !== 200) return { ok: false, reason: "status" };
  if (error) return { ok: false, reason: error };
  // A compressed answer nobody asked for may be a bomb.
  if (!["", "identity"].includes(headers?.["content-encoding"] ?? ""))
    return { ok: false, reason: "encoded" };
  return {
    ok: true,
    bytes: answer.body,
    fileName: fileNameOf(checked.url, headers?.["content-disposition"] ?? null),
  };
}
