/**
 * The endpoints that a dispatcher delivers to, ready to use: secrets opened, URL parsed. A claim answers the row's
 * version; a copy with another one is loaded again before anything is sent, so a changed URL or secret holds at once.
 */
import type { Kysely } from "kysely";
import type { SealKey } from "../platform/crypto.ts";
import { maskUrl } from "../platform/receiver-url.ts";
import { loadEndpoints, type Endpoint, type Unreadable } from "../store/endpoints.ts";
import type { Schema } from "../store/schema.ts";
import { SCHEDULES } from "./backoff.ts";
import { signingKey, type SigningKey } from "./signing.ts";

export interface Receiver extends Omit<Endpoint, "secrets" | "schedule"> {
  /** For logs. */
  maskedUrl: string;
  schedule: readonly number[];
  keys: { key: SigningKey; expiresAt: Temporal.Instant | null }[];
}

export interface EndpointBook {
  /** Of the wanted versions or newer ones; an endpoint that is gone is missing. */
  receivers(wanted: ReadonlyMap<number, number>): Promise<ReadonlyMap<number, Receiver>>;
}

/** `unreadable` is told of each that cannot be used; the others are answered all the same. */
export function createEndpointBook(
  db: Kysely<Schema>,
  master: SealKey,
  unreadable: (endpoint: Unreadable) => Promise<void>,
): EndpointBook {
  const known = new Map<number, Receiver>();
  const dataKeys = new Map<number, SealKey>();
  return {
    async receivers(wanted) {
      const old = [...wanted]
        .filter(([id, version]) => (known.get(id)?.version ?? 0) < version)
        .map(([id]) => id);
      for (const id of old) known.delete(id);
      const loaded = await loadEndpoints(db, master, old, dataKeys);
      const bad = [...loaded.unreadable];
      for (const endpoint of loaded.endpoints) {
        try {
          known.set(endpoint.endpointId, receiverOf(endpoint));
        } catch (error) {
          bad.push({ ...endpoint, error });
        }
      }
      for (const endpoint of bad) await unreadable(endpoint);
      return known;
    },
  };
}

function receiverOf({ secrets, schedule, ...endpoint }: Endpoint): Receiver {
  const url = URL.parse(endpoint.url);
  return {
    ...endpoint,
    maskedUrl: url ? maskUrl(url) : "",
    schedule: schedule ?? SCHEDULES[endpoint.preset],
    keys: secrets.map(({ secret, expiresAt }) => ({ key: signingKey(secret), expiresAt })),
  };
}

/** The keys that sign at this moment. */
export function liveKeys(receiver: Receiver, now: Temporal.Instant): SigningKey[] {
  return receiver.keys
    .filter(({ expiresAt }) => expiresAt === null || Temporal.Instant.compare(now, expiresAt) < 0)
    .map(({ key }) => key);
}
