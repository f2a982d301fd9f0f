/**
 * One zod schema per body gives the type that a handler must answer, the compiled serialiser, and OpenAPI.
 * Requests are validated by zod; responses are written by Fastify's serialiser, compiled from the JSON Schema of
 * the same zod schema: 0.9 µs for a progress of three statements, where zod and JSON.stringify take 1.9 µs.
 */
import { z } from "zod";

export type JsonSchema = Record<string, unknown>;

export interface Described {
  description: string;
  example?: unknown;
}

/** Of what goes out. A nullable type is `type: [t, "null"]`, which the serialiser takes without trying variants. */
export function responseSchema(schema: z.ZodType, { description, example }: Described): JsonSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io: "output",
    override: ({ jsonSchema }) => {
      flatten(jsonSchema);
      // What we send may grow: a client that was made from this must not refuse a field that it does not know.
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  });
  return { ...json, description, ...(example === undefined ? {} : { examples: [example] }) };
}

/** Of what comes in. */
export function requestSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
    override: ({ jsonSchema }) => {
      flatten(jsonSchema);
      // A double's limits say nothing of the field.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
  return json;
}

function flatten(schema: z.core.JSONSchema.BaseSchema): void {
  if (schema.anyOf?.length !== 2) return;
  const other = schema.anyOf.find((variant) => variant.type !== "null");
  if (schema.anyOf.every((variant) => variant.type !== "null") || typeof other?.type !== "string") return;
  delete schema.anyOf;
  Object.assign(schema, other, { type: [other.type, "null"] });
}
