/** `POST statement/upload_session/`: a statement as a file part, a URL or Base64 (§2.3). */
import multipart from "@fastify/multipart";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { readFields } from "../../intake/candidates.ts";
import { checkUploadAllowed, uploadStatement } from "../../intake/uploads.ts";
import { useParsers } from "../parsers.ts";
import { callerOf } from "../keyring.ts";
import { uploaded } from "./bodies.ts";
import { checkSessionId, onlyMethod, type BankconnectDeps } from "./context.ts";
import { CLIENT_KEY, describeRoute } from "./documentation.ts";
import { Refusal } from "./errors.ts";
import { queryFlag } from "./fields.ts";
import { readFile, type Encoding } from "./upload-file.ts";
import { bodyLimitOf, readUploadForm, type UploadForm } from "./upload-form.ts";
import { uploadedBody } from "./views.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The upload's session once it is known to exist: errors name it from then on. */
    uploadSession: string;
  }
}

const URL = "/statement/upload_session/";

const query = z.object({
  identity: queryFlag({ description: "Adds everything from `page_count` on." }),
  progress: queryFlag({ description: "Adds `progress`, the state of each statement of the session." }),
  entity_progress: queryFlag({ description: "Older name of `progress`." }),
});

/** For the documentation; `upload-form.ts` reads it. */
const body = z.object({
  session_id: z.string().meta({
    description: "Of the session that it belongs to.",
    examples: ["bfb98ac5-7224-401b-a643-175235856187"],
  }),
  upload_type: z
    .enum(["PDF", "BASE64"])
    .meta({ description: "`BASE64` where `file` is Base64 text.", examples: ["PDF"] }),
  file: z
    .string()
    .optional()
    .meta({ description: "The file as a part of its own, or as Base64 text.", format: "binary" }),
  file_url: z.string().optional().meta({ description: "A public URL, fetched by the server." }),
  bank_name: z.string().optional().meta({ description: "Bank identifier; must match. Absent: detected." }),
  pdf_password: z.string().optional().meta({ description: "Of an encrypted PDF." }),
  account_category: z.string().optional().meta({ description: "`SAVINGS`, `CURRENT` or `OVERDRAFT`." }),
});

const EXAMPLE = {
  status: 1,
  session_id: "bfb98ac5-7224-401b-a643-175235856187",
  statement_id: "4164bc05-7b3f-4a5c-8e31-ca3c2648ec6b",
  account_id: "814d062e-1c36-409f-9f9c-acb32e7984b0",
  bank_name: "axis",
  masked_account_number: "XXXXXXXX4821",
};

const description = describeRoute({
  id: "uploadStatement",
  summary: "Upload a statement",
  description:
    "One of `file` (a file part, or Base64 text with `upload_type=BASE64`) and `file_url`. PDF, XLSX, CSV, OFX, MT940 or CAMT.053, told by content. Refused uploads leave nothing behind.",
  security: CLIENT_KEY,
  status: 200,
  answer: uploaded,
  answerDescription: "The statement was read and recorded.",
  example: EXAMPLE,
  shape: "upload",
  sample: { field: "upload_type", reason: '"ZIP" is not a valid choice.' },
  consumes: ["multipart/form-data", "application/x-www-form-urlencoded"],
  errors: [
    "SESSION_EXPIRED",
    "MISSING_FILE_OBJECT",
    "NOT_A_FORM",
    "INVALID_FILE_OBJECT",
    "EMPTY_FILE",
    "INVALID_FILE_URL",
    "INVALID_BASE_64",
    "PASSWORD_INCORRECT",
    "PDF_IS_IMAGE",
    "STATEMENT_UNSUPPORTED_FORMAT",
    "STATEMENT_DUPLICATE",
    "OUT_OF_DATE_RANGE",
    "BANK_NAME_UNDETECTED",
    "BANK_NAME_MISMATCH",
    "INVALID_ACCOUNT_CATEGORY",
    "UNKNOWN_BANK_NAME",
    "STATEMENT_TOO_MANY_PAGES",
    "STATEMENT_NO_TRANSACTIONS",
    "UNPARSABLE",
    "EXTRACTION_FAILED",
    "INVALID_REQUEST",
    "INVALID_API_KEY",
    "SESSION_NOT_FOUND",
    "SESSION_DELETED",
  ],
});

export async function uploadRoute(app: FastifyInstance, deps: BankconnectDeps): Promise<void> {
  const { intake, access, maxUploadBytes } = deps;
  useParsers(app, ["form"], bodyLimitOf(maxUploadBytes));
  await app.register(multipart);
  onlyMethod(app, URL, "POST", "upload");
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "POST",
    url: URL,
    config: { shape: "upload", documentedBody: body },
    onRequest: access.require("client", "INVALID_API_KEY"),
    schema: { ...description, querystring: query },
    handler: async (request) => {
      const { env, actor } = callerOf(request);
      const form = await readUploadForm(request, maxUploadBytes);
      const sessionId = await checkSession(request, deps, form);
      const fields = checkFields(form, sessionId);
      const { bytes, name } = await readFile(deps, form, {
        encoding: encodingOf(form),
        fetches: ["http:", "https:"],
      });
      const result = await uploadStatement(intake, env, actor, {
        sessionId,
        bytes,
        fileName: name,
        ...fields,
      });
      const { identity, progress, entity_progress } = request.query;
      return uploadedBody(result, env.settings, {
        identity: identity ?? false,
        progress: progress ?? entity_progress ?? false,
      });
    },
  });
}

async function checkSession(
  request: FastifyRequest,
  deps: BankconnectDeps,
  form: UploadForm,
): Promise<string> {
  const sessionId = checkSessionId(form.fields["session_id"]);
  await checkUploadAllowed(deps.intake, callerOf(request).env, sessionId);
  request.uploadSession = sessionId;
  return sessionId;
}

/** Before the file is decoded or fetched (§9-25); uploadStatement reads them again, with the session's bank. */
function checkFields({ fields }: UploadForm, sessionId: string) {
  const type = fields["upload_type"];
  if (type && !/^(pdf|base64)$/i.test(type)) {
    const reason = `${JSON.stringify(type.slice(0, 50))} is not a valid choice.`;
    throw new Refusal("INVALID_REQUEST", { field: "upload_type", reason });
  }
  const named = {
    bankName: fields["bank_name"] || null,
    accountCategory: fields["account_category"] || null,
  };
  readFields({ sessionId, ...named }, { bank_name: null });
  return { ...named, password: fields["pdf_password"] || null };
}

/** Without upload_type, text can only be Base64. */
function encodingOf({ fields }: UploadForm): Encoding {
  const type = fields["upload_type"];
  if (!type) return "either";
  return /^base64$/i.test(type) ? "base64" : "bytes";
}
