import type { Kysely } from "kysely";
import type { Blobs } from "../platform/blobs.ts";
import type { Clock } from "../platform/clock.ts";
import type { Log, Metrics } from "../platform/telemetry.ts";
import type { Extraction, ExtractionOptions } from "../statement/types.ts";
import type { Environment } from "../store/environments.ts";
import type { Lane } from "../store/events.ts";
import type { Schema } from "../store/schema.ts";
import type { BankReach } from "./net-banking/reach.ts";

/** What the state machines of this room borrow. */
export interface Intake {
  db: Kysely<Schema>;
  clock: Clock;
  blobs: Blobs;
  extractor: { extract(bytes: Uint8Array, options: ExtractionOptions): Promise<Extraction> };
  /** After a commit that recorded events: their lanes, so that delivery starts at once. Without lanes it looks everywhere. */
  wake(lanes?: readonly Lane[]): void;
  limits: { maxPages: number; timeoutMs: number };
  /** Where the hosted journey lives; `session_id` is added to its query. */
  connectUrl: string;
  /** The banks of net banking. */
  reach: BankReach;
  /** With its data key, which jobs have no caller to take from. Throws where there is none. */
  environment(envId: number): Promise<Environment>;
  log: Log;
  metrics: Metrics;
}
