/** Mail by SMTP: invitations and reminders. */
import { createTransport } from "nodemailer";

export interface Mail {
  /** One address. */
  to: string;
  subject: string;
  text: string;
  html?: string;
}

export interface Mailer {
  /** Resolves once the server has taken it. Throws where it has not: whoever sends says what happens then. */
  send(mail: Mail): Promise<void>;
  close(): void;
}

export interface MailSettings {
  /** `smtp://user:password@host:587`, or `smtps://` for TLS from the start. */
  url: string | null;
  /** `Bankbell <no-reply@bank.example>`. */
  from: string | null;
}

/** A server that says nothing must not hold a request or a job for Node's own two minutes and more. */
const TIMEOUT_MS = 15_000;

/** Null where no server or no sender is set. The address and the password of the URL are never in what is thrown. */
export function createMailer({ url, from }: MailSettings): Mailer | null {
  if (url === null || from === null) return null;
  const { protocol, hostname, port, username, password } = new URL(url);
  const isSecure = protocol === "smtps:";
  const transport = createTransport({
    host: hostname,
    port: port === "" ? (isSecure ? 465 : 587) : Number(port),
    secure: isSecure,
    ...(username === ""
      ? {}
      : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    // Bodies are ours; a text that names a file or a URL is text.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send({ to, subject, text, html }) {
      await transport.sendMail({ from, to, subject, text, ...(html === undefined ? {} : { html }) });
    },
    close: () => transport.close(),
  };
}

/** For the HTML of a mail: what others wrote stays text. */
export const escapeHtml = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
