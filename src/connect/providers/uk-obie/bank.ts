/** One bank of the UK standard as the connector knows it: addresses, keys, names. Values; no file is read here. */
import type { KeyObject } from "node:crypto";
import type { ClientIdentity } from "../../../platform/outgoing.ts";
import type { Role } from "../provider.ts";

export interface UkObieBank {
  /** Lower-case slug. */
  id: string;
  name: string;
  roles: readonly Role[];
  logoUrl: string | null;
  bgColors: readonly string[];
  /** BankConnect's identifiers. */
  bankNames: readonly string[];
  /** `…/.well-known/openid-configuration`. */
  discoveryUrl: string;
  /** What `/aisp/…` and `/pisp/…` come after, such as `https://api.bank.example/open-banking/v3.1`; no slash at its end. */
  apiUrl: string;
  clientId: string;
  /** RSA: signs request objects, client assertions and payments (PS256). */
  signingKey: KeyObject;
  kid: string;
  tokenAuth: "private_key_jwt" | "tls_client_auth";
  /** Mutual TLS, where the bank asks for it. */
  identity: ClientIdentity | null;
  /** PEM of further authorities, such as Open Banking's own. */
  ca: string | null;
  /** `x-fapi-financial-id`, where the bank still asks for it. */
  financialId: string | null;
  /** What detached signatures name: organisation and software of the signer, and the trust anchor. */
  jws: { iss: string; tan: string };
  /** Hosts with or without a port that may have private addresses: those that the operator wrote down. */
  knownHosts: readonly string[];
}
