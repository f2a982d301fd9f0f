import type { Kysely } from "kysely";
import type { Clock } from "../platform/clock.ts";
import type { Log, Metrics } from "../platform/telemetry.ts";
import type { Lane } from "../store/events.ts";
import type { Schema } from "../store/schema.ts";
import type { Providers } from "./providers/provider.ts";

/** What the state machines of this room borrow. */
export interface Connect {
  db: Kysely<Schema>;
  clock: Clock;
  providers: Providers;
  /** After a commit that recorded events: their lanes, so that delivery starts at once. */
  wake(lanes?: readonly Lane[]): void;
  /** Without a slash at its end: hosted pages live below it. */
  publicUrl: string;
  log: Log;
  metrics: Metrics;
}
