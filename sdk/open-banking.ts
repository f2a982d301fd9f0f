/** The open-banking contract: any of its calls, its lists page by page, its feed of events, its signature. */
import { createHmac, timingSafeEqual } from "node:crypto";
import { errorOf, parsed, type ClientOptions } from "./transport.ts";
import { WebhookVerificationError, type VerifyOptions } from "./verify-webhook.ts";

export type OpenBankingOptions = Omit<ClientOptions, "serverHash">;

/** Nested as in `{ scopes: ["accounts"], metadata: { crm: "17" } }`; undefined is not sent, null clears. */
export interface Fields {
  [name: string]: string | number | boolean | null | undefined | readonly (string | Fields)[] | Fields;
}

export interface List<T> {
  data: T[];
  count: number;
  paging: { total: number; next: string | null; prev: string | null };
}

export interface OpenBankingEvent {
  id: string;
  object: "event";
  created_at: string;
  type: string;
  data: { object: Record<string, unknown> & { id: string; object: string } };
}

/* oxlint-disable typescript/no-unnecessary-type-parameters -- the caller names the contract's answer */
export interface OpenBankingClient {
  /** `get("/customers/cus_…")`. Throws BankbellError. */
  get<T>(path: string, query?: Fields): Promise<T>;
  /** The same `idempotencyKey` (at most 40 characters) does it once, however often it is sent. */
  post<T>(path: string, fields?: Fields, options?: { idempotencyKey?: string }): Promise<T>;
  delete<T>(path: string): Promise<T>;
  /** Every row of a list, newest first, as `paging.next` leads. */
  list<T>(path: string, query?: Fields): AsyncGenerator<T, void, undefined>;
  /**
   * What the feed has behind the event `after` (`start`: all that is kept), oldest first; ends where there is no more. Keep
   * the last event's id and go on from it later: nothing is passed by.
   */
  events(after: string, query?: Fields): AsyncGenerator<OpenBankingEvent, void, undefined>;
}

export function createOpenBankingClient(options: OpenBankingOptions): OpenBankingClient {
  const { baseUrl, apiKey, fetch: ask = fetch } = options;
  const base = baseUrl.replace(/\/+$/, "");
  const authorization = `Basic ${Buffer.from(`${apiKey}:`).toString("base64")}`;

  async function call<T>(method: string, path: string, init: RequestInit = {}): Promise<T> {
    const headers = { ...Object.fromEntries(new Headers(init.headers)), authorization };
    const response = await ask(base + path, { ...init, method, headers });
    const answer = parsed(await response.text());
    if (!response.ok) throw errorOf(response.status, answer);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the wire contract is the server's word
    return answer as T;
  }

  async function* list<T>(path: string, query: Fields = {}): AsyncGenerator<T, void, undefined> {
    for (let next: string | null = withQuery(path, query); next !== null;) {
      const page: List<T> = await call<List<T>>("GET", next);
      yield* page.data;
      next = page.paging.next;
    }
  }

  return {
    get: (path, query = {}) => call("GET", withQuery(path, query)),
    post: (path, fields = {}, { idempotencyKey } = {}) =>
      call("POST", path, {
        body: formOf(fields),
        ...(idempotencyKey === undefined ? {} : { headers: { "idempotency-key": idempotencyKey } }),
      }),
    delete: (path) => call("DELETE", path),
    list,
    events: (after, query = {}) => list<OpenBankingEvent>("/events", { limit: 100, ...query, after }),
  };
}
/* oxlint-enable typescript/no-unnecessary-type-parameters */

function withQuery(path: string, query: Fields): string {
  const form = formOf(query).toString();
  return form === "" ? path : `${path}?${form}`;
}

/** `scopes[]=…`, `metadata[key]=…`, `payments[0][recipient][name]=…`. */
function formOf(fields: Fields): URLSearchParams {
  const form = new URLSearchParams();
  const add = (name: string, value: Fields[string]): void => {
    if (value === undefined) return;
    if (value === null || typeof value !== "object") form.append(name, value === null ? "" : String(value));
    else if (isList(value)) {
      for (const [n, one] of value.entries())
        add(typeof one === "string" ? `${name}[]` : `${name}[${n}]`, one);
    } else for (const [key, one] of Object.entries(value)) add(`${name}[${key}]`, one);
  };
  for (const [name, value] of Object.entries(fields)) add(name, value);
  return form;
}

const isList = (value: readonly (string | Fields)[] | Fields): value is readonly (string | Fields)[] =>
  Array.isArray(value);

/**
 * Verifies `fx-signature: t=<ISO 8601>;s=<hex>` over `<t>.<body>` and parses the event. `body` is the request's bytes as they
 * came; `secret` the whole text that creating the webhook answered. Throws WebhookVerificationError.
 */
export function verifyFxSignature(
  body: string | Uint8Array,
  signature: string | null | undefined,
  secret: string,
  { toleranceSeconds = 300, nowSeconds = Date.now() / 1000 }: VerifyOptions = {},
): OpenBankingEvent {
  const parts = new Map((signature ?? "").split(";").map((part) => [part.slice(0, 2), part.slice(2)]));
  const [t, s] = [parts.get("t="), parts.get("s=")];
  if (t === undefined || s === undefined)
    throw new WebhookVerificationError("missing_header", "`fx-signature` is missing or has no t and s.");
  const seconds = Date.parse(t) / 1000;
  if (!(Math.abs(nowSeconds - seconds) <= toleranceSeconds))
    throw new WebhookVerificationError("timestamp", "The signature is too old, or from the future.");
  const expected = createHmac("sha256", secret).update(`${t}.`).update(body).digest();
  const given = Buffer.from(s, "hex");
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    throw new WebhookVerificationError("signature", "The signature is not this secret's.");
  const event = parsed(Buffer.from(body).toString());
  if (event === null) throw new WebhookVerificationError("body", "The body is signed, but is not JSON.");
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is signed: the server's word
  return event as OpenBankingEvent;
}
