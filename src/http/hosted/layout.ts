/** The frame of every hosted page: HTML without scripts, so that it works in any browser a bank sends people back to. */
import { escapeHtml } from "../../platform/mail.ts";

/** Who asks, and how it shall look. */
export interface Look {
  /** In the headline. */
  appName: string;
  /** Who runs this server for the app: named in the footer. */
  organisation: string;
  supportUrl: string | null;
  isSandbox: boolean;
  /** Cleaned when it was stored. */
  headerHtml: string | null;
  footerHtml: string | null;
  /** Same-origin paths; null where the template has none. */
  logoPath: string | null;
  stylePath: string | null;
}

export interface Page {
  title: string;
  /** HTML of the main part. */
  body: string;
  /** Null where it is not known who asks. */
  look: Look | null;
  /** Where the browser goes by itself, and after how many seconds. */
  refresh?: { url: string; seconds: number };
  /** Loads the script that carries a bank's answer on. */
  returning?: boolean;
}

export const STYLE_PATH = "/hosted/style.css";
export const RETURN_SCRIPT_PATH = "/hosted/return.js";

/** Of others' text. */
export const text = escapeHtml;

export function renderPage({ title, body, look, refresh, returning = false }: Page): string {
  const go = refresh && `<meta http-equiv="refresh" content="${refresh.seconds};url=${text(refresh.url)}">`;
  const theme = look?.stylePath ? `<link rel="stylesheet" href="${text(look.stylePath)}">` : "";
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${text(title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<link rel="stylesheet" href="${STYLE_PATH}">${theme}${go ?? ""}${
    returning ? `<script src="${RETURN_SCRIPT_PATH}" defer></script>` : ""
  }</head><body>
${look ? header(look) : '<header class="container-desktop top"></header>'}
<main class="container-desktop">
${look?.headerHtml ? `<div class="extra">${look.headerHtml}</div>` : ""}
${body}
</main>
${look ? footer(look) : '<footer class="container-desktop foot"></footer>'}
</body></html>
`;
}

function header({ appName, logoPath, isSandbox }: Look): string {
  const brand = logoPath
    ? `<img src="${text(logoPath)}" alt="${text(appName)}">`
    : `${monogram(appName)}<span>${text(appName)}</span>`;
  const sandbox = isSandbox ? '<span class="sandbox">Test mode</span>' : "";
  return `<header class="container-desktop top">${brand}${sandbox}</header>`;
}

function footer({ appName, organisation, supportUrl, footerHtml }: Look): string {
  const responsible =
    appName === organisation
      ? `${text(organisation)} provides this service and is responsible for how it accesses your bank.`
      : `${text(organisation)} provides this service to ${text(appName)}, which acts with it as agent, and is responsible for how your bank is accessed.`;
  const support = supportUrl ? `<p><a href="${text(supportUrl)}">Help</a></p>` : "";
  return `<footer class="container-desktop foot">
<div class="regulated"><p>${responsible}</p>
<p>You sign in at your bank, on its own page. Nobody here sees your user name or password.</p></div>
${support}${footerHtml ? `<div class="extra">${footerHtml}</div>` : ""}</footer>`;
}

/** The first letter, for who has no logo. */
export const monogram = (name: string): string =>
  `<span class="monogram" aria-hidden="true">${text(String.fromCodePoint(name.trim().codePointAt(0) ?? 0x20).toUpperCase())}</span>`;
