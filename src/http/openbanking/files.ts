/** Logos: PNG, JPEG, WebP or GIF by content (an SVG is a document that may hold scripts), at most 512 kB. */
import { text as readStream } from "node:stream/consumers";
import multipart from "@fastify/multipart";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { imageType } from "../../connect/images.ts";
import { seconds } from "../../events/envelope.ts";
import { sha256 } from "../../platform/crypto.ts";
import { cleanFileName } from "../bankconnect/upload-form.ts";
import { recordAudit } from "../../store/audit.ts";
import { findFile, insertFile, type FileFacts } from "../../store/templates.ts";
import { inTransaction } from "../../store/transaction.ts";
import { callerOf } from "../keyring.ts";
import { found, idParams, instant, type OpenbankingDeps } from "./context.ts";
import { describeRoute, TAGS } from "./documentation.ts";
import { OpenBankingError } from "./errors.ts";
import { keepInTransaction } from "./idempotency.ts";

const MOST_BYTES = 512 * 1024;

const fileView = z.object({
  id: z.string(),
  object: z.literal("file"),
  created_at: instant,
  file_name: z.string(),
  content_type: z.string(),
  size: z.int(),
});

const FILE_ID = "file_1Bq8Zs4Xw7Lm0Tv9Kd3PfR";
const fileExample = {
  id: FILE_ID,
  object: "file",
  created_at: "2026-01-30T12:44:55Z",
  file_name: "logo.png",
  content_type: "image/png",
  size: 5120,
};

const viewed = (row: FileFacts) => ({
  id: row.public_id,
  object: "file" as const,
  created_at: seconds(row.created_at),
  file_name: row.file_name,
  content_type: row.content_type,
  size: row.size,
});

interface Sent {
  name: string;
  bytes: Buffer;
}

/** Read before validation, so that `Idempotency-Key` sees what was sent: the hash stands for the bytes. */
const sentFiles = new WeakMap<FastifyRequest, Sent>();

export async function fileRoutes(app: FastifyInstance, deps: OpenbankingDeps): Promise<void> {
  await app.register(async (scope) => {
    await scope.register(multipart, { limits: { fileSize: MOST_BYTES, files: 1, fields: 8, parts: 9 } });
    uploadRoute(scope, deps);
  });
  readRoute(app, deps);
  contentRoute(app, deps);
}

async function readSent(request: FastifyRequest): Promise<void> {
  if (!request.isMultipart()) {
    throw new OpenBankingError("unsupported_media_type", {
      message: "Send multipart/form-data with a `file`.",
    });
  }
  let sent: Sent | null = null;
  for await (const part of request.parts()) {
    if (part.type === "field") continue;
    const isFirst = part.fieldname === "file" && sent === null;
    if (isFirst) sent = { name: cleanFileName(part.filename), bytes: await part.toBuffer() };
    else await readStream(part.file);
  }
  if (!sent)
    throw new OpenBankingError("missing_parameter", { param: "file", message: "`file` is missing." });
  sentFiles.set(request, sent);
  request.body = { name: sent.name, sha256: sha256(sent.bytes).toString("hex") };
}

function uploadRoute(app: FastifyInstance, { db, clock }: OpenbankingDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "POST",
    url: "/files",
    schema: {
      ...describeRoute({
        id: "createFile",
        tag: TAGS.consents,
        summary: "Upload a logo",
        description:
          "`multipart/form-data` with `file`: PNG, JPEG, WebP or GIF by its content, at most 512 kB.",
        answer: fileView,
        answerDescription: "The file; its id is what a template's `file` takes.",
        example: fileExample,
        errors: ["missing_parameter", "body_too_large", "unsupported_media_type", "idempotency_conflict"],
      }),
      consumes: ["multipart/form-data"],
    },
    preValidation: readSent,
    handler: async (request) => {
      const { env, actor } = callerOf(request);
      const sent = sentFiles.get(request);
      const contentType = sent ? imageType(sent.bytes) : null;
      if (!sent || !contentType) {
        throw new OpenBankingError("invalid_parameter", {
          param: "file",
          message: "`file` is not a PNG, JPEG, WebP or GIF image.",
        });
      }
      return inTransaction(db, async ({ trx }) => {
        const at = clock();
        const file = { env_id: env.id, file_name: sent.name, content_type: contentType, bytes: sent.bytes };
        const answer = viewed(await insertFile(trx, { ...file, created_at: at }));
        const target = `file:${answer.id}`;
        await recordAudit(trx, { envId: env.id, at, actor, action: "file.create", target });
        await keepInTransaction(trx, request, answer);
        return answer;
      });
    },
  });
}

function readRoute(app: FastifyInstance, { db }: OpenbankingDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "GET",
    url: "/files/:id",
    schema: {
      ...describeRoute({
        id: "getFile",
        tag: TAGS.consents,
        summary: "What a file is",
        description: "Its bytes are at `/files/{id}/content`.",
        answer: fileView,
        answerDescription: "The file.",
        example: fileExample,
        errors: ["resource_missing"],
      }),
      params: idParams("The file's id.", FILE_ID),
    },
    handler: async (request) => {
      const { bytes, ...row } = found(await findFile(db, callerOf(request).env.id, request.params.id));
      return viewed({ ...row, size: bytes.length });
    },
  });
}

function contentRoute(app: FastifyInstance, { db }: OpenbankingDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "GET",
    url: "/files/:id/content",
    schema: { params: idParams("The file's id.", FILE_ID), hide: true },
    handler: async (request, reply) => {
      const file = found(await findFile(db, callerOf(request).env.id, request.params.id));
      return reply.type(file.content_type).send(file.bytes);
    },
  });
}
