/** The pages of the authorisation: log-in, one-time code, accounts to share or payment to confirm. */
import type { Account } from "../data/users.ts";
import type { AccountConsent, PaymentConsent, Visit } from "../types.ts";
import { html, type Html } from "./html.ts";
import { layout } from "./layout.ts";
import { dayWords, numberWords, permissionWords, pounds } from "./words.ts";

export interface Shown {
  account: Account;
  /** Pence. */
  balance: number;
}

const faultLine = (fault: string | null): Html | null =>
  fault === null ? null : html`<p class="fault" role="alert" id="fault">${fault}</p>`;

const cancelForm = (visit: Visit): Html =>
  html`<form method="post" action="/auth/${visit.id}/cancel">
    <button class="second">Cancel and go back</button>
  </form>`;

export function loginPage(visit: Visit, fault: string | null): string {
  const body = html`<div class="card">
      <h1>Log in</h1>
      <p class="quiet">
        ${visit.request.clientId} asks for your permission. Log in to see what it asks for. You decide at the
        end.
      </p>
      ${faultLine(fault)}
      <form method="post" action="/auth/${visit.id}/login">
        <label for="username">User name</label>
        <input
          type="text"
          id="username"
          name="username"
          autocomplete="username"
          autocapitalize="none"
          required${fault === null ? null : html` aria-describedby="fault"`}
        />
        <label for="password">Password</label>
        <input type="password" id="password" name="password" autocomplete="current-password" required />
        <button>Continue</button>
      </form>
      ${cancelForm(visit)}
    </div>
    <p class="quiet"><a href="/_sandbox">Who can log in here, and with what?</a></p>`;
  return layout({ title: "Log in", body });
}

export function codePage(visit: Visit, fault: string | null): string {
  const body = html`<div class="card">
    <h1>One-time code</h1>
    <p class="quiet">We have sent a code of six digits to the phone that we know of you.</p>
    ${faultLine(fault)}
    <form method="post" action="/auth/${visit.id}/code">
      <label for="code">Code</label>
      <input
        type="text"
        id="code"
        name="code"
        inputmode="numeric"
        autocomplete="one-time-code"
        maxlength="6"
        required
      />
      <button>Continue</button>
    </form>
    ${cancelForm(visit)}
  </div>`;
  return layout({ title: "One-time code", body });
}

const choice = (type: "checkbox" | "radio", { account, balance }: Shown, checked: boolean): Html =>
  html`<label class="choice"
    ><input type="${type}" name="account" value="${account.id}" ${checked ? html` checked` : null} /><span
      >${account.nickname}<small>${numberWords(account)}</small></span
    ><b>${pounds(balance)}</b></label
  >`;

export function accountsPage(
  visit: Visit,
  consent: AccountConsent,
  accounts: readonly Shown[],
  fault: string | null,
): string {
  const again = consent.status === "Authorised";
  const items = permissionWords(consent.permissions).map((words) => html`<li>${words}</li>`);
  const end = consent.expires === null ? "until you end it" : `until ${dayWords(consent.expires)}`;
  const body = html`<div class="card">
      <h1>${again ? "Keep sharing" : "Share"} with ${visit.request.clientId}?</h1>
      <p>It will be able to see, ${end}:</p>
      <ul class="plain">
        ${items}
      </ul>
      ${faultLine(fault)}
      <form method="post" action="/auth/${visit.id}/consent">
        <fieldset>
          <legend>Accounts to share</legend>
          ${accounts.map((shown) => choice("checkbox", shown, !again || consent.accountIds.includes(shown.account.id)))}
        </fieldset>
        <button>Share these accounts</button>
      </form>
      ${cancelForm(visit)}
    </div>
    <p class="quiet">It cannot move money. You can end this at any time, here or there.</p>`;
  return layout({ title: "Share your accounts", body });
}

export function paymentPage(
  visit: Visit,
  { initiation }: PaymentConsent,
  accounts: readonly Shown[],
  fault: string | null,
): string {
  const { InstructedAmount, CreditorAccount, RemittanceInformation } = initiation;
  const reference = RemittanceInformation?.Reference ?? RemittanceInformation?.Unstructured;
  const body = html`<div class="card">
    <h1>Confirm payment</h1>
    <p class="sum">
      ${InstructedAmount.Currency === "GBP" ? "£" : `${InstructedAmount.Currency} `}${InstructedAmount.Amount}
    </p>
    <dl class="facts">
      <dt>To</dt>
      <dd>${CreditorAccount.Name}</dd>
      <dt>Account</dt>
      <dd>${CreditorAccount.Identification}</dd>
      ${
        reference === undefined
          ? null
          : html`<dt>Reference</dt>
              <dd>${reference}</dd>`
      }
      <dt>Asked by</dt>
      <dd>${visit.request.clientId}</dd>
    </dl>
    ${faultLine(fault)}
    <form method="post" action="/auth/${visit.id}/consent">
      <fieldset>
        <legend>Pay from</legend>
        ${accounts.map((shown, index) => choice("radio", shown, index === 0))}
      </fieldset>
      <button>Pay</button>
    </form>
    ${cancelForm(visit)}
  </div>`;
  return layout({ title: "Confirm payment", body });
}

/** For what cannot go back to a client. */
export function deadEndPage(title: string, words: string): string {
  const body = html`<div class="card">
    <h1>${title}</h1>
    <p>${words}</p>
    <p class="quiet">Please go back to the app that sent you here and try again.</p>
  </div>`;
  return layout({ title, body });
}
