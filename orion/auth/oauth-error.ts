/** What the token endpoint answers where it refuses (RFC 6749 §5.2). */
export type OAuthCode =
  | "invalid_request"
  | "invalid_client"
  | "invalid_grant"
  | "invalid_scope"
  | "unauthorized_client"
  | "unsupported_grant_type";

export class OAuthError extends Error {
  override name = "OAuthError";
  readonly code: OAuthCode;
  constructor(code: OAuthCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
