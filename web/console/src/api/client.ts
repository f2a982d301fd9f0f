/** Calls of the console's API: same origin, the session's cookie, and the header that other sites cannot send. */

/** What the API refused, in its own words; `code` is one of `src/http/console/errors.ts`, or UNREACHABLE. */
export class ApiError extends Error {
  override name = "ApiError";
  readonly code: string;
  readonly status: number;
  constructor(code: string, status: number, message: string) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export type Environment = "live" | "sandbox";

export interface CallOptions {
  method?: "GET" | "POST" | "PATCH" | "DELETE";
  json?: unknown;
  query?: Query;
  environment?: Environment;
}

export type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>;

const API = "/console/api";

/** `T` is what the route answers: `types.ts`, which a test holds to the server's own schemas. */
export async function call<T>(path: string, options: CallOptions = {}): Promise<T> {
  const { method = options.json === undefined ? "GET" : "POST", json, query, environment } = options;
  const headers: Record<string, string> = { "x-bankbell-console": "1" };
  if (environment) headers["x-bankbell-environment"] = environment;
  if (json !== undefined) headers["content-type"] = "application/json";
  let response: Response;
  try {
    response = await fetch(`${API}${path}${textOf(query)}`, {
      method,
      headers,
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
  } catch {
    // fetch says only that it failed, in words that differ by browser.
    throw new ApiError(
      "UNREACHABLE",
      0,
      "The server cannot be reached. Check your connection, then try again.",
    );
  }
  const body: unknown = await response.json().catch(() => null);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- page and server are of one build
  if (response.ok) return body as T;
  throw errorOf(response.status, body);
}

function textOf(query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value].flat()) if (one !== undefined && one !== "") params.append(name, String(one));
  }
  const text = params.toString();
  return text === "" ? "" : `?${text}`;
}

function errorOf(status: number, body: unknown): ApiError {
  const error = typeof body === "object" && body !== null && "error" in body ? body.error : null;
  if (typeof error === "object" && error !== null && "code" in error && "message" in error) {
    return new ApiError(String(error.code), status, String(error.message));
  }
  return new ApiError(
    "INTERNAL_ERROR",
    status,
    "The server did not answer as it should. Try again in a moment.",
  );
}
