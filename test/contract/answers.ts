/** An answer, and what is asked of it. */
import assert from "node:assert/strict";
import { misfits, type Shape } from "./shape.ts";

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** Parsed; undefined where it is no JSON. */
  body: unknown;
}

/** Throws where it is no object. */
export function record(value: unknown): Record<string, unknown> {
  assert.ok(typeof value === "object" && value !== null && !Array.isArray(value), JSON.stringify(value));
  return { ...value };
}

/** The objects of the list at `key`. */
export function list(body: unknown, key: string): Record<string, unknown>[] {
  const value = record(body)[key];
  assert.ok(Array.isArray(value), `${key} of ${JSON.stringify(body)?.slice(0, 300)}`);
  return value.map(record);
}

/** The text at `key`. */
export function at(body: unknown, key: string, said = ""): string {
  const value = typeof body === "object" && body !== null ? Reflect.get(body, key) : undefined;
  assert.ok(typeof value === "string", `no ${key} in ${said || JSON.stringify(body)}`);
  return value;
}

/** Status and body, word for word, as JSON. */
export function answers(answer: Answer, status: number, body: unknown): void {
  assert.deepEqual({ status: answer.status, body: answer.body }, { status, body });
  isJson(answer);
}

export function isJson({ headers }: Answer): void {
  assert.match(headers.get("content-type") ?? "", /^application\/json(; charset=utf-8)?$/);
}

export const envelope = (code: string, message: string) => ({ error: { code, message } });

/** The status, and a body of this shape. */
export function fits({ status, body, text }: Answer, wanted: number, shape: Shape): void {
  assert.equal(status, wanted, text);
  assert.deepEqual(misfits(body, shape), []);
}
