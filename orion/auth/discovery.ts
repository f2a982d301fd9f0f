/** OIDC discovery and the bank's public key. */
import type { FastifyInstance } from "fastify";
import type { Bank } from "../bank.ts";
import { SCOPES } from "./token.ts";

export function discoveryRoutes(app: FastifyInstance, bank: Bank): void {
  app.get("/.well-known/openid-configuration", async () => ({
    issuer: bank.url,
    authorization_endpoint: `${bank.url}/auth`,
    token_endpoint: `${bank.url}/token`,
    jwks_uri: `${bank.url}/jwks`,
    scopes_supported: SCOPES,
    claims_supported: ["sub", "acr", "auth_time", "openbanking_intent_id"],
    claims_parameter_supported: true,
    acr_values_supported: ["urn:openbanking:psd2:sca"],
    response_types_supported: ["code", "code id_token"],
    response_modes_supported: ["query", "fragment"],
    grant_types_supported: ["authorization_code", "client_credentials", "refresh_token"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["PS256"],
    request_parameter_supported: true,
    request_uri_parameter_supported: false,
    require_signed_request_object: true,
    request_object_signing_alg_values_supported: ["PS256"],
    token_endpoint_auth_methods_supported: ["private_key_jwt"],
    token_endpoint_auth_signing_alg_values_supported: ["PS256"],
    code_challenge_methods_supported: ["S256"],
    authorization_response_iss_parameter_supported: true,
  }));
  app.get("/jwks", async () => ({ keys: [bank.key.publicJwk] }));
}
