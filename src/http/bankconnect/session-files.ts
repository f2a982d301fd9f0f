/** A session's uploaded files, and its deletion (reference §2.9). The entity flow's files are the same list. */
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { deleteSession } from "../../intake/deletion.ts";
import { knownEntity } from "../../intake/entities.ts";
import { assertAllows } from "../../intake/states.ts";
import { readFiles, type FileView } from "../../intake/stored-files.ts";
import { findSession, type Session } from "../../store/sessions.ts";
import { callerOf, type Caller } from "../keyring.ts";
import { ignoreBodies } from "../parsers.ts";
import { processingStarted, uuid } from "./bodies.ts";
import { auditRead, checkSessionId, onlyMethod, sessionParams, type BankconnectDeps } from "./context.ts";
import { BOTH_KEYS, COMMON_ERRORS, describeRoute } from "./documentation.ts";
import { checkEntityId, DENIED, ENTITY_SHAPE, entityParams } from "./entity/context.ts";
import { Refusal } from "./errors.ts";

const FILES_URL = "/session_data/:session_id/get_pdfs/";
const DELETE_URL = "/session_data/:session_id/delete/";
const ENTITY_FILES_URL = "/entity/:entity_id/get_pdfs/";

const file = z.object({
  statement_id: uuid,
  bank_name: z.string(),
  pdf_password: z.string().nullable(),
  pdf_url: z.string().meta({ description: 'Valid for one hour; `""` once the file is 30 days old.' }),
  account_id: uuid.nullable(),
});
const sessionFile = file.extend({ source: z.literal("PDF"), message: z.string() });

const EXAMPLE = {
  statement_id: "fe49d6a6-1c0e-4e6d-911a-c38b6a4f0d04",
  bank_name: "kotak",
  pdf_password: null,
  pdf_url: "https://bankbell.example/files/statements/env_2aUyqjCzEIiEcYMKj7TZtw/session/…",
  account_id: "814d062e-1c36-409f-9f9c-acb32e7984b0",
};

const filesDescription = describeRoute({
  id: "getFiles",
  summary: "Uploaded files",
  description: "A link to each statement's file, as it was uploaded. Files are kept for 30 days.",
  security: BOTH_KEYS,
  status: 200,
  answer: z.object({ statements: z.array(sessionFile) }),
  answerDescription: "One per statement, in the order of upload.",
  example: { statements: [{ ...EXAMPLE, source: "PDF", message: "Success" }] },
  errors: COMMON_ERRORS,
});

const entityFilesDescription = describeRoute({
  id: "getEntityFiles",
  summary: "Uploaded files",
  description: "A link to each statement's file, as it was uploaded. Files are kept for 30 days.",
  flow: "entities",
  security: BOTH_KEYS,
  status: 200,
  answer: z.object({ statements: z.array(file) }),
  answerDescription: "One per statement, in the order of upload.",
  example: { statements: [EXAMPLE] },
  shape: "detail",
  errors: [DENIED, "ENTITY_NOT_FOUND"],
});

const deleteDescription = describeRoute({
  id: "deleteSession",
  summary: "Delete a session",
  description: "Its files, transactions and personal data go; later calls answer 410.",
  security: BOTH_KEYS,
  status: 200,
  answer: processingStarted,
  answerDescription: "It is gone.",
  example: { session_id: "bfb98ac5-7224-401b-a643-175235856187", message: "success" },
  errors: COMMON_ERRORS,
});

export function sessionFileRoutes(app: FastifyInstance, deps: BankconnectDeps): void {
  const { db, access } = deps;
  const typed = app.withTypeProvider<ZodTypeProvider>();
  onlyMethod(app, FILES_URL, "GET");
  typed.route({
    method: "GET",
    url: FILES_URL,
    onRequest: access.require("both", "ACCESS_DENIED"),
    schema: { ...filesDescription, params: sessionParams },
    handler: async (request) => {
      const sessionId = checkSessionId(request.params.session_id);
      const session = await findSession(db, callerOf(request).env.id, sessionId);
      if (!session) throw new Refusal("SESSION_NOT_FOUND");
      assertAllows(session.state, "read_uploads", sessionId);
      const { views, itemOf } = await readLinked(deps, callerOf(request), session);
      const statements = views.map((view) =>
        Object.assign(itemOf(view), { source: "PDF" as const, message: view.message }),
      );
      return { statements };
    },
  });
  onlyMethod(app, ENTITY_FILES_URL, "GET", "detail");
  typed.route({
    method: "GET",
    url: ENTITY_FILES_URL,
    config: ENTITY_SHAPE,
    onRequest: access.require("both", DENIED),
    schema: { ...entityFilesDescription, params: entityParams },
    handler: async (request) => {
      const caller = callerOf(request);
      const entity = await knownEntity(db, caller.env, checkEntityId(request.params.entity_id));
      const { views, itemOf } = await readLinked(deps, caller, entity);
      return { statements: views.map(itemOf) };
    },
  });
}

async function readLinked(deps: BankconnectDeps, caller: Caller, session: Session) {
  const { env } = caller;
  const views = await readFiles(deps.intake, env, session);
  const home = { kind: session.kind, id: session.public_id };
  await auditRead(deps, caller, "files.read", { target: `${home.kind}:${home.id}`, count: views.length });
  const now = deps.clock();
  const itemOf = ({ statementId, bankName, password, isKept, accountId }: FileView) => ({
    statement_id: statementId,
    bank_name: bankName,
    pdf_password: password,
    pdf_url: isKept ? deps.statementLinks.urlOf(env.publicId, home, statementId, now) : "",
    account_id: accountId,
  });
  return { views, itemOf };
}

export async function deleteSessionRoute(app: FastifyInstance, deps: BankconnectDeps): Promise<void> {
  ignoreBodies(app);
  onlyMethod(app, DELETE_URL, "DELETE");
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "DELETE",
    url: DELETE_URL,
    onRequest: deps.access.require("both", "ACCESS_DENIED"),
    schema: { ...deleteDescription, params: sessionParams },
    handler: async (request) => {
      const sessionId = checkSessionId(request.params.session_id);
      const { env, actor } = callerOf(request);
      await deleteSession(deps.intake, env, actor, sessionId);
      return { session_id: sessionId, message: "success" as const };
    },
  });
}
