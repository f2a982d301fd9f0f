/** One idempotency key makes one thing: replays within 24 hours answer its current state, another body is refused. */
import type { FastifyRequest } from "fastify";
import { hashOf, type Bank } from "../bank.ts";
import type { Client } from "../types.ts";
import { refuse } from "./errors.ts";

const KEPT_MS = 24 * 3_600_000;

/** Throws ObError 400 where it is missing, too long or padded. */
export function idempotencyKey(request: FastifyRequest): string {
  const key = request.headers["x-idempotency-key"];
  const name = "x-idempotency-key";
  if (key === undefined) throw refuse(400, "Header.Missing", `${name} is missing.`, name);
  if (typeof key !== "string" || key === "" || key.length > 40 || key !== key.trim())
    throw refuse(400, "Header.Invalid", `${name} has 1 to 40 characters.`, name);
  return key;
}

/**
 * The id that this key has made, or that `make` makes now. `make` may throw: then nothing is kept, and the same key may
 * be tried again. Throws ObError 400 for another body.
 */
export function once(bank: Bank, client: Client, request: FastifyRequest, make: () => string): string {
  const path = request.url.split("?")[0] ?? "";
  const id = hashOf([client.client_id, path, idempotencyKey(request)].join("\n"));
  const bodyHash = hashOf(request.raw_body.toString("base64"));
  const kept = bank.answers.get(id);
  if (kept && kept.at + KEPT_MS > bank.now()) {
    if (kept.bodyHash === bodyHash) return kept.resourceId;
    throw refuse(
      400,
      "Header.Invalid",
      "This idempotency key was used with another body.",
      "x-idempotency-key",
    );
  }
  const resourceId = make();
  bank.answers.set(id, { bodyHash, resourceId, at: bank.now() });
  return resourceId;
}
