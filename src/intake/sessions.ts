import type { Span } from "../analysis/coverage.ts";
import { newUuid } from "../platform/ids.ts";
import { recordAudit } from "../store/audit.ts";
import type { Environment } from "../store/environments.ts";
import { insertSession } from "../store/sessions.ts";
import { inTransaction } from "../store/transaction.ts";
import { enabledModes, findBank, findReachable, netBankingBanks, type SessionMode } from "./banks.ts";
import type { ReachableBank } from "./net-banking/reach.ts";
import { todayOf } from "./calendar.ts";
import type { Intake } from "./context.ts";
import { IntakeError, type IntakeErrorAbout, type IntakeErrorCode } from "./errors.ts";
import { planExpiry } from "./upload-end.ts";

export type { SessionMode } from "./banks.ts";

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
  /** Null is the environment's default. */
  acceptAnything: boolean | null;
  isMobileFieldEditable: boolean;
  aaJourneyMode: "only_once" | "only_recurring" | "once_with_recurring" | null;
  aaRecurringTenureMonthCount: number | null;
  aaRecurringFrequencyUnit: "year" | "month" | "day" | "hour" | null;
  aaRecurringFrequencyValue: number | null;
  /** v2 in place of the four above; null in v1. */
  aaJourney: { code: string; consents: Record<string, ConsentDates> } | null;
  metadata: Record<string, unknown> | null;
}

/** Null: as the platform has it. */
export interface ConsentDates {
  from: Temporal.PlainDate | null;
  to: Temporal.PlainDate | null;
  expiry: Temporal.PlainDate | null;
}

/**
 * Creates a session and plans its expiry. Checks in this order, the order of the contract's fields:
 * dates (MISSING_DATE_FIELD, INVALID_DATE_RANGE), bank (INVALID_BANK_NAME, MISSING_BANK_NAME), mode
 * (MODE_NOT_AVAILABLE, MODE_NOT_ENABLED), INVALID_MOBILE_NUMBER, INVALID_SESSION_EXPIRY, account aggregator
 * (INVALID_AA_PARAMETER, MISSING_AA_PARAMETER). Throws IntakeError of stage `fields`.
 */
export async function createSession(
  intake: Intake,
  env: Environment,
  actor: string,
  input: NewSession,
): Promise<{ sessionId: string; redirectUrl: string; expiresAt: Temporal.Instant }> {
  const at = intake.clock();
  const range = chooseRange(input, todayOf(env, at));
  const reachable = intake.reach.banks(env.mode);
  const bank = checkBank(input, reachable);
  checkMode(input.mode, bank, env, reachable);
  if (input.mobileNumber !== null && !/^[0-9]{10}$/.test(input.mobileNumber)) refuse("INVALID_MOBILE_NUMBER");
  const minutes = input.sessionExpiry ?? env.settings.session_minutes;
  if (!isWithin(minutes, EXPIRY_MINUTES)) refuse("INVALID_SESSION_EXPIRY");
  const aa = checkAccountAggregator(input);
  const acceptAnything = input.acceptAnything ?? env.settings.accept_anything;

  const sessionId = newUuid();
  const expiresAt = at.add({ minutes });
  await inTransaction(intake.db, async ({ trx }) => {
    await insertSession(trx, {
      env_id: env.id,
      public_id: sessionId,
      link_id: input.linkId,
      from_date: range.from,
      to_date: range.to,
      created_at: at,
      expires_at: expiresAt,
      request: JSON.stringify({ ...journeyOf(input), ...aa }),
      bank_name: bank,
      accept_anything: acceptAnything,
      completed_at: null,
      expired_at: null,
      processing_requested_at: null,
      processed_at: null,
      deleted_at: null,
    });
    await planExpiry(trx, env.id, sessionId, expiresAt);
    await recordAudit(trx, {
      envId: env.id,
      at,
      actor,
      action: "session.create",
      target: `session:${sessionId}`,
      detail: { minutes, accept_anything: acceptAnything },
    });
  });
  return { sessionId, redirectUrl: redirectUrl(intake.connectUrl, sessionId), expiresAt };
}

const DEFAULT_MONTHS = 6;
/** Every answer and webhook of a session lists what its range lacks: from year 1 to 9999 that was 268 kB. */
const MOST_YEARS = 10;
/** Reference §2.1. */
const EXPIRY_MINUTES = { min: 5, max: 43_200 };
/** §9-6: 61 to 84 are taken and clamped. */
const TENURE_MONTHS = { min: 1, max: 84, clamp: 60 };
const FREQUENCY = { min: 1, max: 5 };

function chooseRange(input: NewSession, today: Temporal.PlainDate): Span {
  const { fromDate, toDate, maxFromDate, maxToDate } = input;
  if ((fromDate === null) !== (toDate === null)) refuse("MISSING_DATE_FIELD");
  const range = {
    from: fromDate ?? today.subtract({ months: DEFAULT_MONTHS }),
    to: toDate ?? today,
  };
  if (!isAscending(range.from, range.to)) refuse("INVALID_DATE_RANGE");
  if (isAscending(range.from.add({ years: MOST_YEARS }), range.to)) refuse("INVALID_DATE_RANGE", "too_long");
  if ((maxFromDate === null) !== (maxToDate === null)) refuse("MISSING_DATE_FIELD", "max_dates");
  if (maxFromDate && maxToDate && !isAscending(maxFromDate, maxToDate)) {
    refuse("INVALID_DATE_RANGE", "max_dates");
  }
  return range;
}

function checkBank({ bankName, mode }: NewSession, reachable: readonly ReachableBank[]): string | null {
  if (bankName === null) {
    if (mode !== null) refuse("MISSING_BANK_NAME");
    return null;
  }
  return findBank(bankName) ?? findReachable(reachable, bankName)?.bank ?? refuse("INVALID_BANK_NAME");
}

function checkMode(
  mode: SessionMode | null,
  bank: string | null,
  { settings }: Environment,
  reachable: readonly ReachableBank[],
): void {
  if (mode === null || bank === null) return;
  const isReachable = findReachable(reachable, bank) !== null;
  // A bank that the contract names for net banking may come to be reached; the others never are.
  if (mode === "online" && !isReachable && !netBankingBanks.includes(bank)) refuse("MODE_NOT_AVAILABLE");
  if (!enabledModes(reachable).has(mode) || !settings.allowed_modes.includes(mode))
    refuse("MODE_NOT_ENABLED");
  if (mode === "online" && !isReachable) refuse("MODE_NOT_AVAILABLE");
}

/** Which consents a code of v2 asks for (reference §2.2). */
const JOURNEYS: Readonly<Record<string, readonly string[]>> = {
  BCAA001: ["CC0001"],
  BCAA002: ["CC0002"],
  BCAA003: ["CC0003", "CC0004"],
  BCAA004: ["CC0005", "CC0006", "CC0007"],
};

function checkJourney({ code, consents }: NonNullable<NewSession["aaJourney"]>): void {
  const known = JOURNEYS[code];
  if (!known || Object.keys(consents).some((consent) => !known.includes(consent)))
    refuse("INVALID_AA_PARAMETER");
  for (const { from, to } of Object.values(consents)) {
    if (from && to && !isAscending(from, to)) refuse("INVALID_DATE_RANGE");
  }
}

/** Answers what is stored of the aa_ fields. */
function checkAccountAggregator(input: NewSession): Record<string, string | number | null> {
  if (input.aaJourney) {
    checkJourney(input.aaJourney);
    return {};
  }
  const { aaJourneyMode, aaRecurringFrequencyUnit: unit, aaRecurringFrequencyValue: value } = input;
  const tenure = input.aaRecurringTenureMonthCount;
  if (tenure !== null && !isWithin(tenure, TENURE_MONTHS)) refuse("INVALID_AA_PARAMETER", "tenure");
  if (value !== null && !isWithin(value, FREQUENCY)) refuse("INVALID_AA_PARAMETER");
  if (aaJourneyMode !== null && aaJourneyMode !== "only_once") {
    if (input.bankName === null || input.mode === null) refuse("MISSING_AA_PARAMETER", "bank_and_mode");
    if (unit === null || value === null) refuse("MISSING_AA_PARAMETER", "frequency");
    if (tenure === null) refuse("MISSING_AA_PARAMETER");
  }
  return {
    aa_journey_mode: aaJourneyMode,
    aa_recurring_tenure_month_count: tenure && Math.min(tenure, TENURE_MONTHS.clamp),
    aa_recurring_frequency_unit: unit,
    aa_recurring_frequency_value: value,
  };
}

/** What the hosted journey needs, under the contract's names. */
const journeyOf = (input: NewSession) => ({
  redirect_url: input.redirectUrl,
  logo_url: input.logoUrl,
  mode: input.mode,
  mobile_number: input.mobileNumber,
  journey_mode: input.journeyMode,
  is_mobile_field_editable: input.isMobileFieldEditable,
  max_from_date: input.maxFromDate,
  max_to_date: input.maxToDate,
  metadata: input.metadata,
  ...(input.aaJourney && {
    version: 2,
    aa_journey_code: input.aaJourney.code,
    consents: input.aaJourney.consents,
  }),
});

function redirectUrl(base: string, sessionId: string): string {
  const url = new URL(base);
  url.searchParams.set("session_id", sessionId);
  return url.href;
}

const isWithin = (value: number, { min, max }: { min: number; max: number }): boolean =>
  Number.isInteger(value) && value >= min && value <= max;

const isAscending = (a: Temporal.PlainDate, b: Temporal.PlainDate): boolean =>
  Temporal.PlainDate.compare(a, b) < 0;

function refuse(code: IntakeErrorCode, about?: IntakeErrorAbout): never {
  throw new IntakeError("fields", code, about === undefined ? {} : { about });
}
