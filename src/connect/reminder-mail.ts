/** The mail that reminds a customer. Pure. */
import { escapeHtml, type Mail } from "../platform/mail.ts";
import type { Consent } from "../store/consents.ts";
import type { OpenBankingRules } from "../store/openbanking-settings.ts";
import { accessEnd } from "./consents/dates.ts";

export interface ReminderFacts {
  recipient: { name: string; email: string };
  consent: Pick<Consent, "expiry_date" | "reconfirm_by">;
  rules: Pick<OpenBankingRules, "appName" | "organisation" | "supportUrl">;
  /** The bank's name; null where it is not configured any more. */
  bank: string | null;
  today: Temporal.PlainDate;
}

/** `13 March 2026`. */
const words = (date: Temporal.PlainDate) =>
  date.toLocaleString("en-GB", { day: "numeric", month: "long", year: "numeric" });

const inDays = (days: number) => (days === 0 ? "today" : days === 1 ? "tomorrow" : `in ${days} days`);

export function reminderMail({ recipient, consent, rules, bank, today }: ReminderFacts): Mail {
  const app = rules.appName ?? rules.organisation;
  const { date, by } = accessEnd(consent);
  const when = inDays(today.until(date).days);
  const account = bank === null ? "your bank" : bank;
  const end = words(date);
  const what =
    by === "expiry"
      ? `The permission that you gave ${app} to read your accounts at ${account} ends ${when}, on ${end}.`
      : `${app} reads your accounts at ${account} with your permission. It needs you to confirm that again ${when}, by ${end}.`;
  const after = `After that day ${app} gets no new data from ${account}.`;
  const todo = `To keep the connection, open ${app} and ${by === "expiry" ? "connect your bank again" : "confirm it there"}. If you do not want that, there is nothing to do.`;
  const help = rules.supportUrl === null ? null : rules.supportUrl;
  // A line break in a name would begin a header, or look like our own words.
  const line = (text: string) => text.replaceAll(/\s+/g, " ");
  const paragraphs = [`Hello ${line(recipient.name)},`, what, after, todo].map(line);
  const subject = line(
    by === "expiry"
      ? `Your bank connection with ${app} ends ${when}`
      : `Please confirm your bank connection with ${app}`,
  );
  const text = [...paragraphs, ...(help === null ? [] : [`Help: ${help}`]), app].join("\n\n");
  const html = [
    '<!doctype html><html lang="en"><body style="font:16px/1.5 system-ui,sans-serif;color:#1d2433;max-width:34em;margin:2em auto;padding:0 1em">',
    ...paragraphs.map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`),
    ...(help === null ? [] : [`<p>Help: <a href="${escapeHtml(help)}">${escapeHtml(help)}</a></p>`]),
    `<p>${escapeHtml(app)}</p></body></html>`,
  ].join("\n");
  return { to: recipient.email, subject, text: `${text}\n`, html };
}
