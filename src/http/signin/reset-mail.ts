import { escapeHtml, type Mail } from "../../platform/mail.ts";

/** How long a link works. */
export const RESET_MINUTES = 60;

export function resetMail({ to, link }: { to: string; link: string }): Mail {
  return {
    to,
    subject: "A new password for Bankbell",
    text: `Choose a new password here, within an hour:\n${link}\n\nIf you did not ask for this, do nothing: your password stays as it is.\n`,
    html: `<p><a href="${escapeHtml(link)}">Choose a new password</a> (within an hour)</p><p>If you did not ask for this, do nothing: your password stays as it is.</p>`,
  };
}
