/**
 * Mails before a consent's access ends (14, 7 and 1 days, or as the organisation has set), each also an event. The mail
 * goes out at least once: a crash between the mail server's answer and our commit sends it again. The event is recorded
 * once, in the transaction that marks the mail as sent. Who has no address gets no mail and no event; without a mail
 * server nothing is sent or recorded, and the log says so.
 */
import { findConsent, type Consent } from "../store/consents.ts";
import type { Environment } from "../store/environments.ts";
import type { Lane } from "../store/events.ts";
import { loadOpenBankingRules, type OpenBankingRules } from "../store/openbanking-settings.ts";
import {
  claimReminder,
  endingConsents,
  findRecipient,
  markReminderFailed,
  markReminderSent,
  type Ending,
  type Reminder,
} from "../store/reminders.ts";
import { inTransaction } from "../store/transaction.ts";
import type { Mailer } from "../platform/mail.ts";
import { accessEnd, dateIn } from "./consents/dates.ts";
import { recordConsentEvent } from "./consents/record.ts";
import type { Connect } from "./context.ts";
import { reminderMail } from "./reminder-mail.ts";

/** Cron. */
export const REMIND_TASK = "remind_of_consents";

/** Mails go out from this hour on in the organisation's time zone. */
const MORNING = { hour: 9 };
/** Longer than a mail server may take; then another process may try. */
const CLAIM = { minutes: 5 };
const RETRY = { minutes: 30 };
/** Somebody may add one meanwhile. */
const WITHOUT_ADDRESS = { hours: 24 };
const BATCH = 500;
/** After as many failures in a row the mail server is left alone until the next round. */
const MOST_FAILURES = 3;

/** Answers how many mails were sent. */
export async function sendReminders(connect: Connect): Promise<{ sent: number }> {
  const { mailer } = connect;
  const today = connect.clock().toZonedDateTimeISO("UTC").toPlainDate();
  let after: Ending = { env_id: 0, id: 0n };
  if (!mailer) {
    const due = await endingConsents(connect.db, { today, after, limit: BATCH });
    if (due.length > 0) connect.log.info({ due: due.length }, "no mail server is set: no reminders are sent");
    return { sent: 0 };
  }
  let sent = 0;
  let failures = 0;
  for (;;) {
    const page = await endingConsents(connect.db, { today, after, limit: BATCH });
    for (const one of page) {
      const result = await remindOf(connect, mailer, one).catch((err: unknown) => {
        // One consent that cannot be read must not keep the others from their mail.
        connect.log.error({ err, env_id: one.env_id }, "a reminder failed");
        return "nothing" as const;
      });
      if (result === "sent") sent += 1;
      failures = result === "failed" ? failures + 1 : 0;
      if (failures === MOST_FAILURES) return { sent };
    }
    const last = page.at(-1);
    if (!last || page.length < BATCH) return { sent };
    after = last;
  }
}

async function remindOf(
  connect: Connect,
  mailer: Mailer,
  { env_id, id }: Ending,
): Promise<"sent" | "failed" | "nothing"> {
  const env = await connect.environment(env_id);
  const consent = await findConsent(connect.db, env_id, id);
  const rules = await loadOpenBankingRules(connect.db, env_id);
  const now = connect.clock();
  const due = consent && dueReminder(consent, rules.reminderDays, env.timeZone, now);
  if (!consent || !due) return "nothing";
  const reminder: Reminder = { envId: env_id, consentId: id, ...due };
  if (!(await claimReminder(connect.db, reminder, { now, until: now.add(CLAIM) }))) return "nothing";
  return send(connect, mailer, { env, consent, rules, reminder });
}

interface Due {
  env: Environment;
  consent: Consent;
  rules: OpenBankingRules;
  reminder: Reminder;
}

async function send(
  connect: Connect,
  mailer: Mailer,
  { env, consent, rules, reminder }: Due,
): Promise<"sent" | "failed" | "nothing"> {
  const recipient = await findRecipient(connect.db, env.id, consent.customer_id);
  if (!recipient) {
    await markReminderFailed(connect.db, reminder, "no_address", connect.clock().add(WITHOUT_ADDRESS));
    connect.log.info({ env_id: env.id, consent: consent.public_id }, "a reminder has no address to go to");
    return "nothing";
  }
  const bank = connect.providers.find(consent.provider ?? "")?.name ?? null;
  const today = dateIn(env.timeZone, connect.clock());
  try {
    await mailer.send(reminderMail({ recipient, consent, rules, bank, today }));
  } catch (error) {
    // The server's own words may hold the address: only what kind of fault it was is kept.
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    await markReminderFailed(connect.db, reminder, code, connect.clock().add(RETRY));
    connect.log.warn({ env_id: env.id, consent: consent.public_id, code }, "a reminder could not be sent");
    return "failed";
  }
  const lanes = await inTransaction(connect.db, async ({ trx }): Promise<readonly Lane[]> => {
    const at = connect.clock();
    if (!(await markReminderSent(trx, reminder, at))) return [];
    const once = `${reminder.end.toString()}:${reminder.days}`;
    return recordConsentEvent(trx, env, consent, "reminder.consent_expiry.sent", at, once);
  });
  connect.wake(lanes);
  return "sent";
}

/**
 * The reminder that is due, if any: the nearest to the end whose morning has come, so that after an outage one mail goes
 * out and not three; none whose morning was before the customer gave or confirmed access. Pure.
 */
export function dueReminder(
  consent: Pick<Consent, "status" | "expiry_date" | "reconfirm_by" | "authed_at" | "renewed_at">,
  reminderDays: readonly number[],
  timeZone: string,
  now: Temporal.Instant,
): { end: Temporal.PlainDate; days: number } | null {
  if (consent.status !== "authorized") return null;
  const { date: end } = accessEnd(consent);
  if (Temporal.PlainDate.compare(end, dateIn(timeZone, now)) < 0) return null;
  const since = consent.renewed_at ?? consent.authed_at;
  for (const days of reminderDays.toSorted((a, b) => a - b)) {
    const at = end.subtract({ days }).toZonedDateTime({ timeZone, plainTime: MORNING }).toInstant();
    if (Temporal.Instant.compare(now, at) < 0) continue;
    if (since !== null && Temporal.Instant.compare(at, since) <= 0) return null;
    return { end, days };
  }
  return null;
}
