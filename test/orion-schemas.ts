/** The standard's bodies as JSON Schema: `orion/schemas` written out and compiled by ajv. */
import assert from "node:assert/strict";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { z } from "zod";
import * as accounts from "../orion/schemas/accounts.ts";
import * as common from "../orion/schemas/common.ts";
import * as events from "../orion/schemas/events.ts";
import * as payments from "../orion/schemas/payments.ts";

const SCHEMAS = {
  accountConsentRequest: accounts.accountConsentRequest,
  accountConsentAnswer: accounts.accountConsentAnswer,
  accountsAnswer: accounts.accountsAnswer,
  balancesAnswer: accounts.balancesAnswer,
  transactionsAnswer: accounts.transactionsAnswer,
  partyAnswer: accounts.partyAnswer,
  errorResponse: common.errorResponse,
  paymentConsentRequest: payments.paymentConsentRequest,
  paymentConsentAnswer: payments.paymentConsentAnswer,
  fundsAnswer: payments.fundsAnswer,
  paymentRequest: payments.paymentRequest,
  paymentAnswer: payments.paymentAnswer,
  paymentDetailsAnswer: payments.paymentDetailsAnswer,
  subscriptionRequest: events.subscriptionRequest,
  subscriptionAnswer: events.subscriptionAnswer,
  subscriptionsAnswer: events.subscriptionsAnswer,
  pollingRequest: events.pollingRequest,
  pollingAnswer: events.pollingAnswer,
  eventClaims: events.eventClaims,
};

export type SchemaName = keyof typeof SCHEMAS;

const ajv = new Ajv2020({ allErrors: true, strict: false });
// The package is CommonJS: its function stands under `default` for the types, and is the module itself at run time.
addFormats.default(ajv);

const compiled = new Map<SchemaName, ValidateFunction>();

/** JSON Schema 2020-12. */
export const jsonSchema = (name: SchemaName): Record<string, unknown> => ({
  ...z.toJSONSchema(SCHEMAS[name]),
});

/** What is wrong with a body, in ajv's words; empty where nothing is. */
export function faultsOf(name: SchemaName, body: unknown): string[] {
  const validate = compiled.get(name) ?? ajv.compile(jsonSchema(name));
  compiled.set(name, validate);
  if (validate(body)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

export function assertConforms(name: SchemaName, body: unknown): void {
  assert.deepEqual(faultsOf(name, body), [], name);
}
