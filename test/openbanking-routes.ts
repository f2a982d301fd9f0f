/**
 * Every route of the open-banking contract, with the ids that it takes. The OpenAPI document is compared with it, and a
 * stranger who sends them is answered 404 (`openbanking-tenancy.test.ts`).
 */

/** Things of which one is made; the routes' ids name them. */
export type Thing =
  | "customer"
  | "vendor"
  | "consent"
  | "consent_link"
  | "app"
  | "template"
  | "file"
  | "bank_account"
  | "payment"
  | "batch_payment"
  | "webhook"
  | "event";

export interface Takes {
  /** What stands in the path, by its name there. */
  path?: Readonly<Record<string, Thing>>;
  /** Filters, each of which names something. */
  query?: Readonly<Record<string, Thing>>;
  /** Fields of the form that name something; `form` is what stands beside them. */
  body?: Readonly<Record<string, Thing>>;
  form?: Readonly<Record<string, string>>;
}

const owners = { customer: "customer", vendor: "vendor" } as const;
const recipient = {
  "recipient[name]": "Vic Vendor",
  "recipient[sort_code]": "20-00-00",
  "recipient[account_number]": "55779911",
};
const back = { return_url: "https://client.example/back" };

export const OPENBANKING_ROUTES: Readonly<Record<string, Takes>> = {
  "post /customers": {},
  "get /customers": {},
  "get /customers/{id}": { path: { id: "customer" } },
  "post /customers/{id}": { path: { id: "customer" } },
  "post /vendors": {},
  "get /vendors": {},
  "get /vendors/{id}": { path: { id: "vendor" } },
  "post /vendors/{id}": { path: { id: "vendor" } },
  "post /consents": { body: owners, form: { provider: "orion", ...back } },
  "get /consents": { query: owners },
  "get /consents/{id}": { path: { id: "consent" } },
  "post /consents/{id}": { path: { id: "consent" } },
  "post /consents/{id}/revoke": { path: { id: "consent" } },
  "post /consent_links": { body: owners, form: { type: "multiple", ...back } },
  "get /consent_links": { query: owners },
  "get /consent_links/{id}": { path: { id: "consent_link" } },
  "get /apps": {},
  "post /apps/{app_id}/redirect_secret": { path: { app_id: "app" } },
  "post /apps/{app_id}/templates": { path: { app_id: "app" }, form: { name: "Ours" } },
  "get /apps/{app_id}/templates": { path: { app_id: "app" } },
  "get /apps/{app_id}/templates/{id}": { path: { app_id: "app", id: "template" } },
  "post /apps/{app_id}/templates/{id}": { path: { app_id: "app", id: "template" } },
  "delete /apps/{app_id}/templates/{id}": { path: { app_id: "app", id: "template" } },
  "post /files": {},
  "get /files/{id}": { path: { id: "file" } },
  "get /bank_accounts": { query: { ...owners, consent: "consent" } },
  "get /bank_accounts/{id}": { path: { id: "bank_account" } },
  "post /bank_accounts/{id}": { path: { id: "bank_account" } },
  "get /bank_accounts/{id}/balance": { path: { id: "bank_account" } },
  "get /bank_accounts/{id}/transactions": { path: { id: "bank_account" } },
  "get /bank_accounts/{id}/sync": { path: { id: "bank_account" } },
  "post /bank_accounts/{id}/sync": { path: { id: "bank_account" } },
  "post /payments": {
    body: owners,
    form: { amount: "1.50", currency: "gbp", reference: "R1", ...back, ...recipient },
  },
  "get /payments": { query: { ...owners, batch_payment: "batch_payment" } },
  "get /payments/{id}": { path: { id: "payment" } },
  "post /payments/{id}/cancel": { path: { id: "payment" } },
  "post /batch_payments": {
    body: owners,
    form: {
      currency: "gbp",
      ...back,
      "payments[0][amount]": "1.50",
      "payments[0][reference]": "R1",
      ...Object.fromEntries(
        Object.entries(recipient).map(([name, value]) => [
          name.replace("recipient", "payments[0][recipient]"),
          value,
        ]),
      ),
    },
  },
  "get /batch_payments": { query: owners },
  "get /batch_payments/{id}": { path: { id: "batch_payment" } },
  "get /batch_payments/{id}/payments": { path: { id: "batch_payment" } },
  "post /batch_payments/{id}/cancel": { path: { id: "batch_payment" } },
  "get /providers": {},
  "get /webhooks": {},
  "post /webhooks": {},
  "get /webhooks/{id}": { path: { id: "webhook" } },
  "post /webhooks/{id}": { path: { id: "webhook" } },
  "delete /webhooks/{id}": { path: { id: "webhook" } },
  "post /webhooks/{id}/rotate": { path: { id: "webhook" } },
  "post /webhooks/{id}/resume": { path: { id: "webhook" } },
  "get /events": { query: { after: "event" } },
  "get /events/{id}": { path: { id: "event" } },
  "get /events/stream": { query: { after: "event" } },
};
