/**
 * The open-banking contract for the console's pages: the same handlers below `/console/api/open-banking`, opened by the
 * cookie of a person in place of the key of a program. Only who may do what differs (`roles.ts`).
 */
import type { FastifyInstance } from "fastify";
import type { OpenbankingDeps } from "../openbanking/context.ts";
import { OpenBankingError } from "../openbanking/errors.ts";
import { openbanking } from "../openbanking/routes.ts";
import type { Authenticate } from "./auth.ts";
import { ConsoleError, ERRORS } from "./errors.ts";

export async function consoleOpenBanking(
  app: FastifyInstance,
  { authenticate, ...deps }: OpenbankingDeps,
): Promise<void> {
  app.addHook("onRoute", (route) => {
    // The document has them once, at the root.
    route.schema = { ...route.schema, hide: true };
  });
  app.addHook("onSend", async (_request, reply) => {
    // To `Basic` a browser would answer with a dialog of its own.
    reply.removeHeader("www-authenticate");
  });
  await openbanking(app, { ...deps, authenticate: inTheContractsWords(authenticate) });
}

const inTheContractsWords =
  (authenticate: Authenticate): Authenticate =>
  async (request) => {
    try {
      await authenticate(request);
    } catch (error) {
      if (!(error instanceof ConsoleError)) throw error;
      const message = error.said ?? ERRORS[error.code].message;
      throw new OpenBankingError(codeOf(ERRORS[error.code].status), { message });
    }
  };

function codeOf(status: number) {
  if (status === 401) return "unauthorized";
  if (status === 403) return "permission_denied";
  return status === 429 ? "rate_limited" : "invalid_parameter";
}
