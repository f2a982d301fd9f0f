/** The entity flow's four uploads (reference §5.2): a file or Base64, with the bank named or detected. */
import multipart from "@fastify/multipart";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { findBank } from "../../../intake/banks.ts";
import { createEntity, readEntity, uploadToEntity } from "../../../intake/entities.ts";
import { IntakeError } from "../../../intake/errors.ts";
import type { UploadResult } from "../../../intake/uploads.ts";
import { wireAmount, ymd, accountNumberFor } from "../../../intake/wire.ts";
import type { Environment } from "../../../store/environments.ts";
import { callerOf } from "../../keyring.ts";
import { useParsers } from "../../parsers.ts";
import { uuid } from "../bodies.ts";
import { onlyMethod, type BankconnectDeps } from "../context.ts";
import { CLIENT_KEY, describeRoute } from "../documentation.ts";
import { Refusal } from "../errors.ts";
import { queryFlag } from "../fields.ts";
import { readFile, type Scheme } from "../upload-file.ts";
import { bodyLimitOf, readUploadForm, type UploadForm } from "../upload-form.ts";
import { checkEntityId, DENIED } from "./context.ts";

interface UploadKind {
  url: string;
  id: string;
  summary: string;
  encoding: "either" | "base64";
  /** What `file_url` may begin with. */
  fetches: readonly Scheme[];
  /** `bank_name` is required; else the bank is detected. */
  named: boolean;
}

const UPLOADS: readonly UploadKind[] = [
  {
    url: "/statement/upload/",
    id: "uploadEntityStatement",
    summary: "Upload a statement of a named bank",
    encoding: "either",
    fetches: ["https:"],
    named: true,
  },
  {
    url: "/statement/bankless_upload/",
    id: "uploadEntityStatementBankless",
    summary: "Upload a statement; the bank is detected",
    encoding: "either",
    fetches: ["http:", "https:"],
    named: false,
  },
  {
    url: "/statement/upload_base64/",
    id: "uploadEntityStatementBase64",
    summary: "Upload Base64 of a named bank's statement",
    encoding: "base64",
    fetches: [],
    named: true,
  },
  {
    url: "/statement/bankless_upload_base64/",
    id: "uploadEntityStatementBanklessBase64",
    summary: "Upload Base64; the bank is detected",
    encoding: "base64",
    fetches: [],
    named: false,
  },
];

const query = z.object({
  identity: queryFlag({ description: "Adds everything from `date_range` on." }),
});

const nullableText = z.string().nullable();

const answer = z.object({
  entity_id: uuid,
  statement_id: uuid,
  bank_name: z.string(),
  status: z.literal(1),
  date_range: z.object({ from_date: nullableText, to_date: nullableText }).optional(),
  is_fraud: z.boolean().optional(),
  fraud_type: nullableText.optional(),
  identity: z
    .object({
      account_number: nullableText,
      name: nullableText,
      address: nullableText,
      account_category: z.string(),
      credit_limit: z.number(),
      account_id: uuid,
    })
    .optional(),
});

const EXAMPLE = {
  entity_id: "7a9f1c44-3b55-4c0a-9a53-0e8c2b1d9f10",
  statement_id: "fe49d6a6-1c0e-4e6d-911a-c38b6a4f0d04",
  bank_name: "axis",
  status: 1,
};

const fields = {
  link_id: z
    .string()
    .optional()
    .meta({ description: "Finds the entity, or makes it.", examples: ["customer-0042"] }),
  entity_id: z.string().optional().meta({ description: "Wins over `link_id`." }),
  file: z
    .string()
    .optional()
    .meta({ description: "The file as a part of its own, or as Base64 text.", format: "binary" }),
  file_url: z.string().optional().meta({ description: "A public URL, fetched by the server." }),
  pdf_password: z.string().optional().meta({ description: "Of an encrypted PDF." }),
};
const bankField = z.string().meta({ description: "Bank identifier.", examples: ["axis"] });

/** For the documentation; `upload-form.ts` reads it. */
function documentedBody({ named, fetches }: UploadKind): z.ZodType {
  const all = z.object(named ? { ...fields, bank_name: bankField } : fields);
  return fetches.length > 0 ? all : all.omit({ file_url: true });
}

const ERRORS = [
  "MISSING_FILE_OBJECT",
  "NOT_A_FORM",
  "INVALID_BASE_64",
  "EMPTY_FILE",
  "INVALID_FILE_URL",
  "PASSWORD_INCORRECT",
  "BANK_NAME_MISMATCH",
  "BANK_NAME_UNDETECTED",
  "PDF_IS_IMAGE",
  "STATEMENT_UNSUPPORTED_FORMAT",
  "STATEMENT_TOO_MANY_PAGES",
  "STATEMENT_DUPLICATE",
  DENIED,
  "ENTITY_NOT_FOUND",
] as const;

export async function entityUploadRoutes(app: FastifyInstance, deps: BankconnectDeps): Promise<void> {
  useParsers(app, ["form"], bodyLimitOf(deps.maxUploadBytes));
  await app.register(multipart);
  for (const kind of UPLOADS) {
    onlyMethod(app, kind.url, "POST", "status");
    app.withTypeProvider<ZodTypeProvider>().route({
      method: "POST",
      url: kind.url,
      config: { shape: "status", documentedBody: documentedBody(kind) },
      onRequest: deps.access.require("client", DENIED),
      schema: { ...descriptionOf(kind), querystring: query },
      handler: async (request) => {
        const result = await upload(request, deps, kind);
        return uploadedBody(result, callerOf(request).env, request.query.identity ?? false);
      },
    });
  }
}

const descriptionOf = ({ id, summary }: UploadKind) =>
  describeRoute({
    id,
    summary,
    description:
      "`status` 1: read and recorded. Refused: 0 names a field; 3 wrong password, 4 another bank, 5 bank not detected, " +
      "6 not parsable, 7 no statement. The same bytes again answer what they did the first time.",
    flow: "entities",
    security: CLIENT_KEY,
    status: 200,
    answer,
    answerDescription: "The statement was read and recorded.",
    example: EXAMPLE,
    shape: "status",
    consumes: ["multipart/form-data", "application/x-www-form-urlencoded"],
    errors: ERRORS,
  });

async function upload(
  request: FastifyRequest,
  deps: BankconnectDeps,
  kind: UploadKind,
): Promise<UploadResult> {
  const { env, actor } = callerOf(request);
  const form = await readUploadForm(request, deps.maxUploadBytes);
  // Whether it is there comes first, making one last: a file that is missing makes no entity (§9-25).
  const known = await knownId(request, deps, form);
  const bankName = kind.named ? namedBank(form) : null;
  const linkId = form.fields["link_id"] ? checkLinkId(form.fields["link_id"]) : null;
  const file = await readFile(deps, form, kind);
  const entityId = known ?? (await createEntity(deps.intake, env, actor, { linkId })).entityId;
  request.uploadSession = entityId;
  const wanted = {
    entityId,
    bytes: file.bytes,
    fileName: file.name,
    password: form.fields["pdf_password"] || null,
    bankName,
  };
  try {
    return await uploadToEntity(deps.intake, env, actor, wanted);
  } catch (error) {
    // Detection runs before the text layer is looked at (§5.4): of a picture no bank can be told.
    if (!kind.named && error instanceof IntakeError && error.code === "PDF_IS_IMAGE")
      throw new Refusal("BANK_NAME_UNDETECTED");
    throw error;
  }
}

/** Clients look for the key `bank_name` to tell an identifier that is not valid (§5.4). */
function namedBank({ fields: { bank_name: bank } }: UploadForm): string {
  if (!bank) throw new Refusal("INVALID_REQUEST", { field: "bank_name", reason: "This field is required." });
  if (findBank(bank) === null)
    throw new Refusal("INVALID_REQUEST", {
      field: "bank_name",
      reason: `"${bank.slice(0, 50)}" is not a valid choice.`,
    });
  return bank;
}

/** Null where none is named. Throws ENTITY_NOT_FOUND. */
async function knownId(
  request: FastifyRequest,
  { intake }: BankconnectDeps,
  { fields: { entity_id: id } }: UploadForm,
): Promise<string | null> {
  if (!id) return null;
  return (await readEntity(intake, callerOf(request).env, checkEntityId(id))).entityId;
}

function checkLinkId(linkId: string): string {
  const fault = (reason: string) => new Refusal("INVALID_REQUEST", { field: "link_id", reason });
  if (linkId.includes("\0") || !linkId.isWellFormed()) throw fault("Not a valid string.");
  if (Array.from(linkId).length > 500) throw fault("Ensure this field has no more than 500 characters.");
  return linkId;
}

function uploadedBody(result: UploadResult, env: Environment, withIdentity: boolean) {
  const { dateRange, identity, currency } = result;
  const known = {
    entity_id: result.sessionId,
    statement_id: result.statementId,
    bank_name: result.bankName,
    status: 1 as const,
  };
  if (!withIdentity) return known;
  return {
    ...known,
    date_range: { from_date: dateRange && ymd(dateRange.from), to_date: dateRange && ymd(dateRange.to) },
    is_fraud: result.isFraud,
    fraud_type: result.fraudType,
    identity: {
      account_number: accountNumberFor(env.settings, identity.accountNumber),
      name: identity.name,
      address: identity.address,
      account_category: identity.accountCategory,
      credit_limit: wireAmount(identity.creditLimit, currency) ?? 0,
      account_id: identity.accountId,
    },
  };
}
