/** Refusals of this room. One place in `http/openbanking` gives each its status. */

export type ConnectErrorCode =
  /** Neither customer nor vendor was named. */
  | "missing_identity"
  | "missing_parameter"
  | "invalid_parameter"
  /** There is none of this id in this environment. */
  | "resource_missing"
  /** The object's status does not allow it. */
  | "invalid_state"
  /** `retryAfterS` says when. */
  | "sync_rate_limited"
  /** The bank does not answer, or is not configured any more. */
  | "provider_unavailable";

export interface ConnectErrorDetail {
  /** The parameter at fault, as the client writes it. */
  param?: string;
  retryAfterS?: number;
}

export class ConnectError extends Error {
  override name = "ConnectError";
  readonly code: ConnectErrorCode;
  readonly detail: ConnectErrorDetail;
  /** @param message goes to the client: plain words, no personal data */
  constructor(code: ConnectErrorCode, message: string, detail: ConnectErrorDetail = {}) {
    super(message);
    this.code = code;
    this.detail = detail;
  }
}
