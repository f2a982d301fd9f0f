/** The open-banking contract over real HTTP. */
import assert from "node:assert/strict";
import type { Credentials } from "../src/store/environments.ts";
import { openHttp, type Answer, type Http } from "./http-setup.ts";

export interface OpenBanking {
  http: Http;
  ask: (path: string, options?: AskOptions) => Promise<Answer>;
  close(): Promise<void>;
}

export interface AskOptions {
  method?: string;
  /** Sent as a form, in this order: `[["scopes[]", "accounts"]]`. */
  form?: Pairs | Record<string, string>;
  json?: unknown;
  body?: string | Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
  /** Whose key; null sends none. */
  as?: Credentials | null;
}

export const basic = ({ apiKey }: Pick<Credentials, "apiKey">): string =>
  `Basic ${Buffer.from(`${apiKey}:`).toString("base64")}`;

export async function openOpenBanking(more: Parameters<typeof openHttp>[0] = {}): Promise<OpenBanking> {
  const http = await openHttp(more);
  return { http, ask: asker(http), close: () => http.close() };
}

export const asker =
  (http: Http): OpenBanking["ask"] =>
  (path, { as = http.credentials, form, body, headers, ...options } = {}) => {
    const pairs = form === undefined ? null : isPairs(form) ? form : Object.entries(form);
    const fields = pairs && new URLSearchParams(pairs.map(([name, value]) => [name, value]));
    const sent = fields?.toString() ?? body;
    return http.call(path, {
      ...options,
      ...(sent === undefined ? {} : { body: sent }),
      as: null,
      headers: {
        ...(as ? { authorization: basic(as) } : {}),
        ...(fields ? { "content-type": "application/x-www-form-urlencoded" } : {}),
        ...headers,
      },
    });
  };

type Pairs = readonly (readonly [string, string])[];
const isPairs = (form: Pairs | Record<string, string>): form is Pairs => Array.isArray(form);

/** The answer is this contract's error. */
export function isError(answer: Answer, status: number, code: string, param?: string): void {
  const error = record(record(answer.body)["error"]);
  assert.deepEqual(
    { status: answer.status, code: error["code"], param: error["param"] },
    { status, code, param },
    answer.text,
  );
  assert.equal(typeof error["message"], "string");
  assert.equal(typeof error["type"], "string");
  assert.match(answer.headers.get("content-type") ?? "", /^application\/json/);
}

export function record(value: unknown): Record<string, unknown> {
  assert.ok(typeof value === "object" && value !== null, JSON.stringify(value));
  return { ...value };
}

/** The body of an answer that succeeded. */
export function bodyOf({ status, body, text }: Answer): Record<string, unknown> {
  assert.equal(status, 200, text);
  return record(body);
}
