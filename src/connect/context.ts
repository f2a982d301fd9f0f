import type { Kysely } from "kysely";
import type { Clock } from "../platform/clock.ts";
import type { Mailer } from "../platform/mail.ts";
import type { Log, Metrics } from "../platform/telemetry.ts";
import type { Environment } from "../store/environments.ts";
import type { Lane } from "../store/events.ts";
import type { Schema } from "../store/schema.ts";
import type { NetBankingSink } from "./net-banking.ts";
import type { Providers } from "./providers/provider.ts";

/** What the state machines of this room borrow. */
export interface Connect {
  db: Kysely<Schema>;
  clock: Clock;
  providers: Providers;
  /** With its data key, which jobs and hosted pages have no caller to take from. Throws where there is none. */
  environment(envId: number): Promise<Environment>;
  /** What becomes of net banking of the BankConnect contract. */
  netBanking: NetBankingSink;
  /** Null: no mail is sent. */
  mailer: Mailer | null;
  /** After a commit that recorded events: their lanes, so that delivery starts at once. */
  wake(lanes?: readonly Lane[]): void;
  /** Without a slash at its end: hosted pages live below it. */
  publicUrl: string;
  log: Log;
  metrics: Metrics;
}
