/**
 * Files that a signed link opens. Whoever has the link needs no key, so what is wrong with one is never told: forged,
 * expired, of a deleted session, all answer as a path that is not there.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { Kysely } from "kysely";
import { z } from "zod";
import type { Intake } from "../intake/context.ts";
import { IntakeError } from "../intake/errors.ts";
import { readReport, type Report } from "../intake/reports.ts";
import type { Clock } from "../platform/clock.ts";
import type { LinkSigner } from "../platform/signed-links.ts";
import { recordAudit } from "../store/audit.ts";
import { findEnvironmentId } from "../store/environments.ts";
import type { Schema } from "../store/schema.ts";
import { loadRules, type Rules } from "../store/sessions.ts";
import { OpenBankingError } from "./openbanking/errors.ts";
import { AGGREGATE, reportPath, REPORTS_PATH } from "./report-links.ts";
import { connectionOf, isSecure, type IsTrusted } from "./transport.ts";

export interface FilesDeps {
  db: Kysely<Schema>;
  clock: Clock;
  intake: Intake;
  links: LinkSigner;
  isTrusted: IsTrusted;
}

const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

const params = z.object({ env: z.string(), session_id: z.string(), report: z.string() });
export const linkQuery = z
  .object({ expires: z.string().optional(), signature: z.string().optional() })
  .catch({});

/** A link is worth one person's clicks; a report costs a fifth of a second of this process, a large file a tenth. */
const DOWNLOADS_PER_MINUTE = 30;

/** For links whose signature is right. Throws OpenBankingError rate_limited. */
export function limitDownloads(app: FastifyInstance): (request: FastifyRequest) => Promise<void> {
  const usage = app.createRateLimit({
    max: DOWNLOADS_PER_MINUTE,
    timeWindow: 60_000,
    // Not the URL, which can be written in many ways.
    keyGenerator: ({ params }) => Object.values(z.record(z.string(), z.string()).parse(params)).join("/"),
  });
  return async (request) => {
    const limit = await usage(request);
    if (!limit.isAllowed && limit.isExceeded)
      throw new OpenBankingError("rate_limited", { retryAfter: limit.ttlInSeconds });
  };
}

export function fileRoutes(app: FastifyInstance, deps: FilesDeps): void {
  const { links, clock } = deps;
  const checkLimit = limitDownloads(app);
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "GET",
    url: `${REPORTS_PATH}/:env/:session_id/:report`,
    schema: { params, querystring: linkQuery, hide: true },
    onRequest: openLink(deps),
    handler: async (request, reply) => {
      const { env, session_id, report } = request.params;
      const [name = "", ...rest] = report.split(".xlsx");
      const path = reportPath(env, session_id, name);
      const isWhole = rest.length === 1 && rest[0] === "";
      if (!isWhole || !links.verify({ env, path }, request.query, clock()))
        throw new OpenBankingError("resource_missing");
      await checkLimit(request);
      const { fileName, bytes } = await download(deps, { env, sessionId: session_id, name });
      return reply
        .type(XLSX)
        .header("content-disposition", `attachment; filename="${fileName}"`)
        .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    },
  });
}

/** Before anything can fail: a link's answers belong in no cache and no Referer. */
export const openLink =
  ({ isTrusted }: Pick<FilesDeps, "isTrusted">) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    reply.header("cache-control", "no-store").header("referrer-policy", "no-referrer");
    if (!isSecure(connectionOf(request), isTrusted)) throw new OpenBankingError("https_required");
  };

interface Asked {
  env: string;
  sessionId: string;
  /** An account's id, or AGGREGATE. */
  name: string;
}

async function download({ db, clock, intake }: FilesDeps, { env, sessionId, name }: Asked): Promise<Report> {
  const envId = await findEnvironmentId(db, env);
  if (envId === null) throw new OpenBankingError("resource_missing");
  const report = await reportOf(intake, await loadRules(db, envId), sessionId, name);
  await recordAudit(db, {
    envId,
    at: clock(),
    actor: "signed_link",
    action: "report.download",
    target: report.resource,
    detail: { report: name, bytes: report.bytes.byteLength },
  });
  return report;
}

async function reportOf(intake: Intake, rules: Rules, sessionId: string, name: string): Promise<Report> {
  try {
    const report = await readReport(intake, rules, sessionId, name === AGGREGATE ? null : name);
    if (report) return report;
  } catch (error) {
    // Deleted since the link was made.
    if (!(error instanceof IntakeError)) throw error;
  }
  throw new OpenBankingError("resource_missing");
}
