/** `bankbell extract --report`: one page that shows a person what was read, where, and why it is believed. */

import { createHash } from "node:crypto";
import { basename } from "node:path";
import { SCRIPT, STYLE } from "./extract-report-assets.ts";
import { html, raw } from "./extract-report-html.ts";
import type { Html } from "./extract-report-html.ts";
import { MARKS, sheetHtml } from "./extract-report-sheet.ts";
import { statementHtml } from "./extract-report-statement.ts";
import { findingsOf } from "./statement/fraud/check.ts";
import type { Sheet } from "./statement/report/types.ts";
import type { DocumentMetadata, Extraction } from "./statement/types.ts";

const hashOf = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** Nothing is loaded from anywhere, and only our own script runs, whatever a narration says. */
const POLICY = `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src ${hashOf(SCRIPT)}`;

function legend(): Html {
  const marks = (["chain", "totals", "none", "broken"] as const).map(
    (mark) => html`<li><span class="swatch ${mark}">${MARKS[mark].sign}</span> ${MARKS[mark].words}</li>`,
  );
  const layer = (id: string, name: string, text: string): Html =>
    html`<li>
      <label><input type="checkbox" id="${id}" checked /><span class="swatch ${name}"></span> ${text}</label>
    </li>`;
  return html`<ul class="legend" aria-label="Legend">
    ${marks}${layer("show-columns", "column", "columns")}${layer("show-facts", "fact", "account and balances")}${layer("show-rows", "line", "rows")}
  </ul>`;
}

function making(metadata: DocumentMetadata | null): Html {
  if (metadata === null) return html``;
  const { producer, creator, createdAt, modifiedAt } = metadata;
  const parts = [
    producer === null ? null : `written by ${producer}`,
    creator === null ? null : `from ${creator}`,
    createdAt === null ? null : `created ${createdAt}`,
    modifiedAt === null ? null : `changed ${modifiedAt}`,
  ].filter((part) => part !== null);
  return html`<p class="quiet">${parts.join(" · ")}</p>`;
}

function refused(error: Extract<Extraction, { ok: false }>["error"]): Html {
  return html`<article>
    <h2>Not read</h2>
    <p class="verdict bad">✗ ${error.message}</p>
    <p class="quiet">${error.code}, while ${STAGES[error.stage]}</p>
  </article>`;
}

const STAGES = {
  open: "opening the file",
  text: "looking for its text",
  table: "looking for a table of transactions",
  limits: "reading it within its limits",
} as const;

/** The whole page, UTF-8. `sheets` are a PDF's pages; none for other formats and for a PDF that does not open. */
export function reportPage(file: string, extraction: Extraction, sheets: readonly Sheet[]): string {
  const name = basename(file);
  const statements = extraction.ok ? extraction.statements : [];
  const total = extraction.pageCount ?? sheets.length;
  const data = extraction.ok
    ? statements.map((statement, index) =>
        statementHtml(statement, index, findingsOf(extraction.findings ?? [], index), sheets.length > 0),
      )
    : refused(extraction.error);
  const undrawn = total - sheets.length;
  const gutter = statements.some(({ verification }) => verification.breaks.length > 0);
  const pages =
    sheets.length > 0 &&
    html`<section class="pages" aria-label="Pages">
      ${sheets.map((sheet) => sheetHtml(sheet, total, statements, gutter))}${undrawn > 0 && html`<p class="quiet">${undrawn} more pages are not shown.</p>`}
    </section>`;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${raw(POLICY)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${name} · Bankbell</title>
        ${raw(`<style>${STYLE}</style>`)}
      </head>
      <body class="${sheets.length > 0 ? "split" : "alone"}">
        <header>
          <div>
            <h1>${name}</h1>
            ${making(extraction.metadata)}
          </div>
          ${statements.length > 0 && sheets.length > 0 && legend()}
        </header>
        <main>
          ${pages}
          <section class="data" aria-label="What was read">${data}</section>
        </main>
        ${raw(`<script>${SCRIPT}</script>`)}
      </body>
    </html> `;
  return page.text;
}
