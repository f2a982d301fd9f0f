/** A case's files in the console: a statement's proof, its file, the page that shows how it was read, the workbook. */
import type { FastifyInstance, FastifyReply } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { readCaseSnapshot, readProof } from "../../../intake/case-file.ts";
import { readCaseReport } from "../../../intake/reports.ts";
import { readFile, readFilePassword } from "../../../intake/stored-files.ts";
import { resourceOf } from "../../../intake/upload-end.ts";
import { callerOf, type Caller } from "../../keyring.ts";
import { audit, found } from "../context.ts";
import { describeRoute } from "../documentation.ts";
import { caseParams, type CaseDeps } from "./routes.ts";
import { CASE_EXAMPLE, statementDetail, viewStatement } from "./views.ts";

const TAG = "Sessions and entities";

const statementParams = caseParams.extend({
  statement_id: z.string().meta({ description: "The statement's id." }),
});

const minor = z.int().meta({ description: "Minor units." });
const proofRow = z.object({
  row: z.int(),
  day: z.string(),
  description: z.string(),
  direction: z.enum(["debit", "credit"]),
  amount: minor,
  balance: minor.nullable(),
  proof: z.enum(["chain", "totals", "none"]),
  page: z.int(),
  line: z.int(),
  repeated: z.boolean().meta({ description: "Another statement has it, too." }),
});

export const proof = z.object({
  statement: statementDetail,
  currency: z.string().nullable(),
  minor_digits: z.int(),
  opening_balance: minor.nullable(),
  closing_balance: minor.nullable(),
  breaks: z.array(z.object({ row: z.int(), expected: z.string(), printed: z.string() })),
  totals: z.array(z.object({ kind: z.string(), printed: z.string(), computed: z.string() })),
  rows: z.array(proofRow),
  has_file: z.boolean(),
});

const proofDescription = describeRoute({
  id: "getStatementProof",
  tag: TAG,
  summary: "A statement and its proof",
  description: "Row by row as in the file: how each is proven, and where the arithmetic does not close.",
  answer: proof,
  answerDescription: "In the order in which they happened.",
  example: {
    statement: CASE_EXAMPLE.statements_detail[0],
    currency: "INR",
    minor_digits: 2,
    opening_balance: 1_200_000,
    closing_balance: 1_250_000,
    breaks: [],
    totals: [],
    rows: [],
    has_file: true,
  },
});

/** Bytes that somebody uploaded: never shown as a page of ours. */
const asFile = (reply: FastifyReply, type: string, fileName: string, bytes: Uint8Array) =>
  reply
    .type(type)
    .header("content-disposition", `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}`)
    .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));

export function caseFileRoutes(app: FastifyInstance, deps: CaseDeps): void {
  proofRoute(app, deps);
  uploadedFileRoutes(app, deps);
  workbookRoute(app, deps);
}

const note = (
  { db, clock }: CaseDeps,
  caller: Caller,
  read: { target: string; statement: string; action: "transactions.read" | "files.read" },
) => {
  const { target, statement, action } = read;
  return audit(db, caller, clock(), { action, target, detail: { statement } });
};

function proofRoute(app: FastifyInstance, deps: CaseDeps): void {
  const { authenticate, intake } = deps;
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "GET",
    url: "/cases/:case_id/statements/:statement_id",
    onRequest: authenticate,
    schema: { ...proofDescription, params: statementParams },
    handler: async (request) => {
      const caller = callerOf(request);
      const { case_id, statement_id } = request.params;
      const read = found(await readProof(intake, caller.env, case_id, statement_id));
      const target = resourceOf(read.session);
      await note(deps, caller, { target, statement: statement_id, action: "transactions.read" });
      return viewProof(read);
    },
  });
}

function uploadedFileRoutes(app: FastifyInstance, deps: CaseDeps): void {
  const { authenticate, intake, reportOf } = deps;
  const typed = app.withTypeProvider<ZodTypeProvider>();
  typed.route({
    method: "GET",
    url: "/cases/:case_id/statements/:statement_id/file",
    onRequest: authenticate,
    schema: {
      hide: true,
      params: statementParams,
    },
    handler: async (request, reply) => {
      const caller = callerOf(request);
      const { case_id, statement_id } = request.params;
      const { session } = found(await readCaseSnapshot(intake, caller.env, case_id));
      const file = found(await readFile(intake, caller.env, session, statement_id));
      const target = resourceOf(session);
      await note(deps, caller, { target, statement: statement_id, action: "files.read" });
      return asFile(reply, "application/octet-stream", file.fileName, file.bytes);
    },
  });

  typed.route({
    method: "GET",
    url: "/cases/:case_id/statements/:statement_id/pages",
    onRequest: authenticate,
    schema: {
      hide: true,
      params: statementParams,
    },
    handler: async (request, reply) => {
      const caller = callerOf(request);
      const { case_id, statement_id } = request.params;
      const { session } = found(await readCaseSnapshot(intake, caller.env, case_id));
      const file = found(await readFile(intake, caller.env, session, statement_id));
      const password = await readFilePassword(intake, caller.env, session, statement_id);
      const target = resourceOf(session);
      await note(deps, caller, { target, statement: statement_id, action: "files.read" });
      return asFile(
        reply,
        "text/html; charset=utf-8",
        "pages.html",
        Buffer.from(await reportOf(file, password)),
      );
    },
  });
}

function workbookRoute(app: FastifyInstance, { db, clock, authenticate, intake }: CaseDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "GET",
    url: "/cases/:case_id/report",
    onRequest: authenticate,
    schema: {
      hide: true,
      params: caseParams,
      querystring: z.object({ account_id: z.string().max(64).optional() }),
    },
    handler: async (request, reply) => {
      const caller = callerOf(request);
      const { case_id } = request.params;
      const report = found(
        await readCaseReport(intake, caller.env, case_id, request.query.account_id ?? null),
      );
      await audit(db, caller, clock(), { action: "report_links.read", target: report.resource });
      return asFile(reply, XLSX, report.fileName, report.bytes);
    },
  });
}

const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

type Read = NonNullable<Awaited<ReturnType<typeof readProof>>>;

const number = (minor: bigint | null): number | null => (minor === null ? null : Number(minor));

const viewProof = ({ statement, accountId, rows, hasFile, minorDigits }: Read): z.output<typeof proof> => ({
  statement: viewStatement(statement, accountId),
  currency: statement.currency,
  minor_digits: minorDigits,
  opening_balance: number(statement.opening_balance),
  closing_balance: number(statement.closing_balance),
  breaks: statement.verification_detail.breaks ?? [],
  totals: (statement.verification_detail.totals ?? []).map(({ kind, printed, computed }) => ({
    kind,
    printed,
    computed,
  })),
  rows: rows.map((row) => ({
    row: row.row,
    day: row.date.toString(),
    description: row.description,
    direction: row.direction,
    amount: Number(row.amount),
    balance: number(row.balance),
    proof: row.proof,
    page: row.page,
    line: row.line,
    repeated: row.duplicate_of !== null,
  })),
  has_file: hasFile,
});
