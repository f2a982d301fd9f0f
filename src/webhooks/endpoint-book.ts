/**
 * The endpoints that a dispatcher delivers to, ready to use: secrets opened, URL parsed. A claim answers the row's
 * version; a copy with another one is loaded again before anything is sent, so a changed URL or secret holds at once.
 */
import type { Kysely } from "kysely";
import type { SealKey } from "../platform/crypto.ts";
import { maskUrl } from "../platform/receiver-url.ts";
import { loadEndpoints, type Endpoint } from "../store/endpoints.ts";
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

export function createEndpointBook(db: Kysely<Schema>, master: SealKey): EndpointBook {
  const known = new Map<number, Receiver>();
  const dataKeys = new Map<number, SealKey>();
  return {
    async receivers(wanted) {
      const old = [...wanted]
        .filter(([id, version]) => (known.get(id)?.version ?? 0) < version)
        .map(([id]) => id);
      for (const id of old) known.delete(id);
      for (const endpoint of await loadEndpoints(db, master, old, dataKeys)) {
        known.set(endpoint.endpointId, receiverOf(endpoint));
      }
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
