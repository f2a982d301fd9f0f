/**
 * Bodies and queries to values, strictly UTF-8 (`../parsers.ts`). Forms nest by brackets, and leaves are texts:
 *
 *     scopes[]=a&scopes[]=b        { scopes: { 0: "a", 1: "b" } }      so do scopes[0]=a&scopes[1]=b
 *     scopes=a&scopes=b            { scopes: ["a", "b"] }              what `listOf` of fields.ts reads alike
 *     metadata[k]=v                { metadata: { k: "v" } }
 *     payments[0][recipient][name] { payments: { 0: { recipient: { name } } } }
 *     timestamp.gte=v              { "timestamp.gte": "v" }
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { parsePairs, UnreadableBody, parseJson } from "../parsers.ts";
import { OpenBankingError } from "./errors.ts";

export type FormValue = string | string[] | FormRecord;
export interface FormRecord {
  [name: string]: FormValue;
}

const DEEPEST = 4;
const BODY_LIMIT = 256 * 1024;
/** Assigning to it would change what every object is. */
const FORBIDDEN = "__proto__";

/** Throws UnreadableBody for what is no form, or nests deeper than four brackets. */
export function parseNestedForm(bytes: Uint8Array): FormRecord {
  const fields = record();
  for (const [name, value] of parsePairs(bytes)) put(fields, pathOf(name), value, name);
  return fields;
}

function record(): FormRecord {
  const empty: FormRecord = Object.create(null);
  return empty;
}

/** `payments[0][recipient][name]` → ["payments", "0", "recipient", "name"]; brackets that do not match are part of the name. */
function pathOf(name: string): string[] {
  const [, head, tail] = /^([^[\]]+)((?:\[[^[\]]*\])+)$/.exec(name) ?? [];
  if (head === undefined || tail === undefined) return [name];
  const path = [head, ...tail.slice(1, -1).split("][")];
  if (path.length > DEEPEST + 1) throw new UnreadableBody("The form is nested too deep.");
  return path;
}

function put(fields: FormRecord, path: readonly string[], value: string, name: string): void {
  let at = fields;
  for (const [depth, wanted] of path.entries()) {
    if (wanted === FORBIDDEN) throw new UnreadableBody("The form has a name that is not allowed.");
    // `[]` is the next free number.
    const key = wanted === "" && depth > 0 ? String(Object.keys(at).length) : wanted;
    const before = at[key];
    if (depth === path.length - 1) {
      if (before === undefined) at[key] = value;
      else if (typeof before === "string") at[key] = [before, value];
      else if (Array.isArray(before)) before.push(value);
      else throw mixed(name);
    } else if (before === undefined) {
      at = at[key] = record();
    } else if (typeof before === "string" || Array.isArray(before)) {
      throw mixed(name);
    } else at = before;
  }
}

const mixed = (name: string) =>
  new UnreadableBody(`The form sends a value and fields of ${JSON.stringify(name.slice(0, 80))}.`);

/** Forms, and JSON as an extension. What is empty is no body, whatever its content type says. */
export function useFormParsers(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  const add = (type: string, parse: (bytes: Buffer) => unknown) =>
    scope.addContentTypeParser<Buffer>(
      type,
      { parseAs: "buffer", bodyLimit: BODY_LIMIT },
      async (_request: FastifyRequest, body: Buffer) => (body.length === 0 ? {} : parse(body)),
    );
  add("application/x-www-form-urlencoded", parseNestedForm);
  add("application/json", parseJsonObject);
  add("*", () => {
    throw new OpenBankingError("unsupported_media_type");
  });
}

function parseJsonObject(bytes: Buffer): unknown {
  const value = parseJson(bytes);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new UnreadableBody("The body is not a JSON object.");
  return value;
}

/** Queries nest as forms do; a POST without a body has an empty one. */
export function readForms(scope: FastifyInstance): void {
  scope.addHook("preValidation", async (request) => {
    const mark = request.url.indexOf("?");
    request.query = mark < 0 ? {} : parseNestedForm(Buffer.from(request.url.slice(mark + 1), "latin1"));
    request.body ??= {};
  });
}
