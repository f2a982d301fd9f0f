/** The page for people who try things out: who can log in, the clock, magic amounts, what is shared. */
import type { Bank } from "../bank.ts";
import { ONE_TIME_CODE, PASSWORD, USERS } from "../data/users.ts";
import { FATES, ORDINARY_WORDS } from "../magic.ts";
import { html, type Html } from "./html.ts";
import { layout } from "./layout.ts";
import { dayWords } from "./words.ts";

/** ISO durations for the form. */
const STEPS: readonly (readonly [string, string])[] = [
  ["PT1H", "an hour"],
  ["P1D", "a day"],
  ["P7D", "7 days"],
  ["P30D", "30 days"],
  ["P90D", "90 days"],
];

const MOST_CONSENTS = 20;

export function sandboxPage(bank: Bank): string {
  const body = html`<div class="card">
      <h1>The sandbox</h1>
      <p>
        Everybody's password is <code>${PASSWORD}</code>. Where a one-time code is asked for, it is
        <code>${ONE_TIME_CODE}</code>.
      </p>
      ${customers()}
    </div>
    ${clock(bank)} ${shared(bank)} ${amounts()}
    <div class="card">
      <h2>For programs</h2>
      <p>
        Discovery is at <code>${bank.url}/.well-known/openid-configuration</code>. Clients register, testers
        add entries and order faults below <code>/_sandbox</code>; <code>docs/orion.md</code> of the
        repository lists the calls.
      </p>
    </div>`;
  return layout({ title: "The sandbox", wide: true, body });
}

const table = (head: readonly string[], rows: readonly Html[], label: string): Html =>
  html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">
    <table>
      <thead>
        <tr>
          ${head.map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;

function customers(): Html {
  const rows = USERS.map(
    ({ username, name, about }) =>
      html`<tr>
        <td><code>${username}</code></td>
        <td>${name}</td>
        <td>${about}</td>
      </tr>`,
  );
  return table(["User name", "Customer", "What happens"], rows, "Customers");
}

function clock(bank: Bank): Html {
  const now = Temporal.Instant.fromEpochMilliseconds(bank.now()).toZonedDateTimeISO("UTC");
  const time = now.toPlainTime().toString({ smallestUnit: "minute" });
  return html`<div class="card">
    <h2>The bank's clock</h2>
    <p>It is <strong>${dayWords(bank.now())}, ${time} UTC</strong> at the bank. Time only goes forward.</p>
    <form method="post" action="/_sandbox/clock">
      <label for="advance">Advance by</label>
      <select id="advance" name="advance">
        ${STEPS.map(([value, words]) => html`<option value="${value}">${words}</option>`)}
      </select>
      <button>Advance the clock</button>
    </form>
  </div>`;
}

function shared(bank: Bank): Html | null {
  const open = [...bank.consents.values()].filter(
    ({ kind, status }) => kind === "accounts" && status === "Authorised",
  );
  if (open.length === 0) return null;
  const rows = open.slice(-MOST_CONSENTS).map(
    ({ id, username, clientId, updated }) =>
      html`<tr>
        <td><code>${username}</code></td>
        <td>${clientId}</td>
        <td>${dayWords(updated)}</td>
        <td>
          <form method="post" action="/_sandbox/consents/${id}/revoke">
            <button class="second">
              Stop sharing<span class="away"> of ${username} with ${clientId}</span>
            </button>
          </form>
        </td>
      </tr>`,
  );
  return html`<div class="card">
    <h2>What is shared</h2>
    <p>Stopping it here is what a customer does in the bank's own app.</p>
    ${table(["Customer", "With", "Since", "End"], rows, "What is shared")}
  </div>`;
}

function amounts(): Html {
  const rows = Object.entries(FATES).map(
    ([pence, { words }]) =>
      html`<tr>
        <td><code>.${pence.padStart(2, "0")}</code></td>
        <td>${words}</td>
      </tr>`,
  );
  const rest = html`<tr>
    <td>any other</td>
    <td>${ORDINARY_WORDS}</td>
  </tr>`;
  return html`<div class="card">
    <h2>Magic amounts</h2>
    <p>The pennies of a payment choose what becomes of it.</p>
    ${table(["Pennies", "What happens"], [...rows, rest], "Magic amounts")}
  </div>`;
}
