/**
 * A bank of the UK Read/Write API 3.1, by configuration alone: `bank.ts` says what it is, this makes a Provider of it.
 * Nothing of a customer is kept here; tokens of our own and the bank's public keys are, for as long as they hold.
 */
import type { Clock } from "../../../platform/clock.ts";
import type { Outgoing } from "../../../platform/outgoing.ts";
import type { Provider } from "../provider.ts";
import { accountInformation } from "./accounts.ts";
import type { UkObieBank } from "./bank.ts";
import { bankHttp } from "./http.ts";
import { readNotification } from "./notifications.ts";
import { bankOidc, type OidcDeps } from "./oidc.ts";
import { paymentInitiation } from "./payments.ts";

export type { UkObieBank } from "./bank.ts";

export interface UkObieDeps {
  /** Of this bank alone: with its hosts, its certificate, its authorities. */
  outgoing: Outgoing;
  clock: Clock;
  register?: OidcDeps["register"];
}

export function ukObieProvider(bank: UkObieBank, { outgoing, clock, register = null }: UkObieDeps): Provider {
  const http = bankHttp(bank, outgoing);
  const oidc = bankOidc(bank, { http, clock, register });
  const { id, name, roles, logoUrl, bgColors, bankNames } = bank;
  return {
    id,
    name,
    roles,
    logoUrl,
    bgColors,
    bankNames,
    authorizationUrl: (trip) => oidc.authorizationUrl(trip),
    redeem: (callback, trip) => oidc.redeem(callback, trip),
    refresh: (grant) => oidc.refresh(grant),
    ais: roles.includes("ais") ? accountInformation(bank, http, oidc) : null,
    pis: roles.includes("pis") ? paymentInitiation(bank, http, oidc, clock) : null,
    readNotification: (token) => readNotification(bank, oidc, clock, token),
    probe: () => oidc.probe(),
  };
}
