/** The token endpoint: client credentials, authorization code, refresh token. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { hashOf, type Bank } from "../bank.ts";
import type { Client } from "../types.ts";
import { authenticateClient, type UsedAssertions } from "./client-auth.ts";
import {
  ACCESS_SECONDS,
  endTokens,
  findToken,
  forgetOldTokens,
  issueAccessToken,
  issueOwnToken,
  issueRefreshToken,
} from "./grants.ts";
import { signIdToken } from "./id-token.ts";
import { OAuthError } from "./oauth-error.ts";

export const SCOPES = ["openid", "accounts", "payments", "fundsconfirmations"];

type Answer = Record<string, string | number>;
type Grant = (bank: Bank, client: Client, form: URLSearchParams) => Promise<Answer> | Answer;

const GRANTS: Record<string, Grant> = {
  client_credentials: byCredentials,
  authorization_code: byCode,
  refresh_token: byRefreshToken,
};

export function tokenRoutes(app: FastifyInstance, bank: Bank): void {
  const used: UsedAssertions = new Map();
  app.post("/token", async (request, reply) => {
    reply.header("cache-control", "no-store");
    try {
      if (!(request.body instanceof URLSearchParams))
        throw new OAuthError("invalid_request", "The body is application/x-www-form-urlencoded.");
      const form = request.body;
      const client = await authenticateClient(bank, used, form);
      const name = form.get("grant_type") ?? "";
      const grant = Object.hasOwn(GRANTS, name) ? GRANTS[name] : undefined;
      if (!grant) throw new OAuthError("unsupported_grant_type", "grant_type is not served.");
      const answer = await grant(bank, client, form);
      forgetOldTokens(bank);
      return { ...answer, token_type: "Bearer" };
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error;
      bank.log({ error: error.code, why: error.message }, "token refused");
      return reply
        .code(error.code === "invalid_client" ? 401 : 400)
        .send({ error: error.code, error_description: error.message });
    }
  });
}

function byCredentials(bank: Bank, client: Client, form: URLSearchParams): Answer {
  const scope = form.get("scope") ?? "";
  const words = scope.split(" ").filter(Boolean);
  if (words.length === 0 || !words.every((word) => SCOPES.includes(word)))
    throw new OAuthError("invalid_scope", `The scope is one or more of ${SCOPES.join(", ")}.`);
  return { access_token: issueOwnToken(bank, client.client_id, scope), expires_in: ACCESS_SECONDS, scope };
}

async function byCode(bank: Bank, client: Client, form: URLSearchParams): Promise<Answer> {
  const secret = form.get("code") ?? "";
  const code = bank.codes.get(hashOf(secret));
  const bad = (why: string) => new OAuthError("invalid_grant", why);
  if (!code || code.request.clientId !== client.client_id) throw bad("The code is not known.");
  if (code.used) {
    // RFC 6749 §4.1.2: a code that is seen twice was stolen.
    endTokens(bank, code.request.consentId, code.grantId);
    throw bad("The code was used before; what it gave is withdrawn.");
  }
  if (code.expires <= bank.now()) throw bad("The code is too old.");
  if (form.get("redirect_uri") !== code.request.redirectUri) throw bad("redirect_uri is not the request's.");
  if (!isVerifier(form.get("code_verifier"), code.request.codeChallenge))
    throw bad("code_verifier does not fit.");
  const consent = bank.consents.get(code.request.consentId);
  if (consent?.status !== "Authorised") throw bad("The consent is over.");
  bank.codes.set(code.hash, { ...code, used: true });
  const granted = { consent, grantId: code.grantId, scope: code.request.scope };
  const access = issueAccessToken(bank, granted);
  const refresh = issueRefreshToken(bank, granted);
  const bound = { accessToken: access, refreshExpires: refresh.expires };
  return {
    access_token: access,
    expires_in: ACCESS_SECONDS,
    refresh_token: refresh.token,
    scope: granted.scope,
    id_token: await signIdToken(bank, code, bound),
  };
}

/** The refresh token stays the same: one that changes is lost with a client that dies before it writes it down. */
function byRefreshToken(bank: Bank, client: Client, form: URLSearchParams): Answer {
  const token = findToken(bank, "refresh", form.get("refresh_token") ?? "");
  const consent = bank.consents.get(token?.consentId ?? "");
  if (token?.clientId !== client.client_id || token.grantId === null || !consent)
    throw new OAuthError("invalid_grant", "The refresh token is unknown or over.");
  const granted = { consent, grantId: token.grantId, scope: token.scope };
  return { access_token: issueAccessToken(bank, granted), expires_in: ACCESS_SECONDS, scope: token.scope };
}

function isVerifier(verifier: string | null, challenge: string): boolean {
  if (verifier === null || !/^[A-Za-z0-9._~-]{43,128}$/.test(verifier)) return false;
  const hash = createHash("sha256").update(verifier).digest("base64url");
  return timingSafeEqual(Buffer.from(hash), Buffer.from(challenge));
}
