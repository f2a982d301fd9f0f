/** What both `update_webhook/` refuse (reference §2.11, §5.5, ruling 12): each flow says it in its own shape. */

export interface WebhookFault {
  what: string;
  send: Record<string, unknown>;
  field: "webhook_url" | "webhook_mode";
  reason: string;
}

const REQUIRED = "This field is required.";
const NO_URL = "Enter a valid URL.";
const url = (what: string, webhook_url: string, reason = NO_URL): WebhookFault => ({
  what,
  send: { webhook_url },
  field: "webhook_url",
  reason,
});
const mode = (webhook_mode: unknown, reason: string): WebhookFault => ({
  what: `mode ${String(webhook_mode)}`,
  send: { webhook_url: "https://example.com/", webhook_mode },
  field: "webhook_mode",
  reason,
});

/** `last`: the greatest mode that the flow has; 1 for entities, 3 for sessions. */
export const webhookFaults = (last: number): WebhookFault[] => [
  { what: "no URL", send: {}, field: "webhook_url", reason: REQUIRED },
  url("a URL that is none", "nope"),
  url("another scheme", "ftp://example.com/"),
  url("a private address", "http://10.1.2.3/hooks", "Private and special addresses are not allowed."),
  mode(last + 1, `"${last + 1}" is not a valid choice.`),
  mode(-1, '"-1" is not a valid choice.'),
  mode("x", "A valid integer is required."),
  mode(0.5, "A valid integer is required."),
];
