import type { Environment } from "../store/environments.ts";
import type { Intake } from "./context.ts";

export type SessionMode = "pdf" | "aa" | "online";

/** A session as asked for: formats are checked, meanings are not. */
export interface NewSession {
  linkId: string;
  redirectUrl: string | null;
  fromDate: Temporal.PlainDate | null;
  toDate: Temporal.PlainDate | null;
  /** The optional outer pair; only its order is checked. */
  maxFromDate: Temporal.PlainDate | null;
  maxToDate: Temporal.PlainDate | null;
  logoUrl: string | null;
  bankName: string | null;
  mode: SessionMode | null;
  mobileNumber: string | null;
  /** Minutes, 5 to 43200; null is the environment's default. Not an integer is INVALID_SESSION_EXPIRY too. */
  sessionExpiry: number | null;
  journeyMode: string | null;
  acceptAnything: boolean;
  isMobileFieldEditable: boolean;
  aaJourneyMode: "only_once" | "only_recurring" | "once_with_recurring" | null;
  aaRecurringTenureMonthCount: number | null;
  aaRecurringFrequencyUnit: "year" | "month" | "day" | "hour" | null;
  aaRecurringFrequencyValue: number | null;
  metadata: Record<string, unknown> | null;
}

/** Throws IntakeError of stage `fields`. */
export function createSession(
  _intake: Intake,
  _env: Environment,
  _actor: string,
  _input: NewSession,
): Promise<{ sessionId: string; redirectUrl: string }> {
  throw new Error("follows");
}
