/**
 * Requests to one bank through the guarded client: bounded in time and size, never redirected. Reading is tried again
 * where the bank is busy for a moment; what changes something is not, for its caller has to know.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { z } from "zod";
import type { Outgoing, OutgoingAnswer, OutgoingRequest } from "../../../platform/outgoing.ts";
import type { BankFault, Fault, Outcome } from "../provider.ts";
import type { UkObieBank } from "./bank.ts";
import { errorAnswer } from "./types.ts";

export interface Call<T extends z.ZodType> {
  method: "GET" | "POST" | "DELETE";
  /** Below the API's base, or the whole address of a further page. */
  url: string;
  token: string;
  /** What the answer has to be; `z.undefined()` where none is expected. */
  schema: T;
  /** JSON, as it is signed. */
  body?: string;
  headers?: Record<string, string>;
}

export interface Called<T> {
  value: T;
  headers: Record<string, string>;
  raw: Buffer;
}

export interface BankHttp {
  call<T extends z.ZodType>(call: Call<T>): Promise<Outcome<Called<z.output<T>>>>;
  /** For the OIDC library. Throws BankUnreachable where no usable answer came. */
  fetch(url: string, options: FetchOptions): Promise<Response>;
  close(): Promise<void>;
}

export interface FetchOptions {
  method?: string | undefined;
  headers?: Headers | Record<string, string> | undefined;
  body?: unknown;
}

/** The bank did not answer, or said that it cannot now. */
export class BankUnreachable extends Error {
  override name = "BankUnreachable";
  readonly fault: Fault;
  constructor(fault: Fault) {
    super(fault.message);
    this.fault = fault;
  }
}

/** 1,000 rows of a page are about 700 kB. */
const MOST_BYTES = 8 * 1024 * 1024;
const TIMEOUT_MS = 20_000;
/** A refresh holds a database transaction, which may idle for 30 s. */
const TOKEN_TIMEOUT_MS = 12_000;
const CONNECTIONS = 6;
const TRIES = 4;
const FIRST_PAUSE_MS = 300;
/** Longer waits are the caller's. */
const MOST_PAUSE_MS = 5000;

export const fault = (
  name: BankFault,
  message: string,
  { code = null, retryAfterS = null }: { code?: string | null; retryAfterS?: number | null } = {},
): Fault => ({ ok: false, fault: name, message, code, retryAfterS });

export function bankHttp(bank: UkObieBank, outgoing: Outgoing): BankHttp {
  const send = (request: Pick<OutgoingRequest, "url" | "method" | "headers" | "body">, timeoutMs: number) =>
    outgoing.send({
      ...request,
      timeoutMs,
      bodyTimeoutMs: timeoutMs,
      keepBytes: MOST_BYTES,
      maxBytes: MOST_BYTES,
      connections: CONNECTIONS,
      pool: bank.id,
      repeatable: request.method === "GET",
    });

  async function call<T extends z.ZodType>(asked: Call<T>): Promise<Outcome<Called<z.output<T>>>> {
    const request = requestOf(bank, asked);
    for (let attempt = 1; ; attempt++) {
      const answer = await send(request, TIMEOUT_MS);
      const outcome = read(answer, asked.schema);
      if (outcome.ok || asked.method !== "GET" || attempt >= TRIES) return outcome;
      const waitMs = pauseFor(outcome, attempt);
      if (waitMs === null) return outcome;
      await pause(waitMs);
    }
  }

  return {
    call,
    async fetch(url, { method = "GET", headers, body }) {
      if (method !== "GET" && method !== "POST") throw new TypeError(`The bank is not asked by ${method}.`);
      const sent = body === undefined || body === null ? null : Buffer.from(textOf(body));
      const plain = Object.fromEntries(new Headers(headers));
      const answer = await send({ url, method, headers: plain, body: sent }, TOKEN_TIMEOUT_MS);
      const troubled = transportFault(answer);
      if (troubled) throw new BankUnreachable(troubled);
      return new Response(answer.status === 204 ? null : answer.body.toString(), {
        status: answer.status ?? 500,
        headers: answer.headers ?? {},
      });
    },
    close: () => outgoing.close(),
  };
}

function textOf(body: unknown): string {
  if (typeof body === "string" || body instanceof URLSearchParams) return body.toString();
  throw new TypeError("The body of a token request is a form.");
}

function requestOf(
  { apiUrl, financialId }: UkObieBank,
  { method, url, token, body, headers }: Call<z.ZodType>,
): Pick<OutgoingRequest, "url" | "method" | "headers" | "body"> {
  return {
    url: url.startsWith("/") ? apiUrl + url : url,
    method,
    headers: {
      accept: "application/json",
      authorization: `Bearer ${token}`,
      "x-fapi-interaction-id": randomUUID(),
      "user-agent": "Bankbell",
      ...(financialId === null ? {} : { "x-fapi-financial-id": financialId }),
      ...(body === undefined ? {} : { "content-type": "application/json; charset=utf-8" }),
      ...headers,
    },
    body: body === undefined ? null : Buffer.from(body),
  };
}

/** Null: not worth waiting for here. */
function pauseFor({ fault: name, retryAfterS }: Fault, attempt: number): number | null {
  if (name !== "rate_limited" && name !== "unavailable") return null;
  if (retryAfterS !== null) return retryAfterS * 1000 > MOST_PAUSE_MS ? null : retryAfterS * 1000;
  // Two that failed together do not come again together.
  return FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + Math.random());
}

/** What says nothing of the request itself: try later. */
function transportFault({ status, headers, error }: OutgoingAnswer): Fault | null {
  if (status === null || (error !== null && error !== "too_large"))
    return fault("unavailable", "The bank does not answer.", { code: error });
  if (error === "too_large")
    return fault("invalid_answer", "The bank's answer is too large.", { code: error });
  const retryAfterS = secondsOf(headers?.["retry-after"]);
  const code = `HTTP ${status}`;
  if (status === 429)
    return fault("rate_limited", "The bank wants to be asked later.", { code, retryAfterS });
  if (status >= 500) return fault("unavailable", "The bank cannot answer now.", { code, retryAfterS });
  return null;
}

/** A date instead of seconds is not worth a clock: the caller's own schedule counts then. */
const secondsOf = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,6}$/.test(text.trim()) ? Number(text) : null;

/** The consent or its token does not hold any more, whatever status the bank gives it. */
const ENDED = new Set(["UK.OBIE.Reauthenticate", "UK.OBIE.Resource.InvalidConsentStatus"]);

function read<T extends z.ZodType>(answer: OutgoingAnswer, schema: T): Outcome<Called<z.output<T>>> {
  const troubled = transportFault(answer);
  if (troubled) return troubled;
  const { status, body, headers } = answer;
  if (status === null || status < 200 || status >= 300) return refusal(status ?? 0, body);
  const json = body.length === 0 ? undefined : parse(body);
  const checked = schema.safeParse(json);
  if (!checked.success) {
    // Names of fields only: what the bank wrote in them may be personal.
    const where = checked.error.issues[0]?.path.join(".") ?? "";
    return fault("invalid_answer", `The bank's answer breaks the standard at ${where || "its beginning"}.`);
  }
  return { ok: true, value: { value: checked.data, headers: headers ?? {}, raw: body } };
}

function refusal(status: number, body: Buffer): Fault {
  const known = errorAnswer.safeParse(parse(body));
  const codes = known.success ? known.data.Errors.map(({ ErrorCode }) => ErrorCode) : [];
  const code = codes[0] ?? `HTTP ${status}`;
  const isOver = status === 401 || codes.some((one) => ENDED.has(one));
  if (isOver) return fault("grant_ended", "The bank's grant does not hold any more.", { code });
  if (status >= 300 && status < 400)
    return fault("invalid_answer", "The bank answers with a redirect.", { code });
  return fault("refused", "The bank refuses the request.", { code });
}

/** NUL is lawful in JSON, and in no text of PostgreSQL: one in a narration would end every sync of its account. */
const withoutNul = (_key: string, value: unknown): unknown =>
  typeof value === "string" ? value.replaceAll("\0", "") : value;

function parse(body: Buffer): unknown {
  const text = body.toString();
  try {
    return (text.includes("\\u0000") ? JSON.parse(text, withoutNul) : JSON.parse(text)) as unknown;
  } catch {
    // No schema takes it: the caller names the fault.
    return null;
  }
}
