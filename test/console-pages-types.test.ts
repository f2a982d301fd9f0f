/**
 * What the console's pages of sessions, open banking, requests and settings write down of the answers
 * (`web/console/src/api/`) is what the server's schemas say. The type check fails where the two differ; the test says so in
 * the list of tests.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { z } from "zod";
import type { caseAnalysis, caseTransaction } from "../src/http/console/cases/analysis.ts";
import type { proof } from "../src/http/console/cases/files.ts";
import type { caseDetail, caseRow } from "../src/http/console/cases/views.ts";
import type { journey, openBankingView } from "../src/http/console/hosted-settings.ts";
import type { requestRow } from "../src/http/console/requests.ts";
import type {
  accountView,
  balancesView,
  syncView,
  transactionView,
} from "../src/http/openbanking/bank-account-views.ts";
import type { consentView } from "../src/http/openbanking/consent-views.ts";
import type { customerView } from "../src/http/openbanking/customers.ts";
import type { paymentView } from "../src/http/openbanking/payment-views.ts";
import type { providerView } from "../src/http/openbanking/providers.ts";
import type * as Cases from "../web/console/src/api/cases.ts";
import type * as Hosted from "../web/console/src/api/hosted-settings.ts";
import type * as Open from "../web/console/src/api/open-banking.ts";
import type { ApiRequest } from "../web/console/src/api/requests.ts";

/** True only where each fits into the other. */
type Same<A, B> = [A, B] extends [B, A] ? true : false;
/** True where what the server answers is what the page expects; the server may say more. */
type Gives<Schema extends z.ZodType, Page> = z.output<Schema> extends Page ? true : false;

const same: {
  case: Same<Cases.Case, z.output<typeof caseRow>>;
  detail: Same<Cases.CaseDetail, z.output<typeof caseDetail>>;
  analysis: Same<{ accounts: Cases.AccountAnalysis[] }, z.output<typeof caseAnalysis>>;
  transaction: Same<Cases.CaseTransaction, z.output<typeof caseTransaction>>;
  proof: Same<Cases.StatementProof, z.output<typeof proof>>;
  request: Same<ApiRequest, z.output<typeof requestRow>>;
  openBanking: Same<Hosted.OpenBankingSettings, z.output<typeof openBankingView>>;
  journey: Same<Hosted.JourneySettings, z.output<typeof journey>>;
} = {
  case: true,
  detail: true,
  analysis: true,
  transaction: true,
  proof: true,
  request: true,
  openBanking: true,
  journey: true,
};

const gives: {
  customer: Gives<ReturnType<typeof customerView>, Open.Customer>;
  consent: Gives<typeof consentView, Open.Consent>;
  account: Gives<typeof accountView, Open.BankAccount>;
  balances: Gives<typeof balancesView, { data: Open.Balance[] }>;
  sync: Gives<typeof syncView, Open.Sync>;
  transaction: Gives<typeof transactionView, Open.BankTransaction>;
  payment: Gives<typeof paymentView, Open.Payment>;
  provider: Gives<typeof providerView, Open.Provider>;
} = {
  customer: true,
  consent: true,
  account: true,
  balances: true,
  sync: true,
  transaction: true,
  payment: true,
  provider: true,
};

test("the pages' types are the server's", () => {
  assert.ok([...Object.values(same), ...Object.values(gives)].every(Boolean));
});
