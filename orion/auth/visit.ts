/** A customer on the way through the bank: each step checks the browser that began, and ends with a page or the way back. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { setTimeout as pause } from "node:timers/promises";
import { hashOf, newId, newSecret, type Bank } from "../bank.ts";
import { ONE_TIME_CODE, PASSWORD, userOf, type Behaviour, type User } from "../data/users.ts";
import { accountsPage, codePage, deadEndPage, loginPage, paymentPage, type Shown } from "../pages/visit.ts";
import { CONTENT_POLICY } from "../pages/layout.ts";
import type { Consent, Visit } from "../types.ts";
import { authorise, reject, type Choice } from "./decide.ts";
import { NowhereToReturn, readAuthRequest, RefusedRequest } from "./request-object.ts";
import { returnUrl } from "./return.ts";

const VISIT_MS = 30 * 60_000;
const MOST_WRONG = 3;
const COOKIE = "orion_visit";

type Step = (bank: Bank, visit: Visit, form: URLSearchParams) => Promise<Outcome> | Outcome;
/** A page to show (with what was wrong), or where to go. */
type Outcome = { page: string; status?: number } | { to: string };

const STEPS: Record<string, Step> = { login, code, consent, cancel };

export function visitRoutes(app: FastifyInstance, bank: Bank): void {
  app.get<{ Querystring: Record<string, unknown> }>("/auth", async (request, reply) => {
    try {
      const { visit, cookie } = begin(bank, await readAuthRequest(bank, request.query));
      const secure = bank.url.startsWith("https:") ? "; Secure" : "";
      reply.header(
        "set-cookie",
        `${COOKIE}=${cookie}; Path=/auth/${visit.id}; HttpOnly; SameSite=Lax${secure}`,
      );
      return reply.redirect(`/auth/${visit.id}`, 303);
    } catch (error) {
      return begunWrong(bank, error, reply);
    }
  });
  app.get<{ Params: { id: string } }>("/auth/:id", async (request, reply) => {
    const visit = visitOf(bank, request, request.params.id);
    if (!visit) return show(reply, { page: gone(), status: 400 });
    return show(reply, { page: pageOf(bank, visit, null) });
  });
  app.post<{ Params: { id: string; step: string } }>("/auth/:id/:step", async (request, reply) => {
    const { id, step: name } = request.params;
    const visit = visitOf(bank, request, id);
    const step = Object.hasOwn(STEPS, name) ? STEPS[name] : undefined;
    if (!visit || !step || !(request.body instanceof URLSearchParams))
      return show(reply, { page: gone(), status: 400 });
    return show(reply, await step(bank, visit, request.body));
  });
}

function begin(bank: Bank, request: Visit["request"]): { visit: Visit; cookie: string } {
  const cookie = newSecret();
  const id = newId("visit");
  const visit: Visit = {
    id,
    browser: hashOf(cookie),
    request,
    step: "login",
    username: null,
    wrong: 0,
    created: bank.realNow(),
  };
  for (const old of bank.visits.values())
    if (old.created + VISIT_MS < bank.realNow()) bank.visits.delete(old.id);
  bank.visits.set(id, visit);
  return { visit, cookie };
}

function begunWrong(bank: Bank, error: unknown, reply: FastifyReply): FastifyReply {
  if (error instanceof RefusedRequest) {
    bank.log({ error: error.code, why: error.message }, "authorisation request refused");
    const parameters = { error: error.code, error_description: error.message };
    return reply.redirect(returnUrl(bank, error.way, parameters), 303);
  }
  if (!(error instanceof NowhereToReturn)) throw error;
  bank.log({ why: error.message }, "authorisation request refused");
  return show(reply, { page: deadEndPage("This link does not work", error.message), status: 400 });
}

/** Null where it is over, or another browser's. */
function visitOf(bank: Bank, request: FastifyRequest, id: string): Visit | null {
  const visit = bank.visits.get(id);
  if (!visit || visit.created + VISIT_MS < bank.realNow()) return null;
  const cookies = (request.headers.cookie ?? "").split(/;\s*/);
  return cookies.some(
    (pair) => pair.startsWith(`${COOKIE}=`) && hashOf(pair.slice(COOKIE.length + 1)) === visit.browser,
  )
    ? visit
    : null;
}

const gone = (): string =>
  deadEndPage(
    "This page is over",
    "It was open for too long, was used before, or belongs to another browser.",
  );

function show(reply: FastifyReply, outcome: Outcome): FastifyReply {
  reply.header("cache-control", "no-store").header("content-security-policy", CONTENT_POLICY);
  if ("to" in outcome) return reply.redirect(outcome.to, 303);
  return reply
    .code(outcome.status ?? 200)
    .type("text/html; charset=utf-8")
    .send(outcome.page);
}

function pageOf(bank: Bank, visit: Visit, fault: string | null): string {
  if (visit.step === "login") return loginPage(visit, fault);
  if (visit.step === "code") return codePage(visit, fault);
  const consent = bank.consents.get(visit.request.consentId);
  if (!consent) return gone();
  const accounts = offered(bank, visit, consent);
  return consent.kind === "accounts"
    ? accountsPage(visit, consent, accounts, fault)
    : paymentPage(visit, consent, accounts, fault);
}

/** Whatever may be shared; what can be paid from, the account that the client named first of all. */
function offered(bank: Bank, visit: Visit, consent: Consent): Shown[] {
  const own = bank.world.accountsOf(visit.username ?? "");
  const wanted = consent.kind === "payments" ? consent.initiation.DebtorAccount?.Identification : undefined;
  const fitting =
    consent.kind === "accounts"
      ? own
      : own.filter(
          ({ kind, sortCode, number }) =>
            kind === "CurrentAccount" && (wanted === undefined || wanted === sortCode + number),
        );
  return fitting.map((account) => ({
    account,
    balance: bank.world.ledger(account.id, bank.now()).availableBalance,
  }));
}

function stay(bank: Bank, visit: Visit, fault: string | null): Outcome {
  bank.visits.set(visit.id, visit);
  return fault === null ? { to: `/auth/${visit.id}` } : { page: pageOf(bank, visit, fault), status: 422 };
}

/** What a right password leads to, by how the bank treats the customer. */
const AFTER_LOGIN: Partial<Record<Behaviour, (bank: Bank, visit: Visit) => Promise<Outcome> | Outcome>> = {
  code: (bank, visit) => stay(bank, { ...visit, step: "code" }, null),
  refused: (bank, visit) => back(bank, visit, "access_denied", "The bank refuses."),
  "down-login": (bank, visit) => leave(bank, visit, "temporarily_unavailable", "The bank is out of order."),
  slow: async (bank, visit) => {
    await pause(bank.settings.slowMs);
    return stay(bank, { ...visit, step: "consent" }, null);
  },
};

async function login(bank: Bank, visit: Visit, form: URLSearchParams): Promise<Outcome> {
  if (visit.step !== "login") return { to: `/auth/${visit.id}` };
  const user = userOf((form.get("username") ?? "").trim().toLowerCase());
  if (!user || user.behaviour === "locked" || form.get("password") !== PASSWORD)
    return wrong(bank, visit, user);
  const known = { ...visit, username: user.username, wrong: 0 };
  const after = AFTER_LOGIN[user.behaviour];
  return after ? await after(bank, known) : stay(bank, { ...known, step: "consent" }, null);
}

function wrong(bank: Bank, visit: Visit, user?: User): Outcome {
  const count = visit.wrong + 1;
  if (count >= MOST_WRONG) return back(bank, visit, "access_denied", "Too many wrong log-ins.");
  bank.log({ known: user !== undefined, count }, "log-in refused");
  const words = visit.step === "code" ? "This is not the code." : "User name or password is wrong.";
  return stay(bank, { ...visit, wrong: count }, `${words} ${MOST_WRONG - count} more to try.`);
}

function code(bank: Bank, visit: Visit, form: URLSearchParams): Outcome {
  if (visit.step !== "code") return { to: `/auth/${visit.id}` };
  if ((form.get("code") ?? "").trim() !== ONE_TIME_CODE) return wrong(bank, visit);
  return stay(bank, { ...visit, step: "consent", wrong: 0 }, null);
}

async function consent(bank: Bank, visit: Visit, form: URLSearchParams): Promise<Outcome> {
  if (visit.step !== "consent" || visit.username === null) return { to: `/auth/${visit.id}` };
  const asked = bank.consents.get(visit.request.consentId);
  if (!asked) return { page: gone(), status: 400 };
  const own = new Set(offered(bank, visit, asked).map(({ account }) => account.id));
  const accountIds = form.getAll("account").filter((id) => own.has(id));
  if (accountIds.length === 0) return stay(bank, visit, "Choose at least one account.");
  bank.visits.delete(visit.id);
  const choice: Choice = { request: visit.request, username: visit.username, accountIds };
  return { to: returnUrl(bank, visit.request, await authorise(bank, choice)) };
}

function cancel(bank: Bank, visit: Visit): Outcome {
  return back(bank, visit, "access_denied", "The customer pressed Cancel.");
}

/** The consent is refused for good. */
function back(bank: Bank, visit: Visit, error: string, description: string): Outcome {
  reject(bank, visit.request.consentId);
  return leave(bank, visit, error, description);
}

/** The consent stays as it is: it may be tried again. */
function leave(bank: Bank, visit: Visit, error: string, description: string): Outcome {
  bank.visits.delete(visit.id);
  return { to: returnUrl(bank, visit.request, { error, error_description: description }) };
}
