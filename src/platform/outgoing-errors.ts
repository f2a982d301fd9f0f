/** Why an outgoing request brought no whole answer: the words of the history, the logs and the metrics' labels. */
export type OutgoingError =
  | "forbidden_address"
  | "forbidden_url"
  | "dns"
  | "refused"
  | "unreachable"
  | "tls"
  | "reset"
  | "timeout"
  | "too_large"
  | "bad_response"
  | "stopped"
  | "failed";

export class OutgoingFault extends Error {
  override name = "OutgoingFault";
  readonly reason: OutgoingError;
  constructor(reason: OutgoingError, options?: ErrorOptions) {
    super(reason, options);
    this.reason = reason;
  }
}

const BY_CODE: Readonly<Record<string, OutgoingError>> = {
  ECONNREFUSED: "refused",
  ECONNRESET: "reset",
  ECONNABORTED: "reset",
  EPIPE: "reset",
  UND_ERR_SOCKET: "reset",
  ETIMEDOUT: "timeout",
  UND_ERR_CONNECT_TIMEOUT: "timeout",
  UND_ERR_HEADERS_TIMEOUT: "timeout",
  UND_ERR_BODY_TIMEOUT: "timeout",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
  ENETDOWN: "unreachable",
  EADDRNOTAVAIL: "unreachable",
  EAFNOSUPPORT: "unreachable",
  ENOTFOUND: "dns",
  EAI_AGAIN: "dns",
  EAI_FAIL: "dns",
  ENODATA: "dns",
  ESERVFAIL: "dns",
  UND_ERR_HEADERS_OVERFLOW: "too_large",
  HPE_HEADER_OVERFLOW: "too_large",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "bad_response",
  UND_ERR_DESTROYED: "stopped",
  UND_ERR_CLOSED: "stopped",
  EPROTO: "tls",
  DEPTH_ZERO_SELF_SIGNED_CERT: "tls",
  HOSTNAME_MISMATCH: "tls",
};
const BY_PREFIX: readonly (readonly [string, OutgoingError])[] = [
  ["HPE_", "bad_response"],
  ["ERR_TLS_", "tls"],
  ["ERR_SSL_", "tls"],
  ["CERT_", "tls"],
  ["SELF_SIGNED_", "tls"],
  ["UNABLE_TO_", "tls"],
];

/** By the code that Node, OpenSSL or undici gives; "failed" where it has none that we know. */
export function nameError(error: unknown): OutgoingError {
  if (error instanceof OutgoingFault) return error.reason;
  if (!(error instanceof Error)) return "failed";
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  // undici destroys the socket of a server that answers 100 or 101 unasked.
  if (code === "UND_ERR_SOCKET" && error.message.startsWith("bad ")) return "bad_response";
  // Some of the parser's errors have no code.
  if (error.name === "HTTPParserError" && code === "") return "bad_response";
  const known = BY_CODE[code] ?? BY_PREFIX.find(([prefix]) => code.startsWith(prefix))?.[1];
  if (known) return known;
  return error.cause === undefined ? "failed" : nameError(error.cause);
}
