/** What the hosted pages say of payments, before and after the bank. Pure: facts in, HTML out. */
import type { BatchStatus, PaymentStatus } from "../../connect/payments/states.ts";
import type { Recipient } from "../../connect/payments/recipient.ts";
import { monogram, renderPage, text, type Look } from "./layout.ts";
import { hiddenField, pathWith, type Bank, type Notice } from "./pages.ts";

/** `£250.50`. */
export const amountInWords = (major: number, currency: string): string =>
  new Intl.NumberFormat("en-GB", { style: "currency", currency: currency.toUpperCase() }).format(major);

export interface PaymentFacts {
  /** As `amountInWords` writes it. */
  amount: string;
  recipient: Recipient;
  reference: string | null;
  status: PaymentStatus;
}

export interface AskedToPay {
  look: Look;
  /** Path of this page, and the query that keeps the template. */
  path: string;
  template: string | null;
  payments: readonly PaymentFacts[];
  /** Of all of them. */
  total: string;
  /** False: there is no other to choose. */
  mayChange: boolean;
}

export const TO_PAY = {
  title: "Which bank do you want to pay from?",
  lead: () => "You see the payment once more at your bank, and nothing is paid before you say yes there.",
};

/** What is to be paid to whom, from which bank, and the two answers. A batch: one payment after the other. */
export function payPage(asked: AskedToPay, bank: Bank): string {
  const { look, path, template, payments } = asked;
  const waiting = payments.findIndex(({ status }) => status === "new" || status === "pending");
  const [only] = payments;
  const isBatch = payments.length > 1;
  const title =
    isBatch || !only
      ? `${payments.length} payments, ${asked.total} in all`
      : `Pay ${only.amount} to ${only.recipient.name}`;
  const lead = isBatch
    ? `${look.appName} asks you for these payments. Your bank asks you to approve them one after the other; each is made as soon as you have.`
    : `${look.appName} asks you for this payment.`;
  const change = asked.mayChange
    ? `<a href="${text(pathWith(path, { choose: "1", template }))}">Change<span class="hidden"> bank</span></a>`
    : "";
  const next = isBatch ? `Approve payment ${waiting + 1} of ${payments.length}` : "Next";
  const body = `<div class="consent-content two">
<div class="consent-left-bar">
<div class="block-content"><h1>${text(title)}</h1>
<p class="lead">${text(lead)}</p></div>
${payments.map((payment) => paymentBlock(payment, isBatch)).join("")}
</div>
<div class="consent-right-bar">
<h2>From your bank</h2>
<div class="bank-card">${monogram(bank.name)}<span>${text(bank.name)}</span>${change}</div>
<form method="post" action="${text(path)}">${hiddenField("provider", bank.id)}${hiddenField("template", template)}
<button class="primary" type="submit">${text(next)}</button></form>
<form method="post" action="${text(`${path}/cancel`)}">${hiddenField("template", template)}
<button type="submit">Cancel</button></form>
<p class="after">Next takes you to ${text(bank.name)}, where you sign in and approve the payment.</p>
</div></div>`;
  return renderPage({ title, body, look });
}

function paymentBlock({ amount, recipient, reference, status }: PaymentFacts, isBatch: boolean): string {
  const { name, sort_code, account_number, iban } = recipient;
  const account = iban === undefined ? `${sort_code ?? ""} ${account_number ?? ""}` : iban.replace(/(.{4})(?=.)/g, "$1 "); // prettier-ignore
  const rows: [string, string | null][] = [
    ["To", name],
    [iban === undefined ? "Sort code and account" : "IBAN", account],
    ["Amount", amount],
    ["Reference", reference],
    ["Status", isBatch ? IN_WORDS[status] : null],
  ];
  const lines = rows.flatMap(([term, what]) =>
    what === null ? [] : [`<dt>${text(term)}</dt><dd>${text(what)}</dd>`],
  );
  return `<div class="block-content"><dl class="period">${lines.join("")}</dl></div>`;
}

const IN_WORDS: Readonly<Record<PaymentStatus, string>> = {
  new: "Waits for you",
  pending: "Waits for you",
  authorized: "Approved",
  executed: "Approved; on its way",
  completed: "Paid",
  failed: "Not paid",
  canceled: "Canceled",
  expired: "Expired",
};

type Outcome = Pick<Notice, "mark" | "title" | "says">;

/** How a payment stands, for whoever opens its page when it waits no more. */
export function paymentOutcome(status: PaymentStatus, failureCode: string | null, app: string): Outcome {
  switch (status) {
    case "completed":
      return { mark: "good", title: "Paid", says: ["The payment has been made. You can close this page."] };
    case "failed":
      return failureCode === "access_denied"
        ? { mark: "quiet", title: "You did not approve the payment", says: ["Nothing was paid."] }
        : {
            mark: "warn",
            title: "The payment did not work",
            says: [`Your bank did not make it. Ask ${app} for a new request to try again.`],
          };
    case "canceled":
      return { mark: "quiet", title: "This payment was canceled", says: ["Nothing was paid."] };
    case "expired":
      return {
        mark: "quiet",
        title: "This request has expired",
        says: [`Nothing was paid. Ask ${app} for a new request.`],
      };
    case "authorized":
    case "executed":
    case "new":
    case "pending":
      return {
        mark: "good",
        title: "Approved",
        says: ["Your bank is making the payment. You can close this page."],
      };
  }
}

/** The same for a batch. */
export function batchOutcome(status: BatchStatus, failureCode: string | null, app: string): Outcome {
  if (status === "partially_completed") {
    const says = [`Some of the payments were made. ${app} sees which.`];
    return { mark: "warn", title: "Paid in part", says };
  }
  return paymentOutcome(status === "processing" ? "executed" : status, failureCode, app);
}
