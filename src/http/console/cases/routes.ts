/** Sessions and entities in the console: the list, one of them, what its transactions say, and its files. */
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { readCase, readCaseSnapshot } from "../../../intake/case-file.ts";
import type { Intake } from "../../../intake/context.ts";
import { deleteSession } from "../../../intake/deletion.ts";
import { resourceOf } from "../../../intake/upload-end.ts";
import { listCases } from "../../../store/case-list.ts";
import { callerOf } from "../../keyring.ts";
import { audit, found, type ConsoleDeps } from "../context.ts";
import { describeRoute } from "../documentation.ts";
import { keyOf, pageOf, pageQuery, readCursor, writeCursor } from "../paging.ts";
import {
  ANALYSIS_EXAMPLE,
  caseAnalysis,
  caseTransaction,
  TRANSACTION_EXAMPLE,
  viewAnalysis,
  viewTransactions,
} from "./analysis.ts";
import {
  caseDetail,
  caseRow,
  caseState,
  CASE_EXAMPLE,
  CASE_ROW_EXAMPLE,
  viewCase,
  viewCaseRow,
} from "./views.ts";

const TAG = "Sessions and entities";
const LIST = "cases";

export const caseParams = z.object({
  case_id: z.string().meta({
    description: "The id of a session or of an entity.",
    examples: ["bfb98ac5-7224-401b-a643-175235856187"],
  }),
});

const listQuery = z.object({
  ...pageQuery,
  kind: z.enum(["session", "entity"]).optional(),
  state: z
    .preprocess(
      (value) => (value === undefined || Array.isArray(value) ? value : [value]),
      z.array(caseState).max(6).optional(),
    )
    .optional()
    .meta({ description: "States; may be repeated." }),
  search: z.string().max(500).optional().meta({ description: "An id, or how a link_id begins." }),
});

const listDescription = describeRoute({
  id: "listCases",
  tag: TAG,
  summary: "Sessions and entities",
  description: "Newest first.",
  answer: pageOf(caseRow),
  answerDescription: "One page.",
  example: { data: [CASE_ROW_EXAMPLE], next: null },
  errors: ["INVALID_CURSOR"],
});

const readDescription = describeRoute({
  id: "getCase",
  tag: TAG,
  summary: "One session or entity",
  description: "With its accounts, what they cover, and its statements. Reading it leaves an audit row.",
  answer: caseDetail,
  answerDescription: "As it is now, processed or not.",
  example: CASE_EXAMPLE,
});

const analysisDescription = describeRoute({
  id: "getCaseAnalysis",
  tag: TAG,
  summary: "What the transactions say",
  description:
    "Balances, months, categories, salary, recurring payments and fraud findings, account by account.",
  answer: caseAnalysis,
  answerDescription: "In the order of the accounts.",
  example: ANALYSIS_EXAMPLE,
});

const deleteDescription = describeRoute({
  id: "deleteCase",
  tag: TAG,
  summary: "Delete a session",
  description:
    "Its files, transactions and personal data go; what is undelivered is withdrawn. An entity cannot be deleted.",
  owner: true,
  answer: z.object({ id: z.string(), deleted: z.literal(true) }),
  answerDescription: "It is gone.",
  example: { id: "bfb98ac5-7224-401b-a643-175235856187", deleted: true },
});

const transactionsQuery = z.object({ account_id: z.string().max(64).optional() });

const transactionsDescription = describeRoute({
  id: "getCaseTransactions",
  tag: TAG,
  summary: "Transactions",
  description: "Merged over statements, newest day first. Reading them leaves an audit row.",
  answer: z.object({ data: z.array(caseTransaction) }),
  answerDescription: "All of them.",
  example: { data: [TRANSACTION_EXAMPLE] },
});

export interface CaseDeps extends ConsoleDeps {
  intake: Intake;
  /** Reads a file once more and draws what was recognised over its pages: HTML that stands by itself. */
  reportOf: (file: { bytes: Uint8Array; fileName: string }, password: string | null) => Promise<string>;
}

/** @param deps opened with the owner's key alone */
export function caseDeletionRoute(
  app: FastifyInstance,
  { authenticate, intake }: Pick<CaseDeps, "authenticate" | "intake">,
): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "DELETE",
    url: "/cases/:case_id",
    onRequest: authenticate,
    schema: { ...deleteDescription, params: caseParams },
    handler: async (request) => {
      const { env, actor } = callerOf(request);
      const { case_id: id } = request.params;
      const { session } = found(await readCaseSnapshot(intake, env, id));
      found(session.kind === "session" ? session : null);
      await deleteSession(intake, env, actor, id);
      return { id, deleted: true as const };
    },
  });
}

export function caseRoutes(app: FastifyInstance, deps: CaseDeps): void {
  const { db, clock, authenticate, intake } = deps;
  const typed = app.withTypeProvider<ZodTypeProvider>();

  typed.route({
    method: "GET",
    url: "/cases",
    onRequest: authenticate,
    schema: { ...listDescription, querystring: listQuery },
    handler: async (request) => {
      const { limit, cursor, kind, state, search } = request.query;
      const before = readCursor(cursor, LIST, ([id]) => keyOf(id));
      const filter = { kind, search, state };
      const rows = await listCases(db, callerOf(request).env.id, filter, { before, limit: limit + 1 });
      const shown = rows.slice(0, limit);
      const last = shown.at(-1);
      return {
        data: shown.map(viewCaseRow),
        next: rows.length > limit && last ? writeCursor(LIST, [last.id]) : null,
      };
    },
  });

  typed.route({
    method: "GET",
    url: "/cases/:case_id",
    onRequest: authenticate,
    schema: { ...readDescription, params: caseParams },
    handler: async (request) => {
      const caller = callerOf(request);
      const snapshot = found(await readCaseSnapshot(intake, caller.env, request.params.case_id));
      await audit(db, caller, clock(), { action: "case.read", target: resourceOf(snapshot.session) });
      return viewCase(snapshot);
    },
  });

  typed.route({
    method: "GET",
    url: "/cases/:case_id/analysis",
    onRequest: authenticate,
    schema: { ...analysisDescription, params: caseParams },
    handler: async (request) => {
      const caller = callerOf(request);
      const { insights } = found(await readCase(intake, caller.env, request.params.case_id));
      const target = resourceOf(insights.snapshot.session);
      await audit(db, caller, clock(), { action: "insights.read", target });
      return viewAnalysis(insights, caller.env.settings.show_score);
    },
  });

  typed.route({
    method: "GET",
    url: "/cases/:case_id/transactions",
    onRequest: authenticate,
    schema: { ...transactionsDescription, params: caseParams, querystring: transactionsQuery },
    handler: async (request) => {
      const caller = callerOf(request);
      const { insights } = found(await readCase(intake, caller.env, request.params.case_id));
      const data = viewTransactions(insights, request.query.account_id);
      const target = resourceOf(insights.snapshot.session);
      await audit(db, caller, clock(), {
        action: "transactions.read",
        target,
        detail: { count: data.length },
      });
      return { data };
    },
  });
}
