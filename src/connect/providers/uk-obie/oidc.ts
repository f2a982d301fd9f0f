/**
 * Sign-in at a bank as the FAPI profile of the UK standard has it: a signed request object (PS256), PKCE, state, nonce,
 * the consent as `openbanking_intent_id`; id_tokens whose signature and hashes are checked; tokens of our own for what
 * no customer has to allow.
 */
import type { webcrypto } from "node:crypto";
import { createRemoteJWKSet, customFetch as jwksFetch, type JWTVerifyGetKey } from "jose";
import * as oidc from "openid-client";
import type { Clock } from "../../../platform/clock.ts";
import type { Callback, Grant, Outcome, Role, TripRequest } from "../provider.ts";
import type { UkObieBank } from "./bank.ts";
import { BankUnreachable, fault, type BankHttp } from "./http.ts";
import { callbackFault, oidcFault } from "./oidc-faults.ts";

export interface Oidc {
  authorizationUrl(trip: TripRequest): Promise<Outcome<URL>>;
  redeem(callback: Callback, trip: TripRequest): Promise<Outcome<Grant>>;
  refresh(grant: Grant): Promise<Outcome<Grant>>;
  /** By client credentials, kept until shortly before it runs out; `renew` where the bank does not take the kept one. */
  ownToken(role: Role, options?: { renew: boolean }): Promise<Outcome<string>>;
  /** The bank's keys, and its name in what it signs. */
  signer(): Promise<Outcome<{ issuer: string; keys: JWTVerifyGetKey }>>;
  /** Asks for the discovery document anew. */
  probe(): Promise<Outcome<null>>;
}

export interface OidcDeps {
  http: BankHttp;
  clock: Clock;
  /** Before the bank is asked for the first time, and when it does not know us: the sandbox bank forgets. */
  register: (() => Promise<void>) | null;
}

const SCOPES: Readonly<Record<Role, string>> = { ais: "accounts", pis: "payments" };
const DISCOVERY_LASTS = { hours: 6 };
const MARGIN = { seconds: 30 };
/** Until the customer arrives with it. */
const REQUEST_LASTS_S = 300;

interface Known {
  config: oidc.Configuration;
  keys: JWTVerifyGetKey;
  until: Temporal.Instant;
}

export function bankOidc(bank: UkObieBank, { http, clock, register }: OidcDeps): Oidc {
  const signing = signingKeyOf(bank);
  const own = new Map<Role, { token: string; until: Temporal.Instant }>();
  let known: Promise<Known> | null = null;

  async function configuration(): Promise<Known> {
    const before = known;
    if (before && Temporal.Instant.compare((await before).until, clock()) > 0) return before;
    // Those who come together ask once; a failure is not remembered.
    if (known === before) {
      const asked = discover(bank, http, signing, clock, register);
      known = asked;
      asked.catch(() => {
        if (known === asked) known = null;
      });
    }
    return known ?? configuration();
  }

  /** Faults by name; where the bank does not know us, once more after we have said who we are. */
  async function attempt<T>(
    work: (known: Known) => Promise<Outcome<T>>,
    during: "sign_in" | "refresh" | "own",
  ): Promise<Outcome<T>> {
    for (let again = register !== null; ; again = false) {
      try {
        return await work(await configuration());
      } catch (error) {
        const found = oidcFault(error, during);
        if (!again || found.code !== "invalid_client" || !register) return found;
        await register().catch(() => undefined);
      }
    }
  }

  return {
    authorizationUrl: (trip) =>
      attempt(
        async ({ config }) => ({ ok: true, value: await requestUrl(config, signing, trip) }),
        "sign_in",
      ),
    redeem: (callback, trip) => redeem(attempt, clock, callback, trip),
    refresh: ({ refreshToken, refreshExpiresAt }) =>
      attempt(async ({ config }) => {
        if (refreshToken === null) return fault("grant_ended", "The bank gave no refresh token.");
        const answer = await oidc.refreshTokenGrant(config, refreshToken);
        return { ok: true, value: grantOf(answer, clock(), { refreshToken, refreshExpiresAt }) };
      }, "refresh"),
    async ownToken(role, { renew } = { renew: false }) {
      const kept = own.get(role);
      if (!renew && kept && Temporal.Instant.compare(kept.until, clock()) > 0)
        return { ok: true, value: kept.token };
      return attempt(async ({ config }) => {
        const answer = await oidc.clientCredentialsGrant(config, { scope: SCOPES[role] });
        const until = expiryOf(answer, clock()).subtract(MARGIN);
        own.set(role, { token: answer.access_token, until });
        return { ok: true, value: answer.access_token };
      }, "own");
    },
    signer: () =>
      attempt(
        async ({ config, keys }) => ({ ok: true, value: { issuer: config.serverMetadata().issuer, keys } }),
        "own",
      ),
    probe: () =>
      attempt(async () => {
        await discover(bank, http, signing, clock, null);
        return { ok: true, value: null };
      }, "own"),
  };
}

type Attempt = <T>(
  work: (known: Known) => Promise<Outcome<T>>,
  during: "sign_in" | "refresh" | "own",
) => Promise<Outcome<T>>;

function signingKeyOf({ signingKey, kid }: UkObieBank): { key: webcrypto.CryptoKey; kid: string } {
  return { key: signingKey.toCryptoKey({ name: "RSA-PSS", hash: "SHA-256" }, false, ["sign"]), kid };
}

async function discover(
  bank: UkObieBank,
  http: BankHttp,
  signing: { key: webcrypto.CryptoKey; kid: string },
  clock: Clock,
  register: (() => Promise<void>) | null,
): Promise<Known> {
  await register?.();
  const url = new URL(bank.discoveryUrl);
  const fetch: oidc.CustomFetch = (to, options) => http.fetch(to, options);
  const config = await oidc.discovery(
    url,
    bank.clientId,
    { id_token_signed_response_alg: "PS256", use_mtls_endpoint_aliases: bank.identity !== null },
    bank.tokenAuth === "private_key_jwt" ? oidc.PrivateKeyJwt(signing) : oidc.TlsClientAuth(),
    // Plain HTTP is the sandbox's, which never leaves the machine: the configuration refuses it elsewhere.
    // oxlint-disable-next-line typescript/no-deprecated -- marked so to be noticed
    {
      [oidc.customFetch]: fetch,
      ...(url.protocol === "http:" ? { execute: [oidc.allowInsecureRequests] } : {}),
    },
  );
  const { jwks_uri, response_types_supported: types } = config.serverMetadata();
  oidc.enableNonRepudiationChecks(config);
  if (types && !types.includes("code")) {
    oidc.useCodeIdTokenResponseType(config);
    oidc.enableDetachedSignatureResponseChecks(config);
  }
  const keysUrl = URL.parse(jwks_uri ?? "");
  if (!keysUrl)
    throw new BankUnreachable(fault("invalid_answer", "The bank's discovery document names no keys."));
  const keys = createRemoteJWKSet(keysUrl, {
    [jwksFetch]: (to, options) => http.fetch(to, options),
  });
  return { config, keys, until: clock().add(DISCOVERY_LASTS) };
}

async function requestUrl(
  config: oidc.Configuration,
  signing: { key: webcrypto.CryptoKey; kid: string },
  trip: TripRequest,
): Promise<URL> {
  const intent = { openbanking_intent_id: { value: trip.bankConsentId, essential: true } };
  const scope = `openid ${SCOPES[trip.for]}`;
  const url = await oidc.buildAuthorizationUrlWithJAR(
    config,
    {
      redirect_uri: trip.redirectUri,
      scope,
      state: trip.state,
      nonce: trip.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(trip.codeVerifier),
      code_challenge_method: "S256",
      claims: JSON.stringify({ userinfo: intent, id_token: intent }),
    },
    signing,
    {
      [oidc.modifyAssertion]: (_header, payload) => {
        payload["exp"] = Number(payload["iat"]) + REQUEST_LASTS_S;
        payload["nbf"] = payload["iat"];
      },
    },
  );
  // OAuth's own parameters stand outside as well (FAPI 1 baseline §5.2.3); what they are, the signed object says.
  url.searchParams.set("response_type", url.searchParams.get("response_type") ?? responseTypeOf(config));
  url.searchParams.set("scope", scope);
  return url;
}

const responseTypeOf = (config: oidc.Configuration): string =>
  config.serverMetadata().response_types_supported?.includes("code") === false ? "code id_token" : "code";

async function redeem(
  attempt: Attempt,
  clock: Clock,
  callback: Callback,
  trip: TripRequest,
): Promise<Outcome<Grant>> {
  if (callback["state"] !== trip.state)
    return fault("invalid_answer", "The state is not the one that was sent.");
  if (callback["error"] !== undefined) return callbackFault(callback);
  return attempt(async ({ config }) => {
    const url = new URL(trip.redirectUri);
    const brought = new URLSearchParams(callback).toString();
    if (responseTypeOf(config) === "code") url.search = brought;
    else url.hash = brought;
    const answer = await oidc.authorizationCodeGrant(config, url, {
      expectedState: trip.state,
      expectedNonce: trip.nonce,
      pkceCodeVerifier: trip.codeVerifier,
      idTokenExpected: true,
    });
    const claims = answer.claims();
    if (claims?.["openbanking_intent_id"] !== trip.bankConsentId)
      return fault("invalid_answer", "The bank's answer is about another consent.");
    const ends = claims["http://openbanking.org.uk/refresh_token_expires_at"];
    return {
      ok: true,
      value: grantOf(answer, clock(), {
        refreshToken: null,
        refreshExpiresAt:
          typeof ends === "number" ? Temporal.Instant.fromEpochMilliseconds(ends * 1000) : null,
      }),
    };
  }, "sign_in");
}

type TokenAnswer = Pick<oidc.TokenEndpointResponse, "access_token" | "refresh_token" | "expires_in">;

/** A bank that says nothing of its token's end is asked anew soon. */
const expiryOf = ({ expires_in }: TokenAnswer, now: Temporal.Instant): Temporal.Instant =>
  now.add({ seconds: Math.max(0, Math.floor(expires_in ?? 300)) });

function grantOf(
  answer: TokenAnswer,
  now: Temporal.Instant,
  before: Pick<Grant, "refreshToken" | "refreshExpiresAt">,
): Grant {
  return {
    accessToken: answer.access_token,
    expiresAt: expiryOf(answer, now),
    refreshToken: answer.refresh_token ?? before.refreshToken,
    refreshExpiresAt: before.refreshExpiresAt,
  };
}
