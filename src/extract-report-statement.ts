/** What was read of one statement, as tables: beside the pages, or alone for files that have none. */

import { REASONS } from "./extract-findings.ts";
import { html } from "./extract-report-html.ts";
import type { Html, Part } from "./extract-report-html.ts";
import { MARKS, markOf } from "./extract-report-sheet.ts";
import type { Mark } from "./extract-report-sheet.ts";
import { doubts, moneyText, VERDICTS } from "./extract-table.ts";
import type { MetadataFinding } from "./statement/fraud/types.ts";
import type { Statement, TotalCheck } from "./statement/types.ts";

const TOTALS: Readonly<Record<TotalCheck["kind"], string>> = {
  debit: "Total debits",
  credit: "Total credits",
  debit_count: "Number of debits",
  credit_count: "Number of credits",
  count: "Number of rows",
  net: "Net movement",
};

const facts = (pairs: readonly [string, Part][]): Html =>
  html`<dl>
    ${pairs.map(
      ([name, value]) =>
        value !== null &&
        value !== "" &&
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;

function summary(statement: Statement): Html {
  const { identity, period, currency, openingBalance, closingBalance } = statement;
  const money = (minor: bigint | null): string =>
    minor === null ? "not printed" : moneyText(minor, currency);
  return facts([
    ["Account number", identity.accountNumber ?? "not found"],
    ["Holder", identity.name],
    ["IBAN", identity.iban],
    ["IFSC", identity.ifsc],
    ["Joint holders", identity.jointHolders?.join(", ") ?? null],
    ["Routing number", identity.routingNumber ?? null],
    ["Type", identity.accountType === null ? null : identity.accountType.toLowerCase().replace("_", " ")],
    ["Period", period === null ? "not printed" : `${period.from.toString()} to ${period.to.toString()}`],
    ["Opening balance", money(openingBalance)],
    ["Closing balance", money(closingBalance)],
  ]);
}

function marksOf(statement: Statement): Map<Mark, number> {
  const counts = new Map<Mark, number>();
  statement.transactions.forEach((_, row) => {
    const mark = markOf(statement, row);
    counts.set(mark, (counts.get(mark) ?? 0) + 1);
  });
  return counts;
}

/** How many rows rest on what: a bar, and the same in words. */
function proofBar(statement: Statement): Html {
  const counts = marksOf(statement);
  const total = statement.transactions.length;
  const kinds = (["chain", "totals", "none", "broken"] as const).filter((mark) => counts.has(mark));
  return html`<div class="bar" aria-hidden="true">
      ${kinds.map((mark) => html`<span class="${mark}" style="flex-grow: ${counts.get(mark) ?? 0}"></span>`)}
    </div>
    <p class="counts">
      ${kinds.map((mark) => html`<span class="tag ${mark}">${MARKS[mark].sign} ${counts.get(mark) ?? 0}</span> ${MARKS[mark].words} `)}<span
        class="quiet"
        >of ${total} rows</span
      >
    </p>`;
}

function totals({ verification, currency }: Statement): Html {
  if (verification.totals.length === 0) return html``;
  const value = ({ kind }: TotalCheck, of: bigint): string =>
    kind === "count" || kind.endsWith("_count") ? of.toString() : moneyText(of, currency);
  const rows = verification.totals.map((check) => {
    const { kind, printed, computed, includesOpening } = check;
    const holds = printed === computed || includesOpening;
    return html`<tr class="${holds ? "chain" : "broken"}">
      <th scope="row">${TOTALS[kind]}</th>
      <td class="number">${value(check, printed)}</td>
      <td class="number">${value(check, computed)}</td>
      <td>${holds ? "✓ agree" : "✗ differ"}${includesOpening && " (the opening balance counted in)"}</td>
    </tr>`;
  });
  return html`<h3>Printed totals</h3>
    <table class="totals">
      <thead>
        <tr>
          <th>What</th>
          <th class="number">Printed</th>
          <th class="number">From the rows</th>
          <th></th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>`;
}

function breaks(statement: Statement, index: number): Html {
  const { verification, currency } = statement;
  if (verification.breaks.length === 0) return html``;
  const money = (minor: bigint): string => moneyText(minor, currency);
  const items = verification.breaks.map(
    ({ row, expected, printed }) =>
      html`<li>
        <a href="#t${index}-${row}">Row ${row + 1}</a>: expected ${money(expected)}, printed
        ${money(printed)}, off by ${money(printed - expected)}
      </li>`,
  );
  return html`<h3>Where it breaks</h3>
    <ul class="breaks">
      ${items}
    </ul>`;
}

function findings(found: readonly MetadataFinding[]): Html {
  if (found.length === 0) return html``;
  const items = found.map(({ type, reason, weight, row, evidence }) => {
    const values = Object.entries(evidence).map(
      ([name, value]) => `${name}: ${Array.isArray(value) ? value.join(", ") : String(value)}`,
    );
    const accuses = weight === "accuses";
    return html`<li class="${accuses ? "broken" : "none"}">
      <strong>${accuses ? `✗ ${type}` : "· noted"}</strong>
      ${REASONS[reason]}${row !== null && ` (row ${row + 1})`}<br /><span class="quiet"
        >${values.join(" · ").replaceAll("_", " ")}</span
      >
    </li>`;
  });
  return html`<h3>How the file was made</h3>
    <ul class="findings">
      ${items}
    </ul>`;
}

function table(statement: Statement, index: number, hasPages: boolean): Html {
  const { transactions, verification, currency } = statement;
  const money = (minor: bigint): string => moneyText(minor, currency);
  const rows = transactions.map((transaction, row) => {
    const { date, description, reference, direction, amount, balance, page } = transaction;
    const mark = markOf(statement, row);
    const { sign, short, words } = MARKS[mark];
    const broken = verification.breaks.find((found) => found.row === row);
    const id = `${index}-${row}`;
    const place = hasPages ? html`<a href="#p${id}" title="Show it on page ${page}">${row + 1}</a>` : row + 1;
    const side = (which: typeof direction): Part => (direction === which ? money(amount) : "");
    return html`<tr id="t${id}" class="${mark}" data-row="${id}">
      <td class="number quiet">${place}</td>
      <td class="date">${date.toString()}</td>
      <td class="narration">
        ${description}${reference !== null && html` <span class="quiet">${reference}</span>`}
      </td>
      <td class="number">${side("debit")}</td>
      <td class="number">${side("credit")}</td>
      <td class="number">
        ${balance === null ? "" : money(balance)}${broken !== undefined && html`<br /><span class="expected">expected ${money(broken.expected)}</span>`}
      </td>
      <td class="proof" title="${words}"><span class="tag ${mark}">${sign} ${short}</span></td>
    </tr> `;
  });
  return html`<table class="rows">
    <thead>
      <tr>
        <th class="number">#</th>
        <th>Date</th>
        <th>Narration</th>
        <th class="number">Debit</th>
        <th class="number">Credit</th>
        <th class="number">Balance</th>
        <th>Proof</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}

/** One statement of a file. */
export function statementHtml(
  statement: Statement,
  index: number,
  found: readonly MetadataFinding[],
  hasPages: boolean,
): Html {
  const { bank, identity, currency, verification, transactions } = statement;
  const title = [bank?.name ?? "Unknown bank", identity.accountNumber, currency].filter(
    (part) => part !== null,
  );
  const { words, paint } = VERDICTS[verification.status];
  return html`<article>
    <h2>${title.join(" · ")}</h2>
    <p class="verdict ${paint}">${words}</p>
    ${doubts(statement).map((doubt) => html`<p class="verdict warn">! ${doubt}</p>`)} ${proofBar(statement)}
    ${summary(statement)} ${breaks(statement, index)}${totals(statement)}${findings(found)}
    <h3>${transactions.length} transactions</h3>
    ${table(statement, index, hasPages)}
  </article> `;
}
