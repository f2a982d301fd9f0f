/** The journey's own calls. The ids go in headers, which no other origin can send. */
import type { BankConnectionBody, BankItem, ErrorBody, JourneyBody } from "../../../src/http/connect/wire.ts";
import type { Link } from "./link.ts";

export type {
  AccountItem,
  BankItem,
  ConnectionItem,
  JourneyBody,
  StatementItem,
} from "../../../src/http/connect/wire.ts";

/** The server's code, `NETWORK` where it was not reached, `TOO_LARGE` where it was not asked. */
export class ApiError extends Error {
  readonly code: string;
  constructor(code: string, message = code) {
    super(message);
    this.code = code;
  }
}

export interface Upload {
  file: File;
  /** Empty: detect. */
  bank: string;
  password: string;
  /** Of the bytes sent, 0 to 1. */
  onProgress: (part: number) => void;
}

export interface Api {
  session: () => Promise<JourneyBody>;
  banks: () => Promise<BankItem[]>;
  upload: (upload: Upload) => Promise<JourneyBody>;
  takeBack: (statementId: string) => Promise<JourneyBody>;
  finish: () => Promise<JourneyBody>;
  /** Where the customer goes to give their bank consent. */
  connectBank: (bank: string) => Promise<string>;
}

const BASE = "/connect/api";

type Init = Pick<RequestInit, "method" | "body"> & { headers?: Record<string, string> };

export function createApi({ sessionId, token }: Link): Api {
  const headers: Record<string, string> = { "x-session-id": sessionId };
  if (token !== "") headers["x-journey-token"] = token;
  const call = async <T>(path: string, init: Init = {}): Promise<T> => {
    const sent = fetch(`${BASE}${path}`, { ...init, headers: { ...headers, ...init.headers } });
    const response = await sent.catch(() => {
      throw new ApiError("NETWORK");
    });
    return answerOf(response.ok, await response.text());
  };
  return {
    session: () => call("/session"),
    banks: async () => (await call<{ banks: BankItem[] }>("/banks")).banks,
    upload: (upload) => send(headers, upload),
    takeBack: (id) => call(`/statements/${encodeURIComponent(id)}`, { method: "DELETE" }),
    finish: () => call("/finish", { method: "POST" }),
    connectBank: async (bank) => {
      const init = {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ bank_name: bank }),
      };
      return (await call<BankConnectionBody>("/bank_connections", init)).url;
    },
  };
}

/** By XMLHttpRequest: fetch does not tell how much of a body has been sent. */
function send(headers: Readonly<Record<string, string>>, upload: Upload): Promise<JourneyBody> {
  const form = new FormData();
  // Fields before the file: the server reads in order.
  if (upload.bank !== "") form.append("bank_name", upload.bank);
  if (upload.password !== "") form.append("pdf_password", upload.password);
  form.append("file", upload.file, upload.file.name);
  const request = new XMLHttpRequest();
  request.open("POST", `${BASE}/statements`);
  for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    if (total > 0) upload.onProgress(loaded / total);
  });
  return new Promise((resolve, reject) => {
    request.addEventListener("error", () => reject(new ApiError("NETWORK")));
    request.addEventListener("load", () => {
      try {
        resolve(answerOf(request.status === 200, request.responseText));
      } catch (error) {
        reject(error instanceof ApiError ? error : new ApiError("NETWORK"));
      }
    });
    request.send(form);
  });
}

/** Page and server are of one build: the shape is trusted, only that it is JSON is not (proxies answer for the server). */
function answerOf(ok: boolean, text: string) {
  const body = parse(text);
  if (ok && body !== null) return body;
  const error: ErrorBody["error"] | undefined = body?.error;
  throw new ApiError(error?.code ?? "NETWORK", error?.message);
}

function parse(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export const codeOf = (error: unknown): string => (error instanceof ApiError ? error.code : "NETWORK");
