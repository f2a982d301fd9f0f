/** Requests and answers of the contract, for the client's methods. */

export interface ClientOptions {
  /** Such as `http://localhost:8080`, without a path. */
  baseUrl: string;
  apiKey: string;
  serverHash: string;
  /** Default is the global one. */
  fetch?: typeof fetch;
}

/** An answer that is not 2xx. `code` is the contract's, such as `SESSION_NOT_FOUND`, or empty; of an entity's upload its number. */
export class BankbellError extends Error {
  override name = "BankbellError";
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export interface Payload {
  body: string | FormData;
  headers?: Record<string, string>;
}

export const json = (value: object): Payload => ({
  body: JSON.stringify(value),
  headers: { "content-type": "application/json" },
});

/** Answers what the contract answers, or throws BankbellError. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller names the contract's answer
export type Call = <T>(method: "GET" | "POST" | "DELETE", path: string, payload?: Payload) => Promise<T>;

export function caller({ baseUrl, apiKey, serverHash, fetch: ask = fetch }: ClientOptions): Call {
  const base = `${baseUrl.replace(/\/+$/, "")}/bank-connect/v1/`;
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller names the contract's answer
  return async <T>(method: "GET" | "POST" | "DELETE", path: string, payload?: Payload): Promise<T> => {
    const response = await ask(base + path, {
      method,
      headers: { ...payload?.headers, "x-api-key": apiKey, "server-hash": serverHash },
      ...(payload && { body: payload.body }),
    });
    const answer = parsed(await response.text());
    if (!response.ok) throw errorOf(response.status, answer);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the wire contract is the server's word
    return answer as T;
  };
}

/** Null where it is not JSON: what stands between may answer with a page. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/**
 * The contract's shapes: `{"error": {"code", "message"}}`, `{"detail"}`, and of the entity flow `{"message", "status": 3}`
 * and `{"<field>": ["reason"]}`.
 */
export function errorOf(status: number, answer: unknown): BankbellError {
  const error = field(answer, "error");
  const code = field(error, "code") ?? field(answer, "status");
  const said = field(error, "message") ?? field(answer, "detail") ?? field(answer, "message");
  const message = typeof said === "string" ? said : faultOf(answer);
  return new BankbellError(
    status,
    typeof code === "string" || typeof code === "number" ? String(code) : "",
    message ?? `The server answered ${status}.`,
  );
}

/** `{"link_id": ["Too long."]}` → `link_id, Too long.` */
function faultOf(answer: unknown): string | null {
  if (typeof answer !== "object" || answer === null) return null;
  for (const [name, reasons] of Object.entries(answer)) {
    const reason: unknown = Array.isArray(reasons) ? reasons[0] : null;
    if (typeof reason === "string") return `${name}, ${reason}`;
  }
  return null;
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

/** A statement's bytes, or a public URL to fetch it from. */
export type StatementFile = Uint8Array | Blob | { url: string };

/** Fields that are undefined are left out. */
export function uploadForm(file: StatementFile, fileName: string | undefined, fields: object): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) if (typeof value === "string") form.set(name, value);
  if ("url" in file) form.set("file_url", file.url);
  else
    form.set(
      "file",
      file instanceof Blob ? file : new Blob([new Uint8Array(file)]),
      fileName ?? "statement.pdf",
    );
  return form;
}
