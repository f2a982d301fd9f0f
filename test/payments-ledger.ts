/**
 * A bank of its own process's memory, over HTTP, for servers that are killed: it counts what it really paid. It keeps a
 * bank's promises (one consent per key, one payment per key, a consent is used once), and can be stopped at each
 * request: when it arrives, when it has been done, when its answer has gone out.
 */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

export type Route = "consent" | "token" | "refresh" | "pay" | "read" | "read consent";
export type Phase = "arrived" | "done" | "answered";

export interface LedgerPayment {
  id: string;
  endToEndId: string;
  key: string;
  consent: string;
}

export interface Ledger {
  url: string;
  /** What was really paid. */
  payments: LedgerPayment[];
  /** The customer says yes: what the browser brings back. */
  visit(url: URL): Record<string, string>;
  /** Resolves when a request of this route has come so far; it gets no answer, or its answer is on its way. */
  stopAt(route: Route, phase: Phase): Promise<void>;
  /** Tokens end at once from now on, so that they are renewed before they are used. */
  shortGrants: boolean;
  close(): Promise<void>;
}

interface State {
  consents: Map<string, { status: string; key: string; instruction: string }>;
  payments: LedgerPayment[];
  /** Codes and refresh tokens: each once; access tokens. To their consents. */
  codes: Map<string, string>;
  refresh: Map<string, string>;
  access: Map<string, string>;
}

type Answer = { status: number; body: object };
type Asked = Record<string, string>;

export async function startLedger(): Promise<Ledger> {
  const state: State = {
    consents: new Map(),
    payments: [],
    codes: new Map(),
    refresh: new Map(),
    access: new Map(),
  };
  let stop: { route: Route; phase: Phase; reached: () => void } | null = null;
  const reaches = (route: Route, phase: Phase): boolean => {
    if (stop?.route !== route || stop.phase !== phase) return false;
    const { reached } = stop;
    stop = null;
    reached();
    return true;
  };
  const server = createServer((request, response) => void serve(request, response));
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const route = decodeURIComponent((request.url ?? "").slice(1)) as Route;
    const asked = (await bodyOf(request)) as Asked;
    if (reaches(route, "arrived")) return;
    const { status, body } = ROUTES[route](state, asked, ledger);
    if (reaches(route, "done")) return;
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(body), () => reaches(route, "answered"));
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("The ledger has no port.");
  const ledger: Ledger = {
    url: `http://127.0.0.1:${address.port}`,
    payments: state.payments,
    shortGrants: false,
    visit(url) {
      const consent = state.consents.get(url.searchParams.get("consent") ?? "");
      // A payment is authorized once: as at a real bank, an authorized consent has no page any more.
      if (consent?.status !== "pending")
        return { error: "access_denied", state: url.searchParams.get("state") ?? "" };
      consent.status = "authorized";
      const code = randomUUID();
      state.codes.set(code, url.searchParams.get("consent") ?? "");
      return { code, state: url.searchParams.get("state") ?? "" };
    },
    stopAt(route, phase) {
      const { promise, resolve } = Promise.withResolvers<void>();
      stop = { route, phase, reached: resolve };
      return promise;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return ledger;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return JSON.parse(text);
}

const refusal = (fault: string): Answer => ({ status: 400, body: { fault } });

const ROUTES: Record<Route, (state: State, asked: Asked, ledger: Ledger) => Answer> = {
  consent({ consents }, { key = "", instruction = "" }) {
    for (const [id, known] of consents) {
      if (known.key !== key) continue;
      return known.instruction === instruction ? { status: 200, body: { id } } : refusal("refused");
    }
    const id = `con-${randomUUID()}`;
    consents.set(id, { status: "pending", key, instruction });
    return { status: 200, body: { id } };
  },
  token({ codes, ...state }, { code = "" }, ledger) {
    const consent = codes.get(code);
    codes.delete(code);
    return consent === undefined
      ? refusal("refused")
      : { status: 200, body: grantFor(state, consent, ledger) };
  },
  refresh({ refresh, ...state }, { token = "" }, ledger) {
    const consent = refresh.get(token);
    refresh.delete(token);
    return consent === undefined
      ? refusal("grant_ended")
      : { status: 200, body: grantFor({ refresh, ...state }, consent, { ...ledger, shortGrants: false }) };
  },
  pay({ payments, access, consents }, { token = "", consent = "", key = "", instruction = "" }) {
    const before = payments.find((payment) => payment.key === key);
    if (before) return { status: 200, body: { id: before.id, status: "executed" } };
    const known = consents.get(consent);
    if (access.get(token) !== consent) return refusal("grant_ended");
    if (known?.status !== "authorized" || known.instruction !== instruction) return refusal("refused");
    known.status = "consumed";
    const { endToEndId } = JSON.parse(instruction) as { endToEndId: string };
    const payment = { id: `pay-${randomUUID()}`, endToEndId, key, consent };
    payments.push(payment);
    return { status: 200, body: { id: payment.id, status: "executed" } };
  },
  read({ payments }, { id = "" }) {
    const known = payments.find((payment) => payment.id === id);
    return known ? { status: 200, body: { id, status: "completed" } } : refusal("refused");
  },
  "read consent": ({ consents }, { id = "" }) => ({
    status: 200,
    body: { status: consents.get(id)?.status ?? "rejected" },
  }),
};

function grantFor(
  { access, refresh }: Pick<State, "access" | "refresh">,
  consent: string,
  { shortGrants }: Pick<Ledger, "shortGrants">,
): object {
  const [accessToken, refreshToken] = [randomUUID(), randomUUID()];
  access.set(accessToken, consent);
  refresh.set(refreshToken, consent);
  return { accessToken, refreshToken, seconds: shortGrants ? 1 : 900 };
}
