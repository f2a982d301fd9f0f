import { escapeHtml, type Mail } from "../../platform/mail.ts";

/** Names that people chose are one line of text, whatever they hold. */
export function invitationMail({ to, inviter, link }: { to: string; inviter: string; link: string }): Mail {
  const who = inviter.replaceAll(/\s+/g, " ");
  return {
    to,
    subject: "You are invited to Bankbell",
    text: `${who} invites you to Bankbell.\n\nAccept here, within seven days:\n${link}\n\nIf you did not expect this, do nothing.\n`,
    html: `<p>${escapeHtml(who)} invites you to Bankbell.</p><p><a href="${escapeHtml(link)}">Accept the invitation</a> (within seven days)</p><p>If you did not expect this, do nothing.</p>`,
  };
}
