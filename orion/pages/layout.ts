/** What every page of the bank has: no scripts, one stylesheet, readable at 360 px and in the dark. */
import { html, type Html } from "./html.ts";

/** Three stars of the belt. */
const MARK = html`<svg viewBox="0 0 32 32" width="32" height="32" aria-hidden="true">
  <rect width="32" height="32" rx="9" fill="#1c2a4a" />
  <g fill="#f5c451">
    <circle cx="8" cy="21" r="2.6" />
    <circle cx="16" cy="16" r="3.2" />
    <circle cx="24" cy="11" r="2.6" />
  </g>
</svg>`;

export interface Page {
  title: string;
  /** Seconds and target of a redirect without a script. */
  refresh?: string;
  wide?: boolean;
  body: Html;
}

export function layout({ title, refresh, wide = false, body }: Page): string {
  const move = refresh === undefined ? null : html`<meta http-equiv="refresh" content="0;url=${refresh}" />`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
${move}<title>${title} · Orion Bank</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/orion.css">
</head>
<body>
<header><div class="bar${wide ? " wide" : ""}">${MARK}<strong>Orion Bank</strong><span class="tag">Sandbox</span></div></header>
<main${wide ? html` class="wide"` : ""}>
${body}
</main>
<footer><p>Orion is a bank for trying things out. No real money, no real people.</p></footer>
</body>
</html>
`.text;
}

export const CONTENT_POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src data:",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  // No form-action: browsers hold it against the redirect back to the client, and against each redirect after that.
].join("; ");
